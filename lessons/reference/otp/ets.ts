// A table belongs to a process and ends with it; an heir gets it instead, with all that is in it.
// for: ets
import { ets, log, receive, self, sleep, spawn } from "otp";

async function counter(heir: ReturnType<typeof self>) {
  const sold = ets.new("sold", { heir: [heir, "take care of it"] });
  ets.insert(sold, [
    ["tea", 3],
    ["salt", 1],
  ]);
  ets.updateCounter(sold, "tea", 4);
  await sleep(10);
}

export async function main() {
  spawn(counter, [self()]);
  const { tag, table, data } = await receive();
  log(`${tag}: ${data}`);
  log(`${ets.lookup(table, "tea")}`);
  log(`${ets.info(table)?.size} objects`);
}

// prints:
// 10 ms  main: ETS-TRANSFER: take care of it
// 10 ms  main: tea,7
// 10 ms  main: 2 objects
