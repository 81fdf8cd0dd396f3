/**
 * Random numbers of the laws that published models use, drawn from a seeded stream. Units are those
 * of the law's own numbers. The same bits everywhere, by the kernel's ln, exp and quantile.
 */
import { exp, ln, normalQuantile, type RandomStream } from "../kernel/index.ts";

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

/** A number of mean 0 and deviation 1. */
export function standardNormal(random: RandomStream): number {
  return normalQuantile(random.uniform());
}
