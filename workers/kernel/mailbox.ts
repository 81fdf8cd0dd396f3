import type { Envelope } from "./signals.ts";

/**
 * A process's mailbox: messages in order of arrival, chained through the messages themselves, so
 * that nothing is allocated for one. Taking the first is cheap however long the mailbox is; taking
 * one from further back costs the messages between, as selective receive does.
 */
export class Mailbox {
  first: Envelope | undefined = undefined;
  last: Envelope | undefined = undefined;
  length = 0;

  push(envelope: Envelope): void {
    if (this.last === undefined) this.first = envelope;
    else this.last.following = envelope;
    this.last = envelope;
    this.length++;
  }

  /** The message after `envelope`; the first when there is none before. */
  after(envelope: Envelope | undefined): Envelope | undefined {
    return envelope === undefined ? this.first : envelope.following;
  }

  /** Takes out the message that stands after `before` (undefined: the first). It must exist. */
  takeAfter(before: Envelope | undefined): Envelope {
    const taken = this.after(before) as Envelope;
    if (before === undefined) this.first = taken.following;
    else before.following = taken.following;
    if (this.last === taken) this.last = before;
    taken.following = undefined;
    this.length--;
    return taken;
  }

  /** Removes every message that is asked for. Returns whether there was one. */
  remove(isMeant: (envelope: Envelope) => boolean): boolean {
    const before = this.length;
    let previous: Envelope | undefined;
    for (let envelope = this.first; envelope !== undefined; envelope = this.after(previous)) {
      if (isMeant(envelope)) this.takeAfter(previous);
      else previous = envelope;
    }
    return this.length < before;
  }

  /** The messages, oldest first. */
  *envelopes(): Generator<Envelope, void, undefined> {
    for (let envelope = this.first; envelope !== undefined; envelope = envelope.following) {
      yield envelope;
    }
  }
}
