/**
 * Demand stages: consumers ask, producers emit no more than was asked for, so that whoever is slow
 * slows down whoever is fast, all the way up. Elixir's GenStage 1.3. Rules in SPEC.md, letter E.
 *
 *     const counter = stage({
 *       kind: "producer",
 *       init: (first) => ["ok", first],
 *       handleDemand: (demand, next) => ["noreply", numbers(next, demand), next + demand],
 *     });
 *     const printer = stage({
 *       kind: "consumer",
 *       init: () => ["ok", null],
 *       handleEvents: (events, from, state) => { log(events.join()); return ["noreply", [], state]; },
 *     });
 *     const [, producer] = await startLink(counter, [1]);
 *     const [, consumer] = await startLink(printer);
 *     await genStage.syncSubscribe(consumer, { to: producer, maxDemand: 10, minDemand: 5 });
 *
 * `stage` makes the definition, `startLink`, `start`, `call`, `cast`, `stop` are those of servers,
 * and the functions that only stages have are under `genStage`, as in `GenStage.sync_subscribe`.
 * init returns `["ok", state, options?]`, options being `dispatcher`, `bufferSize`, `bufferKeep`,
 * `demand`, `subscribeTo`. A subscription, as in `from`, is `[pid, tag]`.
 */
import { ErlangError, type Ref } from "../kernel/index.ts";
import { call, cast } from "./call.ts";
import type { ServerRef } from "./naming.ts";
import type {
  DemandMode,
  StageCallbacks,
  SubscribeOptions,
  Subscription,
} from "./stage-callbacks.ts";
import { type ListOptions, startList } from "./stage-list.ts";
import { withoutTo } from "./stage-options.ts";
import { type Replaced, tellProducer } from "./stage-protocol.ts";
import { REQUEST, type StageModule, type SubscribeRequest, stageServer } from "./stage-server.ts";
import type { StartResult } from "./start.ts";
import type { Term } from "./term.ts";

export type * from "./stage-callbacks.ts";
export type { ListOptions } from "./stage-list.ts";
export type { StageModule } from "./stage-server.ts";

/** What a subscription comes to: its tag, which handleSubscribe and handleCancel see; or what was wrong. */
export type SubscribeReply = readonly ["ok", Ref] | readonly ["error", unknown];

const KINDS: readonly string[] = ["producer", "producerConsumer", "consumer"];

/**
 * Makes a stage out of its callbacks: a server, started as servers are. Its messages besides
 * events and demand are the learner's: calls, casts, and whatever is sent to it. `use GenStage`.
 */
export function stage<State, Event = Term, Request = Term, Cast = Term, Info = Term>(
  callbacks: StageCallbacks<State, Event, Request, Cast, Info>,
): StageModule {
  if (!KINDS.includes(callbacks?.kind) || typeof callbacks.init !== "function") {
    throw new ErlangError(
      "badarg",
      'stage needs a kind ("producer", "producerConsumer" or "consumer") and at least the callback init',
    );
  }
  return stageServer(callbacks as StageCallbacks<unknown>);
}

