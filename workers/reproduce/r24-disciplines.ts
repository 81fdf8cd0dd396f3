/** R24: what a queue's discipline makes of twice the load that a server can do. */
import { type Node, RandomStream, US_PER_MS } from "../kernel/index.ts";
import { near, type Reproduction, type Row, row, type Sample, within } from "./reproduction.ts";
import { run, serve } from "./stand.ts";
import { mean, quantile, turnsOf } from "./statistics.ts";

const SECOND_US = 1_000_000;
const SERVICE_MEAN_US = 10_000;
const PATIENCE_US = 500 * US_PER_MS;
const HORIZON_US = 120 * SECOND_US;
/** Requests a second, in phases. */
const PHASES = [
  { untilUs: 10 * SECOND_US, perSecond: 80 },
  { untilUs: 70 * SECOND_US, perSecond: 200 },
  { untilUs: 119 * SECOND_US, perSecond: 80 },
] as const;
/** What is counted, by when requests came: the overload, and the quiet some time after it. */
const OVERLOAD = { fromUs: 10 * SECOND_US, toUs: 70 * SECOND_US };
const QUIET = { fromUs: 80 * SECOND_US, toUs: 119 * SECOND_US };
const RUN_COUNT = 4;

interface Request {
  readonly atUs: number;
  /** How long it may wait, by the queue's own rule. */
  readonly waitUsMax: number;
}

/** What a queue does with a request that comes, and which one is next. */
interface Queue {
  /** False refuses it at once. */
  put(atUs: number): boolean;
  /** The next to serve; those that it passes over are dropped. */
  take(now: number): Request | undefined;
}

/** First come, first served, at most `lengthMax` waiting, none of them for longer than `waitMsMax`. */
function fifo(lengthMax = Number.POSITIVE_INFINITY, waitMsMax = Number.POSITIVE_INFINITY): Queue {
  return lineOf(lengthMax, () => waitMsMax * US_PER_MS);
}

/** The youngest first, and no bound. */
function lifo(): Queue {
  const line: Request[] = [];
  return {
    put: (atUs) => line.push({ atUs, waitUsMax: Number.POSITIVE_INFINITY }) > 0,
    take: () => line.pop(),
  };
}

/**
 * Controlled delay in Maurer's variant (ACM Queue 2015): a request may wait for the target alone
 * when the line has not been empty within the last interval, else for the interval.
 */
function controlledDelay(targetMs: number, intervalMs: number): Queue {
  let emptyAt = 0;
  const line = lineOf(Number.POSITIVE_INFINITY, (atUs, length) => {
    if (length === 0) emptyAt = atUs;
    return (emptyAt < atUs - intervalMs * US_PER_MS ? targetMs : intervalMs) * US_PER_MS;
  });
  return {
    put: line.put,
    take(now) {
      const next = line.take(now);
      if (next === undefined) emptyAt = now;
      return next;
    },
  };
}

function lineOf(lengthMax: number, waitUsMax: (atUs: number, length: number) => number): Queue {
  const line: Request[] = [];
  return {
    put(atUs) {
      if (line.length >= lengthMax) return false;
      line.push({ atUs, waitUsMax: waitUsMax(atUs, line.length) });
      return true;
    },
    take(now) {
      let next = line.shift();
      while (next !== undefined && now - next.atUs > next.waitUsMax) next = line.shift();
      return next;
    },
  };
}

interface Discipline {
  readonly name: string;
  readonly create: () => Queue;
  /** Answers in time a second under overload, in our pre-check. */
  readonly goodput: number;
  readonly published: string | undefined;
}

const DISCIPLINES: readonly Discipline[] = [
  { name: "unbounded FIFO", create: () => fifo(), goodput: 1, published: "does not serve in time" },
  { name: "FIFO, 10 wait", create: () => fifo(10), goodput: 99, published: undefined },
  { name: "FIFO, 20 wait", create: () => fifo(20), goodput: 99, published: undefined },
  { name: "FIFO, 50 wait", create: () => fifo(50), goodput: 50, published: undefined },
  { name: "FIFO, 200 wait", create: () => fifo(200), goodput: 1, published: undefined },
  { name: "LIFO", create: lifo, goodput: 99, published: "keeps serving in time" },
  {
    name: "FIFO, dropped after 200 ms",
    create: () => fifo(undefined, 200),
    goodput: 99,
    published: undefined,
  },
  {
    name: "controlled delay, 20/100 ms",
    create: () => controlledDelay(20, 100),
    goodput: 97,
    published: "keeps serving in time",
  },
];

