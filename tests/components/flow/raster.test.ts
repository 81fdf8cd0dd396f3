import { describe, expect, test } from "vitest";
import { expectedChips, layoutStage } from "../../../components/flow/layout.ts";
import { packed, toneOf } from "../../../components/flow/palette.ts";
import { blend, drawScene, Raster } from "../../../components/flow/raster.ts";
import { GLYPH, sceneAt, viewAt } from "../../../components/flow/scene.ts";
import { slotChips } from "../../../components/flow/slot-chips.ts";
import { TraceIndex } from "../../../components/flow/trace-index.ts";
import { SIGNAL } from "../../../workers/kernel/trace.ts";
import { SMALL, shopScenario, shopTrace } from "./shop-trace.ts";

describe("a glyph", () => {
  test("has its middle where it was asked for, within a quarter of a pixel", () => {
    for (const signal of [SIGNAL.call, SIGNAL.reply, SIGNAL.info, SIGNAL.exit]) {
      for (const [x, y] of [
        [20, 20],
        [20.3, 19.7],
        [21.5, 20.5],
        [19.9, 20.1],
      ] as const) {
        const raster = new Raster(40, 40, 1);
        raster.dot(signal, x, y);
        let sum = 0;
        let sumX = 0;
        let sumY = 0;
        raster.words.forEach((word, i) => {
          const alpha = word >>> 24;
          sum += alpha;
          sumX += alpha * (i % 40);
          sumY += alpha * Math.floor(i / 40);
        });
        expect(Math.abs(sumX / sum - x)).toBeLessThan(0.25);
        expect(Math.abs(sumY / sum - y)).toBeLessThan(0.25);
      }
    }
  });

  test("is cut off at the border and never wraps to the other side", () => {
    for (const [x, y] of [
      [0, 0],
      [39.5, 20],
      [20, 39.9],
      [-30, 20],
      [20, 400],
    ] as const) {
      const raster = new Raster(40, 40, 1);
      raster.dot(SIGNAL.call, x, y);
      raster.words.forEach((word, i) => {
        if (word === 0) return;
        expect(Math.abs((i % 40) - x)).toBeLessThan(7);
        expect(Math.abs(Math.floor(i / 40) - y)).toBeLessThan(7);
      });
    }
  });

  test("differs from every other kind in shape, not only in colour", () => {
    const shapes = [SIGNAL.call, SIGNAL.reply, SIGNAL.cast, SIGNAL.info, SIGNAL.exit].flatMap(
      (signal) =>
        [GLYPH.solid, GLYPH.hollow].map((style) => {
          const raster = new Raster(24, 24, 1);
          raster.dot(signal + style, 12, 12);
          return raster.words.map((word) => word & 0xff000000).join();
        }),
    );
    expect(new Set(shapes).size).toBe(shapes.length);
  });
});

describe("blending", () => {
  test("lands between the ground and the colour in every channel", () => {
    const ground = packed("#0f1720");
    for (const signal of [SIGNAL.call, SIGNAL.reply, SIGNAL.cast, SIGNAL.info, SIGNAL.exit]) {
      const colour = packed(toneOf(signal).colour);
      for (let cover = 0; cover <= 255; cover++) {
        const mixed = blend(ground, colour, cover);
        for (const shift of [0, 8, 16]) {
          const [a, b, c] = [ground, colour, mixed].map((w) => (w >>> shift) & 255) as [
            number,
            number,
            number,
          ];
          expect(c).toBeGreaterThanOrEqual(Math.min(a, b));
          expect(c).toBeLessThanOrEqual(Math.max(a, b));
        }
        expect(mixed >>> 24).toBe(255);
      }
    }
  });

  test("never lightens a ground with a darker colour", () => {
    const ground = packed("#8496a8");
    for (let cover = 0; cover <= 255; cover++) {
      const mixed = blend(ground, packed("#0f1720"), cover);
      expect(mixed & 255).toBeLessThanOrEqual(ground & 255);
    }
  });

  test("over nothing keeps the colour and takes the cover as alpha", () => {
    expect(blend(0, packed("#56b4e9"), 90)).toBe((packed("#56b4e9") & 0xffffff) | (90 << 24));
  });
});

test("frames of the small shop have the hashes they always had, forward, back and on two scales", () => {
  const trace = shopTrace(SMALL);
  const scenario = shopScenario(SMALL);
  const index = new TraceIndex(trace, ["customer"]);
  index.extend();
  const layout = layoutStage(scenario, slotChips(index, expectedChips(scenario), []), 720);
  const frame = (at: number, scale: number) => {
    const raster = new Raster(layout.width * scale, layout.height * scale, scale);
    drawScene(raster, sceneAt(index, layout, at, viewAt(0.1)));
    return raster.hash();
  };
  const forward = [0, 400_000, 1_499_000, 2_950_000].map((at) => frame(at, 1));
  const backward = [2_950_000, 1_499_000, 400_000, 0].map((at) => frame(at, 1)).reverse();
  expect(backward).toEqual(forward);
  expect([...forward, frame(1_499_000, 2)]).toMatchInlineSnapshot(`
    [
      3913760965,
      1078172707,
      3182384659,
      2702785477,
      2795212325,
    ]
  `);
});
