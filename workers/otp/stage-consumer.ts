/**
 * The consumer's side of a stage: it subscribes, asks, handles events in batches, and asks anew.
 *
 * A batch has at most max - min events, so that the next demand leaves before everything that
 * was asked for is handled, and the producer need not stand still meanwhile.
 */
import { isPid, type NameOnNode, type Pid, type Ref } from "../kernel/index.ts";
import { locate, type ServerRef } from "./naming.ts";
import { demonitor, log, makeRef, monitor, node, whereis } from "./processes.ts";
import type { CancelReason, Subscription, SubscriptionOptions } from "./stage-callbacks.ts";
import { emitInfo, obey } from "./stage-emit.ts";
import { BadOptions, readSubscription } from "./stage-options.ts";
import { isTuple, type Replaced, tellIfConnected, tellProducer } from "./stage-protocol.ts";
import {
  type Between,
  badReturn,
  type Demand,
  type Ending,
  type Flow,
  type Incoming,
  needed,
  type Outcome,
  type Outgoing,
  type Producer,
  type Stage,
  settled,
} from "./stage-state.ts";

/** What whoever wanted a subscription is told, if anything, and whether the stage must end. */
export interface Answer {
  readonly reply?: unknown;
  readonly ending?: Ending;
}

/** Subscribes to a producer, in place of the subscription `replaced` if there is one. */
export function* subscribe(
  stage: Stage,
  to: ServerRef,
  options: SubscriptionOptions,
  replaced?: Replaced,
): Flow<Answer> {
  const { incoming } = stage;
  if (incoming === undefined) {
    log("a producer cannot subscribe to another stage");
    return { reply: ["error", "not_a_consumer"] };
  }
  const settings = readSubscription(options);
  if (settings instanceof BadOptions) {
    log(`the subscription has a wrong option: ${settings.text}`);
    return { reply: ["error", ["bad_opts", settings.text]] };
  }
  const process = find(to);
  if (process === undefined) {
    const reply = ["ok", makeRef()];
    if (settings.cancel === "temporary") return { reply };
    log(`cannot subscribe to ${String(to)}: there is no such process`);
    return { reply, ending: { reason: "noproc" } };
  }
  const tag = monitor(process);
  const producer: Subscription = [process, tag];
  tellProducer(producer, ["subscribe", replaced, options]);
  const { cancel, minDemand: min, maxDemand: max } = settings;
  const { callbacks, state } = stage;
  const result =
    callbacks.handleSubscribe === undefined
      ? ["automatic", state]
      : yield* settled(callbacks.handleSubscribe("producer", options, producer, state));
  if (isTuple(result, "automatic", 2) || isTuple(result, "manual", 2)) {
    stage.state = result[1];
    const isManual = result[0] === "manual";
    if (!isManual) tellProducer(producer, ["ask", max]);
    const demand = isManual ? "manual" : { open: max, min, max };
    incoming.producers.set(tag, { producer, cancel, demand });
    return { reply: ["ok", tag] };
  }
  if (isTuple(result, "stop", 3)) {
    stage.state = result[2];
    return { ending: { reason: result[1] } };
  }
  return { ending: badReturn(result) };
}

/** Events have come. A producerConsumer handles them when its own consumers have demand. */
export function* receiveEvents(
  stage: Stage,
  incoming: Incoming,
  from: Subscription,
  events: readonly unknown[],
): Flow<Outcome> {
  const { between, outgoing } = stage;
  const found = incoming.producers.get(from[1]);
  if (found === undefined) {
    tellIfConnected(from, ["cancel", "unknown_subscription"]);
    return undefined;
  }
  if (between === undefined || outgoing === undefined)
    return yield* handleInBatches(stage, from, found, events);
  between.queue.push({ kind: "events", events, producer: from });
  return yield* handleQueued(stage, incoming, between, outgoing);
}

