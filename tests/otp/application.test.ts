/** Applications: on one node, and on several that stand in for each other. */
import { describe, expect, it } from "vitest";
import { RandomStream, type Scenario, STREAM } from "../../workers/kernel/index.ts";
import { play, scenarioOf } from "../engine/room.ts";

const SHOP = `import { application, ping, startApplication, stopApplication, supervisor, whichApplications } from "otp";

function say(value) { log(typeof value === "string" ? value : JSON.stringify(value)); }

/** The only worker of an application; a cast makes it end with that reason. */
export const worker = genServer({
  init(name) { trapExit(true); return ["ok", name]; },
  handleCast(reason, name) { return ["stop", reason, name]; },
  terminate(reason, name) { log("end of " + name); },
});

/** A supervisor that does not restart its worker. */
export function top(name) {
  const child = { id: name, start: [worker, [name], { name }], restart: "temporary", significant: true };
  const flags = { autoShutdown: "any_significant" };
  return startLink(supervisor({ init: () => ["ok", [flags, [child]]] }), []);
}

export function shop(name, more = {}) {
  return application({
    start(type, args) { log("start " + name + " " + JSON.stringify([type, args])); return top(name); },
    stop(state) { log("stop " + name + " " + JSON.stringify(state)); },
    ...more,
  });
}
`;

function told(body: string): readonly string[] {
  return play(`${SHOP}export async function main() {${body}}`).said;
}

describe("an application", () => {
  it("is started by its start callback, and stopped with its top supervisor. Rule A1", () => {
    const said = told(`
      say(await startApplication("shop", shop("shop"), { args: [1] }));
      say(await whichApplications());
      say(await stopApplication("shop"));
      say(await whichApplications());`);
    expect(said).toEqual([
      'start shop ["normal",[1]]',
      "ok",
      '["shop"]',
      "end of shop",
      "stop shop []",
      "ok",
      "[]",
    ]);
  });

  it("goes on when whoever started it ends. Rule A1", () => {
    const { said, exits } = play(`${SHOP}
      export async function main() { await startApplication("shop", shop("shop")); }`);
    expect(said).toHaveLength(1);
    expect(exits).toEqual([["main", "normal"]]);
  });

  it("gives its state to prepStop and stop. Rule A2", () => {
    const said = told(`
      const more = {
        async start(type) { const [ok, pid] = await top("shop"); return [ok, pid, "state of " + type]; },
        prepStop(state) { log("prepare " + state); return "last " + state; },
      };
      await startApplication("shop", shop("shop", more));
      await stopApplication("shop");`);
    expect(said).toEqual([
      "prepare state of normal",
      "end of shop",
      'stop shop "last state of normal"',
    ]);
  });

  it("is told another start type when its definition says so. Rule A2", () => {
    const said = told(
      `await startApplication("shop", shop("shop", { startType: { failover: "n9" } }));`,
    );
    expect(said).toEqual(['start shop [{"failover":"n9"},[]]']);
  });

  it("is started once and stopped once. Rule A3", () => {
    const said = told(`
      await startApplication("shop", shop("shop"));
      say(await startApplication("shop", shop("shop")));
      say(await stopApplication("till"));`);
    expect(said.slice(1)).toEqual([
      '["error",["already_started","shop"]]',
      '["error",["not_started","till"]]',
    ]);
  });

  it.each([
    ["() => ['error', 'no']", '["error",["no",["shop","start",["normal",[]]]]]'],
    ["() => 'what'", '["error",["bad_return",[["shop","start",["normal",[]]],"what"]]]'],
    [
      "() => exit('bye')",
      '["error",["bad_return",[["shop","start",["normal",[]]],["EXIT","bye"]]]]',
    ],
    ["() => exit('normal')", '["error",[["EXIT","normal"],["shop","start",["normal",[]]]]]'],
  ])("that does not start says why: %s. Rule A3", (start, result) => {
    const said = told(`
      say(await startApplication("shop", shop("shop", { start: ${start} }), { mode: "permanent" }));
      say(await whichApplications());`);
    expect(said).toEqual([result, "[]"]);
  });

  it("may start others in its own start, and all who wait hear of it. Rule A4", () => {
    const said = told(`
      const outer = { async start() { say(await startApplication("till", shop("till"))); await sleep(10); return top("shop"); } };
      const second = async () => { say(await startApplication("shop", shop("shop", outer))); };
      spawn(second, []);
      say(await startApplication("shop", shop("shop", outer)));
      say(await whichApplications());`);
    expect([...said.slice(0, 4)].sort()).toEqual(["ok", "ok", "ok", 'start till ["normal",[]]']);
    expect(said[4]).toBe('["shop","till"]');
  });

  it.each([
    ["temporary", "boom", true],
    ["transient", "boom", false],
    ["permanent", "boom", false],
  ])("a %s one that ends by itself: the others go on: %s. Rule A5", (mode, reason, goesOn) => {
    const said = told(`
      await startApplication("first", shop("first"));
      await startApplication("shop", shop("shop"), { mode: "${mode}" });
      await startApplication("last", shop("last"));
      cast("shop", "${reason}");
      await sleep(1);`);
    const others = ["end of last", "stop last []", "end of first", "stop first []"];
    expect(said.slice(3)).toEqual(["end of shop", "stop shop []", ...(goesOn ? [] : others)]);
  });

  it.each([
    ["permanent", false],
    ["transient", true],
  ])("a %s one whose top process ends normally: the others go on: %s. Rule A5", (mode, goesOn) => {
    const said = told(`
      await startApplication("first", shop("first"));
      const start = () => ["ok", spawnLink(async () => { await sleep(5); }, [])];
      await startApplication("shop", shop("shop", { start }), { mode: "${mode}" });
      await sleep(10);`);
    expect(said.slice(1)).toEqual([
      "stop shop []",
      ...(goesOn ? [] : ["end of first", "stop first []"]),
    ]);
  });
});

