import { describe, expect, it } from "vitest";
import type { Scenario } from "../../workers/kernel/index.ts";
import { play, scenarioOf } from "../engine/room.ts";

const NAMES = ["a1", "a2", "gate", "b1", "b2"];

/** Two groups that meet in a gateway; every node has a wire to every other. */
function world(distribution: NonNullable<Scenario["distribution"]>): Scenario {
  return scenarioOf({
    horizonUs: 20_000_000,
    nodes: NAMES.map((name) => ({ name, cores: 1 })),
    wires: NAMES.flatMap((a, i) =>
      NAMES.slice(i + 1).map((b) => ({
        between: [a, b] as const,
        latency: { kind: "det" as const, us: 1000 },
        loss: 0,
      })),
    ),
    starts: NAMES.map((name) => ({ atUs: 0, node: name, file: "main.ts", run: "main", args: [] })),
    distribution,
  });
}

const groups = { a: ["a1", "a2", "gate"], b: ["gate", "b1", "b2"] };

const WHO = `import { nodes, connect } from "otp";
export async function main() {
  const mine = node();
  if (mine === "a1") await connect("gate");
  if (mine === "a2") await connect("gate");
  if (mine === "b1") await connect("gate");
  if (mine === "b2") await connect("gate");
  await sleep(5000);
  log(mine + " sees " + nodes().join(" ") + " | hidden " + nodes("hidden").join(" "));
}`;

describe("groups of nodes", () => {
  it("Rule B11: the mesh that a gateway brings about stays within each group", () => {
    const { said } = play(WHO, world({ groups, connected: false }));
    expect([...said].sort()).toEqual([
      "a1 sees a2 gate | hidden ",
      "a2 sees a1 gate | hidden ",
      "b1 sees gate b2 | hidden ",
      "b2 sees gate b1 | hidden ",
      "gate sees a1 a2 b1 b2 | hidden ",
    ]);
  });

  it("Rule B11: without groups the same connections make one mesh", () => {
    const { said } = play(WHO, world({ connected: false }));
    for (const line of said) expect(line.split(" | ")[0]?.split(" ")).toHaveLength(6);
  });

  it("Rule B11: who connects across all the same is seen as hidden, by both", () => {
    const { said } = play(
      `import { nodes, connect } from "otp";
       export async function main() {
         if (node() === "a1") log(String(await connect("b1")));
         await sleep(5000);
         if (node() === "a1" || node() === "b1")
           log(node() + " sees " + nodes().join(" ") + " | hidden " + nodes("hidden").join(" "));
       }`,
      world({ groups, connected: false }),
    );
    expect([...said].sort()).toEqual(["a1 sees  | hidden b1", "b1 sees  | hidden a1", "true"]);
  });

  it("Rule B11: names of global stay in their group", () => {
    const { said } = play(
      `import { global } from "otp";
       export async function main() {
         const mine = node();
         if (mine === "a1") await global.register("till", self());
         await sleep(8000);
         log(mine + " " + (global.whereis("till") !== undefined));
         await sleep(1000);
       }`,
      world({ groups }),
    );
    expect([...said].sort()).toEqual(["a1 true", "a2 true", "b1 false", "b2 false", "gate true"]);
  });
});
