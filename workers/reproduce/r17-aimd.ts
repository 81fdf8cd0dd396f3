/** R17: which rules of giving way lead two users of one resource to equal shares. */
import { atLeast, atMost, type Reproduction, row, type Sample } from "./reproduction.ts";
import { answer, ask, begin, run, serve, sleep } from "./stand.ts";

const CAPACITY = 100;
const START = [80, 5] as const;
const ROUND_COUNT = 500;
const ROUND_US = 100_000;
const STEP = 1;

/** What a user makes of its rate, told whether the resource is overloaded. */
type Rule = (rate: number, isOverloaded: boolean) => number;

const RULES: readonly { readonly name: string; readonly rule: Rule }[] = [
  { name: "AIMD", rule: (rate, isOverloaded) => (isOverloaded ? rate / 2 : rate + STEP) },
  { name: "AIAD", rule: (rate, isOverloaded) => Math.max(0, rate + (isOverloaded ? -STEP : STEP)) },
  { name: "MIMD", rule: (rate, isOverloaded) => rate * (isOverloaded ? 0.5 : 1.1) },
];

/** Jain's index: 1 for equal shares, 1/n when one of n has all. */
export function fairness(rates: readonly number[]): number {
  const sum = rates.reduce((a, b) => a + b, 0);
  return (sum * sum) / (rates.length * rates.reduce((a, b) => a + b * b, 0));
}

/** Two users tell a resource their rate each round; both hear whether the sum is too much. Gives the fairness of each round. */
function share(rule: Rule, seed: number): Sample {
  const fair: number[] = [fairness(START)];
  run({ horizonUs: (ROUND_COUNT + 1) * ROUND_US }, seed, (node) => {
    const rates: number[] = [...START];
    const resource = serve<readonly [user: number, rate: number]>(node, "resource", (self) => {
      let waiting: Parameters<typeof answer>[1][] = [];
      return ([user, rate], call) => {
        rates[user] = rate;
        waiting.push(call);
        if (waiting.length < START.length) return;
        const isOverloaded = rates.reduce((a, b) => a + b, 0) > CAPACITY;
        for (const one of waiting) answer(self, one, isOverloaded);
        waiting = [];
        fair.push(fairness(rates));
      };
    });
    START.forEach((first, user) => {
      begin(node, "user", function* (self) {
        for (let rate: number = first; ; ) {
          const isOverloaded = (yield* ask(self, resource.pid, [user, rate])) === true;
          rate = rule(rate, isOverloaded);
          yield* sleep(self, ROUND_US);
        }
      });
    });
  });
  return fair;
}

export const aimd: Reproduction = {
  id: "R17",
  title: "Additive increase, multiplicative decrease is fair",
  sources: [
    { title: "Chiu and Jain, 1989 (the vector diagram)", confidence: "M" },
    { title: "closed form", confidence: "F" },
  ],
  conditions:
    "Two users of a resource of 100 units/s begin with 80 and 5. Each round both hear whether the sum is too much, and add or take away, or multiply. Fairness is Jain's index after 500 rounds.",
  assumptions: [
    "Steps of 1 unit/s; decrease to a half, increase by a tenth where it is multiplied. The index at the start is 0.562, which multiplying both can never change.",
  ],
  lessons: ["L25"],
  trialCount: RULES.length,
  trial: (index, seed) => share((RULES[index] as (typeof RULES)[number]).rule, seed),
  conclude: (samples) =>
    samples.map((sample, index) => {
      const { name } = RULES[index] as (typeof RULES)[number];
      const last = sample.at(-1) ?? Number.NaN;
      const isFair = name === "AIMD";
      return row({
        what: `${name}: fairness after ${ROUND_COUNT} rounds`,
        unit: "",
        published: isFair ? "goes to the fair point" : "does not",
        ours: last,
        band: isFair ? atLeast(0.99, "at least 0.99") : atMost(0.8, "at most 0.8"),
      });
    }),
};
