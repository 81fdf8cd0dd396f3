/** What a callback gave: a value, a promise of one, or an error in its place. */
import { type CoPromise, isStop } from "../kernel/index.ts";

/** An error or exit that ended a callback, in the place of its result. */
export class Crashed {
  readonly thrown: unknown;
  constructor(thrown: unknown) {
    this.thrown = thrown;
  }
}

/** What a callback threw, as its result: as on the BEAM a thrown value is one, an error or exit is a crash. */
export function caught(thrown: unknown): unknown {
  if (isStop(thrown)) throw thrown;
  return thrown instanceof Error ? new Crashed(thrown) : thrown;
}

/** True for what an async callback gives. */
export function isPromise(value: unknown): value is CoPromise<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** A return value that could not be understood, as far as it can be shown. */
export function plain(value: unknown): unknown {
  return typeof value === "function" || typeof value === "symbol" ? String(value) : value;
}
