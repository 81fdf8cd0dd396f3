/** The world that an example runs in: as little of one as there can be. */
import type { Scenario } from "../../workers/kernel/scenario.ts";

/** All examples have said what they say by then, in virtual time. */
const HORIZON_US = 60_000_000;
/** Between any two nodes. */
const WIRE_US = 1_000;

/**
 * Starts `main` of main.ts on the first node; every two nodes have a wire of 1 ms. What `world`
 * names is as it says.
 */
export function exampleScenario(nodes: readonly string[], world: Partial<Scenario> = {}): Scenario {
  return {
    name: "example",
    horizonUs: HORIZON_US,
    nodes: nodes.map((name) => ({ name, cores: 1 })),
    wires: nodes.flatMap((one, index) =>
      nodes.slice(index + 1).map((other) => ({
        between: [one, other] as const,
        latency: { kind: "det", us: WIRE_US } as const,
        loss: 0,
      })),
    ),
    starts: [{ atUs: 0, node: nodes[0] ?? "n1", file: "main.ts", run: "main", args: [] }],
    loads: [],
    faults: [],
    ...world,
  };
}
