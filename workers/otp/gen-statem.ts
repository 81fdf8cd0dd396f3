/**
 * gen_statem: a process that is always in one of several states, and handles each event in a way
 * that depends on it. Events that the state has no use for are postponed until it changes;
 * time-outs can belong to a state, to the next event, or have names of their own.
 *
 * What it is written with is in `statem-module.ts`; what runs it, in `statem-loop.ts`. Rules in
 * SPEC.md, letter Y.
 */
import { Exit } from "../kernel/index.ts";
import { here } from "./here.ts";
import { plain } from "./result.ts";
import { type Definition, runInit, type Starting } from "./start.ts";
import { bareReason, StatemLoop } from "./statem-loop.ts";
import type {
  AnyStatemCallbacks,
  CallbackMode,
  StatemCallbacks,
  StatemModule,
} from "./statem-module.ts";

/** A state machine's module, made by `genStatem`; started by `startLink`, `start`, or a scenario. */
export interface GenStatem<State = unknown, Data = unknown> extends Definition {
  readonly kind: "genStatem";
  readonly callbacks: StatemCallbacks<State, Data>;
  /** The callbacks, read. @internal */
  readonly module: StatemModule;
}

/**
 * Makes a state machine out of its callbacks. It is called, cast to and stopped as a genServer is,
 * and starts with an `init` that gives `["ok", state, data]`. `-behaviour(gen_statem)`.
 */
export function genStatem<State = string, Data = unknown>(
  callbacks: StatemCallbacks<State, Data>,
): GenStatem<State, Data> {
  if (typeof callbacks?.init !== "function") throw new Error("genStatem needs the callback init");
  const { mode, hasEnter } = modeOf(callbacks.callbackMode, callbacks.states !== undefined);
  if (mode === "stateFunctions" && typeof callbacks.states !== "object")
    throw new Error("genStatem with stateFunctions needs states: one function for each state");
  if (mode === "handleEventFunction" && typeof callbacks.handleEvent !== "function")
    throw new Error("genStatem needs states, or the callback handleEvent");
  const own = callbacks as unknown as AnyStatemCallbacks;
  const module: StatemModule = { callbacks: own, hasStates: mode === "stateFunctions", hasEnter };
  return {
    kind: "genStatem",
    callbacks,
    module,
    begin: (args, starting) => begin(module, args, starting),
  };
}

function modeOf(given: CallbackMode | undefined, hasStates: boolean) {
  const [mode, enter] = typeof given === "string" ? [given] : (given ?? []);
  if (enter !== undefined && enter !== "stateEnter")
    throw new Error(`a callback mode may be followed by "stateEnter", not ${String(enter)}`);
  const byDefault = hasStates ? "stateFunctions" : "handleEventFunction";
  return { mode: mode ?? byDefault, hasEnter: enter === "stateEnter" } as const;
}

function begin(module: StatemModule, args: readonly unknown[], starting: Starting): unknown {
  const process = here();
  const goOn = (result: unknown) => {
    const [, state, data, actions] = checkInit(result, starting);
    const loop = new StatemLoop(process, module, starting.parent, state, data);
    process.node.become(process, (envelope) => loop.handle(envelope));
    process.stateOf = () => loop.getState();
    starting.succeed();
    loop.begin(actions ?? []);
  };
  const init = () => module.callbacks.init(...(args as never[]));
  return runInit(init, goOn, (thrown) => starting.refuse(["error", bareReason(thrown)], thrown));
}

type Begun = readonly ["ok", state: unknown, data: unknown, actions?: unknown];

/** Lets init's good result through; with any other the process ends. */
function checkInit(result: unknown, starting: Starting): Begun {
  if (result === "ignore") starting.refuse("ignore");
  if (Array.isArray(result)) {
    if (result[0] === "stop" && result.length === 2) throw new Exit(result[1]);
    if (result[0] === "error" && result.length === 2) starting.refuse(result);
    if (result[0] === "ok" && (result.length === 3 || result.length === 4))
      return result as unknown as Begun;
  }
  throw new Exit(["bad_return_from_init", plain(result)]);
}
