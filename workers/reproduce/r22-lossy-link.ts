/** R22: what a request costs over a wire that loses messages, and how often it is carried out. */
import { type Node, power } from "../kernel/index.ts";
import { near, type Reproduction, type Row, row, type Sample, within } from "./reproduction.ts";
import { later, run, serve } from "./stand.ts";
import { column, mean, turnsOf } from "./statistics.ts";

const TIMEOUT_US = 10_000;
const ORDER_COUNT = 10_000;
const RUN_COUNT = 8;
const TRIES = 3;
const LOSSES = [0.05, 0.1, 0.2, 0.3] as const;

interface Counts {
  attempts: number;
  executions: number;
  unacknowledged: number;
}

/** Orders one after the other, each sent until it is acknowledged. Gives attempts and executions an order, and the share without an answer after three. */
export function order(loss: number, seed: number): Sample {
  const counts: Counts = { attempts: 0, executions: 0, unacknowledged: 0 };
  run(
    {
      horizonUs: 1e13,
      nodes: [
        { name: "client", cores: 1 },
        { name: "server", cores: 1 },
      ],
      wires: [{ between: ["client", "server"], latency: { kind: "det", us: 1000 }, loss }],
    },
    seed,
    (node) => {
      if (node.name === "client") beginClient(node, counts);
      else
        serve<number>(
          node,
          "server",
          (self) => (number) => {
            counts.executions++;
            node.send(self, { name: "client", node: "client" }, number);
          },
          "server",
        );
    },
  );
  return [
    counts.attempts / ORDER_COUNT,
    counts.executions / ORDER_COUNT,
    counts.unacknowledged / ORDER_COUNT,
  ];
}

function beginClient(node: Node, counts: Counts): void {
  serve<number>(
    node,
    "client",
    (self) => {
      let current = 0;
      let stop = () => {};
      const attempt = (number: number) => {
        counts.attempts++;
        if (number === TRIES + 1) counts.unacknowledged++;
        node.send(self, { name: "server", node: "server" }, current);
        stop = later(self, TIMEOUT_US, () => attempt(number + 1));
      };
      attempt(1);
      return (acknowledged) => {
        if (acknowledged !== current) return;
        stop();
        current++;
        if (current < ORDER_COUNT) attempt(1);
      };
    },
    "client",
  );
}

export const lossyLink: Reproduction = {
  id: "R22",
  title: "Requests over a lossy wire",
  sources: [{ title: "derivation", confidence: "F" }],
  conditions:
    "Every message is lost with chance p, each way. An order is sent until it is acknowledged: 1/(1−p)² attempts, 1/(1−p) executions; after 3 tries (1−(1−p)²)³ of all orders have no acknowledgement.",
  assumptions: [
    "80,000 orders a point, one after the other; a time-out is longer than any answer takes.",
  ],
  lessons: ["L10"],
  trialCount: LOSSES.length * RUN_COUNT,
  trial: (index, seed) => order(LOSSES[index % LOSSES.length] as number, seed),
  conclude: (samples) =>
    LOSSES.slice(0, samples.length).flatMap((loss, kind): Row[] => {
      const turns = turnsOf(samples, kind, LOSSES.length);
      const arrives = 1 - loss;
      const unacknowledged = power(1 - arrives * arrives, TRIES);
      const what = `${loss * 100} % lost each way`;
      return [
        row({
          what: `${what}: attempts an order`,
          unit: "attempts",
          published: 1 / (arrives * arrives),
          ours: mean(column(turns, 0)),
          band: within(1 / (arrives * arrives), 0.03, "formula"),
          point: { series: "attempts", x: loss },
        }),
        row({
          what: `${what}: executions an order`,
          unit: "executions",
          published: 1 / arrives,
          ours: mean(column(turns, 1)),
          band: within(1 / arrives, 0.03, "formula"),
          point: { series: "executions", x: loss },
        }),
        row({
          what: `${what}: without acknowledgement after ${TRIES} tries`,
          unit: "%",
          published: 100 * unacknowledged,
          ours: 100 * mean(column(turns, 2)),
          band: unacknowledgedBand(100 * unacknowledged),
          point: { series: "unacknowledged", x: loss },
        }),
      ];
    }),
};

/** Rare things are counted less sharply: three standard errors of 80,000 orders, or 3 % if that is more. */
function unacknowledgedBand(percent: number) {
  const share = percent / 100;
  const error = 100 * Math.sqrt((share * (1 - share)) / (ORDER_COUNT * RUN_COUNT));
  const margin = Math.max(0.03 * percent, 3 * error);
  return near(percent, Math.round(margin * 1000) / 1000, "formula");
}
