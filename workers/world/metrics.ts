/**
 * metrics: figures about what happens, read as often as one likes. In the manner of folsom and
 * exometer. Rules in SPEC.md, ME.
 *
 * A series is a name with labels on one node; whoever asks for the same one gets the same one. They
 * are kept beside the node, as folsom keeps them in ets tables: no message, no time, and gone with
 * the node. Each write is a row of the trace. Refused: a process for each metric (its mailbox would
 * be the first thing to overflow), and any number of series: a label with a value for each customer
 * is how a metrics system dies.
 */
import { ErlangError, type Pid, US_PER_MS } from "../kernel/index.ts";
import { checkMs, here, steps, wait } from "../otp/here.ts";
import {
  Histogram,
  type HistogramSnapshot,
  mergeHistograms,
  percentileOf,
} from "./metric-histogram.ts";
import { Meter, type MeterReading, Spiral, type SpiralReading } from "./metric-rates.ts";
import { allReadings, type Labels, type Reading, readingOf, seriesOf } from "./metric-series.ts";

export type { HistogramSnapshot } from "./metric-histogram.ts";
export type { MeterReading, SpiralReading } from "./metric-rates.ts";
export type { Labels, MetricType, Reading } from "./metric-series.ts";

/** A counter only grows; rates come from differences of it. It begins at 0 in each life of a node. */
export interface Counter {
  /** Adds to it, 1 by default; less than 0 is refused. `folsom_metrics:notify/1` with `{inc, N}`. */
  inc(amount?: number): void;
  /** What it has come to. */
  value(): number;
}

/** A gauge is what somebody last saw. What happened between two looks is lost. */
export interface Gauge {
  /** Replaces its value. */
  set(value: number): void;
  /** Adds to its value, 1 by default. */
  inc(amount?: number): void;
  /** Takes away from its value, 1 by default. */
  dec(amount?: number): void;
  value(): number;
}

/** A histogram keeps how values are distributed, in buckets at most 0.4 % wide. */
export interface HistogramMetric {
  /** Adds a value, from 0 on. `hdr_histogram:record/2`. */
  observe(value: number): void;
  /** All that it holds, as plain data that can be sent and merged. */
  snapshot(): HistogramSnapshot;
  /** As `snapshot`, and begins anew: for one histogram a minute. `hdr_histogram:reset/1`. */
  take(): HistogramSnapshot;
}

/** A meter is a rate, averaged over 1, 5 and 15 minutes with weights that fall off exponentially. */
export interface MeterMetric {
  /** That many events happened now, 1 by default. */
  mark(amount?: number): void;
  value(): MeterReading;
}

/** A spiral counts what happened in the last 60 s, and in all. */
export interface SpiralMetric {
  /** Counts, 1 by default. */
  inc(amount?: number): void;
  value(): SpiralReading;
}

/** A number in a box. */
interface Cell {
  value: number;
}

