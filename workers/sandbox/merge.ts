/**
 * Puts the rows that nodes wrote on threads of their own into the one order of a trace:
 * (virtual time, node, order within the node). Rule R1.
 */
import { type Trace, type TraceChunk } from "../kernel/index.ts";

/** The rows of one node in one window, taken from the front. */
export class NodeRows {
  #chunk: TraceChunk | undefined;
  #next = 0;

  /** Takes the rows of one window; those of the one before must have been merged. */
  add(chunk: TraceChunk): void {
    this.#chunk = chunk;
    this.#next = 0;
  }

  /** Virtual time of the next row; Infinity when all are merged. */
  nextAt(): number {
    return this.#chunk !== undefined && this.#next < this.#chunk.rowCount
      ? (this.#chunk.at[this.#next] as number)
      : Number.POSITIVE_INFINITY;
  }

  /** Writes the next row to `trace` and returns its kind. */
  writeNext(trace: Trace): number {
    const chunk = this.#chunk as TraceChunk;
    const row = this.#next++;
    const local = chunk.payload[row] as number;
    const place = local - chunk.payloadFirst;
    const payload = local === 0 ? 0 : trace.keep(chunk.payloads[place], chunk.payloadHashes[place] ?? 0);
    const kind = chunk.kind[row] as Parameters<Trace["write"]>[1];
    trace.write(
      chunk.at[row] as number,
      kind,
      chunk.process[row] as number,
      chunk.peer[row] as number,
      chunk.message[row] as number,
      chunk.signal[row] as Parameters<Trace["write"]>[5],
      chunk.value[row] as number,
      payload,
      chunk.cause[row] as number,
    );
    return kind;
  }
}

/** Merges all rows at hand into `trace`. Stops after a row of kind `until` and returns true then. */
export function mergeRows(trace: Trace, nodes: readonly NodeRows[], until: number): boolean {
  for (;;) {
    let least = Number.POSITIVE_INFINITY;
    let from: NodeRows | undefined;
    for (const node of nodes) {
      const at = node.nextAt();
      if (at < least) {
        least = at;
        from = node;
      }
    }
    if (from === undefined) return false;
    if (from.writeNext(trace) === until) return true;
  }
}
