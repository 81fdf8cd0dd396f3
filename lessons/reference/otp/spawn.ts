// A process runs on its own: whoever spawned it goes on at once. Its arguments are copies.
// for: spawn
import { log, sleep, spawn } from "otp";

async function customer(name: string, ms: number) {
  log(`${name} comes in`);
  await sleep(ms);
  log(`${name} leaves`);
}

export async function main() {
  spawn(customer, ["Ann", 20]);
  spawn(customer, ["Bob", 10], { name: "bob" });
  log("the shop is open");
}

// prints:
// 0 ms  main: the shop is open
// 0 ms  customer: Ann comes in
// 0 ms  bob: Bob comes in
// 10 ms  bob: Bob leaves
// 20 ms  customer: Ann leaves
