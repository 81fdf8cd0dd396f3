/**
 * What is expected of a run, and how closely.
 *
 * A mean has to be within 2 % of the formula and a percentile within 3 %, at 10⁶ measured customers
 * of the first seed, by the controls of queueing-estimate.ts, which were chosen on a stand-alone
 * simulator and not on these runs. So that a pass means something, the standard error has to be at
 * most half of what is allowed: that of a mean was 0.1 to 0.8 % over twelve seeds there (without
 * controls 0.4 to 3 %), that of a percentile 0.2 to 1 %. The controls take the arrival rate and the
 * mean service as known, so these are held to account apart: each control within five standard
 * errors of 0. And Little's law holds in every run, to what is cut off at its ends.
 */
import { expect } from "vitest";
import { bundleQueueing, measureApart } from "./queueing.ts";
import type { Answers, Question, Run } from "./queueing-run.ts";

/** A queue, what a formula says of it, and, if that is known too, how many are there. */
export interface Row {
  readonly title: string;
  readonly run: Omit<Run, "seed" | "questions">;
  readonly expected: readonly Expected[];
  readonly present?: number;
}

interface Expected extends Question {
  /** In mean services; of the refused a share. */
  readonly value: number;
}

export const EXPONENTIAL = { kind: "exponential" } as const;
export const FIXED = { kind: "fixed" } as const;
/** Nine of ten services take half a mean one, the tenth eleven times as long. */
export const UNEVEN = { kind: "mix", short: 0.5, long: 5.5, share: 0.9 } as const;

/** The first seed, for all rows. */
const SEED = 1;
/** Ten seconds on a machine of its own; minutes have been seen with twenty others at work on two cores. */
export const ROW_TIMEOUT_MS = 600_000;

const OFF_MAX_OF_MEAN = 0.02;
const OFF_MAX_OF_PERCENTILE = 0.03;
const SCORE_MAX = 5;
/** Those who were there when the measured stretch began, or still were at its end. */
const LITTLE_OFF_MAX = 0.001;

/** A test of rows, which share one bundle of the engine. */
export function rowTester(): (row: Row) => Promise<void> {
  let bundle: Promise<string> | undefined;
  return async ({ run, expected, present }) => {
    bundle ??= bundleQueueing();
    const questions = expected.map(({ value: _, ...question }) => question);
    const answers = await measureApart(await bundle, { ...run, seed: SEED, questions });
    for (const [i, one] of expected.entries()) mustAgree(one, answers, i);
    for (const score of answers.scores) expect(Math.abs(score)).toBeLessThan(SCORE_MAX);
    const { rateTimesSojourn } = answers;
    expect(off(answers.present, rateTimesSojourn), "Little's law").toBeLessThan(LITTLE_OFF_MAX);
    if (present !== undefined)
      expect(off(answers.present, present), "present").toBeLessThan(OFF_MAX_OF_MEAN);
  };
}

function mustAgree({ of, q, value }: Expected, { estimates }: Answers, i: number): void {
  const found = estimates[i];
  const offMax = q === undefined ? OFF_MAX_OF_MEAN : OFF_MAX_OF_PERCENTILE;
  const name = `${q === undefined ? "mean" : `${q * 100} %`} of ${of}: ${found?.value}, by the formula ${value}`;
  expect(off(found?.value ?? Number.NaN, value), name).toBeLessThan(offMax);
  expect((found?.standardError ?? Number.NaN) / value, `noise of ${name}`).toBeLessThan(offMax / 2);
}

function off(found: number, value: number): number {
  return Math.abs(found / value - 1);
}
