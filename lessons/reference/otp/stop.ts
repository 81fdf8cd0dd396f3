// Stopping waits until the server has said its last words and is gone.
// for: stop
import { genServer, log, startLink, stop, whereis, work } from "otp";

const till = genServer<number>({
  init: () => ["ok", 120],
  async terminate(reason, cash) {
    await work(5);
    log(`counted ${cash}, ${reason}`);
  },
});

export async function main() {
  await startLink(till, [], { name: "till" });
  await stop("till");
  log(`till is ${whereis("till")}`);
}

// prints:
// 5 ms  till: counted 120, normal
// 5 ms  main: till is undefined
