/**
 * Durations from a distribution, by inversion: one uniform draw gives one duration, whatever the
 * kind, so that another distribution does not move the draws that follow. Rules N1 and N3.
 */
import { exp, ln, power } from "./math.ts";
import { normalQuantile } from "./normal.ts";
import type { Distribution } from "./scenario.ts";

/** The longest duration drawn, µs: ten virtual days. A Pareto has no longest one. */
const DURATION_US_MAX = 864_000_000_000;

/** The whole number of µs that a draw falls below with probability `u`, which is in [0, 1). */
export function durationAt(distribution: Distribution, u: number): number {
  switch (distribution.kind) {
    case "det":
      return distribution.us;
    case "uniform": {
      const span = distribution.toUs - distribution.fromUs + 1;
      return distribution.fromUs + Math.floor(u * span);
    }
    case "exponential":
      return Math.max(1, Math.round(-ln(1 - u) * distribution.meanUs));
    case "normal":
      return bounded(distribution.meanUs + distribution.sdUs * normalQuantile(u));
    case "lognormal":
      return bounded(distribution.medianUs * exp(distribution.sigma * normalQuantile(u)));
    case "pareto":
      return bounded(distribution.leastUs / power(1 - u, 1 / distribution.alpha));
    case "mix": {
      let below = 0;
      for (const { share, of } of distribution.parts) {
        if (u < below + share) return durationAt(of, (u - below) / share);
        below += share;
      }
      return 0;
    }
  }
}

/** The shortest duration that can be drawn, µs. */
export function leastDurationUs(distribution: Distribution): number {
  switch (distribution.kind) {
    case "det":
      return distribution.us;
    case "uniform":
      return distribution.fromUs;
    case "exponential":
      return 1;
    case "normal":
    case "lognormal":
      return 0;
    case "pareto":
      return Math.round(distribution.leastUs);
    case "mix":
      return Math.min(...distribution.parts.map(({ of }) => leastDurationUs(of)));
  }
}

function bounded(us: number): number {
  return Math.min(DURATION_US_MAX, Math.max(0, Math.round(us)));
}
