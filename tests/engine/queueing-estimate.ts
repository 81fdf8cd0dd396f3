/**
 * How a mean or a percentile is read off one long run with less noise than the run has.
 *
 * A queue at 90 % remembers for hundreds of customers, so the plain mean of a million sojourns still
 * errs by 2 %. But most of that is luck that can be seen: a batch of customers who came quicker or
 * wanted more than they should on average, above all when it was full. Such luck is measured by
 * controls, sums whose true mean is 0 whatever the queue does with them: (service − its mean) and
 * (gap to the next arrival − its mean), each times something that was settled before they were drawn.
 * What a response would be at controls of exactly 0 is found by regression over the batches; this
 * comes to weights for the batches, the same for every response. So a percentile is that of the
 * weighted customers (Hsu and Nelson, Control Variates for Quantile Estimation, 1990).
 */

/** Batches of one run: enough to regress on six controls, long enough to forget each other. */
export const BATCHES = 100;

export interface Estimate {
  readonly value: number;
  /** Of the value, from what the regression leaves over. */
  readonly standardError: number;
}

/** The weights that a run's controls give to its batches, and what can be read off by them. */
export class Reading {
  readonly #controls: readonly (readonly number[])[];
  readonly #weights: readonly number[];
  readonly #normal: readonly (readonly number[])[];

  /** `controls`: for each batch the mean of each control. */
  constructor(controls: readonly (readonly number[])[]) {
    this.#controls = controls.map((batch) => [1, ...batch]);
    const size = this.#controls[0]?.length ?? 1;
    this.#normal = Array.from({ length: size }, (_, i) =>
      Array.from({ length: size }, (_, j) =>
        total(this.#controls.map((batch) => (batch[i] as number) * (batch[j] as number))),
      ),
    );
    const first = solve(this.#normal, [1, ...Array<number>(size - 1).fill(0)]);
    this.#weights = this.#controls.map((batch) => dot(batch, first));
  }

  /** The mean of what has these means in the batches. */
  mean(batchMeans: readonly number[]): Estimate {
    const value = dot(batchMeans, this.#weights);
    const size = this.#normal.length;
    const projected = Array.from({ length: size }, (_, i) =>
      total(this.#controls.map((batch, b) => (batch[i] as number) * (batchMeans[b] as number))),
    );
    const slopes = solve(this.#normal, projected);
    const left = total(
      this.#controls.map((batch, b) => ((batchMeans[b] as number) - dot(batch, slopes)) ** 2),
    );
    const spread = dot(this.#weights, this.#weights);
    const degrees = batchMeans.length - size;
    return { value, standardError: Math.sqrt((left / degrees) * spread) };
  }

  /** The value that a share `q` of the customers, batch after batch in `values`, does not pass. */
  percentile(values: Float64Array, q: number): Estimate {
    const share = (limit: number) => this.mean(sharesUpTo(values, limit));
    const find = (wanted: number) => {
      let [low, high] = [0, values.reduce((most, value) => Math.max(most, value), 0)];
      while (high - low > 1e-6 * high) {
        const middle = (low + high) / 2;
        if (dot(sharesUpTo(values, middle), this.#weights) < wanted) low = middle;
        else high = middle;
      }
      return high;
    };
    const value = find(q);
    const { standardError } = share(value);
    return { value, standardError: (find(q + standardError) - find(q - standardError)) / 2 };
  }
}

/** How many standard errors each control is away from the 0 that it must have. */
export function standardScores(controls: readonly (readonly number[])[]): number[] {
  const count = controls.length;
  return (controls[0] ?? []).map((_, k) => {
    const values = controls.map((batch) => batch[k] as number);
    const mean = total(values) / count;
    const variance = total(values.map((value) => (value - mean) ** 2)) / (count - 1);
    return mean / Math.sqrt(variance / count);
  });
}

/** The mean of each batch. */
export function batchMeansOf(values: Float64Array): number[] {
  const size = values.length / BATCHES;
  return Array.from(
    { length: BATCHES },
    (_, b) =>
      values.subarray(b * size, (b + 1) * size).reduce((sum, value) => sum + value, 0) / size,
  );
}

function sharesUpTo(values: Float64Array, limit: number): number[] {
  const size = values.length / BATCHES;
  return Array.from({ length: BATCHES }, (_, b) => {
    let count = 0;
    for (let i = b * size; i < (b + 1) * size; i++) if ((values[i] as number) <= limit) count++;
    return count / size;
  });
}

/** Solves a system of linear equations, by Gauss with the largest pivot. */
export function solve(rows: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length;
  const work = rows.map((row, i) => [...row, right[i] as number]);
  for (let i = 0; i < size; i++) {
    let best = i;
    for (let j = i + 1; j < size; j++)
      if (Math.abs(entry(work, j, i)) > Math.abs(entry(work, best, i))) best = j;
    const pivot = work[best] as number[];
    work[best] = work[i] as number[];
    work[i] = pivot;
    for (let j = i + 1; j < size; j++) {
      const factor = entry(work, j, i) / entry(work, i, i);
      const row = work[j] as number[];
      if (factor !== 0)
        for (let k = i; k <= size; k++) row[k] = entry(work, j, k) - factor * entry(work, i, k);
    }
  }
  const solution = Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let left = entry(work, i, size);
    for (let k = i + 1; k < size; k++) left -= entry(work, i, k) * (solution[k] as number);
    solution[i] = left / entry(work, i, i);
  }
  return solution;
}

function entry(rows: readonly (readonly number[])[], row: number, column: number): number {
  return rows[row]?.[column] as number;
}

function dot(left: readonly number[], right: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += (left[i] as number) * (right[i] as number);
  return sum;
}

function total(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
