import { describe, expect, it } from "vitest";
import { KIND, RandomStream, type Trace } from "../../workers/kernel/index.ts";
import {
  bucketOf,
  edgeOf,
  Histogram,
  mergeHistograms,
} from "../../workers/world/metric-histogram.ts";
import { Meter, Spiral } from "../../workers/world/metric-rates.ts";
import { play, scenarioOf, twoNodes } from "../engine/room.ts";

const IMPORT = `import { metrics, telemetry } from "world";
  const show = (value) => log(JSON.stringify(value));
  const attempt = (body) => { try { return body(); } catch (thrown) { return thrown.name + ": " + thrown.message; } };
`;

/** What the trace says was measured: ms, figure, name with labels. */
function measured(trace: Trace): (readonly [number, number, string])[] {
  const rows: (readonly [number, number, string])[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kindOf(row) !== KIND.metric) continue;
    const { name, type, labels } = trace.payloadOf(row) as {
      name: string;
      type: string;
      labels: object;
    };
    const text = `${type} ${name} ${JSON.stringify(labels)}`;
    rows.push([trace.atOf(row) / 1000, trace.valueIn(row), text]);
  }
  return rows;
}

/** The nearest-rank percentile, by sorting: the other way to know it. */
function exactPercentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  // In thousandths of a percent, so that the rank is a quotient of whole numbers.
  const rank = Math.ceil((Math.round(percent * 1000) * sorted.length) / 100_000);
  return sorted[Math.max(1, rank) - 1] as number;
}

/** Latencies as they come: a body, a tail, and a few that waited for a time-out. */
function latencies(seed: number, count: number): number[] {
  const random = new RandomStream(seed, 99);
  return Array.from({ length: count }, () => {
    const u = random.uniform();
    if (u < 0.9) return 5 + 20 * random.uniform();
    return u < 0.995 ? random.exponential(200) : 5000 + random.uniform();
  });
}

function histogramOf(values: readonly number[]) {
  const histogram = new Histogram();
  for (const value of values) histogram.observe(value);
  return histogram.snapshot();
}

describe("series", () => {
  it("Rule ME1: one name with the same labels is one series, whoever asks; each write is a row and takes no time", () => {
    const { said, trace } = play(`${IMPORT}
      export async function main() {
        metrics.counter("orders", { shop: "corner", paid: true }).inc();
        spawn(() => { metrics.counter("orders", { paid: true, shop: "corner" }).inc(4); metrics.counter("orders").inc(); }, []);
        await sleep(10);
        metrics.gauge("queue").set(-0.25);
        metrics.gauge("queue").set(7);
        metrics.gauge("queue").dec(2);
        metrics.gauge("queue").inc();
        show([metrics.counter("orders", { shop: "corner", paid: true }).value(), metrics.counter("orders").value(), metrics.gauge("queue").value()]);
        show([metrics.read("queue"), metrics.read("nothing"), monotonic()]);
        show(metrics.all().map(({ name, type }) => type + " " + name));
      }
    `);
    expect(said).toEqual([
      "[5,1,6]",
      '[{"name":"queue","type":"gauge","labels":{},"updatedMs":10,"value":6},null,10]',
      '["counter orders","counter orders","gauge queue"]',
    ]);
    expect(measured(trace)).toEqual([
      [0, 1, 'counter orders {"shop":"corner","paid":true}'],
      [0, 5, 'counter orders {"shop":"corner","paid":true}'],
      [0, 1, "counter orders {}"],
      [10, -0.25, "gauge queue {}"],
      [10, 7, "gauge queue {}"],
      [10, 5, "gauge queue {}"],
      [10, 6, "gauge queue {}"],
    ]);
  });

  it("Rule ME2: what cannot be measured is refused: other types, figures that are none, a 1,001st series", () => {
    const { said } = play(`${IMPORT}
      export function main() {
        metrics.counter("orders");
        log(attempt(() => metrics.gauge("orders")));
        log(attempt(() => metrics.counter("orders").inc(-1)));
        log(attempt(() => metrics.histogram("wait").observe(NaN)));
        log(attempt(() => metrics.gauge("basket", { items: [1] })));
        log(attempt(() => metrics.gauge("")));
        for (let i = metrics.all().length; i < 1000; i++) metrics.counter("seen", { customer: i });
        log(attempt(() => metrics.counter("seen", { customer: 1000 })));
        log(attempt(() => metrics.counter("seen", { customer: 999 }).value()));
      }
    `);
    expect(said).toEqual([
      'ErlangError: "orders" with these labels is a counter already; a gauge needs another name',
      "ErlangError: a counter only grows, so inc takes numbers from 0 on, not -1",
      "ErlangError: observe takes a number from 0 on, not NaN",
      "ErlangError: labels are an object of at most 8 texts, numbers or booleans",
      "ErlangError: a metric needs a name, not ",
      'ErlangError: this node has 1000 series, and "seen" {customer} would be one more: a label must not have a new value for each customer or request',
      "0",
    ]);
  });

  it("Rule ME3: series belong to a node's life: another node has its own, and after a crash they begin anew", () => {
    const { said } = play(
      `${IMPORT}
      export async function main() {
        metrics.counter("orders").inc(3);
        await sleep(1);
        show(metrics.counter("orders").value());
      }
      export async function other() {
        metrics.counter("orders").inc(10);
        await sleep(5);
        show(metrics.counter("orders").value());
      }
    `,
      twoNodes({
        faults: [
          { kind: "crash", atUs: 100_000, node: "n1" },
          { kind: "restart", atUs: 150_000, node: "n1" },
        ],
      }),
    );
    expect(said).toEqual(["3", "10", "3"]);
  });

  it("Rule ME8: a sampled gauge is set every so often and misses what happens in between", () => {
    const { trace, exits } = play(
      `${IMPORT}
      export async function main() {
        let queue = 2;
        metrics.sample("queue", {}, 100, () => queue);
        await sleep(130);
        queue = 500;
        await sleep(40);
        queue = 3;
        await sleep(100);
        exit("over");
      }
    `,
      scenarioOf({ horizonUs: 1_000_000 }),
    );
    expect(measured(trace).map(([ms, figure]) => [ms, figure])).toEqual([
      [0, 2],
      [100, 2],
      [200, 3],
    ]);
    expect(exits).toContainEqual(["poller", "over"]);
  });
});

