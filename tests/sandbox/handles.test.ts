import { expect, it } from "vitest";
import { play } from "../engine/room.ts";

/**
 * What the modules hand out while a program runs is not there when a worker's realm is locked down.
 * So whatever class stands behind it has to be frozen by itself, or a run could change it for the next.
 */
it("behind every handle of the world stands a plain object, or a class that is frozen", () => {
  const { said, crashes } = play(`
    import { db, disk, hashRing, metrics, retryBudget, ring, series, stream, telemetry, tokenBucket, topic, pool, provider, jobsQueue } from "world";
    import { ets, task } from "otp";
    export const orders = stream({ durable: false });
    export async function main() {
      await start(orders, [], { name: "orders" });
      await stream.append("orders", "key", 1);
      const consumer = stream.consumer("orders", { group: "g" });
      const shop = db("shop");
      const handles = {
        bucket: tokenBucket({ perSecond: 1, burst: 1 }), budget: retryBudget({ perRequest: 0.1, burst: 1 }),
        log: disk.log("a"), kv: disk.kv("b"), shop, consumer, records: await consumer.poll({ ms: 10 }),
        topic: topic("t"), ring: ring({ partitions: 4, nodes: ["a"] }), circle: hashRing({ nodes: ["a"] }),
        counter: metrics.counter("c"), gauge: metrics.gauge("g"), histogram: metrics.histogram("h"),
        snapshot: metrics.histogram("h").snapshot(), meter: metrics.meter("m"), spiral: metrics.spiral("s"),
        series: series.of(1000, [1, 2, 3]), pool: pool({ size: 1, worker: orders }), provider: provider({}),
        jobs: jobsQueue({ limit: 1 }), table: ets.new("t"), task: task.async(() => 1),
      };
      await shop.tx((t) => { handles.transaction = t; });
      for (const [name, handle] of Object.entries(handles)) {
        let one = typeof handle === "object" && handle !== null ? Object.getPrototypeOf(handle) : null;
        const common = [Object.prototype, Array.prototype, null, Object.getPrototypeOf(sleep(0))];
        if (common.includes(one)) log(name + " plain");
        else log(name + (Object.isFrozen(one) && Object.isFrozen(one.constructor) ? " frozen" : " OPEN"));
      }
    }`);
  expect(crashes.map(({ message }) => message)).toEqual([]);
  expect(said.length).toBeGreaterThan(20);
  expect(said.filter((line) => line.endsWith("OPEN"))).toEqual([]);
  expect(said).toContain("bucket frozen");
  expect(said).toContain("transaction frozen");
});
