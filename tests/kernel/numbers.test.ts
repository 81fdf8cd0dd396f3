import { describe, expect, it } from "vitest";
import { exp, ln, power } from "../../workers/kernel/math.ts";
import { RandomStream } from "../../workers/kernel/random.ts";
import { play } from "../engine/room.ts";

/** The distance in units in the last place; the host's own function is the second way to know. */
function ulps(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(b))) - 52);
  return Math.abs(a - b) / unit;
}

describe("numbers", () => {
  it("Rule N1: what one process draws does not move another's draws", () => {
    const draws = (extra: number) =>
      play(`
        export function main() { spawn(greedy, []); spawn(other, []); }
        function greedy() { for (let i = 0; i < ${extra}; i++) random(); }
        function other() { log([random(), random()].join()); }
      `).said;
    expect(draws(1000)).toEqual(draws(0));
  });

  it("Rule N1: streams of different paths and seeds differ, equal ones are equal", () => {
    const first = (seed: number, ...path: number[]) => new RandomStream(seed, ...path).bits();
    const all = [
      first(1, 2, 3),
      first(1, 3, 2),
      first(2, 2, 3),
      first(1, 2),
      first(1, 2, 3, 0),
      first(2 ** 32 + 1, 2, 3),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(first(1, 2, 3)).toBe(first(1, 2, 3));
  });

  it("a stream is uniform: 16 cells of 160,000 draws stay within 5 standard deviations", () => {
    const random = new RandomStream(42, 9);
    const cells = new Array<number>(16).fill(0);
    let sum = 0;
    for (let i = 0; i < 160_000; i++) {
      const cell = Math.floor(random.uniform() * 16);
      cells[cell] = (cells[cell] ?? 0) + 1;
      sum += random.exponential(1000);
    }
    const deviation = Math.sqrt(160_000 * (1 / 16) * (15 / 16));
    for (const count of cells) expect(Math.abs(count - 10_000)).toBeLessThan(5 * deviation);
    expect(Math.abs(sum / 160_000 - 1000)).toBeLessThan(5 * (1000 / 400));
  });

  it("Rule N2: ln and exp are within two units in the last place of the host's, over twenty orders of magnitude", () => {
    const random = new RandomStream(3, 1);
    for (let i = 0; i < 20_000; i++) {
      const x = (random.uniform() + 1e-12) * 10 ** Math.floor(random.uniform() * 20 - 10);
      expect(ulps(ln(x), Math.log(x)), `ln ${x}`).toBeLessThanOrEqual(2);
      const y = (random.uniform() - 0.5) * 200;
      expect(ulps(exp(y), Math.exp(y)), `exp ${y}`).toBeLessThanOrEqual(2);
    }
    expect([ln(1), ln(0), ln(-1), exp(0), exp(-800), exp(800)]).toEqual([
      0,
      -Infinity,
      Number.NaN,
      1,
      0,
      Infinity,
    ]);
  });

  it("Rule N2: whole powers of small numbers are exact", () => {
    expect([
      power(2, 10),
      power(10, 15),
      power(2, -3),
      power(3, 0),
      power(4, 0.5),
      power(-2, 3),
    ]).toEqual([1024, 1e15, 0.125, 1, 2, -8]);
    const { said } = play(
      `export function main() { log(String(2 ** 10 + Math.pow(2, 3) + Math.log2(8))); }`,
    );
    expect(said).toEqual(["1035"]);
  });
});
