/**
 * The cluster as it stood after some number of rows: who lives, what travels, what waits.
 *
 * A reducer over the trace's rows on typed arrays. It never looks at rows it has not been given,
 * so what it says at a moment does not change while the simulation runs on. Going back is done by
 * `restore`: a checkpoint holds only living processes, travelling and queued messages, so its size
 * follows what is alive and not how much has happened.
 */

import { KIND, nodeOf, SIGNAL, serialOf, type Trace } from "../../workers/kernel/trace.ts";
import { OrderedSet } from "./ordered-set.ts";
import { type MessageTable, NONE, type ProcessTable, type Slot, widened } from "./tables.ts";

/** Nodes that a picture can hold; the kernel allows more, a stage does not. */
const NODE_ROOM = 256;

export interface Tables {
  readonly trace: Trace;
  readonly processes: ProcessTable;
  readonly messages: MessageTable;
  readonly slots: readonly Slot[];
}

/** Running totals since the start. sent = delivered + discarded + lostRows + in flight, after every row. */
export interface Totals {
  sent: number;
  delivered: number;
  discarded: number;
  /** Messages that are or will be lost; those whose moment has not come are still on the wire. */
  lostRows: number;
}

export interface Checkpoint {
  readonly row: number;
  readonly alive: Uint32Array;
  readonly inFlight: Uint32Array;
  /** Four numbers a living process: waiting for, handling, kind of work, slot. */
  readonly process: Uint32Array;
  /** Two numbers a living process: work began at, µs of it. */
  readonly work: Float64Array;
  /** process, length, messages… for each mailbox that is not empty. */
  readonly queues: Uint32Array;
  /** Five numbers a slot: alive, waiting, gave up, ended, holder. */
  readonly slots: Uint32Array;
  readonly cpu: Uint32Array;
  readonly up: Uint8Array;
  readonly totals: Totals;
}

export class ClusterState {
  /** Rows taken in. */
  row = 0;
  readonly alive = new OrderedSet();
  /** Messages between send and arrival that will not be lost. */
  readonly inFlight = new OrderedSet();
  readonly totals: Totals = { sent: 0, delivered: 0, discarded: 0, lostRows: 0 };
  /** By process: messages in the mailbox, and those of them whose caller gave up. */
  depth = new Uint32Array(64);
  stale = new Uint32Array(64);
  /** By process: the call it waits for and the message it took last, as position + 1; 0 = none. */
  waitingFor = new Uint32Array(64);
  handling = new Uint32Array(64);
  /** By process: SIGNAL.cpu or SIGNAL.io while it works, else 0; since when; how many µs it asked for. */
  workKind = new Uint32Array(64);
  workAt = new Float64Array(64);
  workUs = new Float64Array(64);
  /** By slot: five numbers, see `SLOT`. */
  slots = new Uint32Array(64 * 5);
  /** By node: processes that want a core; whether it is up. */
  readonly cpu = new Uint32Array(NODE_ROOM);
  readonly up = new Uint8Array(NODE_ROOM);

  #slotNow = new Uint16Array(64);
  #head = new Uint32Array(64).fill(NONE);
  #tail = new Uint32Array(64).fill(NONE);
  #next = new Uint32Array(256);
  #previous = new Uint32Array(256);
  /** By message: in whose mailbox it waits, as position + 1. */
  #queuedAt = new Uint32Array(256);
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** Takes in rows up to, not including, `end`. */
  advance(end: number): void {
    this.#makeRoom();
    for (let row = this.row; row < end; row++) this.#apply(row);
    this.row = Math.max(this.row, end);
  }

  /** The first `limit` messages in a mailbox, head first. */
  mailbox(process: number, limit: number): number[] {
    const found: number[] = [];
    let message = this.#head[process] ?? NONE;
    while (message !== NONE && found.length < limit) {
      found.push(message);
      message = this.#next[message] ?? NONE;
    }
    return found;
  }

