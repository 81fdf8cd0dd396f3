/**
 * What the parts of a node share: its clock, agenda and run queue, its tables of processes, names,
 * aliases and timers, its numbers, and its hand in the trace.
 *
 * Each part (mail, ties, lives, …) keeps one idea and holds this object; what only one part needs
 * is kept there. The core knows no part, and decides nothing but order: what is due when, and who
 * is next. Its methods run for every message, so they take plain arguments and make no objects.
 */
import { Conditions } from "./conditions.ts";
import { Cores } from "./cores.ts";
import { Entry, Heap, localOrder, SHIFT_SPAN, shuffledOrder } from "./heap.ts";
import { Medium } from "./medium.ts";
import {
  type Destination,
  isPid,
  isRef,
  type NameOnNode,
  nodeOfAddress,
  type Pid,
  type Ref,
  readPid,
} from "./names.ts";
import type { NodeOptions } from "./node-options.ts";
import { type Copied, copy, type Exports } from "./payload.ts";
import type { ProcessOn } from "./process.ts";
import { RandomStream, STREAM } from "./random.ts";
import { Stop } from "./reason.ts";
import { RunQueue } from "./run-queue.ts";
import { bytesOf, type Envelope } from "./signals.ts";
import {
  KIND,
  type Kind,
  SERIAL_SPAN,
  SIGNAL,
  type Signal as SignalNumber,
  type Trace,
  traceId,
} from "./trace.ts";
import { WallClock } from "./wall-clock.ts";

/** The node as its processes need it, and no more of it: the parts stand below the node. */
export interface Home {
  crash(process: Resident, thrown: unknown): void;
}

/** A process, as the parts of its node know it. */
export type Resident = ProcessOn<Home>;

/** A step that is not "take the next message": the first one, or the end of a wait. */
export class Wake {
  readonly process: Resident;
  readonly body: () => void;

  constructor(process: Resident, body: () => void) {
    this.process = process;
    this.body = body;
  }
}

/** Who is next: a process for its next message, or a wake. */
export type Turn = Resident | Wake;

/** What a row tells besides who and what; 0 or nothing by default. */
export interface Row {
  readonly peer?: number;
  readonly message?: number;
  readonly signal?: SignalNumber;
  readonly value?: number;
  readonly payload?: Copied;
}

/** Where an address leads: the index of the node (−1 for none) and the trace number. */
interface Address {
  readonly node: number;
  readonly id: number;
}

/** Addresses that are remembered before all are forgotten. */
const ADDRESSES_MAX = 4096;

export class NodeCore {
  readonly options: NodeOptions;
  readonly index: number;
  readonly name: string;
  readonly trace: Trace;
  readonly cores: Cores;
  readonly disk: Medium;
  readonly wallClock: WallClock;
  readonly conditions = new Conditions();
  /** Virtual time, µs. */
  now: number;
  /** Set when a bound of this node was passed; the run ends here. */
  cutBy: string | undefined = undefined;
  isPaused = false;
  /** Nothing happens before: what a pause has delayed is due then. */
  notBefore: number;
  readonly agenda = new Heap();
  readonly runQueue = new RunQueue<Turn>();
  /** Living processes, oldest first. */
  readonly processes = new Map<Pid, Resident>();
  readonly names = new Map<string, Resident>();
  readonly aliases = new Map<Ref, Resident>();
  readonly timers = new Map<Ref, Entry>();
  /** The program: what other nodes may start here, and what messages may name. */
  exports: Exports = {};
  /** Shuffles what is ready at one instant; undefined in order of arrival. */
  readonly shuffle: RandomStream | undefined;
  readonly #addresses = new Map<string, Address>();
  #sequence = 0;
  #id: number;

  constructor(options: NodeOptions) {
    const { life } = options;
    this.options = options;
    this.index = options.index;
    this.name = options.name;
    this.trace = options.trace;
    this.cores = new Cores(options.cores);
    this.wallClock = new WallClock(options.clock);
    this.disk = new Medium(options.disk, life.disk, options.isDiskMirrored);
    this.now = life.startUs;
    this.notBefore = life.startUs;
    this.#id = life.firstId;
    this.shuffle = options.isShuffled
      ? new RandomStream(options.seed, STREAM.schedule, options.index, life.incarnation)
      : undefined;
  }

  // Order: what is due when, and who is next.

  /** Puts `due` on the agenda, in the order of the node's own entries; it is called with `subject`. */
  enlist<Subject>(at: number, due: (subject: Subject) => void, subject: Subject): Entry {
    const { shuffle } = this;
    const sequence = this.#sequence++;
    const order =
      shuffle === undefined
        ? localOrder(sequence)
        : shuffledOrder(shuffle.below(SHIFT_SPAN), sequence);
    // The heap hands an entry's subject to its own `due` and to no other.
    const entry = new Entry(at, order, due as (subject: unknown) => void, subject);
    this.agenda.push(entry);
    return entry;
  }

  /** As `enlist`, without a subject. */
  schedule(at: number, due: () => void): Entry {
    return this.enlist(at, due, undefined);
  }

