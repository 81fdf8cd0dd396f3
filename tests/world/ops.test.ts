import { describe, expect, it } from "vitest";
import { KIND, type Scenario, type Trace } from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { runApart } from "../engine/placements.ts";
import { compileFiles, play, scenarioOf } from "../engine/room.ts";

const SECOND = 1_000_000;

const IMPORT = `import { disconnect, nodes } from "otp";
  import { disk, metrics, ops } from "world";
  const show = (value) => log(JSON.stringify(value));
  const states = async (role) => (await ops.nodes(role)).map(({ name, state, version }) => name + " " + state + " " + version).join(", ");
  const attempt = (body) => { try { return body(); } catch (thrown) { return thrown.name + ": " + thrown.message; } };
  export const idle = async () => { await sleep(1_000_000); };
`;

/**
 * A gate, where `main` and the operator are, two shops that run and two that wait; 5 ms apart. A
 * beginning takes 20 s, an end 3 s. So a shop that was begun is known to run 20 s and 20 ms after
 * the order: there and back twice, to connect and to ask.
 */
function cluster(changes: Partial<Scenario> = {}): Scenario {
  const names = ["gate", "s1", "s2", "s3", "s4"];
  return scenarioOf({
    horizonUs: 300 * SECOND,
    nodes: names.map((name) => {
      const role = name === "gate" ? undefined : { role: "shop" };
      const standby = name === "s3" || name === "s4" ? { standby: true } : undefined;
      return { name, cores: 1, ...role, ...standby };
    }),
    wires: names.flatMap((a, i) =>
      names.slice(i + 1).map((b) => ({
        between: [a, b] as const,
        latency: { kind: "det" as const, us: 5000 },
        loss: 0,
      })),
    ),
    starts: [{ atUs: 0, node: "gate", file: "main.ts", run: "main", args: [] }],
    operations: {
      beginUs: { kind: "det", us: 20 * SECOND },
      endUs: { kind: "det", us: 3 * SECOND },
    },
    ...changes,
  });
}

/** What was done, from the trace: `"20030 scale s3 running"`; of a whole operation without a node. */
function steps(trace: Trace): string[] {
  const told: string[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kindOf(row) !== KIND.operate) continue;
    const step = trace.payloadOf(row) as Record<string, unknown>;
    const { op, node, state, why } = step;
    const words = [op, node, state, why === undefined ? undefined : JSON.stringify(why)];
    told.push([trace.atOf(row) / 1000, ...words.filter((word) => word !== undefined)].join(" "));
  }
  return told;
}

/** Nodes that began and ended, as whoever runs them wrote it. */
function lives(trace: Trace): string[] {
  const told: string[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    const kind = trace.kindOf(row);
    if (kind === KIND.nodeUp) told.push(`${trace.atOf(row) / SECOND} up ${trace.payloadOf(row)}`);
    if (kind === KIND.nodeDown) told.push(`${trace.atOf(row) / SECOND} ${trace.payloadOf(row)}`);
  }
  return told;
}

