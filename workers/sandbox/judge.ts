/** A worker's share of a judgement: every n-th seed of every tier, each run from start to end. */
import { judgeRun, seedOf, type TierName } from "../check/index.ts";
import type { JudgeJob, News } from "./protocol.ts";
import type { ProgramFactory } from "./realm.ts";
import { simulate } from "./simulate.ts";

export function judgeShare(
  job: JudgeJob,
  share: number,
  program: ProgramFactory,
  tell: (news: News) => void,
): void {
  for (const [tier, { scenario, seedCount }] of Object.entries(job.tiers) as [
    TierName,
    NonNullable<JudgeJob["tiers"]["S"]>,
  ][]) {
    for (let index = share; index < seedCount; index += job.workerCount) {
      const seed = seedOf(job.exercise, tier, index);
      const trace = simulate({ program, scenario, seed, bounds: job.bounds });
      tell({ kind: "findings", findings: judgeRun(job.checks, tier, scenario, seed, trace) });
    }
  }
  tell({ kind: "judged" });
}
