/** All results that are reproduced, in the order of their numbers. */
import { jitter } from "./r01-jitter.ts";
import { layers } from "./r02-layers.ts";
import { retryBudget } from "./r03-budget.ts";
import { policies } from "./r04-policies.ts";
import { metastable } from "./r05-metastable.ts";
import { raft } from "./r06-raft.ts";
import { staleness } from "./r07-staleness.ts";
import { tail } from "./r08-tail.ts";
import { queues } from "./r09-queues.ts";
import { twoChoices } from "./r10-two-choices.ts";
import { scalability } from "./r11-usl.ts";
import { virtualNodes } from "./r12-virtual-nodes.ts";
import { shuffleSharding } from "./r13-shuffle-sharding.ts";
import { swim } from "./r14-swim.ts";
import { rumours } from "./r15-rumours.ts";
import { coordinatedOmission } from "./r16-coordinated-omission.ts";
import { aimd } from "./r17-aimd.ts";
import { throttling } from "./r18-throttling.ts";
import { burnRate } from "./r19-burn-rate.ts";
import { restartIntensity } from "./r20-restart-intensity.ts";
import { silence } from "./r21-silence.ts";
import { lossyLink } from "./r22-lossy-link.ts";
import { availability } from "./r23-availability.ts";
import { disciplines } from "./r24-disciplines.ts";
import type { Reproduction } from "./reproduction.ts";

export const REPRODUCTIONS: readonly Reproduction[] = [
  jitter,
  layers,
  retryBudget,
  policies,
  metastable,
  raft,
  staleness,
  tail,
  queues,
  twoChoices,
  scalability,
  virtualNodes,
  shuffleSharding,
  swim,
  rumours,
  coordinatedOmission,
  aimd,
  throttling,
  burnRate,
  restartIntensity,
  silence,
  lossyLink,
  availability,
  disciplines,
];

/** The result with this id, or undefined when there is none. */
export function reproductionOf(id: string): Reproduction | undefined {
  return REPRODUCTIONS.find((reproduction) => reproduction.id === id);
}