describe("scale", () => {
  it("Rules OP1, OP3, OP4 and OP15: waiting nodes begin in order, and those that began last go", () => {
    const { lines, trace } = play(
      `${IMPORT}
      export async function main() {
        log(await states());
        show(await ops.scale("shop", 3));
        show(await ops.scale("shop", 5));
        show(await ops.scale("shop", 4));
        log(await states("shop"));
        show(await ops.scale("shop", 4));
        show(await ops.scale("shop", 1));
        log(await states("shop"));
      }
    `,
      cluster(),
    );
    expect(lines).toEqual([
      // The operator begins now and asks every node once: 10 ms.
      "10 main: gate running 1, s1 running 1, s2 running 1, s3 waiting 1, s4 waiting 1",
      '20030 main: ["ok",["s3"]]',
      '20030 main: ["error","not_enough_nodes"]',
      '40050 main: ["ok",["s4"]]',
      "40050 main: s1 running 1, s2 running 1, s3 running 1, s4 running 1",
      '40050 main: ["ok",[]]',
      '43060 main: ["ok",["s4","s3","s2"]]',
      "43060 main: s1 running 1, s2 waiting 1, s3 waiting 1, s4 waiting 1",
    ]);
    expect(lives(trace)).toEqual([
      "0 up gate",
      "0 up s1",
      "0 up s2",
      "20.01 up s3",
      "40.03 up s4",
      "43.06 ended by the operator",
      "43.06 ended by the operator",
      "43.06 ended by the operator",
    ]);
    expect(steps(trace).slice(0, 6)).toEqual([
      "10 scale ordered",
      "10 scale s3 beginning",
      "20030 scale s3 running",
      "20030 scale done",
      "20030 scale ordered",
      '20030 scale failed "not_enough_nodes"',
    ]);
  });

  it("Rule OP5: a second order about the same nodes is busy; the first outlives who gave it", () => {
    const { lines, trace } = play(
      `${IMPORT}
      export async function main() {
        const boss = spawn(async () => { show(await ops.scale("shop", 4)); }, []);
        await sleep(5000);
        exit(boss, "kill");
        show([await ops.scale("shop", 1), await ops.drain("s1"), await ops.restart("s3"), await ops.deploy("2", { role: "shop" })]);
        show(await ops.drain("gate"));
        log(await states("shop"));
        await sleep(15_030 - 10);
        log(await states("shop"));
        show(await ops.drain("s3"));
      }
    `,
      cluster(),
    );
    const busy = '["error","busy"]';
    expect(lines).toEqual([
      `5000 main: [${busy},${busy},${busy},${busy}]`,
      '5000 main: ["ok"]',
      "5000 main: s1 running 1, s2 running 1, s3 beginning 1, s4 beginning 1",
      "20020 main: s1 running 1, s2 running 1, s3 beginning 1, s4 beginning 1",
      '20020 main: ["error","busy"]',
    ]);
    expect(steps(trace).filter((step) => step.includes("refused"))).toHaveLength(5);
    expect(steps(trace).at(-1)).toBe("20030 scale done");
  });

  it("Rule OP6: a share of beginnings comes to nothing, and says so when its time has passed", () => {
    let failed = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const { said, trace } = play(
        `${IMPORT}
        export async function main() { show(await ops.scale("shop", 4)); log(await states("shop")); }
      `,
        cluster({ operations: { beginUs: { kind: "det", us: 20 * SECOND }, failShare: 0.4 } }),
        { seed },
      );
      const [word, why] = JSON.parse(said[0] as string);
      const lost: string[] = word === "ok" ? [] : why[1];
      failed += lost.length;
      const state = (name: string) => `${name} ${lost.includes(name) ? "waiting" : "running"} 1`;
      expect(said[1]).toBe(`s1 running 1, s2 running 1, ${state("s3")}, ${state("s4")}`);
      expect(lives(trace)).toHaveLength(5 - lost.length);
      for (const name of lost) expect(steps(trace)).toContain(`20010 scale ${name} failed`);
    }
    // 40 beginnings, 16 ± 3.1 failures: within three deviations.
    expect(failed).toBeGreaterThan(6);
    expect(failed).toBeLessThan(26);
  });
});

