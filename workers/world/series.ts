/**
 * series: figures at equal steps of time, and arithmetic on them. Pure: no process, no clock. For
 * the trace mode of a lesson, where a learner judges a month of one-minute buckets. Rules in SPEC.md, SR.
 *
 * A window is a length of time that ends with a bucket and includes it; at the beginning of a series it
 * is as long as there is data. Every function goes over a series once (a percentile's cost also
 * grows with its window), so that 43,200 buckets are no work. Sums of whole numbers are exact.
 */
import { ErlangError } from "../kernel/index.ts";
import { compareShares, sequentialTest } from "./series-compare.ts";

/** One figure for each step: bucket `i` tells of the time from `i * stepMs` to `(i + 1) * stepMs`. */
export interface Series {
  readonly stepMs: number;
  readonly values: readonly number[];
}

/** A service level objective and the window in which its budget is looked at. */
export interface BurnOptions {
  /** The share that has to be good, such as 0.999. */
  readonly objective: number;
  readonly windowMs: number;
}

/** Buckets of a percentile's window. */
const PERCENTILE_WINDOW_MAX = 10_000;

/** Arithmetic on series. What takes a window gives a series of the same length. */
export const series = {
  /** A series out of its figures. */
  of(stepMs: number, values: readonly number[]): Series {
    if (typeof stepMs === "number" && stepMs > 0 && Array.isArray(values))
      return { stepMs, values };
    throw new ErlangError(
      "badarg",
      "series.of takes a step of more than 0 ms and an array of numbers",
    );
  },

  /** The sums over a sliding window. `sum_over_time` of Prometheus. */
  sum({ stepMs, values }: Series, windowMs: number): Series {
    const width = widthOf(stepMs, windowMs);
    const sums = prefixSums(values);
    const at = (i: number) =>
      (sums[i + 1] as number) - (sums[Math.max(0, i + 1 - width)] as number);
    return { stepMs, values: values.map((_value, i) => at(i)) };
  },

  /** The means over a sliding window. `avg_over_time` of Prometheus. */
  mean(of: Series, windowMs: number): Series {
    const width = widthOf(of.stepMs, windowMs);
    const sums = series.sum(of, windowMs);
    return {
      stepMs: of.stepMs,
      values: sums.values.map((sum, i) => sum / Math.min(i + 1, width)),
    };
  },

  /** The largest over a sliding window. `max_over_time` of Prometheus. */
  max({ stepMs, values }: Series, windowMs: number): Series {
    const width = widthOf(stepMs, windowMs);
    // Places whose figure no later one exceeds, in falling order: the first is the window's largest.
    const falling: number[] = [];
    let first = 0;
    const largest = values.map((value, i) => {
      while (falling.length > first && (values[falling.at(-1) as number] as number) <= value)
        falling.pop();
      falling.push(i);
      if ((falling[first] as number) <= i - width) first++;
      return values[falling[first] as number] as number;
    });
    return { stepMs, values: largest };
  },

  /** A percentile (nearest rank) over a sliding window of at most 10,000 buckets. `quantile_over_time` of Prometheus. */
  percentile({ stepMs, values }: Series, percent: number, windowMs: number): Series {
    const width = widthOf(stepMs, windowMs);
    if (width > PERCENTILE_WINDOW_MAX) {
      throw new ErlangError(
        "badarg",
        `a percentile's window has at most ${PERCENTILE_WINDOW_MAX} buckets, not ${width}`,
      );
    }
    const sorted: number[] = [];
    const at = values.map((value, i) => {
      if (i >= width) sorted.splice(placeIn(sorted, values[i - width] as number), 1);
      sorted.splice(placeIn(sorted, value), 0, value);
      return sorted[percentileRank(percent, sorted.length)] as number;
    });
    return { stepMs, values: at };
  },

  /**
   * What a counter has grown by in each step, a second. A counter that falls has begun anew at 0 with
   * its process, so what it shows then is what it has grown by. `rate()` of Prometheus.
   */
  rate({ stepMs, values }: Series): Series {
    const grown = values.map((value, i) => {
      const before = i === 0 ? 0 : (values[i - 1] as number);
      return value >= before ? value - before : value;
    });
    return { stepMs, values: grown.map((amount) => (amount * 1000) / stepMs) };
  },

  /** The moving average in which each new figure has the weight `share` (more than 0, up to 1); it begins with the first. */
  ewma({ stepMs, values }: Series, share: number): Series {
    if (!(share > 0 && share <= 1)) {
      throw new ErlangError("badarg", `ewma's share is more than 0 and up to 1, not ${share}`);
    }
    let average = values[0] ?? 0;
    return {
      stepMs,
      values: values.map((value) => {
        average += share * (value - average);
        return average;
      }),
    };
  },

  /** One series out of two, bucket by bucket: `series.combine(errors, requests, (e, r) => e / r)`. They must be of one step and length. */
  combine(a: Series, b: Series, each: (a: number, b: number) => number): Series {
    if (a.stepMs !== b.stepMs || a.values.length !== b.values.length) {
      throw new ErlangError("badarg", "the two series have different steps or lengths");
    }
    return {
      stepMs: a.stepMs,
      values: a.values.map((value, i) => each(value, b.values[i] as number)),
    };
  },

  /**
   * How fast the error budget burns: the share of errors in the window, divided by the share that the
   * objective allows. 1 uses the budget up exactly at the end of its period; 0 without requests.
   * Google, The Site Reliability Workbook, chapter 5.
   */
  burnRate(errors: Series, requests: Series, { objective, windowMs }: BurnOptions): Series {
    return series.combine(
      series.sum(errors, windowMs),
      series.sum(requests, windowMs),
      (bad, all) => burnRateOf(bad, all, objective),
    );
  },

  compareShares,
  sequentialTest,
} as const;

/** The burn rate of so many errors among so many requests. */
export function burnRateOf(errors: number, requests: number, objective: number): number {
  if (!(objective > 0 && objective < 1)) {
    throw new ErlangError(
      "badarg",
      `an objective is between 0 and 1, such as 0.999, not ${objective}`,
    );
  }
  // Written so that 1 % errors against 99 % come out as 1, whatever 1 − 0.99 is in binary.
  return requests === 0 ? 0 : errors / (requests * allowedShare(objective));
}

/** 1 − objective, freed of the rounding of decimal shares. */
function allowedShare(objective: number): number {
  return Math.round((1 - objective) * 1e12) / 1e12;
}

/** The place of a percentile among `count` figures in rising order, by nearest rank. */
export function percentileRank(percent: number, count: number): number {
  if (!(percent >= 0 && percent <= 100)) {
    throw new ErlangError("badarg", `a percentile is from 0 to 100, not ${String(percent)}`);
  }
  return Math.max(1, Math.ceil(Math.round(percent * count * 1e6) / 1e8)) - 1;
}

/** Sums of the first i figures. */
export function prefixSums(values: readonly number[]): readonly number[] {
  const sums = [0];
  let sum = 0;
  for (const value of values) {
    sum += value;
    sums.push(sum);
  }
  return sums;
}

/** Buckets of a window: as many as fit, at least 1. */
export function widthOf(stepMs: number, windowMs: number): number {
  if (typeof windowMs !== "number" || !(windowMs >= stepMs)) {
    throw new ErlangError(
      "badarg",
      `a window is at least one step (${stepMs} ms), not ${String(windowMs)} ms`,
    );
  }
  return Math.floor(windowMs / stepMs);
}

/** The first place in a rising list whose figure is not below `value`. */
function placeIn(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