  /** Does what is due next. */
  doNext(): void {
    const entry = this.agenda.pop();
    if (entry !== undefined) entry.due(entry.subject);
  }

  /** Lets `body` run as a step of `process`, after what is already queued. */
  wake(process: Resident, body: () => void): void {
    this.runQueue.push(new Wake(process, body));
  }

  /** Queues a process for its next message; once, however many came. */
  ready(process: Resident): void {
    if (process.isQueued || !process.alive) return;
    process.isQueued = true;
    this.runQueue.push(process);
  }

  /** A bound of the whole run is passed: nothing more happens on this node. Rule G3. */
  cut(why: string): never {
    this.cutBy ??= why;
    throw new Stop(why);
  }

  /** Throws messages out of a mailbox unread. Returns whether there was one. */
  dropMessages(process: Resident, isMeant: (envelope: Envelope) => boolean): boolean {
    const isAny = process.mailbox.remove((envelope) => {
      const isGone = isMeant(envelope);
      if (isGone) {
        this.writeEnvelope(KIND.drop, process.id, envelope);
        if (process.heapBytesMax !== undefined) process.heapBytes -= bytesOf(envelope);
      }
      return isGone;
    });
    if (isAny) {
      process.scannedTo = undefined;
      process.scannedCount = 0;
    }
    return isAny;
  }

  /** Takes a timer off the agenda. */
  dropTimer(ref: Ref): void {
    const entry = this.timers.get(ref);
    if (entry !== undefined) this.agenda.remove(entry);
    this.timers.delete(ref);
  }

  // Numbers and addresses.

  /** The next number for a message, timer or reference. */
  nextId(): number {
    const id = this.#id++;
    if (id >= SERIAL_SPAN)
      this.cut(`node ${this.name} sent more than ${count(SERIAL_SPAN)} messages`);
    return id;
  }

  /** Where the node's next life goes on counting. */
  get idsUsed(): number {
    return this.#id;
  }

  /** An address in full: a name of this node with its node. */
  targetOf(to: Destination): Pid | NameOnNode {
    if (typeof to !== "string") return to;
    // References are addresses too where a message may go; nothing else is done with them.
    return isPid(to) || isRef(to) ? (to as Pid) : { name: to, node: this.name };
  }

  /** The index of a node; −1 when there is none of that name. */
  indexOf(node: string): number {
    return this.options.nodeIndex.get(node) ?? -1;
  }

  /** The index of the node that an address is on; −1 when there is none of that name. */
  nodeIndexOf(target: Pid | Ref | NameOnNode): number {
    if (typeof target === "string") return this.#read(target).node;
    return target.node === this.name ? this.index : this.indexOf(target.node);
  }

  /** The trace number of whoever an address means; the node's own when it is a name elsewhere. */
  idOf(target: Pid | Ref | NameOnNode): number {
    if (typeof target === "string") return this.#read(target).id;
    const node = this.nodeIndexOf(target);
    if (node < 0) return 0;
    const own = node === this.index ? this.names.get(target.name) : undefined;
    return own?.id ?? traceId(node, 0);
  }

  /** What a pid or reference says. The last ones are remembered: reading a text costs more than finding it. */
  #read(address: Pid | Ref): Address {
    const known = this.#addresses.get(address);
    if (known !== undefined) return known;
    if (this.#addresses.size >= ADDRESSES_MAX) this.#addresses.clear();
    const node = this.indexOf(nodeOfAddress(address) ?? "");
    const serial = isRef(address) ? 0 : (readPid(address)?.serial ?? 0);
    const read = { node, id: node < 0 ? 0 : traceId(node, serial) };
    this.#addresses.set(address, read);
    return read;
  }

  // The trace.

  /** Writes a row about a process of this node, with what it is handling as the cause. */
  record(process: Resident, kind: Kind, row: Row = {}): void {
    const { peer = 0, message = 0, signal = SIGNAL.none, value = 0, payload } = row;
    this.write(kind, process.id, peer, message, signal, value, payload, process.handling);
  }

  /** Writes a row about the node itself. */
  noteOwn(kind: Kind, value: number, message: number, text: string): void {
    const own = traceId(this.index, 0);
    this.write(kind, own, 0, message, SIGNAL.none, value, copy(text), 0);
  }

  /** Writes a row about a message that has come to nothing. */
  writeEnvelope(kind: Kind, process: number, { from, id, signal }: Envelope): void {
    this.trace.write(this.now, kind, process, from, id, signal, 0, 0, 0);
  }

  /** Writes any row of now. */
  write(
    kind: Kind,
    process: number,
    peer: number,
    message: number,
    signal: SignalNumber,
    value: number,
    payload: Copied | undefined,
    cause: number,
  ): void {
    const kept =
      payload === undefined || payload.value === undefined
        ? 0
        : this.trace.keep(payload.shown, payload.hash);
    this.trace.write(this.now, kind, process, peer, message, signal, value, kept, cause);
  }
}

/** 1000000 → "1,000,000"; Intl is not the same everywhere. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
