/**
 * What is said when stages are written and subscribed: options, callbacks, and what these return.
 * As in Elixir's GenStage 1.3, tuples as arrays.
 */
import type { NameOnNode, Pid, Ref } from "../kernel/index.ts";
import type { Eventually, From } from "./call.ts";
import type { ServerRef } from "./naming.ts";
import type { Term } from "./term.ts";

/** What a stage does: makes events, takes them, or both. */
export type StageKind = "producer" | "producerConsumer" | "consumer";

/** One subscription as each side names it: the other side's process, and the subscription's own tag. */
export type Subscription = readonly [process: Pid | NameOnNode, tag: Ref];

/** What an end of a subscription does to its consumer: see `SubscribeOptions.cancel`. */
export type CancelMode = "permanent" | "transient" | "temporary";

/** Why a subscription ended: one side cancelled it, or the other side is down. */
export type CancelReason = readonly ["cancel" | "down", unknown];

/** What a subscription is asked for with. Own options may be added; both sides' handleSubscribe sees them. */
export interface SubscriptionOptions {
  /** The most events that may be on the way or unhandled; default 1,000. */
  readonly maxDemand?: number | undefined;
  /** More is asked for when no more than this is open; default half of `maxDemand`. */
  readonly minDemand?: number | undefined;
  /**
   * What the consumer does when the subscription ends: `permanent` (the default) exits with its
   * reason; `transient` does so unless it is normal, shutdown or `["shutdown", …]`; `temporary` goes on.
   */
  readonly cancel?: CancelMode | undefined;
  /** With the partition dispatcher: whose events these are. */
  readonly partition?: PartitionId | undefined;
  /** With the broadcast dispatcher: which events to take. A function that crosses nodes must be exported. */
  readonly selector?: ((event: Term) => boolean) | undefined;
  readonly [option: string]: unknown;
}

/** A subscription to `to`, as syncSubscribe and asyncSubscribe take it. */
export interface SubscribeOptions extends SubscriptionOptions {
  readonly to: ServerRef;
}

/** A partition's name. */
export type PartitionId = string | number | boolean;

/** Who gets which events. */
export type DispatcherOption =
  /** Each batch goes to whoever has the largest open demand; the default. */
  | "demand"
  /** Every event goes to every consumer, at the pace of the slowest. */
  | "broadcast"
  | {
      readonly demand: {
        /** The demand that is expected of consumers; more brings a warning. Default: the first one seen. */
        readonly maxDemand?: number;
        /** Begins with a random consumer rather than with the first that subscribed. Default false. */
        readonly shuffleDemandsOnFirstDispatch?: boolean;
      };
    }
  | {
      /** A count n for the partitions 0 to n - 1, or their names. */
      readonly partition: number | readonly PartitionId[];
      /** The partition of an event, and the event as it is to be sent; or "none" to drop it. */
      readonly hash?: PartitionHash;
    };

export type PartitionHash = (event: Term) => readonly [event: unknown, PartitionId] | "none";

/** What a stage's init may ask for. Which options a kind has is checked; another gives `bad_opts`. */
export interface StageOptions {
  /** Producers: who gets which events; default "demand". */
  readonly dispatcher?: DispatcherOption | undefined;
  /** Producers: events kept while nobody asks for them, from 1 on; default 10,000, of a producerConsumer Infinity. */
  readonly bufferSize?: number | undefined;
  /** Producers: which events stay when the buffer is full; default "last", the newest. */
  readonly bufferKeep?: "first" | "last" | undefined;
  /** Producer: whether demand goes to handleDemand at once, or is kept back until `genStage.demand(stage, "forward")`. */
  readonly demand?: DemandMode | undefined;
  /** Consumers: subscriptions that are made with the start. */
  readonly subscribeTo?: readonly (ServerRef | SubscribeOptions)[] | undefined;
}

export type DemandMode = "forward" | "accumulate";

/** A result of init. */
export type StageInitResult<State> =
  | readonly ["ok", State]
  | readonly ["ok", State, StageOptions]
  | readonly ["stop", unknown]
  | "ignore";

/** A result of a callback that may emit events: producers hand them out, a consumer must give none. */
export type EventsResult<State> =
  | readonly ["noreply", readonly unknown[], State]
  | readonly ["noreply", readonly unknown[], State, "hibernate"]
  | readonly ["stop", unknown, State];

/** A result of handleCall: the reply leaves after the events. */
export type StageCallResult<State> =
  | readonly ["reply", unknown, readonly unknown[], State]
  | readonly ["reply", unknown, readonly unknown[], State, "hibernate"]
  | EventsResult<State>
  | readonly ["stop", unknown, unknown, State];

/** A result of handleSubscribe. "manual" is for consumers only: demand is then sent with `genStage.ask`. */
export type SubscribeResult<State> =
  | readonly ["automatic", State]
  | readonly ["manual", State]
  | readonly ["stop", unknown, State];

/** The callbacks of a stage. Only `init` is required here; one that is needed and missing ends the stage with `undef`. */
export interface StageCallbacks<State, Event = Term, Request = Term, Cast = Term, Info = Term> {
  readonly kind: StageKind;
  /** Makes the first state. */
  init(...args: never[]): Eventually<StageInitResult<State>>;
  /** A producer is asked for `demand` events. It may emit fewer now and the rest later. */
  handleDemand?(demand: number, state: State): Eventually<EventsResult<State>>;
  /** A consumer gets events. Demand is asked for anew when they are handled. */
  handleEvents?(
    events: readonly Event[],
    from: Subscription,
    state: State,
  ): Eventually<EventsResult<State>>;
  /** A subscription begins; `kind` is that of the other side. Without it: `["automatic", state]`. */
  handleSubscribe?(
    kind: "producer" | "consumer",
    options: SubscriptionOptions,
    from: Subscription,
    state: State,
  ): Eventually<SubscribeResult<State>>;
  /** A subscription has ended. Without it the stage goes on. */
  handleCancel?(
    reason: CancelReason,
    from: Subscription,
    state: State,
  ): Eventually<EventsResult<State>>;
  /** Answers a `call`. */
  handleCall?(request: Request, from: From, state: State): Eventually<StageCallResult<State>>;
  /** Handles a `cast`. */
  handleCast?(message: Cast, state: State): Eventually<EventsResult<State>>;
  /** Handles every other message. Without it they are dropped. */
  handleInfo?(message: Info, state: State): Eventually<EventsResult<State>>;
  /** The buffer was full and `count` events were dropped. False keeps the line about it out of the log. */
  formatDiscarded?(count: number, state: State): boolean;
  /** Last words, as of a server. */
  terminate?(reason: unknown, state: State): unknown;
}
