// A log outlives its node as far as it was synced. Here n1 is killed at 10 ms, and begins anew at 20 ms.
// for: disk.log
// world: {"faults":[{"kind":"crash","node":"n1","atUs":10000},{"kind":"restart","node":"n1","atUs":20000}]}
import { log } from "otp";
import { disk } from "world";

export async function main() {
  const orders = disk.log<string>("orders");
  for (const [number, order] of await orders.read())
    log(`found ${number}: ${order}`);
  if (orders.length > 0) return;

  await orders.append("tea");
  await orders.append("salt");
  await orders.fsync();
  await orders.append("milk");
  log(`written: ${orders.length}`);
}

// prints:
// 2.7 ms  main: written: 3
// 20.1 ms  main: found 0: tea
// 20.1 ms  main: found 1: salt
