/**
 * Starting a behaviour: a new process runs its init while the starter waits for the outcome, as
 * in `proc_lib`. The starter hears of a good start at once; a failed one it hears of when the new
 * process has ended, so that its name is free again and nothing of it is left. Rules V10 to V20.
 *
 * While it waits the starter watches the new process without a row in the trace, as a caller
 * watches its server: that it was killed in its init is told by a DOWN, like any other failure.
 */
import {
  CoPromise,
  copy,
  type Envelope,
  ErlangError,
  Exit,
  microseconds,
  type Pid,
  type Process,
  type Ref,
  SIGNAL,
} from "../kernel/index.ts";
import { checkMs, here } from "./here.ts";
import { freeName, holderOf, type ServerName, takeName } from "./naming.ts";
import { Crashed, caught, isPromise } from "./result.ts";

/** What can be started: what `genServer`, `genStatem` and their kin make. */
export interface Definition {
  readonly kind: string;
  /** Turns the running process into the behaviour, and tells `starting` how that went. @internal */
  readonly begin: (args: readonly unknown[], starting: Starting) => unknown;
}

/** How a behaviour is started. */
export interface StartOptions {
  /** Registers it under this name on its node, or on all nodes. */
  readonly name?: ServerName;
  /** Milliseconds that its init may take; then it is killed. Default Infinity. */
  readonly timeout?: number;
}

export type StartResult = readonly ["ok", Pid] | readonly ["error", unknown] | "ignore";

/** What `startMonitor` gives: the pid comes with the reference under which its end is told. */
export type StartMonitorResult =
  | readonly ["ok", readonly [Pid, Ref]]
  | readonly ["error", unknown]
  | "ignore";

/** How a new process and its starter are tied. */
type Tie = "link" | "monitor" | "none";

/** Starts a behaviour and waits until its init has returned; linked with the caller. `gen_server:start_link/3,4`. */
export function startLink(
  definition: Definition,
  args: readonly unknown[] = [],
  options: StartOptions = {},
): Promise<StartResult> {
  return startFrom(here(), definition, args, options, "link") as CoPromise<StartResult>;
}

/** As `startLink`, without the link. `gen_server:start/3,4`. */
export function start(
  definition: Definition,
  args: readonly unknown[] = [],
  options: StartOptions = {},
): Promise<StartResult> {
  return startFrom(here(), definition, args, options, "none") as CoPromise<StartResult>;
}

/** As `start`, and watches it: gives `["ok", [pid, ref]]`. `gen_server:start_monitor/3,4`. */
export function startMonitor(
  definition: Definition,
  args: readonly unknown[] = [],
  options: StartOptions = {},
): Promise<StartMonitorResult> {
  return startFrom(here(), definition, args, options, "monitor") as CoPromise<StartMonitorResult>;
}

/** True for what can be started; learner modules are told apart from functions by it. */
export function isDefinition(value: unknown): value is Definition {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<Definition>).begin === "function" &&
    typeof (value as Partial<Definition>).kind === "string"
  );
}

/** The body of a process that the scenario makes a behaviour: nobody waits for its init. */
export function definitionBody(definition: Definition, args: readonly unknown[]): () => unknown {
  return () => definition.begin(args, new Starting(undefined));
}

function startFrom(
  parent: Process,
  definition: Definition,
  args: readonly unknown[],
  options: StartOptions,
  tie: Tie,
): CoPromise<unknown> {
  if (!isDefinition(definition)) {
    throw new ErlangError(
      "badarg",
      `what is started must be made by genServer, genStatem or supervisor, not a ${typeof definition}`,
    );
  }
  const timeout = checkMs(options.timeout ?? Number.POSITIVE_INFINITY, "the start's timeout");
  const { node } = parent;
  const { name } = options;
  const copied = copy(args).value as readonly unknown[];
  const holder = name === undefined ? undefined : holderOf(parent, name);
  if (holder !== undefined) return CoPromise.resolve(["error", ["already_started", holder]]);
  const starting = new Starting({ parent, tie });
  const body = () => beginNamed(definition, copied, starting, name);
  const { process } = node.spawn(body, {
    parent,
    link: tie === "link",
    label: LABELS[definition.kind] ?? definition.kind,
    ...(typeof name === "string" ? { name } : undefined),
  });
  return starting.wait(process, timeout);
}

/** What pictures call a process of each kind that has no name. */
const LABELS: Readonly<Record<string, string>> = { genServer: "server", genStatem: "statem" };

/** Takes the name, then begins. Without the name the process ends and has run no init. */
function beginNamed(
  definition: Definition,
  args: readonly unknown[],
  starting: Starting,
  name: ServerName | undefined,
): unknown {
  if (name === undefined || typeof name === "string") return definition.begin(args, starting);
  const process = here();
  const beginIf = (isTaken: boolean) => {
    if (isTaken) return freeIfItFails(process, name, () => definition.begin(args, starting));
    return starting.refuse(["error", ["already_started", holderOf(process, name)]]);
  };
  const isTaken = takeName(process, name);
  return isPromise(isTaken) ? isTaken.then(beginIf) : beginIf(isTaken);
}

