/**
 * Seeded random numbers, split so that nobody shares a stream.
 *
 * Each process, wire and load draws from a stream of its own, named by a path of integers. Editing
 * one process therefore leaves the draws of every other untouched. Rule N1.
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, 32-bit integer
 * arithmetic only, so every engine computes the same numbers.
 */
import { durationAt } from "./duration.ts";
import { ln } from "./math.ts";
import type { Distribution } from "./scenario.ts";

/** What a stream is for: the first number of its path. */
export const STREAM = {
  wire: 2,
  process: 3,
  schedule: 4,
  load: 6,
  duplicates: 7,
  ticks: 8,
  reorder: 9,
} as const;

/** Draws thrown away after seeding, so that similar paths do not begin alike. */
const WARM_UP_DRAWS = 12;

export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #d = 1;

  /** The stream at `path` of the run with `seed`. Equal seed and path give equal draws. */
  constructor(seed: number, ...path: readonly number[]) {
    let a = mix(0x9e3779b9, seed);
    let b = mix(0x243f6a88, seed);
    let c = mix(0xb7e15162, seed);
    // A seed may pass 2^32 (up to 2^53): the upper part counts too.
    for (const part of [Math.floor(seed / 2 ** 32), ...path]) {
      a = mix(a, part);
      b = mix(b, a ^ part);
      c = mix(c, b ^ part);
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    for (let i = 0; i < WARM_UP_DRAWS; i++) this.bits();
  }

  /** 32 random bits, as an unsigned integer. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1), with 53 random bits. */
  uniform(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** A whole number from 0 to `count` − 1; exact enough for counts below 2^20. */
  below(count: number): number {
    return ((this.bits() * count) / 2 ** 32) >>> 0;
  }

  /** Exponential with the given mean; never infinite, since the uniform draw is never 1. */
  exponential(mean: number): number {
    return -ln(1 - this.uniform()) * mean;
  }

  /** A whole number of µs from a distribution. Uses exactly one uniform draw, whatever the kind. */
  durationUs(distribution: Distribution): number {
    return durationAt(distribution, this.uniform());
  }
}

/** One round of MurmurHash3's 32-bit mixing and its finaliser (Austin Appleby, public domain). */
function mix(hash: number, word: number): number {
  let k = Math.imul(word | 0, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let h = hash ^ Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
