/**
 * A set of small numbers that are only ever added in rising order, walked in that order.
 * Removing leaves a hole; holes are squeezed out when they outnumber the members, so a walk costs
 * at most twice the size. The order never depends on how a state was reached: seek and play draw alike.
 */
export class OrderedSet {
  size = 0;
  #length = 0;
  #items = new Uint32Array(64);
  #member = new Uint8Array(64);

  has(item: number): boolean {
    return this.#member[item] === 1;
  }

  /** Adds an item greater than every one added since the last `clear`. */
  add(item: number): void {
    if (this.#length === this.#items.length) {
      const wider = new Uint32Array(this.#length * 2);
      wider.set(this.#items);
      this.#items = wider;
    }
    if (item >= this.#member.length) {
      const wider = new Uint8Array(Math.max(item + 1, this.#member.length * 2));
      wider.set(this.#member);
      this.#member = wider;
    }
    this.#items[this.#length++] = item;
    this.#member[item] = 1;
    this.size++;
  }

  /** Takes an item out; false when it was not in. */
  remove(item: number): boolean {
    if (this.#member[item] !== 1) return false;
    this.#member[item] = 0;
    this.size--;
    if (this.#length > 64 && this.#length > this.size * 2) this.#squeeze();
    return true;
  }

  clear(): void {
    for (let i = 0; i < this.#length; i++) this.#member[this.#items[i] as number] = 0;
    this.#length = 0;
    this.size = 0;
  }

  /** The members in rising order, valid until the next change: no copy, no holes. */
  members(): Uint32Array {
    if (this.#length !== this.size) this.#squeeze();
    return this.#items.subarray(0, this.size);
  }

  #squeeze(): void {
    let kept = 0;
    for (let i = 0; i < this.#length; i++) {
      const item = this.#items[i] as number;
      if (this.#member[item] === 1) this.#items[kept++] = item;
    }
    this.#length = kept;
  }
}
