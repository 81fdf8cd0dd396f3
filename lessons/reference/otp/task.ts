// Begin first, wait later: three prices in the time of the slowest.
// for: task.async, task.await, task.awaitMany
import { log, monotonic, task, work } from "otp";

async function priceOf(shop: string, ms: number) {
  await work(ms, { kind: "io" });
  return `${shop}: ${ms}`;
}

export async function main() {
  const tasks = [
    task.async(priceOf, ["corner", 30]),
    task.async(priceOf, ["market", 10]),
    task.async(priceOf, ["far away", 50]),
  ];
  log((await task.awaitMany(tasks)).join(", "));
  log(`after ${monotonic()} ms`);
}

// prints:
// 50 ms  main: corner: 30, market: 10, far away: 50
// 50 ms  main: after 50 ms
