/**
 * A node: its processes, their mailboxes, its clock, agenda, cores and the near ends of its wires.
 *
 * One node is the unit that can be placed on a thread of its own. It knows nothing of where the
 * others are: what it sends to them goes into `takeOutbound`, what they send comes in by `accept`.
 * An event is one process taking one step: it starts, takes a message, or is woken. Events of one
 * instant run in the order of the run queue; after each, the jobs of its promises run to empty.
 * All mutable state of the kernel lives here. Rules in SPEC.md: T (time), P (processes), M
 * (messages), S (signals), X (exits), L (links and monitors), C (cores), G (guard).
 */
import type { Bounds } from "./bounds.ts";
import { Cores } from "./cores.ts";
import { type CoPromise, drain, fulfil, pending, withOwner } from "./coroutine.ts";
import { guard } from "./guard.ts";
import { type Entry, Heap, localOrder } from "./heap.ts";
import {
  type Destination,
  isPid,
  makePid,
  makeRef,
  type NameOnNode,
  type Pid,
  type Ref,
  readPid,
  refSerial,
} from "./names.ts";
import { type Copied, copy, NOTHING } from "./payload.ts";
import { type Match, ProcessOn } from "./process.ts";
import { RandomStream, STREAM } from "./random.ts";
import { Exit, reasonOf, Stop } from "./reason.ts";
import type { Envelope, ExitReason, Outbound, Signal } from "./signals.ts";
import {
  KIND,
  type Kind,
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
  readonly seed: number;
  readonly bounds: Bounds;
  readonly trace: Trace;
  /** Index of every node of the run, by name. */
  readonly nodeIndex: ReadonlyMap<string, number>;
  /** Near ends of the wires, by index of the far node. */
  readonly wires: ReadonlyMap<number, Wire>;
  /** Told of every error that ends a process, with its stack: for people, no part of the run. */
  readonly onCrash?: (crash: Crash) => void;
}

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