  /** Whether the caller of `message` had given up by now. */
  isStale(message: number): boolean {
    return (this.#tables.messages.giveUpRow[message] ?? NONE) < this.row;
  }

  checkpoint(): Checkpoint {
    const alive = this.alive.members().slice();
    const process = new Uint32Array(alive.length * 4);
    const work = new Float64Array(alive.length * 2);
    const queues: number[] = [];
    alive.forEach((p, i) => {
      process[i * 4] = this.waitingFor[p] as number;
      process[i * 4 + 1] = this.handling[p] as number;
      process[i * 4 + 2] = this.workKind[p] as number;
      process[i * 4 + 3] = this.#slotNow[p] as number;
      work[i * 2] = this.workAt[p] as number;
      work[i * 2 + 1] = this.workUs[p] as number;
      const depth = this.depth[p] as number;
      if (depth > 0) queues.push(p, depth, ...this.mailbox(p, depth));
    });
    return {
      row: this.row,
      alive,
      inFlight: this.inFlight.members().slice(),
      process,
      work,
      queues: Uint32Array.from(queues),
      slots: this.slots.slice(0, this.#tables.slots.length * 5),
      cpu: this.cpu.slice(),
      up: this.up.slice(),
      totals: { ...this.totals },
    };
  }

  /** Becomes what it was at a checkpoint of the same trace; undefined is the beginning. */
  restore(checkpoint: Checkpoint | undefined): void {
    this.#makeRoom();
    for (const p of this.alive.members()) this.#bury(p);
    this.alive.clear();
    this.inFlight.clear();
    this.slots.fill(0);
    this.cpu.fill(0);
    this.up.fill(0);
    this.row = 0;
    Object.assign(this.totals, { sent: 0, delivered: 0, discarded: 0, lostRows: 0 });
    if (checkpoint === undefined) return;
    this.row = checkpoint.row;
    Object.assign(this.totals, checkpoint.totals);
    this.slots.set(checkpoint.slots);
    this.cpu.set(checkpoint.cpu);
    this.up.set(checkpoint.up);
    for (const m of checkpoint.inFlight) this.inFlight.add(m);
    checkpoint.alive.forEach((p, i) => {
      this.alive.add(p);
      this.waitingFor[p] = checkpoint.process[i * 4] as number;
      this.handling[p] = checkpoint.process[i * 4 + 1] as number;
      this.workKind[p] = checkpoint.process[i * 4 + 2] as number;
      this.#slotNow[p] = checkpoint.process[i * 4 + 3] as number;
      this.workAt[p] = checkpoint.work[i * 2] as number;
      this.workUs[p] = checkpoint.work[i * 2 + 1] as number;
    });
    const queues = checkpoint.queues;
    for (let i = 0; i < queues.length; ) {
      const p = queues[i] as number;
      const end = i + 2 + (queues[i + 1] as number);
      for (i += 2; i < end; i++) this.#enqueue(p, queues[i] as number);
    }
  }

  #apply(row: number): void {
    const { trace, processes, messages } = this.#tables;
    this.row = row + 1;
    const id = trace.processOf(row);
    const node = nodeOf(id);
    const p = processes.find(id);
    const kind = trace.kindOf(row);
    if (kind === KIND.nodeUp) this.up[node] = 1;
    else if (kind === KIND.nodeDown) this.#endNode(node);
    if (p === NONE || serialOf(id) === 0) {
      // The scenario and the nodes themselves may send; they have no mailbox and no chip.
      if (kind === KIND.send) this.#send(NONE, messages.find(trace.messageOf(row)));
      else if (kind === KIND.lose) this.#lose(messages.find(trace.messageOf(row)));
      return;
    }
    const m = messages.find(trace.messageOf(row));
    switch (kind) {
      case KIND.spawn:
        this.alive.add(p);
        this.#settle(p, processes.bornSlot[p] as number);
        break;
      case KIND.register:
        this.#unsettle(p);
        this.#settle(p, processes.slot[p] as number);
        break;
      case KIND.exit:
        this.#exit(p, node);
        break;
      case KIND.send:
        this.#send(p, m);
        break;
      case KIND.lose:
        this.#lose(m);
        break;
      case KIND.arrive:
        if (m === NONE) break;
        // A message that nobody sent, such as a timer's, begins and arrives at once.
        if (messages.sendRow[m] === row) this.totals.sent++;
        this.inFlight.remove(m);
        this.totals.delivered++;
        if (this.alive.has(p)) this.#enqueue(p, m);
        break;
      case KIND.discard:
        if (m === NONE) break;
        if (messages.sendRow[m] === row) this.totals.sent++;
        this.inFlight.remove(m);
        this.totals.discarded++;
        break;
      case KIND.receive:
        if (m !== NONE) this.#receive(p, m);
        break;
      case KIND.drop:
        if (m !== NONE) this.#dequeue(p, m);
        break;
      case KIND.workStart:
        this.#stopWork(p, node);
        this.workKind[p] = trace.signalOf(row) === SIGNAL.io ? SIGNAL.io : SIGNAL.cpu;
        this.workAt[p] = trace.atOf(row);
        this.workUs[p] = trace.valueIn(row);
        if (this.workKind[p] === SIGNAL.cpu) this.cpu[node] = (this.cpu[node] as number) + 1;
        break;
      case KIND.workEnd:
        this.#stopWork(p, node);
        break;
      case KIND.giveUp:
        this.#stopWaiting(p);
        this.#count(p, SLOT.gaveUp, 1);
        if (m !== NONE && this.#queuedAt[m] !== 0) {
          const owner = (this.#queuedAt[m] as number) - 1;
          this.stale[owner] = (this.stale[owner] as number) + 1;
        }
        break;
      default:
        break;
    }
  }

  #send(p: number, m: number): void {
    if (m === NONE) return;
    this.totals.sent++;
    this.inFlight.add(m);
    if (p === NONE || this.#tables.messages.signal[m] !== SIGNAL.call) return;
    if (this.waitingFor[p] === 0) this.#count(p, SLOT.waiting, 1);
    this.waitingFor[p] = m + 1;
  }

  #lose(m: number): void {
    if (m !== NONE && this.inFlight.remove(m)) this.totals.lostRows++;
  }

  #receive(p: number, m: number): void {
    this.#dequeue(p, m);
    const signal = this.#tables.messages.signal[m];
    if (signal === SIGNAL.reply || signal === SIGNAL.down) this.#stopWaiting(p);
    else this.handling[p] = m + 1;
  }

