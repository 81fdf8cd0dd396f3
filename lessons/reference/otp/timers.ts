// A timer is a message to come. It can be asked how long, and be cancelled until it has fired.
// for: sendAfter, cancelTimer, readTimer
import {
  cancelTimer,
  log,
  monotonic,
  readTimer,
  receive,
  sendAfter,
  sleep,
} from "otp";

export async function main() {
  const closing = sendAfter(100, "we are closing");
  const alarm = sendAfter(50, "fire");
  await sleep(30);
  log(`${readTimer(closing)} ms to closing time`);
  log(`no fire, ${cancelTimer(alarm)} ms before the alarm`);
  log(`${await receive<string>()}, at ${monotonic()} ms`);
  log(`too late: ${cancelTimer(closing)}`);
}

// prints:
// 30 ms  main: 70 ms to closing time
// 30 ms  main: no fire, 20 ms before the alarm
// 100 ms  main: we are closing, at 100 ms
// 100 ms  main: too late: false
