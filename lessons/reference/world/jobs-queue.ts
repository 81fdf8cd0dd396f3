// A queue with a bound says no at once, instead of letting everybody wait for ever.
// for: jobsQueue, runJob, queueInfo
import { log, monotonic, sleep, spawn, startLink, work } from "otp";
import { jobsQueue, queueInfo, runJob } from "world";

async function customer(name: string) {
  try {
    await runJob("till", () => work(20, { kind: "io" }));
    log(`${name} is served at ${monotonic()} ms`);
  } catch (thrown) {
    log(`${name} is turned away: ${(thrown as { reason: unknown }).reason}`);
  }
}

export async function main() {
  await startLink(jobsQueue({ limit: 1, maxSize: 2 }), [], { name: "till" });
  for (const name of ["Ann", "Bob", "Eve", "Joe"]) spawn(customer, [name]);
  await sleep(100);
  const { approved, rejected } = await queueInfo("till");
  log(`${approved} served, ${rejected} not`);
}

// prints:
// 0 ms  customer: Joe is turned away: rejected
// 20 ms  customer: Ann is served at 20 ms
// 40 ms  customer: Bob is served at 40 ms
// 60 ms  customer: Eve is served at 60 ms
// 100 ms  main: 3 served, 1 not
