/** How much happened when: the histogram behind the scrubber. */

import type { Trace } from "../../workers/kernel/trace.ts";

/** Rows in each of `buckets` equal stretches from 0 to the horizon. */
export function density(trace: Trace, horizonUs: number, buckets: number): Uint32Array {
  const counts = new Uint32Array(buckets);
  let before = 0;
  for (let i = 0; i < buckets; i++) {
    // Two searches of twenty steps a bucket: the rows themselves are not walked.
    const end = trace.upperBound(((i + 1) * horizonUs) / buckets);
    counts[i] = end - before;
    before = end;
  }
  return counts;
}

/** The histogram as an SVG path over `buckets` × `height`, tallest at full height. */
export function densityPath(counts: Uint32Array, height: number): string {
  const most = counts.reduce((max, count) => Math.max(max, count), 1);
  let path = `M0 ${height}`;
  counts.forEach((count, i) => {
    const y = Math.round((height - (count / most) * (height - 1)) * 10) / 10;
    path += `V${y}H${i + 1}`;
  });
  return `${path}V${height}Z`;
}
