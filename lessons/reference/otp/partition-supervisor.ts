// Work is divided by key: one key always meets the same process, and different ones meet several.
// for: partitionSupervisor, partitionOf, partitionCount
import {
  call,
  genServer,
  log,
  partitionCount,
  partitionOf,
  partitionSupervisor,
  startLink,
} from "otp";

const till = genServer<number, string>({
  init: () => ["ok", 0],
  handleCall: (_customer, _from, served) => ["reply", served + 1, served + 1],
});

export async function main() {
  const tills = partitionSupervisor({ child: { start: [till] }, partitions: 3 });
  await startLink(tills, [], { name: "tills" });
  log(`${partitionCount("tills")} tills`);
  for (const customer of [1, 2, 4, 1]) {
    const number = await call(partitionOf("tills", customer), "pay");
    log(`customer ${customer} is number ${number} there`);
  }
}

// prints:
// 0 ms  main: 3 tills
// 0 ms  main: customer 1 is number 1 there
// 0 ms  main: customer 2 is number 1 there
// 0 ms  main: customer 4 is number 2 there
// 0 ms  main: customer 1 is number 3 there
