/** Asking a stream's broker, from the side of whoever asks: a call whose refusals are errors. */
import { brief, ErlangError } from "../kernel/index.ts";
import { call } from "../otp/call.ts";
import type { ServerRef } from "../otp/naming.ts";
import type { Refusal, StreamAnswer, StreamRequest } from "./stream-protocol.ts";

/** Milliseconds that a broker may take to answer when nothing is said. As `gen_server:call/2`. */
export const TIMEOUT_MS = 5_000;

/** Asks, and gives what the broker answers, refusals too. The caller exits when no answer comes in time. */
export function tell<Value>(
  broker: ServerRef,
  request: StreamRequest,
  timeout: number,
): Promise<StreamAnswer<Value>> {
  return call<StreamAnswer<Value>>(broker, request, { timeout });
}

/** As `tell`, where a refusal is an error. */
export function ask<Value>(
  broker: ServerRef,
  request: StreamRequest,
  timeout: number,
): Promise<Value> {
  return tell<Value>(broker, request, timeout).then(([word, value]) =>
    word === "ok" ? value : refuse(broker, value),
  );
}

/** Raises what a broker answered as an error. */
export function refuse(broker: ServerRef, reason: Refusal): never {
  throw new ErlangError(reason, `${TEXTS[reason] ?? "refused"}; asked: ${brief(broker)}`);
}

const TEXTS: Partial<Record<Refusal, string>> = {
  too_large: "the event is larger than a stream takes, 100,000 bytes",
  enospc: "the disk of the stream's node is full",
  busy: "10,000 appends and commits wait for the stream's disk already",
  too_many_groups: "the stream has 100 groups already",
  too_many_members: "the group has 1,000 members already",
  out_of_range: "the partition does not reach so far: commit what was polled",
};
