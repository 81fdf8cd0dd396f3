// A request that begins late was meant to begin earlier: measured from then, the wait counts.
// for: intended
// world: {"starts":[],"loads":[{"kind":"closed","name":"user","node":"n1","file":"main.ts","run":"main","args":[],"users":1,"think":{"kind":"det","us":0},"everyUs":25000,"fromUs":0,"untilUs":100000}]}
import { log, monotonic, sleep } from "otp";
import { intended } from "world";

export async function main() {
  log(`begun at ${monotonic()}, meant for ${intended()} ms`);
  await sleep(40);
}

// prints:
// 0 ms  user: begun at 0, meant for 0 ms
// 40 ms  user: begun at 40, meant for 25 ms
// 80 ms  user: begun at 80, meant for 50 ms
