/**
 * Options of stages and subscriptions: what was given becomes what holds, or a refusal in words.
 * Refusals are values, as in GenStage: `bad_opts` stops a start and answers a subscription.
 */
import type { ServerRef } from "./naming.ts";
import type {
  CancelMode,
  DemandMode,
  DispatcherOption,
  StageKind,
  StageOptions,
  SubscribeOptions,
  SubscriptionOptions,
} from "./stage-callbacks.ts";

/** What was wrong with options, in a sentence. */
export class BadOptions {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A stage's options with the defaults of its kind. */
export interface StageSettings {
  readonly dispatcher: DispatcherOption;
  readonly bufferSize: number;
  readonly bufferKeep: "first" | "last";
  readonly demand: DemandMode;
  readonly subscribeTo: NonNullable<StageOptions["subscribeTo"]>;
}

/** A subscription's options with their defaults. */
export interface SubscriptionSettings {
  readonly maxDemand: number;
  readonly minDemand: number;
  readonly cancel: CancelMode;
}

const BUFFER_SIZE = 10_000;
const MAX_DEMAND = 1000;

const OPTIONS_OF: Readonly<Record<StageKind, readonly (keyof StageOptions)[]>> = {
  producer: ["dispatcher", "bufferSize", "bufferKeep", "demand"],
  producerConsumer: ["dispatcher", "bufferSize", "bufferKeep", "subscribeTo"],
  consumer: ["subscribeTo"],
};

/** Reads the options that init has returned for a stage of `kind`. */
export function readStageOptions(kind: StageKind, given: StageOptions): StageSettings | BadOptions {
  const {
    dispatcher = "demand",
    bufferKeep = "last",
    demand = "forward",
    subscribeTo = [],
  } = given;
  const { bufferSize = kind === "producer" ? BUFFER_SIZE : Number.POSITIVE_INFINITY } = given;
  const wrong =
    unknownOption(kind, given) ??
    (bufferSize === Number.POSITIVE_INFINITY ? undefined : notWhole("bufferSize", bufferSize, 0)) ??
    notOneOf("bufferKeep", bufferKeep, ["first", "last"]) ??
    notOneOf("demand", demand, ["accumulate", "forward"]) ??
    (Array.isArray(subscribeTo) ? undefined : "expected subscribeTo to be an array");
  if (wrong !== undefined) return new BadOptions(wrong);
  return { dispatcher, bufferSize, bufferKeep, demand, subscribeTo };
}

/** Reads what a consumer has asked a subscription with. */
export function readSubscription(given: SubscriptionOptions): SubscriptionSettings | BadOptions {
  const { maxDemand = MAX_DEMAND, cancel = "permanent" } = given;
  const { minDemand = Math.floor(maxDemand / 2) } = given;
  const wrong =
    notWhole("maxDemand", maxDemand, 1) ??
    notWhole("minDemand", minDemand, 0, maxDemand - 1) ??
    notOneOf("cancel", cancel, ["permanent", "transient", "temporary"]);
  return wrong === undefined ? { maxDemand, minDemand, cancel } : new BadOptions(wrong);
}

/** What to subscribe to, and the other options: those the two handleSubscribe see. */
export function withoutTo(options: SubscribeOptions): readonly [ServerRef, SubscriptionOptions] {
  const { to, ...others } = options;
  return [to, others];
}

function unknownOption(kind: StageKind, given: StageOptions): string | undefined {
  const known: readonly string[] = OPTIONS_OF[kind];
  const others = Object.entries(given).filter(
    ([name, value]) => value !== undefined && !known.includes(name),
  );
  if (others.length === 0) return undefined;
  return `unknown options of a ${kind}: ${others.map(([name]) => name).join(", ")}; it has ${known.join(", ")}`;
}

function notWhole(
  name: string,
  value: unknown,
  least: number,
  most = Number.POSITIVE_INFINITY,
): string | undefined {
  if (typeof value !== "number" || !Number.isInteger(value))
    return `expected ${name} to be a whole number, got: ${String(value)}`;
  if (value < least) return `expected ${name} to be ${least} or more, got: ${value}`;
  if (value > most) return `expected ${name} to be ${most} or less, got: ${value}`;
  return undefined;
}

function notOneOf(name: string, value: unknown, words: readonly string[]): string | undefined {
  return words.includes(value as string)
    ? undefined
    : `expected ${name} to be one of ${words.join(", ")}, got: ${String(value)}`;
}