describe("what the operator knows", () => {
  it("Rule OP2: a node that crashes is lost when its connection is, and found when it has begun anew", () => {
    const { lines } = play(
      `${IMPORT}
      export async function main() {
        show((await ops.subscribe()).length);
        for (;;) { const { op, node, state } = await receive(); log([op, node, state].join(" ")); }
      }
    `,
      cluster({
        // Else s1 would let go of the gate as well when s2 does, as nodes of OTP do.
        distribution: { preventOverlappingPartitions: false },
        faults: [
          { kind: "crash", node: "s1", atUs: 2 * SECOND },
          { kind: "restart", node: "s1", atUs: 7 * SECOND },
          { kind: "cut", between: ["gate", "s2"], atUs: 20 * SECOND, untilUs: 20.5 * SECOND },
        ],
      }),
    );
    expect(lines).toEqual([
      "10 main: 5",
      // A wire is 5 ms long. Looks come 1, 2 and 4 s after each other; refused ones take 10 ms.
      "2005 main: watch s1 lost",
      "9045 main: watch s1 running",
      "20000 main: watch s2 lost",
      "21020 main: watch s2 running",
    ]);
  });

  it("Rule OP2: an operator whose node begins anew asks all nodes again", () => {
    const { lines } = play(
      `${IMPORT}
      export async function main() {
        if (monotonic() === 0) { show(await ops.scale("shop", 3)); show(await ops.drain("s1")); await sleep(100_000); }
        log(await states());
      }
    `,
      cluster({
        faults: [
          { kind: "crash", node: "gate", atUs: 30 * SECOND },
          { kind: "restart", node: "gate", atUs: 40 * SECOND },
        ],
      }),
    );
    expect(lines.slice(0, 2).map((line) => line.split(" ")[0])).toEqual(["20030", "20040"]);
    expect(lines[2]).toBe(
      "40020 main: gate running 1, s1 draining 1, s2 running 1, s3 running 1, s4 waiting 1",
    );
  });

  it("Rule OP16: who is cut off from the operator hears that it is lost; the order is carried out", () => {
    const { lines, trace } = play(
      `${IMPORT}
      export async function main() {
        show(await ops.restart("gate"));
        show(await ops.deploy("2"));
        show(await ops.scale("gate", 0));
      }
      export async function far() {
        await sleep(100_000);
        show(await ops.scale("shop", 3));
        show(await ops.scale("shop", 3));
      }
    `,
      cluster({
        starts: [
          { atUs: 0, node: "gate", file: "main.ts", run: "main", args: [] },
          { atUs: 0, node: "s1", file: "main.ts", run: "far", args: [] },
        ],
        distribution: { preventOverlappingPartitions: false },
        // The deploy restarts s1: far begins anew at 23.02 s and orders at 123.02 s.
        faults: [
          { kind: "cut", between: ["gate", "s1"], atUs: 130 * SECOND, untilUs: 200 * SECOND },
        ],
      }),
    );
    expect(lines).toEqual([
      '10 main: ["error","operator"]',
      '46070 main: ["ok"]',
      '46070 main: ["error","operator"]',
      '130000 far: ["error","noconnection"]',
      '130010 far: ["error","noconnection"]',
    ]);
    expect(lives(trace).at(-1)).toBe("143.025 up s3");
  });

  it("Rule OP17: what makes no sense is refused", () => {
    const refusals = `
        log(attempt(() => ops.scale("bank", 1)));
        log(attempt(() => ops.scale("shop", 1.5)));
        log(attempt(() => ops.drain("s9")));
        log(attempt(() => ops.isDraining("s9")));
        log(attempt(() => ops.drain("s1", { timeout: Infinity })));
        log(attempt(() => ops.restart("s1", { version: "" })));
        log(attempt(() => ops.deploy("2", { strategy: "big-bang" })));
        log(attempt(() => ops.deploy("2", { batch: 0 })));
        log(attempt(() => ops.deploy("2", { strategy: "canary" })));
        log(attempt(() => ops.deploy("2", { judge: () => "go" })));
        log(attempt(() => ops.deploy("2", { strategy: "canary", share: 0, judge: () => "go" })));`;
    const { said } = play(`${IMPORT} export async function main() {${refusals}}`, cluster());
    expect(said).toEqual(
      [
        "no node has the role bank; roles are gate, shop",
        "ops.scale takes a number of nodes from 0 on, not 1.5",
        "there is no node s9; there are gate, s1, s2, s3, s4",
        "there is no node s9; there are gate, s1, s2, s3, s4",
        "ops.drain's timeout has to end some time: give a number of milliseconds",
        "a release is a text of 1 to 100 characters, not ",
        "ops.deploy: big-bang is no strategy: recreate, rolling, canary, blueGreen",
        "ops.deploy: batch is a number of nodes from 1 on",
        "ops.deploy: a canary needs a function judge",
        "ops.deploy: only a canary has a judge",
        "ops.deploy: share is above 0, and 1 at most",
      ].map((text) => `ErlangError: ${text}`),
    );
    const without = play(
      `${IMPORT} export async function main() { log(attempt(() => ops.nodes())); log(attempt(() => ops.scale("n1", 1))); show([ops.isDraining(), ops.onDrain()]); }`,
    );
    const none = "ErlangError: this scenario has no operator: nodes cannot be begun or ended in it";
    expect(without.said).toEqual([none, none, '[false,"ok"]']);
  });
});

