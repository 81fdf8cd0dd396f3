// A lock of the cluster: who has it acts alone, on all nodes; the others try again after random times.
// for: global.trans, global.setLock, global.delLock
import { global, log, self, sleep, spawn } from "otp";

async function count(name: string) {
  await global.trans(["stock", self()], async () => {
    log(`${name} counts`);
    await sleep(20);
    log(`${name} is done`);
  });
}

export async function main() {
  spawn(count, ["Ann"]);
  spawn(count, ["Bob"]);
  await sleep(10);
  log(`without waiting: ${await global.setLock(["stock", self()], ["n1"], 0)}`);
}

// prints:
// 0 ms  count: Ann counts
// 10 ms  main: without waiting: false
// 20 ms  count: Ann is done
// 206 ms  count: Bob counts
// 226 ms  count: Bob is done
