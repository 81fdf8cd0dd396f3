// Values by key, on the disk: reading takes time, too, and a missing key is no error.
// for: disk.kv
import { log, monotonic } from "otp";
import { disk } from "world";

export async function main() {
  const prices = disk.kv<number>("prices");
  await prices.put("tea", 3);
  await prices.put("tea", 4);
  log(`tea: ${await prices.get("tea")}, salt: ${await prices.get("salt")}`);
  log(`${prices.size} key, so far ${monotonic()} ms`);
  await prices.fsync();
  log(`and ${monotonic()} ms until it would outlive the node`);
}

// prints:
// 0.6 ms  main: tea: ok,4, salt: not_found
// 0.6 ms  main: 1 key, so far 0.6 ms
// 2.6 ms  main: and 2.6 ms until it would outlive the node
