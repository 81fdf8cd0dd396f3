/**
 * A histogram's arithmetic: how values are put into buckets, and what can be read from them. Pure.
 *
 * Buckets are those of HdrHistogram in base two: 256 of equal width between a power of two and the
 * next, so that a bucket is at most 1/256 of its values wide. A reading is a bucket's lower edge:
 * at most 0.4 % too low, and exact for whole numbers up to 512. Buckets are the same everywhere, so
 * histograms of different processes, nodes and minutes can be added; percentiles cannot be averaged.
 * Refused: keeping all values (unbounded), and buckets of a histogram's own (could not be added).
 */

/** What a histogram holds, as plain data: can be sent, stored, and merged with others. */
export interface HistogramSnapshot {
  /** Values observed. */
  readonly count: number;
  readonly sum: number;
  /** 0 when nothing was observed, as all that follow. */
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly p9999: number;
  /** Number of a bucket and how many values it has, by number. Empty buckets are left out. */
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
}

/** Values below 2^-20 count as 0, those from 2^50 on as the largest: at most 17,921 buckets. */
const LEAST = 2 ** -20;
const MOST = 2 ** 50;

/** Bits of the fraction that stay: 256 buckets between two powers of two. */
const FRACTION_BITS = 8;
const HEAD_SHIFT = 20 - FRACTION_BITS;

const word = new DataView(new ArrayBuffer(8));

/** The bucket of a value, which is not negative. A float's exponent and first bits are its logarithm. */
export function bucketOf(value: number): number {
  if (value < LEAST) return 0;
  word.setFloat64(0, Math.min(value, MOST));
  return word.getUint32(0) >>> HEAD_SHIFT;
}

/** The least value of a bucket. */
export function edgeOf(bucket: number): number {
  if (bucket === 0) return 0;
  word.setUint32(0, bucket << HEAD_SHIFT);
  word.setUint32(4, 0);
  return word.getFloat64(0);
}

/** Collects values. Memory grows with the spread of the values, not with their number. */
export class Histogram {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  observe(value: number, times = 1): void {
    const bucket = bucketOf(value);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + times);
    this.#count += times;
    this.#sum += value * times;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  /** What it holds; from now on it holds nothing. */
  take(): HistogramSnapshot {
    const taken = this.snapshot();
    this.#counts.clear();
    this.#count = 0;
    this.#sum = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = 0;
    return taken;
  }

  snapshot(): HistogramSnapshot {
    const buckets = [...this.#counts].sort(([a], [b]) => a - b);
    return summary(buckets, this.#count, this.#sum, this.#count === 0 ? 0 : this.#min, this.#max);
  }
}

/** The histogram of all values of both. */
export function mergeHistograms(a: HistogramSnapshot, b: HistogramSnapshot): HistogramSnapshot {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const counts = new Map(a.buckets);
  for (const [bucket, count] of b.buckets) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  const buckets = [...counts].sort(([one], [other]) => one - other);
  const { min, max } = Math;
  return summary(buckets, a.count + b.count, a.sum + b.sum, min(a.min, b.min), max(a.max, b.max));
}

/**
 * The least value that at least `percent` of all values do not exceed (nearest rank); at most 0.4 %
 * below the true one. 0 when nothing was observed.
 */
export function percentileOf(
  { buckets, count, min, max }: Pick<HistogramSnapshot, "buckets" | "count" | "min" | "max">,
  percent: number,
): number {
  // Rounded first: 99.9 % of 1,000 is the 999th value, whatever the float says.
  const rank = Math.max(1, Math.ceil(Math.round(percent * count * 1e6) / 1e8));
  let seen = 0;
  for (const [bucket, inBucket] of buckets) {
    seen += inBucket;
    if (seen >= rank) return Math.min(max, Math.max(min, edgeOf(bucket)));
  }
  return max;
}

function summary(
  buckets: HistogramSnapshot["buckets"],
  count: number,
  sum: number,
  min: number,
  max: number,
): HistogramSnapshot {
  const at = (percent: number) => percentileOf({ buckets, count, min, max }, percent);
  const mean = count === 0 ? 0 : sum / count;
  const [p50, p75, p90, p95] = [at(50), at(75), at(90), at(95)];
  const [p99, p999, p9999] = [at(99), at(99.9), at(99.99)];
  return { count, sum, mean, min, max, p50, p75, p90, p95, p99, p999, p9999, buckets };
}
