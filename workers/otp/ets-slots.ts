/**
 * Where the objects of an ets table lie: a slot for each key. Sets and bags look a key's text up in
 * a Map and keep the slots in a list, oldest first; an orderedSet keeps an array in the order of the
 * keys. Both find a key and its neighbour quickly; on the BEAM these are hash tables and trees.
 */
import { compareTerms } from "./ets-order.ts";
import { keyOf } from "./term-key.ts";

/** An object of a table, and its size as a message would have it. */
export interface Kept {
  readonly object: readonly unknown[];
  readonly bytes: number;
}

/** What is under one key: one object, or those of a bag, oldest first. Never none. */
export interface Slot {
  readonly key: unknown;
  kept: Kept[];
}

export interface Slots {
  find(key: unknown): Slot | undefined;
  /** Makes a slot for a key that has none. */
  add(key: unknown, kept: Kept[]): void;
  remove(key: unknown): void;
  /** The first slot, or the last one of those in order. */
  end(isLast: boolean): Slot | undefined;
  /** The slot after (before) a key; undefined at the end, `"missing"` when the key must be there and is not. */
  beside(key: unknown, isBefore: boolean): Slot | undefined | "missing";
  all(): Iterable<Slot>;
}

/** A slot of a set or bag, in the list of all. */
interface Linked extends Slot {
  next: Linked | undefined;
  previous: Linked | undefined;
}

/** Slots of sets and bags. As on the BEAM, whose hash tables have no order, there is only one direction. */
export class HashedSlots implements Slots {
  readonly #byText = new Map<string, Linked>();
  #first: Linked | undefined;
  #last: Linked | undefined;

  find(key: unknown): Slot | undefined {
    return this.#byText.get(keyOf(key));
  }

  add(key: unknown, kept: Kept[]): void {
    const slot: Linked = { key, kept, next: undefined, previous: this.#last };
    if (this.#last === undefined) this.#first = slot;
    else this.#last.next = slot;
    this.#last = slot;
    this.#byText.set(keyOf(key), slot);
  }

  remove(key: unknown): void {
    const text = keyOf(key);
    const slot = this.#byText.get(text);
    if (slot === undefined) return;
    this.#byText.delete(text);
    if (slot.previous === undefined) this.#first = slot.next;
    else slot.previous.next = slot.next;
    if (slot.next === undefined) this.#last = slot.previous;
    else slot.next.previous = slot.previous;
  }

  end(): Slot | undefined {
    return this.#first;
  }

  beside(key: unknown): Slot | undefined | "missing" {
    const slot = this.#byText.get(keyOf(key));
    return slot === undefined ? "missing" : slot.next;
  }

  all(): Iterable<Slot> {
    return this.#byText.values();
  }
}

/** Slots of an orderedSet. */
export class OrderedSlots implements Slots {
  readonly #slots: Slot[] = [];

  find(key: unknown): Slot | undefined {
    const slot = this.#slots[this.#placeOf(key)];
    return slot !== undefined && compareTerms(slot.key, key) === 0 ? slot : undefined;
  }

  add(key: unknown, kept: Kept[]): void {
    this.#slots.splice(this.#placeOf(key), 0, { key, kept });
  }

  remove(key: unknown): void {
    if (this.find(key) !== undefined) this.#slots.splice(this.#placeOf(key), 1);
  }

  end(isLast: boolean): Slot | undefined {
    return this.#slots[isLast ? this.#slots.length - 1 : 0];
  }

  beside(key: unknown, isBefore: boolean): Slot | undefined {
    const place = this.#placeOf(key);
    if (isBefore) return this.#slots[place - 1];
    return this.#slots[this.find(key) === undefined ? place : place + 1];
  }

  all(): Iterable<Slot> {
    return this.#slots;
  }

  /** The place of the first key that is not before this one. */
  #placeOf(key: unknown): number {
    let low = 0;
    let high = this.#slots.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const slot = this.#slots[middle] as Slot;
      if (compareTerms(slot.key, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
