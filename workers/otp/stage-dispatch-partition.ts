/**
 * Each event belongs to a partition, each partition to one consumer. Demand is one number for all
 * of them, so a partition may get events that its consumer has not asked for: those wait in a
 * queue of the partition, and what its consumer asks for next is served from there.
 */
import { brief, hashText } from "../kernel/index.ts";
import type {
  PartitionHash,
  PartitionId,
  Subscription,
  SubscriptionOptions,
} from "./stage-callbacks.ts";
import { argumentError, type Dispatcher, type Outlet, uncovered } from "./stage-dispatcher.ts";
import { keyOf } from "./term-key.ts";

interface Partition {
  consumer: Subscription | undefined;
  /** What its consumer has asked for and not got; or, when that is nothing, what waits for it. */
  has: { readonly open: number } | { readonly queue: Waiting[] };
}

/** An event in a partition's queue, or the place of an info between two. */
type Waiting = { readonly event: unknown } | { readonly info: Info };

/** A message to the stage that is due when it has left the queues of these partitions. */
interface Info {
  readonly message: unknown;
  queuedIn: number;
}

export interface PartitionDispatcherOptions {
  readonly partition: number | readonly PartitionId[];
  readonly hash?: PartitionHash;
}

/** GenStage.PartitionDispatcher. */
export class PartitionDispatcher implements Dispatcher {
  readonly #outlet: Outlet;
  readonly #partitions: ReadonlyMap<PartitionId, Partition>;
  readonly #hash: PartitionHash;
  readonly #partitionOf = new Map<string, Partition>();
  /** Events that the producer has been asked for and has not emitted. */
  #waiting = 0;
  /** Demand of consumers that are gone: the producer knows of it, so nobody need ask for that again. */
  #orphaned = 0;

  constructor(options: PartitionDispatcherOptions, outlet: Outlet) {
    this.#outlet = outlet;
    const ids = idsOf(options);
    this.#partitions = new Map(ids.map((id) => [id, empty()]));
    this.#hash = options.hash ?? ((event) => [event, (hashText(keyOf(event)) >>> 0) % ids.length]);
  }

  subscribe({ partition: id }: SubscriptionOptions, consumer: Subscription): "subscribed" {
    if (id === undefined) {
      throw argumentError(
        "a subscription to a producer with partitions needs the option partition",
      );
    }
    const partition = this.#partitions.get(id);
    if (partition === undefined) {
      throw argumentError(`partition must be one of ${this.#names()}, not ${String(id)}`);
    }
    if (partition.consumer !== undefined) {
      throw argumentError(`partition ${id} is already taken by ${String(partition.consumer[0])}`);
    }
    partition.consumer = consumer;
    this.#partitionOf.set(consumer[1], partition);
    return "subscribed";
  }

  /** What waited for the consumer that is gone is lost, and asked for again in its place. */
  cancel([, tag]: Subscription): number {
    const partition = this.#partitionOf.get(tag);
    if (partition === undefined) return 0;
    this.#partitionOf.delete(tag);
    const { has } = partition;
    Object.assign(partition, empty());
    if ("open" in has) {
      this.#orphaned += has.open;
      return 0;
    }
    for (const waiting of has.queue) if ("info" in waiting) this.#passed(waiting.info);
    const lost = has.queue.filter((waiting) => "event" in waiting).length;
    this.#waiting += lost;
    return lost;
  }

  ask(count: number, consumer: Subscription): number {
    const partition = this.#partitionOf.get(consumer[1]);
    if (partition === undefined) return 0;
    partition.has =
      "open" in partition.has
        ? { open: partition.has.open + count }
        : this.#serve(consumer, partition.has.queue, count);
    const fresh = uncovered(count, this.#orphaned);
    this.#orphaned -= count - fresh;
    this.#waiting += fresh;
    return fresh;
  }

  dispatch(events: readonly unknown[]): readonly unknown[] {
    const batches = new Map<Partition, unknown[]>();
    let next = 0;
    for (; next < events.length && this.#waiting > 0; next++) {
      const found = this.#hash(events[next]);
      if (found === "none") continue;
      const [partition, event] = this.#read(found, events[next]);
      const batch = batches.get(partition);
      if (batch === undefined) batches.set(partition, [event]);
      else batch.push(event);
      this.#waiting--;
    }
    for (const partition of this.#partitions.values()) {
      const batch = batches.get(partition);
      if (batch !== undefined) this.#give(partition, batch);
    }
    return events.slice(next);
  }

  /** Waits in the queue of every partition that has one; the last of them to pass it on tells the stage. */
  info(message: unknown): void {
    const info: Info = { message, queuedIn: 0 };
    for (const partition of this.#partitions.values()) {
      if ("open" in partition.has) continue;
      partition.has.queue.push({ info });
      info.queuedIn++;
    }
    if (info.queuedIn === 0) this.#outlet.toSelf(message);
  }

  #give(partition: Partition, batch: readonly unknown[]): void {
    const { has } = partition;
    if (!("open" in has)) {
      for (const event of batch) has.queue.push({ event });
      return;
    }
    const now = batch.slice(0, has.open);
    // Once its demand is used up a partition has a queue, if an empty one: infos wait in it.
    partition.has =
      now.length < has.open
        ? { open: has.open - now.length }
        : { queue: batch.slice(now.length).map((event) => ({ event })) };
    if (partition.consumer !== undefined && now.length > 0)
      this.#outlet.deliver(partition.consumer, now);
  }

  /** Sends what waits, up to `count`; an info on the way parts one batch from the next. */
  #serve(consumer: Subscription, queue: readonly Waiting[], count: number): Partition["has"] {
    let open = count;
    let batch: unknown[] = [];
    const send = () => {
      if (batch.length > 0) this.#outlet.deliver(consumer, batch);
      batch = [];
    };
    let next = 0;
    for (; next < queue.length && open > 0; next++) {
      const waiting = queue[next] as Waiting;
      if ("info" in waiting) {
        send();
        this.#passed(waiting.info);
      } else {
        batch.push(waiting.event);
        open--;
      }
    }
    send();
    return open > 0 ? { open } : { queue: queue.slice(next) };
  }

  #passed(info: Info): void {
    info.queuedIn--;
    if (info.queuedIn === 0) this.#outlet.toSelf(info.message);
  }

  #read(found: unknown, event: unknown): readonly [Partition, unknown] {
    if (!Array.isArray(found) || found.length !== 2) {
      throw argumentError(`hash must return [event, partition] or "none", not ${String(found)}`);
    }
    const partition = this.#partitions.get(found[1] as PartitionId);
    if (partition === undefined) {
      throw argumentError(
        `hash gave the event ${brief(event)} the unknown partition ${String(found[1])}; there are ${this.#names()}`,
      );
    }
    return [partition, found[0]];
  }

  #names(): string {
    return [...this.#partitions.keys()].join(", ");
  }
}

function idsOf({ partition, hash }: PartitionDispatcherOptions): readonly PartitionId[] {
  if (Number.isInteger(partition) && (partition as number) > 0)
    return Array.from({ length: partition as number }, (_, id) => id);
  if (!Array.isArray(partition)) {
    throw argumentError(`partition takes a count or a list of names, not ${String(partition)}`);
  }
  if (hash === undefined && partition.some((id) => typeof id !== "number")) {
    throw argumentError("partitions with names need the option hash, which chooses among them");
  }
  return partition;
}

function empty(): Partition {
  return { consumer: undefined, has: { open: 0 } };
}
