// An alarm has a state: it comes on once, however often it is set, and goes off. Who asked is told.
// for: alarm
import { log, receive, sleep, spawn } from "otp";
import { type AlarmMessage, alarm } from "world";

async function thermometer() {
  alarm.set("too_warm", "warning", 9);
  alarm.set("too_warm", "warning", 9);
  await sleep(20);
  alarm.set("too_warm", "critical", 21);
  await sleep(20);
  alarm.clear("too_warm");
}

export async function main() {
  await alarm.subscribe();
  spawn(thermometer, []);
  for (let n = 0; n < 3; n++) {
    const { event, alarm: one } = await receive<AlarmMessage>();
    log(`${event}: ${one.id}, ${one.severity}, ${one.info} degrees`);
  }
  log(`still on: ${(await alarm.list()).length}`);
}

// prints:
// 0 ms  main: set: too_warm, warning, 9 degrees
// 20 ms  main: changed: too_warm, critical, 21 degrees
// 40 ms  main: cleared: too_warm, critical, 21 degrees
// 40 ms  main: still on: 0
