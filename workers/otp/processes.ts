/** Processes, messages, links, monitors, names, timers, work: the functions of the erlang module. */
import {
  type AliasMode,
  answering,
  brief,
  contains,
  copy,
  type Destination,
  ErlangError,
  Exit,
  exportName,
  isPid,
  isRef,
  messageOf,
  microseconds,
  nodeOfAddress,
  type Pid,
  type Process,
  type Ref,
  Stop,
  US_PER_MS,
} from "../kernel/index.ts";
import { isGlobalName } from "./global.ts";
import { checkMs, here } from "./here.ts";
import { locate, type ServerRef } from "./naming.ts";
import { isViaName } from "./registry.ts";
import type { Term } from "./term.ts";

export { log } from "./log.ts";

/** How a process is started; all may be left out. */
export interface SpawnOptions {
  /** Registers the new process under this name. Fails the spawner when the name is taken. */
  readonly name?: string;
  /** The node to start it on; default this one. There it is looked up by name, so a file must export the function. */
  readonly node?: string;
}

/** The pid of the running process. `self/0`. */
export function self(): Pid {
  return here().pid;
}

/** The name of the node that the running process is on. `node/0`. */
export function node(): string {
  return here().node.name;
}

/**
 * Starts a process that calls `body(...args)` and ends when it returns. The arguments are copied,
 * as a message is. It takes its first step after the spawner's own. `spawn/1`.
 */
export function spawn<Args extends readonly unknown[]>(
  body: (...args: Args) => unknown,
  args: Args,
  options: SpawnOptions = {},
): Pid {
  return begin(body, args, options, {}).pid;
}

/** As `spawn`, and links the two: when one ends for a reason other than normal, so does the other. `spawn_link/1`. */
export function spawnLink<Args extends readonly unknown[]>(
  body: (...args: Args) => unknown,
  args: Args,
  options: SpawnOptions = {},
): Pid {
  return begin(body, args, options, { link: true }).pid;
}

/** As `spawn`, and watches it: a message `{ tag: "DOWN", ref, reason, … }` tells of its end. `spawn_monitor/1`. */
export function spawnMonitor<Args extends readonly unknown[]>(
  body: (...args: Args) => unknown,
  args: Args,
  options: SpawnOptions = {},
): readonly [Pid, Ref] {
  const { pid, ref } = begin(body, args, options, { monitor: true });
  return [pid, ref as Ref];
}

function begin(
  body: (...args: never[]) => unknown,
  args: readonly unknown[],
  options: SpawnOptions,
  ties: { readonly link?: boolean; readonly monitor?: boolean },
): { readonly pid: Pid; readonly ref: Ref | undefined } {
  const parent = here();
  const { name, node: nodeName } = options;
  if (typeof body !== "function" || !Array.isArray(args))
    throw new ErlangError("badarg", "spawn takes a function and an array of its arguments");
  if (nodeName !== undefined && nodeName !== parent.node.name)
    return parent.node.spawnAfar(parent, nodeName, exportOf(body), args, { name, ...ties });
  const copied = copy(args).value as never[];
  if (name !== undefined && parent.node.find(name) !== undefined)
    throw new ErlangError("badarg", `the name "${name}" is taken on node ${parent.node.name}`);
  const label = body.name === "" ? "process" : body.name;
  const { process, ref } = parent.node.spawn(() => body(...copied), {
    parent,
    label,
    ...(name === undefined ? undefined : { name }),
    ...ties,
  });
  return { pid: process.pid, ref };
}

/** Begins a process on a node for the result of `body`, which the DOWN of the reference tells. For `erpc`. */
export function beginAnswering(
  nodeName: string,
  body: (...args: never[]) => unknown,
  args: readonly unknown[],
): Ref {
  const parent = here();
  const { node } = parent;
  if (nodeName !== node.name) {
    const ties = { monitor: true, answers: true } as const;
    return node.spawnAfar(parent, nodeName, exportOf(body), args, ties).ref as Ref;
  }
  const copied = copy(args).value as never[];
  const run = () => answering(() => body(...copied));
  return node.spawn(run, { parent, label: body.name, monitor: true }).ref as Ref;
}

