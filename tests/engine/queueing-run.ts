/** One long run of a queue through the engine, and what is read off it. Times are in mean services. */
import { BOUNDS, type Bounds, Trace } from "../../workers/kernel/index.ts";
import { createCluster } from "../../workers/sandbox/simulate.ts";
import {
  BATCHES,
  batchMeansOf,
  type Estimate,
  Reading,
  standardScores,
} from "./queueing-estimate.ts";
import { MEAN_US, Notes, type Place, type Service } from "./queueing-notes.ts";
import { programOf, scenarioOf } from "./queueing-shop.ts";

/** What is asked of the measured customers: a mean or, with `q`, a percentile. */
export interface Question {
  /** `slowdown`: sojourn ÷ service. `refused`: 1 or 0. */
  readonly of: "sojourn" | "wait" | "slowdown" | "refused";
  readonly q?: number;
}

/** A queue and what is asked of it. Plain data, since it goes to a thread. */
export interface Run {
  readonly seed: number;
  readonly place: Place;
  readonly service: Service;
  /** Arrivals per mean service. */
  readonly load: number;
  readonly questions: readonly Question[];
  /** Where long waits are asked about: how long a wait is, roughly, of those who wait. */
  readonly waitScale?: number;
}

export interface Answers {
  /** In the order of the questions. */
  readonly estimates: readonly Estimate[];
  /** The same means without controls; NaN for percentiles. */
  readonly plain: readonly number[];
  /** How far each control is from the 0 that it must have, in standard errors. */
  readonly scores: readonly number[];
  /** Customers present, by areas over time. */
  readonly present: number;
  /** Rate of arrival × mean sojourn, refused ones included with 0, of the same stretch of time. */
  readonly rateTimesSojourn: number;
}

/** Customers that are measured, and those before them who only fill the place. */
const MEASURED = 1_000_000;
const WARM_UP = 20_000;
/** By itself a till takes longer to fill: so many of its own customers. */
const WARM_UP_OF_TILL = 1_900;
/** Customers after the measured ones, who have left when these have come; and ten deviations of their count. */
const AFTER = 10_000;
/** Tills by themselves get their customers by chance: none more than this too few, or it is said. */
const SPARE_OF_TILLS = 40_000;
/** Of a control for the rare long waits: past the 99th percentile it need not grow. */
const RARE = 100;

const WIDE: Bounds = {
  ...BOUNDS,
  rowCountMax: 100_000_000,
  nodeTurnsMax: 10_000_000_000,
};

/** The run, read off. Throws when a bound cut it or a process crashed. */
export function measure(run: Run): Answers {
  const { seed, place, service, load } = run;
  const before = isTillByTill(place) ? WARM_UP_OF_TILL * place.tills + SPARE_OF_TILLS : WARM_UP;
  const notes = new Notes(before + MEASURED + AFTER, place, service, seed);
  const crashes: string[] = [];
  const cluster = createCluster({
    program: programOf(place, notes),
    scenario: scenarioOf(place, load, notes.count),
    seed,
    bounds: WIDE,
    trace: new Trace({ keep: "digest" }),
    onCrash: ({ label, message }) => crashes.push(`${label}: ${message}`),
  });
  cluster.runToEnd();
  for (const { cutBy } of cluster.nodes) if (cutBy !== undefined) crashes.push(cutBy);
  if (crashes.length > 0) throw new Error(crashes.join("\n"));
  return readOff(run, notes, before);
}

function readOff(run: Run, notes: Notes, before: number): Answers {
  const { place, questions } = run;
  const all = Array.from({ length: MEASURED }, (_, i) => before + i);
  const { customers, next } = isTillByTill(place)
    ? tillByTill(notes, place.tills)
    : { customers: all, next: all.map((n) => n + 1) };
  const controls = controlsOf(run, notes, customers, next);
  const reading = new Reading(controls);
  const answers = questions.map(({ of, q }) => {
    const values = Float64Array.from(customers, responses(notes)[of]);
    const means = batchMeansOf(values);
    return q === undefined
      ? { estimate: reading.mean(means), plain: means.reduce((sum, mean) => sum + mean) / BATCHES }
      : { estimate: reading.percentile(values, q), plain: Number.NaN };
  });
  return {
    estimates: answers.map(({ estimate }) => estimate),
    plain: answers.map(({ plain }) => plain),
    scores: standardScores(controls),
    ...littlesLaw(notes, all),
  };
}

