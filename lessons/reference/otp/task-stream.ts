// A stream keeps a few tasks going at a time, and gives their results in the order of the items.
// for: task.asyncStream
import { log, monotonic, task, work } from "otp";

async function wrap(gift: string) {
  await work(gift.length * 10, { kind: "io" });
  return `${gift} at ${monotonic()}`;
}

export async function main() {
  const gifts = ["a bicycle", "tea", "salt", "a book"];
  for await (const [, said] of task.asyncStream(gifts, wrap, {
    maxConcurrency: 2,
  })) {
    log(String(said));
  }
}

// prints:
// 90 ms  main: a bicycle at 90
// 90 ms  main: tea at 30
// 90 ms  main: salt at 70
// 130 ms  main: a book at 130
