/**
 * A node: its processes, their mailboxes, its clock, agenda, cores and connections.
 *
 * One node is the unit that can be placed on a thread of its own. It knows nothing of where the
 * others are: what it sends to them goes into `takeOutbound`, what they send comes in by `accept`.
 * An event is one process taking one step: it starts, takes a message, or is woken. After each,
 * the jobs of its promises run to empty. All mutable state of processes lives here. What is done
 * for every message makes as few objects as can be: no closure, no options, no copies of rows.
 * Rules in SPEC.md: T (time), P (processes), M (messages), S (signals), X (exits), L (links and
 * monitors), B (nodes), C (cores), G (guard).
 */
import { answering } from "./answering.ts";
import type { Bounds } from "./bounds.ts";
import { Cores } from "./cores.ts";
import { type CoPromise, drain, enter, fulfil, isQuiet, pending, refuse } from "./coroutine.ts";
import { Distribution, type Parcel, type Surroundings } from "./distribution.ts";
import type { Blow, PlannedBlow } from "./faults.ts";
import { guard } from "./guard.ts";
import { Entry, Heap, localOrder, SHIFT_SPAN, shuffledOrder } from "./heap.ts";
import {
  type Destination,
  isPid,
  isRef,
  makePid,
  makeRef,
  type NameOnNode,
  nodeOfAddress,
  type Pid,
  type Ref,
  readPid,
  refSerial,
} from "./names.ts";
import {
  type Copied,
  copy,
  copyValue,
  type Exports,
  findExports,
  measured,
  nameExports,
} from "./payload.ts";
import { type AliasMode, type CallUnderWay, type Match, ProcessOn, WAITS } from "./process.ts";
import { RandomStream, STREAM } from "./random.ts";
import { ErlangError, Exit, reasonOf, Stop } from "./reason.ts";
import { RunQueue } from "./run-queue.ts";
import type { DistributionSpec } from "./scenario.ts";
import {
  type Control,
  Envelope,
  type ExitReason,
  messageOf,
  type Outbound,
  type Signal,
} from "./signals.ts";
import {
  KIND,
  type Kind,
  SERIAL_SPAN,
  SIGNAL,
  type Signal as SignalNumber,
  type Trace,
  traceId,
} from "./trace.ts";
import type { Wire } from "./wire.ts";

/** What a node is made of. */
export interface NodeOptions {
  readonly index: number;
  readonly name: string;
  readonly cores: number;
  readonly isHidden: boolean;
  readonly seed: number;
  readonly bounds: Bounds;
  readonly trace: Trace;
  readonly isShuffled: boolean;
  readonly distribution: DistributionSpec;
  /** Every node of the run, by name and by index. */
  readonly nodeIndex: ReadonlyMap<string, number>;
  readonly nodes: readonly { readonly name: string; readonly hidden?: boolean }[];
  /** Near ends of the wires, by index of the far node. */
  readonly wires: ReadonlyMap<number, Wire>;
  /** The fault plan. */
  readonly blows: readonly PlannedBlow[];
  /** Which life of this node it is, and what the one before has used up. */
  readonly life: Life;
  /** Processes that begin when somebody first asks for their name. */
  readonly services: ReadonlyMap<string, () => unknown>;
  /** Told of every error that ends a process, with its stack: for people, no part of the run. */
  readonly onCrash?: (crash: Crash) => void;
}

/** What a node that begins anew takes over, so that no number is given twice in a run. */
export interface Life {
  /** 0 for a node's first life. */
  readonly incarnation: number;
  readonly startUs: number;
  readonly firstSerial: number;
  readonly firstId: number;
  /** Processes that it has begun on each other node. */
  readonly spawnedAfar: ReadonlyMap<string, number>;
}

export const FIRST_LIFE: Life = {
  incarnation: 0,
  startUs: 0,
  firstSerial: 1,
  firstId: 1,
  spawnedAfar: new Map(),
};

/** An uncaught error, for the page to show with its place in the learner's file. */
export interface Crash {
  readonly at: number;
  readonly pid: Pid;
  readonly label: string;
  readonly reason: ExitReason;
  readonly message: string;
  readonly stack: string;
}

/** How a process is begun. */
export interface SpawnOptions {
  readonly label: string;
  readonly name?: string;
  readonly link?: boolean;
  readonly monitor?: boolean;
  /** Who spawns; undefined for the scenario. */
  readonly parent?: Process;
}

/** How a process is begun on another node. */
export interface AfarOptions {
  readonly name?: string | undefined;
  readonly link?: boolean;
  readonly monitor?: boolean;
  /** Its exit reason tells what the function returned. */
  readonly answers?: boolean;
}

/** How a message is sent. */
export interface SendOptions {
  readonly signal?: SignalNumber;
  readonly ref?: Ref;
  readonly caller?: Pid;
  /** Number for the message, when the sender has taken one before (`beginCall`). */
  readonly id?: number;
}

/** What a row tells besides who and what; 0 or nothing by default. */
interface Row {
  readonly peer?: number;
  readonly message?: number;
  readonly signal?: SignalNumber;
  readonly value?: number;
  readonly payload?: Copied;
}

/** A step that is not "take the next message": the first one, or the end of a wait. */
class Wake {
  readonly process: Process;
  readonly body: () => void;

  constructor(process: Process, body: () => void) {
    this.process = process;
    this.body = body;
  }
}
type Turn = Process | Wake;

const NO_OPTIONS: SendOptions = {};

/** Of a node's serials, those from here on belong to processes that other nodes spawn here. */
const SPAWNED_FROM_AFAR = SERIAL_SPAN / 2;

/** Blows come before all else of their instant. */
const BLOWS_FIRST = 2 ** 40;

/** What a message weighs on a wire besides its content. */
const ENVELOPE_BYTES = 32;

/** µs that it takes to look at a message and leave it: 10,000 of them are felt. Measured on V8. */
const SKIP_US = 0.01;

/** A process on a node of ours. */
export class Process extends ProcessOn<Node> {}

/**
 * A node: first how it is run, then what its processes may ask of it (processes, messages, links,
 * time and work), last how it writes its trace. Times are µs of virtual time.
 */
export class Node {
  readonly index: number;
  readonly name: string;
  readonly cores: Cores;
  readonly trace: Trace;
  readonly distribution: Distribution;
  now: number;
  /** Set when a bound of this node was passed; the run ends here. */
  cutBy: string | undefined;
  readonly #options: NodeOptions;
  readonly #agenda = new Heap();
  readonly #processes = new Map<Pid, Process>();
  readonly #names = new Map<string, Process>();
  readonly #aliases = new Map<Ref, Process>();
  readonly #timers = new Map<Ref, Entry>();
  /** Shuffles what is ready at one instant; undefined in order of arrival. */
  readonly #shuffle: RandomStream | undefined;
  #exports: Exports = {};
  readonly #runQueue = new RunQueue<Turn>();
  #outbound: Outbound[] = [];
  /** When the first of the outbound signals arrives. */
  #soonestArrival = Number.POSITIVE_INFINITY;
  #signals: Signal[] = [];
  #appliesSignals = false;
  #coresEntry: Entry | undefined;
  /** Latest arrival that each other node has announced. */
  readonly #lastInbound = new Map<number, number>();
  #isPaused = false;
  /** Instants at which a pause ends. */
  #resumesAt: number[] = [];
  /** Nothing happens before: what a pause has delayed is due then. */
  #notBefore: number;
  #serial: number;
  #id: number;
  readonly #spawnedAfar: Map<string, number>;
  #sequence = 0;
  readonly #stepTurnsMax: number;
  #turnsLeft: number;

  constructor(options: NodeOptions) {
    const { life } = options;
    this.#options = options;
    this.index = options.index;
    this.name = options.name;
    this.trace = options.trace;
    this.now = life.startUs;
    this.#notBefore = life.startUs;
    this.#serial = life.firstSerial;
    this.#id = life.firstId;
    this.#spawnedAfar = new Map(life.spawnedAfar);
    this.cores = new Cores(options.cores);
    this.#stepTurnsMax = options.bounds.stepTurnsMax;
    this.#turnsLeft = options.bounds.nodeTurnsMax;
    this.#shuffle = options.isShuffled
      ? new RandomStream(options.seed, STREAM.schedule, options.index, life.incarnation)
      : undefined;
    this.distribution = new Distribution(
      this.#surroundings(),
      options.wires,
      (index) => options.nodes[index]?.name ?? "",
      (index) => options.nodes[index]?.hidden === true,
    );
  }