describe("drain", () => {
  it("Rule OP7: waits for all who asked, until they say so or end; others hear of it a moment later", () => {
    const { lines } = play(
      `${IMPORT}
      export async function main() {
        await sleep(1000);
        spawn(async () => { await sleep(4.9); show(ops.isDraining("s1")); }, []);
        show(await ops.drain("s1", { timeout: 4000 }));
        show([ops.isDraining("s1"), ops.isDraining()]);
        show(await ops.undrain("s1"));
        await sleep(5);
        show(ops.isDraining("s1"));
        show(await ops.drain("s1", { timeout: 1500 }));
        show(await ops.drain("s3"));
      }
      const worker = async (ms) => {
        ops.onDrain();
        ops.drained();
        for (;;) {
          const { tag } = await receive();
          log(tag + " " + ops.isDraining());
          if (ms === undefined) return;
          if (tag === "undrain") continue;
          await sleep(ms);
          ops.drained();
        }
      };
      export const shop = () => { spawn(worker, [700]); spawn(worker, [2000]); spawn(worker, [undefined]); };
      export async function look() {
        await sleep(1014.9);
        show(ops.isDraining("s1"));
        await sleep(0.2);
        show(ops.isDraining("s1"));
      }
    `,
      cluster({
        starts: [
          { atUs: 0, node: "gate", file: "main.ts", run: "main", args: [] },
          { atUs: 0, node: "s1", file: "main.ts", run: "shop", args: [] },
          { atUs: 0, node: "s2", file: "main.ts", run: "look", args: [] },
        ],
      }),
    );
    expect(lines.map((line) => line.replace(/^(\S+) \S+ /, "$1 "))).toEqual([
      "1004.9 false",
      "1014.9 false",
      // The operator has begun by 1010 ms and tells all at once. One worker ends, the others need 700 and 2000 ms.
      "1015 drain true",
      "1015 drain true",
      "1015 drain true",
      "1015.1 true",
      '3020 ["ok"]',
      "3020 [true,false]",
      "3025 undrain false",
      "3025 undrain false",
      '3030 ["ok"]',
      "3035 false",
      "3040 drain true",
      "3040 drain true",
      // 1500 ms after it has come there, and back.
      '4545 ["ok","timeout"]',
      '4545 ["error","not_running"]',
    ]);
  });
});

/**
 * A shop that takes 50 orders a second at its gate, each 2 s of waiting at one of three nodes. When a
 * node drains, its till goes on until it has had no order for 100 ms. `isCareful`: the gate sends
 * nothing to nodes that drain.
 */
const SHOP = (isCareful: boolean, main: string) => `${IMPORT}
  export const till = genServer({
    init: () => { ops.onDrain(); return ["ok", { open: 0, isLeaving: false }]; },
    handleCall: (order, from, state) => {
      spawn(async () => { await sleep(2000); reply(from, "sold"); cast("till", "sold"); }, []);
      return next({ ...state, open: state.open + 1 });
    },
    handleCast: (_, state) => next({ ...state, open: state.open - 1 }),
    handleInfo: (message, state) => {
      if (message === "timeout") ops.drained();
      return next({ ...state, isLeaving: state.isLeaving || message?.tag === "drain" });
    },
  });
  const next = (state) => state.isLeaving && state.open === 0 ? ["noreply", state, 100] : ["noreply", state];
  let turn = 0;
  export async function order(n) {
    const up = ["s1", "s2", "s3"].filter((name) => nodes().includes(name) ${isCareful ? "&& !ops.isDraining(name)" : ""});
    if (up.length === 0) return log("nobody " + n);
    const on = up[turn++ % up.length];
    try { await call({ name: "till", node: on }, n, { timeout: 60_000 }); log("sold " + n); }
    catch { log("lost " + n); }
  }
  ${main}
`;

function shopScenario(untilS: number, changes: Partial<Scenario> = {}): Scenario {
  const plain = cluster();
  return cluster({
    horizonUs: (untilS + 10) * SECOND,
    nodes: plain.nodes.map((node) => (node.name === "s3" ? { ...node, standby: false } : node)),
    starts: [
      { atUs: 0, node: "gate", file: "main.ts", run: "main", args: [] },
      ...["s1", "s2", "s3", "s4"].map((node) => ({
        atUs: 0,
        node,
        file: "main.ts",
        run: "till",
        args: [],
        name: "till",
      })),
    ],
    loads: [
      {
        name: "order",
        node: "gate",
        file: "main.ts",
        run: "order",
        args: [],
        phases: [{ untilUs: untilS * SECOND, perSecond: 50 }],
      },
    ],
    ...changes,
  });
}

const countOf = (said: readonly string[], word: string) =>
  said.filter((line) => line.startsWith(`${word} `)).length;

