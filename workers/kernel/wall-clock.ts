/**
 * A node's wall clock: what `os:system_time` reads, which is not the virtual time that orders the
 * run. It may be ahead or behind, gain or lose, and be set forward or back. Rule F4.
 */
import type { ClockSpec } from "./scenario.ts";

/** What a right clock shows when a run begins: 2026-01-01, 00:00 UTC, in µs since 1970. */
const BEGINNING_US = 1_767_225_600_000_000;

export class WallClock {
  readonly #driftPpm: number;
  #aheadUs: number;

  constructor({ skewUs = 0, driftPpm = 0 }: ClockSpec) {
    this.#aheadUs = skewUs;
    this.#driftPpm = driftPpm;
  }

  /** Whole µs since 1970 that it shows at virtual time `now`. */
  at(now: number): number {
    return BEGINNING_US + now + this.#aheadUs + Math.round((now * this.#driftPpm) / 1e6);
  }

  /** It is set forward or, below 0, back. */
  jump(byUs: number): void {
    this.#aheadUs += byUs;
  }
}
