/** R12: how evenly a ring is shared out, by the number of points that each server has on it. */
import { hashRing } from "../world/hash-ring.ts";
import { near, type Reproduction, row, within } from "./reproduction.ts";
import { mean, quantile } from "./statistics.ts";

/** Servers of the survey, with its two numbers of points and the interval that 99 of 100 shares lie in. */
const SERVERS = 20;
const SURVEY = [
  { points: 100, low: 0.76, high: 1.28, rings: 5 },
  { points: 1000, low: 0.92, high: 1.09, rings: 1 },
] as const;

/** The lesson's six servers: the largest share, ÷ the mean, that 95 of 100 rings do not pass. */
const LESSON_SERVERS = 6;
const LESSON_RINGS = 5;
const LESSON = [
  { points: 8, largest: 1.88 },
  { points: 64, largest: 1.27 },
  { points: 128, largest: 1.19 },
] as const;

/** Places on a ring. */
const PLACES = 2 ** 32;

/** The parts of a ring that its servers own, each ÷ the mean. The seed names the servers, and so places them. */
export function sharesOf(servers: number, points: number, seed: number): number[] {
  const nodes = Array.from({ length: servers }, (_, server) => `server-${seed}-${server}`);
  const ring = hashRing({ nodes, points });
  const owned = new Array<number>(servers).fill(0);
  let before = (ring.points.at(-1) as number) - PLACES;
  ring.points.forEach((at, point) => {
    const holder = ring.holders[point] as number;
    owned[holder] = (owned[holder] as number) + (at - before);
    before = at;
  });
  return owned.map((arc) => (arc * servers) / PLACES);
}

export const virtualNodes: Reproduction = {
  id: "R12",
  title: "Virtual nodes and balance",
  sources: [
    { title: "Gryski, a survey of consistent hashing (2018)", confidence: "S" },
    { title: "Karger et al. 1997", confidence: "M" },
  ],
  conditions:
    "The hashRing of our module “world”, whose places come from a hash of name and number. A share is the part of the ring that a server owns. 200 rings of servers with other names each; 40 where a server has 1,000 points.",
  assumptions: [
    "The survey does not say how many servers it has: 20 were taken.",
    "Its interval is read as the 0.5 % and 99.5 % quantiles of all servers' shares. It fits very many servers; with 20 it is a little narrower.",
  ],
  lessons: ["L06"],
  trialCount: 40,
  trial: (_index, seed) => [
    ...SURVEY.flatMap(({ points, rings }) =>
      repeated(rings, seed, (ring) => sharesOf(SERVERS, points, ring)).flat(),
    ),
    ...LESSON.flatMap(({ points }) =>
      repeated(LESSON_RINGS, seed, (ring) => Math.max(...sharesOf(LESSON_SERVERS, points, ring))),
    ),
  ],
  conclude(samples) {
    let next = 0;
    const take = (count: number) => {
      const from = next;
      next += count;
      return samples.flatMap((sample) => sample.slice(from, from + count));
    };
    const shares = SURVEY.map(({ rings }) => take(rings * SERVERS));
    const largestShares = LESSON.map(() => take(LESSON_RINGS));
    return [
      ...SURVEY.flatMap(({ points, low, high }, i) => {
        const found = shares[i] as number[];
        return [
          row({
            what: `${points} points a server: deviation of the shares`,
            unit: "%",
            published: points === 100 ? 10 : 3.2,
            ours: 100 * deviationOf(found),
            band: within(100 / Math.sqrt(points), 0.15, "1 ÷ √points"),
            point: { series: "deviation of the shares", x: points },
          }),
          row({
            what: `${points} points a server: 99 of 100 shares lie above`,
            unit: "of the mean",
            published: low,
            ours: quantile(found, 0.005),
            band: near(low, 0.03, "published"),
          }),
          row({
            what: `${points} points a server: and below`,
            unit: "of the mean",
            published: high,
            ours: quantile(found, 0.995),
            band: near(high, 0.03, "published"),
          }),
        ];
      }),
      ...LESSON.map(({ points, largest }, i) =>
        row({
          what: `6 servers, ${points} points each: largest share in 95 of 100 rings`,
          unit: "of the mean",
          published: undefined,
          ours: quantile(largestShares[i] as number[], 0.95),
          band: within(largest, 0.05, "pre-check"),
          point: { series: "largest share, 6 servers", x: points },
        }),
      ),
    ];
  },
};

/** Standard deviation of shares whose mean is 1. */
function deviationOf(shares: readonly number[]): number {
  return Math.sqrt(mean(shares.map((share) => (share - 1) * (share - 1))));
}

/** One result for each of so many rings, whose seeds lie far apart. */
function repeated<T>(count: number, seed: number, make: (seed: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(seed + i * 2 ** 20));
}
