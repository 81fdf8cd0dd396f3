import { describe, expect, it } from "vitest";
import { leastDurationUs, RandomStream } from "../../workers/kernel/index.ts";
import type { Distribution } from "../../workers/kernel/scenario.ts";

const COUNT = 200_000;

function draws(distribution: Distribution, seed = 1): number[] {
  const random = new RandomStream(seed, 99);
  return Array.from({ length: COUNT }, () => random.durationUs(distribution));
}

const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
const shareAbove = (values: readonly number[], bound: number) =>
  values.filter((x) => x > bound).length / values.length;

/** Five standard deviations of a share that is `p` in truth. */
const margin = (p: number) => 5 * Math.sqrt((p * (1 - p)) / COUNT);

describe("Rule N3: durations have their distribution", () => {
  it("normal: mean, and the shares beyond one, two and three standard deviations", () => {
    const values = draws({ kind: "normal", meanUs: 100_000, sdUs: 10_000 });
    expect(Math.abs(mean(values) - 100_000)).toBeLessThan((5 * 10_000) / Math.sqrt(COUNT));
    for (const [sds, share] of [
      [1, 0.158655],
      [2, 0.02275],
      [3, 0.00135],
    ] as const) {
      expect(Math.abs(shareAbove(values, 100_000 + sds * 10_000) - share)).toBeLessThan(
        margin(share),
      );
      expect(Math.abs(shareAbove(values, 100_000 - sds * 10_000) - (1 - share))).toBeLessThan(
        margin(share),
      );
    }
  });

  it("normal: what falls below 0 is 0", () => {
    const values = draws({ kind: "normal", meanUs: 0, sdUs: 10_000 });
    expect(Math.abs(values.filter((x) => x === 0).length / COUNT - 0.5)).toBeLessThan(margin(0.5));
    expect(Math.min(...values.slice(0, 1000))).toBe(0);
  });

  it("lognormal: the median, and the mean e^(σ²/2) times it", () => {
    const values = draws({ kind: "lognormal", medianUs: 20_000, sigma: 0.5 });
    expect(Math.abs(shareAbove(values, 20_000) - 0.5)).toBeLessThan(margin(0.5));
    expect(mean(values) / 20_000).toBeCloseTo(Math.exp(0.125), 2);
  });

  it("pareto: a share (least / x)^α above x, and nothing below the least", () => {
    const pareto = { kind: "pareto", leastUs: 5_000, alpha: 1.5 } as const;
    const values = draws(pareto);
    for (const factor of [2, 4, 16]) {
      const share = factor ** -1.5;
      expect(Math.abs(shareAbove(values, 5_000 * factor) - share)).toBeLessThan(margin(share));
    }
    expect(shareAbove(values, 4_999)).toBe(1);
    expect(leastDurationUs(pareto)).toBe(5_000);
  });

  it("mix: each part with its share, and inside of it its own distribution", () => {
    const mix: Distribution = {
      kind: "mix",
      parts: [
        { share: 0.9, of: { kind: "det", us: 10 } },
        { share: 0.1, of: { kind: "uniform", fromUs: 1_000, toUs: 1_999 } },
      ],
    };
    const values = draws(mix);
    expect(Math.abs(values.filter((x) => x === 10).length / COUNT - 0.9)).toBeLessThan(margin(0.9));
    expect(Math.abs(shareAbove(values, 1_499) - 0.05)).toBeLessThan(margin(0.05));
    expect(leastDurationUs(mix)).toBe(10);
  });

  it("Rule N3: every kind takes one draw, so that what follows is drawn as before", () => {
    const kinds: Distribution[] = [
      { kind: "det", us: 1 },
      { kind: "uniform", fromUs: 1, toUs: 9 },
      { kind: "exponential", meanUs: 5 },
      { kind: "normal", meanUs: 5, sdUs: 1 },
      { kind: "lognormal", medianUs: 5, sigma: 1 },
      { kind: "pareto", leastUs: 5, alpha: 2 },
      { kind: "mix", parts: [{ share: 1, of: { kind: "normal", meanUs: 5, sdUs: 1 } }] },
    ];
    const next = kinds.map((kind) => {
      const random = new RandomStream(7, 1);
      random.durationUs(kind);
      return random.uniform();
    });
    expect(new Set(next).size).toBe(1);
  });
});
