/**
 * How a message enters a mailbox: the last moment of its way, wherever it came from. Whoever waits
 * for it is made ready; it is taken out in waits.ts. Rules M1 and G2.
 */
import type { Ref } from "./names.ts";
import { count, type NodeCore, type Resident } from "./node-core.ts";
import { copyValue } from "./payload.ts";
import { WAITS } from "./process.ts";
import { Exit } from "./reason.ts";
import { bytesOf, Envelope } from "./signals.ts";
import { KIND, SIGNAL, type Signal as SignalNumber, traceId } from "./trace.ts";

export class Inbox {
  readonly #core: NodeCore;
  readonly #mailboxLengthMax: number;

  constructor(core: NodeCore) {
    this.#core = core;
    this.#mailboxLengthMax = core.options.bounds.mailboxLengthMax;
  }

  /** Puts a message into the mailbox of a living process. A reply that is no longer awaited is dropped. */
  deliver(process: Resident, envelope: Envelope): void {
    const core = this.#core;
    const { ref, signal, id, from } = envelope;
    if (signal === SIGNAL.reply && !isAwaited(process, ref)) {
      core.writeEnvelope(KIND.discard, process.id, envelope);
      return;
    }
    core.trace.write(core.now, KIND.arrive, process.id, from, id, signal, 0, 0, 0);
    const { mailbox } = process;
    mailbox.push(envelope);
    if (mailbox.length > this.#mailboxLengthMax) {
      core.cut(`the mailbox of ${process.label} reached ${count(this.#mailboxLengthMax)} messages`);
    }
    if (process.heapBytesMax !== undefined && this.#isTooHeavy(process, envelope)) return;
    const { waits } = process;
    if (waits === WAITS.nothing) {
      if (process.behaviour !== undefined && !process.isBusy) core.ready(process);
    } else if ((waits !== WAITS.answer && waits !== WAITS.ref) || process.receivingRef === ref) {
      core.ready(process);
    }
  }

  /** One message more under a bound on the heap: past it the process is killed. Rule P5. */
  #isTooHeavy(process: Resident, envelope: Envelope): boolean {
    process.heapBytes += bytesOf(envelope);
    if (process.heapBytes <= (process.heapBytesMax as number)) return false;
    process.node.crash(process, new Exit("killed"));
    return true;
  }

  /** Delivers a message of the node's own: an EXIT, a DOWN, a nodeup. */
  deliverOwn(process: Resident, signal: SignalNumber, body: object, ref: Ref | undefined): void {
    const id = traceId(this.#core.index, this.#core.nextId());
    this.deliver(process, new Envelope(id, signal, 0, copyValue(body), ref, undefined));
  }
}

/** Bytes of the messages in a mailbox. */
export function bytesIn({ mailbox }: Resident): number {
  let bytes = 0;
  for (const envelope of mailbox.envelopes()) bytes += bytesOf(envelope);
  return bytes;
}

function isAwaited(process: Resident, ref: Ref | undefined): boolean {
  if (ref === undefined) return false;
  return process.calling?.ref === ref || process.awaited?.has(ref) === true;
}
