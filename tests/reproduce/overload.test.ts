import { describe, expect, it } from "vitest";
import { metastable, pause } from "../../workers/reproduce/r05-metastable.ts";
import { fanOut, tail } from "../../workers/reproduce/r08-tail.ts";
import { aimd, fairness } from "../../workers/reproduce/r17-aimd.ts";
import { throttle, throttling } from "../../workers/reproduce/r18-throttling.ts";
import { disciplines } from "../../workers/reproduce/r24-disciplines.ts";
import { outside, rowsOf } from "./share.ts";

describe("R5, a metastable failure", () => {
  it("Rule RP10: lies in its bands, with one of two seeds", async () => {
    expect(outside(await rowsOf(metastable, 6))).toEqual([]);
  }, 60_000);

  it("is kept up by the retry: without it 200 requests a second recover", () => {
    const [, without = 0, attempts = 0] = pause(200, 1, 1);
    expect(without).toBeGreaterThan(190);
    expect(attempts).toBeLessThan(210);
  }, 60_000);
});

describe("R8, the tail", () => {
  it("Rule RP10: lies in its bands; with a fifth of the pages in twice as wide ones", async () => {
    expect(outside(await rowsOf(tail, 6), 2)).toEqual([]);
  });

  it("reads everything twice when it hedges at once, and nothing more when nobody is late", () => {
    const quick = { kind: "uniform", from: 2, to: 9 } as const;
    expect(fanOut(10, quick, 0, 1)[0]).toBe(2000);
    expect(fanOut(10, quick, 10, 1)[0]).toBe(1000);
    expect(
      fanOut(10, quick, 10, 1)
        .slice(1)
        .every((ms) => ms > 8 && ms < 9),
    ).toBe(true);
  });
});

describe("R17, AIMD", () => {
  it("Rule RP10: lies in its bands", async () => {
    expect(outside(await rowsOf(aimd))).toEqual([]);
  });

  it("measures fairness by Jain's index", () => {
    expect(fairness([50, 50])).toBe(1);
    expect(fairness([100, 0])).toBe(0.5);
    expect(fairness([80, 5])).toBeCloseTo(0.5623, 4);
  });
});

describe("R18, throttling", () => {
  it("Rule RP10: lies in its bands, with one of two seeds", async () => {
    expect(outside(await rowsOf(throttling, 3))).toEqual([]);
  });

  it("refuses nothing while the server keeps up", () => {
    const [sent = 0, accepted = 0] = throttle(2, 1, 50);
    expect(sent).toBeCloseTo(50, -1);
    expect(Math.abs(sent - accepted)).toBeLessThan(0.1);
  });
});

describe("R24, disciplines", () => {
  it("Rule RP10: lies in its bands, and nobody serves more than the server can", async () => {
    const rows = await rowsOf(disciplines);
    expect(outside(rows)).toEqual([]);
    const goodputs = rows.filter(({ what }) => what.endsWith("at 200/s")).map(({ ours }) => ours);
    expect(goodputs).toHaveLength(8);
    expect(Math.max(...goodputs)).toBeLessThan(103);
  });
});