describe("histograms", () => {
  it("Rule ME4: a bucket holds what lies between its edge and the next, and is at most 1/256 wide", () => {
    const random = new RandomStream(3, 99);
    for (let i = 0; i < 4000; i++) {
      const value = 2 ** (-19 + 68 * random.uniform());
      const bucket = bucketOf(value);
      expect(edgeOf(bucket)).toBeLessThanOrEqual(value);
      expect(edgeOf(bucket + 1)).toBeGreaterThan(value);
      expect(edgeOf(bucket + 1) / edgeOf(bucket) - 1).toBeLessThanOrEqual(1 / 256);
    }
    for (let whole = 0; whole <= 512; whole++) expect(edgeOf(bucketOf(whole))).toBe(whole);
    expect([bucketOf(0), bucketOf(1e-9)]).toEqual([0, 0]);
    expect(bucketOf(2 ** 60)).toBe(bucketOf(2 ** 50));
  });

  it.each([1, 2, 3])(
    "Rule ME4: percentiles are those of the sorted values, at most 0.4 % below (seed %i)",
    (seed) => {
      const values = latencies(seed, 12_345);
      const snapshot = histogramOf(values);
      const read = [50, 75, 90, 95, 99, 99.9, 99.99].map((percent) =>
        exactPercentile(values, percent),
      );
      const { p50, p75, p90, p95, p99, p999, p9999 } = snapshot;
      [p50, p75, p90, p95, p99, p999, p9999].forEach((estimate, i) => {
        const exact = read[i] as number;
        expect(estimate).toBeLessThanOrEqual(exact);
        expect(estimate).toBeGreaterThanOrEqual(exact * (1 - 1 / 256));
      });
      expect(snapshot.count).toBe(12_345);
      expect(snapshot.min).toBe(Math.min(...values));
      expect(snapshot.max).toBe(Math.max(...values));
      expect(snapshot.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 12_345, 6);
    },
  );

  it.each([4, 5])(
    "Rule ME5: merging is observing everything in one place; averaging percentiles is not (seed %i)",
    (seed) => {
      const nodes = Array.from({ length: 8 }, (_none, node) =>
        latencies(seed * 10 + node, 500 + 100 * node).map((ms) =>
          Math.round(node === 7 ? ms * 10 : ms),
        ),
      );
      const merged = nodes.map(histogramOf).reduce(mergeHistograms);
      expect(merged).toEqual(histogramOf(nodes.flat()));
      const averaged = nodes
        .map((values) => histogramOf(values).p99)
        .reduce((sum, p99) => sum + p99 / 8, 0);
      const exact = exactPercentile(nodes.flat(), 99);
      expect(Math.abs(merged.p99 / exact - 1)).toBeLessThan(0.03);
      expect(Math.abs(averaged / exact - 1)).toBeGreaterThan(0.1);
    },
  );

  it("Rule ME5: a snapshot is plain data: it travels to another node and is merged there", () => {
    const { said } = play(
      `${IMPORT}
      export async function main() {
        for (let i = 1; i <= 100; i++) metrics.histogram("wait").observe(i);
        const theirs = await receive();
        const both = metrics.merge(metrics.histogram("wait").snapshot(), theirs, metrics.histogram("none").snapshot());
        show([both.count, both.min, both.max, both.mean, both.p50, both.p99, metrics.percentile(both, 25), metrics.percentile(both, 100)]);
        const empty = metrics.histogram("none").snapshot();
        show([empty.count, empty.mean, empty.min, empty.max, empty.p99]);
      }
      export async function other() {
        for (let i = 101; i <= 200; i++) metrics.histogram("wait").observe(i);
        register("other");
        await sleep(10);
        send({ name: "main", node: "n1" }, metrics.histogram("wait").snapshot());
      }
    `,
      twoNodes({
        starts: [
          { atUs: 0, node: "n1", file: "main.ts", run: "main", name: "main", args: [] },
          { atUs: 0, node: "n2", file: "main.ts", run: "other", args: [] },
        ],
      }),
    );
    expect(said).toEqual(["[200,1,200,100.5,100,198,50,200]", "[0,0,0,0,0]"]);
  });

  it("Rule ME5: histograms taken minute by minute add up to that of all minutes", () => {
    const [all, byMinute] = [new Histogram(), new Histogram()];
    const taken = [1, 2, 3].map((minute) => {
      for (const value of latencies(minute, 300).map(Math.round)) {
        all.observe(value);
        byMinute.observe(value);
      }
      return byMinute.take();
    });
    expect(taken.map(({ count }) => count)).toEqual([300, 300, 300]);
    expect(taken.reduce(mergeHistograms)).toEqual(all.snapshot());
    expect(byMinute.take()).toEqual(new Histogram().snapshot());
  });

  it("Rule ME4: R16: a closed loop's naive histogram says 1 ms where users waited 50 s", () => {
    // 100 requests a second at 1 ms for 100 s, then a stall of 100 s. The closed loop sends one more.
    const naive = new Histogram();
    naive.observe(1, 10_000);
    naive.observe(100_000);
    const truly = new Histogram();
    truly.observe(1, 10_000);
    for (let i = 0; i < 10_000; i++) truly.observe(100_000 - i * 10);
    const [said, lived] = [naive.snapshot(), truly.snapshot()];
    expect([said.mean, said.p9999]).toEqual([expect.closeTo(11, 1), 1]);
    expect(lived.mean / 25_000).toBeCloseTo(1, 2);
    expect(lived.p75 / 50_000).toBeCloseTo(1, 2);
    expect(lived.p9999 / 99_980).toBeCloseTo(1, 2);
  });
});

