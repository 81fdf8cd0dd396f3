/** Looking into a running behaviour, changing its state, and holding it. `sys`. Rules V40 to V44. */
import {
  type CoPromise,
  type Destination,
  ErlangError,
  Exit,
  isPid,
  microseconds,
  type Process,
  type Ref,
} from "../kernel/index.ts";
import { nodeOfAddress } from "../kernel/names.ts";
import { checkMs, here, steps, wait } from "./here.ts";
import { isOneself, locate, type ServerRef } from "./naming.ts";
import { isReply, reasonIn, replyIn } from "./requests.ts";
import type { Definition } from "./start.ts";
import { keepFunction, type SystemRequest, takeFunction } from "./system.ts";

/** OTP's default: a system message is waited for 5,000 ms. */
const SYSTEM_TIMEOUT_MS = 5000;

/** The state of a behaviour; of a genStatem `[state, data]`. `sys:get_state/1,2`. */
function getState<State = unknown>(dest: ServerRef, timeoutMs?: number): Promise<State> {
  return ask("get_state", dest, "get_state", timeoutMs).then(stateIn<State>);
}

/**
 * Gives a behaviour the state that `change` makes of its own, and returns the new one. `change`
 * runs in the behaviour; when it throws, the state stays and the caller gets an error. To a
 * behaviour of another node it must be an exported function. `sys:replace_state/2,3`.
 */
function replaceState<State = unknown>(
  dest: ServerRef,
  change: (state: State) => State,
  timeoutMs?: number,
): Promise<State> {
  return ask("replace_state", dest, ["replace_state", change], timeoutMs).then(stateIn<State>);
}

/** Holds a behaviour: until `resume` it handles system messages only, all others wait in its mailbox. `sys:suspend/1,2`. */
function suspend(dest: ServerRef, timeoutMs?: number): Promise<"ok"> {
  return ask("suspend", dest, "suspend", timeoutMs) as Promise<"ok">;
}

/** Lets a suspended behaviour go on. `sys:resume/1,2`. */
function resume(dest: ServerRef, timeoutMs?: number): Promise<"ok"> {
  return ask("resume", dest, "resume", timeoutMs) as Promise<"ok">;
}

/**
 * Gives a suspended behaviour another module to go on with: an exported one of its kind, whose
 * `codeChange(oldVsn, state, extra)` makes the new state. `"ok"`, or `["error", reason]` and all
 * stays as it was. `sys:change_code/4,5`.
 */
function changeCode(
  dest: ServerRef,
  module: Definition,
  oldVsn: unknown,
  extra: unknown = [],
  timeoutMs?: number,
): Promise<"ok" | readonly ["error", unknown]> {
  const request = ["change_code", module, oldVsn, extra] as const;
  return ask("change_code", dest, request, timeoutMs) as Promise<
    "ok" | readonly ["error", unknown]
  >;
}

/**
 * Changes the module of a running behaviour without losing its mailbox or its pid: suspend, change
 * code, resume. `oldVsn` is what the new module's `codeChange` is told. What a release upgrade does.
 */
export function hotUpgrade(
  dest: ServerRef,
  module: Definition,
  oldVsn: unknown = "1",
  extra: unknown = [],
): Promise<"ok" | readonly ["error", unknown]> {
  return steps(function* () {
    yield* wait(suspend(dest));
    const result = yield* wait(changeCode(dest, module, oldVsn, extra));
    yield* wait(resume(dest));
    return result;
  }) as Promise<"ok" | readonly ["error", unknown]>;
}

/** System messages to behaviours. Callers exit with `[reason, ["sys", function, [dest]]]` when nobody answers in 5,000 ms. */
export const sys = { getState, replaceState, suspend, resume, changeCode } as const;

function ask(
  name: string,
  dest: ServerRef,
  request: SystemRequest,
  timeoutMs: number | undefined,
): Promise<unknown> {
  const timeout = checkMs(timeoutMs ?? SYSTEM_TIMEOUT_MS, "the timeout of a system message");
  const args = timeoutMs === undefined ? [dest] : [dest, shownMs(timeout)];
  return askSystem(dest, request, timeout, ["sys", name, args]);
}

/**
 * Sends a system message and waits for its answer. When none comes the caller exits with the
 * reason and `asked`.
 */
export function askSystem(
  dest: ServerRef,
  request: SystemRequest,
  timeoutMs: number,
  asked: readonly unknown[],
): CoPromise<unknown> {
  const process = here();
  const { node } = process;
  const target = locate(dest);
  if (target === undefined) throw new Exit(["noproc", asked]);
  if (isOneself(process, target)) throw new Exit(["calling_self", asked]);
  const { ref, id } = node.beginCall(process, target);
  const message = ["system", { pid: process.pid, ref }, sendable(process, target, ref, request)];
  node.send(process, target, message, { ref, caller: process.pid, id });
  const afterUs = Number.isFinite(timeoutMs) ? microseconds(timeoutMs) : undefined;
  return node.receive(process, { kind: "ref", ref }, afterUs).then((envelope) => {
    node.endCall(process, ref, envelope === undefined);
    takeFunction(process, ref);
    if (envelope === undefined) throw new Exit(["timeout", asked]);
    if (isReply(envelope)) return replyIn(envelope);
    const reason = reasonIn(envelope);
    throw new Exit([reason === "noconnection" ? ["nodedown", nodeOf(target)] : reason, asked]);
  });
}

function nodeOf(target: Destination): string | undefined {
  return typeof target === "string" ? nodeOfAddress(target) : target.node;
}

/** The request as a message may carry it: on one node a function is kept for it under its reference. */
function sendable(
  process: Process,
  target: Destination,
  ref: Ref,
  request: SystemRequest,
): SystemRequest {
  const change = request[0] === "replace_state" ? request[1] : undefined;
  if (typeof change !== "function" || !isNear(process, target)) return request;
  keepFunction(process, ref, change);
  return ["replace_state", { kept: ref }];
}

/** True for an address on the node of the process, whether anybody is there or not. */
function isNear(process: Process, target: Destination): boolean {
  return (typeof target === "string" && !isPid(target)) || nodeOf(target) === process.node.name;
}

/** A time-out as exit reasons show it. */
export function shownMs(timeoutMs: number): number | "infinity" {
  return timeoutMs === Number.POSITIVE_INFINITY ? "infinity" : timeoutMs;
}

function stateIn<State>(reply: unknown): State {
  const [word, value] = reply as readonly [string, unknown];
  if (word === "ok") return value as State;
  throw new ErlangError(value);
}
