// Sleeping takes virtual time and no core. Messages that come meanwhile wait in the mailbox.
// for: sleep, monotonic
import { log, monotonic, receive, self, sendAfter, sleep } from "otp";

export async function main() {
  sendAfter(10, "the phone", self());
  await sleep(1_000);
  log(`awake at ${monotonic()} ms`);
  log(`${await receive<string>()} rang while I slept`);
}

// prints:
// 1000 ms  main: awake at 1000 ms
// 1000 ms  main: the phone rang while I slept