describe("under load", () => {
  const restart = (isCareful: boolean, drainMs: number) =>
    play(
      SHOP(
        isCareful,
        `export async function main() { await sleep(5000); show(await ops.restart("s1", { drainMs: ${drainMs} })); }`,
      ),
      shopScenario(35, { operations: { endUs: { kind: "det", us: 1 * SECOND } } }),
    );

  it("Rule OP8: a drained restart loses no order; one that does not wait, or is sent on to, does", () => {
    const drained = restart(true, 30_000);
    expect(countOf(drained.said, "lost")).toBe(0);
    expect(countOf(drained.said, "nobody")).toBe(0);
    // 35 s × 50: Poisson, five deviations.
    expect(Math.abs(countOf(drained.said, "sold") - 1750)).toBeLessThan(5 * Math.sqrt(1750));
    // Orders of 2 s at 50/3 a second, ended after 1 s: about the half that came in the last second.
    const hasty = restart(true, 0);
    expect(countOf(hasty.said, "lost")).toBeGreaterThan(5);
    expect(countOf(hasty.said, "lost")).toBeLessThan(40);
    // Nobody stops sending, so the till never has a quiet moment; what came in the last 2 s is open.
    const careless = restart(false, 10_000);
    expect(countOf(careless.said, "lost")).toBeGreaterThan(15);
    expect(countOf(careless.said, "sold") + countOf(careless.said, "lost")).toBe(
      countOf(drained.said, "sold"),
    );
  });

  it("Rules OP10 and OP11: rolling keeps serving; recreate leaves nobody for a while", () => {
    const deploy = (options: string) =>
      play(
        SHOP(
          true,
          `export async function main() { await sleep(5000); show(await ops.deploy("2", { role: "shop", ${options} })); log(await states()); }`,
        ),
        shopScenario(110),
      );
    const rolling = deploy(`batch: 1, pauseMs: 1000`);
    expect(rolling.said).toContain('["ok"]');
    expect(rolling.said).toContain(
      "gate running 1, s1 running 2, s2 running 2, s3 running 2, s4 waiting 1",
    );
    expect([countOf(rolling.said, "lost"), countOf(rolling.said, "nobody")]).toEqual([0, 0]);
    const changed = steps(rolling.trace).filter((step) => /(draining|running)$/.test(step));
    expect(changed.map((step) => step.replace(/^\S+ deploy /, ""))).toEqual(
      ["s1", "s2", "s3"].flatMap((name) => [`${name} draining`, `${name} running`]),
    );

    const recreate = deploy(`strategy: "recreate"`);
    expect(recreate.said).toContain('["ok"]');
    expect(countOf(recreate.said, "lost")).toBe(0);
    // From when the first drain is heard of until the first begins to be used: 2 + 3 + 20 s of 50 a second.
    expect(countOf(recreate.said, "nobody")).toBeGreaterThan(25 * 50 - 5 * Math.sqrt(1250));
    const ended = lives(recreate.trace).filter((life) => life.includes("ended"));
    const begun = lives(recreate.trace).slice(-3);
    expect(ended).toHaveLength(3);
    expect(Number(begun[0]?.split(" ")[0])).toBeGreaterThan(Number(ended[2]?.split(" ")[0]));
  });
});

/** Four shops that run, each serving 10 a second by itself; of release 1 every 20th fails, of release 2 what the scenario says. */
const CANARY = (main: string) =>
  `${IMPORT}
  export async function shop(version, every) {
    log(node() + " runs " + version);
    for (let i = 1; ; i++) {
      metrics.counter("requests").inc();
      if (i % every === 0) metrics.counter("errors").inc();
      await sleep(100);
    }
  }
  const valueOf = (readings, name) => readings.find((one) => one.name === name)?.value ?? 0;
  const grown = (group, name) => group.reduce((sum, { before, now }) => sum + valueOf(now, name) - valueOf(before, name), 0);
  export function judge({ version, elapsedMs, canary, control }) {
    const [few, many] = [canary, control].map((group) => [grown(group, "errors"), grown(group, "requests")]);
    show([version, elapsedMs, few, many]);
    return few[0] / few[1] > 2 * many[0] / many[1] ? "back" : elapsedMs < 20_000 ? "wait" : "go";
  }
  ${main}
`;

