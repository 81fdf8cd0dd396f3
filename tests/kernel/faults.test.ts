import { describe, expect, it } from "vitest";
import {
  digestOf,
  type FaultSpec,
  KIND,
  nodeOf,
  type Scenario,
  type Trace,
} from "../../workers/kernel/index.ts";
import { play, scenarioOf, twoNodes } from "../engine/room.ts";

const MS = 1_000;

/** Works 10 ms again and again and says when it is done. */
const WORKER = `export async function main() {
  for (let i = 0; i < 6; i++) { await work(10); log(String(monotonic())); }
}`;

/** A server that counts, and a client that asks every 10 ms and says what it heard. */
const SHOP = `
export const shop = genServer({
  init: () => ["ok", 0],
  handleCall: (request, _from, sold) => ["reply", sold + 1, sold + 1],
});
export async function main() {
  for (let i = 0; i < 8; i++) {
    try { log(String(await call("shop", { item: i % 3 === 1 ? "bad" : "good", i }))); }
    catch (thrown) { log(thrown instanceof Exit ? "exit" : "error"); }
    await sleep(10);
  }
}`;
const shopScenario = (faults: readonly FaultSpec[]): Scenario =>
  scenarioOf({
    starts: [
      { atUs: 0, node: "n1", file: "main.ts", run: "shop", args: [], name: "shop" },
      { atUs: 1, node: "n1", file: "main.ts", run: "main", args: [] },
    ],
    faults,
  });

describe("conditions of a node", () => {
  it("Rule F1: slow cores take the product of the factors as long, and only meanwhile", () => {
    const { said } = play(
      WORKER,
      scenarioOf({
        faults: [
          { kind: "slow", node: "n1", factor: 2, atUs: 10 * MS, untilUs: 50 * MS },
          { kind: "slow", node: "n1", factor: 5, atUs: 30 * MS, untilUs: 50 * MS },
        ],
      }),
    );
    // 10; then 10 at half speed; from 30 to 50 a tenth: 2 done by 50, the other 8 at full speed.
    expect(said.map(Number)).toEqual([10, 30, 58, 68, 78, 88]);
  });

  it("Rule F1: work that begins in the middle of a slow time, and cores shared in it", () => {
    const { said } = play(
      `export function main() { for (const n of [1, 2]) spawn(one, [n]); }
       async function one(n) { await work(10); log(n + " " + monotonic()); }`,
      scenarioOf({ faults: [{ kind: "slow", node: "n1", factor: 3, atUs: 0, untilUs: 30 * MS }] }),
    );
    // Together they need 20 ms of the core: 10 are done by 30, the rest takes 10 more.
    expect(said).toEqual(["1 40", "2 40"]);
  });

  it("Rule F1: the node's next life is as slow", () => {
    const { said } = play(
      WORKER,
      scenarioOf({
        faults: [
          { kind: "slow", node: "n1", factor: 2, atUs: 5 * MS, untilUs: 60 * MS },
          { kind: "crash", node: "n1", atUs: 8 * MS },
          { kind: "restart", node: "n1", atUs: 20 * MS },
        ],
      }),
    );
    expect(said.map(Number)).toEqual([40, 60, 70, 80, 90, 100]);
  });
});

