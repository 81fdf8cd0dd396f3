// No answer in time ends the caller, not the request: that is still in the mailbox, and is carried out.
// for: call
import { call, Exit, genServer, log, startLink, work } from "otp";

const till = genServer<number>({
  init: () => ["ok", 0],
  async handleCall(_request, _from, sold) {
    await work(80);
    log(`sold number ${sold + 1}`);
    return ["reply", "sold", sold + 1];
  },
});

export async function main() {
  await startLink(till, [], { name: "till" });
  try {
    await call("till", "sell", { timeout: 50 });
  } catch (thrown) {
    if (thrown instanceof Exit) log("gave up waiting");
  }
}

// prints:
// 50 ms  main: gave up waiting
// 80 ms  till: sold number 1
