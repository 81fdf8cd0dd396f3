// Percentiles cannot be averaged; histograms can be merged, and then be asked.
// for: metrics.merge, metrics.percentile
import { log } from "otp";
import { metrics } from "world";

export async function main() {
  const quick = metrics.histogram("ms", { node: "quick" });
  const slow = metrics.histogram("ms", { node: "slow" });
  for (let n = 1; n <= 900; n++) quick.observe(10);
  for (let n = 1; n <= 100; n++) slow.observe(500);
  const both = metrics.merge(quick.snapshot(), slow.snapshot());
  const [low, high] = [quick.snapshot().p95, slow.snapshot().p95];
  log(`mean of the two p95: ${Math.round((low + high) / 2)}`);
  log(`p95 of all: ${Math.round(both.p95)}`);
  log(`p89: ${Math.round(metrics.percentile(both, 89))}`);
}

// prints:
// 0 ms  main: mean of the two p95: 255
// 0 ms  main: p95 of all: 500
// 0 ms  main: p89: 10
