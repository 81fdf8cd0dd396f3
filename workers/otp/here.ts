/**
 * Who is running, and how the library itself waits. The library is not compiled as learner code
 * is, so it has no `async` of its own: `steps` and `wait` stand for it.
 */
import {
  type CoPromise,
  coroutines,
  currentOwner,
  ErlangError,
  type Process,
  Stop,
} from "../kernel/index.ts";

/** The process whose code is running. Code of a dead process goes no further than its next call. */
export function here(): Process {
  const process = currentOwner() as Process | undefined;
  if (process === undefined) {
    throw new Error(
      "this can only be called by a process: put it in a function that the scenario or spawn starts, not at the top of a file",
    );
  }
  if (!process.alive) throw new Stop("the process has ended");
  return process;
}

/** A time as learners write it. Refuses what is not a time, rather than guess. */
export function checkMs(ms: number, of: string): number {
  if (typeof ms !== "number" || Number.isNaN(ms) || ms < 0) {
    throw new ErlangError("badarg", `${of} takes milliseconds from 0 on, not ${String(ms)}`);
  }
  return ms;
}

/** Runs a generator as an async function: what it gets from `wait` it waits for. */
export function steps<T>(body: () => Generator<unknown, T, unknown>): CoPromise<T> {
  return coroutines.run(body()) as CoPromise<T>;
}

/** Waits for a promise inside of `steps`: `const value = yield* wait(promise)`. Throws what it was rejected with. */
export function* wait<T>(promise: PromiseLike<T> | T): Generator<unknown, Awaited<T>, unknown> {
  return (yield promise) as Awaited<T>;
}
