/**
 * A running stage: what it knows of its consumers and producers besides the learner's own state,
 * and the steps that all its parts are made of.
 */
import { type CoPromise, ErlangError, type Process, type Ref } from "../kernel/index.ts";
import { steps, wait } from "./here.ts";
import type { EventBuffer } from "./stage-buffer.ts";
import type { CancelMode, CancelReason, StageCallbacks, Subscription } from "./stage-callbacks.ts";
import type { Dispatcher } from "./stage-dispatcher.ts";

/** A stage's process: the learner's state, and a side for each direction that its kind has. */
export interface Stage {
  readonly process: Process;
  readonly callbacks: StageCallbacks<unknown>;
  state: unknown;
  /** Where events go: of producers. */
  readonly outgoing: Outgoing | undefined;
  /** Where events come from: of consumers. */
  readonly incoming: Incoming | undefined;
  /** What a producerConsumer has between the two. */
  readonly between: Between | undefined;
}

export interface Outgoing {
  readonly dispatcher: Dispatcher;
  readonly buffer: EventBuffer;
  readonly bufferKeep: "first" | "last";
  /** Consumers by the tag of their subscription. */
  readonly consumers: Map<Ref, { readonly consumer: Subscription; readonly monitor: Ref }>;
  /** Demand and events that are kept back, oldest first; undefined when they are let through. */
  held: Held[] | undefined;
}

export type Held =
  | { readonly kind: "demand"; readonly count: number }
  | { readonly kind: "events"; readonly events: readonly unknown[] };

export interface Incoming {
  /** Producers by the tag of their subscription, which is the reference of the monitor as well. */
  readonly producers: Map<Ref, Producer>;
}

export interface Producer {
  readonly producer: Subscription;
  readonly cancel: CancelMode;
  /** What has been asked for; "manual" when the learner's code does the asking. */
  demand: Demand | "manual";
}

/** `open` events have been asked for and not come. More is asked for when no more than `min` are open. */
export interface Demand {
  readonly open: number;
  readonly min: number;
  readonly max: number;
}

/** Events that have come are handled only while consumers have demand; what comes meanwhile waits in turn. */
export interface Between {
  demand: number;
  readonly queue: Queued[];
}

export type Queued =
  | {
      readonly kind: "events";
      readonly events: readonly unknown[];
      readonly producer: Subscription;
    }
  | { readonly kind: "info"; readonly message: unknown }
  | { readonly kind: "cancelled"; readonly ended: Producer; readonly reason: CancelReason };

/** What came of a step: undefined to go on, or why the stage must end. */
export type Outcome = Ending | undefined;

export interface Ending {
  readonly reason: unknown;
}

/** Steps that may wait for the learner's callbacks. */
export type Flow<Result> = Generator<unknown, Result, unknown>;

/** Runs steps, at once when no callback is async; the stage handles nothing else until they are done. */
export function follow<Result>(flow: Flow<Result>): Result | CoPromise<Result> {
  const first = flow.next();
  return first.done ? first.value : steps(() => resume(flow, first));
}

function* resume<Result>(
  flow: Flow<Result>,
  first: IteratorYieldResult<unknown>,
): Generator<unknown, Result, unknown> {
  let step: IteratorResult<unknown, Result> = first;
  while (!step.done) step = flow.next(yield step.value);
  return step.value;
}

/** What a callback has returned, waited for only when it is a promise. */
export function* settled(result: unknown): Flow<unknown> {
  const isPromise =
    typeof result === "object" &&
    result !== null &&
    "then" in result &&
    typeof result.then === "function";
  return isPromise ? yield* wait(result as PromiseLike<unknown>) : result;
}

/** Callbacks that a kind of stage or a message cannot do without. */
type Needed = "handleDemand" | "handleEvents" | "handleCall" | "handleCast";

/** A callback that must be there. Without it the stage ends with `undef`, as a module without the function does. */
export function needed<Name extends Needed>(
  { callbacks }: Stage,
  name: Name,
): NonNullable<StageCallbacks<unknown>[Name]> {
  const callback = callbacks[name];
  if (callback === undefined) {
    throw new ErlangError("undef", `this ${callbacks.kind} needs the callback ${name}`);
  }
  return callback.bind(callbacks) as NonNullable<StageCallbacks<unknown>[Name]>;
}

/** Ends the stage over a callback's result that means nothing. */
export function badReturn(result: unknown): Ending {
  return { reason: ["bad_return_value", result] };
}