  // Running: whoever drives the node, a cluster or a thread of its own.

  /** When this node has something to do; Infinity when only a signal from outside can wake it. */
  nextAt(): number {
    if (this.cutBy !== undefined) return Number.POSITIVE_INFINITY;
    if (this.#isPaused) return this.#resumesAt[0] ?? Number.POSITIVE_INFINITY;
    if (this.#runQueue.length > 0) return this.now;
    return Math.max(this.#agenda.nextAt(), this.#notBefore);
  }

  /**
   * Does everything that is due before `end`, and no more than can be done before an answer to
   * what is sent meanwhile may come: `answerUs` after the arrival of the first signal sent. Stops
   * early when a bound is passed (`cutBy`).
   */
  run(end: number, answerUs = Number.POSITIVE_INFINITY): void {
    if (this.cutBy !== undefined) return;
    const { rowCountMax } = this.#options.bounds;
    try {
      if (!this.#isPaused) this.#drainRunQueue();
      for (;;) {
        const at = this.nextAt();
        if (!(at < end && at < this.#soonestArrival + answerUs)) break;
        if (this.trace.rowCount > rowCountMax) break;
        this.now = at;
        if (this.#isPaused) this.#resume();
        else this.#doNext();
        if (!this.#isPaused) this.#drainRunQueue();
      }
    } catch (thrown) {
      if (this.cutBy === undefined || !(thrown instanceof Stop)) throw thrown;
      this.#noteOwn(KIND.cut, 0, 0, this.cutBy);
    }
  }

  /** Makes the beginning of this node the first thing on its agenda. Called once, before anything else. */
  start(): void {
    const { life, blows } = this.#options;
    this.schedule(life.startUs, () => {
      this.#noteOwn(KIND.nodeUp, this.cores.count, life.incarnation, this.name);
    });
    for (const { atUs, order, blow } of blows) {
      if (atUs >= life.startUs) this.strike(atUs, order, blow);
      else this.#recall(blow);
    }
  }

  /** What was done to the world before this life began. */
  #recall(blow: Blow): void {
    if (blow.kind === "crash") this.distribution.gone(this.#indexOf(blow.node));
    else if (!("node" in blow) || blow.node !== this.name) this.#undergo(blow);
  }

  /** The program that this node runs: what other nodes may start here, and what its messages may name. */
  declare(exports: Exports): void {
    this.#exports = exports;
  }

  /** What a node that takes this one's place has to take over. */
  nextLife(startUs: number): Life {
    const { incarnation } = this.#options.life;
    return {
      incarnation: incarnation + 1,
      startUs,
      firstSerial: this.#serial,
      firstId: this.#id,
      spawnedAfar: new Map(this.#spawnedAfar),
    };
  }

  /** Puts what comes over a wire on the agenda. */
  accept(outbound: Outbound, fromNode: number): void {
    const { at, order, via, signal } = outbound;
    this.#lastInbound.set(fromNode, Math.max(at, this.#lastInbound.get(fromNode) ?? 0));
    this.#agenda.push(new Entry(at, order, () => this.#arrive(signal, fromNode, via)));
  }

  /** Signals for other nodes since the last call. */
  takeOutbound(): Outbound[] {
    const outbound = this.#outbound;
    if (outbound.length > 0) this.#outbound = [];
    this.#soonestArrival = Number.POSITIVE_INFINITY;
    return outbound;
  }

  /**
   * Another node was killed at `at`. This one learns of it when the wire has fallen silent: after
   * the least latency, and after all that was under way. Whoever watches or is linked to a process
   * there gets `noconnection`. Rule L4.
   */
  loseNode(node: number, at: number): void {
    const latencyUs = this.#options.wires.get(node)?.leastLatencyUs ?? 1;
    const silentAt = Math.max(at + latencyUs, this.#lastInbound.get(node) ?? 0);
    this.schedule(silentAt, () => this.distribution.gone(node));
  }

  /** Puts a blow on the agenda, before all else of its instant. Crash and restart are not the node's to do. */
  strike(atUs: number, order: number, blow: Blow): void {
    if (blow.kind === "resume" && blow.node === this.name) {
      this.#resumesAt.push(atUs);
      this.#resumesAt.sort((a, b) => a - b);
      return;
    }
    this.#agenda.push(
      new Entry(atUs, order - BLOWS_FIRST, () => {
        this.#undergo(blow);
        this.#noteBlow(blow);
      }),
    );
  }

  /** Runs `due` at `at`, in the order of the node's own entries. For loads and other parts of the world. */
  schedule(at: number, due: () => void): Entry {
    return this.#enlist(at, due, undefined);
  }

  #enlist<Subject>(at: number, due: (subject: Subject) => void, subject: Subject): Entry {
    const shuffle = this.#shuffle;
    const sequence = this.#sequence++;
    const order =
      shuffle === undefined
        ? localOrder(sequence)
        : shuffledOrder(shuffle.below(SHIFT_SPAN), sequence);
    // The heap hands an entry's subject to its own `due` and to no other.
    const entry = new Entry(at, order, due as (subject: unknown) => void, subject);
    this.#agenda.push(entry);
    return entry;
  }

  #doNext(): void {
    const entry = this.#agenda.pop();
    if (entry !== undefined) entry.due(entry.subject);
  }

  #pause(): void {
    this.#isPaused = true;
    this.cores.pause(this.now);
  }

  #resume(): void {
    this.#resumesAt.shift();
    this.#isPaused = false;
    this.#notBefore = this.now;
    this.cores.resume(this.now);
    this.#rearmCores();
    this.#noteOwn(KIND.fault, 0, 0, "resume");
  }

  #drainRunQueue(): void {
    const { rowCountMax } = this.#options.bounds;
    const queue = this.#runQueue;
    while (queue.length > 0 && this.trace.rowCount <= rowCountMax) {
      if (this.#shuffle !== undefined && this.#shuffleReady(this.#shuffle)) continue;
      this.#step(queue.take());
    }
  }

  /** Draws who of the ready ones goes first; or does what is due at this instant instead, which is said by true. */
  #shuffleReady(shuffle: RandomStream): boolean {
    const queue = this.#runQueue;
    if (this.#agenda.nextAt() <= this.now && shuffle.below(2) === 0 && !this.#isPaused) {
      this.#doNext();
      return true;
    }
    if (queue.length > 1) queue.bringForward(shuffle.below(queue.length));
    return false;
  }

  /** One step under the guard, its promise jobs included. */
  #step(turn: Turn): void {
    const process = turn instanceof Wake ? turn.process : turn;
    if (process.blockedUntil > this.now) {
      this.#enlist(process.blockedUntil, this.#queueAgain, turn);
      return;
    }
    const stepTurnsMax = this.#stepTurnsMax;
    guard.left = stepTurnsMax;
    enter(process);
    try {
      if (turn instanceof Wake) {
        if (process.alive) turn.body();
      } else {
        this.#takeTurn(turn);
      }
    } catch (thrown) {
      if (!(thrown instanceof Stop)) throw thrown;
    }
    enter(undefined);
    if (this.cutBy === undefined && !isQuiet()) this.#drainJobs();
    if (this.cutBy !== undefined) throw new Stop(this.cutBy);
    if (guard.left < 0) this.exit(process, TOO_MUCH_WORK(stepTurnsMax));
    const used = stepTurnsMax - Math.max(0, guard.left);
    process.reductions += used;
    this.#turnsLeft -= used;
    if (this.#turnsLeft < 0) {
      this.#cut(
        `node ${this.name} did more than ${count(this.#options.bounds.nodeTurnsMax)} loop turns and calls`,
      );
    }
  }

  readonly #queueAgain = (turn: Turn): void => this.#runQueue.push(turn);

  #takeTurn(process: Process): void {
    process.isQueued = false;
    if (!process.alive) return;
    const { waits } = process;
    if (waits === WAITS.message) {
      if (process.mailbox.length > 0) this.#takeFor(process, undefined);
      return;
    }
    if (waits !== WAITS.nothing) {
      this.#scan(process);
      return;
    }
    if (process.behaviour === undefined || process.isBusy || process.mailbox.length === 0) return;
    const envelope = this.#take(process, undefined, 0);
    const result = process.behaviour(envelope);
    if (result === undefined) this.#ready(process);
  }

  /** Runs promise jobs to empty. A job of a process that ends itself throws Stop; the others go on. */
  #drainJobs(): void {
    for (;;) {
      try {
        drain();
        return;
      } catch (thrown) {
        if (!(thrown instanceof Stop)) throw thrown;
        if (this.cutBy !== undefined) return;
      }
    }
  }

