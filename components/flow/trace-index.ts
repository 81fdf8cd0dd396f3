/**
 * An index over a trace that grows while the simulation runs ahead: tables, checkpoints, and the
 * state of the cluster at any moment. Reading a row twice costs nothing new, so chunks of any size
 * give the same index; a seek copies one checkpoint and replays at most 4,095 rows.
 */

import { KIND, nodeOf, SIGNAL, serialOf, type Trace } from "../../workers/kernel/trace.ts";
import { type Checkpoint, ClusterState, SLOT } from "./cluster-state.ts";
import {
  LANE_COUNT_MAX,
  MessageTable,
  Meter,
  NONE,
  ProcessTable,
  Series,
  SLOT_COUNT_MAX,
  type Slot,
  upperBound,
} from "./tables.ts";

/** Rows between checkpoints. */
const CHECKPOINT_ROWS = 4096;

/** Rows that change the length of a mailbox. */
const MOVES_MAILBOX: ReadonlySet<number> = new Set([
  KIND.arrive,
  KIND.receive,
  KIND.drop,
  KIND.exit,
]);

export class TraceIndex {
  readonly trace: Trace;
  readonly processes = new ProcessTable();
  readonly messages = new MessageTable();
  readonly slots: Slot[] = [];
  /** Messages lost on a wire, in order of dying, with the moments. */
  readonly lossMessages: number[] = [];
  readonly lossAt: number[] = [];
  /** Messages sent so far from one node to another, in order: times by `fromNode * 256 + toNode`. */
  readonly traffic = new Map<number, Series>();
  /** Mailbox depth by slot, for slots of single processes. */
  readonly depths = new Map<number, Series>();
  /** Work under way by slot of a single process (0 or 1), and processes wanting a core by node. */
  readonly slotWork = new Map<number, Meter>();
  readonly nodeWork = new Map<number, Meter>();
  /** The longest a message took over a wire so far, µs. */
  flightUsMax = 0;
  /** Changes when a slot appears or gets its first member. */
  slotsVersion = 0;

  readonly #crowds: ReadonlySet<string>;
  readonly #checkpoints: Checkpoint[] = [];
  readonly #tail: ClusterState;
  readonly #cursor: ClusterState;
  readonly #slotByKey = new Map<string, Slot>();
  readonly #slotCountByNode: number[] = [];

  /** `crowds` are labels whose processes are counted and not shown one by one: names of loads. */
  constructor(trace: Trace, crowds: readonly string[]) {
    this.trace = trace;
    this.#crowds = new Set(crowds);
    this.#tail = new ClusterState(this);
    this.#cursor = new ClusterState(this);
  }

  /** Rows taken in so far. */
  get rowCount(): number {
    return this.#tail.row;
  }

  /** Takes in rows that the trace has gained; false when there were none. */
  extend(): boolean {
    const first = this.#tail.row;
    const end = this.trace.rowCount;
    for (let row = first; row < end; row++) {
      this.#read(row);
      this.#tail.advance(row + 1);
      this.#noteDepth(row);
      this.#noteWork(row);
      if ((row + 1) % CHECKPOINT_ROWS === 0) this.#checkpoints.push(this.#tail.checkpoint());
    }
    return end > first;
  }

  /** The state after every row up to and at `at`. Owned by the index and valid until the next call. */
  stateAt(at: number): ClusterState {
    const row = Math.min(this.trace.upperBound(at), this.#tail.row);
    const checkpointCount = Math.floor(row / CHECKPOINT_ROWS);
    const nearest = checkpointCount * CHECKPOINT_ROWS;
    if (row < this.#cursor.row || this.#cursor.row < nearest) {
      this.#cursor.restore(this.#checkpoints[checkpointCount - 1]);
    }
    this.#cursor.advance(row);
    return this.#cursor;
  }

  /** Messages that have died on a wire by `at`. */
  lostBy(at: number): number {
    return upperBound(this.lossAt, this.lossAt.length, at);
  }

  /** Messages sent from one node to another in the `windowUs` up to `at`. */
  sentBetween(fromNode: number, toNode: number, at: number, windowUs: number): number {
    const series = this.traffic.get(fromNode * 256 + toNode);
    if (series === undefined) return 0;
    return (
      upperBound(series.at, series.count, at) - upperBound(series.at, series.count, at - windowUs)
    );
  }

  /** The process (its number in the trace) that holds a slot at `state`; 0 when nobody ever did. */
  holderOf(slot: number, state: ClusterState): number {
    const holder = state.slots[slot * 5 + SLOT.holder] ?? 0;
    return holder === 0 ? 0 : (this.processes.id[holder - 1] as number);
  }

  #read(row: number): void {
    const { trace, processes, messages } = this;
    const id = trace.processOf(row);
    const message = trace.messageOf(row);
    switch (trace.kindOf(row)) {
      case KIND.spawn:
        this.#readSpawn(row, id);
        break;
      case KIND.exit: {
        const p = processes.find(id);
        if (p !== NONE) processes.exitRow[p] = row;
        break;
      }
      case KIND.register: {
        const p = processes.find(id);
        if (p !== NONE) this.#readName(p, String(trace.payloadOf(row)));
        break;
      }
      case KIND.send:
        this.#readSend(row, id, trace.peerOf(row), trace.valueIn(row));
        break;
      case KIND.lose: {
        const m = messages.find(message);
        if (m !== NONE) this.#readLoss(m, trace.valueIn(row));
        break;
      }
      case KIND.arrive:
      case KIND.discard: {
        let m = messages.find(message);
        if (m === NONE) m = this.#readSend(row, trace.peerOf(row), id, trace.atOf(row));
        messages.arriveRow[m] = row;
        break;
      }
      case KIND.receive: {
        const m = messages.find(message);
        if (m !== NONE) messages.receiveRow[m] = row;
        break;
      }
      case KIND.giveUp: {
        const m = messages.find(message);
        if (m !== NONE) messages.giveUpRow[m] = row;
        break;
      }
      default:
        break;
    }
  }

