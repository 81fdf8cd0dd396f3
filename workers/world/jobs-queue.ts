/**
 * jobsQueue: load regulation in the manner of uwiger/jobs. Who wants to do something asks the queue
 * first and waits for leave; the queue gives it at a rate, to so many at a time, and turns away whom it
 * cannot serve. Rules in SPEC.md, RE. What the queue does stands in jobs-queue-server.ts.
 *
 * Left out of jobs: several queues in one server, groups, producers, and modifiers that change limits
 * by samples of the system's load. Added: a bound on the queue without being asked, the disciplines
 * codel and adaptive, and that those who wait are watched, so that the dead are given no leave.
 */
import { ErlangError, Exit, type Ref } from "../kernel/index.ts";
import { call, cast } from "../otp/call.ts";
import { checkMs, steps, wait } from "../otp/here.ts";
import type { ServerRef } from "../otp/naming.ts";
import { makeRef } from "../otp/processes.ts";
import type { Definition } from "../otp/start.ts";
import { type JobsQueueInfo, type JobsQueueOptions, jobsQueueServer } from "./jobs-queue-server.ts";

/** What asking gives: a job to be given back with `done`, or why not. */
export type Leave = readonly ["ok", Ref] | readonly ["error", "rejected" | "timeout"];

const SIZE_MAX = 1_000_000;

/**
 * Makes a queue that regulates load, to be started by `startLink` or a supervisor. It needs `perSecond`
 * or `limit`, and can have both. `jobs:add_queue/2`.
 */
export function jobsQueue(options: JobsQueueOptions): Definition {
  const { perSecond, limit = Number.POSITIVE_INFINITY, type = "fifo" } = options ?? {};
  const { maxSize = 10_000, maxTime = Number.POSITIVE_INFINITY } = options ?? {};
  const { target = 5, interval = 100 } = options ?? {};
  if (perSecond === undefined && options?.limit === undefined)
    throw refusal(
      "a rate (perSecond) or a number of jobs at a time (limit), or it regulates nothing",
    );
  if (perSecond !== undefined && !(perSecond > 0 && perSecond <= 1_000_000))
    throw refusal(`a perSecond above 0 and up to 1,000,000, not ${String(perSecond)}`);
  if (limit !== Number.POSITIVE_INFINITY && !(Number.isInteger(limit) && limit >= 1))
    throw refusal(`a limit from 1 on, not ${String(limit)}`);
  if (!Number.isInteger(maxSize) || maxSize < 0 || maxSize > SIZE_MAX)
    throw refusal(`a maxSize from 0 to 1,000,000, not ${String(maxSize)}`);
  if (!["fifo", "lifo", "codel", "adaptive"].includes(type))
    throw refusal(`the type "fifo", "lifo", "codel" or "adaptive", not ${String(type)}`);
  checkMs(maxTime, "jobsQueue's maxTime");
  checkMs(target, "jobsQueue's target");
  checkMs(interval, "jobsQueue's interval");
  return jobsQueueServer({ perSecond, limit, type, maxSize, maxTime, target, interval });
}

/** How long leave is waited for. */
export interface AskOptions {
  /** Milliseconds; default Infinity, as in jobs. Past it the answer is `["error", "timeout"]`, and the place in the queue is lost. */
  readonly timeout?: number;
}

/**
 * Asks for leave to do a job and waits for it: `["ok", job]`, to be given back with `done`; `["error",
 * "rejected"]` at once when the queue is full; `["error", "timeout"]` when the wait was too long, by
 * `timeout`, by the queue's `maxTime`, or because codel dropped it. `jobs:ask/1`.
 */
export function ask(
  queue: ServerRef,
  { timeout = Number.POSITIVE_INFINITY }: AskOptions = {},
): Promise<Leave> {
  const job = makeRef();
  return call<Leave>(queue, ["ask", job], { timeout }).then(
    (answer) => answer,
    (thrown: unknown) => {
      // Leave may be under way: the queue takes it back.
      cast(queue, ["done", job]);
      if (isTimeout(thrown)) return ["error", "timeout"] as const;
      throw thrown;
    },
  );
}

/** Says that a job is over: its place is free. A second time nothing happens; nor with a rate alone. `jobs:done/1`. */
export function done(queue: ServerRef, job: Ref): void {
  cast(queue, ["done", job]);
}

/**
 * Asks for leave, calls `action(job)`, and gives the job back whatever came of that; gives what the
 * action gave. Raises `"rejected"` or `"timeout"` when there is no leave. `jobs:run/2`.
 */
export function runJob<Result>(
  queue: ServerRef,
  action: (job: Ref) => Result,
  options: AskOptions = {},
): Promise<Awaited<Result>> {
  return steps(function* (): Generator<unknown, Awaited<Result>, unknown> {
    const [word, job] = yield* wait(ask(queue, options));
    if (word === "error") throw new ErlangError(job);
    try {
      return yield* wait(action(job as Ref));
    } finally {
      done(queue, job as Ref);
    }
  });
}

/** How a queue stands, and what it has done since it began. `jobs:queue_info/1`. */
export function queueInfo(queue: ServerRef): Promise<JobsQueueInfo> {
  return call(queue, ["queue_info"]);
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Exit && Array.isArray(thrown.reason) && thrown.reason[0] === "timeout";
}

function refusal(expected: string): ErlangError {
  return new ErlangError("badarg", `jobsQueue takes ${expected}`);
}