function exportOf(body: unknown): readonly [file: string, name: string] {
  const found = exportName(body);
  if (found === undefined) {
    throw new ErlangError(
      "badarg",
      "a function that runs on another node must be exported by its file: that node looks it up by name",
    );
  }
  return found;
}

/**
 * Sends a message and goes on at once. It never waits: what is sent to a process that has ended, or
 * to a name on another node that nobody has, is gone. A name of this node that nobody has is an
 * error `badarg`. Messages from one process to another arrive in the order they were sent. `!`.
 */
export function send(to: ServerRef, message: unknown): void {
  const process = here();
  const { node } = process;
  if (isGlobalName(to) || isViaName(to)) {
    const pid = locate(to);
    if (pid === undefined) throw nobody(brief(to));
    node.send(process, pid, message);
    return;
  }
  const isName = typeof to === "string" && !isPid(to) && !isRef(to);
  if (isName && node.find(to) === undefined && node.ensure(to) === undefined) throw nobody(to);
  node.send(process, to, message);
}

function nobody(name: string): ErlangError {
  return new ErlangError("badarg", `nobody is registered as "${name}"`);
}

/** What to do with a message that fits a pattern; made by `when`. */
export interface Clause<Result> {
  readonly fits: (message: unknown) => boolean;
  // Each clause has a message type of its own, which `when` has checked.
  readonly then: (message: never) => Result | Promise<Result>;
}

/** What a clause of `receive` looks for: a test, or a value that the message must contain. */
export type Pattern<Message> =
  | ((message: unknown) => message is Message)
  | ((message: unknown) => boolean)
  | string
  | number
  | boolean
  | null
  | object;

/**
 * A clause of `receive`: messages that fit `pattern` are handled by `then`. An object fits when
 * the message has all its fields with equal values; a function decides by itself.
 */
export function when<Message = Term, Result = unknown>(
  pattern: Pattern<Message>,
  then: (message: Message) => Result | Promise<Result>,
): Clause<Result> {
  const fits =
    typeof pattern === "function"
      ? (pattern as (message: unknown) => boolean)
      : (message: unknown) => contains(message, pattern);
  return { fits, then };
}

/** When a receive gives up, and what it then gives. */
export interface ReceiveOptions<Result> {
  /** Milliseconds of virtual time; without it the receive waits for ever. 0 looks once. */
  readonly after?: number;
  /** What to give when time is up; without it, undefined. */
  readonly otherwise?: () => Result | Promise<Result>;
}

const NO_OPTIONS: ReceiveOptions<unknown> = {};

/**
 * Takes the next message out of the mailbox; waits when there is none. With clauses it takes the
 * first message that fits one of them and leaves the others where they are, in order: the longer
 * the mailbox, the more it has to look through. `receive … after … end`.
 */
export function receive<Message = Term>(): Promise<Message>;
export function receive<Result>(
  clauses: readonly Clause<Result>[],
  options?: ReceiveOptions<Result>,
): Promise<Result>;
export function receive(
  clauses?: readonly Clause<unknown>[],
  options: ReceiveOptions<unknown> = NO_OPTIONS,
): Promise<unknown> {
  const process = here();
  const afterUs =
    options.after === undefined
      ? undefined
      : microseconds(checkMs(options.after, "receive's after"));
  if (clauses === undefined) {
    const message = process.node.receiveMessage(process, afterUs);
    const { otherwise } = options;
    return otherwise === undefined ? message : message.then((found) => found ?? otherwise());
  }
  const find = (body: unknown) => clauses.find((clause) => clause.fits(body));
  return process.node
    .receive(process, { kind: "test", test: (body) => find(body) !== undefined }, afterUs)
    .then((envelope) => {
      if (envelope === undefined) return options.otherwise?.();
      const message = messageOf(envelope);
      return find(message)?.then(message as never);
    });
}

