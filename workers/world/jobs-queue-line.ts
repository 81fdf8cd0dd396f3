/**
 * The line before a regulator: those who wait, in the order in which they came. It can be taken from
 * at both ends, and anyone can leave it. Who has left keeps the place until the line is
 * tidied, so that leaving costs a look-up and not a search.
 */

/** Somebody who waits. */
export interface Waiter<What> {
  readonly id: string;
  /** When it came, µs. */
  readonly sinceUs: number;
  readonly what: What;
}

/** Empty places that are left alone. */
const EMPTY_MAX = 1024;

/** A line of any length; whoever has one bounds it. */
export class Line<What> {
  /** Oldest first, from `#first` on; undefined for those who have left. */
  #places: (Waiter<What> | undefined)[] = [];
  #first = 0;
  /** Place of each by id. */
  readonly #placeOf = new Map<string, number>();

  get length(): number {
    return this.#placeOf.size;
  }

  /** Who has waited longest. */
  get oldest(): Waiter<What> | undefined {
    return this.#places[this.#first];
  }

  join(waiter: Waiter<What>): void {
    this.#placeOf.set(waiter.id, this.#places.length);
    this.#places.push(waiter);
  }

  /** Takes out who has waited longest. */
  takeOldest(): Waiter<What> | undefined {
    return this.leave(this.#places[this.#first]?.id);
  }

  /** Takes out who has waited least. */
  takeNewest(): Waiter<What> | undefined {
    return this.leave(this.#places.at(-1)?.id);
  }

  /** Takes somebody out, wherever it stands; undefined when it does not wait. */
  leave(id: string | undefined): Waiter<What> | undefined {
    const place = id === undefined ? undefined : this.#placeOf.get(id);
    if (id === undefined || place === undefined) return undefined;
    const waiter = this.#places[place];
    this.#placeOf.delete(id);
    this.#places[place] = undefined;
    this.#tidy();
    return waiter;
  }

  /** Both ends are people who wait. */
  #tidy(): void {
    while (this.#places.length > this.#first && this.#places.at(-1) === undefined)
      this.#places.pop();
    while (this.#first < this.#places.length && this.#places[this.#first] === undefined)
      this.#first++;
    // Once most places are empty they are given up, and everybody's place is noted anew.
    if (this.#places.length <= 2 * this.length + EMPTY_MAX) return;
    const waiting = this.#places.filter((waiter) => waiter !== undefined);
    waiting.forEach((waiter, place) => {
      this.#placeOf.set(waiter.id, place);
    });
    this.#places = waiting;
    this.#first = 0;
  }
}
