/**
 * The trace: everything that happened in a run, in order, as rows of numbers.
 *
 * It is the only thing that leaves a run: picture, text list, checks and digest read it and never
 * ask the kernel anything. Rows are ordered by (virtual time, node, order within the node), which
 * is the same whichever way the nodes were placed on threads. Rule R1.
 *
 * Packed words were chosen over objects and over a column each: 24 bytes a row (row.ts), written to
 * one place, sent between threads without copying, and no work for the collector while a run is
 * under way. Rows lie in blocks, so growing never copies more than one block. Readers ask by row.
 */
import { RowDigest } from "./digest.ts";
import {
  AT,
  CAUSE,
  floatAt,
  HEAD,
  hasPayload,
  headOf,
  kindIn,
  MESSAGE,
  modeIn,
  modeOf,
  offsetIn,
  PEER,
  PROCESS,
  putFloat,
  ROW_WORDS,
  SIDE_WORDS_MAX,
  sideLengthIn,
  signalIn,
  VALUE_AT,
  VALUE_FLOAT,
  VALUE_WORD,
  VALUE_ZERO,
  valueLengthIn,
} from "./row.ts";
import { ChunkReader, hashIn, type TraceChunk } from "./trace-chunk.ts";

export { ChunkReader, hashIn, type TraceChunk } from "./trace-chunk.ts";

/** What a row says. The comment names: process, peer, message, value, payload; unnamed columns are 0. */
export const KIND = {
  /** A process begins. process = it, peer = who spawned it (0 for the scenario), payload = its label. */
  spawn: 1,
  /** A process ends. process = it, payload = exit reason. */
  exit: 2,
  /** process sends message to peer; signal says what kind; value = arrival µs (= at when on one node); payload = content. */
  send: 3,
  /** A message dies on the wire. process = sender, peer = receiver, message; value = µs at which it dies. Follows its send. */
  lose: 4,
  /** A message enters the mailbox of process; peer = sender. */
  arrive: 5,
  /** A message came for a process that no longer lives. process = the dead, peer = sender, message. */
  discard: 6,
  /** process takes message out of its mailbox; value = messages skipped over to reach it. */
  receive: 7,
  /** process arms a timer: message = timer, value = due µs, payload = what it will deliver. */
  timerSet: 8,
  /** A timer of process is due: message = timer. */
  timerFire: 9,
  /** process cancels timer message before it was due. */
  timerCancel: 10,
  /** process begins work: value = µs of service asked; signal = SIGNAL.cpu or SIGNAL.io. */
  workStart: 11,
  /** process has finished the work it began last. */
  workEnd: 12,
  /** process and peer are linked. */
  link: 13,
  /** The link between process and peer is taken away. */
  unlink: 14,
  /** process watches peer: message = monitor reference. */
  monitor: 15,
  /** process no longer watches peer: message = monitor reference. */
  demonitor: 16,
  /** process took a registered name: payload = name. */
  register: 17,
  /** process stopped waiting for the answer to its call: message = the call, peer = whom it asked. */
  giveUp: 18,
  /** The scaffold marks a fact of the shop. process = where, payload = { effect, key, value }. */
  effect: 19,
  /** The scaffold notes a value. process = where, payload = { name, value }. */
  observe: 20,
  /**
   * process wrote a line. payload = text. One with a level was written by the logger: peer = who
   * logged it, value = 8 (emergency) down to 1 (debug), message = the span it belongs to.
   */
  log: 21,
  /** A node starts. value = its cores, message = its life (0 the first), payload = its name. process = node (serial 0). */
  nodeUp: 22,
  /** A node is killed. process = node (serial 0), payload = why. */
  nodeDown: 23,
  /** The run ended before its horizon. payload = the bound that was reached. */
  cut: 24,
  /** A connection is up. process = node (serial 0), peer = the other node. Both ends write one. */
  connect: 25,
  /** A connection is down. process = node (serial 0), peer = the other node. */
  disconnect: 26,
  /** Something was done to the world. process = node (serial 0), peer = the other node of a wire or 0, payload = what. */
  fault: 27,
  /** process throws a message out of its mailbox unread: message, peer = sender. */
  drop: 28,
  /** process, a request of a load, begins later than meant: value = the µs at which it was meant to, message = its number, payload = the load's name. */
  intend: 29,
  /** process measured something: value = the figure, payload = { name, type, labels }. */
  metric: 30,
  /** process begins a span: message = span, payload = { name, trace, parent }. */
  spanStart: 31,
  /** process ends the span it began: message = span, payload = its outcome. */
  spanEnd: 32,
  /** process set or cleared an alarm. payload = { id, state, severity, info }. */
  alarm: 33,
  /** process used its node's disk: value = entries concerned, payload = { op, file }. */
  disk: 34,
  /** process, a stream's broker, did something with a partition. value = offset, payload = { op, partition, … }. */
  stream: 35,
  /** Something was asked of, or done by, whoever operates the cluster. payload = { op, … }. */
  operate: 36,
  /** A resource was used under a fencing token: value = the token, payload = { resource, outcome }. */
  fence: 37,
  /** process, a supervisor, has started a child: peer = the child, payload = its id, value = the process whose place it takes, or 0. */
  child: 38,
  /** The run has ended and process lives: value = the hash of a behaviour's state. */
  state: 39,
} as const;
export type KindName = keyof typeof KIND;
export type Kind = (typeof KIND)[KindName];

