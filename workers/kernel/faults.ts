/**
 * Faults as the kernel carries them out: each fault of a scenario is one or more blows, a change
 * at one instant. Nodes know the whole plan from the start, so a fault needs no message of its own.
 */
import type { FaultSpec, Scenario } from "./scenario.ts";

/** What can be done to a run. Blows on wires nest: a wire is open when every cut has been healed. */
export type Blow =
  | { readonly kind: "crash" | "restart" | "pause" | "resume"; readonly node: string }
  | { readonly kind: "cut" | "heal"; readonly between: readonly [string, string] }
  /** From now on nothing gets from one node to the other; from now on it does again. */
  | { readonly kind: "silence" | "speak"; readonly from: string; readonly to: string }
  | {
      readonly kind: "hold";
      readonly between: readonly [string, string];
      readonly untilUs: number;
    };

/** A blow at its moment; `order` tells apart those of one instant. */
export interface PlannedBlow {
  readonly atUs: number;
  readonly order: number;
  readonly blow: Blow;
}

/** All blows of a scenario, earliest first. */
export function blowsOf(scenario: Scenario): PlannedBlow[] {
  const blows = scenario.faults.flatMap(blowsOfFault);
  return blows
    .map(({ atUs, blow }, order) => ({ atUs, blow, order }))
    .sort((a, b) => a.atUs - b.atUs || a.order - b.order);
}

interface Moment {
  readonly atUs: number;
  readonly blow: Blow;
}

function blowsOfFault(fault: FaultSpec): Moment[] {
  const { atUs } = fault;
  switch (fault.kind) {
    case "crash":
    case "restart":
      return [{ atUs, blow: { kind: fault.kind, node: fault.node } }];
    case "pause":
      return band(fault, [
        [
          { kind: "pause", node: fault.node },
          { kind: "resume", node: fault.node },
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
  }
}

function oneWay(from: string, to: string): readonly [Blow, Blow] {
  return [
    { kind: "silence", from, to },
    { kind: "speak", from, to },
  ];
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
