/**
 * When the work of a load was meant to begin. A user who waits for an answer begins the next
 * request late; measured from when it was meant to begin, the wait counts (Gil Tene calls leaving
 * it out coordinated omission). Rule D4.
 */
import { US_PER_MS } from "../kernel/index.ts";
import { here } from "../otp/here.ts";

/**
 * Milliseconds of virtual time at which the running request was meant to be made, by the load's
 * plan; undefined in a process that no load began.
 */
export function intended(): number | undefined {
  const { intendedUs } = here();
  return intendedUs < 0 ? undefined : intendedUs / US_PER_MS;
}
