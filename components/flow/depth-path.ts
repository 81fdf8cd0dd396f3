/** A mailbox's depth over time as a path: the largest in each pixel, so no peak is lost. */

import { type Series, upperBound } from "./tables.ts";

/** Points that a path has at most. */
const POINT_COUNT_MAX = 1000;

/** The largest depth in each of `buckets` stretches from 0 to `untilUs`; depth lasts until it changes. */
export function depthPeaks(
  series: Series | undefined,
  untilUs: number,
  buckets: number,
): { readonly peaks: Uint32Array; readonly known: number } {
  const count = Math.min(buckets, POINT_COUNT_MAX);
  const peaks = new Uint32Array(count);
  if (series === undefined || series.count === 0) return { peaks, known: 0 };
  const lastAt = series.at[series.count - 1] as number;
  let i = 0;
  let depth = 0;
  for (let bucket = 0; bucket < count; bucket++) {
    const end = ((bucket + 1) * untilUs) / count;
    let most = depth;
    while (i < series.count && (series.at[i] as number) < end) {
      depth = series.size[i++] as number;
      if (depth > most) most = depth;
    }
    peaks[bucket] = most;
  }
  return { peaks, known: Math.min(count, Math.ceil((lastAt / untilUs) * count)) };
}

/** The depth that holds at `at`. */
export function depthAt(series: Series | undefined, at: number): number {
  if (series === undefined) return 0;
  const i = upperBound(series.at, series.count, at) - 1;
  return i < 0 ? 0 : (series.size[i] as number);
}
