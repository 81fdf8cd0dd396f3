/** R18: a client that refuses its own requests by what the server accepts of them. */
import { type Node, RandomStream } from "../kernel/index.ts";
import { type Reproduction, type Row, row, type Sample, within } from "./reproduction.ts";
import { run, serve } from "./stand.ts";
import { column, mean, turnsOf } from "./statistics.ts";

const SECOND_US = 1_000_000;
const CAPACITY = 100;
const DEMAND = 1000;
/** Requests that may wait at the server; it refuses the others. */
const QUEUE_LENGTH_MAX = 20;
const HISTORY_S = 120;
const HORIZON_S = 240;
/** Counted from here on, when the history is full. */
const FROM_S = 140;

const FACTORS = [2, 1.5, 1.1] as const;
const RUN_COUNT = 2;

interface Counts {
  sent: number;
  accepted: number;
}

/** Gives what reached the server and what it accepted, a second. */
export function throttle(factor: number, seed: number, perSecond = DEMAND): Sample {
  const counts: Counts = { sent: 0, accepted: 0 };
  run(
    {
      horizonUs: HORIZON_S * SECOND_US,
      nodes: [
        { name: "client", cores: 1 },
        { name: "server", cores: 1 },
      ],
      wires: [{ between: ["client", "server"], latency: { kind: "det", us: 500 }, loss: 0 }],
    },
    seed,
    (node) => {
      if (node.name === "server") beginServer(node);
      else beginClient(node, factor, perSecond, new RandomStream(seed, 0), counts);
    },
  );
  const seconds = HORIZON_S - FROM_S;
  return [counts.sent / seconds, counts.accepted / seconds];
}

/** Works on one request at a time and says at once which it takes; refusing costs it nothing. */
function beginServer(node: Node): void {
  serve<string>(
    node,
    "server",
    (self) => {
      let waitingCount = 0;
      let isBusy = false;
      const pump = () => {
        if (isBusy || waitingCount === 0) return;
        waitingCount--;
        isBusy = true;
        node.work(self, SECOND_US / CAPACITY, "cpu").then(() => {
          isBusy = false;
          pump();
        });
      };
      return () => {
        const isAccepted = waitingCount < QUEUE_LENGTH_MAX;
        node.send(self, { name: "client", node: "client" }, isAccepted);
        if (!isAccepted) return;
        waitingCount++;
        pump();
      };
    },
    "server",
  );
}

/** Refuses a request by itself with chance (requests − factor × accepts) / (requests + 1), over two minutes. */
function beginClient(
  node: Node,
  factor: number,
  perSecond: number,
  random: RandomStream,
  counts: Counts,
): void {
  serve<boolean | "arrival">(
    node,
    "client",
    (self) => {
      const requests = slidingCount();
      const accepts = slidingCount();
      const isCounted = () => node.now >= FROM_S * SECOND_US;
      const arrive = () => {
        const atS = Math.floor(node.now / SECOND_US);
        const all = requests.sum(atS);
        const chance = Math.max(0, (all - factor * accepts.sum(atS)) / (all + 1));
        requests.add(atS);
        if (random.uniform() >= chance) {
          if (isCounted()) counts.sent++;
          node.send(self, { name: "server", node: "server" }, "request");
        }
        next();
      };
      const next = () => {
        const at = node.now + Math.max(1, Math.round(random.exponential(SECOND_US / perSecond)));
        node.schedule(at, arrive);
      };
      next();
      return (isAccepted) => {
        if (isAccepted !== true) return;
        accepts.add(Math.floor(node.now / SECOND_US));
        if (isCounted()) counts.accepted++;
      };
    },
    "client",
  );
}

/** Counts by the second, over the last `HISTORY_S`. */
function slidingCount() {
  const bySecond = new Map<number, number>();
  let sum = 0;
  let oldest = 0;
  return {
    add(atS: number): void {
      bySecond.set(atS, (bySecond.get(atS) ?? 0) + 1);
      sum++;
    },
    sum(atS: number): number {
      for (; oldest <= atS - HISTORY_S; oldest++) {
        sum -= bySecond.get(oldest) ?? 0;
        bySecond.delete(oldest);
      }
      return sum;
    },
  };
}

export const throttling: Reproduction = {
  id: "R18",
  title: "Client-side adaptive throttling",
  sources: [
    { title: "Site Reliability Engineering, ch. 21, “Handling Overload”", confidence: "S" },
  ],
  conditions:
    "A client with 1,000 requests/s for a server that does 100/s. It refuses by itself with chance max(0, (requests − K × accepts) / (requests + 1)), counted over two minutes.",
  assumptions: [
    "One client; a server of one worker, 10 ms a request, that lets 20 wait and refuses the others at no cost.",
    "K × accepts: for K = 2 one request is refused for each accepted one; the other K follow from the same sum.",
  ],
  lessons: ["L22", "L15"],
  trialCount: FACTORS.length * RUN_COUNT,
  trial: (index, seed) => throttle(FACTORS[index % FACTORS.length] as number, seed),
  conclude: (samples) =>
    FACTORS.slice(0, samples.length).flatMap((factor, kind): Row[] => {
      const turns = turnsOf(samples, kind, FACTORS.length);
      return [
        row({
          what: `K = ${factor}: requests that reach the server`,
          unit: "/s",
          published: factor === 2 ? "one refused for each accepted" : undefined,
          ours: mean(column(turns, 0)),
          band: within(factor * CAPACITY, 0.03, "K × capacity"),
          point: { series: "sent", x: factor },
        }),
        row({
          what: `K = ${factor}: accepted`,
          unit: "/s",
          published: undefined,
          ours: mean(column(turns, 1)),
          band: within(CAPACITY, 0.03, "capacity"),
          point: { series: "accepted", x: factor },
        }),
      ];
    }),
};