/** How a message is sent. */
export interface SendOptions {
  readonly signal?: SignalNumber;
  /** What pictures show instead of the body (a call's request without its envelope). */
  readonly shown?: unknown;
  readonly ref?: Ref;
  readonly caller?: Pid;
  /** Number for the message, when the sender has taken one before (`beginCall`). */
  readonly id?: number;
  /** The message that this answers; default: what the sender is handling. */
  readonly cause?: number;
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
interface Wake {
  readonly process: Process;
  readonly body: () => void;
}
type Turn = Process | Wake;

const NO_OPTIONS: SendOptions = {};

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
  now = 0;
  /** Set when a bound of this node was passed; the run ends here. */
  cutBy: string | undefined;
  readonly #options: NodeOptions;
  readonly #agenda = new Heap();
  readonly #processes = new Map<Pid, Process>();
  readonly #names = new Map<string, Process>();
  readonly #timers = new Map<Ref, Entry>();
  #runQueue: Turn[] = [];
  #outbound: Outbound[] = [];
  /** When the first of the outbound signals arrives. */
  #soonestArrival = Number.POSITIVE_INFINITY;
  #signals: Signal[] = [];
  #appliesSignals = false;
  #coresEntry: Entry | undefined;
  /** Latest arrival that each other node has announced. */
  readonly #lastInbound = new Map<number, number>();
  readonly #lostNodes = new Set<number>();
  #serial = 1;
  #id = 1;
  #sequence = 0;
  #turnsLeft: number;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.index = options.index;
    this.name = options.name;
    this.trace = options.trace;
    this.cores = new Cores(options.cores);
    this.#turnsLeft = options.bounds.nodeTurnsMax;
  }

  // Running: whoever drives the node, a cluster or a thread of its own.

  /** When this node has something to do; Infinity when only a signal from outside can wake it. */
  nextAt(): number {
    if (this.cutBy !== undefined) return Number.POSITIVE_INFINITY;
    return this.#runQueue.length > 0 ? this.now : this.#agenda.nextAt();
  }

  /**
   * Does everything that is due before `end`, and no more than can be done before an answer to
   * what is sent meanwhile may come: `answerUs` after the arrival of the first signal sent. Stops
   * early when a bound is passed (`cutBy`).
   */
  run(end: number, answerUs = Number.POSITIVE_INFINITY): void {
    if (this.cutBy !== undefined) return;
    const { rowCountMax } = this.#options.bounds;
    const isBefore = (at: number) => at < end && at < this.#soonestArrival + answerUs;
    try {
      this.#drainRunQueue();
      while (isBefore(this.#agenda.nextAt()) && this.trace.rowCount <= rowCountMax) {
        const entry = this.#agenda.pop() as Entry;
        this.now = entry.at;
        entry.due();
        this.#drainRunQueue();
      }
    } catch (thrown) {
      if (this.cutBy === undefined || !(thrown instanceof Stop)) throw thrown;
      this.#recordOwn(KIND.cut, 0, this.cutBy);
    }
  }

  /** Makes the beginning of this node the first thing on its agenda. Called once, before anything else. */
  start(): void {
    this.schedule(0, () => {
      this.#recordOwn(KIND.nodeUp, this.cores.count, this.name);
    });
  }

  /** Puts a signal from another node on the agenda. */
  accept(outbound: Outbound, fromNode: number): void {
    const signal = outbound.signal;
    this.#lastInbound.set(fromNode, outbound.at);
    this.#agenda.push({
      at: outbound.at,
      order: outbound.order,
      place: -1,
      due: () => this.#apply(signal),
    });
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
  loseNode(node: number, name: string, at: number): void {
    const latencyUs = this.#options.wires.get(node)?.leastLatencyUs ?? 1;
    this.schedule(Math.max(at + latencyUs, this.#lastInbound.get(node) ?? 0), () => {
      this.#lostNodes.add(node);
      for (const process of [...this.#processes.values()]) this.#disconnect(process, name);
    });
  }

  /** Runs `due` at `at`, in the order of the node's own entries. For loads and other parts of the world. */
  schedule(at: number, due: () => void): Entry {
    const entry = { at, order: localOrder(this.#sequence++), place: -1, due };
    this.#agenda.push(entry);
    return entry;
  }

  #drainRunQueue(): void {
    const { rowCountMax } = this.#options.bounds;
    // Index loop: turns are added while it runs. Emptied at the end, so nothing is shifted.
    const queue = this.#runQueue;
    for (let i = 0; i < queue.length && this.trace.rowCount <= rowCountMax; i++) {
      this.#step(queue[i] as Turn);
    }
    this.#runQueue = [];
  }

  /** One step under the guard, its promise jobs included. */
  #step(turn: Turn): void {
    const { stepTurnsMax } = this.#options.bounds;
    const process = turn instanceof Process ? turn : turn.process;
    guard.left = stepTurnsMax;
    try {
      if (turn instanceof Process) this.#takeTurn(turn);
      else if (process.alive) withOwner(process, turn.body);
    } catch (thrown) {
      if (!(thrown instanceof Stop)) throw thrown;
    }
    if (this.cutBy === undefined) this.#drainJobs();
    if (this.cutBy !== undefined) throw new Stop(this.cutBy);
    if (guard.left < 0) this.exit(process, TOO_MUCH_WORK(stepTurnsMax));
    this.#turnsLeft -= stepTurnsMax - Math.max(0, guard.left);
    if (this.#turnsLeft < 0) {
      this.#cut(
        `node ${this.name} did more than ${count(this.#options.bounds.nodeTurnsMax)} loop turns and calls`,
      );
    }
  }

  #takeTurn(process: Process): void {
    process.isQueued = false;
    if (!process.alive) return;
    if (process.receiving !== undefined) {
      withOwner(process, () => this.#scan(process));
      return;
    }
    if (process.behaviour === undefined || process.isBusy || process.mailbox.length === 0) return;
    const envelope = this.#take(process, 0);
    const result = withOwner(process, () => process.behaviour?.(envelope));
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

  #emitOutbound(outbound: Outbound): void {
    this.#outbound.push(outbound);
    this.#soonestArrival = Math.min(this.#soonestArrival, outbound.at);
  }

  #disconnect(process: Process, lost: string): void {
    for (const [ref, target] of [...process.monitors]) {
      const node = typeof target === "string" ? readPid(target)?.node : target.node;
      if (node === lost)
        this.#apply({ kind: "down", ref, to: process.pid, object: target, reason: "noconnection" });
    }
    for (const partner of [...process.links]) {
      if (readPid(partner)?.node !== lost) continue;
      this.#apply({
        kind: "exit",
        from: partner,
        to: process.pid,
        reason: "noconnection",
        byLink: true,
      });
    }
  }

  // Processes.

  /** Begins a process that calls `body`. It takes its first step when the spawner has ended its own. Rule P1. */
  spawn(body: () => unknown, options: SpawnOptions): { process: Process; ref: Ref | undefined } {
    const { parent } = options;
    if (this.#processes.size >= this.#options.bounds.processCountMax) {
      this.#cut(`node ${this.name} has ${count(this.#processes.size)} living processes`);
    }
    const serial = this.#serial++;
    const process = new Process(
      this,
      makePid(this.name, serial),
      traceId(this.index, serial),
      options.name ?? options.label,
    );
    this.#processes.set(process.pid, process);
    this.#write(
      KIND.spawn,
      process.id,
      parent?.id ?? 0,
      0,
      SIGNAL.none,
      0,
      copy(process.label),
      parent?.handling ?? 0,
    );
    if (options.name !== undefined) this.register(options.name, process);
    if (options.link && parent) this.link(parent, process.pid);
    const ref = options.monitor && parent ? this.monitor(parent, process.pid) : undefined;
    process.handling = parent?.handling ?? 0;
    this.#runQueue.push({ process, body: () => this.#begin(process, body) });
    return { process, ref };
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
    for (const entry of process.pendingEntries) this.#agenda.remove(entry);
    for (const work of process.pendingWorks) this.cores.cancel(this.now, work);
    if (process.pendingWorks.size > 0) this.#rearmCores();
    for (const [ref, target] of process.monitors)
      this.#emit({ kind: "demonitor", ref, to: target });
    for (const [ref, { watcher, object }] of process.monitoredBy) {
      this.#emit({ kind: "down", ref, to: watcher, object, reason: kept.value });
    }
    for (const partner of process.links) {
      this.#emit({
        kind: "exit",
        from: process.pid,
        to: partner,
        reason: kept.value,
        byLink: true,
      });
    }
  }

  /** The living process with this pid or registered name on this node. */
  find(target: string): Process | undefined {
    return isPid(target) ? this.#processes.get(target) : this.#names.get(target);
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

  /** Sends. Never waits and never fails: what is sent to nobody is gone. Rule M1. */
  send(from: Process, to: Destination, body: unknown, options: SendOptions = NO_OPTIONS): number {
    const copied = copy(body);
    const shown = "shown" in options ? copy(options.shown) : copied;
    const id = traceId(this.index, options.id ?? this.#id++);
    const signal = options.signal ?? SIGNAL.info;
    const cause = options.cause ?? from.handling;
    const envelope: Envelope = {
      id,
      signal,
      from: from.id,
      body: copied.value,
      ref: options.ref,
      caller: options.caller,
    };
    const neighbour = this.#neighbour(to);
    if (neighbour === undefined) {
      this.#sendAway(from, to, envelope, shown, cause);
      return id;
    }
    this.#write(KIND.send, from.id, neighbour.id, id, signal, this.now, shown, cause);
    this.#deliver(neighbour, envelope, neighbour.id);
    this.#watchCaller(neighbour, envelope, neighbour.pid);
    return id;
  }

  /** The living process on this node that an address means: the common case, found without reading the address. */
  #neighbour(to: Destination): Process | undefined {
    if (typeof to === "string") return this.#processes.get(to as Pid) ?? this.#names.get(to);
    return to.node === this.name ? this.#names.get(to.name) : undefined;
  }

  /** Sends over a wire, or to nobody. */
  #sendAway(
    from: Process,
    to: Destination,
    envelope: Envelope,
    shown: Copied,
    cause: number,
  ): void {
    const { id, signal } = envelope;
    const address = this.#resolve(to);
    const peer = this.#peerOf(address);
    if (address.node === this.index) {
      this.#write(KIND.send, from.id, peer, id, signal, this.now, shown, cause);
      this.#emit({ kind: "message", to: address.target, envelope });
      return;
    }
    const passage = this.#wireTo(address.node)?.send(this.now, true);
    this.#write(KIND.send, from.id, peer, id, signal, passage?.at ?? this.now, shown, cause);
    if (passage === undefined || passage.diedAt !== undefined) {
      const diedAt = passage?.diedAt ?? this.now;
      this.#write(KIND.lose, from.id, peer, id, signal, diedAt, NOTHING, cause);
      return;
    }
    const { at, order } = passage;
    const message = { kind: "message", to: address.target, envelope } as const;
    this.#emitOutbound({ toNode: address.node, at, order, signal: message });
  }

  /** Waits for a message. Fulfilled with it, or with undefined after `afterUs`. Rules M3 and M4. */
  receive(
    process: Process,
    match: Match,
    afterUs: number | undefined,
  ): CoPromise<Envelope | undefined> {
    if (process.receiving !== undefined) {
      throw new Error("this process already waits in a receive: await it before you receive again");
    }
    const promise = pending<Envelope | undefined>();
    const timer =
      afterUs === undefined
        ? undefined
        : this.arm(process, this.now + afterUs, () => this.#giveUpReceive(process));
    process.receiving = { match, promise, scanned: 0, timer };
    this.#scan(process);
    return promise;
  }

  #giveUpReceive(process: Process): void {
    this.wake(process, () => {
      const receiving = process.receiving;
      process.receiving = undefined;
      if (receiving !== undefined) fulfil(receiving.promise, undefined);
    });
  }

  /** Looks for the first message that the waiting receive takes; leaves the others where they are. */
  #scan(process: Process): void {
    const receiving = process.receiving;
    if (receiving === undefined) return;
    const { mailbox } = process;
    for (; receiving.scanned < mailbox.length; receiving.scanned++) {
      if (!matches(receiving.match, mailbox.at(receiving.scanned) as Envelope)) continue;
      process.receiving = undefined;
      if (receiving.timer !== undefined) this.disarm(process, receiving.timer);
      fulfil(receiving.promise, this.#take(process, receiving.scanned));
      return;
    }
  }

  #take(process: Process, index: number): Envelope {
    const envelope = process.mailbox.take(index);
    process.handling = envelope.id;
    this.#writeEnvelope(KIND.receive, process.id, envelope, index, envelope.id);
    return envelope;
  }

  #deliver(process: Process | undefined, envelope: Envelope, dead: number): void {
    const isLate =
      envelope.signal === SIGNAL.reply &&
      envelope.ref !== undefined &&
      !process?.awaited.has(envelope.ref);
    if (process === undefined || isLate) {
      this.#writeEnvelope(KIND.discard, process?.id ?? dead, envelope, 0, 0);
      return;
    }
    this.#writeEnvelope(KIND.arrive, process.id, envelope, 0, 0);
    process.mailbox.push(envelope);
    if (process.mailbox.length > this.#options.bounds.mailboxLengthMax) {
      this.#cut(
        `the mailbox of ${process.label} reached ${count(this.#options.bounds.mailboxLengthMax)} messages`,
      );
    }
    const { receiving } = process;
    if (receiving !== undefined) {
      if (receiving.match.kind !== "ref" || receiving.match.ref === envelope.ref)
        this.#ready(process);
    } else if (process.behaviour !== undefined && !process.isBusy) {
      this.#ready(process);
    }
  }

  // Links, monitors, calls and exit signals.

  /** Links two processes, as erlang:link/1. To a dead one: an exit signal with `noproc`. Rule L1. */
  link(process: Process, to: Pid): void {
    if (to === process.pid || process.links.has(to)) return;
    process.links.add(to);
    this.record(process, KIND.link, { peer: this.#peerOf(this.#resolve(to)) });
    this.#emit({ kind: "link", from: process.pid, to });
  }

  /** Takes a link away; afterwards no exit signal of it arrives. Rule L2. */
  unlink(process: Process, from: Pid): void {
    if (!process.links.delete(from)) return;
    this.record(process, KIND.unlink, { peer: this.#peerOf(this.#resolve(from)) });
    this.#emit({ kind: "unlink", from: process.pid, to: from });
  }

  /** Watches a process: exactly one DOWN comes when it ends; `noproc` when it has. Rule L3. */
  monitor(process: Process, target: Destination): Ref {
    const id = this.#id++;
    const ref = makeRef(this.name, id);
    const address = this.#resolve(target);
    process.monitors.set(ref, address.target);
    const peer = this.#peerOf(address);
    this.record(process, KIND.monitor, { peer, message: traceId(this.index, id) });
    this.#emit({ kind: "monitor", ref, from: process.pid, to: address.target });
    return ref;
  }

  /** Stops watching. `flush` removes a DOWN that is already in the mailbox. Returns false for an unknown reference. */
  demonitor(process: Process, ref: Ref, flush: boolean): boolean {
    const target = process.monitors.get(ref);
    if (flush) process.mailbox.flush(ref);
    if (target === undefined) return false;
    process.monitors.delete(ref);
    const peer = this.#peerOf(this.#resolve(target));
    this.record(process, KIND.demonitor, { peer, message: traceId(this.index, refSerial(ref)) });
    this.#emit({ kind: "demonitor", ref, to: target });
    return true;
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
   * A call begins: the reference under which its reply comes, and which its receiver's end ends.
   * The monitor travels with the request itself, as one signal.
   */
  beginCall(process: Process, target: Destination): { ref: Ref; id: number } {
    const id = this.#id++;
    const ref = makeRef(this.name, id);
    process.awaited.add(ref);
    process.monitors.set(ref, this.#resolve(target).target);
    return { ref, id };
  }

  /** A call is over. `gaveUp`: without an answer; the request may still be handled. */
  endCall(process: Process, ref: Ref, gaveUp: boolean): void {
    process.awaited.delete(ref);
    const target = process.monitors.get(ref);
    process.monitors.delete(ref);
    if (!gaveUp || target === undefined) return;
    process.mailbox.flush(ref);
    const peer = this.#peerOf(this.#resolve(target));
    const message = traceId(this.index, refSerial(ref));
    this.record(process, KIND.giveUp, { peer, message, signal: SIGNAL.call });
    this.#emit({ kind: "demonitor", ref, to: target });
  }

  /** The receiver of a call answers: whoever asked need not be watched any longer. */
  answered(process: Process, ref: Ref): void {
    process.monitoredBy.delete(ref);
  }

  /** Sends a signal now: within this node it is applied in order, to another it takes the wire. */
  #emit(signal: Signal): void {
    const to = signal.to;
    const nodeName = typeof to === "string" ? (readPid(to)?.node ?? this.name) : to.node;
    const toNode = this.#options.nodeIndex.get(nodeName);
    if (toNode === this.index) {
      this.#apply(signal);
      return;
    }
    const passage = toNode === undefined ? undefined : this.#wireTo(toNode)?.send(this.now, false);
    if (toNode !== undefined && passage !== undefined) {
      this.#emitOutbound({ toNode, at: passage.at, order: passage.order, signal });
    }
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
    const target =
      typeof signal.to === "string"
        ? this.#processes.get(signal.to)
        : this.#names.get(signal.to.name);
    switch (signal.kind) {
      case "message":
        this.#applyMessage(signal, target);
        return;
      case "link":
        if (target !== undefined) target.links.add(signal.from);
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
        target?.links.delete(signal.from);
        return;
      case "monitor":
        this.#watch(target, signal.ref, signal.from, signal.to);
        return;
      case "demonitor":
        target?.monitoredBy.delete(signal.ref);
        return;
      case "down":
        if (target?.monitors.delete(signal.ref))
          this.#deliverDown(target, signal.ref, signal.object, signal.reason);
        return;
      case "exit":
        if (target !== undefined) this.#applyExit(target, signal);
        return;
    }
  }

  #applyMessage(signal: Extract<Signal, { kind: "message" }>, target: Process | undefined): void {
    const { envelope } = signal;
    // After a thread boundary the body is a fresh, unfrozen copy.
    const body = copy(envelope.body).value;
    const own = body === envelope.body ? envelope : { ...envelope, body };
    this.#deliver(target, own, traceId(this.index, 0));
    this.#watchCaller(target, envelope, signal.to);
  }

  /** A call's monitor travels with its request. */
  #watchCaller(target: Process | undefined, { ref, caller }: Envelope, object: Pid | NameOnNode) {
    if (caller !== undefined && ref !== undefined) this.#watch(target, ref, caller, object);
  }

  /** What an exit signal does to its receiver: the table of the BEAM. Rule X3. */
  #applyExit(target: Process, signal: Extract<Signal, { kind: "exit" }>): void {
    const { from, reason, byLink } = signal;
    if (byLink && !target.links.delete(from)) return;
    if (reason === "kill" && !byLink) {
      this.exit(target, "killed");
      return;
    }
    if (target.trapsExits) {
      const body = copy({ tag: "EXIT", from, reason });
      this.#deliver(target, this.#ownEnvelope(SIGNAL.exit, body), target.id);
      return;
    }
    if (reason !== "normal" || (from === target.pid && !byLink)) this.exit(target, reason);
  }

  #watch(target: Process | undefined, ref: Ref, watcher: Pid, object: Pid | NameOnNode): void {
    if (target !== undefined) target.monitoredBy.set(ref, { watcher, object });
    else this.#emit({ kind: "down", ref, to: watcher, object, reason: "noproc" });
  }

  #deliverDown(target: Process, ref: Ref, object: Pid | NameOnNode, reason: ExitReason): void {
    const body = copy({ tag: "DOWN", ref, type: "process", object, reason });
    this.#deliver(target, { ...this.#ownEnvelope(SIGNAL.down, body), ref }, target.id);
  }

  #ownEnvelope(signal: SignalNumber, body: Copied): Envelope {
    const id = traceId(this.index, this.#id++);
    return { id, signal, from: 0, body: body.value, ref: undefined, caller: undefined };
  }

  // Time and work.

  /** Delivers `body` to `to` after `delayUs`. The timer outlives the process that armed it. Rule T5. */
  sendAfter(process: Process, delayUs: number, body: unknown, to: string): Ref {
    const id = this.#id++;
    const ref = makeRef(this.name, id);
    const copied = copy(body);
    const number = traceId(this.index, id);
    this.record(process, KIND.timerSet, {
      message: number,
      signal: SIGNAL.timer,
      value: this.now + delayUs,
      payload: copied,
    });
    const entry = this.schedule(this.now + delayUs, () => {
      this.#timers.delete(ref);
      this.#write(KIND.timerFire, process.id, 0, number, SIGNAL.timer, 0, NOTHING, 0);
      this.#deliver(
        this.find(to),
        {
          id: number,
          signal: SIGNAL.timer,
          from: process.id,
          body: copied.value,
          ref: undefined,
          caller: undefined,
        },
        process.id,
      );
    });
    this.#timers.set(ref, entry);
    return ref;
  }

  /** Cancels a timer. Returns the µs that were left, or undefined when it has fired or never was. */
  cancelTimer(process: Process, ref: Ref): number | undefined {
    const entry = this.#timers.get(ref);
    if (entry === undefined) return undefined;
    this.#timers.delete(ref);
    this.#agenda.remove(entry);
    const message = traceId(this.index, refSerial(ref));
    this.record(process, KIND.timerCancel, { message, signal: SIGNAL.timer });
    return entry.at - this.now;
  }

  /** Wakes the process after `delayUs`. */
  sleep(process: Process, delayUs: number): CoPromise<void> {
    const promise = pending<void>();
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
    const finish = () =>
      this.wake(process, () => {
        this.record(process, KIND.workEnd, { signal });
        fulfil(promise, undefined);
      });
    if (kind === "io") {
      this.arm(process, this.now + us, finish);
      return promise;
    }
    const work = this.cores.begin(this.now, us, () => {
      process.pendingWorks.delete(work);
      finish();
    });
    process.pendingWorks.add(work);
    this.#rearmCores();
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
      process.pendingEntries.delete(entry);
      due();
    });
    process.pendingEntries.add(entry);
    return entry;
  }

  /** Takes back what `arm` put on the agenda. */
  disarm(process: Process, entry: Entry): void {
    process.pendingEntries.delete(entry);
    this.#agenda.remove(entry);
  }

  /** Lets `body` run as a step of `process`, after what is already queued. */
  wake(process: Process, body: () => void): void {
    this.#runQueue.push({ process, body });
  }

  #ready(process: Process): void {
    if (process.isQueued || !process.alive) return;
    process.isQueued = true;
    this.#runQueue.push(process);
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
    const { peer = 0, message = 0, signal = SIGNAL.none, value = 0, payload = NOTHING } = row;
    this.#write(kind, process.id, peer, message, signal, value, payload, process.handling);
  }

  /** Writes a row about the node itself. */
  #recordOwn(kind: Kind, value: number, text: string): void {
    const own = traceId(this.index, 0);
    this.#write(kind, own, 0, 0, SIGNAL.none, value, copy(text), 0);
  }

  /** Writes a row about a message on its way; these are most of a trace, and cost no object. */
  #writeEnvelope(
    kind: Kind,
    process: number,
    envelope: Envelope,
    value: number,
    cause: number,
  ): void {
    const { from, id, signal } = envelope;
    this.#write(kind, process, from, id, signal, value, NOTHING, cause);
  }

  #write(
    kind: Kind,
    process: number,
    peer: number,
    message: number,
    signal: SignalNumber,
    value: number,
    payload: Copied,
    cause: number,
  ): void {
    const kept = payload === NOTHING ? 0 : this.trace.keep(payload.value, payload.hash);
    this.trace.write(this.now, kind, process, peer, message, signal, value, kept, cause);
  }

  #resolve(to: Destination): { readonly node: number; readonly target: Pid | NameOnNode } {
    const target = typeof to === "string" && !isPid(to) ? { name: to, node: this.name } : to;
    const nodeName = typeof target === "string" ? readPid(target)?.node : target.node;
    return {
      node: this.#options.nodeIndex.get(nodeName ?? "") ?? -1,
      target: target as Pid | NameOnNode,
    };
  }

  /** The trace number of whoever an address means; the node's own when it is a name elsewhere. */
  #peerOf(address: { readonly node: number; readonly target: Pid | NameOnNode }): number {
    const { node, target } = address;
    if (node < 0) return 0;
    if (typeof target === "string") return traceId(node, readPid(target)?.serial ?? 0);
    return node === this.index
      ? (this.#names.get(target.name)?.id ?? traceId(node, 0))
      : traceId(node, 0);
  }

  #wireTo(node: number): Wire | undefined {
    return this.#lostNodes.has(node) ? undefined : this.#options.wires.get(node);
  }
}

const TOO_MUCH_WORK = (turns: number) => ({
  error: "TooMuchWork",
  message: `more than ${count(turns)} loop turns and calls in one step`,
});

function matches(match: Match, envelope: Envelope): boolean {
  switch (match.kind) {
    case "any":
      return true;
    case "ref":
      return envelope.ref === match.ref;
    case "test":
      return match.test(envelope.body);
  }
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