/** Ends the running process with a reason; a `catch` sees it as an `Exit`. `exit/1`. */
export function exit(reason: unknown): never;
/** Sends an exit signal to another process. `"kill"` cannot be trapped. `exit/2`. */
export function exit(pid: Pid, reason: unknown): void;
export function exit(...[first, ...rest]: readonly [unknown, ...(readonly unknown[])]): void {
  const process = here();
  if (rest.length === 0) throw new Exit(copy(first).value);
  if (!isPid(first)) {
    throw new ErlangError("badarg", `exit(pid, reason) takes a pid first, not ${String(first)}`);
  }
  process.node.exitSignal(process, first, rest[0]);
  if (!process.alive) throw new Stop("the process has ended");
}

/** Raises an exception of class error; uncaught it ends the process with `[reason, stack]`. `error/1`. */
export function error(reason: unknown): never {
  throw new ErlangError(copy(reason).value);
}

/**
 * Links the running process with another, in both directions. To one of this node that has ended:
 * an error `noproc`, or the message `{ tag: "EXIT", … }` when exits are trapped. `link/1`.
 */
export function link(pid: Pid): void {
  const process = here();
  checkPid(pid, "link");
  process.node.link(process, pid);
}

/** Takes the link away. `unlink/1`. */
export function unlink(pid: Pid): void {
  const process = here();
  checkPid(pid, "unlink");
  process.node.unlink(process, pid);
}

/** How a process is watched. */
export interface MonitorOptions {
  /** Makes the reference an address too, until the monitor ends, the first message comes, or `unalias`. */
  readonly alias?: AliasMode;
}

/**
 * Watches a process by pid or name: one message `{ tag: "DOWN", ref, type: "process", object,
 * reason }` comes when it ends, with reason `"noproc"` when there is none. `monitor/2,3`.
 */
export function monitor(target: ServerRef, options: MonitorOptions = {}): Ref {
  const process = here();
  const to = locate(target) ?? {
    name: String((target as { global: unknown }).global),
    node: process.node.name,
  };
  return process.node.monitor(process, to, options.alias);
}

/** What becomes of a monitor that is taken back. */
export interface DemonitorOptions {
  /** Also removes a DOWN that has come already. */
  readonly flush?: boolean;
  /** Says whether it still watched: false when the DOWN had come. */
  readonly info?: boolean;
}

/** Stops watching. True, or with `info` whether it still watched. Another's monitor is an error `badarg`. `demonitor/2`. */
export function demonitor(ref: Ref, options: DemonitorOptions = {}): boolean {
  const process = here();
  if (!isRef(ref))
    throw new ErlangError("badarg", `demonitor takes a reference, not ${String(ref)}`);
  const didWatch = process.node.demonitor(process, ref, options.flush === true);
  return options.info === true ? didWatch : true;
}

/** A reference that messages can be sent to instead of a pid, until `unalias`; with `reply` for one message. `alias/0,1`. */
export function alias(options: { readonly reply?: boolean } = {}): Ref {
  const process = here();
  return process.node.alias(process, options.reply === true);
}

/** Takes an alias back: what is sent to it is dropped from now on. False when it was none of this process. `unalias/1`. */
export function unalias(ref: Ref): boolean {
  const process = here();
  return process.node.unalias(process, ref);
}

/** A reference that nothing else in the run bears. `make_ref/0`. */
export function makeRef(): Ref {
  return here().node.makeRef();
}

/** With true, exit signals come as messages `{ tag: "EXIT", from, reason }`. Gives the old value. `process_flag(trap_exit, …)`. */
export function trapExit(isTrapped: boolean): boolean {
  const process = here();
  const before = process.trapsExits;
  process.trapsExits = isTrapped;
  return before;
}

/**
 * Kills the running process with reason `"killed"` when more than `bytes` of messages wait for it;
 * `Infinity` takes the bound away. Gives the old bound. Its own data does not count here.
 * `process_flag(max_heap_size, …)`.
 */
export function maxHeap(bytes: number): number {
  const process = here();
  if (typeof bytes !== "number" || !(bytes >= 0))
    throw new ErlangError("badarg", `maxHeap takes bytes from 0 on, not ${String(bytes)}`);
  const before = process.heapBytesMax ?? Number.POSITIVE_INFINITY;
  process.node.limitHeap(process, Number.isFinite(bytes) ? bytes : undefined);
  return before;
}

