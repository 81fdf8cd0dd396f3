/** The words and the order of a result's numbers. */
import { describe, expect, it } from "vitest";
import {
  aroundText,
  bandText,
  mergeRows,
  numberText,
  oursText,
  type PlannedRow,
  placeOf,
  placeText,
  publishedText,
  trialsText,
} from "../../components/results/rows.ts";
import {
  atLeast,
  atMost,
  exactly,
  near,
  row,
  within,
} from "../../workers/reproduce/reproduction.ts";

const planned = (what: string): PlannedRow => ({
  what,
  unit: "ms",
  published: 287,
  band: within(287, 0.2, "published"),
});
const made = (what: string, ours: number) => row({ ...planned(what), ours });

describe("a result's rows", () => {
  it("are the planned ones until a trial tells more", () => {
    const rows = mergeRows([planned("median"), planned("longest")], []);
    expect(rows.map(({ what }) => what)).toEqual(["median", "longest"]);
    expect(rows.map(oursText)).toEqual(["–", "–"]);
    expect(rows.map(placeOf)).toEqual([undefined, undefined]);
  });

  it("keep their order when the later one is known first", () => {
    const rows = mergeRows([planned("median"), planned("longest")], [made("longest", 300)]);
    expect(rows.map(oursText)).toEqual(["–", "300 ms"]);
  });

  it("show what nobody planned, at the end", () => {
    const rows = mergeRows([planned("median")], [made("new", 1), made("median", 2)]);
    expect(rows.map(({ what }) => what)).toEqual(["median", "new"]);
  });
});

describe("a judgement", () => {
  it.each([
    [229.7, "inside"],
    [344.3, "inside"],
    [229.5, "outside, below"],
    [344.5, "outside, above"],
    [Number.NaN, "outside"],
  ])("of %d within 229.6 to 344.4 is %s", (ours, words) => {
    expect(placeText(placeOf(made("median", ours)) ?? "above", true)).toBe(words);
  });

  it("says that it may change while trials are missing", () => {
    expect(placeText("below", false)).toBe("outside, below so far");
    expect(placeText("inside", false)).toBe("inside so far");
  });
});

describe("a band", () => {
  it.each([
    [within(287, 0.2, "published"), "229.6 to 344.4", "published ± 20 %"],
    [near(0.05, 0.002, "published"), "0.048 to 0.052", "published ± 0.002"],
    [exactly(243, "3 to the 5"), "243", "3 to the 5, exactly"],
    [near(2, 1e-9, "published"), "2", "published ± 1e-9"],
    [atMost(700, "at most 700"), "at most 700", undefined],
    [atLeast(10_000, "10 s or longer"), "10 s or longer", undefined],
    [exactly(Number.POSITIVE_INFINITY, "arithmetic"), "∞", "arithmetic, exactly"],
  ])("%j reads %s", (band, interval, around) => {
    expect(bandText(band)).toBe(interval);
    expect(aroundText(band)).toBe(around);
  });
});

describe("a number", () => {
  it.each([
    [101_562.4, "101,562"],
    [1000, "1,000"],
    [999.96, "1000"],
    [0.428_91, "0.4289"],
    [-3.5, "−3.5"],
    [-12_345, "−12,345"],
    [4.7e-6, "0.0000047"],
    [0, "0"],
  ])("%d reads %s", (value, words) => {
    // Rounding to four digits may make a thousand of less; its comma is then as welcome.
    expect(numberText(value)).toBe(words === "1000" ? "1,000" : words);
  });

  it("has its unit, a factor without a space", () => {
    const published = { ...planned("growth"), published: 1.1 };
    expect(publishedText({ ...published, unit: "×" })).toBe("1.1×");
    expect(publishedText({ ...published, unit: "%" })).toBe("1.1 %");
    expect(publishedText({ ...published, unit: "" })).toBe("1.1");
    expect(publishedText({ ...published, published: "stable" })).toBe("stable");
    expect(trialsText(1)).toBe("1 trial");
    expect(trialsText(12_000)).toBe("12,000 trials");
  });
});
