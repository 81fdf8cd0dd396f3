/**
 * Rates over time: a meter's moving averages and a spiral's sliding window. Pure but for the `nowUs`
 * that they are given; what has happened since the last look is worked out when somebody looks.
 */
import { exp } from "../kernel/index.ts";

/** What a meter says. Rates are a second, in virtual time. */
export interface MeterReading {
  /** All that was marked. */
  readonly count: number;
  /** Since the meter was made. */
  readonly mean: number;
  /** Moving averages in which what is 1, 5 or 15 minutes old counts 1/e of what is new. */
  readonly one: number;
  readonly five: number;
  readonly fifteen: number;
}

const US_PER_SECOND = 1_000_000;

/** As folsom and Dropwizard: averages move every 5 s. */
const TICK_SECONDS = 5;
const TICK_US = TICK_SECONDS * US_PER_SECOND;

/** The share of the newest tick in the average: 1 − e^(−tick/period). */
const SHARES = [1, 5, 15].map((minutes) => 1 - exp(-TICK_SECONDS / (60 * minutes)));

/** Events a second, averaged with weights that fall off exponentially. */
export class Meter {
  readonly #fromUs: number;
  #tickedUs: number;
  #count = 0;
  #uncounted = 0;
  #rates: readonly number[] | undefined;

  constructor(nowUs: number) {
    this.#fromUs = nowUs;
    this.#tickedUs = nowUs;
  }

  mark(nowUs: number, amount: number): void {
    this.#tick(nowUs);
    this.#count += amount;
    this.#uncounted += amount;
  }

  read(nowUs: number): MeterReading {
    this.#tick(nowUs);
    const seconds = (nowUs - this.#fromUs) / US_PER_SECOND;
    const [one = 0, five = 0, fifteen = 0] = this.#rates ?? [];
    return {
      count: this.#count,
      mean: seconds > 0 ? this.#count / seconds : 0,
      one,
      five,
      fifteen,
    };
  }

  #tick(nowUs: number): void {
    const ticks = Math.floor((nowUs - this.#tickedUs) / TICK_US);
    if (ticks === 0) return;
    this.#tickedUs += ticks * TICK_US;
    const newest = this.#uncounted / TICK_SECONDS;
    this.#uncounted = 0;
    // The first average is the first tick's rate: starting from 0 would take minutes to be true.
    const rates = this.#rates?.map((rate, i) => rate + (SHARES[i] as number) * (newest - rate));
    const periods = [1, 5, 15];
    const idleSeconds = (ticks - 1) * TICK_SECONDS;
    this.#rates = (rates ?? [newest, newest, newest]).map(
      (rate, i) => rate * exp(-idleSeconds / (60 * (periods[i] as number))),
    );
  }
}

/** What a spiral says. */
export interface SpiralReading {
  /** All that was counted. */
  readonly count: number;
  /** What was counted in the last 60 s. */
  readonly one: number;
}

/** A spiral has a slot for each of 60 seconds; the one that is being filled counts as a whole. */
const SLOTS = 60;

/** Counts over the last 60 s, forgetting second by second. */
export class Spiral {
  readonly #slots = new Array<number>(SLOTS).fill(0);
  #second: number;
  #count = 0;

  constructor(nowUs: number) {
    this.#second = Math.floor(nowUs / US_PER_SECOND);
  }

  add(nowUs: number, amount: number): void {
    this.#turn(nowUs);
    this.#count += amount;
    const slot = this.#second % SLOTS;
    this.#slots[slot] = (this.#slots[slot] as number) + amount;
  }

  read(nowUs: number): SpiralReading {
    this.#turn(nowUs);
    return { count: this.#count, one: this.#slots.reduce((sum, part) => sum + part, 0) };
  }

  #turn(nowUs: number): void {
    const second = Math.floor(nowUs / US_PER_SECOND);
    const turned = Math.min(second - this.#second, SLOTS);
    for (let i = 0; i < turned; i++) this.#slots[(second - i) % SLOTS] = 0;
    this.#second = second;
  }
}