/** Registers the running process, or `pid`, under a name on this node. Fails when the name is taken. `register/2`. */
export function register(name: string, pid?: Pid): void {
  const process = here();
  const target = pid === undefined ? process : process.node.find(pid);
  if (target === undefined)
    throw new ErlangError("badarg", `${String(pid)} is not a living process of this node`);
  if (typeof name !== "string" || !process.node.register(name, target)) {
    throw new ErlangError(
      "badarg",
      `${JSON.stringify(name)} cannot be given: it is no text, it is taken, or the process has a name`,
    );
  }
}

/** Takes a registered name away. `unregister/1`. */
export function unregister(name: string): void {
  if (!here().node.unregister(name)) throw nobody(name);
}

/** The process registered under a name on this node. `whereis/1`. */
export function whereis(name: string): Pid | undefined {
  return here().node.find(name)?.pid;
}

/** All names that are registered on this node. `registered/0`. */
export function registered(): string[] {
  return here().node.registered();
}

/** True when a process of this node has not ended. Of another node's it cannot be asked: an error `badarg`. `is_process_alive/1`. */
export function isProcessAlive(pid: Pid): boolean {
  return found(pid, "isProcessAlive") !== undefined;
}

/** What can be asked about a process of this node. */
export interface ProcessInfo {
  /** Messages in its mailbox. */
  readonly messageQueueLen: number;
  /** The messages themselves, oldest first. */
  readonly messages: readonly unknown[];
  readonly registeredName: string | undefined;
  readonly links: readonly Pid[];
  /** What it watches: pids, or names with their node. */
  readonly monitors: readonly Destination[];
  readonly monitoredBy: readonly Pid[];
  readonly trapExit: boolean;
  /** Loop turns and function calls so far: what stands for reductions here. */
  readonly reductions: number;
  /** Bytes: what a process takes by itself, and the messages that wait for it. */
  readonly memory: number;
  readonly status: "waiting" | "running";
}

/** Bytes that a process takes before any message waits for it: 338 words, as a fresh one on the BEAM. */
const PROCESS_BYTES = 338 * 8;

/** Looks at a process of this node without disturbing it; undefined when it has ended. `process_info/1`. */
export function processInfo(pid: Pid): ProcessInfo | undefined {
  const process = found(pid, "processInfo");
  if (process === undefined) return undefined;
  const { behaviour, isBusy, mailbox } = process;
  return {
    messageQueueLen: mailbox.length,
    messages: [...mailbox.envelopes()].map(messageOf),
    registeredName: process.name,
    links: [...(process.links ?? [])],
    monitors: [...(process.monitors?.values() ?? [])],
    monitoredBy: [...(process.monitoredBy?.values() ?? [])].map(({ watcher }) => watcher),
    trapExit: process.trapsExits,
    reductions: process.reductions,
    memory: PROCESS_BYTES + process.node.bytesWaiting(process),
    status: process.waits !== 0 || (behaviour !== undefined && !isBusy) ? "waiting" : "running",
  };
}

/** A living process of this node. Refuses what is no pid of it. */
function found(pid: Pid, of: string): Process | undefined {
  const { node } = here();
  checkPid(pid, of);
  if (nodeOfAddress(pid) !== node.name)
    throw new ErlangError("badarg", `${of} only knows processes of its own node, not ${pid}`);
  return node.find(pid);
}

function checkPid(pid: unknown, of: string): void {
  if (!isPid(pid)) throw new ErlangError("badarg", `${of} takes a pid, not ${String(pid)}`);
}

/**
 * Sends `message` after `ms` of virtual time, to the running process or to `to`: a pid of this node,
 * or a name, looked up then. The timer ends with neither. `erlang:send_after/3`.
 */
export function sendAfter(ms: number, message: unknown, to?: Pid | string): Ref {
  return startTimerFor(ms, message, to, false, "sendAfter");
}

/** As `sendAfter`; the message comes as `{ tag: "timeout", ref, message }`. `erlang:start_timer/3`. */
export function startTimer(ms: number, message: unknown, to?: Pid | string): Ref {
  return startTimerFor(ms, message, to, true, "startTimer");
}