/** When the beginning fails, the name is free before the process has ended. */
function freeIfItFails(process: Process, name: ServerName, begin: () => unknown): unknown {
  const free = (thrown: unknown): never => {
    if (process.alive) freeName(name);
    throw thrown;
  };
  try {
    const result = begin();
    return isPromise(result) ? result.then(undefined, free) : result;
  } catch (thrown) {
    return free(thrown);
  }
}

/** A start under way, as the new process sees it. */
export class Starting {
  readonly #starter: { readonly parent: Process; readonly tie: Tie } | undefined;
  /** What a start gives that ends without an error: set before the new process exits. */
  #refusal: unknown;
  #resolve: ((result: unknown) => void) | undefined;
  #ref: Ref | undefined;

  /** Without a starter nobody waits. */
  constructor(starter: { readonly parent: Process; readonly tie: Tie } | undefined) {
    this.#starter = starter;
  }

  /**
   * Whose exit message ends the new process by its `terminate`: the starter's, when the two are
   * tied, else its own. As in OTP, where a process started without a tie is its own parent.
   */
  get parent(): Pid {
    const isTied = this.#starter !== undefined && this.#starter.tie !== "none";
    return isTied ? this.#starter.parent.pid : here().pid;
  }

  /** Init has returned: the starter goes on. Called by the new process. `proc_lib:init_ack/2`. */
  succeed(): void {
    if (this.#starter === undefined || this.#ref === undefined) return;
    const process = here();
    const { parent, tie } = this.#starter;
    const { node } = parent;
    const ref = this.#ref;
    node.answered(process, ref);
    const told = tie === "monitor" ? [process.pid, node.monitor(parent, process.pid)] : process.pid;
    node.wake(parent, () => {
      node.endCall(parent, ref, false);
      node.endWait(parent);
      this.#resolve?.(["ok", told]);
    });
  }

  /** Ends the new process, normally unless `thrown` says otherwise, and lets the start give `result`. `proc_lib:init_fail/3`. */
  refuse(result: unknown, thrown: unknown = new Exit("normal")): never {
    this.#refusal = result;
    throw thrown;
  }

  /** Waits for the outcome, in the starter. */
  wait(process: Process, timeoutMs: number): CoPromise<unknown> {
    const { parent } = this.#starter as { readonly parent: Process };
    const { node } = parent;
    const { promise, resolve } = CoPromise.withResolvers<unknown>();
    const ref = node.expect(parent, process);
    this.#resolve = resolve;
    this.#ref = ref;
    const afterUs = Number.isFinite(timeoutMs) ? microseconds(timeoutMs) : undefined;
    node.receive(parent, { kind: "ref", ref }, afterUs).then((envelope) => {
      node.endCall(parent, ref, false);
      if (envelope === undefined) giveUp(parent, process, ref);
      const result = envelope === undefined ? TIMED_OUT : (this.#refusal ?? failure(envelope));
      flushExit(parent, process.pid);
      resolve(result);
    });
    return promise;
  }
}

const TIMED_OUT = ["error", "timeout"] as const;

function failure(envelope: Envelope): readonly ["error", unknown] {
  return ["error", (envelope.body as { readonly reason: unknown }).reason];
}

/** The start took too long: the new process is killed. The link goes first, or it would kill the starter. */
function giveUp(parent: Process, process: Process, ref: Ref): void {
  const { node } = parent;
  node.answered(process, ref);
  node.unlink(parent, process.pid);
  node.exitSignal(parent, process.pid, "kill");
}

/** Takes out the exit message of a start that failed: the starter is told by what the start gives. */
function flushExit(parent: Process, pid: Pid): void {
  parent.node.dropMessages(parent, ({ signal, body }) => {
    return signal === SIGNAL.exit && (body as { readonly from: Pid }).from === pid;
  });
}

/**
 * Runs an init and goes on with what it returned, now or later. A thrown value is its result; an
 * error or an exit ends the process, and `refuse` may say what the start gives then.
 */
export function runInit(
  init: () => unknown,
  goOn: (result: unknown) => unknown,
  refuse: (thrown: unknown) => never = rethrow,
): unknown {
  const goOnUnlessCrashed = (result: unknown) =>
    result instanceof Crashed ? refuse(result.thrown) : goOn(result);
  let result: unknown;
  try {
    result = init();
  } catch (thrown) {
    result = caught(thrown);
  }
  if (!isPromise(result)) return goOnUnlessCrashed(result);
  return result.then(goOn, (thrown: unknown) => goOnUnlessCrashed(caught(thrown)));
}

function rethrow(thrown: unknown): never {
  throw thrown;
}
