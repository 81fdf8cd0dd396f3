/** Runs whose traces are exported: a lossy world with everything in it, and a plain one. */
import { type Scenario, Trace } from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { compileFiles } from "../engine/room.ts";

const PROGRAM = compileFiles({
  "main.ts": `
    import { call, cast, effect, genServer, link, log, monitor, random, receive, reply, self, send, sendAfter, sleep, spawn, spawnMonitor, trapExit, work } from "otp";
    export const shop = genServer<number>({
      init: () => ["ok", 0],
      async handleCall(request: any, from, state) {
        await work(random() * 3);
        if (request.n % 4 === 0) log("sold " + request.n);
        return ["reply", { total: state + 1, big: request.n % 3 === 0 ? 12n : -0 }, state + 1];
      },
      handleCast: (note, state) => ["noreply", state],
      handleInfo: (message: any, state) => ["noreply", state],
    });
    export async function customer(n: number, nodes: string[]) {
      trapExit(n % 3 === 0);
      const dest = { name: "shop", node: nodes[n % nodes.length]! };
      if (n % 5 === 0) monitor(dest);
      cast(dest, { from: self(), n, seen: new Map([["a", new Set([1, undefined])]]) });
      sendAfter(random() * 20, { tag: "wake", $: n });
      try { await call(dest, { n }, { timeout: 60 }); } catch (error) { log("gave up"); }
      const [pid] = spawnMonitor(async () => { await work(random()); if (random() < 0.3) throw new Error("spilled"); }, []);
      if (n % 6 === 0) link(pid);
      await receive([], { after: 30 });
    }
    // Works in several strands at once, and takes messages meanwhile.
    export async function clerk() {
      for (let i = 0; i < 20; i++) send(self(), { paper: i });
      const strands = [work(5), work(3)];
      for (let i = 0; i < 10; i++) await receive();
      await Promise.all(strands);
      await sleep(10);
      for (let i = 0; i < 5; i++) await receive();
      await work(100_000);
    }
  `.replace("effect, ", ""),
});

const NAMES = ["north", "south", "west"] as const;

function worldOf(seed: number): Scenario {
  return {
    name: `trace world ${seed}`,
    horizonUs: 800_000,
    nodes: NAMES.map((name, i) => ({ name, cores: 1 + (i % 2) })),
    wires: NAMES.flatMap((a, i) =>
      NAMES.slice(i + 1).map((b) => ({
        between: [a, b] as const,
        latency: { kind: "uniform", fromUs: 500, toUs: 5000 } as const,
        loss: 0.05,
      })),
    ),
    starts: NAMES.flatMap((node) => [
      { atUs: 0, node, file: "main.ts", run: "shop", args: [], name: "shop" },
      { atUs: 0, node, file: "main.ts", run: "clerk", args: [] },
    ]),
    loads: NAMES.map((node) => ({
      name: "customer",
      node,
      file: "main.ts",
      run: "customer",
      args: [NAMES],
      phases: [{ untilUs: 500_000, perSecond: 100 }],
    })),
    faults: [{ kind: "crash", node: "south", atUs: 300_000 }],
  };
}

/** A run of the world: nodes that send, lose, work, wait, give up, crash. */
export function worldTrace(seed: number): Trace {
  return simulate({ program: PROGRAM, scenario: worldOf(seed), seed });
}

/** The first rows of a trace, as a trace of its own. */
export function beginningOf(trace: Trace, rowCount: number): Trace {
  const beginning = new Trace();
  beginning.append(trace.chunk(0, 1));
  beginning.truncate(rowCount);
  return beginning;
}
