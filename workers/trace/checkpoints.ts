/**
 * How the cluster stood at any moment of a trace: who lived, how long the mailboxes were, what was
 * on the wires, and the last row about each process. Every 8,192 rows the state is set down; a seek
 * takes up the nearest checkpoint and goes on from there, so it costs the same at the end of a
 * million rows as at their beginning. Rule R7.
 *
 * A checkpoint holds what is alive and under way, so its size does not grow with what has happened.
 */
import { KIND, nodeOf, type Trace } from "../kernel/trace.ts";
import { Numbers } from "./numbers.ts";

/** Rows between checkpoints. */
const CHECKPOINT_ROWS = 8192;

/** The state after some rows. It is the index's own and changes with the next seek. */
export interface Standing {
  /** Rows that are behind it. */
  readonly rowCount: number;
  /** The moment, µs. */
  readonly atUs: number;
  isAlive(process: number): boolean;
  /** Messages in the mailbox; 0 for who is not alive. */
  mailboxLengthOf(process: number): number;
  /** The last row about a living process; -1 for who is not alive. */
  lastRowOf(process: number): number;
  /** Numbers of the living, oldest first. */
  living(): number[];
  /** Rows in which the messages were sent that are on a wire, earliest first. */
  inFlight(): number[];
}

interface Checkpoint {
  readonly living: Uint32Array;
  readonly mailboxes: Uint32Array;
  readonly lastRows: Uint32Array;
  readonly inFlight: Uint32Array;
}

export class Checkpoints {
  readonly #trace: Trace;
  /** Processes and messages are counted from 1 as the trace names them. */
  readonly #processNumbers = new Numbers();
  readonly #processes: number[] = [0];
  readonly #messageNumbers = new Numbers();
  readonly #messages: SentMessage[] = [{ row: 0, to: 0, endsAt: 0 }];
  readonly #checkpoints: Checkpoint[] = [];
  readonly #tail = new State();
  readonly #cursor = new State();

  constructor(trace: Trace) {
    this.#trace = trace;
    this.extend();
  }

  /** Takes in rows that the trace has gained. */
  extend(): void {
    const trace = this.#trace;
    for (let row = this.#tail.row; row < trace.rowCount; row++) {
      this.#read(row);
      this.#apply(this.#tail, row);
      if ((row + 1) % CHECKPOINT_ROWS === 0) this.#setDown(trace.atOf(row));
    }
  }

  /** The state after every row up to and at a moment. */
  stateAt(atUs: number): Standing {
    return this.#standing(Math.min(this.#trace.upperBound(atUs), this.#tail.row), atUs);
  }

