/** R13: how many customers share all their workers with a troublemaker, when each is dealt a hand of them. */
import { RandomStream } from "../kernel/index.ts";
import { exactly, near, type Reproduction, type Row, row, within } from "./reproduction.ts";
import { column, mean } from "./statistics.ts";

/** A pack of workers, and how many of them each customer is dealt. */
interface Deal {
  readonly workers: number;
  readonly hand: number;
}

const EIGHT: Deal = { workers: 8, hand: 2 };
/** The author's picture: a pack of cards with its jokers. */
const CARDS: Deal = { workers: 54, hand: 4 };

/** Pairs of hands that a trial deals from each pack. */
const PAIRS = 20_000;

/** How many hands there are: `hand` out of `workers`. Exact while below 2^53. */
export function handCount({ workers, hand }: Deal): number {
  let count = 1;
  // Each product is a number of hands itself, so every division comes out whole.
  for (let i = 1; i <= hand; i++) count = (count * (workers - hand + i)) / i;
  return count;
}

/** The chance that another's hand has exactly `matches` workers of ours. */
export function matchShare(deal: Deal, matches: number): number {
  const { workers, hand } = deal;
  const ours = handCount({ workers: hand, hand: matches });
  const others = handCount({ workers: workers - hand, hand: hand - matches });
  return (ours * others) / handCount(deal);
}

/** Deals two hands and counts the workers in both, again and again: pairs by number of matches. */
export function dealPairs({ workers, hand }: Deal, pairs: number, random: RandomStream): number[] {
  const byMatches = new Array<number>(hand + 1).fill(0);
  const pack = Array.from({ length: workers }, (_, worker) => worker);
  for (let pair = 0; pair < pairs; pair++) {
    const first = new Set(dealFrom(pack, hand, random));
    const matches = dealFrom(pack, hand, random).filter((worker) => first.has(worker)).length;
    byMatches[matches] = (byMatches[matches] ?? 0) + 1;
  }
  return byMatches;
}

/** A hand from the whole pack: the beginning of a shuffle. The pack stays shuffled, which changes no chance. */
function dealFrom(pack: number[], hand: number, random: RandomStream): number[] {
  for (let i = 0; i < hand; i++) {
    const other = i + random.below(pack.length - i);
    [pack[i], pack[other]] = [pack[other] as number, pack[i] as number];
  }
  return pack.slice(0, hand);
}

export const shuffleSharding: Reproduction = {
  id: "R13",
  title: "Shuffle sharding",
  sources: [
    {
      title: "MacCárthaigh, AWS: opening of the article, and his thread about cards",
      confidence: "P",
    },
    { title: "the numbers of hands", confidence: "F" },
  ],
  conditions:
    "Each customer is dealt a hand of workers out of the pack; a customer is lost when all of the hand are a troublemaker's. Counted exactly, and dealt: 25 trials of 20,000 pairs of hands from each pack.",
  assumptions: [
    "Hands are dealt independently, so two customers may have the same one.",
    "Plain sharding is four fixed shards of two workers.",
  ],
  lessons: ["L16"],
  trialCount: 25,
  trial(_index, seed) {
    const shares = [EIGHT, CARDS].map((deal, pack) =>
      dealPairs(deal, PAIRS, new RandomStream(seed, pack)).map((count) => count / PAIRS),
    );
    return shares.flat();
  },
  conclude(samples) {
    const dealt = (place: number) => 100 * mean(column(samples, place));
    const inPairs = (deal: Deal, matches: number, what: string, ours: number): Row =>
      row({
        what: `dealt: ${what}`,
        unit: "%",
        published: 100 * matchShare(deal, matches),
        ours,
        band: near(100 * matchShare(deal, matches), 0.5, "exact"),
      });
    return [
      ...counted(),
      inPairs(EIGHT, 2, "8 workers, 2 each: both the same", dealt(2)),
      ...[1, 2].map((matches) =>
        inPairs(CARDS, matches, `54 cards, 4 each: ${matches} the same`, dealt(3 + matches)),
      ),
    ];
  },
};

/** The numbers of the source, computed. */
function counted(): Row[] {
  const percent = (what: string, published: number, share: number, digits: number): Row =>
    row({
      what,
      unit: "%",
      published,
      ours: 100 * share,
      band: near(published, digits, "published, as rounded"),
    });
  return [
    row({
      what: "8 workers, 2 each: hands",
      unit: "hands",
      published: 28,
      ours: handCount(EIGHT),
      band: exactly(28, "published"),
    }),
    percent("the same: customers with both workers of another", 3.6, matchShare(EIGHT, 2), 0.05),
    percent("plain shards of 2: customers with both workers of another", 25, 2 / 8, 0),
    row({
      what: "100 workers, 5 each: customers with all of another",
      unit: "%",
      published: 1.3e-6,
      ours: 100 * matchShare({ workers: 100, hand: 5 }, 5),
      band: near(1.3e-6, 5e-8, "published, as rounded"),
    }),
    row({
      what: "2,048 workers, 4 each: hands",
      unit: "hands",
      published: 7.3e11,
      ours: handCount({ workers: 2048, hand: 4 }),
      band: within(7.3e11, 0.01, "published, as rounded"),
    }),
    row({
      what: "54 cards, 4 each: hands",
      unit: "hands",
      published: 316_251,
      ours: handCount(CARDS),
      band: exactly(316_251, "published"),
    }),
    percent("the same: one card alike", 24.8, matchShare(CARDS, 1), 0.05),
    percent("two cards alike", 2.3, matchShare(CARDS, 2), 0.05),
    percent("three cards alike", 0.06, matchShare(CARDS, 3), 0.005),
  ];
}
