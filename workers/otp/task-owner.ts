/**
 * A task and its owner: one thing is done by a process of its own, and its result fetched later.
 * Elixir's Task. Rules in SPEC.md, I.
 *
 * A task is a process that calls a function and sends what it returns to its owner, as the message
 * `[ref, result]`. The owner watches it under the same reference, so that a DOWN comes when there
 * will be no result. The reference is an alias, too: it is void once the owner has stopped watching,
 * and a result that comes later is dropped.
 */
import { ErlangError, Exit, nodeOfAddress, type Pid, type Ref } from "../kernel/index.ts";
import { checkMs, steps, wait } from "./here.ts";
import {
  demonitor,
  exit,
  makeRef,
  monitor,
  monotonic,
  receive,
  self,
  send,
  spawn,
  spawnLink,
  unlink,
  when,
} from "./processes.ts";

/** A task, as its owner knows it. Plain data, but only the owner can fetch the result. */
export interface Task<Result = unknown> {
  /** Of the result `[ref, result]`, and of the DOWN. */
  readonly ref: Ref;
  /** Undefined for what `completed` gives. */
  readonly pid: Pid | undefined;
  readonly owner: Pid;
  /** Never there: it carries the type of the result. */
  readonly result?: Result;
}

/** What came of a task: its result, why it ended without one, or undefined when there is neither yet. */
export type Outcome<Result> = readonly ["ok", Result] | readonly ["exit", unknown] | undefined;

/** OTP's usual time-out: 5,000 ms. */
const TIMEOUT_MS = 5000;

/** The message with a task's result. */
type ResultMessage<Result> = readonly [Ref, Result];

/** A task's end, as its owner hears of it. */
interface Down {
  readonly tag: "DOWN";
  readonly ref: Ref;
  readonly reason: unknown;
}

/**
 * Starts a task that calls `body(...args)`, linked with the running process, which is its owner.
 * The arguments are copied, as in `spawn`. `Task.async/1,3`.
 */
export function async<Args extends readonly unknown[], Result>(
  body: (...args: Args) => Result,
  args: Args = [] as unknown as Args,
): Task<Awaited<Result>> {
  const owner = self();
  let ref: Ref | undefined;
  const run = (...copied: Args) => replyWith(() => body(...copied), ref as Ref);
  const pid = spawnLink(labelled(run, body), args);
  ref = monitor(pid, { alias: "demonitor" });
  return { ref, pid, owner };
}

/** What the process of a task does: it calls its function and sends the result. */
export function replyWith(body: () => unknown, ref: Ref): PromiseLike<void> {
  return steps(function* () {
    const result = yield* wait(body());
    send(ref, [ref, result]);
  });
}

/** Gives a function of ours the name of the learner's, which the trace shows. */
export function labelled<Body extends object>(body: Body, like: { readonly name: string }): Body {
  return Object.defineProperty(body, "name", { value: like.name === "" ? "task" : like.name });
}

/** Starts a process that calls `body(...args)`; nobody waits for it. `["ok", pid]`. `Task.start/1,3`. */
export function startTask<Args extends readonly unknown[]>(
  body: (...args: Args) => unknown,
  args: Args = [] as unknown as Args,
): readonly ["ok", Pid] {
  return ["ok", spawn(body, args)];
}

/** As `start`, linked with the running process: for a supervisor's child. `Task.start_link/1,3`. */
export function startTaskLink<Args extends readonly unknown[]>(
  body: (...args: Args) => unknown,
  args: Args = [] as unknown as Args,
): readonly ["ok", Pid] {
  return ["ok", spawnLink(body, args)];
}

/** A task that is done: to be used where a task is expected and no process is needed. `Task.completed/1`. */
export function completed<Result>(result: Result): Task<Result> {
  const ref = makeRef();
  send(self(), [ref, result]);
  return { ref, pid: undefined, owner: self() };
}

/**
 * Waits for a task's result. When the task ends without one, the running process exits with
 * `[reason, ["task", "await", [task, timeout]]]`; after `timeoutMs` (default 5,000) with reason
 * `"timeout"`. A task can be awaited once, by its owner. `Task.await/1,2`.
 */
