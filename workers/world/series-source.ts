/**
 * Series to try a judge on: traffic with a daily wave and labelled incidents, and a canary beside its
 * control group. Drawn from a seed: the same seed gives the same series everywhere.
 *
 * Counts are drawn, not computed: requests are Poisson about the base load, errors binomial among them,
 * so that a quiet night shows the chance that it has in life. The wave goes up and down in straight
 * lines, from `valley` to 1 and back within a day.
 */
import { ErlangError, exp, RandomStream } from "../kernel/index.ts";
import type { SeriesTable } from "./series-run.ts";

/** Something that goes wrong, and for how long. Times are ms from the beginning. */
export interface Incident {
  /** What a judge should have made of it: the exercise's own word, such as `"fast"` or `"blip"`. */
  readonly kind: string;
  readonly fromMs: number;
  readonly forMs: number;
  /** Share of requests that fail, 1 for an outage. */
  readonly errorShare: number;
  /** With `"drift"` the share grows from 0 to that in a straight line; default `"steady"`. */
  readonly course?: "steady" | "drift";
}

/** How traffic is drawn. */
export interface TrafficOptions {
  readonly seed: number;
  /** Milliseconds of a bucket; default 60,000. */
  readonly stepMs?: number;
  /** Buckets; default 43,200, which is 30 days of minutes. */
  readonly buckets?: number;
  /** Requests a second at the top of the day; default 10. */
  readonly perSecond?: number;
  /** The night's share of the day's load; default 0.2; 1 for no wave. */
  readonly valley?: number;
  /** Share of requests that fail when all is well; default 0.0001. */
  readonly errorShare?: number;
  readonly incidents?: readonly Incident[];
  /** False for the expected counts instead of drawn ones, which need not be whole; default true. */
  readonly isNoisy?: boolean;
}

/** A kind of incident to be drawn, and how many of it. Ranges are from, to. */
export interface IncidentKind {
  readonly kind: string;
  readonly count: number;
  readonly forMs: readonly [number, number];
  readonly errorShare: readonly [number, number];
  readonly course?: "steady" | "drift";
}

/** How a canary and its control group are drawn. */
export interface CanaryOptions {
  readonly seed: number;
  /** Default 1,000 ms. */
  readonly stepMs?: number;
  /** Default 180. */
  readonly buckets?: number;
  /** Requests of both together; default 100 a second. */
  readonly perSecond?: number;
  /** Share of requests that the canary gets; default 0.1. */
  readonly canaryShare?: number;
  /** Shares of requests that fail. */
  readonly controlErrors: number;
  readonly canaryErrors: number;
}

const DAY_MS = 86_400_000;

/** Buckets that are drawn at once. */
const BUCKETS_MAX = 1_000_000;

/** Below this mean a Poisson draw is made exactly, above it by its normal limit. */
const EXACT_MEAN_MAX = 30;

/** Of the streams of a seed, those of series: a number that the kernel gives to nothing. */
const SERIES_STREAM = 2600;

/** Traffic with columns `requests` and `errors`, and the incidents that are in it. For the exercises of a trace mode. */
export function trafficSeries(
  options: TrafficOptions,
): SeriesTable & { readonly incidents: readonly Incident[] } {
  const { seed, stepMs = 60_000, buckets = 43_200, perSecond = 10, valley = 0.2 } = options;
  const { errorShare = 0.0001, incidents = [], isNoisy = true } = options;
  checkSize(stepMs, buckets);
  const random = new RandomStream(seed, SERIES_STREAM, 1);
  const requests: number[] = [];
  const errors: number[] = [];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const middleMs = (bucket + 0.5) * stepMs;
    const expected = ((perSecond * stepMs) / 1000) * wave(middleMs, valley);
    const share = shareAt(incidents, bucket * stepMs, stepMs, errorShare);
    const all = isNoisy ? poisson(random, expected) : expected;
    requests.push(all);
    errors.push(isNoisy ? Math.min(all, binomial(random, all, share)) : all * share);
  }
  return { stepMs, columns: { requests, errors }, incidents };
}

/**
 * Draws when incidents happen within `spanMs`: none overlaps another or comes within an hour of it, in the
 * order of time. Fewer than asked for when there is no room after 100 tries each.
 */