describe("faults of processes", () => {
  it("Rule F2: a bug crashes the process of its name at the messages that it is meant for", () => {
    const faults: FaultSpec[] = [
      { kind: "bug", node: "n1", process: "shop", on: { item: "bad" }, atUs: 0, untilUs: 15 * MS },
    ];
    expect(play(SHOP, shopScenario([])).said).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"]);
    const { said, exits } = play(SHOP, shopScenario(faults));
    expect(said[0]).toBe("1");
    expect(said.slice(1)).toEqual(Array.from({ length: 7 }, () => "exit"));
    expect(exits.find(([label]) => label === "shop")).toEqual(["shop", ["bug", ["stack"]]]);
    const late = faults.map(
      (fault) => ({ ...fault, atUs: 11 * MS, untilUs: 12 * MS }) as FaultSpec,
    );
    expect(play(SHOP, shopScenario(late)).said).toHaveLength(8);
    const other = faults.map((fault) => ({ ...fault, on: { item: "worse" } }) as FaultSpec);
    expect(play(SHOP, shopScenario(other)).said).toEqual(play(SHOP, shopScenario([])).said);
  });

  it("Rule F2: the bug meets a plain receive too, which gets nothing of the message", () => {
    const { said, exits } = play(
      `export async function main() {
         const pid = spawn(reader, [], { name: "reader" });
         send(pid, "one"); send(pid, "two"); send(pid, "three");
       }
       async function reader() { for (;;) log(await receive()); }`,
      scenarioOf({ faults: [{ kind: "bug", node: "n1", process: "reader", on: "two", atUs: 0 }] }),
    );
    expect(said).toEqual(["one"]);
    expect(exits).toContainEqual(["reader", ["bug", ["stack"]]]);
  });

  it("Rule F3: a process that hangs takes no step until the end of it; others do", () => {
    const { lines } = play(
      `export async function main() {
         const pid = spawn(echo, [], { name: "echo" });
         for (let i = 0; i < 5; i++) { send(pid, i); await sleep(10); }
       }
       async function echo() { for (;;) log(String(await receive())); }`,
      scenarioOf({
        faults: [{ kind: "hang", node: "n1", process: "echo", atUs: 5 * MS, untilUs: 33 * MS }],
      }),
    );
    expect(lines).toEqual(["0 echo: 0", "33 echo: 1", "33 echo: 2", "33 echo: 3", "40 echo: 4"]);
  });

  it("Rule F3: what the plan kills ends with the given reason, although it traps exits", () => {
    const { said, exits } = play(
      `export async function main() { trapExit(true); log(JSON.stringify(await receive())); }`,
      scenarioOf({
        starts: [{ atUs: 0, node: "n1", file: "main.ts", run: "main", args: [], name: "main" }],
        faults: [{ kind: "kill", node: "n1", process: "main", reason: "oom", atUs: 5 * MS }],
      }),
    );
    expect(said).toEqual([]);
    expect(exits).toEqual([["main", "oom"]]);
  });

  it("Rule P5: the message that passes the bound on the heap kills the process", () => {
    const bytes = (count: number) =>
      play(
        `export async function main() {
           const pid = spawn(idle, []);
           const before = processInfo(pid).memory;
           for (let i = 0; i < ${count}; i++) send(pid, { number: i, text: "x".repeat(100) });
           log(String(processInfo(pid).memory - before));
         }
         async function idle() { await sleep(1000); }`,
      ).said.map(Number)[0] as number;
    const fitting = Math.floor(10_000 / bytes(1));
    expect(bytes(10)).toBe(10 * bytes(1));
    expect(fitting).toBeGreaterThan(10);
    const guarded = (count: number) =>
      play(
        `import { maxHeap } from "otp";
         export async function main() {
           const pid = spawn(idle, []);
           await sleep(1);
           for (let i = 0; i < ${count}; i++) send(pid, { number: i, text: "x".repeat(100) });
           log(String(processInfo(pid)?.messageQueueLen));
         }
         async function idle() { maxHeap(10_000); await sleep(1000); }`,
      );
    expect(guarded(fitting).said).toEqual([String(fitting)]);
    expect(guarded(fitting + 1).said).toEqual(["undefined"]);
    expect(guarded(fitting + 1).exits).toContainEqual(["idle", "killed"]);
  });

  it("Rule P5: what was taken or thrown away no longer counts", () => {
    const { said } = play(
      `import { maxHeap } from "otp";
       export async function main() {
         maxHeap(2_000);
         for (let i = 0; i < 100; i++) { send(self(), "x".repeat(100)); await receive(); }
         log("alive");
       }`,
    );
    expect(said).toEqual(["alive"]);
  });
});

describe("a killed node", () => {
  it("Rules P3 and L4: does nothing more, and is missed after the latency by one who only waits", () => {
    const { trace, lines } = play(
      `export async function main() {
         await sleep(1);
         const ref = monitor({ name: "other", node: "n2" });
         const { reason } = await receive();
         log(reason);
       }
       export async function other() { register("other"); for (;;) { await sleep(10); log("alive"); } }`,
      twoNodes({ faults: [{ kind: "crash", node: "n2", atUs: 30 * MS }] }),
    );
    expect(lines).toEqual(["10 other: alive", "20 other: alive", "31 main: noconnection"]);
    const down = rowsOf(trace).findIndex(({ kind }) => kind === KIND.nodeDown);
    const later = rowsOf(trace).slice(down + 1);
    expect(later.filter(({ process }) => nodeOf(process) === 1)).toEqual([]);
  });
});

