/**
 * What travels between processes. On one node a signal takes no virtual time; between nodes it
 * goes over their connection. From one process to another signals keep their order. Rule S1.
 */
import type { NameOnNode, Pid, Ref } from "./names.ts";
import type { Order } from "./orders.ts";
import { copy } from "./payload.ts";
import { SIGNAL, type Signal as SignalNumber } from "./trace.ts";

/** Why a process ended: an atom is a text, a tuple an array, as in `["timeout", [...]]`. */
export type ExitReason = unknown;

/** A message, in a mailbox or on its way to one. */
export class Envelope {
  /** Number in the trace. */
  readonly id: number;
  readonly signal: SignalNumber;
  /** Trace number of the sender. */
  readonly from: number;
  /** Frozen plain data. Of a call the request, of a cast the message, of a reply the value alone. */
  readonly body: unknown;
  /** Set on calls, replies and DOWNs: what they ask or answer. Lets `call` find its reply without a scan of contents. */
  readonly ref: Ref | undefined;
  /**
   * Set on calls: the caller, who watches the receiver until the reply. Set on replies too when they
   * come from the one who was asked, and the watching has ended with that.
   */
  readonly caller: Pid | undefined;
  /** The next one in the mailbox. */
  following: Envelope | undefined = undefined;

  constructor(
    id: number,
    signal: SignalNumber,
    from: number,
    body: unknown,
    ref: Ref | undefined,
    caller: Pid | undefined,
  ) {
    this.id = id;
    this.signal = signal;
    this.from = from;
    this.body = body;
    this.ref = ref;
    this.caller = caller;
  }
}

/** Bytes of an envelope besides its body: a pid, a reference, the tags. */
export const ENVELOPE_BYTES = 32;

/** The size of a message, as wires and heaps count it. */
export function bytesOf({ body }: Envelope): number {
  return ENVELOPE_BYTES + copy(body).bytes;
}

/** What a plain `receive` sees of a message: calls, casts and replies in the envelopes that OTP puts them in. */
export function messageOf(envelope: Envelope): unknown {
  const { body, ref } = envelope;
  switch (envelope.signal) {
    case SIGNAL.call:
      return Object.freeze(["$gen_call", fromOf(envelope), body]);
    case SIGNAL.cast:
      return Object.freeze(["$gen_cast", body]);
    case SIGNAL.reply:
      return Object.freeze([ref, body]);
    default:
      return body;
  }
}

/** Who sent a call, as a server sees it. */
export function fromOf(envelope: Envelope): { readonly pid: Pid; readonly ref: Ref } {
  return Object.freeze({ pid: envelope.caller as Pid, ref: envelope.ref as Ref });
}

export type Signal =
  | {
      readonly kind: "message";
      readonly to: Pid | Ref | NameOnNode;
      readonly envelope: Envelope;
      /** The body names what the receiving node has to look up among its exports. */
      readonly hasExports: boolean;
      /** The body may be one object with another message's; on another node it must not be. */
      readonly isShared: boolean;
    }
  /** From a link (`byLink`) or from exit(pid, reason). */
  | {
      readonly kind: "exit";
      readonly from: Pid;
      readonly to: Pid;
      readonly reason: ExitReason;
      readonly byLink: boolean;
    }
  | { readonly kind: "link"; readonly from: Pid; readonly to: Pid }
  | { readonly kind: "unlink"; readonly from: Pid; readonly to: Pid }
  | {
      readonly kind: "monitor";
      readonly ref: Ref;
      readonly from: Pid;
      readonly to: Pid | NameOnNode;
    }
  | { readonly kind: "demonitor"; readonly ref: Ref; readonly to: Pid | NameOnNode }
  | {
      readonly kind: "down";
      readonly ref: Ref;
      readonly to: Pid;
      readonly object: Pid | NameOnNode;
      readonly reason: ExitReason;
    }
  /** Begins a process on another node, which finds what to run among its own exports. */
  | {
      readonly kind: "spawn";
      readonly to: Pid;
      readonly from: Pid;
      readonly run: readonly [file: string, name: string];
      readonly args: unknown;
      readonly name: string | undefined;
      readonly isLinked: boolean;
      readonly ref: Ref | undefined;
      /** Its exit reason tells what the function returned. */
      readonly answers: boolean;
      /** What the spawner is handling. */
      readonly cause: number;
    };

/** What the ends of a connection say to each other. Not stopped by a connection being down. */
export type Control =
  | { readonly kind: "connect"; readonly via: number; readonly isHidden: boolean }
  | { readonly kind: "accept"; readonly via: number; readonly isHidden: boolean }
  | { readonly kind: "refuse"; readonly via: number }
  | { readonly kind: "close"; readonly via: number }
  /** The visible nodes that the sender is connected with, so that all become so. */
  | { readonly kind: "known"; readonly via: number; readonly nodes: readonly number[] }
  /** The sender has lost a node; whoever hears it lets that node go too. */
  | { readonly kind: "lost"; readonly via: number; readonly node: number };

/** What passes between the two ends of a socket; `to` is the number of the end that it is for. */
export type Frame =
  | {
      readonly kind: "frame";
      readonly what: "open";
      readonly to: number;
      readonly port: string;
      readonly protocol: string;
    }
  | { readonly kind: "frame"; readonly what: "opened" | "close"; readonly to: number }
  | { readonly kind: "frame"; readonly what: "refused"; readonly to: number; readonly why: string }
  | {
      readonly kind: "frame";
      readonly what: "data";
      readonly to: number;
      /** Number of the message, and of the process that sent it. */
      readonly id: number;
      readonly from: number;
      readonly body: unknown;
    };

/** Something that is asked of whoever runs the nodes. */
export interface OrderSignal {
  readonly kind: "order";
  readonly order: Order;
}

/** A signal on its way to another node. `at` and `order` place it on the receiver's agenda. */
export interface Outbound {
  readonly toNode: number;
  readonly at: number;
  readonly order: number;
  /** The connection that it takes; what comes over one that is no more is lost. */
  readonly via: number;
  readonly signal: Signal | Control | Frame | OrderSignal;
}
