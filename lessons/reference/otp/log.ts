// A line in the trace, with the time and the process beside it: here, and in the event list.
// for: log
import { log, sleep } from "otp";

export async function main() {
  log("the shop is open");
  await sleep(8.5);
  log(`sold: ${JSON.stringify({ item: "tea", price: 3 })}`);
}

// prints:
// 0 ms  main: the shop is open
// 8.5 ms  main: sold: {"item":"tea","price":3}