  /** A bound of the whole run is passed: nothing more happens on this node. Rule G3. */
  #cut(why: string): never {
    this.cutBy ??= why;
    throw new Stop(why);
  }

  // Other nodes.

  #surroundings(): Surroundings {
    const { index, seed, isHidden, life, distribution: spec } = this.#options;
    return {
      index,
      seed,
      incarnation: life.incarnation,
      isHidden,
      spec,
      now: () => this.now,
      schedule: (at, due) => this.schedule(at, due),
      unschedule: (entry) => this.#agenda.remove(entry),
      emit: (outbound) => {
        this.#outbound.push(outbound);
        this.#soonestArrival = Math.min(this.#soonestArrival, outbound.at);
      },
      note: (peer, isUp) => this.#noteConnection(peer, isUp),
      lose: (peerName) => {
        for (const process of [...this.#processes.values()]) this.#disconnect(process, peerName);
      },
      giveUp: (parcel) => this.#giveUp(parcel),
      tell: (pid, tag, node) => this.#tell(pid, tag, node),
    };
  }

  /** Something came over a wire. */
  #arrive(signal: Signal | Control, fromNode: number, via: number): void {
    switch (signal.kind) {
      case "connect":
      case "accept":
      case "refuse":
      case "close":
      case "known":
      case "lost":
        this.distribution.hear(fromNode, signal);
        return;
      default:
        if (this.distribution.isOpen(fromNode, via)) this.#apply(signal);
        else if (signal.kind === "message") this.#loseOnArrival(signal.envelope);
    }
  }

  /** A message whose connection has gone meanwhile. */
  #loseOnArrival({ id, signal, from }: Envelope): void {
    this.trace.write(this.now, KIND.lose, from, traceId(this.index, 0), id, signal, this.now, 0, 0);
  }

  #giveUp(parcel: Parcel): void {
    const { signal } = parcel;
    switch (signal.kind) {
      case "message": {
        const { now } = this;
        parcel.sent?.({ at: now, order: 0, diedAt: now, again: undefined });
        const { ref, caller } = signal.envelope;
        if (caller !== undefined && ref !== undefined)
          this.#apply(noConnection(ref, caller, signal.to as Pid | NameOnNode));
        return;
      }
      case "link":
        this.#apply(lostLink(signal.to, signal.from));
        return;
      case "monitor":
        this.#apply(noConnection(signal.ref, signal.from, signal.to));
        return;
      case "spawn":
        if (signal.isLinked) this.#apply(lostLink(signal.to, signal.from));
        if (signal.ref !== undefined) this.#apply(noConnection(signal.ref, signal.from, signal.to));
        return;
      default:
        return;
    }
  }

  #disconnect(process: Process, lost: string): void {
    for (const partner of [...(process.links ?? [])]) {
      if (nodeOfAddress(partner) === lost) this.#apply(lostLink(partner, process.pid));
    }
    const watched = [...(process.monitors ?? [])];
    if (process.calling !== undefined) watched.push([process.calling.ref, process.calling.target]);
    for (const [ref, target] of watched) {
      const node = typeof target === "string" ? nodeOfAddress(target) : target.node;
      if (node === lost) this.#apply(noConnection(ref, process.pid, target));
    }
    for (const [ref, { watcher }] of [...(process.monitoredBy ?? [])]) {
      if (nodeOfAddress(watcher) === lost) process.monitoredBy?.delete(ref);
    }
  }

  #tell(pid: Pid, tag: "nodeup" | "nodedown", node: string): void {
    const process = this.#processes.get(pid);
    if (process !== undefined)
      this.#deliver(process, this.#ownEnvelope(SIGNAL.info, { tag, node }, undefined), 0);
  }

  /** What a blow does to this node. */
  #undergo(blow: Blow): void {
    switch (blow.kind) {
      case "pause":
        if (blow.node === this.name) this.#pause();
        else this.distribution.silenceFrom(this.#indexOf(blow.node), true);
        return;
      case "resume":
        this.distribution.silenceFrom(this.#indexOf(blow.node), false);
        return;
      case "restart":
        this.distribution.back(this.#indexOf(blow.node));
        return;
      case "crash":
        return;
      case "cut":
      case "heal":
      case "hold": {
        const other = this.#otherEnd(blow.between);
        if (other === undefined) return;
        if (blow.kind === "hold") this.distribution.hold(other, blow.untilUs);
        else this.distribution.cut(other, blow.kind === "cut");
        return;
      }
      case "silence":
      case "speak": {
        const isSilent = blow.kind === "silence";
        if (blow.from === this.name) this.distribution.silenceTo(this.#indexOf(blow.to), isSilent);
        if (blow.to === this.name)
          this.distribution.silenceFrom(this.#indexOf(blow.from), isSilent);
      }
    }
  }

  #otherEnd([a, b]: readonly [string, string]): number | undefined {
    if (a !== this.name && b !== this.name) return undefined;
    return this.#indexOf(a === this.name ? b : a);
  }

  #indexOf(node: string): number {
    return this.#options.nodeIndex.get(node) ?? -1;
  }

  // Processes.

  /** Begins a process that calls `body`. It takes its first step when the spawner has ended its own. Rule P1. */
  spawn(body: () => unknown, options: SpawnOptions): { process: Process; ref: Ref | undefined } {
    const { parent } = options;
    const process = this.#create(
      this.#serial++,
      options.name ?? options.label,
      parent?.id ?? 0,
      parent?.handling ?? 0,
    );
    if (this.#serial >= SPAWNED_FROM_AFAR)
      this.#cut(`node ${this.name} began more than ${count(SPAWNED_FROM_AFAR)} processes`);
    if (parent !== undefined) process.isRuntime = parent.isRuntime;
    if (options.name !== undefined) this.register(options.name, process);
    if (options.link && parent) this.link(parent, process.pid);
    const ref = options.monitor && parent ? this.monitor(parent, process.pid) : undefined;
    this.wake(process, () => this.#begin(process, body));
    return { process, ref };
  }

  /**
   * Begins a process on another node, which calls what `run` names there. Its pid is known at once:
   * the serials that one node may use on another are set apart. Rule B8.
   */
  spawnAfar(
    parent: Process,
    node: string,
    run: readonly [file: string, name: string],
    args: unknown,
    options: AfarOptions,
  ): { pid: Pid; ref: Ref | undefined } {
    const span = Math.floor(SPAWNED_FROM_AFAR / this.#options.nodes.length);
    const begun = this.#spawnedAfar.get(node) ?? 0;
    this.#spawnedAfar.set(node, begun + 1);
    if (begun >= span)
      this.#cut(`node ${this.name} began more than ${count(span)} processes on ${node}`);
    const pid = makePid(node, SPAWNED_FROM_AFAR + this.index * span + begun);
    const ref = options.monitor ? makeRef(this.name, this.#id++) : undefined;
    if (ref !== undefined) mapOf(parent, "monitors").set(ref, pid);
    if (options.link) linksOf(parent).add(pid);
    this.#emit(
      {
        kind: "spawn",
        to: pid,
        from: parent.pid,
        run,
        args: nameExports(copyValue(args)),
        name: options.name,
        isLinked: options.link === true,
        ref,
        answers: options.answers === true,
        cause: parent.handling,
      },
      measured.bytes,
    );
    return { pid, ref };
  }

  /** The process of a service of this node, begun if it does not run. */
  ensure(name: string): Process | undefined {
    const body = this.#options.services.get(name);
    const running = this.#names.get(name);
    if (running !== undefined || body === undefined) return running;
    const { process } = this.spawn(body, { label: name, name });
    process.isRuntime = true;
    return process;
  }

  /** Makes a process a behaviour: from now on `behaviour` is called with each message. */
  become(process: Process, behaviour: NonNullable<Process["behaviour"]>): void {
    process.behaviour = behaviour;
    this.#ready(process);
  }

  /** A behaviour begins to handle a message and will say when it is ready for the next. */
  setBusy(process: Process, isBusy: boolean): void {
    process.isBusy = isBusy;
    if (!isBusy) this.#ready(process);
  }

  /** Something thrown in a process was not caught: it ends with the reason. */
  crash(process: Process, thrown: unknown): void {
    if (thrown instanceof Stop) return;
    const reason = reasonOf(thrown);
    if (!(thrown instanceof Exit) && process.alive) this.#report(process, thrown, reason);
    this.exit(process, reason);
  }

  /** Ends a process at once: links and watchers are told, its mailbox is lost, its waits are void. Rule X1. */
  exit(process: Process, reason: ExitReason): void {
    if (!process.alive) return;
    process.alive = false;
    const kept = copyOrText(reason);
    this.record(process, KIND.exit, { value: process.mailbox.length, payload: kept });
    this.#processes.delete(process.pid);
    if (process.name !== undefined) this.#names.delete(process.name);
    this.#dropWaits(process);
    this.distribution.forget(process.pid);
    if (process.aliases !== undefined)
      for (const ref of process.aliases.keys()) this.#aliases.delete(ref);
    if (process.calling !== undefined)
      this.#stopWatching(process.calling.ref, process.calling.target);
    for (const [ref, target] of process.monitors ?? []) this.#stopWatching(ref, target);
    const { pid: from } = process;
    const why = kept.value;
    for (const partner of process.links ?? [])
      this.#emit({ kind: "exit", from, to: partner, reason: why, byLink: true });
    for (const [ref, { watcher, object }] of process.monitoredBy ?? [])
      this.#emit({ kind: "down", ref, to: watcher, object, reason: why });
  }

  #dropWaits(process: Process): void {
    for (const ref of process.timers ?? []) this.#dropTimer(ref);
    if (process.receivingTimer !== undefined) this.#agenda.remove(process.receivingTimer);
    for (const entry of process.pendingEntries ?? []) this.#agenda.remove(entry);
    const works = process.pendingWorks;
    if (works === undefined || works.size === 0) return;
    for (const work of works) this.cores.cancel(this.now, work);
    this.#rearmCores();
  }

  /** The living process with this pid or registered name on this node. */
  find(target: string): Process | undefined {
    return this.#processes.get(target as Pid) ?? this.#names.get(target);
  }

  /** Living processes, oldest first. */
  processes(): IterableIterator<Process> {
    return this.#processes.values();
  }

  /** Gives a name. Returns false when the name is taken or the process has one. Rule P4. */
  register(name: string, process: Process): boolean {
    if (this.#names.has(name) || process.name !== undefined || !process.alive) return false;
    this.#names.set(name, process);
    process.name = name;
    this.record(process, KIND.register, { payload: copy(name) });
    return true;
  }

  /** Takes a name away. Returns false when nobody has it. */
  unregister(name: string): boolean {
    const process = this.#names.get(name);
    if (process === undefined) return false;
    this.#names.delete(name);
    process.name = undefined;
    return true;
  }

  /** Names that are taken on this node, oldest first. */
  registered(): string[] {
    return [...this.#names.keys()];
  }

  #create(serial: number, label: string, parent: number, cause: number): Process {
    if (this.#processes.size >= this.#options.bounds.processCountMax) {
      this.#cut(`node ${this.name} has ${count(this.#processes.size)} living processes`);
    }
    const process = new Process(
      this,
      makePid(this.name, serial),
      traceId(this.index, serial),
      label,
    );
    this.#processes.set(process.pid, process);
    process.handling = cause;
    this.#write(KIND.spawn, process.id, parent, 0, SIGNAL.none, 0, copy(label), cause);
    return process;
  }

  #begin(process: Process, body: () => unknown): void {
    let result: unknown;
    try {
      result = body();
    } catch (thrown) {
      if (thrown instanceof Stop) throw thrown;
      this.crash(process, thrown);
      return;
    }
    if (isThenable(result)) {
      result.then(
        () => this.#endOf(process),
        (thrown: unknown) => this.crash(process, thrown),
      );
    } else {
      this.#endOf(process);
    }
  }

  /** The function of a process has returned: it ends, unless it has become a behaviour. */
  #endOf(process: Process): void {
    if (process.behaviour === undefined) this.exit(process, "normal");
  }

  #report(process: Process, thrown: unknown, reason: ExitReason): void {
    const isError = thrown instanceof Error;
    this.#options.onCrash?.({
      at: this.now,
      pid: process.pid,
      label: process.label,
      reason,
      message: isError ? `${thrown.name}: ${thrown.message}` : String(thrown),
      stack: isError ? String(thrown.stack) : "",
    });
  }

  // Messages.

  /** Sends. Never waits and never fails: what is sent to nobody is gone. Returns the message's number. Rule M1. */
  send(from: Process, to: Destination, body: unknown, options: SendOptions = NO_OPTIONS): number {
    const { signal = SIGNAL.info, ref, caller } = options;
    return this.#dispatch(
      from,
      to,
      signal,
      copyValue(body),
      ref,
      caller,
      options.id ?? this.#nextId(),
    );
  }

  /** Sends a cast: a server sees `body`, a plain receive `["$gen_cast", body]`. */
  cast(from: Process, to: Destination, body: unknown): void {
    this.#dispatch(from, to, SIGNAL.cast, copyValue(body), undefined, undefined, this.#nextId());
  }

  /** Answers the request `ref` of the process `to`, which drops it when it no longer waits. */
  reply(from: Process, to: Pid, ref: Ref, value: unknown): void {
    this.#dispatch(from, to, SIGNAL.reply, copyValue(value), ref, undefined, this.#nextId());
    from.monitoredBy?.delete(ref);
  }

  /**
   * Asks a server and waits for the answer. Rejected with an Exit when none comes in `afterUs`, or
   * when the server ends. The monitor travels with the request, as one signal. `args` are those of
   * the learner's call, for the reason.
   */
  call(
    process: Process,
    to: Destination,
    args: CallUnderWay["args"],
    afterUs: number | undefined,
  ): CoPromise<unknown> {
    this.#mustNotWait(process);
    const body = copyValue(args[1]);
    const serial = this.#nextId();
    const ref = makeRef(this.name, serial);
    const promise = this.#wait(process, WAITS.answer, afterUs);
    process.receivingRef = ref;
    process.scannedTo = process.mailbox.last;
    process.calling = { ref, serial, target: this.#targetOf(to), args };
    this.#dispatch(process, to, SIGNAL.call, body, ref, process.pid, serial);
    return promise;
  }

  /** Waits for a message; fulfilled with what `messageOf` says of it, or undefined after `afterUs`. Rules M3 and M4. */
  receiveMessage(process: Process, afterUs: number | undefined): CoPromise<unknown> {
    this.#mustNotWait(process);
    const promise = this.#wait(process, WAITS.message, afterUs);
    if (process.mailbox.length > 0) this.#takeFor(process, undefined);
    return promise;
  }

  /** Waits for a message that fits. Fulfilled with it, or with undefined after `afterUs`. Rules M3 and M4. */
  receive(
    process: Process,
    match: Match,
    afterUs: number | undefined,
  ): CoPromise<Envelope | undefined> {
    this.#mustNotWait(process);
    const waits =
      match.kind === "any" ? WAITS.envelope : match.kind === "ref" ? WAITS.ref : WAITS.test;
    const promise = this.#wait(process, waits, afterUs);
    if (match.kind === "ref") process.receivingRef = match.ref;
    if (match.kind === "test") process.receivingTest = match.test;
    try {
      if (process.mailbox.length > 0) this.#scan(process);
    } catch (thrown) {
      this.#endWait(process);
      throw thrown;
    }
    return promise as CoPromise<Envelope | undefined>;
  }

  #mustNotWait(process: Process): void {
    if (process.waits === WAITS.nothing) return;
    throw new Error("this process already waits in a receive: await it before you receive again");
  }

  #wait(
    process: Process,
    waits: Process["waits"],
    afterUs: number | undefined,
  ): CoPromise<unknown> {
    const promise = pending<unknown>();
    process.waits = waits;
    process.receivingPromise = promise;
    if (afterUs !== undefined && afterUs !== Number.POSITIVE_INFINITY)
      process.receivingTimer = this.#enlist(this.now + afterUs, this.#timeIsUp, process);
    return promise;
  }

  readonly #timeIsUp = (process: Process): void => {
    process.receivingTimer = undefined;
    const promise = process.receivingPromise;
    this.wake(process, () => {
      if (process.receivingPromise !== promise || promise === undefined) return;
      const { calling } = process;
      this.#endWait(process);
      if (calling === undefined) fulfil(promise, undefined);
      else this.#giveUpCall(process, calling, promise);
    });
  };

  #endWait(process: Process): void {
    const { waits } = process;
    process.waits = WAITS.nothing;
    process.receivingPromise = undefined;
    if (waits !== WAITS.message) {
      process.receivingRef = undefined;
      process.receivingTest = undefined;
      process.scannedTo = undefined;
      process.scannedCount = 0;
      process.calling = undefined;
    }
    const timer = process.receivingTimer;
    if (timer !== undefined) {
      this.#agenda.remove(timer);
      process.receivingTimer = undefined;
    }
  }

  /** Looks for the first message that the waiting receive takes; leaves the others where they are. */
  #scan(process: Process): void {
    const { mailbox } = process;
    let before = process.scannedTo;
    for (
      let envelope = mailbox.after(before);
      envelope !== undefined;
      envelope = envelope.following
    ) {
      if (fits(process, envelope)) {
        this.#takeFor(process, before);
        return;
      }
      before = envelope;
      process.scannedTo = envelope;
      process.scannedCount++;
    }
  }

  #takeFor(process: Process, before: Envelope | undefined): void {
    const { waits, calling } = process;
    const promise = process.receivingPromise as CoPromise<unknown>;
    const skipped = process.scannedCount;
    const envelope = this.#take(process, before, skipped);
    this.#endWait(process);
    const lookedUs = Math.floor(skipped * SKIP_US);
    if (lookedUs > 0) {
      this.#workOnCores(process, lookedUs, () =>
        this.#hand(process, promise, waits, envelope, calling),
      );
    } else {
      this.#hand(process, promise, waits, envelope, calling);
    }
  }

  /** Gives a message to whoever waited for it. */
  #hand(
    process: Process,
    promise: CoPromise<unknown>,
    waits: Process["waits"],
    envelope: Envelope,
    calling: CallUnderWay | undefined,
  ): void {
    if (waits === WAITS.message) fulfil(promise, messageOf(envelope));
    else if (waits !== WAITS.answer || calling === undefined) fulfil(promise, envelope);
    else if (envelope.signal === SIGNAL.reply) {
      this.#answered(calling, envelope.from);
      fulfil(promise, envelope.body);
    } else {
      const { reason } = envelope.body as { readonly reason: unknown };
      if (process.alive)
        refuse(promise, new Exit(copy([whyOf(calling, reason), callOf(calling)]).value));
    }
  }

  /** Somebody else than the one who was asked may answer; then the one who was asked is still watched. */
  #answered({ ref, target }: CallUnderWay, from: number): void {
    const asked = typeof target === "string" ? this.#processes.get(target) : undefined;
    if (asked !== undefined) asked.monitoredBy?.delete(ref);
    else if (typeof target !== "string" || this.#idOf(target) !== from)
      this.#stopWatching(ref, target);
  }

  #giveUpCall(process: Process, calling: CallUnderWay, promise: CoPromise<unknown>): void {
    const { ref, serial, target } = calling;
    process.mailbox.flush(ref);
    const peer = this.#idOf(target);
    const message = traceId(this.index, serial);
    this.record(process, KIND.giveUp, { peer, message, signal: SIGNAL.call });
    this.#stopWatching(ref, target);
    refuse(promise, new Exit(copy(["timeout", callOf(calling)]).value));
  }

  /** Takes out the message after `before`. */
  #take(process: Process, before: Envelope | undefined, skipped: number): Envelope {
    const envelope = process.mailbox.takeAfter(before);
    const { id, signal, from } = envelope;
    process.handling = id;
    this.trace.write(this.now, KIND.receive, process.id, from, id, signal, skipped, 0, id);
    return envelope;
  }

  /** Sends what `copyValue` has just made of a body. */
  #dispatch(
    from: Process,
    to: Destination,
    signal: SignalNumber,
    body: unknown,
    ref: Ref | undefined,
    caller: Pid | undefined,
    serial: number,
  ): number {
    const { trace, now } = this;
    const id = traceId(this.index, serial);
    const cause = from.handling;
    const { hash, hasExports } = measured;
    const neighbour = this.#neighbourOf(from, to);
    const envelope = new Envelope(id, signal, from.id, body, ref, caller);
    if (neighbour === undefined) {
      this.#dispatchAfar(from, to, envelope, cause);
      return id;
    }
    // A trace goes to other threads, which have the names of exports but not the functions.
    const shown = hasExports ? nameExports(body) : body;
    const kept = body === undefined ? 0 : trace.keep(shown, hash);
    trace.write(now, KIND.send, from.id, neighbour.id, id, signal, now, kept, cause);
    this.#deliver(neighbour, envelope, neighbour.id);
    if (caller !== undefined && ref !== undefined)
      this.#watch(neighbour, ref, caller, this.#targetOf(to) as Pid | NameOnNode);
    return id;
  }

  /** As `#neighbour`; whom a process sent to last it will mostly send to again. */
  #neighbourOf(from: Process, to: Destination): Process | undefined {
    const last = from.lastNeighbour as Process | undefined;
    if (last !== undefined && from.lastTo === to && last.alive && last.pid === to) return last;
    const found = this.#neighbour(to);
    if (found !== undefined && found.pid === to) {
      from.lastTo = to;
      from.lastNeighbour = found;
    }
    return found;
  }

  /** The living process on this node that an address means: the common case, found without reading the address. */
  #neighbour(to: Destination): Process | undefined {
    if (typeof to !== "string")
      return to.node === this.name ? (this.#names.get(to.name) ?? this.ensure(to.name)) : undefined;
    return (
      this.#processes.get(to as Pid) ??
      this.#names.get(to) ??
      (isRef(to) ? this.#throughAlias(to) : this.ensure(to))
    );
  }

  /** The process behind an alias; one that is good for one message ends with it. */
  #throughAlias(ref: Ref): Process | undefined {
    const process = this.#aliases.get(ref);
    if (process?.aliases?.get(ref) === "replyDemonitor") this.#endAlias(process, ref);
    return process;
  }

  /** Sends to another node, or to nobody. */
  #dispatchAfar(from: Process, to: Destination, envelope: Envelope, cause: number): void {
    const { id, signal, body } = envelope;
    const { hash, bytes, hasExports } = measured;
    const target = this.#targetOf(to);
    const node = this.#nodeIndexOf(target);
    const peer = this.#idOf(target);
    const { ref, caller } = envelope;
    const sentBody = hasExports ? nameExports(body) : body;
    // Kept when the row is written: that may be later, and rows are taken away in between.
    const write = (number: number, at: number) => {
      const kept = body === undefined ? 0 : this.trace.keep(sentBody, hash);
      this.trace.write(this.now, KIND.send, from.id, peer, number, signal, at, kept, cause);
    };
    if (node === this.index) {
      write(id, this.now);
      this.#writeEnvelope(KIND.discard, peer, envelope);
      if (caller !== undefined) this.#watchCaller(undefined, envelope, target);
      return;
    }
    const messageAs = (number: number): Signal => ({
      kind: "message",
      to: target,
      envelope: new Envelope(number, signal, from.id, sentBody, ref, caller),
      hasExports,
    });
    this.distribution.send(node, {
      signal: messageAs(id),
      bytes: bytes + ENVELOPE_BYTES,
      canDie: !from.isRuntime && !this.#isOfService(target),
      sent: ({ at, diedAt }) => {
        write(id, at);
        if (diedAt !== undefined)
          this.trace.write(this.now, KIND.lose, from.id, peer, id, signal, diedAt, 0, cause);
      },
      double: (at) => {
        const second = traceId(this.index, this.#nextId());
        write(second, at);
        return messageAs(second);
      },
    });
    from.blockedUntil = this.distribution.blockedUntil(node);
  }

  #deliver(process: Process, envelope: Envelope, cause: number): void {
    const { ref, signal, id, from } = envelope;
    if (signal === SIGNAL.reply && !isAwaited(process, ref)) {
      this.#writeEnvelope(KIND.discard, process.id, envelope);
      return;
    }
    this.trace.write(this.now, KIND.arrive, process.id, from, id, signal, 0, 0, 0);
    const { mailbox } = process;
    mailbox.push(envelope);
    if (mailbox.length > this.#options.bounds.mailboxLengthMax) {
      this.#cut(
        `the mailbox of ${process.label} reached ${count(this.#options.bounds.mailboxLengthMax)} messages`,
      );
    }
    const { waits } = process;
    if (waits === WAITS.nothing) {
      if (process.behaviour !== undefined && !process.isBusy) this.#ready(process);
    } else if ((waits !== WAITS.answer && waits !== WAITS.ref) || process.receivingRef === ref) {
      this.#ready(process);
    }
  }

  // Links, monitors, aliases, requests and exit signals.

  /**
   * Links two processes, as erlang:link/1. To a dead one of this node: raises `noproc`, or an exit
   * signal when the caller traps; of another node: always a signal. Rule L1.
   */
  link(process: Process, to: Pid): void {
    if (to === process.pid || process.links?.has(to)) return;
    if (this.#nodeIndexOf(to) === this.index && !this.#processes.has(to) && !process.trapsExits)
      throw new ErlangError("noproc", `${to} has ended: there is nobody to link with`);
    linksOf(process).add(to);
    this.record(process, KIND.link, { peer: this.#idOf(to) });
    this.#emit({ kind: "link", from: process.pid, to });
  }

  /** Takes a link away; afterwards no exit signal of it arrives. Rule L2. */
  unlink(process: Process, from: Pid): void {
    if (!process.links?.delete(from)) return;
    this.record(process, KIND.unlink, { peer: this.#idOf(from) });
    this.#emit({ kind: "unlink", from: process.pid, to: from });
  }

  /** Watches a process: exactly one DOWN comes when it ends; `noproc` when it has. Rule L3. */
  monitor(process: Process, to: Destination, alias?: AliasMode): Ref {
    const id = this.#nextId();
    const ref = makeRef(this.name, id);
    const target = this.#targetOf(to) as Pid | NameOnNode;
    mapOf(process, "monitors").set(ref, target);
    if (alias !== undefined) this.#addAlias(process, ref, alias);
    this.record(process, KIND.monitor, {
      peer: this.#idOf(target),
      message: traceId(this.index, id),
    });
    this.#emit({ kind: "monitor", ref, from: process.pid, to: target });
    return ref;
  }

  /**
   * Stops watching. `flush` removes a DOWN that is already in the mailbox. Returns false when the
   * monitor was no more: fired, taken away, or another's.
   */
  demonitor(process: Process, ref: Ref, flush: boolean): boolean {
    const target = process.monitors?.get(ref);
    if (flush && process.mailbox.flush(ref)) process.scannedTo = undefined;
    if (process.aliases?.get(ref) !== "explicitUnalias") this.#endAlias(process, ref);
    if (target === undefined) return false;
    process.monitors?.delete(ref);
    const peer = this.#idOf(target);
    this.record(process, KIND.demonitor, { peer, message: traceId(this.index, refSerial(ref)) });
    this.#stopWatching(ref, target);
    return true;
  }

  /** A reference that messages to this process can be sent to, until it is taken back. */
  alias(process: Process, isForOne: boolean): Ref {
    const ref = this.makeRef();
    this.#addAlias(process, ref, isForOne ? "replyDemonitor" : "explicitUnalias");
    return ref;
  }

  /** Takes an alias back: what is sent to it from now on is dropped. Returns false when it was none of this process. */
  unalias(process: Process, ref: Ref): boolean {
    if (process.aliases?.has(ref) !== true) return false;
    this.#endAlias(process, ref);
    return true;
  }

  /** A reference that nothing else bears. */
  makeRef(): Ref {
    return makeRef(this.name, this.#nextId());
  }

  #addAlias(process: Process, ref: Ref, mode: AliasMode): void {
    process.aliases ??= new Map();
    process.aliases.set(ref, mode);
    this.#aliases.set(ref, process);
  }

  /** Ends an alias; with one that ends with its first message, the monitor goes too. */
  #endAlias(process: Process, ref: Ref): void {
    const mode = process.aliases?.get(ref);
    if (mode === undefined) return;
    process.aliases?.delete(ref);
    this.#aliases.delete(ref);
    const target = process.monitors?.get(ref);
    if (mode !== "replyDemonitor" || target === undefined) return;
    process.monitors?.delete(ref);
    this.#stopWatching(ref, target);
  }

  /** Sends an exit signal, as erlang:exit/2. Rule X2. */
  exitSignal(from: Process, to: Pid, reason: ExitReason): void {
    this.#emit({
      kind: "exit",
      from: from.pid,
      to,
      reason: copyOrText(reason).value,
      byLink: false,
    });
  }

  /**
   * A request begins whose answer is not waited for at once: the reference under which its reply
   * comes, and which its receiver's end ends. The monitor travels with the request itself.
   */
  beginCall(process: Process, to: Destination): { ref: Ref; id: number } {
    const id = this.#nextId();
    const ref = makeRef(this.name, id);
    process.awaited ??= new Set();
    process.awaited.add(ref);
    mapOf(process, "monitors").set(ref, this.#targetOf(to) as Pid | NameOnNode);
    return { ref, id };
  }

  /**
   * Watches a process of this node without a row in the trace, as a caller watches its server: for
   * a start, whose outcome comes by `answered` or by the DOWN of the reference.
   */
  expect(process: Process, of: Process): Ref {
    const { ref } = this.beginCall(process, of.pid);
    mapOf(of, "monitoredBy").set(ref, { watcher: process.pid, object: of.pid });
    return ref;
  }

  /** Whoever asked need not watch any longer: the process has answered. */
  answered(process: Process, ref: Ref): void {
    process.monitoredBy?.delete(ref);
  }

  /** Ends a wait that no message has ended; its promise stays as it is. */
  endWait(process: Process): void {
    this.#endWait(process);
    if (process.behaviour !== undefined && !process.isBusy) this.#ready(process);
  }

  /** A request is over. `gaveUp`: without an answer; it may still be handled. */
  endCall(process: Process, ref: Ref, gaveUp: boolean): void {
    process.awaited?.delete(ref);
    const target = process.monitors?.get(ref);
    process.monitors?.delete(ref);
    if (target === undefined) return;
    if (gaveUp) {
      if (process.mailbox.flush(ref)) process.scannedTo = undefined;
      const message = traceId(this.index, refSerial(ref));
      this.record(process, KIND.giveUp, {
        peer: this.#idOf(target),
        message,
        signal: SIGNAL.call,
      });
    }
    this.#stopWatching(ref, target);
  }

  #stopWatching(ref: Ref, target: Pid | NameOnNode): void {
    this.#emit({ kind: "demonitor", ref, to: target });
  }

  /** Sends a signal now: within this node it is applied in order, to another it takes the connection. */
  #emit(signal: Exclude<Signal, { kind: "message" }>, bytes = 0): void {
    const node = this.#nodeIndexOf(signal.to);
    if (node === this.index) {
      this.#apply(signal);
      return;
    }
    // A node that is down has forgotten: to take something back from it needs no connection.
    const isMoot =
      signal.kind === "demonitor" ||
      signal.kind === "unlink" ||
      signal.kind === "down" ||
      (signal.kind === "exit" && signal.byLink);
    if (isMoot && this.distribution.isDown(node)) return;
    this.distribution.send(node, {
      signal,
      bytes: bytes + ENVELOPE_BYTES,
      canDie: false,
      sent: undefined,
    });
  }

  /**
   * Applies signals one after the other, those that arise meanwhile last. A queue rather than
   * recursion: a chain of ten thousand linked processes must not overflow the stack.
   */
  #apply(signal: Signal): void {
    this.#signals.push(signal);
    if (this.#appliesSignals) return;
    this.#appliesSignals = true;
    try {
      for (let i = 0; i < this.#signals.length; i++) this.#applyOne(this.#signals[i] as Signal);
    } finally {
      this.#signals = [];
      this.#appliesSignals = false;
    }
  }

  #applyOne(signal: Signal): void {
    const target = this.#neighbour(signal.to);
    switch (signal.kind) {
      case "message":
        this.#applyMessage(signal, target);
        return;
      case "link":
        if (target !== undefined) linksOf(target).add(signal.from);
        else
          this.#emit({
            kind: "exit",
            from: signal.to,
            to: signal.from,
            reason: "noproc",
            byLink: true,
          });
        return;
      case "unlink":
        target?.links?.delete(signal.from);
        return;
      case "monitor":
        this.#watch(target, signal.ref, signal.from, signal.to);
        return;
      case "demonitor":
        target?.monitoredBy?.delete(signal.ref);
        return;
      case "down":
        if (target !== undefined) this.#applyDown(target, signal);
        return;
      case "exit":
        if (target !== undefined) this.#applyExit(target, signal);
        return;
      case "spawn":
        this.#applySpawn(signal);
        return;
    }
  }

  #applyMessage(signal: Extract<Signal, { kind: "message" }>, target: Process | undefined): void {
    const sent = signal.envelope;
    const found = signal.hasExports ? findExports(sent.body, this.#exports) : sent.body;
    // After a thread boundary the body is a fresh copy that is not frozen.
    const body = Object.isFrozen(found) ? found : copyValue(found);
    const envelope = new Envelope(sent.id, sent.signal, sent.from, body, sent.ref, sent.caller);
    if (target !== undefined) this.#deliver(target, envelope, target.id);
    else this.#writeEnvelope(KIND.discard, this.#idOf(signal.to), envelope);
    this.#watchCaller(target, envelope, signal.to);
  }

  /** A call's monitor travels with its request. */
  #watchCaller(
    target: Process | undefined,
    { ref, caller }: Envelope,
    object: Pid | Ref | NameOnNode,
  ): void {
    if (caller !== undefined && ref !== undefined)
      this.#watch(target, ref, caller, object as Pid | NameOnNode);
  }

  #applySpawn(signal: Extract<Signal, { kind: "spawn" }>): void {
    const { to, from, run, name, ref } = signal;
    const [file, exported] = run;
    const body = this.#exports[file]?.[exported];
    const args = copyValue(findExports(signal.args, this.#exports)) as readonly unknown[];
    const { serial = 0 } = readPid(to) ?? {};
    const parent = this.#idOf(from);
    const process = this.#create(serial, name ?? exported, parent, signal.cause);
    const isTaken = name !== undefined && !this.register(name, process);
    if (signal.isLinked) linksOf(process).add(from);
    if (ref !== undefined) this.#watch(process, ref, from, to);
    this.wake(process, () =>
      this.#begin(process, () => {
        if (isTaken) throw new ErlangError("badarg", `the name "${name}" is taken on ${this.name}`);
        if (typeof body !== "function") {
          throw new ErlangError(
            "undef",
            `${file} on node ${this.name} exports no function ${exported}`,
          );
        }
        return signal.answers ? answering(() => body(...args)) : body(...args);
      }),
    );
  }

  /** What an exit signal does to its receiver: the table of the BEAM. Rule X3. */
  #applyExit(target: Process, signal: Extract<Signal, { kind: "exit" }>): void {
    const { from, reason, byLink } = signal;
    if (byLink && !target.links?.delete(from)) return;
    if (reason === "kill" && !byLink) {
      this.exit(target, "killed");
      return;
    }
    if (target.trapsExits) {
      const body = { tag: "EXIT", from, reason };
      this.#deliver(target, this.#ownEnvelope(SIGNAL.exit, body, undefined), target.id);
      return;
    }
    if (reason !== "normal" || (from === target.pid && !byLink)) this.exit(target, reason);
  }

  #watch(target: Process | undefined, ref: Ref, watcher: Pid, object: Pid | NameOnNode): void {
    if (target !== undefined) mapOf(target, "monitoredBy").set(ref, { watcher, object });
    else this.#emit({ kind: "down", ref, to: watcher, object, reason: "noproc" });
  }

  #applyDown(target: Process, signal: Extract<Signal, { kind: "down" }>): void {
    const { ref, object, reason } = signal;
    if (target.calling?.ref !== ref && !target.monitors?.delete(ref)) return;
    const mode = target.aliases?.get(ref);
    if (mode !== undefined && mode !== "explicitUnalias") this.#endAlias(target, ref);
    const body = { tag: "DOWN", ref, type: "process", object, reason };
    this.#deliver(target, this.#ownEnvelope(SIGNAL.down, body, ref), target.id);
  }

  #ownEnvelope(signal: SignalNumber, body: object, ref: Ref | undefined): Envelope {
    const id = traceId(this.index, this.#nextId());
    return new Envelope(id, signal, 0, copyValue(body), ref, undefined);
  }

  // Time and work.

  /**
   * Delivers `body` to `to` (a pid of this node, or a name looked up then) after `delayUs`. The
   * timer outlives the process that armed it, and ends with the pid that it is for. `isStart`: as `{ tag: "timeout", ref, message }`.
   * Rule T5.
   */
  sendAfter(process: Process, delayUs: number, body: unknown, to: string, isStart = false): Ref {
    const id = this.#nextId();
    const ref = makeRef(this.name, id);
    const copied = copy(isStart ? { tag: "timeout", ref, message: body } : body);
    const number = traceId(this.index, id);
    this.record(process, KIND.timerSet, {
      message: number,
      signal: SIGNAL.timer,
      value: this.now + delayUs,
      payload: copied,
    });
    const owner = this.#processes.get(to as Pid);
    if (owner !== undefined) {
      owner.timers ??= new Set();
      owner.timers.add(ref);
    }
    const entry = this.schedule(this.now + delayUs, () => {
      this.#timers.delete(ref);
      owner?.timers?.delete(ref);
      this.trace.write(this.now, KIND.timerFire, process.id, 0, number, SIGNAL.timer, 0, 0, 0);
      const target = this.#neighbour(to);
      const envelope = new Envelope(
        number,
        SIGNAL.timer,
        process.id,
        copied.value,
        undefined,
        undefined,
      );
      if (target === undefined) this.#writeEnvelope(KIND.discard, process.id, envelope);
      else this.#deliver(target, envelope, process.id);
    });
    this.#timers.set(ref, entry);
    return ref;
  }

  /** Cancels a timer. Returns the µs that were left, or undefined when it has fired or never was. */
  cancelTimer(process: Process, ref: Ref): number | undefined {
    const entry = this.#timers.get(ref);
    if (entry === undefined) return undefined;
    this.#dropTimer(ref);
    const message = traceId(this.index, refSerial(ref));
    this.record(process, KIND.timerCancel, { message, signal: SIGNAL.timer });
    return entry.at - this.now;
  }

  #dropTimer(ref: Ref): void {
    const entry = this.#timers.get(ref);
    if (entry !== undefined) this.#agenda.remove(entry);
    this.#timers.delete(ref);
  }

  /** The µs until a timer fires, or undefined when it has or never was. */
  readTimer(ref: Ref): number | undefined {
    const entry = this.#timers.get(ref);
    return entry === undefined ? undefined : entry.at - this.now;
  }

  /** Wakes the process after `delayUs`. */
  sleep(process: Process, delayUs: number): CoPromise<void> {
    const promise = pending<void>();
    if (delayUs < Number.MAX_SAFE_INTEGER)
      this.arm(process, this.now + delayUs, () =>
        this.wake(process, () => fulfil(promise, undefined)),
      );
    return promise;
  }

  /** Work: of a core shared with others (`cpu`), or of something outside that others do not feel (`io`). Rule C2. */
  work(process: Process, us: number, kind: "cpu" | "io"): CoPromise<void> {
    const promise = pending<void>();
    const signal = kind === "cpu" ? SIGNAL.cpu : SIGNAL.io;
    this.record(process, KIND.workStart, { signal, value: us });
    const finish = () => {
      this.record(process, KIND.workEnd, { signal });
      fulfil(promise, undefined);
    };
    if (kind === "cpu") this.#workOnCores(process, us, finish);
    else this.arm(process, this.now + us, () => this.wake(process, finish));
    return promise;
  }

  /** The stream of a process: its own, whatever others draw. */
  randomOf(process: Process): RandomStream {
    process.random ??= new RandomStream(this.#options.seed, STREAM.process, this.index, process.id);
    return process.random;
  }

  /** An agenda entry that is void when its process has ended. */
  arm(process: Process, at: number, due: () => void): Entry {
    const entry = this.schedule(at, () => {
      process.pendingEntries?.delete(entry);
      due();
    });
    process.pendingEntries ??= new Set();
    process.pendingEntries.add(entry);
    return entry;
  }

  /** Takes back what `arm` put on the agenda. */
  disarm(process: Process, entry: Entry): void {
    process.pendingEntries?.delete(entry);
    this.#agenda.remove(entry);
  }

  /** Lets `body` run as a step of `process`, after what is already queued. */
  wake(process: Process, body: () => void): void {
    this.#runQueue.push(new Wake(process, body));
  }

  #ready(process: Process): void {
    if (process.isQueued || !process.alive) return;
    process.isQueued = true;
    this.#runQueue.push(process);
  }

  #workOnCores(process: Process, us: number, finish: () => void): void {
    const work = this.cores.begin(this.now, us, () => {
      process.pendingWorks?.delete(work);
      this.wake(process, finish);
    });
    process.pendingWorks ??= new Set();
    process.pendingWorks.add(work);
    this.#rearmCores();
  }

  #rearmCores(): void {
    if (this.#coresEntry !== undefined) this.#agenda.remove(this.#coresEntry);
    const at = this.cores.nextDoneAt();
    this.#coresEntry = Number.isFinite(at)
      ? this.schedule(at, () => {
          this.#coresEntry = undefined;
          for (const work of this.cores.takeDone(this.now)) if (!work.cancelled) work.done();
          this.#rearmCores();
        })
      : undefined;
  }

  // Trace and addresses.

  /** Writes a row about a process of this node, with what it is handling as the cause. */
  record(process: Process, kind: Kind, row: Row = {}): void {
    const { peer = 0, message = 0, signal = SIGNAL.none, value = 0, payload } = row;
    this.#write(kind, process.id, peer, message, signal, value, payload, process.handling);
  }

  /** Writes a row about the node itself. */
  #noteOwn(kind: Kind, value: number, message: number, text: string): void {
    const own = traceId(this.index, 0);
    this.#write(kind, own, 0, message, SIGNAL.none, value, copy(text), 0);
  }

  #noteConnection(peer: number, isUp: boolean): void {
    const kind = isUp ? KIND.connect : KIND.disconnect;
    const own = traceId(this.index, 0);
    this.trace.write(this.now, kind, own, traceId(peer, 0), 0, SIGNAL.none, 0, 0, 0);
  }

  /** Each node writes what was done to it or to its end of a wire. */
  #noteBlow(blow: Blow): void {
    const own = traceId(this.index, 0);
    const write = (peer: number) =>
      this.#write(KIND.fault, own, peer, 0, SIGNAL.none, 0, copy(blow.kind), 0);
    if ("between" in blow) {
      const other = this.#otherEnd(blow.between);
      if (other !== undefined) write(traceId(other, 0));
    } else if ("from" in blow) {
      if (blow.from === this.name) write(traceId(this.#indexOf(blow.to), 0));
    } else if (blow.node === this.name && blow.kind === "pause") write(0);
  }

  /** Writes a row about a message that has come to nothing. */
  #writeEnvelope(kind: Kind, process: number, { from, id, signal }: Envelope): void {
    this.trace.write(this.now, kind, process, from, id, signal, 0, 0, 0);
  }

  #write(
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
        : this.trace.keep(payload.value, payload.hash);
    this.trace.write(this.now, kind, process, peer, message, signal, value, kept, cause);
  }

  /** The next number for a message, timer or reference. */
  #nextId(): number {
    const id = this.#id++;
    if (id >= SERIAL_SPAN)
      this.#cut(`node ${this.name} sent more than ${count(SERIAL_SPAN)} messages`);
    return id;
  }

  /** An address in full: a name of this node with its node. */
  #targetOf(to: Destination): Pid | NameOnNode {
    if (typeof to !== "string") return to;
    // References are addresses too where a message may go; nothing else is done with them.
    return isPid(to) || isRef(to) ? (to as Pid) : { name: to, node: this.name };
  }

  #isOfService(target: Pid | Ref | NameOnNode): boolean {
    return typeof target !== "string" && this.#options.services.has(target.name);
  }

  /** The index of the node that an address is on; −1 when there is none of that name. */
  #nodeIndexOf(target: Pid | Ref | NameOnNode): number {
    const node = typeof target === "string" ? nodeOfAddress(target) : target.node;
    if (node === this.name) return this.index;
    return this.#options.nodeIndex.get(node ?? "") ?? -1;
  }

  /** The trace number of whoever an address means; the node's own when it is a name elsewhere. */
  #idOf(target: Pid | Ref | NameOnNode): number {
    const node = this.#nodeIndexOf(target);
    if (node < 0) return 0;
    if (typeof target !== "string")
      return (
        (node === this.index ? this.#names.get(target.name)?.id : undefined) ?? traceId(node, 0)
      );
    return traceId(node, isRef(target) ? 0 : (readPid(target)?.serial ?? 0));
  }
}