/** The functions that only stages have. */
export const genStage = Object.freeze({
  /**
   * Makes `consumer` subscribe to the producer `options.to`, and waits until it has done so; the
   * producer hears of it a moment later. Wrong options give `["error", ["bad_opts", text]]`,
   * a consumer that is a producer only `["error", "not_a_consumer"]`. When there is no such
   * producer the consumer exits with `noproc`, unless the subscription is `temporary`.
   * `GenStage.sync_subscribe/3`.
   */
  syncSubscribe(
    consumer: ServerRef,
    options: SubscribeOptions,
    timeoutMs?: number,
  ): Promise<SubscribeReply> {
    return call(consumer, subscribeRequest(options), waiting(timeoutMs));
  },

  /** As `syncSubscribe`, without waiting for what comes of it. `GenStage.async_subscribe/2`. */
  asyncSubscribe(consumer: ServerRef, options: SubscribeOptions): "ok" {
    return tell(consumer, subscribeRequest(options));
  },

  /**
   * Cancels the subscription `tag` with `reason` and subscribes to the same producer anew. The
   * consumer must not be `permanent` under the old one if it is to live. `GenStage.sync_resubscribe/5`.
   */
  syncResubscribe(
    consumer: ServerRef,
    tag: Ref,
    reason: unknown,
    options: SubscribeOptions,
    timeoutMs?: number,
  ): Promise<SubscribeReply> {
    return call(consumer, subscribeRequest(options, [tag, reason]), waiting(timeoutMs));
  },

  /** As `syncResubscribe`, without waiting for what comes of it. `GenStage.async_resubscribe/4`. */
  asyncResubscribe(
    consumer: ServerRef,
    tag: Ref,
    reason: unknown,
    options: SubscribeOptions,
  ): "ok" {
    return tell(consumer, subscribeRequest(options, [tag, reason]));
  },

  /**
   * Asks for `demand` more events. Only a consumer may, of a producer that its handleSubscribe
   * has answered with `manual`. Asking for 0 does nothing. `GenStage.ask/3`.
   */
  ask(producer: Subscription, demand: number): "ok" {
    if (!Number.isInteger(demand) || demand < 0) {
      throw new ErlangError(
        "function_clause",
        `ask takes a count from 0 on, not ${String(demand)}`,
      );
    }
    if (demand > 0) tellProducer(producer, ["ask", demand]);
    return "ok";
  },

  /**
   * Ends a subscription, from the consumer's side. The producer confirms it, and then the consumer
   * does as its subscription's `cancel` says: a permanent one exits with `reason`. `GenStage.cancel/3`.
   */
  cancelSubscription(producer: Subscription, reason: unknown): "ok" {
    tellProducer(producer, ["cancel", reason]);
    return "ok";
  },

  /** Lets a producer's demand through (`forward`), or keeps demand and events back (`accumulate`). `GenStage.demand/2`. */
  demand(producer: ServerRef, mode: DemandMode): "ok" {
    if (mode !== "forward" && mode !== "accumulate") {
      throw new ErlangError(
        "function_clause",
        `demand takes "forward" or "accumulate", not ${String(mode)}`,
      );
    }
    return tell(producer, [REQUEST.demand, mode]);
  },

  /** Whether a producer lets demand through. `GenStage.demand/1`. */
  demandMode(producer: ServerRef): Promise<DemandMode> {
    return call(producer, REQUEST.demand);
  },

  /** Queues a message to the stage that its handleInfo gets when the events in its buffer have left. `GenStage.sync_info/3`. */
  syncInfo(dest: ServerRef, message: unknown, timeoutMs?: number): Promise<"ok"> {
    return call(dest, [REQUEST.info, message], waiting(timeoutMs));
  },

  /** As `syncInfo`, without waiting until it is queued; a stage may do so with itself. `GenStage.async_info/2`. */
  asyncInfo(dest: ServerRef, message: unknown): "ok" {
    return tell(dest, [REQUEST.info, message]);
  },

  /**
   * Starts a producer that hands out `items` on demand, linked with the caller unless `link` is
   * false. It ends normally after the last one, and with it its permanent consumers.
   * `GenStage.from_enumerable/2`.
   */
  fromEnumerable(items: Iterable<unknown>, options?: ListOptions): Promise<StartResult> {
    return startList([...items], options);
  },

  /** How many events a producer's buffer holds, or a little more. `GenStage.estimate_buffered_count/2`. */
  estimateBufferedCount(producer: ServerRef, timeoutMs?: number): Promise<number> {
    return call(producer, REQUEST.bufferedCount, waiting(timeoutMs));
  },
});

function subscribeRequest(options: SubscribeOptions, replaced?: Replaced): SubscribeRequest {
  if (options?.to === undefined) {
    throw new ErlangError("badarg", "a subscription needs the option to: whom to subscribe to");
  }
  const [to, others] = withoutTo(options);
  return [REQUEST.subscribe, replaced, to, others];
}

function waiting(timeoutMs: number | undefined): { readonly timeout?: number } {
  return timeoutMs === undefined ? {} : { timeout: timeoutMs };
}

function tell(dest: ServerRef, message: unknown): "ok" {
  cast(dest, message);
  return "ok";
}
