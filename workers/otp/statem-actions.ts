/** The actions of a state machine's results, read into a transition. Rules in SPEC.md, letter Y. */
import { ErlangError, isPid } from "../kernel/index.ts";
import { plain } from "./result.ts";
import type { StatemEvent, TimeoutRequest } from "./statem-events.ts";

/** What actions are gathered into. */
export interface ActionSink {
  isPostponed: boolean;
  /** False in the callback that tells a state's entry: it has no event to postpone, and cannot make one. */
  readonly isEventCall: boolean;
  readonly nextEvents: StatemEvent[];
  readonly timeouts: TimeoutRequest[];
}

/**
 * Reads actions in order; replies are sent at once. Throws the error that ends the machine for
 * what is no action, or none that may be used here.
 */
export function readActions(
  actions: readonly unknown[],
  sink: ActionSink,
  reply: (from: unknown, value: unknown) => void,
): void {
  for (const action of actions) read(action, sink, reply);
}

/**
 * A list of actions, or one action alone. A single action that is a tuple looks like a list: it is
 * told by its first element, since no list of actions begins with the name of one that has more.
 */
export function listOf(actions: unknown): readonly unknown[] {
  if (actions === undefined) return [];
  if (!Array.isArray(actions)) return [actions];
  return isTuple(actions) ? [actions] : actions;
}

const TUPLES: ReadonlySet<unknown> = new Set(["reply", "nextEvent", "timeout", "stateTimeout"]);

function isTuple(actions: readonly unknown[]): boolean {
  const [first, second] = actions;
  if (TUPLES.has(first)) return true;
  if (first === "postpone" || first === "hibernate") return typeof second === "boolean";
  // A named time-out, [["timeout", name], time, …]; but ["timeout", "cancel"] first in a list is an action.
  if (!isNamed(first) || first[1] === "cancel") return false;
  return actions.length > 2 || second === "cancel";
}

function isNamed(type: unknown): type is readonly ["timeout", unknown] {
  return Array.isArray(type) && type.length === 2 && type[0] === "timeout";
}

function read(
  action: unknown,
  sink: ActionSink,
  reply: (from: unknown, value: unknown) => void,
): void {
  if (action === "hibernate") return;
  if (action === "postpone") return postpone(action, sink);
  if (typeof action === "number") return timeout(["timeout", action, action], sink);
  if (!Array.isArray(action)) throw badAction(action);
  const [word, first, second] = action as readonly unknown[];
  if (word === "reply" && action.length === 3) {
    if (!isPid((first as { readonly pid?: unknown } | null)?.pid)) throw badAction(action);
    reply(first, second);
    return;
  }
  if (word === "hibernate" && typeof first === "boolean") return;
  if (word === "postpone" && typeof first === "boolean") {
    if (first) postpone(action, sink);
    else sink.isPostponed = false;
  } else if (word === "nextEvent" && action.length === 3) {
    nextEvent(first, second, sink);
  } else {
    timeout(action, sink);
  }
}

function postpone(action: unknown, sink: ActionSink): void {
  if (!sink.isEventCall) throw badEnterAction(action);
  sink.isPostponed = true;
}

function nextEvent(type: unknown, content: unknown, sink: ActionSink): void {
  const action = ["nextEvent", type, content];
  if (!sink.isEventCall) throw badEnterAction(action);
  const isCall = Array.isArray(type) && type.length === 2 && type[0] === "call";
  if (!isCall && !isTimeoutType(type) && !["cast", "info", "internal"].includes(type as string))
    throw badAction(action);
  sink.nextEvents.push({ type, content });
}

function isTimeoutType(type: unknown): boolean {
  return type === "timeout" || type === "stateTimeout" || isNamed(type);
}

function timeout(action: readonly unknown[], sink: ActionSink): void {
  const [type, time, content, options] = action;
  if (!isTimeoutType(type)) throw badAction(action);
  if (action.length === 2 && time === "cancel") {
    const never = Number.POSITIVE_INFINITY;
    sink.timeouts.push({ type, time: never, content: undefined, isAbsolute: false });
    return;
  }
  const isAbsolute = (options as { readonly abs?: boolean } | undefined)?.abs === true;
  const isTime = typeof time === "number" && (time >= 0 || (isAbsolute && !Number.isNaN(time)));
  const isUpdate = time === "update" && action.length === 3;
  if (action.length < 3 || action.length > 4 || !(isTime || isUpdate)) throw badAction(action);
  sink.timeouts.push({ type, time: time as number | "update", content, isAbsolute });
}

function badAction(action: unknown): ErlangError {
  return new ErlangError(
    ["bad_action_from_state_function", plain(action)],
    `${JSON.stringify(action)} is no action of a state machine`,
  );
}

function badEnterAction(action: unknown): ErlangError {
  return new ErlangError(
    ["bad_state_enter_action_from_state_function", plain(action)],
    "when a state is entered there is no event to postpone, and none can be made",
  );
}
