/** What comes out of a check, of a run, of an exercise. Plain data, the same in page, server and file. */
import type { CheckName, TierName } from "./spec.ts";

/** What a check saw, by the pattern of events, never by the text of the program. */
export interface Evidence {
  readonly check: CheckName;
  /** What kind of failure it is; each check lists its own in its file. */
  readonly pattern: string;
  readonly seed: number;
  /** Virtual time of the moment to jump to. */
  readonly atUs: number;
  /** Names and figures that a sentence needs. */
  readonly values: Readonly<Record<string, string | number>>;
}

/** What one check says of one run: what it measured, if it measures, and what it objects to, if it does. */
export interface Finding {
  readonly measured?: Readonly<Record<string, number>>;
  readonly evidence?: Evidence;
}

/** Everything that was found in one run: a finding for each check of its tier, by the check's index. */
export interface RunFindings {
  readonly tier: TierName;
  readonly seed: number;
  readonly digest: string;
  readonly findings: Readonly<Record<number, Finding>>;
  /** Why the run says nothing about the program: it was cut at a bound of the sandbox. */
  readonly cut?: string;
}

/** One check of an exercise, over all its seeds. */
export interface CheckVerdict {
  readonly check: CheckName;
  readonly tier: TierName;
  readonly passed: boolean;
  /** What was asked, in words with units: "p99 of sell at most 120 ms". */
  readonly expected: string;
  /** What came, in the same words. */
  readonly actual: string;
  readonly seedsPassed: number;
  readonly seedsRun: number;
  /** The first failing seed's evidence, with the sentence for the learner. */
  readonly failure?: Evidence & { readonly sentence: string };
}

export interface Verdict {
  readonly exercise: string;
  readonly version: number;
  readonly engine: string;
  readonly outcome: "passed" | "failed" | "not judged";
  /** Why it was not judged, in words; costs the learner nothing. */
  readonly reason?: string;
  readonly checks: readonly CheckVerdict[];
}
