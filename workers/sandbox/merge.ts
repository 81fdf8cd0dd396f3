/**
 * Puts the rows that nodes wrote on threads of their own into the one order of a trace:
 * (virtual time, node, order within the node). Rule R1.
 */
import {
  ChunkReader,
  hashIn,
  type Kind,
  type Signal,
  type Trace,
  type TraceChunk,
} from "../kernel/index.ts";

/** The rows of one node that are not merged yet, in the order in which it reported them. */
export class NodeRows {
  readonly #packs: TraceChunk[] = [];
  /** Stands on the next row; undefined when all are merged. */
  #row: ChunkReader | undefined;
  /** The node's payloads by its own numbers: content and hash until a row tells of it, then the merged number. */
  readonly #payloads: (Arrived | number)[] = [0];

  add(pack: TraceChunk): void {
    pack.payloads.forEach((content, i) => {
      this.#payloads[pack.payloadFirst + i] = { content, hash: hashIn(pack, i) };
    });
    this.#packs.push(pack);
    if (this.#row === undefined) this.#open();
  }

  /** Virtual time of the next row; Infinity when all are merged. */
  nextAt(): number {
    return this.#row?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Writes the next row, of which there must be one, to `trace` and returns its kind. */
  writeNext(trace: Trace): number {
    const row = this.#row as ChunkReader;
    // What a node's own trace held is of these kinds; a number from a worker is no more than that.
    const kind = row.kind as Kind;
    const signal = row.signal as Signal;
    const { at, process, peer, message, value, cause } = row;
    const payload = this.#numberIn(trace, row.payload);
    trace.write(at, kind, process, peer, message, signal, value, payload, cause);
    if (!row.next()) this.#open();
    return kind;
  }

  #numberIn(trace: Trace, own: number): number {
    const known = this.#payloads[own] ?? 0;
    if (typeof known === "number") return known;
    const number = trace.keep(known.content, known.hash);
    this.#payloads[own] = number;
    return number;
  }

  /** Begins the next pack that has rows. */
  #open(): void {
    this.#row = undefined;
    for (let pack = this.#packs.shift(); pack !== undefined; pack = this.#packs.shift()) {
      const row = new ChunkReader(pack);
      if (!row.next()) continue;
      this.#row = row;
      return;
    }
  }
}

interface Arrived {
  readonly content: unknown;
  readonly hash: number;
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
