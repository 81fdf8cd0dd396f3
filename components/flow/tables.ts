/**
 * What a trace tells about each process, message and chip slot, as columns that grow with it.
 * A table may know of rows later than the moment being drawn; whoever draws compares row numbers.
 */

import { nodeOf, serialOf } from "../../workers/kernel/trace.ts";

/** "No such row", "no such process": the largest number a column can hold. */
export const NONE = 0xffffffff;

/** Individual chips for processes of one label on one node; further ones share a chip. */
export const LANE_COUNT_MAX = 6;

/** Chips on one node; processes past them share the last. */
export const SLOT_COUNT_MAX = 24;

/** A place on a node's card: one process after another (restarts), or a crowd that is counted. */
export interface Slot {
  readonly index: number;
  /** Index of the node in the scenario. */
  readonly node: number;
  readonly title: string;
  /** True for a crowd, e.g. the customers of a load. */
  readonly many: boolean;
  /** Processes that ended up here; a slot without any is not drawn. */
  members: number;
}

/** From numbers of the trace (node and serial) to positions in a table. */
class Ordinals {
  readonly #byNode: Uint32Array[] = [];

  /** The position of `id`, or NONE. */
  get(id: number): number {
    const stored = this.#byNode[nodeOf(id) + 1]?.[serialOf(id)] ?? 0;
    return stored === 0 ? NONE : stored - 1;
  }

  set(id: number, ordinal: number): void {
    const node = nodeOf(id) + 1;
    const serial = serialOf(id);
    let column = this.#byNode[node] ?? new Uint32Array(256);
    if (serial >= column.length) column = widened(column, serial + 1);
    column[serial] = ordinal + 1;
    this.#byNode[node] = column;
  }
}

/** Every process that the trace has named, in order of first mention. */
export class ProcessTable {
  count = 0;
  id = new Uint32Array(64);
  spawnRow = new Uint32Array(64);
  exitRow = new Uint32Array(64);
  /** The slot before and after the process registered a name; the same when it did not. */
  bornSlot = new Uint16Array(64);
  slot = new Uint16Array(64);
  readonly label: string[] = [];
  readonly name: (string | undefined)[] = [];
  readonly #ordinals = new Ordinals();

  find(id: number): number {
    return this.#ordinals.get(id);
  }

  add(id: number, spawnRow: number, label: string, slot: number): number {
    const ordinal = this.count;
    if (ordinal === this.id.length) this.#grow(ordinal * 2);
    this.id[ordinal] = id;
    this.spawnRow[ordinal] = spawnRow;
    this.exitRow[ordinal] = NONE;
    this.bornSlot[ordinal] = slot;
    this.slot[ordinal] = slot;
    this.label.push(label);
    this.name.push(undefined);
    this.#ordinals.set(id, ordinal);
    this.count = ordinal + 1;
    return ordinal;
  }

  #grow(length: number): void {
    this.id = widened(this.id, length);
    this.spawnRow = widened(this.spawnRow, length);
    this.exitRow = widened(this.exitRow, length);
    this.bornSlot = widened(this.bornSlot, length);
    this.slot = widened(this.slot, length);
  }
}

/** Every message, in order of sending. Rows are NONE until the trace holds them. */
export class MessageTable {
  count = 0;
  id = new Uint32Array(256);
  sendRow = new Uint32Array(256);
  arriveRow = new Uint32Array(256);
  receiveRow = new Uint32Array(256);
  giveUpRow = new Uint32Array(256);
  /** Positions in the process table; NONE for the scenario and the nodes themselves. */
  from = new Uint32Array(256);
  to = new Uint32Array(256);
  fromNode = new Uint8Array(256);
  toNode = new Uint8Array(256);
  signal = new Uint8Array(256);
  sendAt = new Float64Array(256);
  /** When it is due at the receiver, µs; for a lost one, when it would have been. */
  arriveAt = new Float64Array(256);
  /** When it dies on the wire, µs; infinite when it does not. */
  dieAt = new Float64Array(256);
  readonly #ordinals = new Ordinals();

