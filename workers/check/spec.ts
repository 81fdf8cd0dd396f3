/** What an exercise asks for, as data: its tiers of seeds, its checks, its measures. */
import type { Scenario } from "../kernel/index.ts";

/** S: safety, every seed must pass. P: performance, 19 of 20 seeds and the median must. */
export type TierName = "S" | "P";

export interface Tier {
  readonly scenario: Scenario;
  readonly seedCount: number;
}

/** One check. `effect`, `told` and so on are names that the scaffold marks facts with. */
export type CheckSpec =
  /**
   * Every customer causes the effect at most once; whoever was told `success` exactly once.
   * Facts: `effect(kind, key)` where it happens, `effect("told", n, word)` by the customer.
   */
  | {
      readonly check: "exactEffect";
      readonly tier: TierName;
      readonly effect: string;
      readonly success: string;
    }
  /** `observe(name, { of, total })` by an auditor at the end equals the sum of the effect's values on the process named `of`. */
  | {
      readonly check: "conserve";
      readonly tier: TierName;
      readonly effect: string;
      readonly observed: string;
      readonly success: string;
    }
  /**
   * Nobody was told `success` before, or without, the effect that they caused; and nobody was told
   * `failure`, a final no to what could be had.
   */
  | {
      readonly check: "noLie";
      readonly tier: TierName;
      readonly effect: string;
      readonly success: string;
      readonly failure?: string;
    }
  /** At the end only the scenario's own servers live, no timer is armed, no mailbox holds a message. */
  | { readonly check: "noLeak"; readonly tier: TierName }
  /** Percentile (0 to 1) of the time from a customer's arrival until they were told `success`, warm-up excluded. */
  | {
      readonly check: "latency";
      readonly tier: TierName;
      readonly percentile: number;
      readonly success: string;
      readonly boundUs: number;
      readonly role: string;
    }
  /** Longest mailbox of the process registered as `role`. */
  | {
      readonly check: "mailboxMax";
      readonly tier: TierName;
      readonly role: string;
      readonly bound: number;
    }
  /** Each answer within `tolerance` (a share) of the median over the seeds of what is measured. */
  | {
      readonly check: "predicts";
      readonly tier: TierName;
      readonly tolerance: number;
      readonly measures: readonly Measure[];
    };

export type CheckName = CheckSpec["check"];

/** Something to predict: `id` names the answer, the rest what is measured in each run. */
export type Measure =
  /** Messages in the mailbox of `role` at `atUs`. */
  | {
      readonly id: string;
      readonly measure: "mailboxAt";
      readonly role: string;
      readonly atUs: number;
    }
  /** Seconds from `fromUs` until the mailbox of `role` is empty and holds at most 3 for a second from then on. */
  | {
      readonly id: string;
      readonly measure: "secondsUntilEmpty";
      readonly role: string;
      readonly fromUs: number;
    }
  /** Mean ms from arrival of a request at `role` until its reply leaves, for requests between the two instants. */
  | {
      readonly id: string;
      readonly measure: "meanTimeMs";
      readonly role: string;
      readonly fromUs: number;
      readonly untilUs: number;
    }
  /** Mean number of requests at `role` (waiting or being handled) between the two instants. */
  | {
      readonly id: string;
      readonly measure: "meanNumber";
      readonly role: string;
      readonly fromUs: number;
      readonly untilUs: number;
    };
