/** Names, groups and tasks of a cluster that breaks and mends: one run, whatever the placement. */
import { expect, it } from "vitest";
import { digestOf, type Scenario } from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { runApart } from "../engine/placements.ts";
import { compileFiles, scenarioOf } from "../engine/room.ts";

const NAMES = ["n1", "n2", "n3"];

const PROGRAM = compileFiles({
  "main.ts": `
    import { connect, global, log, monotonic, node, nodes, pg, random, receive, registry, self, sleep, spawn, startLink, task, when } from "otp";
    export function smaller(name: string, pid1: any, pid2: any) { return pid1 < pid2 ? pid1 : pid2; }
    export async function greet(from: string) { await sleep(random() * 5); return from + " to " + node(); }
    export async function main() {
      await startLink(task.supervisor(), [], { name: "tasks" });
      await pg.start("sc");
      await pg.join("sc", ["room", 1], self());
      registry.startLink({ name: "carts", keys: "unique" });
      const holders = ["shared", "other"].map((name) => spawn(async () => { registry.register("carts", name); await receive(); }, []));
      await sleep(random() * 1000);
      await global.register("shared", holders[0]!, { resolve: smaller });
      await global.register("other", holders[1]!);
      while (monotonic() < 9000) {
        await sleep(300);
        for (const name of nodes()) {
          const found = await task.asyncNolink({ name: "tasks", node: name }, greet, [node()]).then((one) => task.yield(one, 20)).catch(String);
          log(JSON.stringify(found ?? "none"));
        }
        for (const name of ${JSON.stringify(NAMES)}) if (name !== node() && !nodes().includes(name)) await connect(name);
      }
      log(String(global.whereis("shared")) + global.whereis("other") + pg.getMembers("sc", ["room", 1]).length + registry.count("carts"));
    }
  `,
});

function worldOf(seed: number): Scenario {
  const pairs = [
    ["n1", "n2"],
    ["n1", "n3"],
    ["n2", "n3"],
  ] as const;
  return scenarioOf({
    horizonUs: 10_000_000,
    nodes: NAMES.map((name) => ({ name, cores: 1 })),
    wires: pairs.map((between) => ({
      between,
      latency: { kind: "uniform", fromUs: 200, toUs: 3000 },
      loss: 0.05,
      dup: 0.05,
    })),
    starts: NAMES.map((node) => ({ atUs: 0, node, file: "main.ts", run: "main", args: [] })),
    faults: [
      { kind: "cut", between: ["n1", "n3"], atUs: 300_000 * seed, untilUs: 2_000_000 },
      { kind: "cut", between: ["n2", "n3"], atUs: 300_000 * seed, untilUs: 2_000_000 },
      { kind: "crash", node: "n2", atUs: 4_000_000 },
      { kind: "restart", node: "n2", atUs: 4_500_000 },
    ],
  });
}

it.each([1, 2, 3])("Rule T4: the world of names and groups of seed %i", async (seed) => {
  const together = simulate({ program: PROGRAM, scenario: worldOf(seed), seed });
  const apart = await runApart(PROGRAM, worldOf(seed), seed);
  expect(together.rowCount).toBeGreaterThan(1000);
  expect(apart.trace.rowCount).toBe(together.rowCount);
  expect(apart.digest).toBe(digestOf(together));
});
