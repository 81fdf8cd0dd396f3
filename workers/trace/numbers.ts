import { nodeOf, serialOf } from "../kernel/trace.ts";

/** From numbers of the trace (node and serial) to small numbers of our own; 0 where none was set. */
export class Numbers {
  readonly #byNode: Uint32Array[] = [];

  get(id: number): number {
    return this.#byNode[nodeOf(id) + 1]?.[serialOf(id)] ?? 0;
  }

  set(id: number, number: number): void {
    const node = nodeOf(id) + 1;
    const serial = serialOf(id);
    let column = this.#byNode[node];
    if (column === undefined || serial >= column.length) {
      const wider = new Uint32Array(Math.max(256, serial + 1, 2 * (column?.length ?? 0)));
      if (column !== undefined) wider.set(column);
      this.#byNode[node] = column = wider;
    }
    column[serial] = number;
  }
}
