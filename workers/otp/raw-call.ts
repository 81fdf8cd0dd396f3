/**
 * Calls and casts made by hand: as in OTP the protocol is a plain message, `["$gen_call", from,
 * request]` and `["$gen_cast", message]`. Whoever sends one without `call` waits for a plain
 * message `[ref, reply]`.
 */
import { isPid, type Process } from "../kernel/index.ts";
import { answer, type From } from "./call.ts";

/** The `From` of a call made by hand. */
interface RawFrom extends From {
  readonly isRaw: true;
}

/** Who asked in a message that is a call made by hand, else undefined. */
export function rawCaller(body: readonly unknown[]): From | undefined {
  if (body[0] !== "$gen_call" || body.length !== 3) return undefined;
  const from = Array.isArray(body[1]) ? { pid: body[1][0], ref: body[1][1] } : body[1];
  const { pid, ref } = (from ?? {}) as From;
  const caller: RawFrom = { pid, ref, isRaw: true };
  return isPid(pid) ? caller : undefined;
}

/** True for a cast made by hand. */
export function isRawCast(body: readonly unknown[]): boolean {
  return body[0] === "$gen_cast" && body.length === 2;
}

/** Answers whoever asked, in the way that they asked. */
export function respond(process: Process, from: From, value: unknown): void {
  if ((from as Partial<RawFrom>).isRaw) process.node.send(process, from.pid, [from.ref, value]);
  else answer(process, from, value);
}
