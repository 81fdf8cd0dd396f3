// Facts of the shop, marked by a lesson's own files for its checks: what happened, what was seen.
// for: effect, observe, accepted
import { log, sleep } from "otp";
import { accepted, effect, observe } from "probe";

export async function main() {
  accepted("order 17");
  effect("sold", "order 17", 3);
  await sleep(10);
  observe("stock", 4);
  log("all are in the trace, and nothing else has changed");
}

// prints:
// 10 ms  main: all are in the trace, and nothing else has changed
