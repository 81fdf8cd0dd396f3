// Events are kept, in order for each key; a group reads on from where it last committed.
// for: stream
import { log, receive, spawnMonitor, startLink } from "otp";
import { stream } from "world";

async function billing(count: number) {
  const reader = stream.consumer<string>("orders", {
    group: "billing",
    batch: count,
  });
  const records = await reader.poll();
  log(records.map(({ offset, value }) => `${offset}: ${value}`).join(", "));
  await reader.commit(records[0]);
}

export async function main() {
  await startLink(stream({ partitions: 1 }), [], { name: "orders" });
  for (const item of ["tea", "salt", "milk"])
    await stream.append("orders", 17, item);
  spawnMonitor(billing, [2]);
  await receive();
  log(`not done yet: ${(await stream.lag("orders", "billing")).records}`);
  spawnMonitor(billing, [5]);
  await receive();
}

// prints:
// 9 ms  billing: 0: tea, 1: salt
// 11.2 ms  main: not done yet: 2
// 13.4 ms  billing: 1: salt, 2: milk
