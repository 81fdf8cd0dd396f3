// How busy the node is: three want the one core, so two are too many for it.
// for: statistics
import { log, sleep, spawn, statistics, work } from "otp";

export async function main() {
  for (const ms of [10, 20, 30]) spawn(work, [ms]);
  for (let i = 0; i < 3; i++) {
    await sleep(22);
    const { schedulers, runQueue, processCount } = statistics();
    log(`${schedulers} core, ${runQueue} waiting, ${processCount} processes`);
  }
}

// prints:
// 22 ms  main: 1 core, 2 waiting, 4 processes
// 44 ms  main: 1 core, 1 waiting, 3 processes
// 66 ms  main: 1 core, 0 waiting, 1 processes
