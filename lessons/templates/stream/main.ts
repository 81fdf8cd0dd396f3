// Orders stand in a stream; Ann and Bob share its partitions. At 6 s Bob is
// killed: what he had read and not committed, Ann reads again. At least
// once, that is; nothing is lost.
import { log, sleep, work } from "otp";
import { stream } from "world";

/**
 * Keeps what it has promised to keep, in four partitions on the broker's
 * disk.
 */
export const orders = stream({ partitions: 4 });

const BROKER = { name: "orders", node: "broker" };

/**
 * Some forty orders a second; those of one customer stay in their order.
 */
export async function shop() {
  for (let id = 1; id <= 300; id++) {
    await stream.append(BROKER, `customer ${id % 10}`, id);
    await sleep(10);
  }
}

/**
 * Reads up to ten at a time, does them, and only then says so. Try: commit
 * before the work.
 */
export async function packer(name: string) {
  const consumer = stream.consumer<number>(BROKER, {
    group: "packers",
    batch: 10,
  });
  let shared = "";
  for (;;) {
    const records = await consumer.poll({ ms: 200 });
    if (shared !== String(consumer.assigned())) {
      shared = String(consumer.assigned());
      log(`${name} has partitions ${shared || "none"}`);
    }
    for (const { value } of records) {
      await work(50);
      log(`${name} packed order ${value}`);
    }
    if (records.length > 0) await consumer.commit();
  }
}
