import { describe, expect, it } from "vitest";
import { exp, RandomStream } from "../../workers/kernel/index.ts";
import { secondsUntilDown, wrongShares } from "../../workers/reproduce/heartbeats.ts";
import { detectionPeriods, swim } from "../../workers/reproduce/r14-swim.ts";
import {
  residue,
  residueByFormula,
  roundsToAll,
  rumours,
} from "../../workers/reproduce/r15-rumours.ts";
import { alertOf, burnRate, RULES, spentBy } from "../../workers/reproduce/r19-burn-rate.ts";
import {
  restartIntensity,
  secondsUntilGivenUp,
} from "../../workers/reproduce/r20-restart-intensity.ts";
import { silence } from "../../workers/reproduce/r21-silence.ts";
import {
  availability,
  shareUp,
  shareUpWithStandby,
} from "../../workers/reproduce/r23-availability.ts";
import { meanInWholeSeconds, meanUntilSecondCrash } from "../../workers/reproduce/restart-law.ts";
import { outside, rowsOf } from "./share.ts";

describe("R14, SWIM", () => {
  it("Rule RP21: lies in its bands, with a third of the crashes in twice as wide ones", async () => {
    expect(outside(await rowsOf(swim, 3000), 2)).toEqual([]);
  }, 120_000);

  it("finds the other of two in the first period, always", () => {
    const periods = Array.from({ length: 50 }, (_, seed) =>
      detectionPeriods({ members: 2, silent: 0 }, seed),
    );
    expect(new Set(periods)).toEqual(new Set([1]));
  });
});

describe("R15, rumours", () => {
  it("Rule RP21: lies in its bands, with an eighth of the runs in three times as wide ones", async () => {
    expect(outside(await rowsOf(rumours, 75), 3)).toEqual([]);
  }, 120_000);

  it("reaches everybody when interest is hardly lost, and its formula is what it solves", () => {
    expect(residue(50, 1000, 1)).toBe(0);
    for (const k of [1, 2, 5]) {
      const share = residueByFormula(k);
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(0.5);
      expect(exp(-(k + 1) * (1 - share))).toBeCloseTo(share, 12);
    }
  });

  it("needs one round for two, and no fewer than doubling allows for many", () => {
    expect(roundsToAll(2, 1)).toBe(1);
    expect(roundsToAll(128, 1)).toBeGreaterThanOrEqual(7);
  });
});

describe("R19, burn rates", () => {
  it("Rule RP21: lies in its bands", async () => {
    expect(outside(await rowsOf(burnRate))).toEqual([]);
  });

  it("does not page for what is over before a fiftieth of the budget is gone", () => {
    const [page] = RULES;
    expect(alertOf(page, 1, 51).fromS).toBe(Number.POSITIVE_INFINITY);
    expect(alertOf(page, 1, 52).fromS).toBe(52);
    expect(RULES.map(spentBy)).toEqual([0.02, 0.05, 0.1].map((share) => expect.closeTo(share, 9)));
  });

  it("stays on for most of an hour without its short window", () => {
    const [page] = RULES;
    const longOnly = alertOf({ ...page, shortS: page.longS }, 1, 600);
    expect(alertOf(page, 1, 600).untilS).toBe(600 + 296);
    expect(longOnly.untilS).toBeGreaterThan(3600);
  });
});

describe("R20, restart intensity", () => {
  it("Rule RP21: lies in its bands, with an eighth of the supervisors in three times as wide ones", async () => {
    expect(outside(await rowsOf(restartIntensity, 1600), 3)).toEqual([]);
  }, 120_000);

  it("computes what drawn crashes come to, counted in whole seconds", () => {
    const chance = new RandomStream(1);
    const rate = 0.3;
    const runs = 20_000;
    let sum = 0;
    for (let i = 0; i < runs; i++) {
      let at = 0;
      let seconds: number[] = [];
      while (seconds.length <= 2) {
        at += chance.exponential(1 / rate);
        seconds = [...seconds, Math.floor(at)].filter((then) => then >= Math.floor(at) - 5);
      }
      sum += at;
    }
    expect(Math.abs(meanInWholeSeconds(rate, 2, 5) / (sum / runs) - 1)).toBeLessThan(0.025);
  });

  it("lies between windows of exactly five and exactly six seconds", () => {
    const ours = meanInWholeSeconds(0.1, 1, 5);
    expect(ours).toBeLessThan(meanUntilSecondCrash(0.1, 5));
    expect(ours).toBeGreaterThan(meanUntilSecondCrash(0.1, 6));
    expect(meanInWholeSeconds(0.1, 0, 5)).toBeCloseTo(10, 9);
  });

  it("gives up at the first crash when none is allowed", () => {
    const times = Array.from({ length: 300 }, (_, seed) =>
      secondsUntilGivenUp({ rate: 0.5, allowed: 0 }, seed),
    );
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    expect(mean).toBeGreaterThan(1.7);
    expect(mean).toBeLessThan(2.3);
  });
});

describe("R21, silence", () => {
  it("Rule RP21: lies in its bands, with a thirteenth of the beats in three times as wide ones", async () => {
    expect(outside(await rowsOf(silence, 12), 3)).toEqual([]);
  }, 120_000);

  it("is noticed by the tick time that the scenario sets", () => {
    const seconds = Array.from({ length: 20 }, (_, seed) => secondsUntilDown(4, seed));
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(5);
    expect(new Set(seconds).size).toBe(20);
  });

  it("suspects nobody at φ = 8 whose beats vary as supposed, nor by a time-out beyond them all", () => {
    const [, , , eight, ...timeOuts] = wrongShares({ deviationMs: 30, loss: 0 }, 3000, 1);
    expect(eight).toBe(0);
    expect(timeOuts).toEqual([0, 0, 0]);
  });
});

describe("R23, availability", () => {
  it("Rule RP21: lies in its bands, with a fifth of the time in twice as wide ones", async () => {
    expect(outside(await rowsOf(availability, 4), 2)).toEqual([]);
  }, 120_000);

  it("is what one part is there of the time, and a switch that takes no time makes two peers", () => {
    const part = { upS: 300, repairS: 300 };
    expect(shareUp(part, 1, ([isUp]) => isUp === true, 1)).toBeCloseTo(0.5, 1);
    expect(shareUp(part, 2, (isUp) => isUp.includes(true), 1)).toBeCloseTo(0.75, 1);
    expect(shareUpWithStandby(part, 0, 1)).toBeCloseTo(0.75, 1);
    expect(shareUp(part, 2, () => true, 1)).toBe(1);
  });
});