  /** With a node go its processes. */
  #endNode(node: number): void {
    this.up[node] = 0;
    const { id } = this.#tables.processes;
    for (const p of this.alive.members().slice()) {
      if (nodeOf(id[p] as number) === node) this.#exit(p, node);
    }
  }

  #exit(p: number, node: number): void {
    this.#stopWork(p, node);
    this.#stopWaiting(p);
    this.#unsettle(p);
    this.#count(p, SLOT.ended, 1);
    this.#bury(p);
    this.alive.remove(p);
  }

  #stopWork(p: number, node: number): void {
    if (this.workKind[p] === SIGNAL.cpu) this.cpu[node] = (this.cpu[node] as number) - 1;
    if (this.workKind[p] !== 0) this.handling[p] = 0;
    this.workKind[p] = 0;
  }

  #stopWaiting(p: number): void {
    if (this.waitingFor[p] === 0) return;
    this.waitingFor[p] = 0;
    this.#count(p, SLOT.waiting, -1);
  }

  #settle(p: number, slot: number): void {
    this.#slotNow[p] = slot;
    this.slots[slot * 5 + SLOT.alive] = (this.slots[slot * 5 + SLOT.alive] as number) + 1;
    this.slots[slot * 5 + SLOT.holder] = p + 1;
    if (this.waitingFor[p] !== 0) this.#count(p, SLOT.waiting, 1);
  }

  #unsettle(p: number): void {
    this.#count(p, SLOT.alive, -1);
    if (this.waitingFor[p] !== 0) this.#count(p, SLOT.waiting, -1);
    const holder = (this.#slotNow[p] as number) * 5 + SLOT.holder;
    // After an exit the chip still shows who died there; after a move it is empty again.
    if (this.slots[holder] === p + 1 && this.#tables.processes.exitRow[p] !== this.row - 1) {
      this.slots[holder] = 0;
    }
  }

  #count(p: number, what: number, change: number): void {
    const i = (this.#slotNow[p] as number) * 5 + what;
    this.slots[i] = (this.slots[i] as number) + change;
  }

  #enqueue(p: number, m: number): void {
    const last = this.#tail[p] as number;
    this.#next[m] = NONE;
    this.#previous[m] = last;
    if (last === NONE) this.#head[p] = m;
    else this.#next[last] = m;
    this.#tail[p] = m;
    this.#queuedAt[m] = p + 1;
    this.depth[p] = (this.depth[p] as number) + 1;
    if (this.isStale(m)) this.stale[p] = (this.stale[p] as number) + 1;
  }

  #dequeue(p: number, m: number): void {
    if (this.#queuedAt[m] !== p + 1) return;
    const before = this.#previous[m] as number;
    const after = this.#next[m] as number;
    if (before === NONE) this.#head[p] = after;
    else this.#next[before] = after;
    if (after === NONE) this.#tail[p] = before;
    else this.#previous[after] = before;
    this.#queuedAt[m] = 0;
    this.depth[p] = (this.depth[p] as number) - 1;
    if (this.isStale(m)) this.stale[p] = (this.stale[p] as number) - 1;
  }

  /** Empties everything kept for one process. */
  #bury(p: number): void {
    for (let m = this.#head[p] ?? NONE; m !== NONE; m = this.#next[m] as number) {
      this.#queuedAt[m] = 0;
    }
    this.#head[p] = NONE;
    this.#tail[p] = NONE;
    this.depth[p] = 0;
    this.stale[p] = 0;
    this.waitingFor[p] = 0;
    this.handling[p] = 0;
    this.workKind[p] = 0;
  }

  #makeRoom(): void {
    const { processes, messages, slots } = this.#tables;
    if (this.slots.length < slots.length * 5) this.slots = widened(this.slots, slots.length * 5);
    const had = this.depth.length;
    if (had < processes.count) {
      const room = processes.id.length;
      this.depth = widened(this.depth, room);
      this.stale = widened(this.stale, room);
      this.waitingFor = widened(this.waitingFor, room);
      this.handling = widened(this.handling, room);
      this.workKind = widened(this.workKind, room);
      this.workAt = widened(this.workAt, room);
      this.workUs = widened(this.workUs, room);
      this.#slotNow = widened(this.#slotNow, room);
      this.#head = widened(this.#head, room).fill(NONE, had);
      this.#tail = widened(this.#tail, room).fill(NONE, had);
    }
    if (this.#next.length < messages.count) {
      const room = messages.id.length;
      this.#next = widened(this.#next, room);
      this.#previous = widened(this.#previous, room);
      this.#queuedAt = widened(this.#queuedAt, room);
    }
  }
}

/** Where each number of a slot stands among its five. */
export const SLOT = { alive: 0, waiting: 1, gaveUp: 2, ended: 3, holder: 4 } as const;
