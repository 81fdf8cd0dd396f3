// With the reference in the message, a timer that was set before cannot be taken for the present one.
// for: startTimer
import { log, receive, startTimer, when } from "otp";

export async function main() {
  startTimer(10, "first try");
  const second = startTimer(20, "second try");
  await receive([
    when({ tag: "timeout", ref: second }, ({ message }) =>
      log(`${message} is over`),
    ),
  ]);
  log(`still there: ${(await receive()).message}`);
}

// prints:
// 20 ms  main: second try is over
// 20 ms  main: still there: first try
