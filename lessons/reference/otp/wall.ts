// The wall clock says what day it is, and is sometimes wrong: here it is set back while work goes on.
// for: wall, monotonic
// world: {"faults":[{"kind":"skew","node":"n1","byUs":-500000,"atUs":1000000}]}
import { log, monotonic, sleep, wall } from "otp";

/** New Year's Day 2026, in ms since 1970. */
const NEW_YEAR = 1_767_225_600_000;

export async function main() {
  const before = { wall: wall(), monotonic: monotonic() };
  log(`${before.wall - NEW_YEAR} ms into the year`);
  await sleep(1_500);
  log(`by the wall it took ${wall() - before.wall} ms`);
  log(`in truth it took ${monotonic() - before.monotonic} ms`);
}

// prints:
// 0 ms  main: 0 ms into the year
// 1500 ms  main: by the wall it took 1000 ms
// 1500 ms  main: in truth it took 1500 ms
