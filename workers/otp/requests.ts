/**
 * Requests whose answers are fetched later: a call in two parts. What `call` tells with an exit is
 * told with a result here. Rules V35 to V38.
 */
import {
  type Destination,
  type Envelope,
  microseconds,
  type Pid,
  type Process,
  type Ref,
  SIGNAL,
} from "../kernel/index.ts";
import { checkMs, here } from "./here.ts";
import { locate, type ServerRef } from "./naming.ts";

/** A request under way; to be given to `receiveResponse` or `waitResponse` by whoever sent it. */
export interface RequestId {
  readonly ref: Ref;
  /** Whom the request went to: a pid where that was known. */
  readonly asked: ServerRef;
}

/** What came of a request. An error names the reason and whom was asked. */
export type Response<Reply> =
  | readonly ["reply", Reply]
  | readonly ["error", readonly [reason: unknown, asked: unknown]]
  | "timeout";

/** Asks a server and goes on at once; the answer is fetched later. Never fails. `gen_server:send_request/2`. */
export function sendRequest(dest: ServerRef, request: unknown): RequestId {
  const process = here();
  const target = locate(dest) ?? NOBODY;
  const asked = bearerOf(process, target) ?? dest;
  return { ref: sendCall(process, target, request), asked };
}

/**
 * Waits for the answer, `timeoutMs` at most (default Infinity). After a `"timeout"` the request is
 * given up: an answer that comes later is dropped. `gen_server:receive_response/1,2`.
 */
export function receiveResponse<Reply = unknown>(
  id: RequestId,
  timeoutMs: number = Number.POSITIVE_INFINITY,
): Promise<Response<Reply>> {
  return respond(id, timeoutMs, true);
}

/** As `receiveResponse`, but after a `"timeout"` one can wait again. `gen_server:wait_response/2`. */
export function waitResponse<Reply = unknown>(
  id: RequestId,
  timeoutMs: number = Number.POSITIVE_INFINITY,
): Promise<Response<Reply>> {
  return respond(id, timeoutMs, false);
}

/** Stands for whoever has a global name that nobody has. */
const NOBODY = "";

/** The process of this node that an address means, if it is one of this node and somebody is there. */
export function bearerOf(process: Process, target: Destination): Pid | undefined {
  const { node } = process;
  if (typeof target === "string") return target === NOBODY ? undefined : node.find(target)?.pid;
  return target.node === node.name ? node.find(target.name)?.pid : undefined;
}

/** Sends a call without waiting. The sender watches the receiver until it has taken an answer. */
function sendCall(process: Process, target: Destination, request: unknown): Ref {
  const { node } = process;
  const { ref, id } = node.beginCall(process, target);
  node.send(process, target, request, {
    signal: SIGNAL.call,
    ref,
    caller: process.pid,
    id,
  });
  return ref;
}

function respond<Reply>(
  id: RequestId,
  timeoutMs: number,
  givesUp: boolean,
): Promise<Response<Reply>> {
  const process = here();
  const { node } = process;
  const { ref, asked } = id;
  const timeout = checkMs(timeoutMs, "the timeout of a response");
  const afterUs = Number.isFinite(timeout) ? microseconds(timeout) : undefined;
  return node.receive(process, { kind: "ref", ref }, afterUs).then((envelope): Response<Reply> => {
    if (envelope === undefined) {
      if (givesUp) node.endCall(process, ref, true);
      return "timeout";
    }
    node.endCall(process, ref, false);
    // A server that replied and ended at once has sent two. A second reply stays, as in OTP.
    process.mailbox.remove((each) => each.ref === ref && !isReply(each));
    return isReply(envelope)
      ? ["reply", replyIn(envelope) as Reply]
      : ["error", [reasonIn(envelope), asked]];
  });
}

/** True for an answer, false for the DOWN of whoever should have given it. */
export function isReply(envelope: Envelope): boolean {
  return envelope.signal === SIGNAL.reply;
}

/** The value of an answer. */
export function replyIn(envelope: Envelope): unknown {
  return envelope.body;
}

/** The reason that a DOWN tells. */
export function reasonIn(envelope: Envelope): unknown {
  return (envelope.body as { readonly reason: unknown }).reason;
}
