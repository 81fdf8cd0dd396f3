/**
 * A node: the door to its processes, for whoever drives it and for the processes themselves.
 *
 * One node is the unit that can be placed on a thread of its own. It knows nothing of where the
 * others are: what it sends to them goes into `takeOutbound`, what they send comes in by `accept`.
 * An event is one process taking one step: it starts, takes a message, or is woken. After each,
 * the jobs of its promises run to empty. What is done for every message makes as few objects as
 * can be: no closure, no options, no copies of rows.
 *
 * Behind the door each part is one idea in one file, and knows only those before it:
 *   node-core    clock, agenda, run queue, tables, numbers, rows: what the parts share
 *   inbox        a message enters a mailbox
 *   border       what goes out to other nodes and comes in; with distribution.ts
 *   signalling   how links, monitors and exits travel
 *   working      sleep, work, cores
 *   lives        a process begins, has a name, ends
 *   neighbours   whom an address means here; aliases
 *   ties         links, monitors, requests: the side that asks
 *   timers       messages for later
 *   waits        a process waits for messages and takes them
 *   mail         sending, and calls
 *   spawning     processes begun here and on other nodes
 *   reception    what a signal does where it arrives: the side that is asked
 *   blows        the fault plan
 *   stepper      who is next, and what a step is
 * Rules in SPEC.md: T (time), P (processes), M (messages), S (signals), X (exits), L (links and
 * monitors), B (nodes), C (cores), G (guard).
 */
import { Blows } from "./blows.ts";
import { Border } from "./border.ts";
import type { Cores } from "./cores.ts";
import type { CoPromise } from "./coroutine.ts";
import type { Distribution } from "./distribution.ts";
import type { Blow } from "./faults.ts";
import { Entry } from "./heap.ts";
import { bytesIn, Inbox } from "./inbox.ts";
import { Lives } from "./lives.ts";
import { Mail, type SendOptions } from "./mail.ts";
import type { Medium } from "./medium.ts";
import type { Destination, Pid, Ref } from "./names.ts";
import { Neighbours } from "./neighbours.ts";
import { NodeCore, type Row } from "./node-core.ts";
import type { Life, NodeOptions } from "./node-options.ts";
import { ORDER_US_MIN, type Order } from "./orders.ts";
import { copy, type Exports } from "./payload.ts";
import { type AliasMode, type CallUnderWay, type Match, ProcessOn } from "./process.ts";
import { RandomStream, STREAM } from "./random.ts";
import { ErlangError, Stop } from "./reason.ts";
import { Reception } from "./reception.ts";
import type { NodeSpec, OperationsSpec, OutageMode } from "./scenario.ts";
import { Signalling, SignalQueue } from "./signalling.ts";
import type { Envelope, ExitReason, Outbound } from "./signals.ts";
import type { Sockets } from "./sockets.ts";
import { type AfarOptions, Spawning, type SpawnOptions } from "./spawning.ts";
import { Stepper } from "./stepper.ts";
import { Ties } from "./ties.ts";
import { Timers } from "./timers.ts";
import { KIND, type Kind, SIGNAL, type Trace } from "./trace.ts";
import { Waits } from "./waits.ts";
import { Working } from "./working.ts";

export { type Crash, FIRST_LIFE, type Life } from "./node-options.ts";

const NO_OPTIONS: SendOptions = {};

/** A life's first row comes before the blows of its instant, and in a shuffled schedule too. */
const BEGINS_FIRST = -(2 ** 41);

/** A process on a node of ours. */
export class Process extends ProcessOn<Node> {}

/**
 * A node: first how it is run, then what its processes may ask of it (processes, messages, ties,
 * time and work). Times are µs of virtual time. The parts know processes as residents; all were
 * made here, as `Process`, which is the reason for the casts.
 */
export class Node {
  readonly index: number;
  readonly name: string;
  /** The release that it runs. */
  readonly version: string;
  readonly cores: Cores;
  readonly disk: Medium;
  readonly trace: Trace;
  readonly distribution: Distribution;
  /** Channels to other nodes that are no connections. */
  readonly sockets: Sockets;
  readonly #core: NodeCore;
  readonly #border: Border;
  readonly #working: Working;
  readonly #lives: Lives;
  readonly #ties: Ties;
  readonly #timers: Timers;
  readonly #waits: Waits;
  readonly #mail: Mail;
  readonly #spawning: Spawning;
  readonly #reception: Reception;
  readonly #blows: Blows;
  readonly #stepper: Stepper;

