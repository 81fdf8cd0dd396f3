/**
 * What happens to each customer of a queue, noted beside the run: when they came, what they found,
 * when they were served and when they left. Also draws what they bring with them: their service and
 * which till they choose, from streams of their own in order of arrival. So both are independent of
 * all that went before, as the controls of queueing-estimate.ts want.
 */
import { RandomStream } from "../../workers/kernel/index.ts";

/** Where customers are served. */
export type Place =
  /** A server that serves one after the other: its mailbox is the queue. */
  | { readonly kind: "till" }
  /** A desk that sends customers to clerks, each on a core of its own; its own list is the queue. */
  | { readonly kind: "desk"; readonly clerks: number }
  /** The same, but who finds all clerks busy is refused. */
  | { readonly kind: "exchange"; readonly clerks: number }
  /** No queue: all who are there share one core. */
  | { readonly kind: "core" }
  /** Tills; a customer goes to the shortest of `choices` drawn ones, of which two may be the same. */
  | { readonly kind: "tills"; readonly tills: number; readonly choices: number };

/** How long a service takes, in mean services. */
export type Service =
  | { readonly kind: "exponential" }
  | { readonly kind: "fixed" }
  /** `short` with a probability of `share`, else `long`; together they have a mean of 1. */
  | {
      readonly kind: "mix";
      readonly short: number;
      readonly long: number;
      readonly share: number;
    };

/** A mean service in µs: so long that whole µs do no harm. */
export const MEAN_US = 10_000;

/** Streams of these tests, beside those of the kernel (`STREAM`). */
const SERVICES = 1001;
const CHOICES = 1002;

/** Numbers by customer. */
class Column {
  readonly #values: Float64Array;

  constructor(count: number) {
    this.#values = new Float64Array(count);
  }

  of(n: number): number {
    return this.#values[n] as number;
  }

  set(n: number, value: number): void {
    this.#values[n] = value;
  }
}

/** What happened to whom, by number of customer from 0. Times in µs. */
export class Notes {
  readonly count: number;
  readonly arrivedAt: Column;
  readonly serviceUs: Column;
  readonly beganAt: Column;
  readonly leftAt: Column;
  /** Customers found there, or at the till that was chosen. */
  readonly found: Column;
  /** 1 for those who were refused. */
  readonly refused: Column;
  readonly till: Column;
  /** The sum over time of the customers present, up to the arrival. */
  readonly areaBefore: Column;
  readonly #place: Place;
  readonly #service: Service;
  readonly #services: RandomStream;
  readonly #choices: RandomStream;
  readonly #atTill: number[];
  #present = 0;
  #area = 0;
  #areaUntil = 0;

  constructor(count: number, place: Place, service: Service, seed: number) {
    const column = () => new Column(count);
    this.count = count;
    this.arrivedAt = column();
    this.serviceUs = column();
    this.beganAt = column();
    this.leftAt = column();
    this.found = column();
    this.refused = column();
    this.till = column();
    this.areaBefore = column();
    this.#place = place;
    this.#service = service;
    this.#services = new RandomStream(seed, SERVICES);
    this.#choices = new RandomStream(seed, CHOICES);
    this.#atTill = Array<number>(place.kind === "tills" ? place.tills : 1).fill(0);
  }

  arrive(n: number, nowUs: number): void {
    this.arrivedAt.set(n, nowUs);
    this.serviceUs.set(n, this.#drawServiceUs());
    this.#sum(nowUs);
    this.areaBefore.set(n, this.#area);
    const till = this.#chooseTill();
    const found = this.#at(till);
    this.till.set(n, till);
    this.found.set(n, found);
    this.#atTill[till] = found + 1;
    this.#present++;
  }

  begin(n: number, nowUs: number): void {
    this.beganAt.set(n, nowUs);
  }

  leave(n: number, nowUs: number): void {
    this.leftAt.set(n, nowUs);
    this.#sum(nowUs);
    const till = this.till.of(n);
    this.#atTill[till] = this.#at(till) - 1;
    this.#present--;
  }

  refuse(n: number, nowUs: number): void {
    this.begin(n, nowUs);
    this.leave(n, nowUs);
    this.refused.set(n, 1);
  }

  #at(till: number): number {
    return this.#atTill[till] as number;
  }

  #sum(nowUs: number): void {
    this.#area += this.#present * (nowUs - this.#areaUntil);
    this.#areaUntil = nowUs;
  }

  #chooseTill(): number {
    if (this.#place.kind !== "tills") return 0;
    const { tills, choices } = this.#place;
    let best = this.#choices.below(tills);
    for (let i = 1; i < choices; i++) {
      const other = this.#choices.below(tills);
      if (this.#at(other) < this.#at(best)) best = other;
    }
    return best;
  }

  #drawServiceUs(): number {
    const service = this.#service;
    switch (service.kind) {
      case "exponential":
        return Math.max(1, Math.round(this.#services.exponential(MEAN_US)));
      case "fixed":
        return MEAN_US;
      case "mix":
        return MEAN_US * (this.#services.uniform() < service.share ? service.short : service.long);
    }
  }
}
