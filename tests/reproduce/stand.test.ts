import { describe, expect, it } from "vitest";
import { power, RandomStream } from "../../workers/kernel/index.ts";
import { draw, type Law, standardNormal } from "../../workers/reproduce/draws.ts";
import { ask, begin, later, post, run, serve, sleep } from "../../workers/reproduce/stand.ts";
import { mean, quantile } from "../../workers/reproduce/statistics.ts";

describe("the stand", () => {
  it("Rule RP11: what is posted with less delay arrives first, what is sent over a wire stays in order", () => {
    const posted: number[] = [];
    const sent: number[] = [];
    run(
      {
        horizonUs: 1e6,
        nodes: [
          { name: "a", cores: 1 },
          { name: "b", cores: 1 },
        ],
        wires: [
          { between: ["a", "b"], latency: { kind: "uniform", fromUs: 1, toUs: 9000 }, loss: 0 },
        ],
      },
      1,
      (node) => {
        if (node.name === "b") {
          serve<number>(node, "reader", () => (n) => void sent.push(n), "reader");
          return;
        }
        const reader = serve<number>(node, "reader", () => (n) => void posted.push(n));
        begin(node, "writer", function* (self) {
          for (let n = 0; n < 5; n++) {
            post(self, reader, n, 5000 - n * 1000);
            node.send(self, { name: "reader", node: "b" }, n);
            yield* sleep(self, 10);
          }
        });
      },
    );
    expect(posted).toEqual([4, 3, 2, 1, 0]);
    expect(sent).toEqual([0, 1, 2, 3, 4]);
  });

  it("Rule RP11: what is to happen later can be taken back, and a run ends when its model says so", () => {
    const done: string[] = [];
    let endedAt = 0;
    run({ horizonUs: 1e9, isOver: () => done.includes("late") }, 1, (node) => {
      begin(node, "clock", function* (self) {
        later(self, 300, () => done.push("kept"));
        later(self, 200, () => done.push("taken back"))();
        later(self, 15_000, () => done.push("late"));
        for (;;) {
          endedAt = node.now;
          yield* sleep(self, 1000);
        }
      });
    });
    expect(done).toEqual(["kept", "late"]);
    expect(endedAt).toBe(20_000);
  });

  it("Rule RP11: a crash and a call of nobody are thrown", () => {
    const crashing = (body: () => void) => () =>
      run({ horizonUs: 1e6 }, 1, (node) => {
        serve(node, "model", () => {
          body();
          return () => {};
        });
      });
    expect(crashing(() => {})).not.toThrow();
    expect(
      crashing(() => {
        throw new Error("a slip");
      }),
    ).toThrow("model crashed on the stand: Error: a slip");
    expect(() =>
      run({ horizonUs: 1e6 }, 1, (node) => {
        begin(node, "caller", function* (self) {
          yield* ask(self, "nobody", "hello?");
        });
      }),
    ).toThrow("caller got no answer");
  });
});

describe("draws", () => {
  const COUNT = 200_000;
  const drawn = (law: Law) => {
    const random = new RandomStream(3);
    return Array.from({ length: COUNT }, () => draw(random, law));
  };

  it("Rule RP12: normal numbers have mean, deviation and the 68 % of their law", () => {
    const random = new RandomStream(5);
    const values = Array.from({ length: COUNT }, () => standardNormal(random));
    expect(mean(values)).toBeCloseTo(0, 1.7);
    expect(mean(values.map((x) => x * x))).toBeCloseTo(1, 1.7);
    expect(mean(values.map((x) => (Math.abs(x) < 1 ? 1 : 0)))).toBeCloseTo(0.6827, 2);
  });

  it("Rule RP12: Pareto numbers pass x with chance (least / x)^shape", () => {
    const values = drawn({ kind: "pareto", least: 3, shape: 3.35 });
    expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(3);
    for (const x of [4, 6, 10])
      expect(mean(values.map((value) => (value > x ? 1 : 0)))).toBeCloseTo(power(3 / x, 3.35), 2);
  });

  it("Rule RP12: exponential, uniform and mixed numbers have their means", () => {
    const one = { kind: "exponential", mean: 4 } as const;
    const other = { kind: "uniform", from: 10, to: 20 } as const;
    expect(mean(drawn(one)) / 4).toBeCloseTo(1, 1.7);
    expect(mean(drawn(other))).toBeCloseTo(15, 1);
    expect(mean(drawn({ kind: "mix", share: 0.75, one, other })) / 6.75).toBeCloseTo(1, 1.7);
  });
});

describe("statistics", () => {
  it("takes the nearest rank as a quantile", () => {
    const values = [5, 1, 4, 2, 3];
    expect([0, 0.2, 0.21, 0.5, 0.99, 1].map((q) => quantile(values, q))).toEqual([
      1, 1, 2, 3, 5, 5,
    ]);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
