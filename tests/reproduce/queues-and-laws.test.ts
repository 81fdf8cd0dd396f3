import { describe, expect, it } from "vitest";
import { RandomStream } from "../../workers/kernel/index.ts";
import {
  blockedShare,
  choiceTime,
  loadFor,
  pooledTime,
  singleTime,
  waitingShare,
} from "../../workers/reproduce/queue-formulas.ts";
import { queues } from "../../workers/reproduce/r09-queues.ts";
import { timeWithChoices, twoChoices } from "../../workers/reproduce/r10-two-choices.ts";
import {
  capacityOf,
  fitLine,
  fitThroughput,
  fitTransformed,
  peakOf,
  scalability,
} from "../../workers/reproduce/r11-usl.ts";
import { sharesOf, virtualNodes } from "../../workers/reproduce/r12-virtual-nodes.ts";
import {
  dealPairs,
  handCount,
  matchShare,
  shuffleSharding,
} from "../../workers/reproduce/r13-shuffle-sharding.ts";
import {
  coordinatedOmission,
  measureStall,
} from "../../workers/reproduce/r16-coordinated-omission.ts";
import { measureLines, measurePool, measureSingle } from "../../workers/reproduce/stations.ts";
import { outside, rowsOf } from "./share.ts";

describe("R9, queues", () => {
  it("Rule RP20: lies in its bands, with a fifth of the runs in three times as wide ones", async () => {
    expect(outside(await rowsOf(queues, 14), 3)).toEqual([]);
  }, 120_000);

  it("computes Erlang's formulas as their sums say", () => {
    // B is the last part of the exponential series, as a share of the parts so far.
    const partOf = (erlangs: number, line: number): number =>
      line === 0 ? 1 : (partOf(erlangs, line - 1) * erlangs) / line;
    for (const [lines, erlangs] of [
      [1, 0.5],
      [10, 4.46],
      [18, 10],
      [20, 40.4],
    ] as const) {
      const parts = Array.from({ length: lines + 1 }, (_, line) => partOf(erlangs, line));
      const sum = parts.reduce((total, part) => total + part, 0);
      expect(blockedShare(lines, erlangs)).toBeCloseTo((parts[lines] as number) / sum, 12);
    }
    expect(blockedShare(10, loadFor(10, 0.01))).toBeCloseTo(0.01, 9);
    expect(waitingShare(1, 0.7)).toBeCloseTo(0.7, 12);
    expect(pooledTime(1, 0.9)).toBeCloseTo(singleTime(0.9, 1), 9);
  });

  it("says that ten erlangs want 18 lines for one call blocked in a hundred", () => {
    expect(blockedShare(17, 10)).toBeGreaterThan(0.0125);
    expect(blockedShare(18, 10)).toBeLessThan(0.01);
  });

  it("has nobody wait where nobody can: few customers, many servers", () => {
    expect(measureSingle(0.0001, "constant", 200, 1).meanMs).toBeCloseTo(100, 1);
    expect(measurePool(60, 1, 500, 1).share).toBe(0);
    expect(measureLines(60, 1, "constant", 500, 1)).toMatchObject({ share: 0, meanMs: 100 });
    expect(measureLines(0, 1, "constant", 500, 1).share).toBe(1);
  });
});

describe("R10, two choices", () => {
  it("Rule RP20: lies in its bands, with a twelfth of the runs in three times as wide ones", async () => {
    expect(outside(await rowsOf(twoChoices, 5), 3)).toEqual([]);
  }, 120_000);

  it("has a limit law that is one server's at one choice, and near 1 + λ² at two and little load", () => {
    expect(choiceTime(0.8, 1)).toBeCloseTo(5, 9);
    expect(choiceTime(0.1, 2)).toBeCloseTo(1 + 0.01 + 0.1 ** 6, 9);
  });

  it("has nobody wait when a customer can look at as many queues as there are, nearly", () => {
    const world = { utilisation: 0.3, customers: 8000, skipped: 500 };
    expect(timeWithChoices({ ...world, choices: 12 }, 1)).toBeCloseTo(1, 1);
    expect(timeWithChoices({ ...world, choices: 1 }, 1)).toBeGreaterThan(1.3);
  });
});

describe("R11, the law of scalability", () => {
  it("Rule RP20: lies in its bands", async () => {
    expect(outside(await rowsOf(scalability))).toEqual([]);
  });

  it("finds by all three methods what a curve without noise was made of", () => {
    const law = { contention: 0.03, coherency: 0.0002 };
    const curve = [1, 2, 4, 8, 16, 32, 64].map((n) => [n, 7 * capacityOf(law, n)] as const);
    for (const found of [fitTransformed(curve), fitThroughput(curve), fitLine(curve)]) {
      expect(found.contention).toBeCloseTo(law.contention, 9);
      expect(found.coherency).toBeCloseTo(law.coherency, 9);
    }
    const peak = peakOf(law);
    expect(capacityOf(law, peak)).toBeGreaterThan(capacityOf(law, peak + 1));
    expect(capacityOf(law, peak)).toBeGreaterThan(capacityOf(law, peak - 1));
  });
});

describe("R12, virtual nodes", () => {
  it("Rule RP20: lies in its bands, with half of the rings in twice as wide ones", async () => {
    expect(outside(await rowsOf(virtualNodes, 20), 2)).toEqual([]);
  }, 120_000);

  it("shares out the whole ring, to whoever is there", () => {
    expect(sharesOf(1, 3, 5)).toEqual([1]);
    const shares = sharesOf(7, 40, 5);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(7, 9);
    expect(Math.min(...shares)).toBeGreaterThan(0);
    expect(sharesOf(7, 40, 6)).not.toEqual(shares);
  });
});

describe("R13, shuffle sharding", () => {
  it("Rule RP20: lies in its bands, with a fifth of the pairs", async () => {
    expect(outside(await rowsOf(shuffleSharding, 5))).toEqual([]);
  });

  it("counts hands as a pack of cards has them, and every hand once", () => {
    expect(handCount({ workers: 52, hand: 5 })).toBe(2_598_960);
    const deal = { workers: 54, hand: 4 };
    const shares = [0, 1, 2, 3, 4].map((matches) => matchShare(deal, matches));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it("deals hands without one worker twice", () => {
    // Whoever is dealt the whole pack has all of it.
    expect(dealPairs({ workers: 5, hand: 5 }, 50, new RandomStream(1))).toEqual([
      0, 0, 0, 0, 0, 50,
    ]);
    expect(dealPairs({ workers: 5, hand: 4 }, 50, new RandomStream(1)).slice(0, 3)).toEqual([
      0, 0, 0,
    ]);
  });
});

describe("R16, coordinated omission", () => {
  it("Rule RP20: lies in its bands", async () => {
    expect(outside(await rowsOf(coordinatedOmission))).toEqual([]);
  }, 120_000);

  it("hides the stall in one answer of the waiting user, and in none of the plan", () => {
    const late = ({ meantAt, doneAt }: { meantAt: number; doneAt: number }) =>
      doneAt - meantAt > 2000;
    expect(measureStall("closed", 1).filter(late)).toHaveLength(1);
    expect(measureStall("open", 1).filter(late)).toHaveLength(10_000);
  }, 120_000);
});