  #readSpawn(row: number, id: number): void {
    const payload = this.trace.payloadOf(row);
    const label = typeof payload === "string" && payload !== "" ? payload : "process";
    const slot = this.#slotFor(nodeOf(id), label);
    this.processes.add(id, row, label, slot.index);
    this.#join(slot);
  }

  #readName(p: number, name: string): void {
    const { processes } = this;
    processes.name[p] = name;
    if (processes.label[p] === name) return;
    const born = this.slots[processes.slot[p] as number];
    if (born !== undefined) born.members--;
    const slot = this.#slot(nodeOf(processes.id[p] as number), `@${name}`, name, false);
    processes.slot[p] = slot.index;
    this.#join(slot);
  }

  #readSend(row: number, from: number, to: number, arriveAt: number): number {
    const { trace, messages, processes } = this;
    const sent = trace.kindOf(row) === KIND.send;
    const at = trace.atOf(row);
    const signal = sent ? trace.signalOf(row) : trace.signalOf(row) || SIGNAL.timer;
    const fromNode = from === 0 ? nodeOf(to) : nodeOf(from);
    const m = messages.add(
      trace.messageOf(row),
      row,
      signal,
      serialOf(from) === 0 ? NONE : processes.find(from),
      processes.find(to),
      fromNode,
      nodeOf(to),
      at,
      arriveAt,
    );
    if (sent && fromNode !== nodeOf(to)) {
      this.flightUsMax = Math.max(this.flightUsMax, arriveAt - at);
      const key = fromNode * 256 + nodeOf(to);
      const series = this.traffic.get(key) ?? new Series();
      series.note(at, signal);
      this.traffic.set(key, series);
    }
    return m;
  }

  #readLoss(m: number, at: number): void {
    this.messages.dieAt[m] = at;
    // Losses are written in order of sending and nearly in order of dying: the walk is short.
    let i = this.lossAt.length;
    while (i > 0 && (this.lossAt[i - 1] as number) > at) i--;
    this.lossAt.splice(i, 0, at);
    this.lossMessages.splice(i, 0, m);
  }

  #noteDepth(row: number): void {
    const kind = this.trace.kindOf(row);
    if (!MOVES_MAILBOX.has(kind)) return;
    const p = this.processes.find(this.trace.processOf(row));
    if (p === NONE) return;
    const slot = this.processes.slot[p] as number;
    if (this.slots[slot]?.many !== false) return;
    const series = this.depths.get(slot) ?? new Series();
    series.note(this.trace.atOf(row), this.#tail.depth[p] as number);
    this.depths.set(slot, series);
  }

  #noteWork(row: number): void {
    const kind = this.trace.kindOf(row);
    if (kind !== KIND.workStart && kind !== KIND.workEnd && kind !== KIND.exit) return;
    const id = this.trace.processOf(row);
    const at = this.trace.atOf(row);
    const node = nodeOf(id);
    note(this.nodeWork, node, at, this.#tail.cpu[node] as number);
    const p = this.processes.find(id);
    if (p === NONE) return;
    const slot = this.processes.slot[p] as number;
    if (this.slots[slot]?.many !== false) return;
    note(this.slotWork, slot, at, this.#tail.workKind[p] === 0 ? 0 : 1);
  }

  /** A crowd's slot, or the lowest one of this label that no living process holds. */
  #slotFor(node: number, label: string): Slot {
    if (this.#crowds.has(label)) return this.#slot(node, label, label, true);
    for (let lane = 0; lane < LANE_COUNT_MAX; lane++) {
      const key = `${label}#${lane}`;
      const slot = this.#slotByKey.get(`${node}|${key}`);
      if (slot === undefined) return this.#slot(node, key, label, false);
      if (!slot.many && this.#tail.slots[slot.index * 5 + SLOT.alive] === 0) return slot;
    }
    return this.#slot(node, `${label}#more`, `more ${label}`, true);
  }

  #slot(node: number, key: string, title: string, many: boolean): Slot {
    const known = this.#slotByKey.get(`${node}|${key}`);
    if (known !== undefined) return known;
    const count = this.#slotCountByNode[node] ?? 0;
    if (count >= SLOT_COUNT_MAX - 1 && key !== "…") return this.#slot(node, "…", "others", true);
    this.#slotCountByNode[node] = count + 1;
    const slot: Slot = { index: this.slots.length, node, title, many, members: 0 };
    this.slots.push(slot);
    this.#slotByKey.set(`${node}|${key}`, slot);
    return slot;
  }

  #join(slot: Slot): void {
    slot.members++;
    if (slot.members === 1) this.slotsVersion++;
  }
}

function note(meters: Map<number, Meter>, key: number, at: number, level: number): void {
  const meter = meters.get(key) ?? new Meter();
  meter.note(at, level);
  meters.set(key, meter);
}
