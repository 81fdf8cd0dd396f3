/**
 * An exercise as data: the worlds its code is put into, and the checks that judge the traces.
 *
 * Checks are data too, so that an exercise can be sent to the worker that runs it; what is said
 * to the learner about their findings (`explain`) stays with the lesson, outside of the sandbox.
 */
import type { Scenario } from "../kernel/index.ts";
import type { CheckSpec, Tier, TierName } from "./spec.ts";
import type { Evidence } from "./verdict.ts";

/** Something asked for in figures. */
export interface Question {
  readonly id: string;
  readonly label: string;
  /** Said after the figure: "messages", "s", "ms". */
  readonly unit: string;
}

export interface Exercise {
  /** Unique in the course, e.g. "L01-E1". Saved work and verdicts are kept under it. */
  readonly id: string;
  readonly title: string;
  /** Raised when scenario, checks or files change so that old verdicts no longer speak of it. */
  readonly version: number;
  /** Code that is judged; figures that are compared with measured ones; a world to look at, without checks. */
  readonly kind: "code" | "prediction" | "world";
  /** For predictions: what is asked, by the measure's id. */
  readonly questions?: readonly Question[];
  /** Virtual seconds per real second at which a run is best watched first. */
  readonly speed: number;
  /** What the Run button runs: one seed, no verdict. */
  readonly run: Scenario;
  readonly tiers: Readonly<Partial<Record<TierName, Tier>>>;
  readonly checks: readonly CheckSpec[];
  /** The file that the editor opens first. */
  readonly mainFile: string;
  /** The lesson's own sentence for what a check found; undefined leaves the check's general one. */
  readonly explain: (evidence: Evidence) => string | undefined;
}
