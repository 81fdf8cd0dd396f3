/**
 * How many restarts are too many: the sliding window of a supervisor. Time is counted in whole
 * seconds, as OTP counts it, so a restart may count for up to a second longer than the period.
 */
import { US_PER_MS } from "../kernel/index.ts";

const US_PER_SECOND = 1000 * US_PER_MS;

/** When children were restarted: whole seconds of virtual time, newest first. */
export type Restarts = readonly number[];

/**
 * The restarts within the period, with one more at `nowUs`. Bounded by the intensity, since a
 * supervisor that has more of them ends. `supervisor.erl`, add_restart.
 */
export function addRestart(restarts: Restarts, nowUs: number, periodSeconds: number): Restarts {
  const now = Math.floor(nowUs / US_PER_SECOND);
  return [now, ...restarts.filter((then) => then >= now - periodSeconds)];
}
