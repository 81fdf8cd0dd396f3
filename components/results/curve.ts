/**
 * The rows of a result that lie on curves, as small pictures: one panel a series, side by side.
 * Panels of one unit and with the same x share an axis, so that they can be compared; an axis is logarithmic when
 * its values span more than two decades. A series of one point is no curve, and stays in the table.
 */
import { scaleLinear, scaleLog } from "d3-scale";
import { area, line } from "d3-shape";
import type { ShownRow } from "./rows.ts";

/** One x of a series. Numbers that are words, missing or endless in the row are undefined here. */
export interface CurvePoint {
  readonly x: number;
  readonly published: number | undefined;
  readonly ours: number | undefined;
  /** The band, cut off at the axis where it has no end. */
  readonly low: number;
  readonly high: number;
}

export interface Axis {
  readonly kind: "linear" | "log";
  readonly low: number;
  readonly high: number;
}

export interface Panel {
  readonly series: string;
  readonly unit: string;
  readonly points: readonly CurvePoint[];
  readonly x: Axis;
  readonly y: Axis;
}

/** Where a panel's parts lie, in the picture's units. */
export interface PanelDrawing {
  readonly band: string;
  readonly ours: string;
  readonly marks: readonly {
    readonly x: number;
    readonly published: number | undefined;
    readonly ours: number | undefined;
  }[];
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
}

interface Tick {
  readonly at: number;
  readonly value: number;
}

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** More than two decades from the least to the greatest. */
const LOG_FROM = 100;
/** A linear axis begins at nought unless its values keep this close together. */
const NEAR_SHARE = 0.55;
/** Ticks of x nearer than this would run into each other. */
const TICK_GAP = 30;

export function panelsOf(rows: readonly ShownRow[]): Panel[] {
  const series = grouped(rows.filter(hasPoint), ({ unit, point }) => `${unit} ${point.series}`);
  const drawn = series.filter(({ length }) => length > 1);
  const alike = grouped(drawn, (own) => `${own[0]?.unit} ${own.map(({ point }) => point.x)}`);
  return alike.flatMap((group) => {
    const y = axisFor(group.flat().flatMap(valuesOf));
    return group.map((own) => panelOf(own, y));
  });
}

function panelOf(own: readonly PointRow[], y: Axis): Panel {
  const { unit, point } = own[0] as PointRow;
  const x = axisFor(
    own.map((row) => row.point.x),
    "close",
  );
  return { series: point.series, unit, x, y, points: own.map((row) => pointOf(row, y)) };
}

/** Those with the same key together, in the order in which the keys first come. */
function grouped<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** The axis that shows these values: `close` around them, or from nought where that is honest. */
export function axisFor(values: readonly number[], fit: "close" | "nought" = "nought"): Axis {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return { kind: "linear", low: 0, high: 1 };
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (low > 0 && high / low > LOG_FROM) return { kind: "log", low, high };
  if (fit === "close" && low < high) return { kind: "linear", low, high };
  if (low > 0 && low > high * NEAR_SHARE && low < high) {
    const [from, to] = scaleLinear().domain([low, high]).nice(4).domain() as [number, number];
    return { kind: "linear", low: from, high: to };
  }
  return { kind: "linear", low: Math.min(0, low), high: high || 1 };
}

export function drawPanel({ points, x, y }: Panel, frame: Frame): PanelDrawing {
  const toX = scaleOf(x, [frame.left, frame.right]);
  const toY = scaleOf(y, [frame.bottom, frame.top]);
  const known = points.filter(({ ours }) => ours !== undefined);
  const at = (value: number | undefined) => (value === undefined ? undefined : toY(value));
  return {
    band:
      area<CurvePoint>(
        (p) => toX(p.x),
        (p) => toY(p.low),
        (p) => toY(p.high),
      )([...points]) ?? "",
    ours:
      line<CurvePoint>(
        (p) => toX(p.x),
        (p) => toY(p.ours ?? Number.NaN),
      )(known) ?? "",
    marks: points.map((p) => ({ x: toX(p.x), published: at(p.published), ours: at(p.ours) })),
    xTicks: apart(points.map((p) => ({ at: toX(p.x), value: p.x }))),
    yTicks: ticksOf(y).map((value) => ({ at: toY(value), value })),
  };
}

type PointRow = ShownRow & { readonly point: NonNullable<ShownRow["point"]> };

function hasPoint(row: ShownRow): row is PointRow {
  return row.point !== undefined;
}

function pointOf({ point, published, ours, band }: PointRow, y: Axis): CurvePoint {
  return {
    x: point.x,
    published: typeof published === "number" ? published : undefined,
    ours: ours !== undefined && Number.isFinite(ours) ? ours : undefined,
    low: Math.max(band.low, y.low),
    high: Math.min(band.high, y.high),
  };
}

function valuesOf({ published, ours, band }: PointRow): number[] {
  return [band.low, band.high, ours, published].filter((value) => typeof value === "number");
}

function scaleOf({ kind, low, high }: Axis, range: [number, number]) {
  return (kind === "log" ? scaleLog : scaleLinear)([low, high], range);
}

/** Two to five round values: whole decades on a logarithmic axis, and its ends where it has too few. */
function ticksOf({ kind, low, high }: Axis): number[] {
  if (kind === "linear") return scaleLinear().domain([low, high]).ticks(4);
  const decades: number[] = [];
  for (let power = Math.ceil(Math.log10(low)); power <= Math.log10(high); power++)
    decades.push(10 ** power);
  return decades;
}

/** Every tick that has room after the one before it; the last one always. */
function apart(ticks: readonly Tick[]): Tick[] {
  const kept: Tick[] = [];
  for (const tick of [...ticks].sort((a, b) => b.at - a.at)) {
    const next = kept.at(-1);
    if (next === undefined || next.at - tick.at >= TICK_GAP) kept.push(tick);
  }
  return kept.reverse();
}
