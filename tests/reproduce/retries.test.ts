import { describe, expect, it } from "vitest";
import { RandomStream } from "../../workers/kernel/index.ts";
import { draw } from "../../workers/reproduce/draws.ts";
import { contend, jitter } from "../../workers/reproduce/r01-jitter.ts";
import { click, layers } from "../../workers/reproduce/r02-layers.ts";
import { overload, retryBudget } from "../../workers/reproduce/r03-budget.ts";
import { policies, request } from "../../workers/reproduce/r04-policies.ts";
import { lossyLink, order } from "../../workers/reproduce/r22-lossy-link.ts";
import { mean } from "../../workers/reproduce/statistics.ts";
import { outside, rowsOf } from "./share.ts";

/** The contention of R1 without processes: a list of what comes next, by time. No pause after a failure. */
function contendByHand(clientCount: number, seed: number): [calls: number, timeMs: number] {
  const random = new RandomStream(seed);
  const hop = () => draw(random, { kind: "normal", mean: 10, deviation: 2 });
  type Step = { at: number; what: "read" | "value" | "write" | "written"; seen: number };
  const agenda: Step[] = Array.from({ length: clientCount }, () => ({
    at: hop(),
    what: "read",
    seen: 0,
  }));
  let version = 0;
  let calls = 0;
  let now = 0;
  while (agenda.length > 0) {
    const least = agenda.reduce((a, b) => (b.at < a.at ? b : a));
    agenda.splice(agenda.indexOf(least), 1);
    now = least.at;
    const next = (what: Step["what"], seen: number) => agenda.push({ at: now + hop(), what, seen });
    if (least.what === "read") next("value", version);
    if (least.what === "value") next("write", least.seen);
    if (least.what === "write") {
      calls++;
      const isDone = least.seen === version;
      if (isDone) version++;
      next("written", isDone ? 1 : 0);
    }
    if (least.what === "written" && least.seen === 0) next("read", 0);
  }
  return [calls, now];
}

describe("R1, jitter", () => {
  it("Rule RP10: lies in its bands; with 15 runs of the authors' 100 in four times as wide ones", async () => {
    expect(outside(await rowsOf(jitter, 240), 4)).toEqual([]);
  });

  it("agrees with the same contention played without processes", () => {
    const runs = Array.from({ length: 40 }, (_, seed) => seed);
    const engine = runs.map((seed) => contend(20, "none", seed));
    const hand = runs.map((seed) => contendByHand(20, seed));
    for (const i of [0, 1]) {
      const [ours, theirs] = [engine, hand].map((all) => mean(all.map((one) => one[i] as number)));
      expect(Math.abs((ours as number) / (theirs as number) - 1)).toBeLessThan(0.04);
    }
  });

  it("needs one call for each client when there is one, whatever the policy", () => {
    expect(contend(1, "exponential", 1)[0]).toBe(1);
    expect(contend(1, "none", 2)[1]).toBeGreaterThan(20);
  });
});

describe("R2, layers", () => {
  it("Rule RP10: is exact", async () => {
    expect(outside(await rowsOf(layers))).toEqual([]);
    expect(click(5, 3, 1)).toBe(243);
    expect(click(5, 1, 1)).toBe(1);
  });
});

describe("R3, a budget", () => {
  it("Rule RP10: lies in its bands, with half of the runs", async () => {
    expect(outside(await rowsOf(retryBudget, 4))).toEqual([]);
  });

  it("sends each request once when nothing may be retried", () => {
    expect(overload(0, 1)).toEqual([1]);
  });
});

describe("R4, policies", () => {
  it("Rule RP10: lies in its bands", async () => {
    expect(outside(await rowsOf(policies))).toEqual([]);
  });

  it("computes its bands as by hand: 1 + ½ + ¼ + ⅛, and one in ten for each success", async () => {
    const rows = await rowsOf(policies, 18);
    const band = (part: string) => {
      const found = rows.find(({ what }) => what.startsWith(part))?.band;
      return ((found?.low ?? 0) + (found?.high ?? 0)) / 2;
    };
    expect(band("3 retries, 50 % of calls fail: calls")).toBeCloseTo(1.875, 9);
    expect(band("3 retries, 50 % of calls fail: requests")).toBeCloseTo(0.9375, 9);
    expect(band("token bucket, 20 % of calls fail: calls")).toBeCloseTo(1 / 0.92, 9);
    expect(band("breaker, 20 % of calls fail: calls")).toBe(1);
  });

  it("does four times the work for nothing when everything fails", () => {
    expect(request("3 retries", 1, 1)).toEqual([4, 0]);
    expect(request("3 retries", 0, 1)).toEqual([1, 1]);
  });
});

describe("R22, a lossy wire", () => {
  it("Rule RP10: lies in its bands; with a quarter of the orders in twice as wide ones", async () => {
    expect(outside(await rowsOf(lossyLink, 8), 2)).toEqual([]);
  });

  it("carries out an order once when nothing is lost", () => {
    expect(order(0, 1)).toEqual([1, 1, 0]);
  });
});
