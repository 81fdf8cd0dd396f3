/**
 * stream: a log of events in partitions, kept by a broker and read by groups of consumers, in the
 * manner of Kafka. What is appended stays, whoever reads it; a group remembers how far it has got,
 * and what was not committed comes again. So every event is delivered at least once, in order
 * within its partition.
 *
 *     export const orders = stream({ partitions: 4 });          // started under a name, e.g. "orders" on "n3"
 *     const ref = { name: "orders", node: "n3" };
 *     const { partition, offset } = await stream.append(ref, "order-17", { total: 12 });
 *
 *     const kitchen = stream.consumer(ref, { group: "kitchen" });
 *     for (;;) {
 *       for (const record of await kitchen.poll()) cook(record.value);
 *       await kitchen.commit();
 *     }
 *
 * A broker is one process on one node. Kafka's replication was left out: with a disk that outlives
 * its node the promises are the same, but for the time that the node is down. Rules ST3 to ST13.
 */
import { ErlangError, microseconds } from "../kernel/index.ts";
import { checkMs } from "../otp/here.ts";
import type { ServerRef } from "../otp/naming.ts";
import type { Definition } from "../otp/start.ts";
import type { Term } from "../otp/term.ts";
import { streamBroker } from "./stream-broker.ts";
import { type Consumer, type ConsumerOptions, createConsumer } from "./stream-consumer.ts";
import {
  PARTITIONS_MAX,
  type Place,
  RETAINED,
  RETAINED_MAX,
  SESSION_MS,
  type StreamLag,
} from "./stream-protocol.ts";
import { ask, TIMEOUT_MS } from "./stream-request.ts";

/** How a stream is made. */
export interface StreamOptions {
  /** How many can read at once in one group, 1 to 64; default 1. Order holds only within a partition. */
  readonly partitions?: number;
  /** What each partition keeps: its newest `count` records (default 10,000, at most 100,000), and none older than `ms` (default Infinity). */
  readonly retention?: { readonly count?: number; readonly ms?: number };
  /**
   * Default true: what was appended and committed is on the node's disk before that is answered,
   * and is there again after a crash of the node. False: in memory, gone with the broker's process.
   */
  readonly durable?: boolean;
  /** Milliseconds without a poll after which a consumer is taken for dead; default 10,000. Kafka's `max.poll.interval.ms`. */
  readonly sessionMs?: number;
}

/** A stream's broker, made by `stream`; started as a server is. A durable one needs a name of its node. */
export interface StreamBroker extends Definition {
  readonly kind: "stream";
}

/** `stream(…)` makes a broker; what is done with it is under `stream`, as in `stream.append`. */
export interface StreamApi {
  /** Makes a broker, to be started by the scenario, `startLink` or a supervisor. Kafka's `NewTopic`. */
  (options?: StreamOptions): StreamBroker;
  /**
   * Appends an event and waits until it is kept; events with equal keys (any term) go to the same
   * partition, in the order of their appends. After a time-out (default 5,000 ms; the caller exits)
   * it may be there or not: to append it again may double it. Raises `"too_large"` (100,000 bytes),
   * `"enospc"` (disk full) or `"busy"` (10,000 wait), and then it is not there. `brod:produce_sync_offset/5`.
   */
  append(
    broker: ServerRef,
    key: unknown,
    event: unknown,
    options?: { readonly timeout?: number },
  ): Promise<Place>;
  /**
   * A consumer for the running process. Sends nothing: its first poll joins the group. It leaves
   * with its process, or when its node is out of reach, or after `sessionMs` without a poll.
   * `brod_group_subscriber:start_link/7`.
   */
  consumer<Event = Term>(broker: ServerRef, options: ConsumerOptions): Consumer<Event>;
  /** How far a group is behind, for whoever watches it; one that never committed is behind by everything. `kafka-consumer-groups --describe`. */
  lag(
    broker: ServerRef,
    group: string,
    options?: { readonly timeout?: number },
  ): Promise<StreamLag>;
}

/** A log of events in partitions, read by groups of consumers at least once. Kafka, as `brod` shows it. */
export const stream: StreamApi = Object.freeze(
  Object.assign((options: StreamOptions = {}) => createStream(options), {
    append: (
      broker: ServerRef,
      key: unknown,
      event: unknown,
      { timeout = TIMEOUT_MS }: { readonly timeout?: number } = {},
    ) => ask<Place>(broker, ["append", key, event], timeout),
    consumer: <Event = Term>(broker: ServerRef, options: ConsumerOptions) =>
      createConsumer<Event>(broker, options),
    lag: (
      broker: ServerRef,
      group: string,
      { timeout = TIMEOUT_MS }: { readonly timeout?: number } = {},
    ) => ask<StreamLag>(broker, ["lag", group], timeout),
  }),
);

function createStream(options: StreamOptions): StreamBroker {
  const { partitions = 1, retention = {}, durable = true, sessionMs = SESSION_MS } = options;
  const { count = RETAINED, ms = Number.POSITIVE_INFINITY } = retention;
  checkCount(partitions, PARTITIONS_MAX, "partitions");
  checkCount(count, RETAINED_MAX, "retention.count");
  if (checkMs(sessionMs, "sessionMs") < 1) {
    throw new ErlangError("badarg", `sessionMs is at least 1, not ${sessionMs}`);
  }
  const { begin } = streamBroker({
    partitions,
    retention: { count, ms: checkMs(ms, "retention.ms") },
    isDurable: durable,
    sessionUs: microseconds(sessionMs),
  });
  return { kind: "stream", begin };
}

function checkCount(value: number, most: number, of: string): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new ErlangError("badarg", `${of} is a number from 1 to ${most}, not ${String(value)}`);
}