function startTimerFor(
  ms: number,
  message: unknown,
  to: Pid | string | undefined,
  isStart: boolean,
  of: string,
): Ref {
  const process = here();
  const { node } = process;
  if (to !== undefined && isPid(to) && nodeOfAddress(to) !== node.name)
    throw new ErlangError("badarg", `${of} cannot be used for ${to}: it is on another node`);
  const delayUs = microseconds(checkMs(ms, of));
  return node.sendAfter(process, delayUs, message, to ?? process.pid, isStart);
}

/** Cancels a timer. Gives the milliseconds that were left, or false when it was too late. `cancel_timer/1`. */
export function cancelTimer(ref: Ref, options?: { readonly info?: true }): number | false;
/**
 * As above; with `info: false` always `"ok"`. With `async` too, and what was left comes as a message
 * `{ tag: "cancel_timer", ref, result }`, unless `info` is false. `cancel_timer/2`.
 */
export function cancelTimer(ref: Ref, options: CancelOptions): number | false | "ok";
export function cancelTimer(ref: Ref, options: CancelOptions = {}): number | false | "ok" {
  const process = here();
  const { node } = process;
  const leftUs = node.cancelTimer(process, ref);
  const result = leftUs === undefined ? false : leftUs / US_PER_MS;
  if (options.async === true && options.info !== false)
    node.send(process, process.pid, { tag: "cancel_timer", ref, result });
  return options.async === true || options.info === false ? "ok" : result;
}

/** What cancelling a timer tells. */
export interface CancelOptions {
  readonly info?: boolean;
  readonly async?: boolean;
}

/** The milliseconds until a timer fires, or false when it has. `read_timer/1`. */
export function readTimer(ref: Ref): number | false {
  const leftUs = here().node.readTimer(ref);
  return leftUs === undefined ? false : leftUs / US_PER_MS;
}

/** Waits `ms` of virtual time. Messages that come meanwhile stay in the mailbox. `timer:sleep/1`. */
export function sleep(ms: number): Promise<void> {
  const process = here();
  return process.node.sleep(process, microseconds(checkMs(ms, "sleep")));
}

/** What a piece of work keeps busy. */
export interface WorkOptions {
  /** "cpu" shares the node's cores with everyone else's CPU work; "io" waits for something outside. Default "cpu". */
  readonly kind?: "cpu" | "io";
}

/**
 * Works for `ms`. CPU work takes that long on a core of its own, longer when more processes work
 * than the node has cores; IO work always takes `ms`. Meanwhile the process handles nothing else.
 */
export function work(ms: number, options: WorkOptions = {}): Promise<void> {
  const process = here();
  return process.node.work(process, microseconds(checkMs(ms, "work")), options.kind ?? "cpu");
}

/** What `statistics` can tell of a node. */
export interface NodeStatistics {
  /** Cores that CPU work shares. `erlang:system_info(schedulers_online)`. */
  readonly schedulers: number;
  /** Pieces of CPU work beyond one for each core: how many wait, if cores were not shared. */
  readonly runQueue: number;
  /** Living processes. `erlang:system_info(process_count)`. */
  readonly processCount: number;
}

/** How busy the running process's node is at this moment. `erlang:statistics(run_queue)`. */
export function statistics(): NodeStatistics {
  const { cores, processCount } = here().node;
  const { count: schedulers, load } = cores;
  return { schedulers, runQueue: Math.max(0, load - schedulers), processCount };
}

/** A random number in [0, 1) from the process's own stream: the same in every run with the same seed. `rand:uniform/0`. */
export function random(): number {
  const process = here();
  return process.node.randomOf(process).uniform();
}

/** Milliseconds of virtual time since the run began. `erlang:monotonic_time/1`. */
export function monotonic(): number {
  return here().node.now / US_PER_MS;
}

/**
 * Milliseconds since 1970 by the node's wall clock, which may be wrong, differ from other nodes' and
 * be set back. A run begins on 2026-01-01. `erlang:system_time/1`.
 */
export function wall(): number {
  return here().node.wallUs() / US_PER_MS;
}