  /** The state after the first `rowCount` rows, at the moment of the last of them. */
  stateAfter(rowCount: number): Standing {
    const stop = Math.min(rowCount, this.#tail.row);
    return this.#standing(stop, stop === 0 ? 0 : this.#trace.atOf(stop - 1));
  }

  #standing(rowCount: number, atUs: number): Standing {
    const state = this.#cursor;
    const nearest = Math.floor(rowCount / CHECKPOINT_ROWS);
    if (rowCount < state.row || state.row < nearest * CHECKPOINT_ROWS) {
      state.restore(this.#checkpoints[nearest - 1], nearest * CHECKPOINT_ROWS);
    }
    for (let row = state.row; row < rowCount; row++) this.#apply(state, row);
    const known = (process: number) => this.#processNumbers.get(process);
    return {
      rowCount,
      atUs,
      isAlive: (process) => state.living.has(known(process)),
      mailboxLengthOf: (process) => state.mailboxes[known(process)] ?? 0,
      lastRowOf: (process) =>
        state.living.has(known(process)) ? (state.lastRows[known(process)] as number) : -1,
      living: () => state.living.sorted().map((p) => this.#processes[p] as number),
      inFlight: () =>
        state.inFlight
          .sorted()
          .map((m) => this.#messages[m] as SentMessage)
          .filter(({ endsAt }) => endsAt > atUs)
          .map(({ row }) => row),
    };
  }

  /** Notes who and what a row names for the first time. */
  #read(row: number): void {
    const trace = this.#trace;
    const message = trace.messageOf(row);
    switch (trace.kindOf(row)) {
      case KIND.spawn:
        this.#processNumbers.set(trace.processOf(row), this.#processes.length);
        this.#processes.push(trace.processOf(row));
        return;
      case KIND.send:
        this.#messageNumbers.set(message, this.#messages.length);
        this.#messages.push({ row, to: trace.peerOf(row), endsAt: trace.valueIn(row) });
        return;
      case KIND.lose: {
        const sent = this.#messages[this.#messageNumbers.get(message)];
        if (sent !== undefined) sent.endsAt = trace.valueIn(row);
        return;
      }
      default:
        return;
    }
  }

  #apply(state: State, row: number): void {
    const trace = this.#trace;
    const id = trace.processOf(row);
    const kind = trace.kindOf(row);
    state.row = row + 1;
    const process = this.#processNumbers.get(id);
    if (process !== 0) state.note(process, row);
    switch (kind) {
      case KIND.spawn:
        state.begin(process, row);
        return;
      case KIND.exit:
        state.end(process);
        return;
      case KIND.send:
        state.inFlight.add(this.#messageNumbers.get(trace.messageOf(row)));
        return;
      case KIND.arrive:
        state.inFlight.remove(this.#messageNumbers.get(trace.messageOf(row)));
        state.fill(process, 1);
        return;
      case KIND.discard:
        state.inFlight.remove(this.#messageNumbers.get(trace.messageOf(row)));
        return;
      case KIND.receive:
      case KIND.drop:
        state.fill(process, -1);
        return;
      case KIND.nodeDown:
        this.#endNode(state, nodeOf(id));
        return;
      default:
        return;
    }
  }

  /** With a node go its processes, and what was on its way to it. */
  #endNode(state: State, node: number): void {
    for (const process of state.living.sorted()) {
      if (nodeOf(this.#processes[process] as number) === node) state.end(process);
    }
    for (const message of state.inFlight.sorted()) {
      if (nodeOf((this.#messages[message] as SentMessage).to) === node)
        state.inFlight.remove(message);
    }
  }

  /** Makes a checkpoint, without what has died on a wire by now. */
  #setDown(atUs: number): void {
    const { living, inFlight, mailboxes, lastRows } = this.#tail;
    for (const message of inFlight.sorted()) {
      if ((this.#messages[message] as SentMessage).endsAt < atUs) inFlight.remove(message);
    }
    const alive = Uint32Array.from(living.sorted());
    this.#checkpoints.push({
      living: alive,
      mailboxes: alive.map((process) => mailboxes[process] as number),
      lastRows: alive.map((process) => lastRows[process] as number),
      inFlight: Uint32Array.from(inFlight.sorted()),
    });
  }
}

interface SentMessage {
  readonly row: number;
  readonly to: number;
  /** When it arrives, or dies on the wire. */
  endsAt: number;
}

/** What rows change. Processes and messages by their small numbers. */
class State {
  row = 0;
  readonly living = new NumberSet();
  readonly inFlight = new NumberSet();
  mailboxes: Uint32Array = new Uint32Array(64);
  lastRows: Uint32Array = new Uint32Array(64);

  begin(process: number, row: number): void {
    this.living.add(process);
    this.mailboxes = withRoomFor(process, this.mailboxes);
    this.lastRows = withRoomFor(process, this.lastRows);
    this.mailboxes[process] = 0;
    this.lastRows[process] = row;
  }

  note(process: number, row: number): void {
    if (this.living.has(process)) this.lastRows[process] = row;
  }

  fill(process: number, change: number): void {
    if (this.living.has(process))
      this.mailboxes[process] = Math.max(0, (this.mailboxes[process] as number) + change);
  }

  end(process: number): void {
    if (this.living.remove(process)) this.mailboxes[process] = 0;
  }

  restore(checkpoint: Checkpoint | undefined, row: number): void {
    for (const process of this.living.sorted()) this.mailboxes[process] = 0;
    this.living.clear();
    this.inFlight.clear();
    this.row = checkpoint === undefined ? 0 : row;
    checkpoint?.living.forEach((process, i) => {
      this.begin(process, checkpoint.lastRows[i] as number);
      this.mailboxes[process] = checkpoint.mailboxes[i] as number;
    });
    for (const message of checkpoint?.inFlight ?? []) this.inFlight.add(message);
  }
}

/** A set of small numbers from 1 whose walk costs its size: members side by side, each knowing its place. */
class NumberSet {
  readonly #members: number[] = [];
  /** By number: its place among the members, from 1; 0 = not a member. */
  #places: Uint32Array = new Uint32Array(64);

  has(number: number): boolean {
    return (this.#places[number] ?? 0) !== 0;
  }

  add(number: number): void {
    if (number === 0 || this.has(number)) return;
    this.#places = withRoomFor(number, this.#places);
    this.#places[number] = this.#members.push(number);
  }

  remove(number: number): boolean {
    const place = this.#places[number] ?? 0;
    if (place === 0) return false;
    const last = this.#members.pop() as number;
    if (last !== number) {
      this.#members[place - 1] = last;
      this.#places[last] = place;
    }
    this.#places[number] = 0;
    return true;
  }

  clear(): void {
    for (const number of this.#members) this.#places[number] = 0;
    this.#members.length = 0;
  }

  sorted(): number[] {
    return [...this.#members].sort((a, b) => a - b);
  }
}

/** The column, or a wider copy when it has no place for `index`. */
function withRoomFor(index: number, column: Uint32Array): Uint32Array {
  if (index < column.length) return column;
  const wider = new Uint32Array(Math.max(index + 1, 2 * column.length));
  wider.set(column);
  return wider;
}
