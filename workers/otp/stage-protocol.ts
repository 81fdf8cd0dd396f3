/**
 * What stages send to each other: plain messages, so that demand and events are seen on their way.
 * A subscription's tag goes with each, so one process can be subscribed to another many times.
 */
import { isPid, type Ref } from "../kernel/index.ts";
import { readPid } from "../kernel/names.ts";
import { here } from "./here.ts";
import { nodes } from "./nodes.ts";
import { self, send } from "./processes.ts";
import type { Subscription, SubscriptionOptions } from "./stage-callbacks.ts";

/** What a consumer sends to its producer, inside of `["$gen_producer", [self, tag], …]`. */
export type ToProducer =
  | readonly ["subscribe", replaced: Replaced | undefined, SubscriptionOptions]
  | readonly ["ask", number]
  | readonly ["cancel", reason: unknown];

/** A subscription that a new one takes the place of, and the reason it is cancelled with. */
export type Replaced = readonly [tag: Ref, reason: unknown];

/**
 * What a producer sends to its consumer, inside of `["$gen_consumer", [self, tag], …]`: events, or
 * the end of the subscription. GenStage says `{cancel, Reason}`; as an array that could be two events.
 */
export type ToConsumer = readonly unknown[] | { readonly cancel: unknown };

/** What a producer has read: who sent it and under which tag. */
export type FromConsumer =
  | {
      readonly kind: "subscribe";
      readonly consumer: Subscription;
      readonly replaced: Replaced | undefined;
      readonly options: SubscriptionOptions;
    }
  | { readonly kind: "ask"; readonly consumer: Subscription; readonly count: number }
  | { readonly kind: "cancel"; readonly consumer: Subscription; readonly reason: unknown };

/** What a consumer has read. */
export type FromProducer =
  | {
      readonly kind: "events";
      readonly producer: Subscription;
      readonly events: readonly unknown[];
    }
  | { readonly kind: "cancelled"; readonly producer: Subscription; readonly reason: unknown };

/** A process that this one watches has ended. */
export interface Down {
  readonly kind: "down";
  readonly ref: Ref;
  readonly reason: unknown;
}

const TO_PRODUCER = "$gen_producer";
const TO_CONSUMER = "$gen_consumer";

/** Sends to the producer of a subscription. */
export function tellProducer([process, tag]: Subscription, message: ToProducer): void {
  send(process, [TO_PRODUCER, [self(), tag], message]);
}

/** As `tellProducer`, but does not bring back a connection that is lost: the subscription is lost with it. */
export function tellIfConnected(producer: Subscription, message: ToProducer): void {
  if (isConnected(producer)) tellProducer(producer, message);
}

/** Sends to the consumer of a subscription; does not bring back a connection either. */
export function tellConsumer(consumer: Subscription, message: ToConsumer): void {
  const [process, tag] = consumer;
  if (isConnected(consumer)) send(process, [TO_CONSUMER, [self(), tag], message]);
}

/** Sends to oneself, as a producer, what a consumer would have sent. */
export function askInNameOf(consumer: Subscription, count: number): void {
  send(self(), [TO_PRODUCER, consumer, ["ask", count]]);
}

/** Reads a message; undefined when it is not one of the stages'. */
export function readMessage(message: unknown): FromConsumer | FromProducer | Down | undefined {
  if (isDown(message)) return { kind: "down", ref: message.ref, reason: message.reason };
  if (!Array.isArray(message) || message.length !== 3) return undefined;
  const [word, from, told]: readonly unknown[] = message;
  if (!isSubscription(from)) return undefined;
  if (word === TO_PRODUCER) return readToProducer(from, told);
  if (word === TO_CONSUMER) return readToConsumer(from, told);
  return undefined;
}

function readToProducer(consumer: Subscription, told: unknown): FromConsumer | undefined {
  if (isTuple(told, "subscribe", 3)) {
    const [, replaced, options] = told as Extract<ToProducer, readonly ["subscribe", ...unknown[]]>;
    return { kind: "subscribe", consumer, replaced, options };
  }
  if (isTuple(told, "ask", 2) && Number.isInteger(told[1])) {
    return { kind: "ask", consumer, count: told[1] as number };
  }
  return isTuple(told, "cancel", 2) ? { kind: "cancel", consumer, reason: told[1] } : undefined;
}

function readToConsumer(producer: Subscription, told: unknown): FromProducer | undefined {
  if (Array.isArray(told)) return { kind: "events", producer, events: told };
  if (typeof told !== "object" || told === null || !("cancel" in told)) return undefined;
  return { kind: "cancelled", producer, reason: told.cancel };
}

function isDown(message: unknown): message is { readonly ref: Ref; readonly reason: unknown } {
  return (
    typeof message === "object" && message !== null && "tag" in message && message.tag === "DOWN"
  );
}

function isSubscription(value: unknown): value is Subscription {
  return Array.isArray(value) && value.length === 2 && typeof value[1] === "string";
}

/** True for an array of this length with this first word: how tuples of one kind are told from another. */
export function isTuple(value: unknown, word: string, length: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length === length && value[0] === word;
}

function isConnected([process]: Subscription): boolean {
  const { node } = here();
  if (isPid(process) && node.find(process) !== undefined) return true;
  const name = isPid(process) ? readPid(process)?.node : process.node;
  return name === undefined || name === node.name || nodes("connected").includes(name);
}
