/** R10: a customer who looks at two queues out of a hundred waits far less than one who looks at one. */
import type { Pid, Process } from "../kernel/index.ts";
import { steps, wait } from "../otp/here.ts";
import { receive } from "../otp/processes.ts";
import { choiceTime } from "./queue-formulas.ts";
import { near, type Reproduction, row, within } from "./reproduction.ts";
import { run } from "./stand.ts";
import { column, mean, turnsOf } from "./statistics.ts";

const SERVICE_US = 1_000_000;
const QUEUES = 100;

/** A world to measure: customers of one run, the first of which find the queues still filling. */
interface Case {
  readonly utilisation: number;
  readonly choices: number;
  readonly customers: number;
  readonly skipped: number;
}

/**
 * Queues that are chosen blindly take long to fill: as long as one server alone. Customers are most
 * where the band has least room, since 100 queues are 3.5 % slower than infinitely many.
 */
const CASES: readonly Case[] = [
  { utilisation: 0.9, choices: 1, customers: 100_000, skipped: 30_000 },
  { utilisation: 0.9, choices: 2, customers: 40_000, skipped: 5_000 },
  { utilisation: 0.9, choices: 3, customers: 40_000, skipped: 5_000 },
  { utilisation: 0.95, choices: 2, customers: 120_000, skipped: 10_000 },
  { utilisation: 0.95, choices: 3, customers: 200_000, skipped: 10_000 },
];

/** The limit law at two utilisations, as it is printed. */
const PRINTED: readonly (readonly [utilisation: number, choices: number, time: number])[] = [
  [0.9, 1, 10],
  [0.9, 2, 2.61],
  [0.9, 3, 2.03],
  [0.99, 1, 100],
  [0.99, 2, 5.43],
  [0.99, 3, 3.86],
];

/** Mean time of a customer, in service times, when each looks at `choices` queues and joins the shortest. */
export function timeWithChoices(
  { utilisation, choices, customers, skipped }: Case,
  seed: number,
): number {
  let sumUs = 0;
  let servedCount = 0;
  run({ horizonUs: 1e15 }, seed, (node) => {
    const lengths = new Int32Array(QUEUES);
    const servers: Pid[] = [];
    for (let queue = 0; queue < QUEUES; queue++) {
      const { process } = node.spawn(
        () =>
          steps(function* () {
            const random = node.randomOf(process);
            for (;;) {
              const [number, cameAt] = (yield* wait(receive())) as [number, number];
              yield* wait(node.sleep(process, Math.round(random.exponential(SERVICE_US))));
              lengths[queue] = (lengths[queue] as number) - 1;
              if (number < skipped) continue;
              sumUs += node.now - cameAt;
              servedCount++;
            }
          }),
        { label: "server" },
      );
      servers.push(process.pid);
    }
    const dispatcher: Process = node.spawn(
      () =>
        steps(function* () {
          const random = node.randomOf(dispatcher);
          const gapUs = SERVICE_US / (QUEUES * utilisation);
          for (let number = 0; number < customers; number++) {
            yield* wait(node.sleep(dispatcher, Math.round(random.exponential(gapUs))));
            let best = random.below(QUEUES);
            for (let look = 1; look < choices; look++) {
              const other = random.below(QUEUES);
              if ((lengths[other] as number) < (lengths[best] as number)) best = other;
            }
            lengths[best] = (lengths[best] as number) + 1;
            node.send(dispatcher, servers[best] as Pid, [number, node.now]);
          }
        }),
      { label: "dispatcher" },
    ).process;
  });
  return sumUs / servedCount / SERVICE_US;
}

export const twoChoices: Reproduction = {
  id: "R10",
  title: "The power of two choices",
  sources: [
    { title: "Mitzenmacher 1996 and 2001, abstract", confidence: "P" },
    { title: "the same, the limit law", confidence: "F" },
  ],
  conditions:
    "100 servers with a queue each; Poisson arrivals; exponential service. A dispatcher looks at d queues drawn at random, with the customer in service counted, and sends to the shortest. 12 runs of each.",
  assumptions: [
    "The law is for infinitely many queues. With 100 of them two or three choices take about 3 % longer; the band allows for it.",
    "Queues are drawn independently, so one may be drawn twice, as in the model; of equal ones the first drawn is taken.",
    "The dispatcher knows the lengths at once and without asking.",
    "At 99 % the law is only computed: 100 queues are too few there for the limit to hold.",
  ],
  lessons: ["L20"],
  trialCount: 12 * CASES.length,
  trial: (index, seed) => [timeWithChoices(CASES[index % CASES.length] as Case, seed)],
  conclude: (samples) => [
    ...PRINTED.map(([utilisation, choices, time]) =>
      row({
        what: `limit law, ${100 * utilisation} % busy, ${counted(choices)}`,
        unit: "service times",
        published: time,
        ours: choiceTime(utilisation, choices),
        band: near(time, 0.005, "published"),
        point: { series: `limit law, ${counted(choices)}`, x: utilisation },
      }),
    ),
    ...CASES.flatMap(({ utilisation, choices }, i) => {
      const turns = turnsOf(samples, i, CASES.length);
      if (turns.length === 0) return [];
      const limit = choiceTime(utilisation, choices);
      return row({
        what: `100 queues, ${100 * utilisation} % busy, ${counted(choices)}`,
        unit: "service times",
        published: PRINTED.find(([u, d]) => u === utilisation && d === choices)?.[2],
        ours: mean(column(turns, 0)),
        band: within(limit, 0.06, "limit law"),
        point: { series: `100 queues, ${counted(choices)}`, x: utilisation },
      });
    }),
  ],
};

function counted(choices: number): string {
  return choices === 1 ? "1 choice" : `${choices} choices`;
}
