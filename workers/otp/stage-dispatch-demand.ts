/**
 * Events go to the consumer with the largest open demand, as many as it has asked for, then to the
 * next. Consumers with equal demand take turns: whoever got events goes behind those who ask as much.
 */
import type { Subscription } from "./stage-callbacks.ts";
import { type Dispatcher, type Outlet, uncovered } from "./stage-dispatcher.ts";

interface Demand {
  readonly open: number;
  readonly consumer: Subscription;
}

export interface DemandDispatcherOptions {
  readonly maxDemand?: number;
  readonly shuffleDemandsOnFirstDispatch?: boolean;
}

/** GenStage.DemandDispatcher. */
export class DemandDispatcher implements Dispatcher {
  readonly #outlet: Outlet;
  /** Largest open demand first; among equals who came to it first. */
  #demands: Demand[] = [];
  /** Demand of consumers that are gone: the producer knows of it, so nobody need ask for that again. */
  #orphaned = 0;
  #maxDemand: number | undefined;
  #shuffles: boolean;

  constructor(options: DemandDispatcherOptions, outlet: Outlet) {
    this.#outlet = outlet;
    this.#maxDemand = options.maxDemand;
    this.#shuffles = options.shuffleDemandsOnFirstDispatch === true;
  }

  subscribe(_options: unknown, consumer: Subscription): "subscribed" {
    this.#demands.push({ open: 0, consumer });
    return "subscribed";
  }

  cancel(consumer: Subscription): number {
    this.#orphaned += this.#pop(consumer);
    return 0;
  }

  ask(count: number, consumer: Subscription): number {
    this.#maxDemand ??= count;
    if (count > this.#maxDemand) {
      this.#outlet.warn(
        `the demand dispatcher expects a demand of at most ${this.#maxDemand}, but ${String(consumer[0])} asks for ${count}: consumers that ask for more than others get more than their share`,
      );
    }
    this.#insert(this.#pop(consumer) + count, consumer);
    const fresh = uncovered(count, this.#orphaned);
    this.#orphaned -= count - fresh;
    return fresh;
  }

  dispatch(events: readonly unknown[]): readonly unknown[] {
    if (this.#shuffles) this.#shuffle();
    let left = events;
    while (left.length > 0) {
      const first = this.#demands[0];
      if (first === undefined || first.open === 0) break;
      const count = Math.min(first.open, left.length);
      this.#outlet.deliver(first.consumer, left.slice(0, count));
      this.#demands.shift();
      this.#insert(first.open - count, first.consumer);
      left = left.slice(count);
    }
    // What goes into the buffer is what the gone had asked for.
    this.#orphaned = Math.max(0, this.#orphaned - left.length);
    return left;
  }

  info(message: unknown): void {
    this.#outlet.toSelf(message);
  }

  #pop([, tag]: Subscription): number {
    const index = this.#demands.findIndex(({ consumer }) => consumer[1] === tag);
    return index < 0 ? 0 : (this.#demands.splice(index, 1)[0] as Demand).open;
  }

  #insert(open: number, consumer: Subscription): void {
    const place = this.#demands.findIndex((other) => open > other.open);
    this.#demands.splice(place < 0 ? this.#demands.length : place, 0, { open, consumer });
  }

  /** Once only, before anybody has got anything. */
  #shuffle(): void {
    this.#shuffles = false;
    for (let i = this.#demands.length - 1; i > 0; i--) {
      const j = Math.floor(this.#outlet.random() * (i + 1));
      const moved = this.#demands[i] as Demand;
      this.#demands[i] = this.#demands[j] as Demand;
      this.#demands[j] = moved;
    }
  }
}
