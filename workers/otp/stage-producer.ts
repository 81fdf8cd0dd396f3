/**
 * The producer's side of a stage: it hears its consumers' demand, serves it from the buffer first,
 * and asks the learner's code for the rest.
 */
import type { Ref } from "../kernel/index.ts";
import { demonitor, log, monitor } from "./processes.ts";
import type {
  CancelReason,
  DemandMode,
  Subscription,
  SubscriptionOptions,
} from "./stage-callbacks.ts";
import { handleQueued } from "./stage-consumer.ts";
import { emit, emitBuffered, obey } from "./stage-emit.ts";
import { isTuple, type Replaced, tellConsumer } from "./stage-protocol.ts";
import {
  badReturn,
  type Flow,
  type Held,
  needed,
  type Outcome,
  type Outgoing,
  type Stage,
  settled,
} from "./stage-state.ts";

/** A consumer subscribes, in place of its subscription `replaced` if there is one. */
export function* accept(
  stage: Stage,
  outgoing: Outgoing,
  consumer: Subscription,
  options: SubscriptionOptions,
  replaced: Replaced | undefined,
): Flow<Outcome> {
  const [process, tag] = consumer;
  if (outgoing.consumers.has(tag)) {
    log(`${String(process)} has subscribed twice under the tag ${tag}`);
    tellConsumer(consumer, { cancel: "duplicated_subscription" });
    return undefined;
  }
  if (replaced !== undefined) {
    const ending = yield* release(stage, outgoing, replaced[0], ["cancel", replaced[1]]);
    if (ending !== undefined) return ending;
  }
  outgoing.consumers.set(tag, { consumer, monitor: monitor(process) });
  const { callbacks, state } = stage;
  const result =
    callbacks.handleSubscribe === undefined
      ? ["automatic", state]
      : yield* settled(callbacks.handleSubscribe("consumer", options, consumer, state));
  if (!isTuple(result, "automatic", 2)) {
    if (!isTuple(result, "stop", 3)) return badReturn(result);
    stage.state = result[2];
    return { reason: result[1] };
  }
  stage.state = result[1];
  return outgoing.dispatcher.subscribe(options, consumer) === "subscribed"
    ? yield* serve(stage, outgoing, 0)
    : yield* release(stage, outgoing, tag, ["cancel", "already_subscribed"]);
}

/** A consumer asks for `count` more events. */
export function* asked(
  stage: Stage,
  outgoing: Outgoing,
  consumer: Subscription,
  count: number,
): Flow<Outcome> {
  if (outgoing.consumers.has(consumer[1]))
    return yield* serve(stage, outgoing, outgoing.dispatcher.ask(count, consumer));
  tellConsumer(consumer, { cancel: "unknown_subscription" });
  return undefined;
}

/** A consumer has cancelled or is down. Unknown ones are of no concern. */
export function* release(
  stage: Stage,
  outgoing: Outgoing,
  tag: Ref,
  reason: CancelReason,
): Flow<Outcome> {
  const found = outgoing.consumers.get(tag);
  if (found === undefined) return undefined;
  outgoing.consumers.delete(tag);
  demonitor(found.monitor, { flush: true });
  tellConsumer(found.consumer, { cancel: reason[1] });
  const { callbacks, state } = stage;
  const ending =
    callbacks.handleCancel === undefined
      ? undefined
      : yield* obey(stage, callbacks.handleCancel(reason, found.consumer, state));
  if (ending !== undefined) return ending;
  // After the callback: demand may arise from who is left, and the learner's code must know who that is.
  return yield* serve(stage, outgoing, outgoing.dispatcher.cancel(found.consumer));
}

/** Keeps demand and events back, or lets through what was kept back, in order. */
export function* setDemandMode(stage: Stage, mode: DemandMode): Flow<Outcome> {
  const { outgoing, callbacks } = stage;
  if (outgoing === undefined || callbacks.kind !== "producer") {
    if (callbacks.kind !== "producerConsumer" || mode !== "forward")
      log("only of a producer can demand be kept back");
    return undefined;
  }
  if (mode === "accumulate") {
    outgoing.held ??= [];
    return undefined;
  }
  const held = outgoing.held ?? [];
  outgoing.held = undefined;
  for (const each of held) {
    const ending = yield* letThrough(stage, outgoing, each);
    if (ending !== undefined) return ending;
  }
  return undefined;
}

/** The subscription whose consumer is watched by this monitor. */
export function watchedBy(outgoing: Outgoing, ref: Ref): Ref | undefined {
  for (const [tag, { monitor }] of outgoing.consumers) if (monitor === ref) return tag;
  return undefined;
}

function* letThrough(stage: Stage, outgoing: Outgoing, held: Held): Flow<Outcome> {
  if (held.kind === "demand") return yield* serve(stage, outgoing, held.count);
  emit(stage, held.events);
  return undefined;
}

/** There is demand for `count` more events: from the buffer, then from the learner's code or from above. */
function* serve(stage: Stage, outgoing: Outgoing, count: number): Flow<Outcome> {
  const { between, incoming } = stage;
  if (between !== undefined && incoming !== undefined) {
    between.demand += count;
    emitBuffered(stage, outgoing, between.demand);
    return yield* handleQueued(stage, incoming, between, outgoing);
  }
  const left = emitBuffered(stage, outgoing, count);
  if (left === 0) return undefined;
  if (outgoing.held === undefined)
    return yield* obey(stage, needed(stage, "handleDemand")(left, stage.state));
  outgoing.held.push({ kind: "demand", count: left });
  return undefined;
}
