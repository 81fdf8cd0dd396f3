// Telling a person. Too many messages are no message: past 20 in a minute they are held back.
// for: notify
import { log } from "otp";
import { notify } from "world";

export async function main() {
  const outcomes = Array.from({ length: 25 }, (_, n) =>
    notify("page", `alarm ${n}`),
  );
  log(`sent ${outcomes.filter((one) => one === "sent").length}`);
  log(`suppressed ${outcomes.filter((one) => one === "suppressed").length}`);
}

// prints:
// 0 ms  main: sent 20
// 0 ms  main: suppressed 5
