// A yield that finds nothing is no failure: ask again, or end the task and take what there is.
// for: task.yield, task.shutdown
import { log, sleep, task } from "otp";

async function report() {
  await sleep(100);
  return "all is well";
}

export async function main() {
  const one = task.async(report);
  log(`after 50 ms: ${await task.yield(one, 50)}`);
  log(`50 more: ${await task.yield(one, 60)}`);

  const other = task.async(report);
  log(`cut short: ${await task.shutdown(other, "brutal_kill")}`);
}

// prints:
// 50 ms  main: after 50 ms: undefined
// 100 ms  main: 50 more: ok,all is well
// 100 ms  main: cut short: undefined
