/** From traces to findings, and from the findings of all seeds to a verdict. Rules in SPEC.md, letter K. */
import {
  digestOf,
  hashText,
  KIND,
  RandomStream,
  type Scenario,
  type Trace,
} from "../kernel/index.ts";
import { conserve } from "./conserve.ts";
import { exactEffect } from "./exact-effect.ts";
import type { Exercise } from "./exercise.ts";
import type { Findings } from "./finding.ts";
import { latency } from "./latency.ts";
import { mailboxMax } from "./mailbox-max.ts";
import { measure } from "./measure.ts";
import { noLeak } from "./no-leak.ts";
import { noLie } from "./no-lie.ts";
import { generalSentence } from "./sentence.ts";
import type { CheckSpec, Measure, TierName } from "./spec.ts";
import { percentileOf, Story } from "./story.ts";
import type { CheckVerdict, Evidence, RunFindings, Verdict } from "./verdict.ts";

/** Share of seeds that must pass a bound in tier P: 19 of 20. */
const P_SHARE_MIN = 0.95;

/** What a learner predicted, by the measure's id. */
export type Answers = Readonly<Record<string, number>>;

/** The seed numbered `index` of a tier: the same for everyone, unlike that of any other tier. */
export function seedOf(exercise: string, tier: TierName, index: number): number {
  return new RandomStream(hashText(`${exercise}/${tier}`), index).bits();
}

/** Judges one run by the checks of its tier. */
export function judgeRun(
  checks: readonly CheckSpec[],
  tier: TierName,
  scenario: Scenario,
  seed: number,
  trace: Trace,
): RunFindings {
  const digest = digestOf(trace);
  const last = trace.rowCount - 1;
  if (last >= 0 && trace.kindOf(last) === KIND.cut) {
    return { tier, seed, digest, findings: {}, cut: String(trace.payloadOf(last)) };
  }
  const story = new Story(trace, scenario, seed);
  const findings: Record<number, Findings> = {};
  checks.forEach((spec, index) => {
    if (spec.tier === tier) findings[index] = apply(story, spec);
  });
  return { tier, seed, digest, findings };
}

function apply(story: Story, spec: CheckSpec): Findings {
  switch (spec.check) {
    case "exactEffect":
      return exactEffect(story, spec);
    case "conserve":
      return conserve(story, spec);
    case "noLie":
      return noLie(story, spec);
    case "noLeak":
      return noLeak(story);
    case "latency":
      return latency(story, spec);
    case "mailboxMax":
      return mailboxMax(story, spec);
    case "predicts":
      return {
        measured: Object.fromEntries(spec.measures.map((what) => [what.id, measure(story, what)])),
      };
  }
}

/** What is asked of `conclude` besides the findings. */
export interface Conclusion {
  readonly engine: string;
  /** For exercises of kind "prediction". */
  readonly answers?: Answers;
}

/** The verdict over all runs. A run that was cut makes it fail with the bound as the reason. */
export function conclude(
  exercise: Exercise,
  runs: readonly RunFindings[],
  { engine, answers = {} }: Conclusion,
): Verdict {
  const checks = exercise.checks.map((spec, index) =>
    concludeCheck(exercise, spec, index, runs, answers),
  );
  const outcome = checks.every((check) => check.passed) ? "passed" : "failed";
  return { exercise: exercise.id, version: exercise.version, engine, outcome, checks };
}

function concludeCheck(
  exercise: Exercise,
  spec: CheckSpec,
  index: number,
  runs: readonly RunFindings[],
  answers: Answers,
): CheckVerdict {
  const ofTier = runs.filter((run) => run.tier === spec.tier).sort((a, b) => a.seed - b.seed);
  if (spec.check === "predicts") return concludePrediction(exercise, spec, index, ofTier, answers);
  const failing = ofTier
    .map((run) => objection(spec, index, run))
    .filter((found) => found !== undefined);
  const values = ofTier
    .map((run) => run.findings[index]?.measured?.["value"])
    .filter((value) => value !== undefined);
  const needed =
    "bound" in spec || "boundUs" in spec ? Math.ceil(P_SHARE_MIN * ofTier.length) : ofTier.length;
  const seedsPassed = ofTier.length - failing.length;
  const passed = ofTier.length > 0 && seedsPassed >= needed;
  const first = passed ? undefined : failing[0];
  return {
    check: spec.check,
    tier: spec.tier,
    passed,
    expected: expectation(spec),
    actual: actuality(spec, values, seedsPassed, ofTier.length),
    seedsPassed,
    seedsRun: ofTier.length,
    ...(first === undefined
      ? undefined
      : { failure: { ...first, sentence: say(exercise, first) } }),
  };
}