/** Figures of this node. Free of time; each write is a row of the trace. */
export const metrics = {
  /** The counter of this name and labels, made when there is none. A node has at most 1,000 series. `folsom_metrics:new_counter/1`. */
  counter(name: string, labels: Labels = {}): Counter {
    return seriesOf("counter", name, labels, createCell, readCell, (series) => ({
      inc(amount = 1) {
        checkFigure(amount, 0, `a counter only grows, so inc takes numbers from 0 on`);
        series.store.value += amount;
        series.note(series.store.value);
      },
      value: () => series.store.value,
    }));
  },

  /** The gauge of this name and labels, made when there is none; 0 until it is set. `folsom_metrics:new_gauge/1`. */
  gauge(name: string, labels: Labels = {}): Gauge {
    return seriesOf("gauge", name, labels, createCell, readCell, (series) => {
      const set = (value: number) => {
        checkFigure(value, Number.NEGATIVE_INFINITY, "a gauge takes a number");
        series.store.value = value;
        series.note(value);
      };
      return {
        set,
        inc: (amount = 1) => set(series.store.value + amount),
        dec: (amount = 1) => set(series.store.value - amount),
        value: () => series.store.value,
      };
    });
  },

  /** The histogram of this name and labels, made when there is none. It keeps all until it is taken. `folsom_metrics:new_histogram/1`. */
  histogram(name: string, labels: Labels = {}): HistogramMetric {
    const create = () => new Histogram();
    const read = (store: Histogram) => store.snapshot();
    return seriesOf("histogram", name, labels, create, read, (series) => ({
      observe(value) {
        checkFigure(value, 0, "observe takes a number from 0 on");
        series.store.observe(value);
        series.note(value);
      },
      snapshot: () => series.store.snapshot(),
      take: () => series.store.take(),
    }));
  },

  /** The meter of this name and labels, made when there is none. Its averages move every 5 s. `folsom_metrics:new_meter/1`. */
  meter(name: string, labels: Labels = {}): MeterMetric {
    const create = (nowUs: number) => new Meter(nowUs);
    const read = (store: Meter, nowUs: number) => store.read(nowUs);
    return seriesOf("meter", name, labels, create, read, (series) => ({
      mark(amount = 1) {
        checkFigure(amount, 0, "mark takes a number from 0 on");
        series.store.mark(series.node.now, amount);
        series.note(amount);
      },
      value: () => series.store.read(series.node.now),
    }));
  },

  /** The spiral of this name and labels, made when there is none. It forgets second by second. `folsom_metrics:new_spiral/1`. */
  spiral(name: string, labels: Labels = {}): SpiralMetric {
    const create = (nowUs: number) => new Spiral(nowUs);
    const read = (store: Spiral, nowUs: number) => store.read(nowUs);
    return seriesOf("spiral", name, labels, create, read, (series) => ({
      inc(amount = 1) {
        checkFigure(amount, 0, "a spiral's inc takes a number from 0 on");
        series.store.add(series.node.now, amount);
        series.note(amount);
      },
      value: () => series.store.read(series.node.now),
    }));
  },

  /**
   * Has a gauge set to what `look` gives, now and every `everyMs` (1 or more), by a process linked
   * with the caller, whose pid it returns. `telemetry_poller`.
   */
  sample(name: string, labels: Labels, everyMs: number, look: () => number): Pid {
    const parent = here();
    if (!(checkMs(everyMs, "metrics.sample") >= 1)) {
      throw new ErlangError(
        "badarg",
        `metrics.sample looks at most every ms, not every ${everyMs}`,
      );
    }
    const gauge = metrics.gauge(name, labels);
    const everyUs = Math.round(everyMs * US_PER_MS);
    const body = () =>
      steps(function* () {
        const process = here();
        for (;;) {
          gauge.set(look());
          yield* wait(process.node.sleep(process, everyUs));
        }
      });
    return parent.node.spawn(body, { parent, link: true, label: "poller" }).process.pid;
  },

  /** What a series of this node says, or undefined when there is none. Makes none. `folsom_metrics:get_metric_value/1`. */
  read(name: string, labels: Labels = {}): Reading | undefined {
    return readingOf(name, labels);
  },

  /** All series of this node, oldest first, as plain data. `folsom_metrics:get_metrics_value/0`. */
  all(): readonly Reading[] {
    return allReadings();
  },

  /**
   * One histogram out of several, as if all values had been observed by one: of other nodes, or of
   * other minutes. `hdr_histogram:add/2`.
   */
  merge(first: HistogramSnapshot, ...others: readonly HistogramSnapshot[]): HistogramSnapshot {
    return others.reduce(mergeHistograms, first);
  },

  /** Any percentile of a histogram's snapshot: `metrics.percentile(snapshot, 97.5)`. `hdr_histogram:percentile/2`. */
  percentile(snapshot: HistogramSnapshot, percent: number): number {
    if (percent >= 0 && percent <= 100) return percentileOf(snapshot, percent);
    throw new ErlangError("badarg", `a percentile is from 0 to 100, not ${String(percent)}`);
  },
} as const;

function createCell(): Cell {
  return { value: 0 };
}

function readCell(cell: Cell): number {
  return cell.value;
}

function checkFigure(value: unknown, least: number, rule: string): void {
  if (typeof value === "number" && Number.isFinite(value) && value >= least) return;
  throw new ErlangError("badarg", `${rule}, not ${String(value)}`);
}
