/**
 * The numbers of a result before, while and after it is made: a planned row is what the source
 * states, and gets our number once a trial has told it.
 */
import type { Band, Row } from "../../workers/reproduce/reproduction.ts";

/** A row before anything was run. */
export type PlannedRow = Omit<Row, "ours" | "inside">;

/** A row as the page shows it: without `ours` nothing has told it yet. */
export type ShownRow = PlannedRow & Partial<Pick<Row, "ours" | "inside">>;

/** Where our number lies: in its band, on which side of it, or, being no number, merely outside. */
export type Place = "inside" | "above" | "below" | "outside";

/** The planned rows with what was made of them so far. A row that nobody planned comes last. */
export function mergeRows(planned: readonly PlannedRow[], made: readonly Row[]): ShownRow[] {
  const byWhat = new Map(made.map((row) => [row.what, row]));
  const known = planned.map((row) => byWhat.get(row.what) ?? row);
  const names = new Set(planned.map(({ what }) => what));
  return [...known, ...made.filter(({ what }) => !names.has(what))];
}

/** Where a made row lies; undefined for one that is not made. */
export function placeOf({ ours, inside, band }: ShownRow): Place | undefined {
  if (ours === undefined) return undefined;
  if (inside) return "inside";
  if (ours < band.low) return "below";
  return ours > band.high ? "above" : "outside";
}

/** What a row's place is called. While trials are still missing it may change, and says so. */
export function placeText(place: Place, isFinal: boolean): string {
  const words = place === "inside" || place === "outside" ? place : `outside, ${place}`;
  return isFinal ? words : `${words} so far`;
}

export function publishedText({ published, unit }: PlannedRow): string {
  if (published === undefined) return "–";
  return typeof published === "string" ? published : inUnits(published, unit);
}

export function oursText({ ours, unit }: ShownRow): string {
  return ours === undefined ? "–" : inUnits(ours, unit);
}

/** A band in numbers, or in its own words where an end is open; what it was laid around is beside it. */
export function bandText({ low, high, around }: Band): string {
  if (low === Number.NEGATIVE_INFINITY || (high === Number.POSITIVE_INFINITY && low !== high))
    return around;
  const [from, to] = [numberText(low), numberText(high)];
  return from === to ? from : `${from} to ${to}`;
}

/** What a band was laid around, where bandText does not say it already. */
export function aroundText(band: Band): string | undefined {
  return bandText(band) === band.around ? undefined : band.around;
}

/** Four digits that count, thousands apart; at the fifth the eye compares nothing any more. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return "no number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const short = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
  const [whole = "", ...rest] = String(short).replace("-", "−").split(".");
  return [grouped(whole), ...rest].join(".");
}

/** "1,600 trials", "1 trial". */
export function trialsText(count: number): string {
  return `${numberText(count)} ${count === 1 ? "trial" : "trials"}`;
}

function inUnits(value: number, unit: string): string {
  if (unit === "") return numberText(value);
  return unit === "×" ? `${numberText(value)}×` : `${numberText(value)} ${unit}`;
}

function grouped(digits: string): string {
  return /^−?\d{4,}$/.test(digits) ? digits.replace(/\B(?=(\d{3})+$)/g, ",") : digits;
}
