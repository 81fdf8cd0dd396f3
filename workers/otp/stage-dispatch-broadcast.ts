/**
 * Every event goes to every consumer. The producer is asked for as much as the slowest of them has
 * asked for, so none gets more than it wants; a consumer sees the events from its subscription on.
 *
 * As in GenStage 1.3, events that went into the buffer while a newcomer had not asked yet leave it
 * only when there is demand that the producer does not know of. Those emitted then overtake them,
 * and a producer that emits nothing unasked may wait for ever. Begin with `demand: "accumulate"`
 * and consumers that ask alike.
 */
import type { Subscription, SubscriptionOptions } from "./stage-callbacks.ts";
import { argumentError, type Dispatcher, type Outlet } from "./stage-dispatcher.ts";
import type { Term } from "./term.ts";

interface Listener {
  /** What it has asked for beyond what all have asked for (`#waiting`). */
  readonly ahead: number;
  readonly consumer: Subscription;
  readonly selector: ((event: Term) => boolean) | undefined;
}

/** GenStage.BroadcastDispatcher. */
export class BroadcastDispatcher implements Dispatcher {
  readonly #outlet: Outlet;
  #listeners: Listener[] = [];
  /** Events that everybody has asked for and nobody has got. */
  #waiting = 0;
  /** Events that the producer has been asked for and has not emitted. */
  #requested = 0;
  /** Processes that listen: each may do so once. */
  readonly #processes = new Set<string>();

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  subscribe(
    options: SubscriptionOptions,
    consumer: Subscription,
  ): "subscribed" | "already_subscribed" {
    const { selector } = options;
    if (selector !== undefined && typeof selector !== "function") {
      throw argumentError(`selector takes a function of one event, not ${String(selector)}`);
    }
    const process = String(consumer[0]);
    if (this.#processes.has(process)) {
      this.#outlet.warn(`${process} has subscribed to this broadcast already; once is all it may`);
      return "already_subscribed";
    }
    this.#processes.add(process);
    // Until the new one asks, nobody gets anything: what all had asked for becomes their lead over it.
    this.#listeners = [
      { ahead: 0, consumer, selector },
      ...this.#listeners.map((other) => ({ ...other, ahead: other.ahead + this.#waiting })),
    ];
    this.#waiting = 0;
    return "subscribed";
  }

  cancel([process, tag]: Subscription): number {
    this.#processes.delete(String(process));
    this.#listeners = this.#listeners.filter(({ consumer }) => consumer[1] !== tag);
    if (this.#listeners.length > 0) return this.#synchronise();
    this.#waiting = 0;
    return 0;
  }

  ask(count: number, consumer: Subscription): number {
    const asking = this.#listeners.find((other) => other.consumer[1] === consumer[1]);
    this.#listeners = [
      { consumer, selector: asking?.selector, ahead: (asking?.ahead ?? 0) + count },
      ...this.#listeners.filter((other) => other !== asking),
    ];
    return this.#synchronise();
  }

  dispatch(events: readonly unknown[]): readonly unknown[] {
    if (this.#waiting === 0) return events;
    const now = events.slice(0, this.#waiting);
    this.#waiting -= now.length;
    this.#requested -= now.length;
    for (const listener of this.#listeners) this.#deliver(listener, now);
    return events.slice(now.length);
  }

  info(message: unknown): void {
    this.#outlet.toSelf(message);
  }

  /** What a selector leaves out is asked for again in the consumer's name, who will not miss it. */
  #deliver({ consumer, selector }: Listener, events: readonly unknown[]): void {
    const selected = selector === undefined ? events : events.filter((event) => selector(event));
    const left = events.length - selected.length;
    if (left > 0) this.#outlet.askInNameOf(consumer, left);
    this.#outlet.deliver(consumer, selected);
  }

  /** All of them may be ahead now: so far everybody has asked. Gives what is new to the producer. */
  #synchronise(): number {
    const common = Math.max(0, Math.min(...this.#listeners.map(({ ahead }) => ahead)));
    this.#listeners = this.#listeners.map((other) => ({ ...other, ahead: other.ahead - common }));
    this.#waiting += common;
    const fresh = Math.max(0, this.#waiting - this.#requested);
    this.#requested += fresh;
    return fresh;
  }
}
