import { blowsOf, type Scenario } from "../kernel/index.ts";

/**
 * Which node each worker of a run plays, by its index: first one for every node, then one for every
 * time that a node begins anew, in order. A killed worker cannot be used again.
 */
export function workerPlan(scenario: Scenario): number[] {
  const restarts = blowsOf(scenario).flatMap(({ blow }) =>
    blow.kind === "restart" ? [scenario.nodes.findIndex(({ name }) => name === blow.node)] : [],
  );
  return [...scenario.nodes.keys(), ...restarts.filter((index) => index >= 0)];
}
