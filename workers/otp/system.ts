/**
 * System messages: what every behaviour understands besides its own messages, as OTP's `sys`.
 * They come as `["system", from, request]`. A suspended behaviour leaves all other messages in
 * its mailbox, so it waits for these as a function does, with a receive. Rules V40 to V44.
 */
import {
  type CoPromise,
  ErlangError,
  Exit,
  isStop,
  NotSendable,
  type Process,
  type Ref,
  reasonOf,
} from "../kernel/index.ts";
import { answer, type From } from "./call.ts";
import { steps, wait } from "./here.ts";
import { isPromise, plain } from "./result.ts";
import type { Definition } from "./start.ts";

/** What a system message asks for. */
export type SystemRequest =
  | "get_state"
  | "suspend"
  | "resume"
  | readonly ["replace_state", StateChange]
  | CodeChange
  | readonly ["terminate", unknown];

/** To a suspended behaviour: the module to go on with, the version that it leaves, and what its codeChange is told besides. */
type CodeChange = readonly ["change_code", module: Definition, oldVsn: unknown, extra: unknown];

type SystemMessage = readonly ["system", From, SystemRequest];

/** Makes a new state out of the old one: a function, or the reference of one that waits on its node. */
export type StateChange = ((state: never) => unknown) | { readonly kept: Ref };

/** A behaviour, as far as system messages reach into it. */
export interface Managed {
  /** What OTP calls its kind, as errors name it: `"gen_server"`. */
  readonly behaviour: string;
  readonly process: Process;
  /** Whose exit message ends it. */
  readonly parent: string | undefined;
  getState(): unknown;
  replaceState(state: unknown): void;
  /** Lets the new module's codeChange make its state out of the old one, and goes on with both. */
  changeCode(module: Definition, oldVsn: unknown, extra: unknown): unknown;
  /** Calls terminate and ends the process; a promise when that takes time. */
  end(reason: unknown): CoPromise<unknown> | undefined;
  /** Goes back to its own messages: time-outs begin anew. */
  goOn(): CoPromise<unknown> | undefined;
}

const keptFunctions = new WeakMap<object, Map<Ref, (state: never) => unknown>>();

/**
 * Keeps a function for a message to another process of the same node: messages hold plain data,
 * and within a node nothing else can be meant by it.
 */
export function keepFunction(process: Process, ref: Ref, change: (state: never) => unknown): void {
  let kept = keptFunctions.get(process.node);
  if (kept === undefined) {
    kept = new Map();
    keptFunctions.set(process.node, kept);
  }
  kept.set(ref, change);
}

/** Takes a kept function out again. */
export function takeFunction(process: Process, ref: Ref): ((state: never) => unknown) | undefined {
  const kept = keptFunctions.get(process.node);
  const change = kept?.get(ref);
  kept?.delete(ref);
  return change;
}

/** True for a system message. */
export function isSystemMessage(body: unknown): body is SystemMessage {
  return (
    Array.isArray(body) &&
    body.length === 3 &&
    body[0] === "system" &&
    typeof (body[1] as Partial<From> | null)?.pid === "string"
  );
}

/** True for the exit message of the process that a behaviour belongs to. */
export function isExitOf(parent: string | undefined, body: unknown): body is { reason: unknown } {
  if (parent === undefined || typeof body !== "object" || body === null) return false;
  const { tag, from } = body as { readonly tag?: unknown; readonly from?: unknown };
  return tag === "EXIT" && from === parent;
}

/** Does what a system message asks. A promise when the behaviour is not ready for the next message. */
export function handleSystem(
  managed: Managed,
  message: SystemMessage,
): CoPromise<unknown> | undefined {
  const [, from, request] = message;
  reflect(managed, from, request);
  if (request[0] === "terminate") return managed.end(request[1]);
  return request === "suspend" ? suspended(managed) : managed.goOn();
}