const TOO_MUCH_WORK = (turns: number) => ({
  error: "TooMuchWork",
  message: `more than ${count(turns)} loop turns and calls in one step`,
});

function fits(process: Process, envelope: Envelope): boolean {
  switch (process.waits) {
    case WAITS.nothing:
      return false;
    case WAITS.message:
    case WAITS.envelope:
      return true;
    case WAITS.ref:
    case WAITS.answer:
      return envelope.ref === process.receivingRef;
    case WAITS.test:
      return process.receivingTest?.(messageOf(envelope)) === true;
  }
}

function isAwaited(process: Process, ref: Ref | undefined): boolean {
  if (ref === undefined) return false;
  return process.calling?.ref === ref || process.awaited?.has(ref) === true;
}

function linksOf(process: Process): Set<Pid> {
  process.links ??= new Set();
  return process.links;
}

function mapOf<Key extends "monitors" | "monitoredBy">(
  process: Process,
  key: Key,
): NonNullable<Process[Key]> {
  process[key] ??= new Map() as NonNullable<Process[Key]>;
  return process[key] as NonNullable<Process[Key]>;
}

function noConnection(ref: Ref, to: Pid, object: Pid | NameOnNode): Signal {
  return { kind: "down", ref, to, object, reason: "noconnection" };
}

function lostLink(from: Pid, to: Pid): Signal {
  return { kind: "exit", from, to, reason: "noconnection", byLink: true };
}

/** Why a call failed: of a lost connection gen_server names the node. */
function whyOf({ target }: CallUnderWay, reason: ExitReason): ExitReason {
  if (reason !== "noconnection") return reason;
  return ["nodedown", typeof target === "string" ? nodeOfAddress(target) : target.node];
}

/** A call as exit reasons name it. */
function callOf({ args }: CallUnderWay): unknown {
  return ["gen_server", "call", args];
}

/** An exit reason that cannot be sent is replaced by what can be said of it. */
function copyOrText(reason: ExitReason): Copied {
  try {
    return copy(reason);
  } catch {
    return copy({ error: "BadReason", message: "the exit reason was not plain data" });
  }
}

function isThenable(value: unknown): value is CoPromise<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/** 1000000 → "1,000,000"; Intl is not the same everywhere. */
function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
