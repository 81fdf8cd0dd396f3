/** R5: an overload that outlives its cause, kept up by one retry. */
import { type Node, RandomStream } from "../kernel/index.ts";
import { atMost, type Reproduction, type Row, row, type Sample, within } from "./reproduction.ts";
import { later, run, serve } from "./stand.ts";
import { column, mean, turnsOf } from "./statistics.ts";

const SECOND_US = 1_000_000;
const WORKER_COUNT = 30;
const QUERY_US = 100_000;
const PATIENCE_US = SECOND_US;
/** One try and one retry. */
const ATTEMPTS_MAX = 2;
const PAUSE = { fromUs: 30 * SECOND_US, toUs: 40 * SECOND_US };
const HORIZON_US = 180 * SECOND_US;
/** What is looked at: before the pause, and long after it. */
const BEFORE = { fromUs: 10 * SECOND_US, toUs: 29 * SECOND_US };
const AFTER = { fromUs: 140 * SECOND_US, toUs: 178 * SECOND_US };

const LOADS = [80, 120, 160, 200, 240, 280] as const;
const SEED_COUNT = 2;

interface Query {
  readonly request: number;
  readonly attempt: number;
}

/** So many customers a second, and a pause of the network. Gives answers in time before and after it, and attempts after it, a second. */
export function pause(perSecond: number, seed: number, attemptsMax = ATTEMPTS_MAX): Sample {
  const count = { before: 0, after: 0, attempts: 0 };
  const isIn = (atUs: number, { fromUs, toUs }: typeof AFTER) => atUs >= fromUs && atUs < toUs;
  run(
    {
      horizonUs: HORIZON_US,
      nodes: [
        { name: "web", cores: 1 },
        { name: "db", cores: WORKER_COUNT },
      ],
      wires: [{ between: ["web", "db"], latency: { kind: "det", us: 500 }, loss: 0 }],
      faults: [{ kind: "hold", between: ["web", "db"], atUs: PAUSE.fromUs, untilUs: PAUSE.toUs }],
    },
    seed,
    (node) => {
      if (node.name === "db") beginDatabase(node);
      else
        beginWeb(node, perSecond, attemptsMax, new RandomStream(seed, 0), {
          attempted: (atUs) => {
            if (isIn(atUs, AFTER)) count.attempts++;
          },
          answered: (beganUs) => {
            if (isIn(beganUs, BEFORE)) count.before++;
            if (isIn(beganUs, AFTER)) count.after++;
          },
        });
    },
  );
  const seconds = ({ fromUs, toUs }: typeof AFTER) => (toUs - fromUs) / SECOND_US;
  return [
    count.before / seconds(BEFORE),
    count.after / seconds(AFTER),
    count.attempts / seconds(AFTER),
  ];
}

/** Serves in the order of arrival, as many at once as it has workers; does not know who has left. */
function beginDatabase(node: Node): void {
  serve<Query>(
    node,
    "db",
    (self) => {
      const queue: Query[] = [];
      let first = 0;
      let busyCount = 0;
      const pump = () => {
        while (busyCount < WORKER_COUNT && first < queue.length) {
          const query = queue[first++] as Query;
          busyCount++;
          node.work(self, QUERY_US, "cpu").then(() => {
            busyCount--;
            node.send(self, { name: "web", node: "web" }, query);
            pump();
          });
        }
      };
      return (query) => {
        queue.push(query);
        pump();
      };
    },
    "db",
  );
}

interface Watch {
  attempted(atUs: number): void;
  answered(beganUs: number): void;
}

/** Poisson customers, each of whom waits a second for an answer and then tries again, if it may. */
function beginWeb(
  node: Node,
  perSecond: number,
  attemptsMax: number,
  random: RandomStream,
  watch: Watch,
): void {
  interface Waiting extends Query {
    readonly beganUs: number;
    readonly stop: () => void;
  }
  serve<Query>(
    node,
    "web",
    (self) => {
      const waiting = new Map<number, Waiting>();
      let requestCount = 0;
      const attempt = (request: number, number: number, beganUs: number) => {
        watch.attempted(node.now);
        const stop = later(self, PATIENCE_US, () => {
          waiting.delete(request);
          if (number < attemptsMax) attempt(request, number + 1, beganUs);
        });
        waiting.set(request, { request, attempt: number, beganUs, stop });
        node.send(self, { name: "db", node: "db" }, { request, attempt: number });
      };
      const arrive = () => {
        attempt(requestCount++, 1, node.now);
        later(self, random.exponential(SECOND_US / perSecond), arrive);
      };
      later(self, random.exponential(SECOND_US / perSecond), arrive);
      return ({ request, attempt: number }) => {
        const one = waiting.get(request);
        if (one === undefined || one.attempt !== number) return;
        waiting.delete(request);
        one.stop();
        watch.answered(one.beganUs);
      };
    },
    "web",
  );
}

export const metastable: Reproduction = {
  id: "R5",
  title: "A metastable failure",
  sources: [
    { title: "Bronson et al., HotOS 2021 (two independent summaries agree)", confidence: "S" },
  ],
  conditions:
    "A database that does 300 queries/s; web waits 1 s and retries once. Stable below 150 requests/s. The network between them is paused for 10 s, from 30 s to 40 s; looked at 100 s later.",
  assumptions: [
    "The database is 30 workers of 100 ms with one line in order of arrival; the source says only: below 100 ms up to 300/s, slow above.",
    "Poisson requests; the pause holds what is sent and delivers it together.",
  ],
  lessons: ["L25"],
  trialCount: LOADS.length * SEED_COUNT,
  trial: (index, seed) => pause(LOADS[index % LOADS.length] as number, seed),
  conclude(samples) {
    return LOADS.slice(0, samples.length).flatMap((load, kind): Row[] => {
      const turns = turnsOf(samples, kind, LOADS.length);
      const [before, after, attempts] = [0, 1, 2].map((i) => mean(column(turns, i)));
      const isStuck = load > 150;
      const rows = [
        row({
          what: `${load} requests/s: answered in time before the pause`,
          unit: "/s",
          published: "stable",
          ours: before as number,
          band: within(load, 0.05, "what is offered"),
          point: { series: "before the pause", x: load },
        }),
        row({
          what: `${load} requests/s: answered in time 100 s after the pause`,
          unit: "/s",
          published: isStuck ? "does not recover" : "recovers",
          ours: after as number,
          band: isStuck
            ? atMost(load * 0.02, "at most 2 % of what is offered")
            : within(load, 0.05, "what is offered"),
          point: { series: "after the pause", x: load },
        }),
      ];
      if (load !== 280) return rows;
      return [
        ...rows,
        row({
          what: "280 requests/s: queries to the database after the pause",
          unit: "/s",
          published: 560,
          ours: attempts as number,
          band: within(560, 0.03, "published"),
        }),
      ];
    });
  },
};