/** Gives the answers in time a second in the overload and the quiet after it, and the 99th percentile of what was answered in the overload, ms. */
function regulate(create: () => Queue, seed: number): Sample {
  const served: { readonly atUs: number; readonly latencyUs: number }[] = [];
  run({ horizonUs: HORIZON_US }, seed, (node) => beginServer(node, create(), seed, served));
  const within = ({ fromUs, toUs }: typeof QUIET) =>
    served.filter(({ atUs }) => atUs >= fromUs && atUs < toUs).map(({ latencyUs }) => latencyUs);
  const perSecond = (span: typeof QUIET) =>
    within(span).filter((latencyUs) => latencyUs <= PATIENCE_US).length /
    ((span.toUs - span.fromUs) / SECOND_US);
  return [perSecond(OVERLOAD), perSecond(QUIET), quantile(within(OVERLOAD), 0.99) / US_PER_MS];
}

/** A server that works on one request at a time; its queue decides at the door, which costs nothing. */
function beginServer(
  node: Node,
  queue: Queue,
  seed: number,
  served: { readonly atUs: number; readonly latencyUs: number }[],
): void {
  const server = serve<number>(node, "server", (self) => {
    const random = new RandomStream(seed, 1);
    let isBusy = false;
    const pump = () => {
      const next = isBusy ? undefined : queue.take(node.now);
      if (next === undefined) return;
      isBusy = true;
      const us = Math.max(1, Math.round(random.exponential(SERVICE_MEAN_US)));
      node.work(self, us, "cpu").then(() => {
        isBusy = false;
        served.push({ atUs: next.atUs, latencyUs: node.now - next.atUs });
        pump();
      });
    };
    return (atUs) => {
      if (queue.put(atUs)) pump();
    };
  });
  serve(node, "customers", (self) => {
    const random = new RandomStream(seed, 0);
    const arrive = () => {
      node.send(self, server.pid, node.now);
      next();
    };
    const next = () => {
      const phase = PHASES.find(({ untilUs }) => node.now < untilUs);
      if (phase === undefined) return;
      const gapUs = Math.max(1, Math.round(random.exponential(SECOND_US / phase.perSecond)));
      node.schedule(node.now + gapUs, arrive);
    };
    next();
    return () => {};
  });
}

export const disciplines: Reproduction = {
  id: "R24",
  title: "Queue disciplines under twice the load",
  sources: [
    { title: "Nichols and Jacobson 2012, Maurer 2015: the idea, no numbers", confidence: "M" },
  ],
  conditions:
    "A server of one core, 10 ms a request on average (exponential), so 100/s. 80/s come, from 10 s to 70 s 200/s, then 80/s again. An answer counts when it comes within 500 ms.",
  assumptions: [
    "Nothing numeric is published: the bands lie 5 % of the capacity around a pre-check of our own.",
    "Refusing and dropping cost nothing; the lengths are of those that wait, besides the one in service.",
    "Controlled delay is Maurer's variant with a target of 20 ms and an interval of 100 ms.",
  ],
  lessons: ["L22"],
  trialCount: DISCIPLINES.length * RUN_COUNT,
  trial: (index, seed) =>
    regulate((DISCIPLINES[index % DISCIPLINES.length] as Discipline).create, seed),
  conclude: (samples) =>
    DISCIPLINES.slice(0, samples.length).flatMap(({ name, goodput, published }, kind): Row[] => {
      const turns = turnsOf(samples, kind, DISCIPLINES.length);
      const of = (i: number) => mean(turns.map((sample) => sample[i] ?? Number.NaN));
      const rows = [
        row({
          what: `${name}: answers in time at 200/s`,
          unit: "/s",
          published,
          ours: of(0),
          band: near(goodput, 5, "pre-check"),
        }),
      ];
      if (name === "FIFO, 20 wait")
        rows.push(
          row({
            what: `${name}: 99 % of answers at 200/s within`,
            unit: "ms",
            published: undefined,
            ours: of(2),
            band: within(328, 0.05, "pre-check"),
          }),
        );
      if (name.startsWith("controlled"))
        rows.push(
          row({
            what: `${name}: answers lost at 80/s`,
            unit: "%",
            published: undefined,
            ours: 100 * (1 - of(1) / 80),
            band: near(11, 5, "pre-check"),
          }),
        );
      return rows;
    }),
};
