/** Asking and answering: gen_server's call, cast and reply, from the side of whoever asks. */
import {
  type CoPromise,
  type Destination,
  Exit,
  isPid,
  microseconds,
  type Pid,
  type Process,
  type Ref,
  SIGNAL,
} from "../kernel/index.ts";
import { checkMs, here } from "./here.ts";
import type { Term } from "./term.ts";

/** OTP's default: gen_server:call/2 waits 5,000 ms. */
const CALL_TIMEOUT_MS = 5000;

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
 * or ends meanwhile, the caller exits with its reason instead. `gen_server:call/3`.
 */
export function call<Reply = Term>(
  dest: Destination,
  request: unknown,
  options: CallOptions = {},
): Promise<Reply> {
  const process = here();
  const { node } = process;
  const timeout = checkMs(options.timeout ?? CALL_TIMEOUT_MS, "call's timeout");
  const asked = ["gen_server", "call", [dest, request, timeout]];
  if (dest === process.pid || (typeof dest === "string" && dest === process.name)) {
    throw new Exit(["calling_self", asked]);
  }
  const { ref, id } = node.beginCall(process, dest);
  const from: From = { pid: process.pid, ref };
  node.send(process, dest, ["$gen_call", from, request], {
    signal: SIGNAL.call,
    shown: request,
    ref,
    caller: process.pid,
    id,
  });
  const afterUs = timeout === Number.POSITIVE_INFINITY ? undefined : microseconds(timeout);
  return node.receive(process, { kind: "ref", ref }, afterUs).then((envelope) => {
    node.endCall(process, ref, envelope === undefined);
    if (envelope === undefined) throw new Exit(["timeout", asked]);
    if (envelope.signal === SIGNAL.reply) return (envelope.body as readonly [Ref, Reply])[1];
    throw new Exit([(envelope.body as { readonly reason: unknown }).reason, asked]);
  });
}

/** Tells a server something and goes on at once; nobody says whether it was heard. `gen_server:cast/2`. */
export function cast(dest: Destination, message: unknown): void {
  const process = here();
  process.node.send(process, dest, ["$gen_cast", message], { signal: SIGNAL.cast, shown: message });
}

/** Answers whoever asked; from the server or from any other process. `gen_server:reply/2`. */
export function reply(from: From, value: unknown): void {
  answer(here(), from, value);
}

/** What is sent back: `[ref, value]` under the call's reference. A call that was given up drops it. */
export function answer(process: Process, from: From, value: unknown): void {
  if (!isPid(from?.pid) || typeof from.ref !== "string") {
    throw new Error("reply takes the `from` that handleCall was given, and a value");
  }
  process.node.send(process, from.pid, [from.ref, value], {
    signal: SIGNAL.reply,
    shown: value,
    ref: from.ref,
  });
  process.node.answered(process, from.ref);
}

/** What a server's callbacks may return now or later. */
export type Eventually<T> = T | Promise<T> | CoPromise<T>;
