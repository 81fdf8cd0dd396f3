/**
 * A published result that our engine makes again: its conditions, its trials, and what they come to.
 *
 * A trial is pure: its index fixes its seed, and the seed all that it draws. So trials may be made on
 * any thread in any order, and a page may conclude from those that are there: conclude gets the
 * trials from 0 on without a gap, and a longer run only adds to them. A trial gives plain numbers,
 * which travel anywhere. Nothing here reads a clock or a file, so all of it runs in a Web Worker.
 *
 * A band is where a result has to come out, and says what it was laid around. It is chosen before
 * the run; a result outside of it is shown as such.
 */

/**
 * How sure we are of what the source says. P: seen in the primary text or code; S: seen quoted by
 * others; M: known from the literature, not read again; F: a closed form that can be proved.
 */
export type Confidence = "P" | "S" | "M" | "F";

export interface Source {
  readonly title: string;
  readonly confidence: Confidence;
}

/** The numbers that one trial gives, in an order that only its reproduction knows. Finite, or Infinity. */
export type Sample = readonly number[];

/** Where a number has to lie, both ends included, and what the band was laid around. */
export interface Band {
  readonly low: number;
  readonly high: number;
  readonly around: string;
}

/** One number of a result: what the source states, and ours. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  /** What the source states, told in short where it gives no number; undefined when it is silent. */
  readonly published: number | string | undefined;
  readonly ours: number;
  readonly band: Band;
  readonly inside: boolean;
  /** Its place in a curve, for pictures. */
  readonly point?: { readonly series: string; readonly x: number };
}

export interface Reproduction {
  /** "R" and a number, as in the course's list of results. */
  readonly id: `R${number}`;
  readonly title: string;
  readonly sources: readonly Source[];
  /** The set-up of the source, as it was made here. */
  readonly conditions: string;
  /** What was assumed where the source is silent, and where ours differs. Empty when nothing was. */
  readonly assumptions: readonly string[];
  /** Lessons that show it, e.g. "L15". */
  readonly lessons: readonly string[];
  /** Trials of the full result; fewer give a rougher one. */
  readonly trialCount: number;
  /** Makes one trial: 0 ≤ index < trialCount. */
  trial(index: number, seed: number): Sample;
  /** What the trials 0, 1, 2, … come to. Called with at least one; leaves out rows it knows nothing of yet. */
  conclude(samples: readonly Sample[]): readonly Row[];
}

/** The seed of a trial: no two trials of any results share one. */
export function seedOf({ id }: Pick<Reproduction, "id">, index: number): number {
  return Number(id.slice(1)) * 2 ** 32 + index;
}

/** Makes the trials from `from` up to `to`, the latter not included, one at a time. */
export function* trialsOf(
  reproduction: Reproduction,
  from: number,
  to: number,
): Generator<Sample, void, void> {
  for (let index = from; index < to; index++) {
    yield reproduction.trial(index, seedOf(reproduction, index));
  }
}

/** A row, with the judgement whether it lies in its band. */
export function row(parts: Omit<Row, "inside">): Row {
  const { ours, band } = parts;
  return { ...parts, inside: ours >= band.low && ours <= band.high };
}

/** `value` ± `share` of it. `of` says what the value is: "published", "formula", "pre-check". */
export function within(value: number, share: number, of: string): Band {
  const margin = Math.abs(value) * share;
  return { low: value - margin, high: value + margin, around: `${of} ± ${percent(share)}` };
}

/** `value` ± `margin`, in its own unit. */
export function near(value: number, margin: number, of: string): Band {
  return { low: value - margin, high: value + margin, around: `${of} ± ${margin}` };
}

/** Exactly `value`. */
export function exactly(value: number, of: string): Band {
  return { low: value, high: value, around: `${of}, exactly` };
}

/** From `low` on. */
export function atLeast(low: number, of: string): Band {
  return { low, high: Number.POSITIVE_INFINITY, around: of };
}

/** Up to `high`. */
export function atMost(high: number, of: string): Band {
  return { low: Number.NEGATIVE_INFINITY, high, around: of };
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
