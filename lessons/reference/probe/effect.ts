// Facts of the shop, marked by a lesson's own files for its checks: what happened, what was seen.
// for: effect, observe
import { log, sleep } from "otp";
import { effect, observe } from "probe";

export async function main() {
  effect("sold", "order 17", 3);
  await sleep(10);
  observe("stock", 4);
  log("both are in the trace, and nothing else has changed");
}

// prints:
// 10 ms  main: both are in the trace, and nothing else has changed
