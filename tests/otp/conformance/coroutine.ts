/** Scripts are generators that yield what they wait for; this runs them in a process. */
import type { CoPromise } from "../../../workers/kernel/index.ts";
import { steps } from "../../../workers/otp/here.ts";

/** A part of a script: yields promises, is resumed with what they hold. */
export type Script<T> = Generator<unknown, T, unknown>;

/** Runs a script. What never waits is done at once, as a function that is not async. */
export function drive<T>(script: Script<T>): T | CoPromise<T> {
  const first = script.next();
  return first.done === true ? first.value : steps(() => goOn(script, first.value));
}

function* goOn<T>(script: Script<T>, first: unknown): Script<T> {
  let awaited = first;
  for (;;) {
    const turn = yield* resume(script, awaited);
    if (turn.done === true) return turn.value;
    awaited = turn.value;
  }
}

function* resume<T>(script: Script<T>, awaited: unknown): Script<IteratorResult<unknown, T>> {
  let value: unknown;
  try {
    value = yield awaited;
  } catch (thrown) {
    return script.throw(thrown);
  }
  return script.next(value);
}

/** The value of what the API gave: waits only when it is a promise. */
export function* settled(value: unknown): Script<unknown> {
  const isPromise = typeof (value as { then?: unknown } | null | undefined)?.then === "function";
  return isPromise ? yield value : value;
}
