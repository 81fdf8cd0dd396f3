import { describe, expect, it } from "vitest";
import { KIND, RandomStream } from "../../workers/kernel/index.ts";
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
});
