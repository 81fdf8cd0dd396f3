/**
 * When each node of a cluster is due: the least of all at once, the first of those in the order of
 * the nodes. A tree of minima over the nodes, so that an instant costs the nodes that it touches
 * and a logarithm, with three nodes or three hundred.
 */
export class Dues {
  /** The least of two halves above them; the root is at 1, the nodes from `#width` on. */
  readonly #least: Float64Array;
  readonly #width: number;

  constructor(count: number) {
    let width = 1;
    while (width < count) width *= 2;
    this.#width = width;
    this.#least = new Float64Array(2 * width).fill(Number.POSITIVE_INFINITY);
  }

  /** When the first node is due; Infinity when none is. */
  get least(): number {
    return this.#least[1] as number;
  }

  set(node: number, at: number): void {
    const least = this.#least;
    let place = this.#width + node;
    least[place] = at;
    for (place >>= 1; place >= 1; place >>= 1) {
      const left = least[2 * place] as number;
      const right = least[2 * place + 1] as number;
      least[place] = left < right ? left : right;
    }
  }

  /** The first node that is due at `least`. */
  first(): number {
    const least = this.#least;
    const at = least[1];
    let place = 1;
    while (place < this.#width) {
      place *= 2;
      if (least[place] !== at) place++;
    }
    return place - this.#width;
  }
}
