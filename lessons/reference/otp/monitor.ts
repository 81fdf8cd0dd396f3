// A monitor brings one DOWN, whenever its process ends, or at once when there is none.
// for: monitor, demonitor
import { demonitor, log, monitor, receive, sleep, spawn } from "otp";

const courier = (ms: number) => sleep(ms);

export async function main() {
  const ref = monitor(spawn(courier, [30]));
  const other = monitor(spawn(courier, [10]));
  demonitor(other);
  const down = await receive();
  log(`${down.tag}, mine: ${down.ref === ref}, reason ${down.reason}`);

  monitor(down.object);
  log(`once more: ${(await receive()).reason}`);
}

// prints:
// 30 ms  main: DOWN, mine: true, reason normal
// 30 ms  main: once more: noproc
