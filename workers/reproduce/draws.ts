/**
 * Random numbers of the laws that published models use, drawn from a seeded stream. Units are those
 * of the law's own numbers. Only + − × ÷, √ and the kernel's ln and exp: the same bits everywhere.
 */
import { exp, ln, type RandomStream } from "../kernel/index.ts";

export type Law =
  | { readonly kind: "uniform"; readonly from: number; readonly to: number }
  | { readonly kind: "exponential"; readonly mean: number }
  /** Never below `least`; the chance to pass x is (least / x)^shape. */
  | { readonly kind: "pareto"; readonly least: number; readonly shape: number }
  /** The absolute value of a normal number, as of |N(10, 2)|. */
  | { readonly kind: "normal"; readonly mean: number; readonly deviation: number }
  /** With chance `share` one law, else the other. */
  | { readonly kind: "mix"; readonly share: number; readonly one: Law; readonly other: Law };

/** Draws a number by a law. */
export function draw(random: RandomStream, law: Law): number {
  switch (law.kind) {
    case "uniform":
      return law.from + random.uniform() * (law.to - law.from);
    case "exponential":
      return random.exponential(law.mean);
    case "pareto":
      return law.least * exp(-ln(1 - random.uniform()) / law.shape);
    case "normal":
      return Math.abs(law.mean + law.deviation * standardNormal(random));
    case "mix":
      return draw(random, random.uniform() < law.share ? law.one : law.other);
  }
}

/** A number of mean 0 and deviation 1, by Marsaglia's polar method (1964). */
export function standardNormal(random: RandomStream): number {
  for (;;) {
    const x = 2 * random.uniform() - 1;
    const y = 2 * random.uniform() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * ln(square)) / square);
  }
}
