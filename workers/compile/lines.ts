/** Between offsets in a text and its lines and columns, both from 0 here. */
export class Lines {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1))
      this.#starts.push(i + 1);
  }

  /** The line that an offset is in. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Columns are UTF-16 code units. */
  columnAt(offset: number): number {
    return offset - (this.#starts[this.lineAt(offset)] as number);
  }
}
