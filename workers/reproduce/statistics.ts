/** What samples come to: means and quantiles. */
import type { Sample } from "./reproduction.ts";

/** The mean; NaN of none. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The least value that at least a share `q` of all do not pass (nearest rank). NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  const rank = Math.max(1, Math.ceil(q * sorted.length - 1e-9));
  return sorted[rank - 1] ?? Number.NaN;
}

/** One number of every sample. */
export function column(samples: readonly Sample[], index: number): number[] {
  return samples.map((sample) => sample[index] ?? Number.NaN);
}

/** The samples of every `count`-th trial, from trial `first` on: trials of one kind of several that take turns. */
export function turnsOf(samples: readonly Sample[], first: number, count: number): Sample[] {
  return samples.filter((_, index) => index % count === first);
}
