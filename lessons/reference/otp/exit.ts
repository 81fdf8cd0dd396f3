// With a pid, exit is a signal to another process; without one, the end of the running one.
// for: exit, isProcessAlive
import { exit, isProcessAlive, log, sleep, spawn } from "otp";

async function cleaner() {
  await sleep(10);
  exit("shift is over");
}

export async function main() {
  const tidy = spawn(cleaner, []);
  const asleep = spawn(() => sleep(Number.POSITIVE_INFINITY), []);
  exit(asleep, "kill");
  await sleep(5);
  log(`killed: ${isProcessAlive(asleep)}, at work: ${isProcessAlive(tidy)}`);
  await sleep(10);
  log(`after its shift: ${isProcessAlive(tidy)}`);
}

// prints:
// 5 ms  main: killed: false, at work: true
// 15 ms  main: after its shift: false
