/**
 * What travels between processes. On one node a signal takes no virtual time; between nodes it
 * goes over their wire. From one process to another signals keep their order. Rule S1.
 */
import type { NameOnNode, Pid, Ref } from "./names.ts";
import type { Signal as SignalNumber } from "./trace.ts";

/** Why a process ended: an atom is a text, a tuple an array, as in `["timeout", [...]]`. */
export type ExitReason = unknown;

/** A message in a mailbox. */
export interface Envelope {
  /** Number in the trace. */
  readonly id: number;
  readonly signal: SignalNumber;
  /** Trace number of the sender. */
  readonly from: number;
  /** What `receive` gives: frozen plain data. */
  readonly body: unknown;
  /** Set on replies and DOWNs: what they answer to. Lets `call` find its reply without a scan of contents. */
  readonly ref: Ref | undefined;
  /** Set on calls: the caller, who watches the receiver until the reply. */
  readonly caller: Pid | undefined;
}

export type Signal =
  | { readonly kind: "message"; readonly to: Pid | NameOnNode; readonly envelope: Envelope }
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
    };

/** A signal on its way to another node. `at` and `order` place it on the receiver's agenda. */
export interface Outbound {
  readonly toNode: number;
  readonly at: number;
  readonly order: number;
  readonly signal: Signal;
}
