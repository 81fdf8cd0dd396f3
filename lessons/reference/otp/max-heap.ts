// A bound on what waits for a process: past it the process is killed, and its mailbox with it.
// for: maxHeap
import { log, maxHeap, receive, send, sleep, spawnMonitor, when } from "otp";

async function reader() {
  maxHeap(10_000);
  await sleep(1_000);
}

export async function main() {
  const [pid, ref] = spawnMonitor(reader, []);
  const line = "a line of a hundred letters or so ".repeat(3);
  for (let count = 1; count <= 100; count++) {
    send(pid, { line });
    const end = await receive([when({ ref }, ({ reason }) => reason)], {
      after: 1,
    });
    if (end === undefined) continue;
    log(`${end} with message ${count}`);
    return;
  }
}

// prints:
// 36 ms  main: killed with message 37