function canaryScenario(bad: number, changes: Partial<Scenario> = {}): Scenario {
  const plain = cluster();
  const shops = ["s1", "s2", "s3", "s4"];
  return cluster({
    nodes: plain.nodes.map((node) => ({ ...node, standby: false })),
    starts: [
      { atUs: 0, node: "gate", file: "main.ts", run: "main", args: [] },
      ...shops.flatMap((node) =>
        [20, bad].map((every, i) => ({
          atUs: 0,
          node,
          file: "main.ts",
          run: "shop",
          args: [String(i + 1), every],
          version: String(i + 1),
        })),
      ),
    ],
    ...changes,
  });
}

/** The release that each node ran last, as its own process said. */
function releases(said: readonly string[]): Record<string, string> {
  const last: Record<string, string> = {};
  for (const line of said) {
    const [, node, version] = /^(s\d) runs (\d)$/.exec(line) ?? [];
    if (node !== undefined && version !== undefined) last[node] = version;
  }
  return last;
}

describe("canary", () => {
  const MAIN = `export async function main() {
    show(await ops.deploy("2", { role: "shop", strategy: "canary", count: 1, bakeMs: 30_000, everyMs: 10_000, judge, batch: 3 }));
    log(await states("shop"));
  }`;
  const heard = (lines: readonly string[]) => lines.filter((line) => / main: | judge: /.test(line));

  it("Rule OP12: a good release goes on when the judge says so, by the same minutes of both groups", () => {
    const { lines, said } = play(CANARY(MAIN), canaryScenario(20));
    // s1 is away from 3.02 s, runs at 23.02 and is known to at 23.04; then two looks in 10 s each.
    // 10 a second for 10.01 and 20.01 s; every 20th fails.
    expect(heard(lines)).toEqual([
      '33050 judge: ["2",10010,[5,100],[15,300]]',
      '43050 judge: ["2",20010,[10,200],[30,600]]',
      // The others together: 10 ms to drain, 3 s, 20 s, and 20 ms.
      '66080 main: ["ok"]',
      "66080 main: s1 running 2, s2 running 2, s3 running 2, s4 running 2",
    ]);
    expect(releases(said)).toEqual({ s1: "2", s2: "2", s3: "2", s4: "2" });
  });

  it("Rule OP12: a bad one goes back, and only the canaries ever had it", () => {
    const { lines, said, trace } = play(CANARY(MAIN), canaryScenario(5));
    expect(heard(lines)).toEqual([
      '33050 judge: ["2",10010,[20,100],[15,300]]',
      '56080 main: ["rolledBack","judge"]',
      "56080 main: s1 running 1, s2 running 1, s3 running 1, s4 running 1",
    ]);
    expect(releases(said)).toEqual({ s1: "1", s2: "1", s3: "1", s4: "1" });
    expect(said.filter((line) => line.endsWith("runs 2"))).toEqual(["s1 runs 2"]);
    expect(steps(trace)).toContain('33050 deploy rollingBack "judge"');
  });

  it("Rule OP12: undecided, failing or gone with its caller, a judge means back", () => {
    const outcome = (judge: string, main = "") => {
      const { said, trace } = play(
        CANARY(`export function fails() { throw new Error("no"); }
           export function waits() { return "wait"; }
           const order = async () => { show(await ops.deploy("2", { role: "shop", strategy: "canary", share: 0.5, bakeMs: 5000, judge: ${judge} })); };
           export async function main() { ${main === "" ? "await order();" : main} }`),
        canaryScenario(20, { horizonUs: 100 * SECOND }),
      );
      expect(said.filter((line) => line.endsWith("runs 2"))).toHaveLength(
        judge === "waits" ? 2 : 2,
      );
      expect(new Set(Object.values(releases(said)))).toEqual(new Set(["1"]));
      return steps(trace).at(-1)?.replace(/^\S+ /, "");
    };
    expect(outcome("waits")).toBe('deploy rolledBack "undecided"');
    expect(outcome("fails")).toBe('deploy rolledBack "judge_failed"');
    expect(outcome("() => { throw new Error('no'); }")).toBe('deploy rolledBack "judge_failed"');
    expect(outcome("() => 'perhaps'")).toBe('deploy rolledBack "judge_bad_answer"');
    expect(
      outcome(
        "() => 'go'",
        "const boss = spawn(order, []); await sleep(10_000); exit(boss, 'kill');",
      ),
    ).toBe('deploy rolledBack "judge_failed"');
  });

  it("Rule OP12: a function that is not exported judges beside the caller; a lost canary goes back", () => {
    const main = `export async function main() {
      let looks = 0;
      show(await ops.deploy("2", { role: "shop", strategy: "canary", share: 0.3, bakeMs: 5000, judge: async ({ canary }) => {
        looks++;
        await sleep(1000);
        show(canary.map(({ node, version }) => node + " " + version));
        return "go";
      } }));
      show(looks);
    }`;
    const { said } = play(CANARY(main), canaryScenario(20));
    expect(said.filter((line) => !line.includes("runs"))).toEqual([
      '["s1 2","s2 2"]',
      '["ok"]',
      "1",
    ]);
    const lost = play(
      CANARY(main),
      canaryScenario(20, { faults: [{ kind: "crash", node: "s2", atUs: 25 * SECOND }] }),
    );
    expect(lost.said.filter((line) => !line.includes("runs"))).toEqual([
      '["rolledBack",["canary_lost",["s2"]]]',
      "0",
    ]);
    expect(new Set(Object.values(releases(lost.said)))).toEqual(new Set(["1"]));
  });
});

