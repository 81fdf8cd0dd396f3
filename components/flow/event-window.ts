/** Which rows of a trace an event list shows around a moment. */

import type { Trace } from "../../workers/kernel/trace.ts";

/** Rows shown before and after the middle one; with it, the list's elements stay below a hundred. */
export const ROWS_EACH_WAY = 40;
/** Rows searched each way for those of one process. */
const SEARCHED = 60_000;

export interface EventWindow {
  readonly rows: readonly number[];
  readonly hasEarlier: boolean;
  readonly hasLater: boolean;
}

/** Rows around `middle`, of one process when `process` is not 0, in order. */
export function eventWindow(trace: Trace, middle: number, process: number): EventWindow {
  const isShown = (row: number) =>
    process === 0 || trace.processOf(row) === process || trace.peerOf(row) === process;
  const before: number[] = [];
  let row = Math.min(middle, trace.rowCount - 1);
  const first = Math.max(0, row - SEARCHED);
  for (; row >= first && before.length <= ROWS_EACH_WAY; row--) if (isShown(row)) before.push(row);
  const after: number[] = [];
  let next = middle + 1;
  const last = Math.min(trace.rowCount, next + SEARCHED);
  for (; next < last && after.length < ROWS_EACH_WAY; next++) if (isShown(next)) after.push(next);
  return {
    rows: [...before.reverse(), ...after],
    hasEarlier: row >= 0,
    hasLater: next < trace.rowCount,
  };
}