/** What travels, for `send`; what kind of work, for `workStart`. 0 elsewhere. */
export const SIGNAL = {
  none: 0,
  call: 1,
  reply: 2,
  cast: 3,
  info: 4,
  down: 5,
  exit: 6,
  timer: 7,
  cpu: 8,
  io: 9,
} as const;
export type SignalName = keyof typeof SIGNAL;
export type Signal = (typeof SIGNAL)[SignalName];

const KIND_NAMES = names(KIND);
const SIGNAL_NAMES = names(SIGNAL);

/** The word for a kind number, for text and error messages. */
export function kindName(kind: number): KindName {
  return (KIND_NAMES[kind] ?? "cut") as KindName;
}

/** The word for a signal number. */
export function signalName(signal: number): SignalName {
  return (SIGNAL_NAMES[signal] ?? "none") as SignalName;
}

/**
 * Processes, messages, timers and references are numbers of one shape in the trace:
 * node index × 2^22 + serial. Serial 0 is the node itself (or, for messages, none).
 */
export const SERIAL_SPAN = 2 ** 22;

/** The most nodes a run may have, from the width of the numbers above. */
export const NODE_COUNT_MAX = 1023;

/** Builds a trace number from a node's index (from 0) and a serial below 2^22. */
export function traceId(node: number, serial: number): number {
  return (node + 1) * SERIAL_SPAN + serial;
}

/** The index of the node that a process, message or timer belongs to. */
export function nodeOf(id: number): number {
  return Math.floor(id / SERIAL_SPAN) - 1;
}

/** The serial within its node. */
export function serialOf(id: number): number {
  return id % SERIAL_SPAN;
}

/** Plain data as it may stand in a message: no functions, no symbols, no cycles. */
export type Payload = unknown;

/** Rows that the first block of a trace has room for before it grows to a whole one. */
const ROWS_AT_FIRST = 1024;
const SIDE_AT_FIRST = 512;

/** Rows of a block: a power of two, so that a row's block and place are found by shifting; at most 2^16 (row.ts). */
const BLOCK_SHIFT = 13;
const BLOCK_ROWS = 2 ** BLOCK_SHIFT;
const PLACE_MASK = BLOCK_ROWS - 1;

/** Times are kept by their lower 32 bits; an epoch is a stretch of rows with the same upper ones. */
const EPOCH_US = 2 ** 32;

/**
 * Rows folded at a stroke. Few, so that V8 has seen the whole of `fold` before it compiles it: a loop
 * compiled while it first runs falls back to the interpreter at its end, every time (V8 11.3).
 */
