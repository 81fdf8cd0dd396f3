// Looking at a process does not disturb it: here a clerk who falls behind.
// for: processInfo
import { log, processInfo, receive, send, sleep, spawn, work } from "otp";

async function clerk() {
  for (;;) {
    await receive();
    await work(10);
  }
}

export async function main() {
  const pid = spawn(clerk, []);
  for (let n = 1; n <= 9; n++) send(pid, { order: n });
  for (let n = 0; n < 3; n++) {
    await sleep(22);
    const info = processInfo(pid);
    log(`${info?.messageQueueLen} waiting, ${info?.status}`);
  }
  await sleep(100);
  log(`at last: ${processInfo(pid)?.status}`);
}

// prints:
// 22 ms  main: 6 waiting, running
// 44 ms  main: 4 waiting, running
// 66 ms  main: 2 waiting, running
// 166 ms  main: at last: waiting
