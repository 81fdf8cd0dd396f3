/** Asking and answering: gen_server's call, cast and reply, from the side of whoever asks. */
import {
  type CoPromise,
  copy,
  ErlangError,
  Exit,
  isPid,
  microseconds,
  type Pid,
  type Process,
  type Ref,
} from "../kernel/index.ts";
import { checkMs, here } from "./here.ts";
import { isOneself, locate, type ServerRef } from "./naming.ts";
import type { Term } from "./term.ts";

/** OTP's default: gen_server:call/2 waits 5,000 ms. */
const CALL_TIMEOUT_US = 5_000_000;

/** Who asked, as a server sees it: to be given to `reply`, now or later. */
export interface From {
  readonly pid: Pid;
  readonly ref: Ref;
}

/** How a call is made. */
export interface CallOptions {
  /** Milliseconds to wait for the reply; default 5,000; Infinity waits for ever. */
  readonly timeout?: number;
}

/**
 * Asks a server and waits for its reply. When none comes in time the *caller* exits with
 * `["timeout", ["gen_server", "call", [dest, request, timeout]]]`, unless it catches that; the
 * request stays in the server's mailbox and may still be carried out. When the server has ended
 * or ends meanwhile, the caller exits with its reason instead. Without `timeout` the reason names
 * only dest and request, as that of call/2 does. `gen_server:call/2,3`.
 */
export function call<Reply = Term>(
  dest: ServerRef,
  request: unknown,
  options?: CallOptions,
): Promise<Reply> {
  const process = here();
  const timeout = options?.timeout;
  const afterUs = timeout === undefined ? CALL_TIMEOUT_US : timeUs(timeout);
  const to = locate(dest);
  const args =
    timeout === undefined ? ([dest, request] as const) : ([dest, request, timeout] as const);
  if (to === undefined) throw refusal("noproc", args);
  if (isOneself(process, to)) throw refusal("calling_self", args);
  return process.node.call(process, to, args, afterUs) as CoPromise<unknown> as Promise<Reply>;
}

function timeUs(timeout: number): number | undefined {
  return checkMs(timeout, "call's timeout") === Number.POSITIVE_INFINITY
    ? undefined
    : microseconds(timeout);
}

function refusal(reason: string, args: readonly unknown[]): Exit {
  return new Exit(copy([reason, ["gen_server", "call", args]]).value);
}

/** Tells a server something and goes on at once; nobody says whether it was heard. `gen_server:cast/2`. */
export function cast(dest: ServerRef, message: unknown): void {
  const process = here();
  const to = locate(dest);
  if (to !== undefined) process.node.cast(process, to, message);
}

/** Answers whoever asked; from the server or from any other process. A call that was given up drops it. `gen_server:reply/2`. */
export function reply(from: From, value: unknown): void {
  if (!isPid(from?.pid) || typeof from.ref !== "string") {
    throw new ErlangError(
      "badarg",
      "reply takes the `from` that handleCall was given, and a value",
    );
  }
  answer(here(), from, value);
}

/** As `reply`, for whoever knows already who is running. */
export function answer(process: Process, from: From, value: unknown): void {
  process.node.reply(process, from.pid, from.ref, value);
}

/** What a server's callbacks may return now or later. */
export type Eventually<T> = T | Promise<T> | CoPromise<T>;
