/**
 * Where faults stand under the time line: each in the first row in which it touches no other. What
 * is too short for its label has it beside it, and takes up that much more room.
 */
import type { FaultSpec } from "../../workers/kernel/scenario.ts";
import { endUs, type Plan } from "./fault-plan.ts";

/** Rows that are shown; faults past them are counted. */
export const ROW_COUNT_MAX = 4;

/** The room that a fault takes up, band and label together; µs. */
export interface Room {
  readonly fromUs: number;
  readonly toUs: number;
  /** Where its label stands. */
  readonly label: "inside" | "after" | "before";
}

export interface Spot extends Room {
  /** Place of the fault in the plan. */
  readonly index: number;
  readonly row: number;
}

export interface Rows {
  readonly spots: readonly Spot[];
  readonly rowCount: number;
  /** Faults for which there was no row left. */
  readonly moreCount: number;
}

/** The room of one fault whose label needs `labelUs` of the line. */
export function roomOf(fault: FaultSpec, labelUs: number, horizonUs: number): Room {
  const fromUs = Math.min(fault.atUs, horizonUs);
  const toUs = endUs(fault, horizonUs);
  if (toUs - fromUs >= labelUs) return { fromUs, toUs, label: "inside" };
  if (toUs + labelUs <= horizonUs || fromUs < labelUs)
    return { fromUs, toUs: Math.min(horizonUs, toUs + labelUs), label: "after" };
  return { fromUs: fromUs - labelUs, toUs, label: "before" };
}

/** Rows of a plan: earliest first, each as high up as there is room. */
export function rowsOf(
  plan: Plan,
  horizonUs: number,
  labelUsOf: (fault: FaultSpec) => number,
): Rows {
  const rooms = plan.map((fault, index) => ({
    index,
    ...roomOf(fault, labelUsOf(fault), horizonUs),
  }));
  const ends: number[] = [];
  const spots: Spot[] = [];
  for (const room of rooms.toSorted((a, b) => a.fromUs - b.fromUs || a.index - b.index)) {
    const free = ends.findIndex((end) => end <= room.fromUs);
    const row = free < 0 ? ends.length : free;
    if (row >= ROW_COUNT_MAX) continue;
    ends[row] = room.toUs;
    spots.push({ ...room, row });
  }
  return { spots, rowCount: ends.length, moreCount: plan.length - spots.length };
}
