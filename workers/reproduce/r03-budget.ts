/** R3: a budget for retries bounds what they add to an overload. */
import { RandomStream } from "../kernel/index.ts";
import { type Reproduction, row, type Sample, within } from "./reproduction.ts";
import { answer, ask, begin, run, serve, sleep } from "./stand.ts";
import { column, mean, turnsOf } from "./statistics.ts";

const ATTEMPTS_MAX = 3;
const CLIENT_COUNT = 20;
const PER_CLIENT_PER_SECOND = 50;
const HORIZON_US = 10_000_000;
/** The server takes one request in this time and refuses the others: 1 % of the demand. */
const ACCEPT_EVERY_US = 100_000;
/** Share of what a client sends that may be retries, by policy. */
const BUDGETS = [1, 0.1] as const;
const RUN_COUNT = 4;

/** Clients who meet an overloaded service. Gives the requests that reached it for each that was made. */
export function overload(budget: number, seed: number): Sample {
  let requestCount = 0;
  let attemptCount = 0;
  run(
    {
      horizonUs: HORIZON_US,
      nodes: [
        { name: "clients", cores: 1 },
        { name: "service", cores: 1 },
      ],
      wires: [{ between: ["clients", "service"], latency: { kind: "det", us: 500 }, loss: 0 }],
    },
    seed,
    (node) => {
      if (node.name === "service") {
        let freeAt = 0;
        serve(
          node,
          "service",
          (self) => (_, call) => {
            attemptCount++;
            const isAccepted = node.now >= freeAt;
            if (isAccepted) freeAt = node.now + ACCEPT_EVERY_US;
            answer(self, call, isAccepted);
          },
          "service",
        );
        return;
      }
      for (let client = 0; client < CLIENT_COUNT; client++) {
        const random = new RandomStream(seed, client);
        const sent = { all: 0, retries: 0 };
        const request = () =>
          begin(node, "request", function* (self) {
            requestCount++;
            for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
              if (attempt > 1 && sent.retries >= budget * sent.all) return;
              sent.all++;
              if (attempt > 1) sent.retries++;
              if (yield* ask(self, { name: "service", node: "service" }, client)) return;
            }
          });
        begin(node, "client", function* (self) {
          for (;;) {
            yield* sleep(self, random.exponential(1_000_000 / PER_CLIENT_PER_SECOND));
            request();
          }
        });
      }
    },
  );
  return [attemptCount / requestCount];
}

export const retryBudget: Reproduction = {
  id: "R3",
  title: "A budget for retries",
  sources: [
    { title: "Site Reliability Engineering, ch. 21, “Handling Overload”", confidence: "S" },
  ],
  conditions:
    "A service that refuses nearly everything; each request is tried up to 3 times, at once. With a budget a client retries only while retries are less than 10 % of what it has sent.",
  assumptions: [
    "20 clients of 50 requests/s each; the service accepts 10/s, which is 1 % of the demand (the source: “a small amount”).",
    "The ratio is counted since the client began; the source names no period. 10 % of all that is sent is 1/0.9 = 1.11 for each request.",
  ],
  lessons: ["L15"],
  trialCount: BUDGETS.length * RUN_COUNT,
  trial: (index, seed) => overload(BUDGETS[index % BUDGETS.length] as number, seed),
  conclude: (samples) => {
    const ours = BUDGETS.map((_, kind) => mean(column(turnsOf(samples, kind, BUDGETS.length), 0)));
    const rows = [
      row({
        what: "3 attempts for each request: growth of the load",
        unit: "×",
        published: "just below 3",
        ours: ours[0] as number,
        band: { low: 3 * 0.97, high: 3, around: "3, to 3 % below" },
      }),
      row({
        what: "with a retry budget of 10 %: growth of the load",
        unit: "×",
        published: 1.1,
        ours: ours[1] as number,
        band: within(1.1, 0.03, "published"),
      }),
    ];
    return rows.slice(0, samples.length);
  },
};
