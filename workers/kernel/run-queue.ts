/** Turns that wait to be taken, in order of arrival: a ring that grows by doubling and never shrinks. */
export class RunQueue<Turn> {
  #slots: (Turn | undefined)[] = new Array(64).fill(undefined);
  #head = 0;
  length = 0;

  push(turn: Turn): void {
    if (this.length === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.length) & (this.#slots.length - 1)] = turn;
    this.length++;
  }

  /** Takes out the first. There must be one. */
  take(): Turn {
    const turn = this.#slots[this.#head] as Turn;
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.length--;
    return turn;
  }

  /** Puts the turn at `index` first and the first in its place. */
  bringForward(index: number): void {
    const slots = this.#slots;
    const at = (this.#head + index) & (slots.length - 1);
    const turn = slots[at];
    slots[at] = slots[this.#head];
    slots[this.#head] = turn;
  }

  #grow(): void {
    const before = this.#slots;
    const slots: (Turn | undefined)[] = new Array(before.length * 2).fill(undefined);
    for (let i = 0; i < this.length; i++) slots[i] = before[(this.#head + i) & (before.length - 1)];
    this.#slots = slots;
    this.#head = 0;
  }
}
