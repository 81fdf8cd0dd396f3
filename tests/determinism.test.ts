/**
 * The same run in every placement: all nodes on one thread, and each node by itself with the
 * coordinator between, over many seeded worlds with loss, jitter and a node that is killed.
 */
import { describe, expect, it } from "vitest";
import {
  BOUNDS,
  digestOf,
  KIND,
  nodeOf,
  RandomStream,
  type Scenario,
} from "../workers/kernel/index.ts";
import { simulate } from "../workers/sandbox/simulate.ts";
import { runApart } from "./engine/placements.ts";
import { compileFiles } from "./engine/room.ts";

const PROGRAM = compileFiles({
  "main.ts": `
    import { call, cast, Exit, genServer, link, monitor, node, random, receive, reply, self, send, sendAfter, sleep, spawn, spawnMonitor, trapExit, when, whereis, work } from "otp";
    export const shop = genServer<{ count: number; notes: any[] }>({
      init: () => ["ok", { count: 0, notes: [] }],
      async handleCall(request: any, from, state) {
        if (request.slow) await work(random() * 3);
        if (request.forward !== undefined) {
          spawn(async (to: any, back: any) => {
            try { reply(back, await call(to, { qty: 1 }, { timeout: 40 })); } catch (error) { reply(back, "lost"); }
          }, [request.forward, from]);
          return ["noreply", state];
        }
        return ["reply", { total: state.count + request.qty, at: node() }, { ...state, count: state.count + request.qty }];
      },
      handleCast: (note, state) => ["noreply", { ...state, notes: [...state.notes.slice(-3), note] }],
      handleInfo: (message: any, state) => ["noreply", { ...state, notes: [message.tag ?? "tick"] }],
    });
    export async function customer(n: number, nodes: string[]) {
      trapExit(n % 3 === 0);
      const at = nodes[Math.floor(random() * nodes.length)]!;
      const dest = { name: "shop", node: at };
      if (n % 5 === 0) monitor(dest);
      cast(dest, { from: self(), n });
      sendAfter(random() * 20, { tag: "wake", n });
      try {
        await call(dest, { qty: n % 7, slow: n % 2 === 0, forward: n % 4 === 0 ? { name: "shop", node: nodes[n % nodes.length] } : undefined }, { timeout: 60 });
      } catch (error) { if (!(error instanceof Exit)) throw error; }
      const [pid] = spawnMonitor(async () => { await work(random()); if (random() < 0.3) throw new Error("spilled"); }, []);
      if (n % 6 === 0) link(pid);
      await receive([when({ tag: "DOWN" }, (m: any) => m.reason)], { after: 30 });
    }
  `,
});

/** A world drawn from a seed: 3 to 5 nodes, all wired, each with a shop and customers. */
function worldOf(seed: number): Scenario {
  const random = new RandomStream(seed, 99);
  const names = Array.from({ length: 3 + (seed % 3) }, (_, i) => `n${i + 1}`);
  const wires = names.flatMap((a, i) =>
    names.slice(i + 1).map((b) => ({
      between: [a, b] as const,
      latency:
        random.uniform() < 0.5
          ? ({ kind: "uniform", fromUs: 50, toUs: 5000 } as const)
          : ({ kind: "det", us: 1 + Math.floor(random.uniform() * 2000) } as const),
      loss: random.uniform() * 0.1,
    })),
  );
  return {
    name: `world ${seed}`,
    horizonUs: 1_500_000,
    nodes: names.map((name, i) => ({ name, cores: 1 + (i % 2) })),
    wires,
    starts: names.map((node) => ({
      atUs: 0,
      node,
      file: "main.ts",
      run: "shop",
      args: [],
      name: "shop",
    })),
    loads: names.map((node) => ({
      name: "customer",
      node,
      file: "main.ts",
      run: "customer",
      args: [names],
      phases: [{ untilUs: 1_000_000, perSecond: 120 }],
    })),
    faults:
      seed % 2 === 0 ? [{ kind: "crash", node: names[1] ?? "", atUs: 500_000 + seed * 1001 }] : [],
  };
}

describe("Rule T4: one run, whatever the placement", () => {
  it.each(Array.from({ length: 12 }, (_, i) => i + 1))("world of seed %i", async (seed) => {
    const scenario = worldOf(seed);
    const together = simulate({ program: PROGRAM, scenario, seed });
    const apart = await runApart(PROGRAM, scenario, seed);
    expect(together.rowCount).toBeGreaterThan(3000);
    expect(apart.trace.rowCount).toBe(together.rowCount);
    expect(apart.digest).toBe(digestOf(together));
    expect(digestOf(apart.trace)).toBe(apart.digest);
    expect(digestOf(simulate({ program: PROGRAM, scenario, seed }))).toBe(apart.digest);
    expect(digestOf(simulate({ program: PROGRAM, scenario, seed: seed + 100 }))).not.toBe(
      apart.digest,
    );
  });

  it("Rule R1: rows are in order of virtual time, then node", () => {
    const trace = simulate({ program: PROGRAM, scenario: worldOf(4), seed: 4 });
    const placeOf = (row: number) => trace.atOf(row) * 256 + nodeOf(trace.processOf(row));
    for (let row = 1; row < trace.rowCount; row++) {
      if ([row - 1, row].some((r) => trace.kindOf(r) === KIND.nodeDown)) continue;
      expect(placeOf(row)).toBeGreaterThanOrEqual(placeOf(row - 1));
    }
  });

  const bounds = [
    [3, { rowCountMax: 5000 }],
    [5, { nodeTurnsMax: 500 }],
    [6, { mailboxLengthMax: 2 }],
    [7, { processCountMax: 4 }],
  ] as const;
  it.each(bounds)(
    "Rule G3: the world of seed %i, cut at %o, is the same in every placement",
    async (seed, changes) => {
      const changed = { ...BOUNDS, ...changes };
      const together = simulate({
        program: PROGRAM,
        scenario: worldOf(seed),
        seed,
        bounds: changed,
      });
      const apart = await runApart(PROGRAM, worldOf(seed), seed, changed);
      expect(together.kindOf(together.rowCount - 1)).toBe(KIND.cut);
      expect(apart.digest).toBe(digestOf(together));
    },
  );
});