describe("a distributed application", () => {
  const NODES = ["n1", "n2", "n3"];

  /** Three nodes with 1 ms between any two, each starting the shop at its time. */
  function shops(startsAtMs: readonly number[], changes: Partial<Scenario> = {}, more = "") {
    const distributed = `{ nodes: ["n1", "n2", "n3"], ${more} }`;
    const wires = NODES.flatMap((a, i) =>
      NODES.slice(i + 1).map((b) => ({
        between: [a, b] as const,
        latency: { kind: "det", us: 1000 } as const,
        loss: 0,
      })),
    );
    return play(
      `${SHOP}export async function main() {
        await startApplication("shop", shop("shop", { distributed: ${distributed} }));
        log("up for " + node() + " " + JSON.stringify(await whichApplications()));
      }
      export function stopShop() { return stopApplication("shop"); }
      export async function report() { log("on " + node() + " " + JSON.stringify(await whichApplications())); }
      export function meet(other) { return ping(other); }`,
      scenarioOf({
        nodes: NODES.map((name) => ({ name, cores: 1 })),
        wires,
        starts: NODES.map((name, i) => ({
          atUs: (startsAtMs[i] as number) * 1000,
          node: name,
          file: "main.ts",
          run: "main",
          args: [],
        })),
        ...changes,
      }),
    );
  }

  it("runs on the first of its nodes only, and is up for all. Rule A6", () => {
    const { said } = shops([0, 0, 0]);
    expect(said.filter((line) => line.startsWith("start"))).toEqual(['start shop ["normal",[]]']);
    expect(said.slice(1).sort()).toEqual(['up for n1 ["shop"]', "up for n2 []", "up for n3 []"]);
  });

  it("runs on the best of those that have asked for it. Rule A6", () => {
    const { said } = shops([50_000, 0, 0], { horizonUs: 40_000_000 });
    expect(said.slice(1).sort()).toEqual(['up for n2 ["shop"]', "up for n3 []"]);
  });

  it("is started by the next node when its own goes down, as a failover. Rule A7", () => {
    const { lines } = shops([0, 0, 0], {
      faults: [{ kind: "crash", atUs: 1_000_000, node: "n1" }],
    });
    expect(lines.filter((line) => line.includes("start shop"))).toEqual([
      expect.stringContaining('start shop ["normal",[]]'),
      expect.stringContaining('start shop [{"failover":"n1"},[]]'),
    ]);
  });

  it("waits as long as it is told before it does. Rule A7", () => {
    const { lines } = shops(
      [0, 0, 0],
      { faults: [{ kind: "crash", atUs: 1_000_000, node: "n1" }] },
      "timeoutMs: 3000",
    );
    const last = lines.filter((line) => line.includes("start shop")).at(-1) as string;
    expect(Number.parseFloat(last)).toBeGreaterThanOrEqual(4000);
    expect(last).toContain("failover");
  });

  it("is taken over by a better node that comes later; the other stops it then. Rule A8", () => {
    const { said } = shops([1000, 0, 0]);
    expect(said.filter((line) => !line.startsWith("up"))).toEqual([
      'start shop ["normal",[]]',
      'start shop [{"takeover":"n2"},[]]',
      "end of shop",
      "stop shop []",
    ]);
  });

  it("is taken over by its own node when that is up again. Rule A8", () => {
    const { said } = shops([0, 0, 0], {
      faults: [
        { kind: "crash", atUs: 1_000_000, node: "n1" },
        { kind: "restart", atUs: 2_000_000, node: "n1" },
      ],
    });
    expect(said.filter((line) => !line.startsWith("up"))).toEqual([
      'start shop ["normal",[]]',
      'start shop [{"failover":"n1"},[]]',
      'start shop [{"takeover":"n2"},[]]',
      "end of shop",
      "stop shop []",
    ]);
  });

  it("moves on along the list, when one node after the other goes down. Rule A7", () => {
    const { said } = shops([0, 0, 0], {
      faults: [
        { kind: "crash", atUs: 1_000_000, node: "n1" },
        { kind: "crash", atUs: 2_000_000, node: "n2" },
      ],
    });
    expect(said.filter((line) => line.startsWith("start"))).toEqual([
      'start shop ["normal",[]]',
      'start shop [{"failover":"n1"},[]]',
      'start shop [{"failover":"n2"},[]]',
    ]);
  });

  it("is started nowhere else when it is stopped, or ends by itself. Rule A7", () => {
    const stopped = shops([0, 0, 0], {}, "").said.length;
    const { said } = shops([0, 0, 0], {
      starts: [
        ...["n1", "n2", "n3"].map((node) => ({
          atUs: 0,
          node,
          file: "main.ts",
          run: "main",
          args: [],
        })),
        { atUs: 1_000_000, node: "n1", file: "main.ts", run: "stopShop", args: [] },
      ],
    });
    expect(said.slice(stopped)).toEqual(["end of shop", "stop shop []"]);
  });

  it("runs on both sides of a split; when they meet again the better node goes on. Rule A9", () => {
    const { lines } = shops([0, 0, 100_000], {
      faults: [{ kind: "cut", between: ["n1", "n2"], atUs: 1_000_000, untilUs: 3_000_000 }],
      starts: [
        ...["n1", "n2"].map((node) => ({ atUs: 0, node, file: "main.ts", run: "main", args: [] })),
        { atUs: 4_000_000, node: "n1", file: "main.ts", run: "meet", args: ["n2"] },
      ],
    });
    const events = lines.filter((line) => !line.includes("up for"));
    expect(events.map((line) => line.slice(line.indexOf(" ") + 1))).toEqual([
      'applicationMaster: start shop ["normal",[]]',
      'applicationMaster: start shop [{"failover":"n1"},[]]',
      "shop: end of shop",
      "applicationMaster: stop shop []",
    ]);
    expect(Number.parseFloat(events[2] as string)).toBeGreaterThan(4000);
  });

  it.each(Array.from({ length: 15 }, (_none, i) => i + 1))(
    "runs once, on the best living node, after nodes went and came at any moment: seed %i. Rules A6, A7 and A8",
    (seed) => {
      const random = new RandomStream(seed, STREAM.load, 0);
      const living = new Set(NODES);
      let atUs = 1000;
      const faults = Array.from({ length: 12 }, () => {
        const node = NODES[Math.floor(random.uniform() * NODES.length)] as string;
        const kind = living.delete(node) ? ("crash" as const) : ("restart" as const);
        if (kind === "restart") living.add(node);
        // The others have seen a node go before it is up again.
        atUs += 2200 + Math.ceil(random.exponential(3000));
        return { kind, node, atUs };
      });
      const starts = NODES.flatMap((node) => [
        { atUs: 0, node, file: "main.ts", run: "main", args: [] },
        { atUs: 50_000_000, node, file: "main.ts", run: "report", args: [] },
      ]);
      const { said } = shops([0, 0, 0], { faults, starts });
      const best = NODES.find((node) => living.has(node));
      const reports = said.filter((line) => line.startsWith("on"));
      expect(reports.sort()).toEqual(
        NODES.filter((node) => living.has(node)).map(
          (node) => `on ${node} ${node === best ? '["shop"]' : "[]"}`,
        ),
      );
    },
  );
});