describe("rates", () => {
  it("Rule ME6: a meter's averages begin with the first 5 s and then decay as e^(-t/period)", () => {
    const meter = new Meter(0);
    // 20 a second for 60 s, then nothing.
    for (let at = 0; at < 60_000_000; at += 50_000) meter.mark(at, 1);
    const at60 = meter.read(60_000_000);
    expect(at60.count).toBe(1200);
    for (const rate of [at60.mean, at60.one, at60.five, at60.fifteen])
      expect(rate).toBeCloseTo(20, 9);
    const at180 = meter.read(180_000_000);
    expect(at180.one).toBeCloseTo(20 * Math.exp(-2), 9);
    expect(at180.five).toBeCloseTo(20 * Math.exp(-120 / 300), 9);
    expect(at180.fifteen).toBeCloseTo(20 * Math.exp(-120 / 900), 9);
    expect(at180.mean).toBeCloseTo(1200 / 180, 9);
  });

  it("Rule ME6: a meter read often and one read once say the same; a step is approached as 1 - e^(-t/period)", () => {
    const [often, once] = [new Meter(0), new Meter(0)];
    for (let at = 0; at < 120_000_000; at += 100_000) {
      for (const meter of [often, once]) meter.mark(at, at < 60_000_000 ? 1 : 3);
      often.read(at);
    }
    const { one } = often.read(120_000_000);
    expect(one).toBeCloseTo(once.read(120_000_000).one, 9);
    expect(one).toBeCloseTo(10 + 20 * (1 - Math.exp(-1)), 9);
  });

  it("Rule ME7: a spiral counts the last 60 s, by whole seconds", () => {
    const spiral = new Spiral(0);
    for (let second = 0; second < 100; second++) spiral.add(second * 1_000_000 + 500_000, second);
    const sumFrom = (from: number, to: number) => ((from + to) * (to - from + 1)) / 2;
    expect(spiral.read(99_900_000)).toEqual({ count: sumFrom(0, 99), one: sumFrom(40, 99) });
    expect(spiral.read(100_000_000).one).toBe(sumFrom(41, 99));
    expect(spiral.read(150_000_000).one).toBe(sumFrom(91, 99));
    expect(spiral.read(1_000_000_000)).toEqual({ count: sumFrom(0, 99), one: 0 });
  });

  it("Rules ME6 and ME7: in a process, time is virtual", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const meter = metrics.meter("orders");
        const spiral = metrics.spiral("orders seen");
        for (let i = 0; i < 30; i++) { meter.mark(2); spiral.inc(); await sleep(1000); }
        show([meter.value(), spiral.value()]);
      }
    `);
    expect(JSON.parse(said[0] as string)).toEqual([
      {
        count: 60,
        mean: 2,
        one: expect.closeTo(2, 9),
        five: expect.closeTo(2, 9),
        fifteen: expect.closeTo(2, 9),
      },
      { count: 30, one: 30 },
    ]);
  });
});

describe("telemetry", () => {
  it("Rule ME9: handlers run in the process that executes, first attached first, with what they were attached with", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        show(telemetry.attach("count", "shop.order.stop", (event, { ms }, { shop }, config) => log("count " + event.join("/") + " " + ms + shop + config + (self() === who)), "!"));
        show(telemetry.attach("count", ["shop"], () => {}));
        telemetry.attachMany("both", [["shop", "order", "stop"], "shop.order.start"], (event) => log("both " + event[2]), { a: 1 });
        let who;
        const customer = () => { who = self(); telemetry.execute(["shop", "order", "start"], {}); telemetry.execute("shop.order.stop", { ms: 3 }, { shop: "x" }); log("done"); };
        spawn(customer, []);
        await sleep(1);
        show(telemetry.listHandlers(["shop", "order"]).map(({ id, event }) => id + ":" + event.at(-1)));
        show([telemetry.detach("count"), telemetry.detach("count")]);
        customer();
        telemetry.execute("nobody.listens");
      }
    `);
    expect(said).toEqual([
      '"ok"',
      '["error","already_exists"]',
      "both start",
      "count shop/order/stop 3x!true",
      "both stop",
      "done",
      '["count:stop","both:stop","both:start"]',
      '["ok",["error","not_found"]]',
      "both start",
      "both stop",
      "done",
    ]);
  });

  it("Rule ME10: a handler that fails is detached with a line; the others and the process go on", () => {
    const { said, exits } = play(`${IMPORT}
      export async function main() {
        telemetry.attach("bad", "tick", () => { throw new Error("no disk"); });
        telemetry.attach("later", "tick", async () => { await sleep(5); throw "late"; });
        telemetry.attach("good", "tick", (_event, { n }) => log("good " + n));
        telemetry.execute("tick", { n: 1 });
        telemetry.execute("tick", { n: 2 });
        await sleep(10);
        show(telemetry.listHandlers([]).map(({ id }) => id));
      }
    `);
    expect(said).toEqual([
      "good 1",
      "good 2",
      'error: Handler bad has failed and has been detached. Reason: {"error":"Error","message":"no disk"}',
      'error: Handler later has failed and has been detached. Reason: [["nocatch","late"],["stack"]]',
      '["good"]',
    ]);
    expect(exits).toContainEqual(["main", "normal"]);
  });
});
