/**
 * Running a judge over a series: a pure function is shown bucket after bucket, knows only what is
 * past, and says which alarms are on. Rules in SPEC.md, SR.
 *
 * The run takes the virtual time that the series spans: each bucket is judged when it ends, so that
 * the trace's alarms stand at the times at which they would have come, and the checks for live
 * alarms judge these too. Sums of windows are differences of sums kept from the beginning, so a window of
 * three days costs as much as one of a minute. Refused: handing out slices of the columns, which
 * would copy days for every minute, and would let a judge reach into the future.
 */
import { ErlangError, US_PER_MS } from "../kernel/index.ts";
import { here, steps, wait } from "../otp/here.ts";
import { recordAlarm, type Severity } from "./alarm-handler.ts";
import { type BurnOptions, burnRateOf, percentileRank, prefixSums, widthOf } from "./series.ts";

/** Several figures for each step of time, by name. All columns are equally long. */
export interface SeriesTable {
  readonly stepMs: number;
  readonly columns: Readonly<Record<string, readonly number[]>>;
}

/** What a judge sees: everything up to and including the newest bucket, as far back as it may look. Windows end with that bucket. */
export interface Past {
  /** Number of the newest bucket, from 0. */
  readonly bucket: number;
  /** Milliseconds from the beginning of the series to the end of the newest bucket. */
  readonly atMs: number;
  readonly stepMs: number;
  /** A column's figure in the newest bucket. */
  last(column: string): number;
  /** A column's sum over a window; over what there is while the series is young. */
  sum(column: string, windowMs: number): number;
  mean(column: string, windowMs: number): number;
  max(column: string, windowMs: number): number;
  /** Nearest rank. Costs the sorting of the window. */
  percentile(column: string, percent: number, windowMs: number): number;
  /** A column's newest figures, oldest first; fewer while the series is young. */
  values(column: string, windowMs: number): readonly number[];
  /** How fast the error budget burns, by a column of errors and one of requests. As `series.burnRate`. */
  burnRate(errors: string, requests: string, options: BurnOptions): number;
}

/** An alarm that a judge wants to be on: its id, or with more. Severity is `"major"` unless it says. */
export type Judged =
  | string
  | { readonly id: string; readonly severity?: Severity; readonly info?: unknown };

/** A judge: pure; gets the ids that are on, and gives all that shall be on now. */
export type Judge = (past: Past, on: readonly string[]) => readonly Judged[];

/** An alarm of a run. */
export interface JudgedAlarm {
  readonly id: string;
  readonly severity: Severity;
  /** Milliseconds from the beginning of the series. */
  readonly setMs: number;
  /** Undefined while it is on at the end. */
  readonly clearedMs: number | undefined;
}

/** How a judge is run. */
export interface RunSeriesOptions {
  /** How far back it may look, ms; default 3 days. */
  readonly lookBackMs?: number;
}

const LOOK_BACK_MS = 3 * 86_400_000;

/** Buckets of a run. */
const BUCKETS_MAX = 1_000_000;

interface Shown {
  readonly severity: Severity;
  readonly info: unknown;
  readonly setMs: number;
}

/**
 * Shows a table to a judge, bucket by bucket, each at the virtual time at which it ends, and writes the
 * alarms that it sets, changes and clears into the trace. Gives all of them, in the order in which they
 * came on. At most 1,000,000 buckets. No BEAM counterpart: an alert manager's test run, `promtool test rules`.
 */
