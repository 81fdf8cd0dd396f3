// With a level a line goes to the node's logger, which writes graver lines only, and a little later.
// for: log, logger
import { log, sleep } from "otp";

export async function main() {
  log("info", "the shop is open");
  log("warning", { what: "stock is low", item: "tea", left: 2 });
  log("without a level: at once");
  await sleep(1);
}

// prints:
// 0 ms  main: without a level: at once
// 0.05 ms  logger: warning: what: stock is low, item: tea, left: 2
