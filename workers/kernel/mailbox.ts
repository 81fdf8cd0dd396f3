import type { Envelope } from "./signals.ts";

/** Taken places at the front that are worth closing up. */
const COMPACT_AT = 512;

/**
 * A process's mailbox: messages in order of arrival. Taking the first is cheap however long it
 * is; taking one from further back costs the messages between, as selective receive does.
 */
export class Mailbox {
  #envelopes: Envelope[] = [];
  #head = 0;

  get length(): number {
    return this.#envelopes.length - this.#head;
  }

  push(envelope: Envelope): void {
    this.#envelopes.push(envelope);
  }

  /** The message at `index`, 0 the oldest. */
  at(index: number): Envelope | undefined {
    return this.#envelopes[this.#head + index];
  }

  /** Takes out the message at `index`, which must exist. */
  take(index: number): Envelope {
    if (index > 0) return this.#envelopes.splice(this.#head + index, 1)[0] as Envelope;
    const envelope = this.#envelopes[this.#head] as Envelope;
    this.#head++;
    if (this.#head === this.#envelopes.length) {
      this.#envelopes = [];
      this.#head = 0;
    } else if (this.#head >= COMPACT_AT && this.#head * 2 > this.#envelopes.length) {
      this.#envelopes = this.#envelopes.slice(this.#head);
      this.#head = 0;
    }
    return envelope;
  }

  /** Removes every message that answers to `ref` (demonitor with flush). */
  flush(ref: string): void {
    for (let index = this.length - 1; index >= 0; index--) {
      if (this.at(index)?.ref === ref) this.take(index);
    }
  }
}