describe("clocks", () => {
  it("Rule F4: a wall clock is ahead, drifts and jumps back; monotonic time knows nothing of it", () => {
    const { said } = play(
      `import { wall } from "otp";
       export async function main() {
         for (let i = 0; i < 4; i++) { log(monotonic() + " " + (wall() - 1767225600000)); await sleep(1000); }
       }`,
      scenarioOf({
        nodes: [{ name: "n1", cores: 1, clock: { skewUs: 250 * MS, driftPpm: 1000 } }],
        faults: [{ kind: "skew", node: "n1", byUs: -2000 * MS, atUs: 1500 * MS }],
      }),
    );
    expect(said).toEqual(["0 250", "1000 1251", "2000 252", "3000 1253"]);
  });
});

describe("disturbances of wires", () => {
  const TALK = `export async function main() {
      for (let i = 0; i < 300; i++) { send({ name: "other", node: "n2" }, i); await sleep(10); }
    }
    export async function other() { register("other"); for (;;) log(String(await receive())); }`;
  const talk = (faults: readonly FaultSpec[], seed = 1) =>
    play(TALK, twoNodes({ faults, starts: twoNodes().starts }), { seed });
  const band = { between: ["n1", "n2"], atUs: 1_000 * MS, untilUs: 2_000 * MS } as const;

  it("Rule F5: messages die in the band and not outside of it", () => {
    const { said } = talk([{ kind: "disturb", ...band, loss: 0.5 }]);
    const heard = said.map(Number);
    const inBand = heard.filter((i) => i >= 100 && i < 200).length;
    expect(heard.filter((i) => i < 100 || i >= 200)).toHaveLength(200);
    // Five standard deviations of a binomial count around 50.
    expect(Math.abs(inBand - 50)).toBeLessThan(25);
  });

  it("Rule F5: two disturbances at once let through the product of what each lets through", () => {
    const faults: FaultSpec[] = [0.5, 0.5].map((loss) => ({ kind: "disturb", ...band, loss }));
    let passed = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const heard = talk(faults, seed).said.map(Number);
      passed += heard.filter((i) => i >= 100 && i < 200).length;
    }
    expect(Math.abs(passed - 250)).toBeLessThan(5 * Math.sqrt(1000 * 0.25 * 0.75));
  });

  it("Rule F5: messages arrive twice in the band", () => {
    const heard = talk([{ kind: "disturb", ...band, dup: 1 }]).said.map(Number);
    const times = (i: number) => heard.filter((one) => one === i).length;
    expect([times(50), times(150), times(250)]).toEqual([1, 2, 1]);
  });

  it("Rule W8: a message on a detour is overtaken, and the rest keep their order", () => {
    const extra = { kind: "det", us: 35 * MS } as const;
    const heard = talk([{ kind: "disturb", ...band, reorder: { share: 0.2, extra } }]).said.map(
      Number,
    );
    expect([...heard].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i));
    const late = heard.filter((i, place) => heard.slice(0, place).some((before) => before > i));
    expect(late.length).toBeGreaterThan(5);
    expect(late.length).toBeLessThan(45);
    const others = heard.filter((i) => !late.includes(i));
    expect(others).toEqual([...others].sort((a, b) => a - b));
    // 35 ms late is behind the three that were sent 10, 20 and 30 ms later.
    for (const i of late) expect(heard.indexOf(i)).toBe(heard.indexOf(i + 3) + 1);
  });
});

