/**
 * Virtual time: a non-negative integer number of microseconds since the run began.
 * It moves only when no process can run; no wall clock is ever read. Rule T1.
 */
export type VirtualTime = number & { readonly __virtualTime: unique symbol };

/** The instant at which every run begins. */
export const START = 0 as VirtualTime;

/** Microseconds in a millisecond. Learner-facing calls speak milliseconds, the kernel microseconds. */
export const US_PER_MS = 1000;

/** Turns a whole number of microseconds into an instant; the one place where the brand is made. */
export function instant(us: number): VirtualTime {
  return us as VirtualTime;
}

/**
 * Milliseconds as a learner writes them, to whole microseconds, rounded to nearest and never
 * negative. Not a number counts as 0, infinity as the largest representable instant.
 */
export function microseconds(ms: number): number {
  if (!(ms > 0)) return 0;
  return Math.min(Math.round(ms * US_PER_MS), Number.MAX_SAFE_INTEGER);
}
