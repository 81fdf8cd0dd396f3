import { describe, expect, it } from "vitest";
import {
  type ClosedLoadSpec,
  KIND,
  RandomStream,
  type Scenario,
} from "../../workers/kernel/index.ts";
import { nextArrivalUs } from "../../workers/world/index.ts";
import { play, scenarioOf } from "../engine/room.ts";

const load = {
  name: "customer",
  node: "n1",
  file: "main.ts",
  run: "customer",
  args: [],
  phases: [
    { untilUs: 20_000_000, perSecond: 60 },
    { untilUs: 40_000_000, perSecond: 140 },
    { untilUs: 50_000_000, perSecond: 0 },
    { untilUs: 60_000_000, perSecond: 60 },
  ],
} as const;

function arrivals(body: string, seed = 1): number[] {
  const { trace } = play(
    `export function main() {} export async function customer() { ${body} }`,
    scenarioOf({ loads: [load] }),
    { seed },
  );
  const at: number[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kindOf(row) === KIND.spawn && trace.payloadOf(row) === "customer")
      at.push(trace.atOf(row));
  }
  return at;
}

describe("load", () => {
  it("Rule D1: arrivals wait for nothing and are the same for every program with one seed", () => {
    const idle = arrivals("");
    expect(arrivals("await work(1000); random(); await sleep(5000);")).toEqual(idle);
    expect(arrivals("", 2)).not.toEqual(idle);
  });

  it("Rule D2: arrivals follow their phases", () => {
    const at = arrivals("");
    const between = (fromS: number, toS: number) =>
      at.filter((us) => us >= fromS * 1e6 && us < toS * 1e6).length;
    // Five standard deviations of a Poisson count.
    expect(Math.abs(between(0, 20) - 1200)).toBeLessThan(5 * Math.sqrt(1200));
    expect(Math.abs(between(20, 40) - 2800)).toBeLessThan(5 * Math.sqrt(2800));
    expect(between(40, 50)).toBe(0);
    expect(Math.abs(between(50, 60) - 600)).toBeLessThan(5 * Math.sqrt(600));
  });

  it("Rule D1: gaps are exponential: as many as expected are longer than twice the mean", () => {
    const random = new RandomStream(5, 6, 0);
    const steady = { ...load, phases: [{ untilUs: Number.MAX_SAFE_INTEGER, perSecond: 100 }] };
    let now = 0;
    let long = 0;
    for (let i = 0; i < 20_000; i++) {
      const next = nextArrivalUs(random, steady, now) as number;
      if (next - now > 20_000) long++;
      now = next;
    }
    const share = Math.exp(-2);
    expect(Math.abs(long / 20_000 - share)).toBeLessThan(
      5 * Math.sqrt((share * (1 - share)) / 20_000),
    );
  });

  it("Rule D2: a burst is so many at one instant, and the Poisson arrivals around it stay", () => {
    const quiet = { ...load, phases: [{ untilUs: 20_000_000, perSecond: 5 }] };
    const world = (changes: object) => scenarioOf({ loads: [{ ...quiet, ...changes }] });
    const numbers = (scenario: Scenario) => {
      const text = "export function main() {} export function customer(n) { log(String(n)); }";
      return play(text, scenario);
    };
    const plain = numbers(world({}));
    const burst = numbers(world({ bursts: [{ atUs: 7_000_000, count: 50 }] }));
    expect(burst.said.map(Number)).toEqual(burst.said.map((_, i) => i + 1));
    const at = (lines: readonly string[]) => lines.map((line) => Number(line.split(" ")[0]));
    const inBurst = at(burst.lines).filter((ms) => ms === 7_000);
    expect(inBurst).toHaveLength(50);
    expect(at(burst.lines).filter((ms) => ms !== 7_000)).toEqual(at(plain.lines));
  });

  it("Rule D5: recorded arrivals begin when they were written down", () => {
    const { phases: _, ...who } = load;
    const atUs = [5_000, 5_000, 70_000, 3_000_000];
    const { lines } = play(
      "export function main() {} export function customer(n) { log(String(n)); }",
      scenarioOf({ loads: [{ ...who, kind: "recorded", atUs }] }),
    );
    expect(lines).toEqual(["5 customer: 1", "5 customer: 2", "70 customer: 3", "3000 customer: 4"]);
  });
});

