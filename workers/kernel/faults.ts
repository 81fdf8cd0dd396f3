/**
 * Faults as the kernel carries them out: each fault of a scenario is one or more blows, a change
 * at one instant. Nodes know the whole plan from the start, so a fault needs no message of its own.
 */
import type { Condition } from "./conditions.ts";
import type { FaultSpec, Scenario } from "./scenario.ts";
import type { Disturbance } from "./wire.ts";

/** What can be done to a run. Blows on wires nest: a wire is open when every cut has been healed. */
export type Blow =
  | { readonly kind: "pause"; readonly node: string }
  /** `sinceUs`: when the pause began that ends; one of an earlier life has ended with it. */
  | { readonly kind: "resume"; readonly node: string; readonly sinceUs?: number }
  /** `why` is said in the trace; default "killed". */
  | { readonly kind: "crash"; readonly node: string; readonly why?: string }
  /** `version`: the release that it runs from now on; default the same. */
  | { readonly kind: "restart"; readonly node: string; readonly version?: string }
  /** All that was written to the node's disk becomes lasting: it is about to be ended in order. */
  | { readonly kind: "flush"; readonly node: string }
  | { readonly kind: "cut" | "heal"; readonly between: readonly [string, string] }
  /** From now on nothing gets from one node to the other; from now on it does again. */
  | { readonly kind: "silence" | "speak"; readonly from: string; readonly to: string }
  | {
      readonly kind: "hold";
      readonly between: readonly [string, string];
      readonly untilUs: number;
    }
  | {
      readonly kind: "disturb" | "calm";
      readonly between: readonly [string, string];
      readonly disturbance: Disturbance;
    }
  /** A condition begins or ends; one object for both. */
  | { readonly kind: "impose" | "lift"; readonly node: string; readonly condition: Condition }
  | {
      readonly kind: "kill";
      readonly node: string;
      readonly process: string;
      readonly reason: unknown;
    }
  | {
      readonly kind: "hang";
      readonly node: string;
      readonly process: string;
      readonly untilUs: number;
    }
  | { readonly kind: "skew"; readonly node: string; readonly byUs: number };

/** A blow at its moment; `order` tells apart those of one instant. */
export interface PlannedBlow {
  readonly atUs: number;
  readonly order: number;
  readonly blow: Blow;
}

/** All blows of a scenario, earliest first. */
export function blowsOf(scenario: Scenario): PlannedBlow[] {
  const blows = scenario.faults.flatMap(blowsOfFault);
  return inOrder(blows.map(({ atUs, blow }, order) => ({ atUs, blow, order })));
}

/** Sorts blows: earliest first, those of one instant by their order. */
export function inOrder(blows: PlannedBlow[]): PlannedBlow[] {
  return blows.sort((a, b) => a.atUs - b.atUs || a.order - b.order);
}

interface Moment {
  readonly atUs: number;
  readonly blow: Blow;
}

function blowsOfFault(fault: FaultSpec): Moment[] {
  const { atUs } = fault;
  switch (fault.kind) {
    case "crash":
      return [{ atUs, blow: { kind: "crash", node: fault.node } }];
    case "restart":
      return [{ atUs, blow: { kind: "restart", node: fault.node } }];
    case "pause":
      return band(fault, [
        [
          { kind: "pause", node: fault.node },
          { kind: "resume", node: fault.node, sinceUs: atUs },
        ],
      ]);
    case "cut":
      return band(fault, [
        [
          { kind: "cut", between: fault.between },
          { kind: "heal", between: fault.between },
        ],
      ]);
    case "oneWay":
      return band(fault, [oneWay(fault.from, fault.to)]);
    case "partition": {
      const [left, right] = fault.groups;
      const pairs = left.flatMap((a) => right.flatMap((b) => [oneWay(a, b), oneWay(b, a)]));
      return band(fault, pairs);
    }
    case "hold":
      return [{ atUs, blow: { kind: "hold", between: fault.between, untilUs: fault.untilUs } }];
    case "disturb": {
      const { between, loss = 0, dup = 0, reorder } = fault;
      const disturbance = { loss, dup, reorder };
      return band(fault, [
        [
          { kind: "disturb", between, disturbance },
          { kind: "calm", between, disturbance },
        ],
      ]);
    }
    case "kill": {
      const { node, process, reason = "killed" } = fault;
      return [{ atUs, blow: { kind: "kill", node, process, reason } }];
    }
    case "hang": {
      const { node, process, untilUs } = fault;
      return [{ atUs, blow: { kind: "hang", node, process, untilUs } }];
    }
    case "skew":
      return [{ atUs, blow: { kind: "skew", node: fault.node, byUs: fault.byUs } }];
    case "slow":
    case "slowDisk":
      return condition(fault, { kind: fault.kind, factor: fault.factor });
    case "diskFull":
      return condition(fault, { kind: "diskFull" });
    case "bug":
      return condition(fault, { kind: "bug", process: fault.process, on: fault.on });
    case "outage":
      return condition(fault, { kind: "outage", process: fault.process, mode: fault.mode });
  }
}

function oneWay(from: string, to: string): readonly [Blow, Blow] {
  return [
    { kind: "silence", from, to },
    { kind: "speak", from, to },
  ];
}

function condition(
  fault: { readonly node: string; readonly atUs: number; readonly untilUs?: number },
  what: Condition,
): Moment[] {
  const { node } = fault;
  return band(fault, [
    [
      { kind: "impose", node, condition: what },
      { kind: "lift", node, condition: what },
    ],
  ]);
}

/** Pairs of a blow and what ends it. */
function band(
  { atUs, untilUs }: { readonly atUs: number; readonly untilUs?: number },
  pairs: readonly (readonly [Blow, Blow])[],
): Moment[] {
  const begins = pairs.map(([blow]) => ({ atUs, blow }));
  return untilUs === undefined
    ? begins
    : [...begins, ...pairs.map(([, blow]) => ({ atUs: untilUs, blow }))];
}