/** A producerConsumer: handles what has come, as long as its consumers have demand. */
export function* handleQueued(
  stage: Stage,
  incoming: Incoming,
  between: Between,
  outgoing: Outgoing,
): Flow<Outcome> {
  // Surplus goes into the buffer, which is served first when there is demand again.
  while (between.demand > 0) {
    const next = between.queue.shift();
    if (next === undefined) return undefined;
    if (next.kind === "info") {
      emitInfo(outgoing, next.message);
      continue;
    }
    const ending =
      next.kind === "cancelled"
        ? yield* end(stage, next.ended, next.reason)
        : yield* handleInBatches(
            stage,
            next.producer,
            incoming.producers.get(next.producer[1]),
            next.events,
          );
    if (ending !== undefined) return ending;
  }
  return undefined;
}

/** A subscription has ended, by the producer's word or by its end. Unknown ones are of no concern. */
export function* cancelled(
  stage: Stage,
  incoming: Incoming,
  tag: Ref,
  reason: CancelReason,
): Flow<Outcome> {
  const ended = incoming.producers.get(tag);
  if (ended === undefined) return undefined;
  incoming.producers.delete(tag);
  demonitor(tag, { flush: true });
  // Its events that still wait come first.
  const queue = stage.between?.queue ?? [];
  if (queue.length === 0) return yield* end(stage, ended, reason);
  queue.push({ kind: "cancelled", ended, reason });
  return undefined;
}

/** Events in batches of at most max - min, with what is to be asked for after each; and the demand then. */
function splitBatches(
  events: readonly unknown[],
  { open, min, max }: Demand,
): {
  readonly batches: readonly { readonly events: readonly unknown[]; readonly asks: number }[];
  readonly demand: Demand;
  /** Events that nobody asked for. They are handled, and count for nothing. */
  readonly excess: number;
} {
  const batches: { events: readonly unknown[]; asks: number }[] = [];
  let expected = open;
  let stillOpen = open;
  let excess = 0;
  for (let next = 0; next < events.length; next += max - min) {
    const batch = events.slice(next, next + max - min);
    const counted = Math.min(batch.length, expected);
    expected -= counted;
    excess += batch.length - counted;
    const left = stillOpen - counted;
    const asks = left <= min ? max - left : 0;
    stillOpen = left + asks;
    batches.push({ events: batch, asks });
  }
  return { batches, demand: { open: stillOpen, min, max }, excess };
}

/** `found` is undefined when the subscription has ended since the events came: then nothing is asked for. */
function* handleInBatches(
  stage: Stage,
  from: Subscription,
  found: Producer | undefined,
  events: readonly unknown[],
): Flow<Outcome> {
  const handleEvents = needed(stage, "handleEvents");
  for (const batch of batchesOf(from, found, events)) {
    const ending = yield* obey(stage, handleEvents(batch.events, from, stage.state));
    if (ending !== undefined) return ending;
    if (batch.asks > 0) tellIfConnected(from, ["ask", batch.asks]);
  }
  return undefined;
}

function batchesOf(
  from: Subscription,
  found: Producer | undefined,
  events: readonly unknown[],
): ReturnType<typeof splitBatches>["batches"] {
  if (found === undefined || found.demand === "manual") return [{ events, asks: 0 }];
  const { batches, demand, excess } = splitBatches(events, found.demand);
  if (excess > 0) log(`${excess} events more than asked for came from ${String(from[0])}`);
  found.demand = demand;
  return batches;
}

function* end(stage: Stage, { producer, cancel }: Producer, reason: CancelReason): Flow<Outcome> {
  const { callbacks, state } = stage;
  const ending =
    callbacks.handleCancel === undefined
      ? undefined
      : yield* obey(stage, callbacks.handleCancel(reason, producer, state));
  const [, why] = reason;
  if (ending !== undefined || why === "already_subscribed") return ending;
  const exits = cancel === "permanent" || (cancel === "transient" && !isOrderly(why));
  return exits ? { reason: why } : undefined;
}

function isOrderly(reason: unknown): boolean {
  if (Array.isArray(reason)) return reason.length === 2 && reason[0] === "shutdown";
  return reason === "normal" || reason === "shutdown";
}

/** Who is meant: a pid as it is, a name only if somebody has it, as far as this node knows. */
function find(to: ServerRef): Pid | NameOnNode | undefined {
  const found = locate(to);
  if (found === undefined || isPid(found)) return found;
  if (typeof found === "string") return whereis(found);
  return found.node === node() ? whereis(found.name) : found;
}
