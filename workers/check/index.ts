/** The checks' door: traces in, verdicts out. */
export { census, type LivingProcess } from "./census.ts";
export { type Epoch, epochs, firstStale } from "./epochs.ts";
export type { Exercise, Question } from "./exercise.ts";
export { finalStates, hashOfNamed } from "./final-states.ts";
export { type Incarnation, incarnations } from "./incarnations.ts";
export { type Answers, conclude, judgeRun, seedOf } from "./judge.ts";
export { measure, stays } from "./measure.ts";
export type { CheckName, CheckSpec, Measure, Tier, TierName } from "./spec.ts";
export { percentileOf, Story } from "./story.ts";
export type { CheckVerdict, Evidence, Finding, RunFindings, Verdict } from "./verdict.ts";
