import "server-only";
import { REPRODUCTIONS } from "../workers/reproduce/catalog.ts";
import { NOT_REPRODUCED, type NotReproduced } from "../workers/reproduce/not-reproduced.ts";
import type { Reproduction, Row, Sample } from "../workers/reproduce/reproduction.ts";

/** A row before anything was run: what the source states, and where ours has to lie. */
export type PlannedRow = Omit<Row, "ours" | "inside">;

/** What is known of a published result without making one trial. */
export interface PublishedResult extends Omit<Reproduction, "trial" | "conclude"> {
  readonly rows: readonly PlannedRow[];
}

/** More numbers than any trial gives whose place in the sample matters by itself. */
const SAMPLE_LENGTH = 512;

/** All results that are made again, in the order of their numbers. Nothing is run. */
export function readResults(): PublishedResult[] {
  return REPRODUCTIONS.map((reproduction) => {
    const { trial: _, conclude: __, ...said } = reproduction;
    return { ...said, rows: plannedRows(reproduction) };
  });
}

/** The numbers of the same sources that are not made again, and why. */
export function readNotReproduced(): readonly NotReproduced[] {
  return NOT_REPRODUCED;
}

/**
 * The rows that all trials together will give, without our numbers. Only `conclude` knows them, so
 * it is asked about trials that gave nothing but ones; what it computes from those is left out. A
 * test holds these rows to what real trials give.
 */
export function plannedRows(reproduction: Reproduction): PlannedRow[] {
  const blank: Sample = Array.from({ length: SAMPLE_LENGTH }, () => 1);
  const rows = reproduction.conclude(Array.from({ length: reproduction.trialCount }, () => blank));
  return rows.map(({ what, unit, published, band, point }) => ({
    what,
    unit,
    published,
    band,
    ...(point && { point }),
  }));
}
