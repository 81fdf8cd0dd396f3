/**
 * How a message enters a mailbox: the last moment of its way, wherever it came from. Whoever waits
 * for it is made ready; it is taken out in waits.ts. Rules M1 and G2.
 */
import type { Ref } from "./names.ts";
import { count, type NodeCore, type Resident } from "./node-core.ts";
import { copyValue } from "./payload.ts";
import { WAITS } from "./process.ts";
import { Envelope } from "./signals.ts";
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
    const { waits } = process;
    if (waits === WAITS.nothing) {
      if (process.behaviour !== undefined && !process.isBusy) core.ready(process);
    } else if ((waits !== WAITS.answer && waits !== WAITS.ref) || process.receivingRef === ref) {
      core.ready(process);
    }
  }

  /** Delivers a message of the node's own: an EXIT, a DOWN, a nodeup. */
  deliverOwn(process: Resident, signal: SignalNumber, body: object, ref: Ref | undefined): void {
    const id = traceId(this.#core.index, this.#core.nextId());
    this.deliver(process, new Envelope(id, signal, 0, copyValue(body), ref, undefined));
  }
}

function isAwaited(process: Resident, ref: Ref | undefined): boolean {
  if (ref === undefined) return false;
  return process.calling?.ref === ref || process.awaited?.has(ref) === true;
}