const ROWS_PER_FOLD = 256;

/** Payloads that `keep` remembers in order to know an equal one: the last of each of these many hashes. */
const INTERNED = 1024;

export interface TraceOptions {
  /**
   * "rows" keeps every row. "digest" folds rows into the digest and forgets them, and payloads at
   * once: only digest, counts and the last rows stay, whatever the length of the run. Rule R3.
   */
  readonly keep?: "rows" | "digest";
  /** With "digest": a run's bound (bounds.ts). Rows past it stay until `truncate` takes them away. */
  readonly rowCountMax?: number;
}

/** Rows of a run. Written by the kernel alone (`write`, `keep`), read by everyone else. */
export class Trace {
  /** Payload 0 is "none". */
  readonly payloads: Payload[] = [undefined];
  #hashes: Uint32Array = new Uint32Array(64);
  #rowCount = 0;
  /** Blocks of rows, each with its side words. A block whose rows were folded away is empty. */
  readonly #words: Uint32Array[] = [new Uint32Array(ROWS_AT_FIRST * ROW_WORDS)];
  readonly #sides: Uint32Array[] = [new Uint32Array(SIDE_AT_FIRST)];
  /** The block that is written to, the rows at which it is full, and its side words so far. */
  #nowWords = this.#words[0] as Uint32Array;
  #nowSide = this.#sides[0] as Uint32Array;
  #fullAt = ROWS_AT_FIRST;
  #sideLength = 0;
  /** The first row and the upper half of the times of each epoch after the first, and the bounds of the last. */
  readonly #epochRows: number[] = [];
  readonly #epochs: number[] = [];
  #epochFrom = 0;
  #epochTo = EPOCH_US;
  /** Numbers of payloads by hash; what stands here is looked at before it is believed. */
  readonly #interned = new Uint32Array(INTERNED);
  /** Payloads below this have left by `take`. */
  #takenPayloads = 1;
  #digest = new RowDigest();
  #foldedRows = 0;
  #foldedAt = 0;
  readonly #keepsRows: boolean;
  readonly #rowCountMax: number;

  constructor(options: TraceOptions = {}) {
    this.#keepsRows = options.keep !== "digest";
    this.#rowCountMax = options.rowCountMax ?? Number.POSITIVE_INFINITY;
  }

