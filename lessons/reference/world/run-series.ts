// A judge looks at thirty days of traffic, minute by minute, and says when somebody is to be woken.
// for: runSeries, trafficSeries
// world: {"horizonUs":300000000000}
import { log } from "otp";
import { type Past, runSeries, trafficSeries } from "world";

const hour = 3_600_000;
const outage = {
  kind: "outage",
  fromMs: 30 * hour,
  forMs: hour / 2,
  errorShare: 0.2,
};

const judge = (past: Past) => {
  const options = { objective: 0.999, windowMs: hour };
  return past.burnRate("errors", "requests", options) > 14.4 ? ["fast_burn"] : [];
};

export async function main() {
  const table = trafficSeries({
    seed: 1,
    buckets: 3 * 24 * 60,
    incidents: [outage],
  });
  for (const { id, setMs, clearedMs = 0 } of await runSeries(judge, table)) {
    log(`${id} ${(setMs - outage.fromMs) / 60_000} min after it began`);
    log(
      `and ${(clearedMs - outage.fromMs - outage.forMs) / 60_000} min longer than it`,
    );
  }
}

// prints:
// 259200000 ms  main: fast_burn 5 min after it began
// 259200000 ms  main: and 56 min longer than it
