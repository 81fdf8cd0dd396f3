/** One partition of a stream: records in the order in which they came, the oldest thrown away in time. */

/** A record as it is kept; its place says the rest. */
export interface StoredRecord {
  readonly key: unknown;
  readonly value: unknown;
  /** Milliseconds of virtual time. */
  readonly at: number;
  /** Its size, for the bounds of an answer. */
  readonly bytes: number;
}

/** How long records stay. */
export interface Retained {
  /** So many of the newest in each partition. */
  readonly count: number;
  /** And none that is so old, in ms; Infinity when age does not matter. */
  readonly ms: number;
}

/** Records thrown away are cut off the array when they are more than this and more than the rest. */
const SLACK = 64;

export class PartitionLog {
  /** Offset of the oldest record that is there. */
  first: number;
  #records: StoredRecord[];
  /** Where `first` stands in the array: cutting it at every record would move all the others. */
  #start = 0;

  constructor(first = 0, records: readonly StoredRecord[] = []) {
    this.first = first;
    this.#records = [...records];
  }

  /** The offset that the next record gets. */
  get end(): number {
    return this.first + this.#records.length - this.#start;
  }

  /** Returns the record's offset. */
  append(record: StoredRecord): number {
    this.#records.push(record);
    return this.end - 1;
  }

  /** The record at an offset; undefined when it is gone or has not come. */
  at(offset: number): StoredRecord | undefined {
    return offset < this.first ? undefined : this.#records[this.#start + offset - this.first];
  }

  /** Throws away what is past its time, and returns how many records that were. */
  expire(nowMs: number, { count, ms }: Retained): number {
    const { first, end } = this;
    let keptFrom = Math.max(first, end - count);
    while (keptFrom < end && nowMs - (this.at(keptFrom) as StoredRecord).at >= ms) keptFrom++;
    this.#start += keptFrom - first;
    this.first = keptFrom;
    if (this.#start > SLACK && this.#start * 2 > this.#records.length) {
      this.#records = this.#records.slice(this.#start);
      this.#start = 0;
    }
    return keptFrom - first;
  }
}
