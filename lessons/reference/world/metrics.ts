// Counters only grow, gauges say how it stands now, histograms keep how values are distributed.
// for: metrics
import { log, random, work } from "otp";
import { metrics } from "world";

export async function main() {
  const served = metrics.counter("served", { till: "left" });
  const waiting = metrics.gauge("waiting");
  const took = metrics.histogram("took_ms");
  for (let left = 100; left > 0; left--) {
    waiting.set(left - 1);
    const ms = random() < 0.05 ? 50 : 2;
    await work(ms);
    took.observe(ms);
    served.inc();
  }
  const { mean, p50, p99 } = took.snapshot();
  log(`${served.value()} served, ${waiting.value()} waiting`);
  log(
    `mean ${mean.toFixed(1)}, median ${p50.toFixed(0)}, p99 ${p99.toFixed(0)} ms`,
  );
}

// prints:
// 536 ms  main: 100 served, 0 waiting
// 536 ms  main: mean 5.4, median 2, p99 50 ms
