/** The desk conducts real batches: what it says of a result is what the trials come to. */
import { describe, expect, it } from "vitest";
import { createDesk } from "../../components/results/desk.ts";
import type { FromDesk, ToDesk } from "../../components/results/desk-words.ts";
import { plannedRows, readResults } from "../../server/results.ts";
import { perform, startBatch } from "../../workers/reproduce/batch.ts";
import { REPRODUCTIONS, reproductionOf } from "../../workers/reproduce/catalog.ts";
import { atMost, type Reproduction, row, trialsOf } from "../../workers/reproduce/reproduction.ts";

/** A page around a desk: hands orders to makers, which answer through `perform` as the worker does. */
function sitDown(find: (id: string) => Reproduction | undefined, msPerReport = 0) {
  const said: FromDesk[] = [];
  let nowMs = 0;
  const pending: ToDesk[] = [];
  const hear = createDesk({
    startBatch,
    find,
    nowMs: () => nowMs,
    say(words) {
      said.push(words);
      if (words.kind !== "order") return;
      // As between threads: what is sent is a copy, and comes later.
      const report = structuredClone(perform(structuredClone(words.order), find));
      pending.push({ kind: "report", maker: words.maker, report });
    },
  });
  return {
    said,
    run(id: string, makerCount: number) {
      hear({ kind: "begin", id, makerCount });
      // The last first, so that reports come out of order.
      for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        nowMs += msPerReport;
        hear(next);
      }
      return said.at(-1);
    },
  };
}

const planOf = (reproduction: Reproduction) =>
  new Map(plannedRows(reproduction).map((planned) => [planned.what, planned]));

describe("the desk", () => {
  it.each([1, 3])("says of R2, by %d makers, what its trials come to", (makerCount) => {
    const reproduction = reproductionOf("R2") as Reproduction;
    const rows = reproduction.conclude([...trialsOf(reproduction, 0, reproduction.trialCount)]);
    expect(sitDown(reproductionOf).run("R2", makerCount)).toEqual({ kind: "end", rows });
  });

  it("makes one result after the other", () => {
    const desk = sitDown(reproductionOf);
    expect(desk.run("R2", 2)).toMatchObject({ kind: "end" });
    expect(desk.run("R11", 2)).toMatchObject({ kind: "end" });
  });

  it("says why a trial failed, and refuses a result that is none", () => {
    const broken: Reproduction = {
      ...(reproductionOf("R2") as Reproduction),
      trial() {
        throw new Error("no such server");
      },
    };
    expect(sitDown(() => broken).run("R2", 2)).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("no such server"),
    });
    expect(sitDown(reproductionOf).run("R99", 2)).toEqual({
      kind: "failed",
      reason: "there is no result R99",
    });
  });

  it("tells its progress five times a second at most", () => {
    const many: Reproduction = {
      ...(reproductionOf("R2") as Reproduction),
      trialCount: 100,
      trial: (index) => [index],
      conclude: (samples) => [
        row({
          what: "trials",
          unit: "",
          published: undefined,
          ours: samples.length,
          band: atMost(100, "all"),
        }),
      ],
    };
    const desk = sitDown(() => many, 10);
    desk.run("R2", 4);
    // A hundred reports of 10 ms: a second.
    const told = desk.said.filter(({ kind }) => kind === "progress");
    expect(told.length).toBeGreaterThanOrEqual(4);
    expect(told.length).toBeLessThanOrEqual(6);
    expect(desk.said.at(-1)).toMatchObject({ kind: "end", rows: [{ ours: 100 }] });
  });
});

describe("the rows that are shown before a run", () => {
  it("are of every result", () => {
    const results = readResults();
    expect(results.map(({ id }) => id)).toEqual(REPRODUCTIONS.map(({ id }) => id));
    for (const { id, rows } of results) {
      expect(rows.length, id).toBeGreaterThan(0);
      expect(new Set(rows.map(({ what }) => what)).size, id).toBe(rows.length);
    }
  });

  it("tell nothing that a run would have to find out", () => {
    for (const { rows } of readResults())
      for (const planned of rows) expect(planned).not.toHaveProperty("ours");
  });

  // One trial of each: the dear ones take a second. All trials of the cheap ones.
  it.each(REPRODUCTIONS)("are those that the trials of $id give", (reproduction) => {
    const isCheap = ["R2", "R11", "R16", "R17", "R19"].includes(reproduction.id);
    const count = isCheap ? reproduction.trialCount : 1;
    const plan = planOf(reproduction);
    const rows = reproduction.conclude([...trialsOf(reproduction, 0, count)]);
    expect(rows.length).toBeGreaterThan(0);
    for (const { ours: _, inside: __, ...rest } of rows) expect(plan.get(rest.what)).toEqual(rest);
    if (isCheap) expect(rows).toHaveLength(plan.size);
  });
});
