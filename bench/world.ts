/**
 * What the world around processes costs: the same shop of 20,000 requests, plain and with one thing
 * of the world in the way of each request, in engine events a second and as a ratio to the plain
 * shop in the same run. And that a long run takes no more memory than its trace keeps.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Scenario } from "../workers/kernel/index.ts";
import { clusterOf, eventCountOf, programOf, roomOf, run, secondsOf } from "./engine.ts";
import { type Figure, median, round } from "./figure.ts";

const REQUESTS = 20_000;
const REPEATS = 3;

/** What the shop does for each request besides answering, by name; `before` runs once, at the start. */
const THINGS: Readonly<Record<string, { readonly before?: string; readonly each: string }>> = {
  "nothing (the plain shop)": { each: "" },
  "a counter, a histogram and a span": {
    each: `await span("sell", async () => { metrics.counter("sold").inc(); metrics.histogram("ms").observe(n % 50); });`,
  },
  "a line of the logger": { each: `log("info", "sold " + n);` },
  "an ets table": {
    before: `ets.new("stock", { named: true, access: "public" });`,
    each: `ets.insert("stock", ["item" + (n % 100), n]); ets.lookup("stock", "item" + (n % 100));`,
  },
  "an append to a log on disk": {
    before: `file = disk.log("sales");`,
    each: `await file.append({ n });`,
  },
  "a transaction": {
    before: `base = db("shop");`,
    each: `await base.tx((t) => { t.write("sales", n % 100, n); });`,
  },
  "an event of a durable stream": {
    before: `await start(stream({ partitions: 4 }), [], { name: "events" });`,
    each: `await stream.append("events", "key" + (n % 50), { n });`,
  },
};

const shopOf = ({ before = "", each }: { readonly before?: string; readonly each: string }) =>
  programOf(`
    import { ets, genServer, call, log, start } from "otp";
    import { db, disk, metrics, span, stream } from "world";
    let file: any; let base: any;
    export const shop = genServer<number, number>({
      async init() { ${before} return ["ok", 0]; },
      async handleCall(n, _from, sold) { ${each} return ["reply", sold + 1, sold + 1]; },
    });
    export async function customer(n: number) { await call("shop", n, { timeout: Infinity }); }
  `);

const world = (count: number): Scenario =>
  roomOf({
    horizonUs: 1_000_000 + count * 10_000,
    nodes: [{ name: "n1", cores: 1, disk: { appendUs: 20, syncUs: 200, bytes: 2 ** 40 } }],
    starts: [{ atUs: 0, node: "n1", file: "main.ts", run: "shop", args: [], name: "shop" }],
    loads: [
      {
        name: "customer",
        node: "n1",
        file: "main.ts",
        run: "customer",
        args: [],
        phases: [{ untilUs: count * 5_000, perSecond: 200 }],
      },
    ],
  });

export function measureWorld(): Figure[] {
  const shops = Object.entries(THINGS).map(([name, thing]) => {
    const program = shopOf(thing);
    const events = eventCountOf(run(program, world(REQUESTS)));
    return { name, program, events, rates: [] as number[] };
  });
  for (let i = 0; i < REPEATS; i++) {
    for (const shop of shops) {
      const seconds = secondsOf(() => run(shop.program, world(REQUESTS), { keep: "digest" }));
      shop.rates.push(shop.events / seconds / 1000);
    }
  }
  const plain = median(shops[0]?.rates ?? [1]);
  const figures = shops.flatMap(({ name, rates }) => {
    const rate = median(rates);
    const speed = { name: `a shop with ${name}`, value: round(rate), unit: "k events/s" };
    const ratio = {
      name: `a shop with ${name} ÷ plain`,
      value: round(rate / plain),
      unit: "ratio",
    };
    return rates === shops[0]?.rates ? [speed] : [speed, ratio];
  });
  return [...figures, ...longRun()];
}

/** What each further request of a long run leaves behind: nothing, when only the trace grows. */
function longRun(): Figure[] {
  const thing = THINGS["a counter, a histogram and a span"] as { readonly each: string };
  const program = shopOf(thing);
  // The first run is thrown away: what it leaves is mostly the engine's own code, compiled.
  const [, short = 0, long = 0] = [REQUESTS, REQUESTS, 10 * REQUESTS].map((count) =>
    heldBy(program, world(count)),
  );
  const bytes = (long - short) / (9 * REQUESTS);
  return [{ name: "left behind by a request, digest alone", value: round(bytes), unit: "B" }];
}

/** Bytes that a finished cluster keeps alive. */
function heldBy(program: ReturnType<typeof programOf>, scenario: Scenario): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const before = process.memoryUsage();
  const cluster = clusterOf(program, scenario, { keep: "digest" });
  cluster.runToEnd();
  collect();
  const after = process.memoryUsage();
  if (!cluster.isOver) throw new Error("a run of the bench did not end");
  return after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
}
