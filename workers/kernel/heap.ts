/**
 * A node's agenda: what is due, least first, by (virtual time, order).
 *
 * `order` makes the sequence independent of when an entry was inserted: signals from other nodes
 * come before the node's own entries of the same instant, by sender and by the sender's count.
 * Rule T3. A binary heap whose entries know their place, so that a cancelled timer leaves at once.
 */
export class Entry {
  readonly at: number;
  readonly order: number;
  /** Where the heap keeps it; −1 when it is in none. */
  place = -1;
  /** What to do when it is due, with `subject`. Called with the node's clock at `at`, or later after a pause. */
  readonly due: (subject: unknown) => void;
  readonly subject: unknown;

  constructor(at: number, order: number, due: (subject: unknown) => void, subject?: unknown) {
    this.at = at;
    this.order = order;
    this.due = due;
    this.subject = subject;
  }
}

/** Order of an entry of the node's own: after everything that came over a wire. */
export function localOrder(sequence: number): number {
  return 2 ** 50 + sequence;
}

/** The widest `shift` that `shuffledOrder` takes. */
export const SHIFT_SPAN = 2 ** 12;

/** As `localOrder`, with `shift` below `SHIFT_SPAN` deciding first: entries of one instant in another order. */
export function shuffledOrder(shift: number, sequence: number): number {
  return 2 ** 51 + shift * 2 ** 38 + sequence;
}

/** Order of a signal that came over a wire: by sending node, then by the sender's count. */
export function remoteOrder(sourceNode: number, sequence: number): number {
  return sourceNode * 2 ** 38 + sequence;
}

export class Heap {
  readonly #entries: Entry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  /** When the least entry is due; Infinity when there is none. */
  nextAt(): number {
    const least = this.#entries[0];
    return least === undefined ? Number.POSITIVE_INFINITY : least.at;
  }

  push(entry: Entry): void {
    const entries = this.#entries;
    entry.place = entries.length;
    entries.push(entry);
    this.#rise(entry);
  }

  /** Takes out the least entry. */
  pop(): Entry | undefined {
    const least = this.#entries[0];
    if (least !== undefined) this.remove(least);
    return least;
  }

  /** Takes out any entry. Returns false when it was not in the heap. */
  remove(entry: Entry): boolean {
    const place = entry.place;
    if (place < 0) return false;
    const entries = this.#entries;
    const last = entries.pop() as Entry;
    entry.place = -1;
    if (last !== entry) {
      entries[place] = last;
      last.place = place;
      this.#rise(last);
      this.#sink(last);
    }
    return true;
  }

  #rise(entry: Entry): void {
    const entries = this.#entries;
    let place = entry.place;
    while (place > 0) {
      const above = (place - 1) >>> 1;
      const parent = entries[above] as Entry;
      if (!before(entry, parent)) break;
      entries[place] = parent;
      parent.place = place;
      place = above;
    }
    entries[place] = entry;
    entry.place = place;
  }

  #sink(entry: Entry): void {
    const entries = this.#entries;
    let place = entry.place;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      let least = entries[left];
      if (least === undefined) break;
      const other = entries[right];
      if (other !== undefined && before(other, least)) least = other;
      if (!before(least, entry)) break;
      const below = least.place;
      entries[place] = least;
      least.place = place;
      place = below;
    }
    entries[place] = entry;
    entry.place = place;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
