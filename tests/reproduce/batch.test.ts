import { describe, expect, it } from "vitest";
import { RandomStream } from "../../workers/kernel/index.ts";
import {
  type Channel,
  type Order,
  type Outcome,
  ownChannel,
  type Progress,
  perform,
  type Report,
  startBatch,
} from "../../workers/reproduce/batch.ts";
import { reproductionOf } from "../../workers/reproduce/catalog.ts";
import { atLeast, type Reproduction, row } from "../../workers/reproduce/reproduction.ts";
import { openThread } from "./share.ts";

/** A trial is a number drawn from its seed; the conclusion tells their order, so that no mix-up is hidden. */
const drawn: Reproduction = {
  id: "R777",
  title: "Numbers",
  sources: [],
  conditions: "",
  assumptions: [],
  lessons: [],
  trialCount: 57,
  trial: (index, seed) => [index, new RandomStream(seed).uniform()],
  conclude: (samples) => [
    row({
      what: "chained",
      unit: "",
      published: undefined,
      ours: samples.reduce((sum, [, value = 0]) => (sum * 3 + value) % 1000, 0),
      band: atLeast(0, ""),
    }),
  ],
};
const find = (id: string) => (id === drawn.id ? drawn : undefined);
const ALONE = drawn.conclude(
  Array.from({ length: drawn.trialCount }, (_, index) => drawn.trial(index, 777 * 2 ** 32 + index)),
);

/** Workers that answer when the test says so, in an order that it draws. */
class Workers {
  readonly channels: Channel[];
  readonly orders: Order[] = [];
  readonly closed: number[] = [];
  readonly #random: RandomStream;
  #waiting: (() => void)[] = [];

  constructor(count: number, seed: number, answer: (order: Order) => Report) {
    this.#random = new RandomStream(seed);
    this.channels = Array.from({ length: count }, (_, number) => {
      let hear: (report: Report) => void = () => {};
      return {
        listen: (next) => {
          hear = next;
        },
        post: (order) => {
          this.orders.push(order);
          this.#waiting.push(() => hear(answer(order)));
        },
        close: () => this.closed.push(number),
      };
    });
  }

  /** One of those at work is done. False when nobody is at work. */
  step(): boolean {
    const at = this.#random.below(this.#waiting.length);
    const [next] = this.#waiting.splice(at, 1);
    next?.();
    return next !== undefined;
  }
}

function play(count: number, seed: number, orderSize?: number) {
  const workers = new Workers(count, seed, (order) => perform(order, find));
  const progress: Progress[] = [];
  const outcomes: Outcome[] = [];
  const batch = startBatch({
    reproduction: drawn,
    channels: workers.channels,
    ...(orderSize === undefined ? undefined : { orderSize }),
    onProgress: (told) => progress.push(told),
    onEnd: (outcome) => outcomes.push(outcome),
  });
  return { workers, progress, outcomes, batch };
}

describe("a batch", () => {
  it.each([1, 2, 3, 8])("Rule RP5: comes to the same with %i workers, in any order", (count) => {
    for (let seed = 1; seed <= 30; seed++) {
      const { workers, outcomes } = play(count, seed, 1 + (seed % 7));
      while (workers.step()) {}
      expect(outcomes).toHaveLength(1);
      const [outcome] = outcomes;
      expect(outcome?.ok && outcome.rows).toEqual(ALONE);
      expect(outcome?.ok && outcome.samples.map(([index]) => index)).toEqual([
        ...Array(drawn.trialCount).keys(),
      ]);
      expect(workers.closed).toEqual([...Array(count).keys()]);
    }
  });

  it("Rule RP5: keeps every worker at work, with one order each", () => {
    const { workers } = play(3, 1, 10);
    expect(workers.orders.map(({ from, to }) => [from, to])).toEqual([
      [0, 10],
      [10, 20],
      [20, 30],
    ]);
    workers.step();
    expect(workers.orders.at(-1)).toEqual({ id: "R777", from: 30, to: 40 });
  });

  it("Rule RP6: tells what is made, and concludes from what has no gap before it", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const made = new Set<number>();
      const answer = (order: Order) => {
        for (let index = order.from; index < order.to; index++) made.add(index);
        return perform(order, find);
      };
      const workers = new Workers(3, seed, answer);
      let toldCount = 0;
      startBatch({
        reproduction: drawn,
        channels: workers.channels,
        orderSize: 5,
        onProgress: ({ madeCount, mergedCount, trialCount, rows }) => {
          toldCount++;
          let gapAt = 0;
          while (made.has(gapAt)) gapAt++;
          expect([madeCount, mergedCount, trialCount]).toEqual([made.size, gapAt, 57]);
          expect(rows()).toHaveLength(gapAt === 0 ? 0 : 1);
        },
        onEnd: ({ ok }) => expect(ok).toBe(true),
      });
      while (workers.step()) {}
      expect(toldCount).toBe(12);
    }
  });

  it("Rule RP7: says nothing after a cancel, and closes its channels", () => {
    const { workers, progress, outcomes, batch } = play(2, 1, 5);
    workers.step();
    workers.step();
    batch.cancel();
    batch.cancel();
    expect(workers.closed).toEqual([0, 1]);
    const orderCount = workers.orders.length;
    while (workers.step()) {}
    expect([progress.length, outcomes.length]).toEqual([2, 0]);
    expect(workers.orders).toHaveLength(orderCount);
  });

  it("Rule RP8: ends with the reason when a worker fails", () => {
    const failing: Reproduction = {
      ...drawn,
      trial(index, seed) {
        if (index === 23) throw new Error("the model is wrong");
        return drawn.trial(index, seed);
      },
    };
    const outcomes: Outcome[] = [];
    const own = () => ownChannel(() => failing);
    startBatch({
      reproduction: failing,
      channels: [own(), own()],
      orderSize: 4,
      onEnd: (outcome) => outcomes.push(outcome),
    });
    expect(outcomes).toEqual([
      { ok: false, reason: "R777, trials from 20 on: the model is wrong" },
    ]);
    expect(perform({ id: "R778", from: 0, to: 1 }, find)).toEqual({
      kind: "failed",
      from: 0,
      reason: "there is no result R778",
    });
    expect(perform("nonsense", find)).toMatchObject({ kind: "failed" });
  });

  it("makes as many trials as it is asked for, and no more than there are", () => {
    const lengths = [0, 1, 20, 1000].map((trialCount) => {
      let length = -1;
      startBatch({
        reproduction: drawn,
        channels: [ownChannel(find)],
        trialCount,
        onEnd: (outcome) => {
          if (outcome.ok) length = outcome.samples.length;
        },
      });
      return length;
    });
    expect(lengths).toEqual([0, 1, 20, 57]);
  });
});

describe("the Web Worker's file", () => {
  it.each([1, 2, 3])("Rule RP5: makes R2 on %i threads as on this one", async (count) => {
    const reproduction = reproductionOf("R2") as Reproduction;
    const run = (channels: readonly Channel[]) =>
      new Promise<Outcome>((onEnd) => {
        startBatch({ reproduction, channels, orderSize: 1, onEnd });
      });
    const threads = await Promise.all(Array.from({ length: count }, openThread));
    expect(await run(threads)).toEqual(await run([ownChannel(reproductionOf)]));
  });
});