  /** Rows written so far, kept or not. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /** Time of the last row; 0 when there is none. */
  get lastAt(): number {
    if (this.#rowCount === 0) return 0;
    const last = this.#rowCount - 1;
    return !this.#keepsRows && last < this.#foldedRows ? this.#foldedAt : this.atOf(last);
  }

  /** Appends one row and returns its index. `payload` is a number from `keep`. */
  write(
    at: number,
    kind: Kind,
    process: number,
    peer: number,
    message: number,
    signal: Signal,
    value: number,
    payload: number,
    cause: number,
  ): number {
    const row = this.#rowCount;
    if (row === this.#fullAt) this.#makeRoom();
    if (at >= this.#epochTo || at < this.#epochFrom) this.#beginEpoch(at);
    const words = this.#nowWords;
    const first = (row & PLACE_MASK) * ROW_WORDS;
    words[first + AT] = at;
    words[first + PROCESS] = process;
    words[first + PEER] = peer;
    words[first + MESSAGE] = message;
    words[first + CAUSE] = cause;
    const mode = modeOf(value, at);
    words[first + HEAD] = headOf(kind, signal, mode, payload, this.#sideLength);
    if (mode > VALUE_AT || payload !== 0) this.#writeSide(mode, value, payload);
    this.#rowCount = row + 1;
    return row;
  }

  /**
   * Keeps a payload beside the rows and returns its number; one that is the very same as one kept
   * lately has that one's. `hash` is that of its content.
   */
  keep(payload: Payload, hash: number): number {
    if (!this.#keepsRows) return hash >>> 0;
    const slot = hash & (INTERNED - 1);
    const known = this.#interned[slot] as number;
    if (
      known !== 0 &&
      this.payloads[known] === payload &&
      this.#hashes[known] === hash >>> 0 &&
      known < this.payloads.length
    )
      return known;
    const number = this.#add(payload, hash);
    this.#interned[slot] = number;
    return number;
  }

  // Readers go over millions of rows: what is short is written out, so that V8 takes it into their loops.

  /** Time of a row, µs. Like all that follows it wants a row below `rowCount` that was kept. */
  atOf(row: number): number {
    const words = this.#words[row >>> BLOCK_SHIFT] as Uint32Array;
    const lower = words[(row & PLACE_MASK) * ROW_WORDS + AT] as number;
    return this.#epochs.length === 0 ? lower : lower + this.#epochOf(row) * EPOCH_US;
  }

  kindOf(row: number): number {
    const words = this.#words[row >>> BLOCK_SHIFT] as Uint32Array;
    return kindIn(words[(row & PLACE_MASK) * ROW_WORDS + HEAD] as number);
  }

  signalOf(row: number): number {
    const words = this.#words[row >>> BLOCK_SHIFT] as Uint32Array;
    return signalIn(words[(row & PLACE_MASK) * ROW_WORDS + HEAD] as number);
  }

  processOf(row: number): number {
    const words = this.#words[row >>> BLOCK_SHIFT] as Uint32Array;
    return words[(row & PLACE_MASK) * ROW_WORDS + PROCESS] as number;
  }

  peerOf(row: number): number {
    const words = this.#words[row >>> BLOCK_SHIFT] as Uint32Array;
    return words[(row & PLACE_MASK) * ROW_WORDS + PEER] as number;
  }

  messageOf(row: number): number {
    const words = this.#words[row >>> BLOCK_SHIFT] as Uint32Array;
    return words[(row & PLACE_MASK) * ROW_WORDS + MESSAGE] as number;
  }

  /** The message that the acting process was handling when it did this; 0 = none. */
  causeOf(row: number): number {
    const words = this.#words[row >>> BLOCK_SHIFT] as Uint32Array;
    return words[(row & PLACE_MASK) * ROW_WORDS + CAUSE] as number;
  }

  /** The value of a row; what it means hangs on the kind. (`valueOf` is the language's own.) */
  valueIn(row: number): number {
    const head = this.#headOf(row);
    const mode = modeIn(head);
    if (mode === VALUE_ZERO) return 0;
    if (mode === VALUE_AT) return this.atOf(row);
    const side = this.#sides[row >>> BLOCK_SHIFT] as Uint32Array;
    return mode === VALUE_WORD ? (side[offsetIn(head)] as number) : floatAt(side, offsetIn(head));
  }

  hasPayload(row: number): boolean {
    return hasPayload(this.#headOf(row));
  }

  /** The payload of a row, or undefined when it has none. */
  payloadOf(row: number): Payload {
    return this.payloads[this.#payloadNumberOf(row)];
  }

  /** The index of the first row later than `at`; `rowCount` when there is none. */
  upperBound(at: number): number {
    let low = 0;
    let high = this.#rowCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.atOf(middle) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** 32 hexadecimal digits over all rows so far. Folds those that it has not folded yet. Rules R2 and R3. */
  digest(): string {
    this.#foldTo(this.#rowCount);
    return this.#digest.text();
  }

  /** Forgets the rows from `rowCount` on, as a run does that is cut at its bound. */
  truncate(rowCount: number): void {
    if (rowCount >= this.#rowCount) return;
    if (rowCount < this.#foldedRows) {
      if (!this.#keepsRows)
        throw new RangeError(`row ${rowCount} was folded and cannot be taken away`);
      this.#digest = new RowDigest();
      this.#foldedRows = 0;
    }
    const offset = offsetIn(this.#headOf(rowCount));
    while ((this.#epochRows.at(-1) ?? -1) >= rowCount) {
      this.#epochRows.pop();
      this.#epochs.pop();
    }
    this.#enterEpoch(this.#epochs.at(-1) ?? 0);
    this.#words.length = this.#sides.length = (rowCount >>> BLOCK_SHIFT) + 1;
    this.#enterBlock();
    this.#sideLength = offset;
    this.#rowCount = rowCount;
  }

  /** Forgets all rows and payloads; both are numbered anew from here. */
  clear(): void {
    this.truncate(0);
    this.payloads.length = 1;
    this.#takenPayloads = 1;
  }

  /**
   * Takes all rows out of a trace, with the payloads kept since the last time: rows are numbered anew
   * from here, payloads are not, since a row to come may tell of one that was kept before.
   */
  take(): TraceChunk {
    const chunk = this.chunk(0, this.#takenPayloads);
    this.#takenPayloads = this.payloads.length;
    this.truncate(0);
    return chunk;
  }

  /** Copies out the rows from `first` on, with the payloads numbered from `payloadFirst` on. */
  chunk(first: number, payloadFirst: number): TraceChunk {
    const end = this.#rowCount;
    const rows: Uint32Array[] = [];
    const sides: Uint32Array[] = [];
    for (let from = first; from < end; ) {
      const block = from >>> BLOCK_SHIFT;
      const to = Math.min(end, (block + 1) * BLOCK_ROWS);
      const at = (from & PLACE_MASK) * ROW_WORDS;
      rows.push(this.#wordsOf(from).subarray(at, at + (to - from) * ROW_WORDS));
      const last = this.#headOf(to - 1);
      const side = this.#sides[block] as Uint32Array;
      sides.push(side.subarray(offsetIn(this.#headOf(from)), offsetIn(last) + sideLengthIn(last)));
      from = to;
    }
    const epochs: number[] = [];
    const before = this.#epochsBy(first);
    if (before > 0) epochs.push(0, this.#epochs[before - 1] as number);
    for (let i = before; i < this.#epochs.length; i++) {
      epochs.push((this.#epochRows[i] as number) - first, this.#epochs[i] as number);
    }
    const hashes = this.#hashes.subarray(payloadFirst, this.payloads.length);
    return {
      rowCount: end - first,
      words: joined([...rows, ...sides, epochs, hashes]),
      sideLength: sides.reduce((sum, side) => sum + side.length, 0),
      epochLength: epochs.length,
      payloadFirst,
      payloads: this.payloads.slice(payloadFirst),
    };
  }

  /** Appends rows that `chunk` cut out of the same trace on another thread. */
  append(chunk: TraceChunk): void {
    const row = new ChunkReader(chunk);
    while (row.next()) {
      // What was cut out of a trace is of these kinds; a number from a worker is no more than that.
      const kind = row.kind as Kind;
      const signal = row.signal as Signal;
      const { at, process, peer, message, value, payload, cause } = row;
      this.write(at, kind, process, peer, message, signal, value, payload, cause);
    }
    chunk.payloads.forEach((payload, i) => {
      this.#add(payload, hashIn(chunk, i));
    });
  }

  #wordsOf(row: number): Uint32Array {
    return this.#words[row >>> BLOCK_SHIFT] as Uint32Array;
  }

  #headOf(row: number): number {
    const words = this.#words[row >>> BLOCK_SHIFT] as Uint32Array;
    return words[(row & PLACE_MASK) * ROW_WORDS + HEAD] as number;
  }

  #payloadNumberOf(row: number): number {
    const head = this.#headOf(row);
    if (!hasPayload(head)) return 0;
    const side = this.#sides[row >>> BLOCK_SHIFT] as Uint32Array;
    return side[offsetIn(head) + valueLengthIn(head)] as number;
  }

  #add(payload: Payload, hash: number): number {
    const number = this.payloads.length;
    if (number >= this.#hashes.length) this.#hashes = grown(this.#hashes, number * 2);
    this.payloads.push(payload);
    this.#hashes[number] = hash;
    return number;
  }

  #writeSide(mode: number, value: number, payload: number): void {
    if (this.#sideLength + SIDE_WORDS_MAX > this.#nowSide.length) this.#growSide();
    const side = this.#nowSide;
    let length = this.#sideLength;
    if (mode === VALUE_WORD) side[length++] = value;
    else if (mode === VALUE_FLOAT) {
      putFloat(side, length, value);
      length += 2;
    }
    if (payload !== 0) side[length++] = payload;
    this.#sideLength = length;
  }

  #growSide(): void {
    this.#nowSide = grown(this.#nowSide, this.#nowSide.length * 2);
    this.#sides[this.#sides.length - 1] = this.#nowSide;
  }

  /** The block is full: it grows while it is the first and small, is folded away, or another begins. */
  #makeRoom(): void {
    const words = this.#nowWords;
    const block = this.#words.length - 1;
    if (words.length < BLOCK_ROWS * ROW_WORDS) {
      this.#words[block] = grown(words, words.length * 2);
    } else if (!this.#keepsRows && this.#rowCount <= this.#rowCountMax) {
      this.#foldTo(this.#rowCount);
      this.#words.push(words);
      this.#sides.push(this.#nowSide);
      this.#words[block] = this.#sides[block] = NO_WORDS;
      this.#sideLength = 0;
    } else {
      this.#words.push(new Uint32Array(BLOCK_ROWS * ROW_WORDS));
      this.#sides.push(new Uint32Array(this.#nowSide.length));
      this.#sideLength = 0;
    }
    this.#enterBlock();
  }

  /** Makes the last block the one that is written to. */
  #enterBlock(): void {
    const block = this.#words.length - 1;
    this.#nowWords = this.#words[block] as Uint32Array;
    this.#nowSide = this.#sides[block] as Uint32Array;
    this.#fullAt = block * BLOCK_ROWS + this.#nowWords.length / ROW_WORDS;
  }

  #beginEpoch(at: number): void {
    const epoch = Math.floor(at / EPOCH_US);
    this.#epochRows.push(this.#rowCount);
    this.#epochs.push(epoch);
    this.#enterEpoch(epoch);
  }

  #enterEpoch(epoch: number): void {
    this.#epochFrom = epoch * EPOCH_US;
    this.#epochTo = this.#epochFrom + EPOCH_US;
  }

  /** How many epochs after the first have begun by a row. */
  #epochsBy(row: number): number {
    let low = 0;
    let high = this.#epochRows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#epochRows[middle] as number) <= row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The upper half of a row's time. */
  #epochOf(row: number): number {
    return this.#epochs[this.#epochsBy(row) - 1] ?? 0;
  }

  /** Folds the rows before `end` that are not folded yet, a block or epoch at a time. */
  #foldTo(end: number): void {
    const hashes = this.#keepsRows ? this.#hashes : undefined;
    while (this.#foldedRows < end) {
      const from = this.#foldedRows;
      const block = from >>> BLOCK_SHIFT;
      const first = block * BLOCK_ROWS;
      const nextEpoch = this.#epochRows[this.#epochsBy(from)] ?? end;
      const to = Math.min(end, nextEpoch, first + BLOCK_ROWS, from + ROWS_PER_FOLD);
      const side = this.#sides[block] as Uint32Array;
      const epoch = this.#epochOf(from);
      this.#digest.fold(this.#wordsOf(from), side, from - first, to - first, epoch, hashes);
      this.#foldedRows = to;
      this.#foldedAt = this.atOf(to - 1);
    }
  }
}

const NO_WORDS = new Uint32Array(0);

function grown(column: Uint32Array, length: number): Uint32Array {
  const wider = new Uint32Array(length);
  wider.set(column);
  return wider;
}

function joined(parts: readonly ArrayLike<number>[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function names(table: Readonly<Record<string, number>>): readonly (string | undefined)[] {
  const byNumber: (string | undefined)[] = [];
  for (const [name, number] of Object.entries(table)) byNumber[number] = name;
  return byNumber;
}
