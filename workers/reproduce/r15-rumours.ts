/** R15: a rumour that loses interest leaves some who never hear it; one that does not reaches all in log₂ n + ln n rounds. */
import { exp, ln, type Pid, type Process, US_PER_MS } from "../kernel/index.ts";
import { type Reproduction, row, within } from "./reproduction.ts";
import { later, run, serve } from "./stand.ts";
import { column, mean } from "./statistics.ts";

const ROUND_US = 1000 * US_PER_MS;
const SITES = 1000;

type Message =
  | { readonly kind: "rumour"; readonly from: Pid }
  /** The one who was told knew it already. */
  | { readonly kind: "known" };

/**
 * Rumour mongering by push: whoever knows tells a random other at moments of its own, once a second
 * in the mean, and loses interest with chance 1 ÷ k each time the other knew already. Gives the
 * share of sites that never heard.
 */
export function residue(sites: number, k: number, seed: number): number {
  let heardCount = 0;
  run({ horizonUs: 1e12 }, seed, (node) => {
    const all: Process[] = [];
    for (let number = 0; number < sites; number++) {
      all.push(
        serve<Message>(node, "site", (self) => {
          const random = node.randomOf(self);
          let isKnown = false;
          let isInterested = false;
          const tell = () => {
            if (!isInterested) return;
            const other = random.below(sites - 1);
            const { pid } = all[other < number ? other : other + 1] as Process;
            node.send(self, pid, { kind: "rumour", from: self.pid });
            later(self, random.exponential(ROUND_US), tell);
          };
          const hear = () => {
            heardCount++;
            isKnown = isInterested = true;
            later(self, random.exponential(ROUND_US), tell);
          };
          if (number === 0) hear();
          return (message) => {
            if (message.kind === "known") {
              if (random.uniform() * k < 1) isInterested = false;
            } else if (isKnown) node.send(self, message.from, { kind: "known" });
            else hear();
          };
        }),
      );
    }
  });
  return 1 - heardCount / sites;
}

/** Push without end: once a round everybody who knows tells a random other. Gives the rounds until all know. */
export function roundsToAll(sites: number, seed: number): number {
  let heardCount = 0;
  let lastRound = 0;
  run({ horizonUs: 1000 * ROUND_US }, seed, (node) => {
    const all: Process[] = [];
    for (let number = 0; number < sites; number++) {
      all.push(
        serve<"rumour">(node, "site", (self) => {
          const random = node.randomOf(self);
          let isKnown = false;
          const tell = () => {
            if (heardCount === sites) return;
            const other = random.below(sites - 1);
            node.send(self, (all[other < number ? other : other + 1] as Process).pid, "rumour");
            later(self, ROUND_US, tell);
          };
          // Told in one round, it tells from the next on.
          const hear = () => {
            isKnown = true;
            heardCount++;
            lastRound = Math.round(node.now / ROUND_US);
            later(self, ROUND_US, tell);
          };
          if (number === 0) hear();
          return () => {
            if (!isKnown) hear();
          };
        }),
      );
    }
  });
  return lastRound;
}

/** s = e^(−(k + 1)(1 − s)), the root below 1, by repetition from 0. */
export function residueByFormula(k: number): number {
  let share = 0;
  for (let i = 0; i < 1000; i++) share = exp(-(k + 1) * (1 - share));
  return share;
}

/** Trials repeat this list. What leaves few sites out needs more runs to be seen. */
const TURNS = [1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 5, 5] as const;
const ROUNDS_SIZES = [
  { sites: 100, preCheck: 12.4 },
  { sites: 1000, preCheck: 18 },
] as const;
/** Turns of a cycle: the residues, then the two sizes. */
const CYCLE = TURNS.length + ROUNDS_SIZES.length;
const CYCLES = 40;

const PUBLISHED: Readonly<Record<number, string>> = { 1: "about 20", 2: "about 6" };

export const rumours: Reproduction = {
  id: "R15",
  title: "Rumours: who never hears, and how fast the rest does",
  sources: [
    { title: "Demers et al. 1987, derivation (archived draft)", confidence: "P" },
    { title: "the percentages", confidence: "F" },
    { title: "Pittel 1987: log₂ n + ln n + O(1) rounds", confidence: "M" },
  ],
  conditions:
    "1,000 sites, each a process; push with feedback, interest lost with chance 1 ÷ k on telling one who knew. Rounds: everybody who knows tells one random other each round, until all know. Nothing is lost.",
  assumptions: [
    "Sites tell at moments of their own, exponential with a mean of one round: the derivation has no common rounds.",
    "Pittel's law leaves a constant open. Our rounds lie about one above it; the band is around the pre-check, which had the same constant.",
  ],
  lessons: ["L05"],
  trialCount: CYCLE * CYCLES,
  trial(index, seed) {
    const turn = index % CYCLE;
    const k = TURNS[turn];
    if (k !== undefined) return [residue(SITES, k, seed)];
    return [roundsToAll(ROUNDS_SIZES[turn - TURNS.length]?.sites ?? SITES, seed)];
  },
  conclude(samples) {
    const of = (isMeant: (turn: number) => boolean) =>
      mean(
        column(
          samples.filter((_, index) => isMeant(index % CYCLE)),
          0,
        ),
      );
    const rows = [
      ...[1, 2, 3, 4, 5].map((k) => {
        const formula = 100 * residueByFormula(k);
        return row({
          what: `k = ${k}: sites that never hear`,
          unit: "%",
          published: PUBLISHED[k],
          ours: 100 * of((turn) => TURNS[turn] === k),
          band: within(formula, 0.1, "formula"),
          point: { series: "residue", x: k },
        });
      }),
      ...ROUNDS_SIZES.map(({ sites, preCheck }, i) => {
        const law = ln(sites) / ln(2) + ln(sites);
        return row({
          what: `${sites} sites: rounds until all know`,
          unit: "rounds",
          published: `about ${Math.round(law * 10) / 10}`,
          ours: of((turn) => turn === TURNS.length + i),
          band: within(preCheck, 0.1, "pre-check"),
          point: { series: "rounds", x: sites },
        });
      }),
    ];
    return rows.filter(({ ours }) => !Number.isNaN(ours));
  },
};
