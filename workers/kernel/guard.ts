/**
 * The guard against endless work. Compiled learner code counts `left` down at every loop turn and
 * function entry and calls `stop` below zero; the count is part of the run, no clock is read, so
 * the same code is stopped at the same turn in every engine. Rule G1.
 */
import { Stop } from "./reason.ts";

/** One for a thread: only one process runs at a time. The kernel sets `left` before each step. */
export const guard = {
  left: 0,
  /** Ends the step. The kernel ends the process too, should its code swallow this. */
  stop(): never {
    throw new Stop("too much work in one step");
  },
};

/** True for what a learner's `catch` must pass on. */
export function isStop(thrown: unknown): boolean {
  return thrown instanceof Stop;
}