/** Answers, and changes the state if asked to. */
function reflect(managed: Managed, from: From, request: SystemRequest): void {
  const { process } = managed;
  if (request === "get_state") sendState(managed, from);
  else if (typeof request !== "string" && request[0] === "replace_state")
    replace(managed, from, request[1]);
  else if (request === "suspend" || request === "resume" || request[0] === "terminate")
    answer(process, from, "ok");
  else answer(process, from, ["error", ["unknown_system_msg", request]]);
}

function sendState(managed: Managed, from: From): void {
  try {
    answer(managed.process, from, ["ok", managed.getState()]);
  } catch (thrown) {
    if (!(thrown instanceof NotSendable)) throw thrown;
    refuse(managed, from, "system_get_state", thrown);
  }
}

function replace(managed: Managed, from: From, change: StateChange): void {
  const { process } = managed;
  try {
    const make = typeof change === "function" ? change : takeFunction(process, change.kept);
    if (make === undefined) return;
    managed.replaceState(make(managed.getState() as never));
  } catch (thrown) {
    if (isStop(thrown)) throw thrown;
    refuse(managed, from, "system_replace_state", thrown);
    return;
  }
  sendState(managed, from);
}

/** Tells whoever asked what went wrong, as sys.erl does: `[class, reason]`. */
function refuse(managed: Managed, from: From, callback: string, thrown: unknown): void {
  const failure = [
    classOf(thrown),
    thrown instanceof ErlangError ? thrown.reason : plainReason(thrown),
  ];
  const reason = ["callback_failed", [managed.behaviour, callback], failure];
  answer(managed.process, from, ["error", reason]);
}

function classOf(thrown: unknown): "exit" | "error" | "throw" {
  if (thrown instanceof Exit) return "exit";
  return thrown instanceof Error ? "error" : "throw";
}

function plainReason(thrown: unknown): unknown {
  return thrown instanceof Error ? reasonOf(thrown) : plain(thrown);
}

/** Changes the code of a suspended behaviour; when that fails it keeps the old code and state. */
function* change(
  managed: Managed,
  from: From,
  [, module, oldVsn, extra]: CodeChange,
): Generator<unknown, void, unknown> {
  try {
    const refusal = yield* wait(managed.changeCode(module, oldVsn, extra));
    answer(managed.process, from, refusal === undefined ? "ok" : ["error", refusal]);
  } catch (thrown) {
    if (isStop(thrown)) throw thrown;
    const reason = thrown instanceof Error ? reasonOf(thrown) : plain(thrown);
    answer(managed.process, from, ["error", ["EXIT", reason]]);
  }
}

/**
 * The new state (or state and data) of a codeChange's result, given to `adopt`; anything else refuses
 * the change and is returned. A promise when the result is one.
 */
export function adopted(
  result: unknown,
  length: number,
  adopt: (made: readonly unknown[]) => void,
): unknown {
  if (isPromise(result)) return result.then((value) => adopted(value, length, adopt));
  const isMade = Array.isArray(result) && result[0] === "ok" && result.length === length;
  if (!isMade) return plain(result) ?? "undefined";
  adopt(result.slice(1));
  return undefined;
}

/** Waits in the mailbox for system messages and the parent's exit alone, until told to go on. */
function suspended(managed: Managed): CoPromise<unknown> {
  const { process } = managed;
  const { node } = process;
  const test = (body: unknown) => isSystemMessage(body) || isExitOf(managed.parent, body);
  node.setBusy(process, true);
  return steps(function* () {
    for (;;) {
      const envelope = yield* wait(node.receive(process, { kind: "test", test }, undefined));
      const body = envelope?.body;
      if (!isSystemMessage(body)) {
        return yield* wait(managed.end((body as { readonly reason: unknown }).reason));
      }
      const [, from, request] = body;
      if (request[0] === "change_code") {
        yield* change(managed, from, request as CodeChange);
        continue;
      }
      reflect(managed, from, request);
      if (request[0] === "terminate") return yield* wait(managed.end(request[1]));
      if (request !== "resume") continue;
      node.setBusy(process, false);
      return yield* wait(managed.goOn());
    }
  });
}