/** Each response of a customer. */
function responses(notes: Notes): Record<Question["of"], (n: number) => number> {
  const { arrivedAt, beganAt, leftAt, serviceUs, refused } = notes;
  return {
    sojourn: (n) => (leftAt.of(n) - arrivedAt.of(n)) / MEAN_US,
    wait: (n) => (beganAt.of(n) - arrivedAt.of(n)) / MEAN_US,
    slowdown: (n) => (leftAt.of(n) - arrivedAt.of(n)) / serviceUs.of(n),
    refused: (n) => refused.of(n),
  };
}

/**
 * The batches' means of (service − mean) and (gap − mean), each times 1, times how full it was, and
 * times a function that grows with it as the chance of a very long wait does. How full it was is the
 * wait where it is first come, first served, since that was settled on arrival; else who was found.
 * A service that never varies controls nothing.
 */
function controlsOf(
  { place, service, load, waitScale }: Run,
  notes: Notes,
  customers: readonly number[],
  next: readonly number[],
): number[][] {
  const isServedInOrder = isTillByTill(place) || place.kind === "till" || place.kind === "desk";
  const scale = waitScale ?? 1;
  const fullnessOf = (n: number) =>
    isServedInOrder ? responses(notes).wait(n) / scale : notes.found.of(n);
  const fullness = Float64Array.from(customers, fullnessOf);
  const factors = [fullness.map(() => 1), fullness];
  if (waitScale !== undefined) factors.push(fullness.map((x) => Math.min(Math.exp(x), RARE)));
  const meanGap = (isTillByTill(place) ? place.tills : 1) / load;
  const gaps = Float64Array.from(
    customers,
    (n, i) => (notes.arrivedAt.of(next[i] as number) - notes.arrivedAt.of(n)) / MEAN_US - meanGap,
  );
  const surprises = [gaps];
  if (service.kind !== "fixed")
    surprises.push(Float64Array.from(customers, (n) => notes.serviceUs.of(n) / MEAN_US - 1));
  const columns = surprises.flatMap((surprise) =>
    factors.map((factor) => batchMeansOf(factor.map((x, i) => x * (surprise[i] as number)))),
  );
  return Array.from({ length: BATCHES }, (_, b) => columns.map((column) => column[b] as number));
}

/** With one choice the tills have nothing to do with one another: a batch is read of each. */
function isTillByTill(place: Place): place is Extract<Place, { kind: "tills" }> {
  return place.kind === "tills" && place.choices === 1;
}

/** Equally many customers of each till, till after till, and who came to the same till next. */
function tillByTill(
  notes: Notes,
  tills: number,
): { readonly customers: number[]; readonly next: number[] } {
  const ofTill = Array.from({ length: tills }, (): number[] => []);
  for (let n = 0; n < notes.count - AFTER; n++) ofTill[notes.till.of(n)]?.push(n);
  const end = WARM_UP_OF_TILL + MEASURED / tills;
  if (ofTill.some((those) => those.length <= end)) throw new Error("a till got too few customers");
  return {
    customers: ofTill.flatMap((those) => those.slice(WARM_UP_OF_TILL, end)),
    next: ofTill.flatMap((those) => those.slice(WARM_UP_OF_TILL + 1, end + 1)),
  };
}

/** Both sides of Little's law: the one counts who is there, the other how long each was. */
function littlesLaw(
  notes: Notes,
  customers: readonly number[],
): Pick<Answers, "present" | "rateTimesSojourn"> {
  const [first, last] = [customers[0] as number, customers.at(-1) as number];
  const us = notes.arrivedAt.of(last) - notes.arrivedAt.of(first);
  const area = notes.areaBefore.of(last) - notes.areaBefore.of(first);
  let sojournUs = 0;
  for (let n = first; n < last; n++) sojournUs += notes.leftAt.of(n) - notes.arrivedAt.of(n);
  return { present: area / us, rateTimesSojourn: sojournUs / us };
}
