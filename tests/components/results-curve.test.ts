/** From rows to curves: which are drawn, on which axes, and where their parts lie. */
import { describe, expect, it } from "vitest";
import { axisName } from "../../components/results/axis-names.ts";
import { axisFor, drawPanel, panelsOf } from "../../components/results/curve.ts";
import type { ShownRow } from "../../components/results/rows.ts";
import { readResults } from "../../server/results.ts";
import { atMost, row, within } from "../../workers/reproduce/reproduction.ts";

const FRAME = { left: 0, right: 100, top: 0, bottom: 100 };

const at = (x: number, published: number | string, ours?: number): ShownRow => {
  const parts = {
    what: `x ${x}`,
    unit: "ms",
    published,
    band: typeof published === "number" ? within(published, 0.1, "published") : atMost(5, "low"),
    point: { series: "time", x },
  };
  return ours === undefined ? parts : row({ ...parts, ours });
};

describe("an axis", () => {
  it.each([
    ["two decades exactly", [1, 100], "linear"],
    ["a little more than two decades", [1, 101], "log"],
    ["nought, which has no logarithm", [0, 5000], "linear"],
    ["a value below nought", [-1, 5000], "linear"],
    ["nothing", [], "linear"],
  ])("of %s is as it should be", (_, values, kind) => {
    expect(axisFor(values).kind).toBe(kind);
  });

  it("begins at nought unless its values keep close together", () => {
    expect(axisFor([20, 100])).toMatchObject({ low: 0, high: 100 });
    expect(axisFor([91, 99]).low).toBeGreaterThanOrEqual(90);
  });

  it("has room where all values are one", () => {
    const { low, high } = axisFor([0, 0]);
    expect(high).toBeGreaterThan(low);
  });

  it("takes no notice of a band's open end", () => {
    expect(axisFor([Number.NEGATIVE_INFINITY, 2, 10]).low).toBe(0);
  });
});

describe("a curve", () => {
  it("has its published marks before a run, and ours as they come", () => {
    const [before] = panelsOf([at(0, 20), at(10, 100)]);
    expect(before && drawPanel(before, FRAME)).toMatchObject({
      ours: "",
      marks: [
        { x: 0, ours: undefined },
        { x: 100, ours: undefined },
      ],
    });
    const [midway] = panelsOf([at(0, 20, 22), at(10, 100)]);
    expect(midway && drawPanel(midway, FRAME).marks.map(({ ours }) => ours !== undefined)).toEqual([
      true,
      false,
    ]);
  });

  it("puts a value where its axis has it", () => {
    const [panel] = panelsOf([at(0, 50, 50), at(10, 100, 100)]);
    if (panel === undefined) throw new Error("no panel");
    const { marks } = drawPanel(panel, FRAME);
    const [half, whole] = marks.map(({ ours }) => ours ?? Number.NaN);
    // From nought up: half the value lies half as far above the bottom.
    expect(100 - (half as number)).toBeCloseTo((100 - (whole as number)) / 2);
  });

  it("cuts a band off at the axis where it has no end", () => {
    const [panel] = panelsOf([at(0, "low", 2), at(10, 100, 100)]);
    expect(panel?.points[0]).toMatchObject({ published: undefined, low: 0, high: 5 });
  });

  it("is not drawn for one point, for words, or for a number that is none", () => {
    expect(panelsOf([at(0, 20)])).toEqual([]);
    const [panel] = panelsOf([at(0, "stable", Number.NaN), at(10, "stable", 4)]);
    expect(panel?.points.map(({ ours, published }) => [ours, published])).toEqual([
      [undefined, undefined],
      [4, undefined],
    ]);
  });

  it("shares its axis with those of the same unit and the same x alone", () => {
    const other = (x: number, published: number): ShownRow => ({
      ...at(x, published),
      what: `other ${x}`,
      point: { series: "longest", x },
    });
    const [time, longest] = panelsOf([at(1, 1), at(2, 2), other(1, 500), other(2, 900)]);
    expect(time?.y).toEqual(longest?.y);
    expect(time?.y.kind).toBe("log");
    const counts = panelsOf([
      at(1, 1),
      at(2, 2),
      { ...other(1, 500), unit: "calls" },
      { ...other(2, 900), unit: "calls" },
    ]);
    expect(counts.map(({ y }) => y.kind)).toEqual(["linear", "linear"]);
    const apart = panelsOf([at(1, 1), at(2, 2), other(3, 500), other(4, 900)]);
    expect(apart.map(({ y }) => y.kind)).toEqual(["linear", "linear"]);
  });
});

describe("every result that has curves", () => {
  const panels = readResults().flatMap(({ id, rows }) =>
    panelsOf(rows).map((panel) => ({ id, ...panel })),
  );

  it("has some", () => {
    expect(panels.length).toBeGreaterThan(20);
  });

  it.each(panels)("$id, $series: says what it lies along, and is drawn with numbers", (panel) => {
    expect(axisName(panel.id, panel.series)).toBeDefined();
    const drawing = drawPanel(panel, FRAME);
    expect(drawing.band).not.toMatch(/NaN|Infinity/);
    expect(drawing.band).not.toBe("");
    expect(drawing.yTicks.length).toBeGreaterThanOrEqual(2);
    expect(drawing.xTicks.length).toBeGreaterThanOrEqual(2);
  });
});