  constructor(options: NodeOptions) {
    const core = new NodeCore(options);
    const inbox = new Inbox(core);
    // The one knot: what is applied last is known first. No signal comes before all parts are there.
    const queue = new SignalQueue((signal) => this.#reception.apply(signal));
    const border = new Border(core, queue, inbox);
    const { distribution } = border;
    const signalling = new Signalling(core, queue, distribution);
    const working = new Working(core);
    const lives = new Lives(
      core,
      working,
      signalling,
      distribution,
      (pid, id, label) => new Process(this, pid, id, label),
    );
    const neighbours = new Neighbours(core, lives, signalling);
    const ties = new Ties(core, neighbours, signalling);
    const waits = new Waits(core, working, signalling);
    const spawning = new Spawning(core, lives, ties, signalling);
    this.index = core.index;
    this.name = core.name;
    this.version = options.life.version ?? options.nodes[core.index]?.version ?? "1";
    this.cores = core.cores;
    this.disk = core.disk;
    this.trace = core.trace;
    this.distribution = distribution;
    this.sockets = border.sockets;
    this.#core = core;
    this.#border = border;
    this.#working = working;
    this.#lives = lives;
    this.#ties = ties;
    this.#timers = new Timers(core, neighbours, inbox);
    this.#waits = waits;
    this.#mail = new Mail(core, distribution, inbox, neighbours, ties, waits);
    this.#spawning = spawning;
    this.#reception = new Reception(core, neighbours, inbox, lives, ties, spawning, signalling);
    this.#blows = new Blows(core, border, working);
    this.#stepper = new Stepper(core, lives, waits);
  }

  // Running: whoever drives the node, a cluster or a thread of its own.

  /** Virtual time here. */
  get now(): number {
    return this.#core.now;
  }

  /** Set when a bound of this node was passed; the run ends here. */
  get cutBy(): string | undefined {
    return this.#core.cutBy;
  }

  /** When this node has something to do; Infinity when only a signal from outside can wake it. */
  nextAt(): number {
    const core = this.#core;
    if (core.cutBy !== undefined) return Number.POSITIVE_INFINITY;
    if (core.isPaused) return this.#blows.nextResumeAt();
    if (core.runQueue.length > 0) return core.now;
    return Math.max(core.agenda.nextAt(), core.notBefore);
  }

  /**
   * Does everything that is due before `end`, and no more than can be done before an answer to
   * what is sent meanwhile may come: `answerUs` after the arrival of the first signal sent. Stops
   * early when a bound is passed (`cutBy`).
   */
  run(end: number, answerUs = Number.POSITIVE_INFINITY): void {
    const core = this.#core;
    if (core.cutBy !== undefined) return;
    const { rowCountMax } = core.options.bounds;
    try {
      if (!core.isPaused) this.#stepper.drainRunQueue();
      for (;;) {
        const at = this.nextAt();
        const { soonestArrival, stopBefore } = this.#border;
        if (!(at < end && at < soonestArrival + answerUs && at < stopBefore)) break;
        if (core.trace.rowCount > rowCountMax) break;
        core.now = at;
        if (core.isPaused) this.#blows.resume();
        else core.doNext();
        if (!core.isPaused) this.#stepper.drainRunQueue();
      }
    } catch (thrown) {
      if (core.cutBy === undefined || !(thrown instanceof Stop)) throw thrown;
      core.noteOwn(KIND.cut, 0, 0, core.cutBy);
    }
  }

  /** Makes the beginning of this node the first thing on its agenda. Called once, before anything else. */
  start(): void {
    const core = this.#core;
    const { life } = core.options;
    const begins = () => core.noteOwn(KIND.nodeUp, core.cores.count, life.incarnation, core.name);
    core.agenda.push(new Entry(life.startUs, BEGINS_FIRST, begins));
    this.#blows.start();
  }

  /** The program that this node runs: what other nodes may start here, and what its messages may name. */
  declare(exports: Exports): void {
    this.#core.exports = exports;
  }

  /** What a node that takes this one's place has to take over. */
  nextLife(startUs: number): Life {
    const { life, isDiskMirrored } = this.#core.options;
    return {
      incarnation: life.incarnation + 1,
      startUs,
      firstSerial: this.#lives.serialsUsed,
      firstId: this.#core.idsUsed,
      spawnedAfar: new Map(this.#spawning.spawnedAfar),
      disk: isDiskMirrored ? new Map() : this.disk.image(),
      version: life.version,
      struck: life.struck,
    };
  }

  /** Puts what comes over a wire on the agenda. */
  accept(outbound: Outbound, fromNode: number): void {
    this.#border.accept(outbound, fromNode);
  }

  /** True when there are signals for other nodes. */
  get hasOutbound(): boolean {
    return this.#border.hasOutbound;
  }

  /** Signals for other nodes since the last call. */
  takeOutbound(): Outbound[] {
    return this.#border.takeOutbound();
  }

  /**
   * Another node was killed at `at`. This one learns of it when the wire has fallen silent; whoever
   * watches or is linked to a process there gets `noconnection`. Rule L4.
   */
  loseNode(node: number, at: number): void {
    this.#border.loseNode(node, at);
  }

  /** Puts a blow on the agenda, before all else of its instant. Crash and restart are not the node's to do. */
  strike(atUs: number, order: number, blow: Blow): void {
    this.#blows.strike(atUs, order, blow);
  }

  /** Nodes of the scenario, running or not, as it names them. */
  get scenarioNodes(): readonly NodeSpec[] {
    return this.#core.options.nodes;
  }

  /** What it takes to begin and end nodes; undefined when that is not allowed. */
  get operations(): OperationsSpec | undefined {
    return this.#core.options.operations;
  }

  /** Asks whoever runs the nodes to begin or end one, `afterUs` from now, a second at least. Rule B12. */
  order(order: Order, afterUs: number): void {
    if (this.operations === undefined)
      throw new ErlangError(
        "badarg",
        "this scenario has no operator: nodes cannot be begun or ended",
      );
    this.#border.order(order, this.now + Math.max(ORDER_US_MIN, afterUs));
  }

  /** The run is over: what there is to say of those who live is said. Rule R11. */
  finish(at: number): void {
    this.#core.now = at;
    for (const process of this.#core.processes.values()) {
      if (process.stateOf !== undefined)
        this.#core.write(
          KIND.state,
          process.id,
          0,
          0,
          SIGNAL.none,
          hashOfState(process),
          undefined,
          0,
        );
    }
  }

  /** Runs `due` at `at`, in the order of the node's own entries. For loads and other parts of the world. */
  schedule(at: number, due: () => void): Entry {
    return this.#core.schedule(at, due);
  }

  // Processes.

  /** Begins a process that calls `body`. It takes its first step when the spawner has ended its own. Rule P1. */
  spawn(body: () => unknown, options: SpawnOptions): { process: Process; ref: Ref | undefined } {
    return this.#spawning.spawn(body, options) as { process: Process; ref: Ref | undefined };
  }

  /** Begins a process on another node, which calls what `run` names there. Its pid is known at once. Rule B8. */
  spawnAfar(
    parent: Process,
    node: string,
    run: readonly [file: string, name: string],
    args: unknown,
    options: AfarOptions,
  ): { pid: Pid; ref: Ref | undefined } {
    return this.#spawning.spawnAfar(parent, node, run, args, options);
  }

  /** The process of a service of this node, begun if it does not run. */
  ensure(name: string): Process | undefined {
    return this.#lives.ensure(name) as Process | undefined;
  }

  /** Makes a process a behaviour: from now on `behaviour` is called with each message. */
  become(process: Process, behaviour: NonNullable<Process["behaviour"]>): void {
    process.behaviour = behaviour;
    this.#core.ready(process);
  }

  /** A behaviour begins to handle a message and will say when it is ready for the next. */
  setBusy(process: Process, isBusy: boolean): void {
    process.isBusy = isBusy;
    if (!isBusy) this.#core.ready(process);
  }

  /** Something thrown in a process was not caught: it ends with the reason. */
  crash(process: Process, thrown: unknown): void {
    this.#lives.crash(process, thrown);
  }

  /** Ends a process at once: links and watchers are told, its mailbox is lost, its waits are void. Rule X1. */
  exit(process: Process, reason: ExitReason): void {
    this.#lives.exit(process, reason);
  }

  /** The living process with this pid or registered name on this node. */
  find(target: string): Process | undefined {
    const { processes, names } = this.#core;
    return (processes.get(target as Pid) ?? names.get(target)) as Process | undefined;
  }

  /** The number in the trace of a process, living or not. */
  numberOf(pid: Pid): number {
    return this.#core.idOf(pid);
  }

  get processCount(): number {
    return this.#core.processes.size;
  }

  /** Living processes, oldest first. */
  processes(): IterableIterator<Process> {
    return this.#core.processes.values() as IterableIterator<Process>;
  }

  /** Gives a name. Returns false when the name is taken or the process has one. Rule P4. */
  register(name: string, process: Process): boolean {
    return this.#lives.register(name, process);
  }

  /** Takes a name away. Returns false when nobody has it. */
  unregister(name: string): boolean {
    return this.#lives.unregister(name);
  }

  /** Names that are taken on this node, oldest first. */
  registered(): string[] {
    return [...this.#core.names.keys()];
  }

  // Messages.

  /** Sends. Never waits and never fails: what is sent to nobody is gone. Returns the message's number. Rule M1. */
  send(from: Process, to: Destination, body: unknown, options: SendOptions = NO_OPTIONS): number {
    return this.#mail.send(from, to, body, options);
  }

  /** Sends a cast: a server sees `body`, a plain receive `["$gen_cast", body]`. */
  cast(from: Process, to: Destination, body: unknown): void {
    this.#mail.cast(from, to, body);
  }

  /** Answers the request `ref` of the process `to`, which drops it when it no longer waits. */
  reply(from: Process, to: Pid, ref: Ref, value: unknown): void {
    this.#mail.reply(from, to, ref, value);
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
    return this.#mail.call(process, to, args, afterUs);
  }

  /** Waits for a message; fulfilled with what `messageOf` says of it, or undefined after `afterUs`. Rules M3 and M4. */
  receiveMessage(process: Process, afterUs: number | undefined): CoPromise<unknown> {
    return this.#waits.receiveMessage(process, afterUs);
  }

  /** Waits for a message that fits. Fulfilled with it, or with undefined after `afterUs`. Rules M3 and M4. */
  receive(
    process: Process,
    match: Match,
    afterUs: number | undefined,
  ): CoPromise<Envelope | undefined> {
    return this.#waits.receive(process, match, afterUs);
  }

  /** Ends a wait that no message has ended; its promise stays as it is. */
  endWait(process: Process): void {
    this.#waits.endWait(process);
  }

  /** A request begins whose answer is not waited for at once; `id` is the number to send it with. */
  beginCall(process: Process, to: Destination): { ref: Ref; id: number } {
    return this.#ties.beginCall(process, to);
  }

  /** Watches a process of this node without a row in the trace, for a start: see `answered`. */
  expect(process: Process, of: Process): Ref {
    return this.#ties.expect(process, of);
  }

  /** Whoever asked need not watch any longer: the process has answered. */
  answered(process: Process, ref: Ref): void {
    process.monitoredBy?.delete(ref);
  }

  /** A request is over. `gaveUp`: without an answer; it may still be handled. */
  endCall(process: Process, ref: Ref, gaveUp: boolean): void {
    this.#ties.endCall(process, ref, gaveUp);
  }

  // Links, monitors, aliases and exit signals.

  /** Links two processes, as erlang:link/1; raises `noproc` when the other has ended. Rule L1. */
  link(process: Process, to: Pid): void {
    this.#ties.link(process, to);
  }

  /** Takes a link away; afterwards no exit signal of it arrives. Rule L2. */
  unlink(process: Process, from: Pid): void {
    this.#ties.unlink(process, from);
  }

  /** Sends an exit signal, as erlang:exit/2. Rule X2. */
  exitSignal(from: Process, to: Pid, reason: ExitReason): void {
    this.#ties.exitSignal(from, to, reason);
  }

  /** Watches a process: exactly one DOWN comes when it ends; `noproc` when it has. Rule L3. */
  monitor(process: Process, to: Destination, alias?: AliasMode): Ref {
    return this.#ties.monitor(process, to, alias);
  }

  /** Throws messages out of a mailbox unread. Returns whether there was one. */
  dropMessages(process: Process, isMeant: (envelope: Envelope) => boolean): boolean {
    return this.#core.dropMessages(process, isMeant);
  }

  /** Bytes of the messages in a process's mailbox. */
  bytesWaiting(process: Process): number {
    return bytesIn(process);
  }

  /** Kills a process when more bytes of messages than this wait for it; undefined: never. Rule P5. */
  limitHeap(process: Process, bytesMax: number | undefined): void {
    process.heapBytes = bytesMax === undefined ? 0 : bytesIn(process);
    process.heapBytesMax = bytesMax;
  }

  /** Stops watching; `flush` removes a DOWN that has come. Returns false when the monitor was no more. */
  demonitor(process: Process, ref: Ref, flush: boolean): boolean {
    return this.#ties.demonitor(process, ref, flush);
  }

  /** A reference that messages to this process can be sent to, until it is taken back. */
  alias(process: Process, isForOne: boolean): Ref {
    return this.#ties.alias(process, isForOne);
  }

  /** Takes an alias back. Returns false when it was none of this process. */
  unalias(process: Process, ref: Ref): boolean {
    return this.#ties.unalias(process, ref);
  }

  /** A reference that nothing else bears. */
  makeRef(): Ref {
    return this.#ties.makeRef();
  }

  // Time and work.

  /**
   * Delivers `body` to `to` (a pid of this node, or a name looked up then) after `delayUs`.
   * `isStart`: as `{ tag: "timeout", ref, message }`. Rule T5.
   */
  sendAfter(process: Process, delayUs: number, body: unknown, to: string, isStart = false): Ref {
    return this.#timers.sendAfter(process, delayUs, body, to, isStart);
  }

  /** Cancels a timer. Returns the µs that were left, or undefined when it has fired or never was. */
  cancelTimer(process: Process, ref: Ref): number | undefined {
    return this.#timers.cancelTimer(process, ref);
  }

  /** The µs until a timer fires, or undefined when it has or never was. */
  readTimer(ref: Ref): number | undefined {
    return this.#timers.readTimer(ref);
  }

  /** Wakes the process after `delayUs`. */
  sleep(process: Process, delayUs: number): CoPromise<void> {
    return this.#working.sleep(process, delayUs);
  }

  /** Work: of a core shared with others (`cpu`), or of something outside that others do not feel (`io`). Rule C2. */
  work(process: Process, us: number, kind: "cpu" | "io"): CoPromise<void> {
    return this.#working.work(process, us, kind);
  }

  /** What the node's wall clock shows: whole µs since 1970, right or wrong. */
  wallUs(): number {
    return this.#core.wallClock.at(this.#core.now);
  }

  /** How the third party registered under a name is out, by the fault plan; undefined when it is not. */
  outageOf(name: string): OutageMode | undefined {
    return this.#core.conditions.outageOf(name);
  }

  /** An agenda entry that is void when its process has ended. */
  arm(process: Process, at: number, due: () => void): Entry {
    return this.#working.arm(process, at, due);
  }

  /** Takes back what `arm` put on the agenda. */
  disarm(process: Process, entry: Entry): void {
    this.#working.disarm(process, entry);
  }

  /** Lets `body` run as a step of `process`, after what is already queued. */
  wake(process: Process, body: () => void): void {
    this.#core.wake(process, body);
  }

  /** The stream of a process: its own, whatever others draw. Rule N1. */
  randomOf(process: Process): RandomStream {
    const { seed } = this.#core.options;
    process.random ??= new RandomStream(seed, STREAM.process, this.index, process.id);
    return process.random;
  }

  /** Writes a row about a process of this node, with what it is handling as the cause. */
  record(process: Process, kind: Kind, row: Row = {}): void {
    this.#core.record(process, kind, row);
  }
}

/** A behaviour's state as a number; 0 for one that holds what cannot be copied. */
function hashOfState(process: { readonly stateOf: (() => unknown) | undefined }): number {
  try {
    return copy(process.stateOf?.()).hash >>> 0;
  } catch {
    return 0;
  }
}
