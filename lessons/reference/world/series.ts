// Figures over time: what a counter grew by, and how fast the error budget burns.
// for: series
import { log } from "otp";
import { series } from "world";

export async function main() {
  const minute = 60_000;
  // The process behind it began anew in the fourth minute.
  const served = series.of(minute, [0, 60, 180, 30, 90]);
  log(`a second: ${series.rate(served).values}`);
  const requests = series.of(minute, [100, 100, 100, 100]);
  const errors = series.of(minute, [0, 0, 2, 2]);
  const burn = series.burnRate(errors, requests, {
    objective: 0.999,
    windowMs: 2 * minute,
  });
  log(
    `burns ${burn.values.map((rate) => rate.toFixed(0))} times as fast as it may`,
  );
}

// prints:
// 0 ms  main: a second: 0,1,2,0.5,1
// 0 ms  main: burns 0,0,10,20 times as fast as it may
