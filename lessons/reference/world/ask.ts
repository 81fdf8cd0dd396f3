// Leave is asked for, and given back when the job is done: the next in line goes on.
// for: ask, done
import { log, monotonic, sleep, spawn, startLink } from "otp";
import { ask, done, jobsQueue } from "world";

async function baker(name: string, timeout: number) {
  const [how, job] = await ask("oven", { timeout });
  if (how === "error") return log(`${name} waited too long: ${job}`);
  log(`${name} bakes from ${monotonic()} ms on`);
  await sleep(30);
  done("oven", job);
}

export async function main() {
  await startLink(jobsQueue({ limit: 1 }), [], { name: "oven" });
  spawn(baker, ["Ann", 100]);
  spawn(baker, ["Bob", 100]);
  spawn(baker, ["Eve", 40]);
  await sleep(100);
}

// prints:
// 0 ms  baker: Ann bakes from 0 ms on
// 30 ms  baker: Bob bakes from 30 ms on
// 40 ms  baker: Eve waited too long: timeout