  find(id: number): number {
    return this.#ordinals.get(id);
  }

  add(
    id: number,
    row: number,
    signal: number,
    from: number,
    to: number,
    fromNode: number,
    toNode: number,
    sendAt: number,
    arriveAt: number,
  ): number {
    const ordinal = this.count;
    if (ordinal === this.id.length) this.#grow(ordinal * 2);
    this.id[ordinal] = id;
    this.sendRow[ordinal] = row;
    this.arriveRow[ordinal] = NONE;
    this.receiveRow[ordinal] = NONE;
    this.giveUpRow[ordinal] = NONE;
    this.from[ordinal] = from;
    this.to[ordinal] = to;
    this.fromNode[ordinal] = fromNode;
    this.toNode[ordinal] = toNode;
    this.signal[ordinal] = signal;
    this.sendAt[ordinal] = sendAt;
    this.arriveAt[ordinal] = arriveAt;
    this.dieAt[ordinal] = Number.POSITIVE_INFINITY;
    this.#ordinals.set(id, ordinal);
    this.count = ordinal + 1;
    return ordinal;
  }

  #grow(length: number): void {
    this.id = widened(this.id, length);
    this.sendRow = widened(this.sendRow, length);
    this.arriveRow = widened(this.arriveRow, length);
    this.receiveRow = widened(this.receiveRow, length);
    this.giveUpRow = widened(this.giveUpRow, length);
    this.from = widened(this.from, length);
    this.to = widened(this.to, length);
    this.fromNode = widened(this.fromNode, length);
    this.toNode = widened(this.toNode, length);
    this.signal = widened(this.signal, length);
    this.sendAt = widened(this.sendAt, length);
    this.arriveAt = widened(this.arriveAt, length);
    this.dieAt = widened(this.dieAt, length);
  }
}

/** A growing pair of columns: something's size after each change, by virtual time. */
export class Series {
  count = 0;
  at = new Float64Array(64);
  size = new Uint32Array(64);

  /** Notes the size from `at` on. */
  note(at: number, size: number): void {
    if (this.count === this.at.length) {
      this.at = widened(this.at, this.count * 2);
      this.size = widened(this.size, this.count * 2);
    }
    this.at[this.count] = at;
    this.size[this.count++] = size;
  }
}

/**
 * How much of something has been used since the start: a level that changes now and then, and its
 * integral. Answers "how busy from a to b" for any a and b without walking the rows between.
 */
export class Meter {
  count = 0;
  at = new Float64Array(64);
  level = new Uint32Array(64);
  #total = new Float64Array(64);

  note(at: number, level: number): void {
    const i = this.count;
    if (i > 0 && this.level[i - 1] === level) return;
    if (i === this.at.length) {
      this.at = widened(this.at, i * 2);
      this.level = widened(this.level, i * 2);
      this.#total = widened(this.#total, i * 2);
    }
    this.at[i] = at;
    this.level[i] = level;
    this.#total[i] = this.totalAt(at);
    this.count = i + 1;
  }

  /** Level × µs from the start to `at`. */
  totalAt(at: number): number {
    const i = upperBound(this.at, this.count, at) - 1;
    if (i < 0) return 0;
    const since = at - (this.at[i] as number);
    return (this.#total[i] as number) + (this.level[i] as number) * since;
  }

  /** The mean level over the `windowUs` before `at`. */
  mean(at: number, windowUs: number): number {
    const from = Math.max(0, at - windowUs);
    return at > from ? (this.totalAt(at) - this.totalAt(from)) / (at - from) : 0;
  }
}

/** How many of the first `count` rising numbers are at most `limit`. */
export function upperBound(rising: ArrayLike<number>, count: number, limit: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array;

/** A copy of a column with room for at least `length`, and for twice what it had. */
export function widened<T extends Column>(column: T, length: number): T {
  // The constructor of a typed array is its own kind; TypeScript cannot say so for a union.
  const make = column.constructor as new (length: number) => T;
  const wider = new make(Math.max(length, column.length * 2));
  wider.set(column);
  return wider;
}