export function runSeries(
  judge: Judge,
  table: SeriesTable,
  options: RunSeriesOptions = {},
): Promise<readonly JudgedAlarm[]> {
  const process = here();
  const { node } = process;
  const view = new View(table, options.lookBackMs ?? LOOK_BACK_MS);
  const fromUs = node.now;
  const on = new Map<string, Shown>();
  const alarms: JudgedAlarm[] = [];

  const show = (bucket: number): void => {
    const past = view.at(bucket);
    const judged = judge(past, [...on.keys()]);
    if (!Array.isArray(judged)) {
      throw new ErlangError("badarg", "a judge gives an array of the alarms that shall be on");
    }
    const wanted = new Map((judged as readonly Judged[]).map((one) => [idOf(one), one]));
    for (const [id, shown] of on) {
      if (wanted.has(id)) continue;
      on.delete(id);
      recordAlarm(process, "cleared", { id, ...shown });
      const at = alarms.findLastIndex((alarm) => alarm.id === id);
      alarms[at] = { ...(alarms[at] as JudgedAlarm), clearedMs: past.atMs };
    }
    for (const [id, one] of wanted) {
      const { severity = "major", info } = typeof one === "string" ? {} : one;
      const before = on.get(id);
      if (before?.severity === severity) continue;
      on.set(id, { severity, info, setMs: before?.setMs ?? past.atMs });
      recordAlarm(process, before === undefined ? "set" : "changed", { id, severity, info });
      if (before === undefined)
        alarms.push({ id, severity, setMs: past.atMs, clearedMs: undefined });
    }
  };

  return steps(function* () {
    for (let bucket = 0; bucket < view.length; bucket++) {
      const endUs = fromUs + Math.round((bucket + 1) * table.stepMs * US_PER_MS);
      yield* wait(node.sleep(process, endUs - node.now));
      show(bucket);
    }
    return alarms;
  });
}

function idOf(judged: Judged): string {
  const id = typeof judged === "string" ? judged : judged?.id;
  if (typeof id === "string") return id;
  throw new ErlangError("badarg", `a judge names alarms by text, not ${String(id)}`);
}

/** The columns with their sums, and how far one may look. */
class View {
  readonly length: number;
  readonly #table: SeriesTable;
  readonly #sums: ReadonlyMap<string, readonly number[]>;
  readonly #widthMax: number;

  constructor(table: SeriesTable, lookBackMs: number) {
    const columns = Object.entries(table?.columns ?? {});
    const lengths = new Set(columns.map(([, values]) => values.length));
    const [length = 0] = lengths;
    if (!(table?.stepMs > 0) || lengths.size !== 1 || length > BUCKETS_MAX) {
      throw new ErlangError(
        "badarg",
        `a table has a stepMs and columns of one length, at most ${BUCKETS_MAX}`,
      );
    }
    this.length = length;
    this.#table = table;
    this.#sums = new Map(columns.map(([name, values]) => [name, prefixSums(values)]));
    this.#widthMax = widthOf(table.stepMs, lookBackMs);
  }

  /** What can be seen when a bucket has just ended. */
  at(bucket: number): Past {
    const { stepMs } = this.#table;
    const sum = (column: string, windowMs: number) => {
      const sums = this.#sums.get(column) ?? this.#unknown(column);
      const from = this.#from(bucket, windowMs);
      return (sums[bucket + 1] as number) - (sums[from] as number);
    };
    const values = (column: string, windowMs: number) =>
      this.#column(column).slice(this.#from(bucket, windowMs), bucket + 1);
    return {
      bucket,
      atMs: (bucket + 1) * stepMs,
      stepMs,
      last: (column) => this.#column(column)[bucket] as number,
      sum,
      mean: (column, windowMs) =>
        sum(column, windowMs) / (bucket + 1 - this.#from(bucket, windowMs)),
      max: (column, windowMs) => values(column, windowMs).reduce((a, b) => Math.max(a, b)),
      percentile: (column, percent, windowMs) => {
        const sorted = values(column, windowMs).sort((a, b) => a - b);
        return sorted[percentileRank(percent, sorted.length)] as number;
      },
      values,
      burnRate: (errors, requests, { objective, windowMs }) =>
        burnRateOf(sum(errors, windowMs), sum(requests, windowMs), objective),
    };
  }

  /** The first bucket of a window that ends with `bucket`. */
  #from(bucket: number, windowMs: number): number {
    const width = widthOf(this.#table.stepMs, windowMs);
    if (width > this.#widthMax) {
      const most = this.#widthMax * this.#table.stepMs;
      throw new ErlangError("badarg", `a judge looks back at most ${most} ms, not ${windowMs}`);
    }
    return Math.max(0, bucket + 1 - width);
  }

  #column(name: string): readonly number[] {
    return this.#table.columns[name] ?? this.#unknown(name);
  }

  #unknown(name: string): never {
    const known = Object.keys(this.#table.columns).join(", ");
    throw new ErlangError("badarg", `there is no column "${name}"; there are ${known}`);
  }
}
