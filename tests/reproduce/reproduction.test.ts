import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Channel, Report } from "../../workers/reproduce/batch.ts";
import { REPRODUCTIONS, reproductionOf } from "../../workers/reproduce/catalog.ts";
import {
  atLeast,
  atMost,
  exactly,
  near,
  row,
  type Sample,
  seedOf,
  within,
} from "../../workers/reproduce/reproduction.ts";
import { openThread } from "./share.ts";

const ROOM = new URL("../../workers/reproduce/", import.meta.url);

describe("the catalog", () => {
  it("lists results by their numbers, each once", () => {
    const numbers = REPRODUCTIONS.map(({ id }) => Number(id.slice(1)));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(reproductionOf("R6")?.title).toContain("Raft");
    expect(reproductionOf("R99")).toBeUndefined();
  });

  it("says of each where it comes from and which lesson shows it", () => {
    for (const { sources, lessons, conditions } of REPRODUCTIONS) {
      expect(sources.length).toBeGreaterThan(0);
      expect(lessons.every((lesson) => /^L\d\d$/.test(lesson))).toBe(true);
      expect(conditions).toMatch(/\.$/);
    }
  });

  it("Rule RP2: no two trials share a seed", () => {
    const seeds = REPRODUCTIONS.flatMap((one) =>
      [0, 1, one.trialCount - 1].map((i) => [one, i] as const),
    );
    const drawn = new Set(seeds.map(([one, index]) => seedOf(one, index)));
    const trials = new Set(seeds.map(([one, index]) => `${one.id} ${index}`));
    expect(drawn.size).toBe(trials.size);
    for (const { trialCount } of REPRODUCTIONS) expect(trialCount).toBeLessThan(2 ** 32);
  });
});

describe("every result", () => {
  let threads: readonly Channel[] = [];
  beforeAll(async () => {
    threads = await Promise.all([openThread(), openThread()]);
    for (const thread of threads) thread.listen((report) => hear(report));
  });
  afterAll(() => {
    for (const thread of threads) thread.close();
  });

  let hear: (report: Report) => void = () => {};
  /** One trial, made in one of two threads. */
  async function make(id: string, index: number, thread: number): Promise<Sample> {
    const report = await new Promise<Report>((resolve) => {
      hear = resolve;
      threads[thread]?.post({ id, from: index, to: index + 1 });
    });
    if (report.kind === "failed") throw new Error(report.reason);
    return report.samples[0] as Sample;
  }

  it.each(REPRODUCTIONS.map((one) => [one.id, one] as const))(
    "Rules RP1 and RP3: %s gives the same again, and concludes from whatever is there",
    async (id, one) => {
      const indexes = [0, 1].filter((index) => index < one.trialCount);
      const samples: Sample[] = [];
      for (const index of indexes) samples.push(await make(id, index, 0));
      for (const index of indexes.toReversed())
        expect(await make(id, index, 1)).toEqual(samples[index]);
      expect(samples.flat().every((value) => typeof value === "number")).toBe(true);
      let known: readonly string[] = [];
      for (const index of indexes) {
        const names = one.conclude(samples.slice(0, index + 1)).map(({ what }) => what);
        expect(new Set(names).size).toBe(names.length);
        expect(names).toEqual(expect.arrayContaining([...known]));
        known = names;
      }
      expect(known.length).toBeGreaterThan(0);
    },
    60_000,
  );
});

describe("a row", () => {
  const judged = (ours: number, band: Parameters<typeof row>[0]["band"]) =>
    row({ what: "", unit: "", published: undefined, ours, band }).inside;

  it("Rule RP4: is inside from one end of its band to the other", () => {
    expect([89.9, 90, 110, 110.1].map((ours) => judged(ours, within(100, 0.1, "x")))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([7.9, 8, 12, 12.1].map((ours) => judged(ours, near(10, 2, "x")))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([2, 3].map((ours) => judged(ours, exactly(3, "x")))).toEqual([false, true]);
    expect([1, 3].map((ours) => judged(ours, atLeast(2, "x")))).toEqual([false, true]);
    expect([1, 3].map((ours) => judged(ours, atMost(2, "x")))).toEqual([true, false]);
    expect([atLeast(2, "x"), atMost(2, "x")].map((band) => judged(Number.NaN, band))).toEqual([
      false,
      false,
    ]);
  });

  it("says what its band was laid around", () => {
    expect(within(287, 0.2, "published").around).toBe("published ± 20 %");
    expect(within(-10, 0.1, "x")).toEqual({ low: -11, high: -9, around: "x ± 10 %" });
  });
});

describe("what results are made of", () => {
  it("Rule RP9: imports the engine and its own room alone, and reaches for nothing else", () => {
    const files = readdirSync(ROOM).filter((name) => name.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(10);
    for (const name of files) {
      const text = readFileSync(new URL(name, ROOM), "utf8");
      const imported = [...text.matchAll(/from "([^"]+)"/g)].map(([, path = ""]) => path);
      for (const path of imported)
        expect(`${name} ${path}`).toMatch(/ (\.\/[\w.-]+|\.\.\/(kernel|otp|world)\/[\w-]+)\.ts$/);
      expect(
        `${name} ${text.match(/\b(process\.env|Date\.now|performance|Math\.random|setTimeout)\b/)}`,
      ).toBe(`${name} null`);
    }
  });
});
