/**
 * What a dispatcher is: who gets which events, and how the demand of many consumers becomes one
 * demand on the producer. Each keeps the open demand of every consumer; what nobody has asked for
 * goes back to the stage's buffer. Elixir's GenStage.Dispatcher.
 */
import { ErlangError } from "../kernel/index.ts";
import type { Subscription, SubscriptionOptions } from "./stage-callbacks.ts";

/** What a dispatcher needs of the process that it dispatches for. */
export interface Outlet {
  /** Sends events to a consumer. */
  readonly deliver: (consumer: Subscription, events: readonly unknown[]) => void;
  /** Puts a demand into the stage's own mailbox, as if the consumer had sent it. */
  readonly askInNameOf: (consumer: Subscription, count: number) => void;
  /** Puts a message into the stage's own mailbox. */
  readonly toSelf: (message: unknown) => void;
  /** Writes a line into the log. */
  readonly warn: (text: string) => void;
  /** A random number in [0, 1). */
  readonly random: () => number;
}

/** What a stage asks of its dispatcher. The numbers it gives are demand that is new to the producer. */
export interface Dispatcher {
  /**
   * A consumer has subscribed; its demand is still to come. Gives "already_subscribed" when it may
   * not do so again, and throws for a wrong option: that ends the producer.
   */
  subscribe(
    options: SubscriptionOptions,
    consumer: Subscription,
  ): "subscribed" | "already_subscribed";
  /** A consumer is gone. */
  cancel(consumer: Subscription): number;
  /** A consumer asks for `count` more. */
  ask(count: number, consumer: Subscription): number;
  /** Hands events out and gives those back that nobody has asked for. */
  dispatch(events: readonly unknown[]): readonly unknown[];
  /** A message to the stage itself that is due when what was dispatched before has left. */
  info(message: unknown): void;
}

/** The part of `asked` that is not yet `covered` by demand which the producer knows of. */
export function uncovered(asked: number, covered: number): number {
  return asked - Math.min(asked, covered);
}

/** A wrong option or result of a dispatcher's function: raised in the producer, as Elixir's ArgumentError is. */
export function argumentError(text: string): ErlangError {
  return new ErlangError({ error: "ArgumentError", message: text }, text);
}
