// A figure that is watched: on at one bound, off at a lower one, so that it does not flap.
// for: alarm.watch
import { log, receive, sleep, when } from "otp";
import { alarm } from "world";

export async function main() {
  let waiting = 0;
  await alarm.subscribe();
  alarm.watch("queue", {
    severity: "minor",
    look: () => waiting,
    setAt: 100,
    clearAt: 50,
    everyMs: 10,
  });
  for (const figure of [80, 120, 90, 110, 40, 60]) {
    waiting = figure;
    await sleep(10);
    const news = [when({ tag: "alarm" }, ({ event }) => `, alarm ${event}`)];
    log(`${waiting}${await receive(news, { after: 0, otherwise: () => "" })}`);
  }
}

// prints:
// 10 ms  main: 80
// 20 ms  main: 120, alarm set
// 30 ms  main: 90
// 40 ms  main: 110
// 50 ms  main: 40, alarm cleared
// 60 ms  main: 60