describe("deploy and restart", () => {
  it("Rule OP13: blueGreen needs as many nodes again, and changes over when they run", () => {
    const { lines, trace } = play(
      `${IMPORT}
      export async function main() {
        show(await ops.deploy("2", { role: "shop", strategy: "blueGreen" }));
        log(await states("shop"));
        show(await ops.scale("shop", 3));
        show(await ops.deploy("3", { role: "shop", strategy: "blueGreen" }));
        log(await states("shop"));
        show(await ops.deploy("2", { role: "shop" }));
      }
    `,
      cluster(),
    );
    expect(lines).toEqual([
      '23040 main: ["ok"]',
      "23040 main: s1 waiting 1, s2 waiting 1, s3 running 2, s4 running 2",
      '43060 main: ["ok",["s1"]]',
      '43060 main: ["error","not_enough_nodes"]',
      "43060 main: s1 running 2, s2 waiting 1, s3 running 2, s4 running 2",
      '43060 main: ["ok"]',
    ]);
    expect(lives(trace).slice(3)).toEqual([
      "20.01 up s3",
      "20.01 up s4",
      "23.04 ended by the operator",
      "23.04 ended by the operator",
      "43.04 up s1",
    ]);
  });

  it("Rule OP14: when a node does not begin, all that were changed run their old release again", () => {
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= 10; seed++) {
      const { said } = play(
        CANARY(
          `export async function main() { show(await ops.deploy("2", { role: "shop", batch: 2 })); log(await states("shop")); }`,
        ),
        canaryScenario(20, {
          horizonUs: 60 * SECOND,
          operations: {
            beginUs: { kind: "det", us: 5 * SECOND },
            endUs: { kind: "det", us: 2 * SECOND },
            failShare: 0.15,
          },
        }),
        { seed },
      );
      const [result, nodes] = said.filter((line) => !line.includes("runs"));
      const [word, why] = JSON.parse(result as string);
      outcomes.add(word);
      const version = word === "ok" ? "2" : "1";
      expect(new Set(Object.values(releases(said)))).toEqual(new Set([version]));
      expect(nodes).toBe(["s1", "s2", "s3", "s4"].map((s) => `${s} running ${version}`).join(", "));
      if (word !== "ok") expect(why[0]).toBe("begin_failed");
    }
    expect(outcomes).toEqual(new Set(["ok", "rolledBack"]));
  });

  it("Rule OP14: what cannot be begun at all stays away after five tries", () => {
    const { said, trace } = play(
      CANARY(
        `export async function main() { show(await ops.deploy("2", { role: "shop", strategy: "recreate" })); log(await states("shop")); }`,
      ),
      canaryScenario(20, {
        operations: { beginUs: { kind: "det", us: 20 * SECOND }, failShare: 1 },
      }),
    );
    expect(said.slice(4)).toEqual([
      '["rolledBack",["begin_failed",["s1","s2","s3","s4"]]]',
      "s1 waiting 1, s2 waiting 1, s3 waiting 1, s4 waiting 1",
    ]);
    expect(steps(trace).filter((step) => step.endsWith("s1 failed"))).toHaveLength(6);
  });

  it("Rule OP9: a restart keeps what is on the disk, and begins the release that was named", () => {
    const { lines, trace } = play(
      `${IMPORT}
      export async function main() {
        await sleep(1000);
        show([await ops.restart("s1", { version: "7" }), await ops.restart("s4")]);
        log(await states("shop"));
        await sleep(30_000);
        show(await ops.restart("s1"));
        log(await states("shop"));
      }
      export async function shop() {
        const kv = disk.kv("orders");
        show(await kv.entries());
        await kv.put(monotonic() < 1000 ? "first" : "later", 1);
        await sleep(1_000_000);
      }
    `,
      cluster({
        starts: [
          { atUs: 0, node: "gate", file: "main.ts", run: "main", args: [] },
          { atUs: 0, node: "s1", file: "main.ts", run: "shop", args: [] },
        ],
        faults: [{ kind: "crash", node: "s1", atUs: 30 * SECOND }],
      }),
    );
    // What was not synced is flushed by an end in order, and lost in the crash.
    expect(
      lines.filter((line) => line.includes("shop:")).map((line) => line.slice(line.indexOf("["))),
    ).toEqual(["[]", '[["first",1]]', '[["first",1]]']);
    expect(lines.filter((line) => line.includes("main:"))).toEqual([
      '24040 main: [["ok"],["error","not_running"]]',
      "24040 main: s1 running 7, s2 running 1, s3 waiting 1, s4 waiting 1",
      '77060 main: ["ok"]',
      "77060 main: s1 running 7, s2 running 1, s3 waiting 1, s4 waiting 1",
    ]);
    const second = steps(trace)
      .slice(-5)
      .map((step) => step.replace(/^\S+ /, ""));
    expect(second).toEqual([
      "restart s1 ending",
      "restart s1 waiting",
      "restart s1 beginning",
      "restart s1 running",
      "restart s1 done",
    ]);
  });
});

