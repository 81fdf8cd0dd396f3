// Every behaviour answers system messages: what is its state, wait a moment, go on.
// for: sys
import { cast, genServer, log, sleep, startLink, sys } from "otp";

const till = genServer<number, never, number>({
  init: () => ["ok", 0],
  handleCast(price, total) {
    log(`took ${price}`);
    return ["noreply", total + price];
  },
});

export async function main() {
  await startLink(till, [], { name: "till" });
  await sys.suspend("till");
  cast("till", 5);
  await sleep(10);
  log(`suspended, with ${await sys.getState("till")}`);
  await sys.resume("till");
  log(`then ${await sys.getState("till")}`);
  log(`corrected: ${await sys.replaceState<number>("till", (total) => total - 1)}`);
}

// prints:
// 10 ms  main: suspended, with 0
// 10 ms  till: took 5
// 10 ms  main: then 5
// 10 ms  main: corrected: 4
