/**
 * The series of a node: a name with labels, what is stored under it, and who may ask for it. Kept
 * beside the node, as folsom keeps them in ets tables, and gone with it.
 */
import { copy, ErlangError, KIND, type Node, US_PER_MS } from "../kernel/index.ts";
import { here } from "../otp/here.ts";
import { keyOf } from "../otp/term-key.ts";
import type { HistogramSnapshot } from "./metric-histogram.ts";
import type { MeterReading, SpiralReading } from "./metric-rates.ts";

/** What tells series of one name apart: few fields, each with few values. At most 8. */
export type Labels = Readonly<Record<string, string | number | boolean>>;

export type MetricType = "counter" | "gauge" | "histogram" | "meter" | "spiral";

/** A series and what it says now. */
export interface Reading {
  readonly name: string;
  readonly type: MetricType;
  readonly labels: Labels;
  /** Milliseconds at which it was last written; undefined when it never was. A sensor that is stuck shows here. */
  readonly updatedMs: number | undefined;
  /** A number for counters and gauges; else what `snapshot` or `value` gives. */
  readonly value: number | HistogramSnapshot | MeterReading | SpiralReading;
}

/** Series that one node may have. */
const SERIES_MAX = 1000;
const LABELS_MAX = 8;

/** A series of whatever type: what it is, and how it is read. */
class Series<Store> {
  readonly node: Node;
  /** The payload of its rows: one object, so that the trace keeps it once. */
  readonly shown: { readonly name: string; readonly type: MetricType; readonly labels: Labels };
  readonly #payload: ReturnType<typeof copy>;
  readonly store: Store;
  readonly read: () => Reading["value"];
  handle: unknown = undefined;
  writtenUs: number | undefined = undefined;

  constructor(
    node: Node,
    shown: Series<Store>["shown"],
    store: Store,
    read: (store: Store, nowUs: number) => Reading["value"],
  ) {
    this.node = node;
    this.#payload = copy(shown);
    // What copy gives is the same, frozen.
    this.shown = this.#payload.value as typeof shown;
    this.store = store;
    this.read = () => read(store, node.now);
  }

  /** Notes that the running process has written it, with the figure that the row shows. */
  note(value: number): void {
    this.writtenUs = this.node.now;
    this.node.record(here(), KIND.metric, { value, payload: this.#payload });
  }

  reading(): Reading {
    const updatedMs = this.writtenUs === undefined ? undefined : this.writtenUs / US_PER_MS;
    return { ...this.shown, updatedMs, value: this.read() };
  }
}

type AnySeries = Series<unknown>;

const tables = new WeakMap<Node, Map<string, AnySeries>>();

/** The handle of a series of this node, made when there is none. */
export function seriesOf<Store, Handle>(
  type: MetricType,
  name: string,
  labels: Labels,
  create: (nowUs: number) => Store,
  read: (store: Store, nowUs: number) => Reading["value"],
  handleOf: (series: Series<Store>) => Handle,
): Handle {
  const { node } = here();
  checkSeries(name, labels);
  const table = tables.get(node) ?? new Map<string, AnySeries>();
  tables.set(node, table);
  const key = keyOf([name, labels]);
  const known = table.get(key);
  if (known !== undefined && known.shown.type !== type) {
    throw new ErlangError(
      "badarg",
      `"${name}" with these labels is a ${known.shown.type} already; a ${type} needs another name`,
    );
  }
  if (known !== undefined) return known.handle as Handle;
  if (table.size >= SERIES_MAX) throw tooManySeries(name, labels);
  const series = new Series(node, { name, type, labels }, create(node.now), read);
  series.handle = handleOf(series);
  table.set(key, series as unknown as AnySeries);
  return series.handle as Handle;
}

function checkSeries(name: unknown, labels: unknown): void {
  if (typeof name !== "string" || name === "") {
    throw new ErlangError("badarg", `a metric needs a name, not ${String(name)}`);
  }
  const isPlain = typeof labels === "object" && labels !== null && !Array.isArray(labels);
  const values: readonly unknown[] = isPlain ? Object.values(labels) : [];
  const isFlat = values.every((value) => ["string", "number", "boolean"].includes(typeof value));
  if (isPlain && isFlat && values.length <= LABELS_MAX) return;
  throw new ErlangError(
    "badarg",
    `labels are an object of at most ${LABELS_MAX} texts, numbers or booleans`,
  );
}

function tooManySeries(name: string, labels: Labels): ErlangError {
  const fields = Object.keys(labels).join(", ");
  return new ErlangError(
    "system_limit",
    `this node has ${SERIES_MAX} series, and "${name}" {${fields}} would be one more: a label must not have a new value for each customer or request`,
  );
}

/** What a series of this node says; undefined when there is none. */
export function readingOf(name: string, labels: Labels): Reading | undefined {
  return tables
    .get(here().node)
    ?.get(keyOf([name, labels]))
    ?.reading();
}

/** What all series of this node say, oldest first. */
export function allReadings(): readonly Reading[] {
  return [...(tables.get(here().node)?.values() ?? [])].map((series) => series.reading());
}
