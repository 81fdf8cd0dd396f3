/**
 * A child as a process: how it is started, and how it is stopped, in the supervisor that does it.
 * One at a time and waited for, or many together. Rules in SPEC.md, letter U.
 */
import {
  copy,
  type Envelope,
  isPid,
  isStop,
  KIND,
  microseconds,
  type Pid,
  type Process,
  type Ref,
  reasonOf,
} from "../kernel/index.ts";
import { type ChildStart, portable, type Shutdown } from "./child-spec.ts";
import { here, wait } from "./here.ts";
import { exit, monitor, receive, unlink, when } from "./processes.ts";
import { startLink } from "./start.ts";

/** A part of something that waits: to be run by `steps`, or as `yield*` in another part. */
export type Steps<T> = Generator<unknown, T, unknown>;

/** Where a child's process stands: running, not there, or about to be tried again. */
export type ChildPid = Pid | "undefined" | "restarting";

/** What came of a start that did not say ignore. */
export type Running =
  | readonly ["ok", Pid]
  | readonly ["ok", Pid, unknown]
  | readonly ["error", unknown];

/** What came of a start. One that gave `"ignore"` has the pid `"undefined"`. */
export type Started = Running | readonly ["ok", "undefined"];

/** What a function did: it returned a value, or something was thrown. */
export type Attempt =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "thrown"; readonly thrown: unknown };

/** Calls a learner's function and waits for what it gives, whatever that is. */
export function* attempt(run: () => unknown): Steps<Attempt> {
  try {
    return { kind: "returned", value: yield* wait(run()) };
  } catch (thrown) {
    if (isStop(thrown)) throw thrown;
    return { kind: "thrown", thrown };
  }
}

/**
 * Calls a function as OTP's `catch` does: a thrown value counts as returned, an exit or error
 * becomes `["EXIT", reason]`.
 */
export function* caught(run: () => unknown): Steps<unknown> {
  const done = yield* attempt(run);
  if (done.kind === "returned") return done.value;
  return done.thrown instanceof Error ? ["EXIT", reasonOf(done.thrown)] : done.thrown;
}

/** The arguments that stand in a specification. */
export function argsOf(start: ChildStart): readonly unknown[] {
  return typeof start === "function" ? [] : (start[1] ?? []);
}

/** Calls what starts a child, in the running process. */
export function callStart(start: ChildStart, args: readonly unknown[]): unknown {
  if (typeof start === "function") return start(...(args as never[]));
  const [what, , options] = start;
  return typeof what === "function" ? what(...(args as never[])) : startLink(what, args, options);
}

/**
 * Starts a child in the running supervisor and waits until it is up. What the start function throws
 * is caught; what is no result of a start becomes an error. `extra` arguments come last.
 */
export function* startProcess(
  { id, start }: { readonly id: unknown; readonly start: ChildStart },
  extra: readonly unknown[] = [],
  before: ChildPid | undefined = undefined,
): Steps<Started> {
  const result = started(yield* caught(() => callStart(start, [...argsOf(start), ...extra])));
  if (result[0] === "ok") noteChild(id, result[1], before);
  return result;
}

/** Writes that the running supervisor has a new process for a child, in the place of `before`. Rule U24. */
export function noteChild(id: unknown, pid: ChildPid, before: ChildPid | undefined): void {
  if (!isPid(pid)) return;
  const process = here();
  const { node } = process;
  const value = before !== undefined && isPid(before) ? node.numberOf(before) : 0;
  const payload = copy(portable(id));
  node.record(process, KIND.child, { peer: node.numberOf(pid), value, payload });
}

function started(result: unknown): Started {
  return result === "ignore" ? ["ok", "undefined"] : runningOrError(result);
}

/** A start's value as it is when it is one of a running child or an error; else as an error. */
export function runningOrError(result: unknown): Running {
  if (!Array.isArray(result)) return ["error", result];
  const [word, pid, info] = result as readonly unknown[];
  if (word === "ok" && isPid(pid)) {
    if (result.length === 2) return ["ok", pid];
    if (result.length === 3) return ["ok", pid, info];
  }
  return word === "error" && result.length === 2 ? ["error", pid] : ["error", result];
}

/**
 * Stops a child and waits until it has ended: `shutdown`, then `kill` when the time is over; or
 * `kill` at once. Its end is learned from a monitor and not from the link, since a child may have
 * unlinked itself; the exit signal of the link is taken out of the mailbox. `supervisor.erl`, shutdown.
 */
export function* stopProcess(pid: Pid, shutdown: Shutdown): Steps<void> {
  const process = here();
  const ref = askToStop(pid, shutdown);
  const leftUs = typeof shutdown === "number" ? microseconds(shutdown) : undefined;
  if ((yield* down(process, ref, leftUs)) === undefined) {
    exit(pid, "kill");
    yield* down(process, ref, undefined);
  }
  yield* unlinkFlush(pid);
}

/**
 * Stops many children at the same time and waits until all have ended. Those with a time are
 * killed when it is over, each counted from now. `supervisor.erl`, terminate_dynamic_children.
 */
export function* stopTogether(
  children: readonly { readonly pid: Pid; readonly shutdown: Shutdown }[],
): Steps<void> {
  const process = here();
  const { node } = process;
  const begunAt = node.now;
  const waiting = children.map(({ pid, shutdown }) => ({
    pid,
    ref: askToStop(pid, shutdown),
    timeUs: typeof shutdown === "number" ? microseconds(shutdown) : Number.MAX_SAFE_INTEGER,
    isEndless: typeof shutdown !== "number",
  }));
  // Least time first: nobody is waited for past the time of another.
  waiting.sort((a, b) => a.timeUs - b.timeUs);
  for (const { pid, ref, timeUs, isEndless } of waiting) {
    const leftUs = isEndless ? undefined : Math.max(0, begunAt + timeUs - node.now);
    if ((yield* down(process, ref, leftUs)) === undefined) {
      exit(pid, "kill");
      yield* down(process, ref, undefined);
    }
    yield* unlinkFlush(pid);
  }
}

function askToStop(pid: Pid, shutdown: Shutdown): Ref {
  const ref = monitor(pid);
  exit(pid, shutdown === "brutal_kill" ? "kill" : "shutdown");
  return ref;
}

function* down(
  process: Process,
  ref: Ref,
  afterUs: number | undefined,
): Steps<Envelope | undefined> {
  return yield* wait(process.node.receive(process, { kind: "ref", ref }, afterUs));
}

/** Takes the link away, and with it the exit signal of the dead child that came over it. */
function* unlinkFlush(pid: Pid): Steps<void> {
  unlink(pid);
  const isItsExit = (message: unknown): boolean => {
    const signal = message as
      | { readonly tag?: unknown; readonly from?: unknown }
      | null
      | undefined;
    return signal?.tag === "EXIT" && signal.from === pid;
  };
  yield* wait(receive([when(isItsExit, () => undefined)], { after: 0 }));
}