export function awaitTask<Result>(
  task: Task<Result>,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Result> {
  assertOwner(task);
  const asked = ["task", "await", [task, timeoutMs]];
  return takeOutcome(task, checkMs(timeoutMs, "task.await's timeout")).then((outcome) => {
    if (outcome?.[0] === "ok") return outcome[1];
    if (outcome === undefined) demonitor(task.ref, { flush: true });
    throw new Exit([outcome === undefined ? "timeout" : reasonOfEnd(task, outcome[1]), asked]);
  });
}

/** As `await` for several tasks, all within `timeoutMs`; results in the order of the tasks. `Task.await_many/1,2`. */
export function awaitMany<Result>(
  tasks: readonly Task<Result>[],
  timeoutMs: number = TIMEOUT_MS,
): Promise<readonly Result[]> {
  tasks.forEach(assertOwner);
  const asked = ["task", "awaitMany", [tasks, timeoutMs]];
  const end = monotonic() + checkMs(timeoutMs, "task.awaitMany's timeout");
  return steps(function* () {
    const results = new Map<Ref, Result>();
    while (results.size < tasks.length) {
      const open = tasks.filter(({ ref }) => !results.has(ref));
      const found = yield* wait(takeFirst(open, Math.max(0, end - monotonic())));
      if (found?.outcome[0] === "ok") results.set(found.task.ref, found.outcome[1]);
      else {
        for (const { ref } of open) demonitor(ref, { flush: true });
        const reason = found === undefined ? "timeout" : reasonOfEnd(found.task, found.outcome[1]);
        throw new Exit([reason, asked]);
      }
    }
    return tasks.map(({ ref }) => results.get(ref) as Result);
  });
}

/**
 * Looks for a task's result, for `timeoutMs` at most (default 5,000): `["ok", result]`, `["exit",
 * reason]` when it ended without one, or undefined; then one can ask again. `Task.yield/1,2`.
 */
export function yieldTask<Result>(
  task: Task<Result>,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Outcome<Result>> {
  assertOwner(task);
  return takeOutcome(task, checkMs(timeoutMs, "task.yield's timeout")).then((outcome) =>
    unlessLost(task, outcome, ["task", "yield", [task, timeoutMs]]),
  );
}

/** How `yieldMany` treats tasks that are not done in time. */
export interface YieldManyOptions {
  /** Milliseconds for all tasks together; default 5,000. */
  readonly timeout?: number;
  /** What happens to those without a result; default `"nothing"`. */
  readonly onTimeout?: "nothing" | "ignore" | "kill_task";
}

/** As `yield` for several tasks: `[[task, outcome], …]` in the order of the tasks. `Task.yield_many/1,2`. */
export function yieldMany<Result>(
  tasks: readonly Task<Result>[],
  options: number | YieldManyOptions = {},
): Promise<readonly (readonly [Task<Result>, Outcome<Result>])[]> {
  tasks.forEach(assertOwner);
  const { timeout = TIMEOUT_MS, onTimeout = "nothing" } =
    typeof options === "number" ? { timeout: options } : options;
  const end = monotonic() + checkMs(timeout, "task.yieldMany's timeout");
  return steps(function* () {
    const pairs: [Task<Result>, Outcome<Result>][] = [];
    for (const task of tasks) {
      const left = Math.max(0, end - monotonic());
      let outcome = yield* wait(takeOutcome(task, left));
      if (outcome === undefined && onTimeout === "kill_task") {
        outcome = yield* wait(shutdown(task, "brutal_kill"));
      } else if (outcome === undefined && onTimeout === "ignore") {
        outcome = yield* wait(ignore(task));
      }
      pairs.push([task, outcome]);
    }
    return pairs;
  });
}

/**
 * Ends a task, and waits until it has ended: with reason `shutdown`, and `kill` after `timeoutMs`
 * (default 5,000); with `"brutal_kill"` at once. Gives the result when it came meanwhile, `["exit",
 * reason]` when the task ended by itself, else undefined. The link goes first. `Task.shutdown/1,2`.
 */
export function shutdown<Result>(
  task: Task<Result>,
  timeoutMs: number | "brutal_kill" = TIMEOUT_MS,
): Promise<Outcome<Result>> {
  assertOwner(task);
  const { pid } = task;
  return steps(function* (): Generator<unknown, Outcome<Result>, unknown> {
    if (pid === undefined) return yield* wait(takeOutcome(task, 0));
    const isBrutal = timeoutMs === "brutal_kill";
    unlink(pid);
    exit(pid, isBrutal ? "kill" : "shutdown");
    const patience = isBrutal ? Number.POSITIVE_INFINITY : checkMs(timeoutMs, "task.shutdown");
    let down = yield* wait(takeDown(task, patience));
    if (down === undefined) {
      exit(pid, "kill");
      down = yield* wait(takeDown(task, Number.POSITIVE_INFINITY));
    }
    const reply = yield* wait(takeResult(task));
    if (reply !== undefined) return ["ok", reply[0]] as const;
    if (down?.reason === (isBrutal ? "killed" : "shutdown")) return undefined;
    return unlessLost<Result>(
      task,
      ["exit", down?.reason],
      ["task", "shutdown", [task, timeoutMs]],
    );
  });
}

/** Lets a task go on without an owner: its result is dropped. What had come already is given. `Task.ignore/1`. */
export function ignore<Result>(task: Task<Result>): Promise<Outcome<Result>> {
  assertOwner(task);
  return takeOutcome(task, 0).then((outcome) => {
    if (task.pid !== undefined) unlink(task.pid);
    demonitor(task.ref, { flush: true });
    return outcome;
  });
}

function assertOwner({ owner }: Task): void {
  if (owner === self()) return;
  throw new ErlangError(
    "badarg",
    `a task can be used by its owner alone: it belongs to ${owner}, and this is ${self()}`,
  );
}

/** A task whose node was lost may still go on: the running process exits, rather than take it for ended. */
function unlessLost<Result>(
  task: Task<Result>,
  outcome: Outcome<Result>,
  asked: unknown,
): Outcome<Result> {
  if (outcome?.[0] !== "exit" || outcome[1] !== "noconnection") return outcome;
  throw new Exit([reasonOfEnd(task, outcome[1]), asked]);
}

/** A lost node is told with its name. */
function reasonOfEnd({ pid }: Task, reason: unknown): unknown {
  return reason === "noconnection" && pid !== undefined ? ["nodedown", nodeOfAddress(pid)] : reason;
}

/** Waits for the result of a task or its end, and stops watching it then. */
function takeOutcome<Result>(task: Task<Result>, timeoutMs: number): Promise<Outcome<Result>> {
  return takeFirst([task], timeoutMs).then((found) => found?.outcome);
}

interface Found<Result> {
  readonly task: Task<Result>;
  readonly outcome: NonNullable<Outcome<Result>>;
}

/** Waits for the first of several tasks that has a result or has ended. */
function takeFirst<Result>(
  tasks: readonly Task<Result>[],
  timeoutMs: number,
): Promise<Found<Result> | undefined> {
  const byRef = new Map(tasks.map((task) => [task.ref, task]));
  const isResult = (body: unknown) => Array.isArray(body) && byRef.has(body[0]);
  const isDown = (body: unknown) => isDownOf(body, (ref) => byRef.has(ref));
  return receive<Found<Result> | undefined>(
    [
      when(isResult, ([ref, result]: ResultMessage<Result>) => {
        if (byRef.get(ref)?.pid !== undefined) demonitor(ref, { flush: true });
        return { task: byRef.get(ref) as Task<Result>, outcome: ["ok", result] };
      }),
      when(isDown, ({ ref, reason }: Down) => ({
        task: byRef.get(ref) as Task<Result>,
        outcome: ["exit", reason],
      })),
    ],
    waitFor(timeoutMs),
  );
}

/** Waits for a task's end, and leaves a result where it is. */
function takeDown({ ref }: Task, timeoutMs: number): Promise<Down | undefined> {
  const isDown = (body: unknown) => isDownOf(body, (found) => found === ref);
  return receive<Down | undefined>([when(isDown, (down: Down) => down)], waitFor(timeoutMs));
}

/** The result that has come already, in an array of one. */
function takeResult<Result>({ ref }: Task<Result>): Promise<readonly [Result] | undefined> {
  const isResult = (body: unknown) => Array.isArray(body) && body[0] === ref;
  const found = when(isResult, ([, result]: ResultMessage<Result>) => [result] as const);
  return receive<readonly [Result] | undefined>([found], { after: 0 });
}

function isDownOf(body: unknown, isOurs: (ref: Ref) => boolean): boolean {
  const down = body as Partial<Down> | null | undefined;
  return down?.tag === "DOWN" && down.ref !== undefined && isOurs(down.ref);
}

/** `receive` waits for ever when it is told no time. */
export function waitFor(timeoutMs: number): { readonly after?: number } {
  return timeoutMs === Number.POSITIVE_INFINITY ? {} : { after: timeoutMs };
}
