/**
 * Puts the rows that nodes wrote on threads of their own into the one order of a trace:
 * (virtual time, node, order within the node). Rule R1.
 *
 * A node reports thousands of times in a run, mostly a few rows, so rows travel packed in one
 * array: ten small buffers a message cost more than all else.
 */
import type { Kind, Signal, Trace } from "../kernel/index.ts";

const COLUMN_COUNT = 9;

/** Rows of one node, column after column for each row; payloads numbered from 1 within. */
export interface PackedRows {
  readonly rows: Float64Array;
  readonly payloads: readonly unknown[];
  readonly hashes: readonly number[];
}

/** Takes all rows out of a node's trace, which begins anew. */
export function packRows(trace: Trace): PackedRows {
  const { rowCount } = trace;
  const rows = new Float64Array(rowCount * COLUMN_COUNT);
  for (let row = 0, at = 0; row < rowCount; row++) {
    rows[at++] = trace.at[row] as number;
    rows[at++] = trace.kind[row] as number;
    rows[at++] = trace.process[row] as number;
    rows[at++] = trace.peer[row] as number;
    rows[at++] = trace.message[row] as number;
    rows[at++] = trace.signal[row] as number;
    rows[at++] = trace.value[row] as number;
    rows[at++] = trace.payload[row] as number;
    rows[at++] = trace.cause[row] as number;
  }
  const payloads = trace.payloads.slice(1);
  const hashes = Array.from(trace.payloadHashes.subarray(1, trace.payloads.length));
  trace.clear();
  return { rows, payloads, hashes };
}

/** The rows of one node that are not merged yet, in the order in which it reported them. */
export class NodeRows {
  #packs: PackedRows[] = [];
  #next = 0;

  add(pack: PackedRows): void {
    if (pack.rows.length > 0) this.#packs.push(pack);
  }

  /** Virtual time of the next row; Infinity when all are merged. */
  nextAt(): number {
    return this.#packs[0]?.rows[this.#next] ?? Number.POSITIVE_INFINITY;
  }

  /** Writes the next row to `trace` and returns its kind. */
  writeNext(trace: Trace): number {
    const { rows, payloads, hashes } = this.#packs[0] as PackedRows;
    const first = this.#next;
    const number = (column: number) => rows[first + column] as number;
    const payload = number(7);
    const kept = payload === 0 ? 0 : trace.keep(payloads[payload - 1], hashes[payload - 1] ?? 0);
    // What a node's own trace held is of these kinds; a number from a worker is no more than that.
    const kind = number(1) as Kind;
    trace.write(
      number(0),
      kind,
      number(2),
      number(3),
      number(4),
      number(5) as Signal,
      number(6),
      kept,
      number(8),
    );
    this.#next += COLUMN_COUNT;
    if (this.#next === rows.length) {
      this.#packs.shift();
      this.#next = 0;
    }
    return kind;
  }
}

/** Merges the rows earlier than `before` into `trace`. Stops after a row of kind `until` and returns true then. */
export function mergeRows(
  trace: Trace,
  nodes: readonly NodeRows[],
  before: number,
  until: number,
): boolean {
  for (;;) {
    let least = before;
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