describe("faults and the trace", () => {
  const WORLD = `
    export const shop = genServer({
      init: () => ["ok", 0],
      async handleCall(request, _from, sold) { await work(3); return ["reply", sold, sold + 1]; },
    });
    export async function main() {
      for (let i = 0; i < 60; i++) {
        try { await call({ name: "shop", node: "n2" }, { i }, { timeout: 40 }); } catch {}
        log(String(monotonic()));
        await sleep(7);
      }
    }`;
  const at = { atUs: 100 * MS } as const;
  const on = { node: "n2", ...at } as const;
  const until = { untilUs: 200 * MS } as const;
  const between = ["n1", "n2"] as const;
  const FAULTS: readonly FaultSpec[] = [
    { kind: "crash", ...on },
    { kind: "pause", ...on, ...until },
    { kind: "cut", between, ...at, ...until },
    { kind: "partition", groups: [["n1"], ["n2"]], ...at, ...until },
    { kind: "oneWay", from: "n2", to: "n1", ...at, ...until },
    { kind: "hold", between, ...at, ...until },
    { kind: "disturb", between, ...at, ...until, loss: 0.5 },
    { kind: "disturb", between, ...at, ...until, dup: 0.5 },
    {
      kind: "disturb",
      between,
      ...at,
      ...until,
      reorder: { share: 0.5, extra: { kind: "det", us: 30 * MS } },
    },
    { kind: "kill", ...on, process: "shop" },
    { kind: "hang", ...on, ...until, process: "shop" },
    { kind: "bug", ...on, ...until, process: "shop", on: { i: 12 } },
    { kind: "slow", ...on, ...until, factor: 4 },
  ];
  const scenario = (faults: readonly FaultSpec[]) =>
    twoNodes({
      horizonUs: 1_000 * MS,
      starts: [
        { atUs: 0, node: "n2", file: "main.ts", run: "shop", args: [], name: "shop" },
        { atUs: 0, node: "n1", file: "main.ts", run: "main", args: [] },
      ],
      faults,
    });
  const without = play(WORLD, scenario([])).trace;

  it.each(FAULTS.map((fault) => [fault.kind, fault] as const))(
    "Rule F6: %s has a row, and the run differs from that without it from then on",
    (_kind, fault) => {
      const { trace } = play(WORLD, scenario([fault]));
      const marks = [KIND.fault, KIND.nodeDown] as readonly number[];
      const mark = rowsOf(trace).findIndex(({ kind }) => marks.includes(kind));
      expect(mark).toBeGreaterThan(0);
      expect(trace.atOf(mark)).toBe(fault.atUs);
      const untilThen = (of: Trace) => rowsOf(of).slice(0, mark);
      expect(untilThen(trace)).toEqual(untilThen(without));
      expect(digestOf(trace)).not.toBe(digestOf(without));
      const ends = (of: Trace) => rowsOf(of).filter(({ kind }) => kind === KIND.receive);
      expect(ends(trace)).not.toEqual(ends(without));
    },
  );
});

describe("faults of what surrounds processes", () => {
  const WORLD = `import { disk, provider } from "world"; import { wall } from "otp";
    export const bank = provider({ latency: 5, idempotencyKey: true });
    export async function main() {
      const book = disk.log("book");
      for (let i = 0; i < 12; i++) {
        const [word] = await book.append({ i });
        await book.fsync();
        let answer = "none";
        try { answer = (await provider.request({ name: "bank", node: "n2" }, { key: i }, { timeout: 40 }))[0]; } catch { answer = "gave up"; }
        log([word, answer, Math.floor(wall())].join(" "));
        await sleep(10);
      }
    }`;
  const scenario = (faults: readonly FaultSpec[]) =>
    twoNodes({
      horizonUs: 2_000 * MS,
      starts: [
        { atUs: 0, node: "n2", file: "main.ts", run: "bank", args: [], name: "bank" },
        { atUs: 1, node: "n1", file: "main.ts", run: "main", args: [] },
      ],
      faults,
    });
  const without = play(WORLD, scenario([]));
  const band = { atUs: 50 * MS, untilUs: 120 * MS };
  const FAULTS: readonly FaultSpec[] = [
    { kind: "diskFull", node: "n1", ...band },
    { kind: "slowDisk", node: "n1", factor: 10, ...band },
    { kind: "skew", node: "n1", byUs: -5_000 * MS, atUs: 50 * MS },
    ...(["down", "hang", "slow"] as const).map(
      (mode): FaultSpec => ({ kind: "outage", node: "n2", process: "bank", mode, ...band }),
    ),
  ];

  it.each(FAULTS.map((fault) => ["mode" in fault ? fault.mode : fault.kind, fault] as const))(
    "Rule F6: %s has a row, and what is said differs from then on",
    (_kind, fault) => {
      const { trace, lines } = play(WORLD, scenario([fault]));
      const mark = rowsOf(trace).findIndex(({ kind }) => kind === KIND.fault);
      expect(trace.atOf(mark)).toBe(50 * MS);
      const untilThen = (of: Trace) => rowsOf(of).slice(0, mark);
      expect(untilThen(trace)).toEqual(untilThen(without.trace));
      expect(lines.filter((line) => Number(line.split(" ")[0]) <= 50)).toEqual(
        without.lines.filter((line) => Number(line.split(" ")[0]) <= 50),
      );
      expect(lines).not.toEqual(without.lines);
      expect(lines).toHaveLength(12);
    },
  );
});

function rowsOf(trace: Trace) {
  return Array.from({ length: trace.rowCount }, (_, row) => ({
    at: trace.atOf(row),
    kind: trace.kindOf(row),
    process: trace.processOf(row),
    message: trace.messageOf(row),
  }));
}
