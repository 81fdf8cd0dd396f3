/**
 * The trace: everything that happened in a run, in order, as columns of numbers.
 *
 * It is the only thing that leaves a run: picture, text list, checks and digest read it and never
 * ask the kernel anything. Rows are ordered by (virtual time, node, order within the node), which
 * is the same whichever way the nodes were placed on threads. Rule R1.
 *
 * Growable typed arrays were chosen over objects: 38 bytes a row instead of 130, transferred
 * between threads without copying, and no work for the collector while a run is under way.
 */

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
  /** process wrote a line. payload = text. */
  log: 21,
  /** A node starts. value = its cores, payload = its name. process = node (serial 0). */
  nodeUp: 22,
  /** A node is killed. process = node (serial 0), payload = why. */
  nodeDown: 23,
  /** The run ended before its horizon. payload = the bound that was reached. */
  cut: 24,
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
 * node index × 2^24 + serial. Serial 0 is the node itself (or, for messages, none).
 */
const SERIAL_SPAN = 2 ** 24;

/** The most nodes a run may have, from the width of the numbers above. */
export const NODE_COUNT_MAX = 255;

/** Builds a trace number from a node's index (from 0) and a serial below 2^24. */
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

/** A run of rows cut out of a trace, made to be transferred between threads. */
export interface TraceChunk {
  readonly rowCount: number;
  readonly at: Float64Array;
  readonly kind: Uint8Array;
  readonly signal: Uint8Array;
  readonly process: Uint32Array;
  readonly peer: Uint32Array;
  readonly message: Uint32Array;
  readonly value: Float64Array;
  readonly payload: Uint32Array;
  readonly cause: Uint32Array;
  /** Payloads numbered from `payloadFirst`; rows refer to them by the number in the whole trace. */
  readonly payloadFirst: number;
  readonly payloads: readonly Payload[];
  readonly payloadHashes: Uint32Array;
}

/** Rows that a new trace has room for before its columns grow. */
const ROWS_AT_FIRST = 1024;

/** Columns of a run's rows. Written by the kernel alone (`write`), read by everyone else. */
export class Trace {
  rowCount = 0;
  at = new Float64Array(ROWS_AT_FIRST);
  kind = new Uint8Array(ROWS_AT_FIRST);
  signal = new Uint8Array(ROWS_AT_FIRST);
  process = new Uint32Array(ROWS_AT_FIRST);
  peer = new Uint32Array(ROWS_AT_FIRST);
  message = new Uint32Array(ROWS_AT_FIRST);
  value = new Float64Array(ROWS_AT_FIRST);
  payload = new Uint32Array(ROWS_AT_FIRST);
  /** The message that the acting process was handling when it did this; 0 = none. */
  cause = new Uint32Array(ROWS_AT_FIRST);
  /** Payload 0 is "none". */
  readonly payloads: Payload[] = [undefined];
  payloadHashes = new Uint32Array(ROWS_AT_FIRST);

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
    const row = this.rowCount;
    if (row === this.at.length) this.#grow(row * 2);
    this.at[row] = at;
    this.kind[row] = kind;
    this.signal[row] = signal;
    this.process[row] = process;
    this.peer[row] = peer;
    this.message[row] = message;
    this.value[row] = value;
    this.payload[row] = payload;
    this.cause[row] = cause;
    this.rowCount = row + 1;
    return row;
  }

  /** Keeps a payload beside the rows and returns its number. `hash` is that of its content. */
  keep(payload: Payload, hash: number): number {
    const index = this.payloads.length;
    if (index === this.payloadHashes.length) {
      this.payloadHashes = grown(this.payloadHashes, index * 2);
    }
    this.payloads.push(payload);
    this.payloadHashes[index] = hash;
    return index;
  }

  /** The payload of a row, or undefined when it has none. */
  payloadOf(row: number): Payload {
    return this.payloads[this.payload[row] ?? 0];
  }

  /** The index of the first row later than `at`; `rowCount` when there is none. */
  upperBound(at: number): number {
    let low = 0;
    let high = this.rowCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.at[middle] as number) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Copies out the rows from `first` on, with the payloads numbered from `payloadFirst` on. */
  chunk(first: number, payloadFirst: number): TraceChunk {
    const end = this.rowCount;
    return {
      rowCount: end - first,
      at: this.at.slice(first, end),
      kind: this.kind.slice(first, end),
      signal: this.signal.slice(first, end),
      process: this.process.slice(first, end),
      peer: this.peer.slice(first, end),
      message: this.message.slice(first, end),
      value: this.value.slice(first, end),
      payload: this.payload.slice(first, end),
      cause: this.cause.slice(first, end),
      payloadFirst,
      payloads: this.payloads.slice(payloadFirst),
      payloadHashes: this.payloadHashes.slice(payloadFirst, this.payloads.length),
    };
  }

  /** Forgets all rows and payloads; both are numbered anew from here. */
  clear(): void {
    this.rowCount = 0;
    this.payloads.length = 1;
  }

  /** Appends rows that `chunk` cut out of the same trace on another thread. */
  append(chunk: TraceChunk): void {
    const first = this.rowCount;
    const end = first + chunk.rowCount;
    if (end > this.at.length) this.#grow(Math.max(end, this.at.length * 2));
    this.at.set(chunk.at, first);
    this.kind.set(chunk.kind, first);
    this.signal.set(chunk.signal, first);
    this.process.set(chunk.process, first);
    this.peer.set(chunk.peer, first);
    this.message.set(chunk.message, first);
    this.value.set(chunk.value, first);
    this.payload.set(chunk.payload, first);
    this.cause.set(chunk.cause, first);
    this.rowCount = end;
    chunk.payloads.forEach((payload, i) => {
      this.keep(payload, chunk.payloadHashes[i] ?? 0);
    });
  }

  #grow(rows: number): void {
    this.at = grown(this.at, rows);
    this.kind = grown(this.kind, rows);
    this.signal = grown(this.signal, rows);
    this.process = grown(this.process, rows);
    this.peer = grown(this.peer, rows);
    this.message = grown(this.message, rows);
    this.value = grown(this.value, rows);
    this.payload = grown(this.payload, rows);
    this.cause = grown(this.cause, rows);
  }
}

function grown<T extends Float64Array | Uint32Array | Uint8Array>(column: T, length: number): T {
  // The constructor of a typed array is its own kind; TypeScript cannot say so for a union.
  const wider = new (column.constructor as new (length: number) => T)(length);
  wider.set(column);
  return wider;
}

function names(table: Readonly<Record<string, number>>): readonly (string | undefined)[] {
  const byNumber: (string | undefined)[] = [];
  for (const [name, number] of Object.entries(table)) byNumber[number] = name;
  return byNumber;
}
