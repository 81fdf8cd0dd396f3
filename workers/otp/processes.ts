/** Processes, messages, links, monitors, names, timers, work: the functions of the erlang module. */
import {
  copy,
  type Destination,
  ErlangError,
  Exit,
  isPid,
  KIND,
  microseconds,
  type Pid,
  type Process,
  type Ref,
  Stop,
  US_PER_MS,
} from "../kernel/index.ts";
import { checkMs, here } from "./here.ts";
import type { Term } from "./term.ts";

/** How a process is started; all may be left out. */
export interface SpawnOptions {
  /** Registers the new process under this name. Fails the spawner when the name is taken. */
  readonly name?: string;
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
  return begin(body, args, options, {}).process.pid;
}

/** As `spawn`, and links the two: when one ends for a reason other than normal, so does the other. `spawn_link/1`. */
export function spawnLink<Args extends readonly unknown[]>(
  body: (...args: Args) => unknown,
  args: Args,
  options: SpawnOptions = {},
): Pid {
  return begin(body, args, options, { link: true }).process.pid;
}

/** As `spawn`, and watches it: a message `{ tag: "DOWN", ref, reason, … }` tells of its end. `spawn_monitor/1`. */
export function spawnMonitor<Args extends readonly unknown[]>(
  body: (...args: Args) => unknown,
  args: Args,
  options: SpawnOptions = {},
): readonly [Pid, Ref] {
  const { process, ref } = begin(body, args, options, { monitor: true });
  return [process.pid, ref as Ref];
}

function begin(
  body: (...args: never[]) => unknown,
  args: readonly unknown[],
  options: SpawnOptions,
  ties: { readonly link?: boolean; readonly monitor?: boolean },
): { process: Process; ref: Ref | undefined } {
  const parent = here();
  if (typeof body !== "function")
    throw new Error("spawn takes a function and an array of its arguments");
  const copied = copy(args).value as never[];
  if (options.name !== undefined && parent.node.find(options.name) !== undefined) {
    throw new Error(`the name "${options.name}" is taken on node ${parent.node.name}`);
  }
  const label = body.name === "" ? "process" : body.name;
  return parent.node.spawn(() => body(...copied), { parent, label, ...options, ...ties });
}

/**
 * Sends a message and goes on at once. It never waits and never fails: what is sent to nobody is
 * gone. Messages from one process to another arrive in the order they were sent. `!`.
 */
export function send(to: Destination, message: unknown): void {
  const process = here();
  process.node.send(process, to, message);
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
  options: ReceiveOptions<unknown> = {},
): Promise<unknown> {
  const process = here();
  const afterUs =
    options.after === undefined
      ? undefined
      : microseconds(checkMs(options.after, "receive's after"));
  if (clauses === undefined) {
    return process.node
      .receive(process, { kind: "any" }, afterUs)
      .then((envelope) => envelope?.body);
  }
  const find = (body: unknown) => clauses.find((clause) => clause.fits(body));
  return process.node
    .receive(process, { kind: "test", test: (body) => find(body) !== undefined }, afterUs)
    .then((envelope) => {
      if (envelope === undefined) return options.otherwise?.();
      return find(envelope.body)?.then(envelope.body as never);
    });
}

/** True when `value` is `pattern`, or an object that has all of the pattern's fields, equal in turn. */
function contains(value: unknown, pattern: unknown): boolean {
  if (typeof pattern !== "object" || pattern === null) return Object.is(value, pattern);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(pattern).every(([key, part]) =>
    contains((value as Readonly<Record<string, unknown>>)[key], part),
  );
}

/** Ends the running process with a reason; a `catch` sees it as an `Exit`. `exit/1`. */
export function exit(reason: unknown): never;
/** Sends an exit signal to another process. `"kill"` cannot be trapped. `exit/2`. */
export function exit(pid: Pid, reason: unknown): void;
export function exit(...[first, ...rest]: readonly [unknown, ...(readonly unknown[])]): void {
  const process = here();
  if (rest.length === 0) throw new Exit(copy(first).value);
  if (!isPid(first)) throw new Error(`exit(pid, reason) takes a pid first, not ${String(first)}`);
  process.node.exitSignal(process, first, rest[0]);
  if (!process.alive) throw new Stop("the process has ended");
}

