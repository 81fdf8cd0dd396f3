/** R9: one server, many servers, and lines without a queue, beside the formulas. */
import { ln } from "../kernel/index.ts";
import { blockedShare, loadFor, pooledTime, singleTime, waitingShare } from "./queue-formulas.ts";
import { type Band, near, type Reproduction, type Row, row, within } from "./reproduction.ts";
import { type Measured, measureLines, measurePool, measureSingle } from "./stations.ts";
import { column, mean, turnsOf } from "./statistics.ts";

/** A station, and what is said of it. Trials take turns with them. */
interface Station {
  readonly measure: (seed: number) => Measured;
  readonly rows: (measured: Measured) => readonly Row[];
}

/** Customers are more where they wait longer, since the long waits decide. */
const STATIONS: readonly Station[] = [
  { measure: (seed) => measureSingle(0.5, "exponential", 20_000, seed), rows: singleRows(0.5) },
  {
    measure: (seed) => measureSingle(0.8, "exponential", 40_000, seed),
    rows: (measured) => [...singleRows(0.8)(measured), littlesLaw(measured)],
  },
  { measure: (seed) => measureSingle(0.9, "exponential", 120_000, seed), rows: singleRows(0.9) },
  {
    measure: (seed) => measureSingle(0.9, "constant", 60_000, seed),
    rows: ({ meanMs }) => [
      time("constant service, 90 % busy: mean time", 100 * singleTime(0.9, 0), meanMs),
    ],
  },
  {
    measure: (seed) => measurePool(10, 8, 40_000, seed),
    rows: ({ share, meanMs }) => [
      percent("10 servers, 8 erlangs: customers who wait", waitingShare(10, 8), share),
      time("10 servers, 8 erlangs: mean time", 100 * pooledTime(10, 8), meanMs),
    ],
  },
  {
    measure: (seed) => measureLines(10, 10, "exponential", 20_000, seed),
    rows: ({ share }) => [percent("10 lines, 10 erlangs: blocked", blockedShare(10, 10), share)],
  },
  {
    measure: (seed) => measureLines(10, 10, "constant", 20_000, seed),
    rows: ({ share }) => [percent("the same with constant service", blockedShare(10, 10), share)],
  },
];

/** Erlangs that so many lines take with 1 % blocked, as the tables print them. */
const TABLE: readonly (readonly [lines: number, erlangs: number])[] = [
  [10, 4.46],
  [20, 12.03],
  [50, 37.9],
  [100, 84.06],
];

const TABLES = "teletraffic tables";

function theory(): Row[] {
  return [
    ...TABLE.map(([lines, erlangs]) =>
      row({
        what: `${lines} lines, 1 % blocked: load by the formula`,
        unit: "erlang",
        published: erlangs,
        ours: loadFor(lines, 0.01),
        band: near(erlangs, 0.005, TABLES),
        point: { series: "load for 1 % blocked", x: lines },
      }),
    ),
    row({
      what: "10 lines, 10 erlangs: blocked by the formula",
      unit: "%",
      published: 21.46,
      ours: 100 * blockedShare(10, 10),
      band: near(21.46, 0.005, TABLES),
    }),
    row({
      what: "10 servers, 8 erlangs: customers who wait, by the formula",
      unit: "%",
      published: 40.9,
      ours: 100 * waitingShare(10, 8),
      band: near(40.9, 0.05, TABLES),
    }),
    row({
      what: "the same: time in the station by the formula",
      unit: "service times",
      published: 1.205,
      ours: pooledTime(10, 8),
      band: near(1.205, 0.0005, "published"),
    }),
  ];
}

/** A simulated time beside its formula, ms. */
function time(what: string, formula: number, ours: number): Row {
  return row({ what, unit: "ms", published: formula, ours, band: simulated(formula) });
}

/** A simulated share beside its formula. */
function percent(what: string, formula: number, ours: number): Row {
  const published = 100 * formula;
  return row({ what, unit: "%", published, ours: 100 * ours, band: simulated(published) });
}

function simulated(formula: number): Band {
  return within(formula, 0.07, "formula");
}

/** Mean and p99 of one server with exponential service. */
function singleRows(utilisation: number): (measured: Measured) => Row[] {
  const formula = 100 * singleTime(utilisation, 1);
  const name = `one server, ${100 * utilisation} % busy`;
  return ({ meanMs, p99Ms }) => [
    {
      ...time(`${name}: mean time`, formula, meanMs),
      point: { series: "mean time, exponential service", x: utilisation },
    },
    {
      ...time(`${name}: p99`, formula * ln(100), p99Ms),
      point: { series: "p99, exponential service", x: utilisation },
    },
  ];
}

function littlesLaw({ inside, ratePerMs, meanMs }: Measured): Row {
  return row({
    what: "one server, 80 % busy: customers inside ÷ (rate × mean time), Little's law",
    unit: "",
    published: 1,
    ours: inside / (ratePerMs * meanMs),
    band: near(1, 0.005, "law"),
  });
}

export const queues: Reproduction = {
  id: "R9",
  title: "Queues at one server and at many",
  sources: [
    { title: "Erlang 1917, and any teletraffic table", confidence: "F" },
    { title: "Khinchine 1932 (constant service); Little 1961", confidence: "F" },
  ],
  conditions:
    "Poisson arrivals, service of 100 ms in the mean, first come, first served. One server: a process that works on its node's one core, its mailbox the queue. Many servers: a desk with one queue. Lines: who finds none goes away. 10 runs of each station; the first tenth of each is not counted.",
  assumptions: [
    "The p99 is the mean of the runs' own.",
    "Times are whole microseconds; the formulas know no least time.",
  ],
  lessons: ["L01", "L20"],
  trialCount: 10 * STATIONS.length,
  trial(index, seed) {
    const { measure } = STATIONS[index % STATIONS.length] as Station;
    const { meanMs, p99Ms, inside, ratePerMs, share } = measure(seed);
    return [meanMs, p99Ms, inside, ratePerMs, share];
  },
  conclude: (samples) => [
    ...theory(),
    ...STATIONS.flatMap(({ rows }, station) => {
      const turns = turnsOf(samples, station, STATIONS.length);
      if (turns.length === 0) return [];
      const [meanMs, p99Ms, inside, ratePerMs, share] = [0, 1, 2, 3, 4].map((figure) =>
        mean(column(turns, figure)),
      ) as [number, number, number, number, number];
      return rows({ meanMs, p99Ms, inside, ratePerMs, share });
    }),
  ],
};