describe("users who wait", () => {
  const { phases: _, ...who } = load;
  const closed: ClosedLoadSpec = {
    ...who,
    kind: "closed",
    users: 1,
    think: { kind: "det", us: 100_000 },
    untilUs: 1_000_000,
  };
  const users = (changes: Partial<ClosedLoadSpec>, body: string, seed = 1) =>
    play(
      `import { intended } from "world";
       export function main() {} export async function customer(n) { ${body} }`,
      scenarioOf({ loads: [{ ...closed, ...changes }] }),
      { seed },
    );

  it("Rule D3: the next request comes a think time after the last one's process has ended", () => {
    const { lines } = users({}, "log(String(n)); await work(50, { kind: 'io' });");
    expect(lines.map((line) => line.split(" ")[0])).toEqual([
      "100",
      "250",
      "400",
      "550",
      "700",
      "850",
    ]);
  });

  it("Rule D3: also when that process has crashed", () => {
    const { lines } = users(
      {},
      "log(String(n)); await work(50, { kind: 'io' }); if (n === 2) exit('oh');",
    );
    expect(lines).toHaveLength(6);
  });

  it("Rule D3: n users who think Z and are served R ask n / (Z + R) times a second", () => {
    const { said } = users(
      { users: 20, think: { kind: "exponential", meanUs: 400_000 }, untilUs: 60_000_000 },
      "log(String(n)); await work(100, { kind: 'io' });",
    );
    // The interactive response time law: 20 / (0.4 s + 0.1 s) = 40 a second, for a minute.
    expect(Math.abs(said.length / 60 - 40)).toBeLessThan(2);
  });

  it("Rule D3: a saturated server sets the pace: R = n·S − Z", () => {
    const { lines } = users(
      { users: 10, think: { kind: "exponential", meanUs: 100_000 }, untilUs: 50_000_000 },
      "const from = monotonic(); await work(50); log(String(monotonic() - from));",
    );
    const settled = lines.slice(200).map((line) => Number(line.split(": ")[1]));
    const mean = settled.reduce((sum, ms) => sum + ms, 0) / settled.length;
    expect(Math.abs(mean - (10 * 50 - 100))).toBeLessThan(20);
  });

  it("Rule D4: who means to ask every so often is late by as much as the one before took too long", () => {
    const { said } = users(
      { everyUs: 100_000 },
      "log(intended() + ' ' + monotonic()); await work(n === 3 ? 450 : 10, { kind: 'io' });",
    );
    expect(said).toEqual([
      "0 0",
      "100 100",
      "200 200",
      "300 650",
      "400 660",
      "500 670",
      "600 680",
      "700 700",
      "800 800",
      "900 900",
    ]);
  });

  it("Rule D4: a request that begins late has a row that says when it was meant to", () => {
    const { trace } = users({ everyUs: 100_000 }, "await work(150, { kind: 'io' });");
    const rows = Array.from({ length: trace.rowCount }, (_none, row) => row).filter(
      (row) => trace.kindOf(row) === KIND.intend,
    );
    expect(rows.map((row) => [trace.messageOf(row), trace.valueIn(row), trace.atOf(row)])).toEqual(
      Array.from({ length: 6 }, (_none, i) => [i + 2, (i + 1) * 100_000, (i + 1) * 150_000]),
    );
  });

  it("Rule D4: a process that no load began has no intent", () => {
    const { said } = play(
      'import { intended } from "world"; export function main() { log(String(intended())); }',
    );
    expect(said).toEqual(["undefined"]);
  });
});