describe("placements", () => {
  it.each([1, 2, 3])(
    "Rules OP1 and T4: nodes on threads of their own give the same run (seed %i)",
    async (seed) => {
      const program = compileFiles({
        "main.ts": `
        import { log, monotonic, node, random, receive, sleep, spawn } from "otp";
        import { flags, metrics, ops } from "world";
        export const judge = ({ canary }: any) => (canary.length > 0 && canary[0].now.length > 0 ? "go" : "back");
        const say = (value: unknown) => log(JSON.stringify(value));
        export async function main() {
          spawn(async () => { await ops.subscribe(); for (;;) say(await receive()); }, []);
          say(await ops.scale("shop", 4));
          say(await ops.deploy("2", { role: "shop", strategy: "canary", share: 0.5, bakeMs: 3000, everyMs: 1000, judge }));
          say(await ops.scale("shop", 2));
          flags.set("over", true);
        }
        export async function shop() {
          ops.onDrain();
          for (;;) {
            const tag: any = await receive([], { after: Math.floor(random() * 500), otherwise: () => undefined });
            metrics.counter("requests").inc();
            if (ops.isDraining()) { await sleep(random() * 2000); ops.drained(); }
            if (flags.isOn("over")) log("over at " + node() + " " + monotonic() + tag);
          }
        }
        export async function far() { await sleep(random() * 9000); say(await ops.drain("s2")); say(await ops.nodes()); say(await ops.undrain("s2")); }
      `,
      });
      const plain = cluster();
      const world = cluster({
        horizonUs: 120 * SECOND,
        wires: plain.wires.map((wire) => ({
          ...wire,
          latency: { kind: "uniform", fromUs: 1000, toUs: 9000 },
          loss: 0.05,
        })),
        starts: [
          { atUs: 0, node: "gate", file: "main.ts", run: "main", args: [] },
          ...["s1", "s2", "s3", "s4"].map((on) => ({
            atUs: 0,
            node: on,
            file: "main.ts",
            run: "shop",
            args: [],
          })),
          { atUs: 0, node: "s1", file: "main.ts", run: "far", args: [] },
        ],
        operations: {
          beginUs: { kind: "exponential", meanUs: 4 * SECOND },
          endUs: { kind: "uniform", fromUs: SECOND, toUs: 3 * SECOND },
          failShare: 0.1,
        },
        faults: [
          { kind: "crash", node: "s2", atUs: 12 * SECOND },
          { kind: "restart", node: "s2", atUs: 15 * SECOND },
          { kind: "cut", between: ["gate", "s1"], atUs: 20 * SECOND, untilUs: 22 * SECOND },
        ],
      });
      const together = simulate({ program, scenario: world, seed });
      const apart = await runApart(program, world, seed);
      expect(steps(together).length).toBeGreaterThan(20);
      expect(apart.digest).toBe(together.digest());
    },
  );
});
