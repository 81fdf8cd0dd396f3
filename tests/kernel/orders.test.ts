import { describe, expect, it } from "vitest";
import {
  currentOwner,
  digestOf,
  KIND,
  type Process,
  type Scenario,
  type Trace,
} from "../../workers/kernel/index.ts";
import type { ProgramFactory } from "../../workers/sandbox/realm.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { runApart } from "../engine/placements.ts";
import { play, scenarioOf } from "../engine/room.ts";

const SECOND = 1_000_000;

/** Two nodes that run and one in waiting, with operations; `boss` of main.ts gives the orders. */
const scenario: Scenario = {
  name: "orders",
  horizonUs: 30 * SECOND,
  nodes: [
    { name: "n1", cores: 1 },
    { name: "n2", cores: 1 },
    { name: "n3", cores: 1, standby: true },
  ],
  wires: [
    { between: ["n1", "n2"], latency: { kind: "det", us: 5_000 }, loss: 0 },
    { between: ["n1", "n3"], latency: { kind: "det", us: 5_000 }, loss: 0 },
    { between: ["n2", "n3"], latency: { kind: "uniform", fromUs: 500, toUs: 9_000 }, loss: 0.1 },
  ],
  starts: [
    { atUs: 0, node: "n1", file: "main.ts", run: "boss", args: [] },
    { atUs: 0, node: "n2", file: "main.ts", run: "talker", args: ["n3"] },
    { atUs: 0, node: "n3", file: "main.ts", run: "talker", args: ["n2"] },
    { atUs: 0, node: "n3", file: "main.ts", run: "old", args: [], version: "1" },
    { atUs: 0, node: "n3", file: "main.ts", run: "young", args: [], version: "2" },
  ],
  loads: [],
  faults: [],
  operations: {},
};

const me = () => currentOwner() as Process;

/** What `boss` orders, by second. */
function program(orders: Readonly<Record<number, () => void>>): ProgramFactory {
  const boss = () => {
    const process = me();
    for (const [second, order] of Object.entries(orders))
      process.node.arm(process, Number(second) * SECOND, () => process.node.wake(process, order));
    return process.node.sleep(process, 40 * SECOND);
  };
  /** Sends to the other's talker every 100 ms. */
  const talker = (other: string) => {
    const process = me();
    process.node.register("talker", process);
    const talk = () => {
      process.node.send(process, { name: "talker", node: other }, process.node.now);
      process.node.arm(process, process.node.now + 100_000, () => process.node.wake(process, talk));
    };
    talk();
    return process.node.sleep(process, 40 * SECOND);
  };
  const old = () => me().node.sleep(me(), 40 * SECOND);
  const young = () => me().node.sleep(me(), 40 * SECOND);
  return (() => ({ "main.ts": { boss, talker, old, young } })) as unknown as ProgramFactory;
}

const order =
  (what: Parameters<Process["node"]["order"]>[0], afterUs = 0) =>
  () =>
    me().node.order(what, afterUs);

describe("orders", () => {
  const lives = program({
    2: order({ kind: "begin", node: "n3" }),
    8: order({ kind: "end", node: "n3" }, 2 * SECOND),
    12: order({ kind: "begin", node: "n3", version: "2" }, 3 * SECOND),
    13: order({ kind: "end", node: "n2" }),
    20: order({ kind: "begin", node: "n2" }),
  });

  it("Rule B12: a node is begun and ended a second after the order, or later as was asked for", () => {
    const trace = simulate({ program: lives, scenario, seed: 1 });
    const seen: string[] = [];
    for (let row = 0; row < trace.rowCount; row++) {
      const kind = trace.kindOf(row);
      if (kind !== KIND.nodeUp && kind !== KIND.nodeDown) continue;
      const word = kind === KIND.nodeUp ? `up ${trace.payloadOf(row)}` : trace.payloadOf(row);
      seen.push(`${trace.atOf(row) / SECOND} ${word}`);
    }
    expect(seen).toEqual([
      "0 up n1",
      "0 up n2",
      "3 up n3",
      "10 ended by the operator",
      "14 ended by the operator",
      "15 up n3",
      "21 up n2",
    ]);
  });

  it("Rule B12: each release of a node starts its own processes", () => {
    const trace = simulate({ program: lives, scenario, seed: 1 });
    const begun: string[] = [];
    for (let row = 0; row < trace.rowCount; row++) {
      const label = trace.payloadOf(row);
      if (trace.kindOf(row) === KIND.spawn && (label === "old" || label === "young"))
        begun.push(`${trace.atOf(row) / SECOND} ${label}`);
    }
    expect(begun).toEqual(["3 old", "15 young"]);
  });

  it.each([1, 2, 3, 4])(
    "Rules B12 and T4: a worker for each node gives the same run, seed %i",
    async (seed) => {
      const together = simulate({ program: lives, scenario, seed });
      const apart = await runApart(lives, scenario, seed);
      expect(together.rowCount).toBeGreaterThan(500);
      expect(apart.digest).toBe(digestOf(together));
    },
  );

  it("Rule B12: without operations in the scenario there is no operator", () => {
    const { operations: _, ...without } = scenario;
    const hopeful = program({
      2: () => {
        expect(() => me().node.order({ kind: "begin", node: "n3" }, 0)).toThrow("no operator");
      },
    });
    const trace = simulate({ program: hopeful, scenario: without, seed: 1 });
    expect(rowsOf(trace, KIND.nodeUp)).toHaveLength(2);
  });
});

describe("the end of a run", () => {
  const COUNTER = `
    export const counter = genServer({
      init: (first) => ["ok", { count: first, last: "none" }],
      handleCast: (what, state) => ["noreply", { count: state.count + 1, last: what }],
    });
    export async function main(first, words) {
      const [, a] = await start(counter, [first]);
      const [, b] = await start(counter, [0]);
      for (const word of words) { cast(a, word); cast(b, word); }
    }`;
  const hashes = (start: number, words: readonly string[]) => {
    const { trace } = play(
      COUNTER,
      scenarioOf({
        starts: [{ atUs: 0, node: "n1", file: "main.ts", run: "main", args: [start, words] }],
      }),
    );
    const rows = rowsOf(trace, KIND.state);
    expect(rows.map((row) => trace.atOf(row))).toEqual([60 * SECOND, 60 * SECOND]);
    expect(rows).toEqual([trace.rowCount - 2, trace.rowCount - 1]);
    return rows.map((row) => trace.valueIn(row));
  };

  it("Rule R11: each living behaviour has the hash of its state, alike for alike states", () => {
    const [a, b] = hashes(0, ["x", "y"]);
    expect(a).toBe(b);
    const [c, d] = hashes(5, ["x", "y"]);
    expect(c).not.toBe(d);
    expect(d).toBe(b);
    expect(hashes(0, ["x", "z"])[0]).not.toBe(a);
  });
});

function rowsOf(trace: Trace, kind: number): number[] {
  return Array.from({ length: trace.rowCount }, (_, row) => row).filter(
    (row) => trace.kindOf(row) === kind,
  );
}
