// Consumers of one group share the partitions; another group gets everything as well.
// for: stream.consumer
// world: {"horizonUs":1000000}
import { log, sleep, spawn, startLink } from "otp";
import { stream } from "world";

async function reader(name: string, group: string) {
  const consumer = stream.consumer<string>("orders", { group });
  for (;;) {
    const records = await consumer.poll({ ms: 200 });
    if (records.length > 0)
      log(`${name}: ${records.map(({ value }) => value).sort()}`);
    await consumer.commit();
  }
}

export async function main() {
  await startLink(stream({ partitions: 4 }), [], { name: "orders" });
  for (const name of ["Ann", "Bob"]) spawn(reader, [name, "kitchen"]);
  spawn(reader, ["Eve", "billing"]);
  await sleep(100);
  for (const item of ["tea", "soup", "rice", "fish"])
    await stream.append("orders", item, item);
  await sleep(500);
}

// prints:
// 102.7 ms  reader: Bob: tea
// 102.7 ms  reader: Eve: tea
// 107.3 ms  reader: Bob: soup
// 107.3 ms  reader: Eve: soup
// 109.5 ms  reader: Ann: rice
// 111.9 ms  reader: Eve: rice
// 114.3 ms  reader: Ann: fish
// 116.5 ms  reader: Eve: fish