function objection(spec: CheckSpec, index: number, run: RunFindings): Evidence | undefined {
  if (run.cut === undefined) return run.findings[index]?.evidence;
  return { check: spec.check, pattern: "cut", seed: run.seed, atUs: 0, values: { bound: run.cut } };
}

function concludePrediction(
  exercise: Exercise,
  spec: Extract<CheckSpec, { check: "predicts" }>,
  index: number,
  runs: readonly RunFindings[],
  answers: Answers,
): CheckVerdict {
  const medianOf = (what: Measure) =>
    percentileOf(
      runs
        .map((run) => run.findings[index]?.measured?.[what.id] ?? Number.NaN)
        .filter((value) => !Number.isNaN(value)),
      0.5,
    ) ?? Number.NaN;
  const rows = spec.measures.map((what) => ({
    id: what.id,
    answer: answers[what.id],
    measured: medianOf(what),
  }));
  const isNear = (answer: number | undefined, measured: number) =>
    answer !== undefined && Math.abs(answer - measured) <= spec.tolerance * Math.abs(measured);
  const wrong = rows.find(({ answer, measured }) => !isNear(answer, measured));
  const moment = spec.measures.find((what) => what.id === wrong?.id);
  const found: Evidence | undefined = wrong && {
    check: "predicts",
    pattern: wrong.answer === undefined ? "missing" : "off",
    seed: runs[0]?.seed ?? 0,
    atUs: moment === undefined ? 0 : "atUs" in moment ? moment.atUs : moment.fromUs,
    values: {
      id: wrong.id,
      measured: rounded(wrong.measured),
      ...(wrong.answer === undefined ? undefined : { answer: wrong.answer }),
    },
  };
  return {
    check: "predicts",
    tier: spec.tier,
    passed: runs.length > 0 && wrong === undefined,
    expected: expectation(spec),
    actual: rows
      .map(
        ({ id, answer, measured }) =>
          `${id}: you ${answer ?? "said nothing"}, measured ${rounded(measured)}`,
      )
      .join("; "),
    seedsPassed: runs.length,
    seedsRun: runs.length,
    ...(found === undefined
      ? undefined
      : { failure: { ...found, sentence: say(exercise, found) } }),
  };
}

function say(exercise: Exercise, found: Evidence): string {
  return exercise.explain(found) ?? generalSentence(found);
}

function expectation(spec: CheckSpec): string {
  switch (spec.check) {
    case "exactEffect":
      return `every customer causes one ${spec.effect} at most, and one when told "${spec.success}"`;
    case "conserve":
      return `each ${spec.observed} equals what was really done`;
    case "noLie":
      return `nobody is told "${spec.success}" before it is so`;
    case "noLeak":
      return "nothing is left over at the end";
    case "latency":
      return `p${spec.percentile * 100} at most ${spec.boundUs / 1000} ms`;
    case "mailboxMax":
      return `at most ${spec.bound} messages in the mailbox of ${spec.role}`;
    case "predicts":
      return `each answer within ${spec.tolerance * 100} % of the measured median`;
  }
}

function actuality(
  spec: CheckSpec,
  values: readonly number[],
  seedsPassed: number,
  seedsRun: number,
): string {
  const seeds = `${seedsPassed} of ${seedsRun} seeds`;
  const median = percentileOf(values, 0.5);
  if (median === undefined) return seeds;
  if (spec.check === "latency") return `median over seeds ${rounded(median / 1000)} ms; ${seeds}`;
  return `median over seeds ${rounded(median)}; ${seeds}`;
}

/** Three significant digits are as much as a person reads. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