/** Raises an exception of class error; uncaught it ends the process with `[reason, stack]`. `error/1`. */
export function error(reason: unknown): never {
  throw new ErlangError(copy(reason).value);
}

/** Links the running process with another, in both directions. `link/1`. */
export function link(pid: Pid): void {
  const process = here();
  process.node.link(process, pid);
}

/** Takes the link away. `unlink/1`. */
export function unlink(pid: Pid): void {
  const process = here();
  process.node.unlink(process, pid);
}

/**
 * Watches a process by pid or name: one message `{ tag: "DOWN", ref, type: "process", object,
 * reason }` comes when it ends, with reason `"noproc"` when there is none. `monitor/2`.
 */
export function monitor(target: Destination): Ref {
  const process = here();
  return process.node.monitor(process, target);
}

/** Stops watching; `flush` also removes a DOWN that has come already. `demonitor/2`. */
export function demonitor(ref: Ref, options: { readonly flush?: boolean } = {}): boolean {
  const process = here();
  return process.node.demonitor(process, ref, options.flush === true);
}

/** With true, exit signals come as messages `{ tag: "EXIT", from, reason }`. Gives the old value. `process_flag(trap_exit, …)`. */
export function trapExit(isTrapped: boolean): boolean {
  const process = here();
  const before = process.trapsExits;
  process.trapsExits = isTrapped;
  return before;
}

/** Registers the running process, or `pid`, under a name on this node. Fails when the name is taken. `register/2`. */
export function register(name: string, pid?: Pid): void {
  const process = here();
  const target = pid === undefined ? process : process.node.find(pid);
  if (target === undefined) throw new Error(`${String(pid)} is not a living process of this node`);
  if (!process.node.register(name, target)) {
    throw new Error(`"${name}" cannot be given: the name is taken, or the process has one`);
  }
}

/** Takes a registered name away. `unregister/1`. */
export function unregister(name: string): void {
  if (!here().node.unregister(name)) throw new Error(`nobody is registered as "${name}"`);
}

/** The process registered under a name on this node. `whereis/1`. */
export function whereis(name: string): Pid | undefined {
  return here().node.find(name)?.pid;
}

/** What can be asked about a process of this node. */
export interface ProcessInfo {
  /** Messages in its mailbox. */
  readonly messageQueueLen: number;
  readonly registeredName: string | undefined;
  readonly links: readonly Pid[];
  readonly status: "waiting" | "running";
}

/** Looks at a process of this node without disturbing it; undefined when it has ended. `process_info/1`. */
export function processInfo(pid: Pid): ProcessInfo | undefined {
  const found = here().node.find(pid);
  if (found === undefined) return undefined;
  return {
    messageQueueLen: found.mailbox.length,
    registeredName: found.name,
    links: [...found.links],
    status:
      found.receiving !== undefined || (found.behaviour !== undefined && !found.isBusy)
        ? "waiting"
        : "running",
  };
}

/** Sends `message` after `ms` of virtual time, to the running process or to `to`. `erlang:send_after/3`. */
export function sendAfter(ms: number, message: unknown, to?: Pid | string): Ref {
  const process = here();
  return process.node.sendAfter(
    process,
    microseconds(checkMs(ms, "sendAfter")),
    message,
    to ?? process.pid,
  );
}

/** Cancels a timer. Gives the milliseconds that were left, or false when it was too late. `cancel_timer/1`. */
export function cancelTimer(ref: Ref): number | false {
  const process = here();
  const leftUs = process.node.cancelTimer(process, ref);
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

/** A random number in [0, 1) from the process's own stream: the same in every run with the same seed. `rand:uniform/0`. */
export function random(): number {
  const process = here();
  return process.node.randomOf(process).uniform();
}

/** Milliseconds of virtual time since the run began. `erlang:monotonic_time/1`. */
export function monotonic(): number {
  return here().node.now / US_PER_MS;
}

/** Writes a line into the trace, where the event list shows it. `logger:info/1`. */
export function log(text: string): void {
  const process = here();
  process.node.record(process, KIND.log, { payload: copy(String(text)) });
}