export function drawIncidents(
  seed: number,
  spanMs: number,
  kinds: readonly IncidentKind[],
): readonly Incident[] {
  const random = new RandomStream(seed, SERIES_STREAM, 2);
  const between = ([from, to]: readonly [number, number]) => from + random.uniform() * (to - from);
  const drawn: Incident[] = [];
  for (const { kind, count, forMs, errorShare, course = "steady" } of kinds) {
    for (let n = 0; n < count; n++) {
      const length = Math.round(between(forMs));
      const share = between(errorShare);
      for (let attempt = 0; attempt < 100; attempt++) {
        const fromMs = Math.floor(random.uniform() * Math.max(1, spanMs - length));
        const incident = { kind, fromMs, forMs: length, errorShare: share, course };
        if (drawn.some((other) => isNear(other, incident))) continue;
        drawn.push(incident);
        break;
      }
    }
  }
  return drawn.sort((a, b) => a.fromMs - b.fromMs);
}

/** Columns `controlRequests`, `controlErrors`, `canaryRequests`, `canaryErrors` of a release under trial. */
export function canarySeries(options: CanaryOptions): SeriesTable {
  const { seed, stepMs = 1000, buckets = 180, perSecond = 100, canaryShare = 0.1 } = options;
  checkSize(stepMs, buckets);
  const random = new RandomStream(seed, SERIES_STREAM, 3);
  const groups = [
    { name: "control", share: 1 - canaryShare, failing: options.controlErrors },
    { name: "canary", share: canaryShare, failing: options.canaryErrors },
  ];
  const columns: Record<string, number[]> = {};
  for (const { name, share, failing } of groups) {
    const mean = ((perSecond * stepMs) / 1000) * share;
    const requests = Array.from({ length: buckets }, () => poisson(random, mean));
    columns[`${name}Requests`] = requests;
    columns[`${name}Errors`] = requests.map((all) => binomial(random, all, failing));
  }
  return { stepMs, columns };
}

const HOUR_MS = 3_600_000;

function isNear(a: Incident, b: Incident): boolean {
  return a.fromMs < b.fromMs + b.forMs + HOUR_MS && b.fromMs < a.fromMs + a.forMs + HOUR_MS;
}

/** The load of a moment as a share of the day's top, which is at noon. */
function wave(atMs: number, valley: number): number {
  const ofDay = (atMs % DAY_MS) / DAY_MS;
  return valley + (1 - valley) * (1 - Math.abs(1 - 2 * ofDay));
}

/** The share of a bucket's requests that fail: the worst incident counts, for the part of the bucket it covers. */
function shareAt(
  incidents: readonly Incident[],
  fromMs: number,
  stepMs: number,
  usual: number,
): number {
  let worst = usual;
  for (const { fromMs: begin, forMs, errorShare, course } of incidents) {
    const covered = Math.min(fromMs + stepMs, begin + forMs) - Math.max(fromMs, begin);
    if (covered <= 0) continue;
    const done = Math.min(1, Math.max(0, (fromMs + stepMs / 2 - begin) / forMs));
    const full = course === "drift" ? errorShare * done : errorShare;
    worst = Math.max(worst, usual + (full - usual) * (covered / stepMs));
  }
  return worst;
}

function poisson(random: RandomStream, mean: number): number {
  if (mean > EXACT_MEAN_MAX) return rounded(mean + Math.sqrt(mean) * normal(random));
  // Knuth: how many uniform draws can be multiplied before the product falls below e^-mean.
  const least = exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product > least; product *= random.uniform()) count++;
  return count;
}

function binomial(random: RandomStream, count: number, share: number): number {
  const mean = count * share;
  if (share >= 1) return count;
  // Rare failures are as good as Poisson; the other end likewise, with failure and success swapped.
  if (share < 0.05) return Math.min(count, poisson(random, mean));
  if (share > 0.95) return count - binomial(random, count, 1 - share);
  if (mean > EXACT_MEAN_MAX && count - mean > EXACT_MEAN_MAX)
    return Math.min(count, rounded(mean + Math.sqrt(mean * (1 - share)) * normal(random)));
  let failed = 0;
  for (let i = 0; i < count; i++) if (random.uniform() < share) failed++;
  return failed;
}

/** Nearly a standard normal: twelve uniform draws less six. Its tails end at ±6. */
function normal(random: RandomStream): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.uniform();
  return sum;
}

function rounded(value: number): number {
  return Math.max(0, Math.round(value));
}

function checkSize(stepMs: number, buckets: number): void {
  if (stepMs > 0 && Number.isInteger(buckets) && buckets > 0 && buckets <= BUCKETS_MAX) return;
  throw new ErlangError(
    "badarg",
    `a series has a step of more than 0 ms and 1 to ${BUCKETS_MAX} buckets`,
  );
}
