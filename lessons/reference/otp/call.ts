// Asking waits for the answer; telling goes on at once, and nobody says whether it was heard.
// for: call, cast
import { call, cast, genServer, log, monotonic, startLink, work } from "otp";

const till = genServer<number, "total", number>({
  init: () => ["ok", 0],
  handleCall: (_total, _from, total) => ["reply", total, total],
  async handleCast(price, total) {
    await work(10);
    return ["noreply", total + price];
  },
});

export async function main() {
  await startLink(till, [], { name: "till" });
  cast("till", 3);
  cast("till", 4);
  log(`told by ${monotonic()} ms`);
  log(`total ${await call("till", "total")}, answered at ${monotonic()} ms`);
}

// prints:
// 0 ms  main: told by 0 ms
// 20 ms  main: total 7, answered at 20 ms
