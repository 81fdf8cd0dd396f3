/**
 * What a state machine is written with: events, actions, results and callbacks. Names are OTP's in
 * TypeScript's spelling: `next_state` is `"nextState"`, `state_timeout` is `"stateTimeout"`.
 */
import type { Eventually, From } from "./call.ts";
import type { Term } from "./term.ts";

/**
 * What has happened: a call brings who asked, a named time-out its name. To tell a call:
 * `typeof type === "object" && type[0] === "call"`; then `type[1]` is to be replied to.
 */
export type EventType =
  | readonly ["call", From]
  | readonly ["timeout", unknown]
  | "cast"
  | "info"
  | "internal"
  | "timeout"
  | "stateTimeout"
  | "enter";

/** Which time-out: for the next event, for the state, or one with a name. */
export type TimeoutType = "timeout" | "stateTimeout" | readonly ["timeout", unknown];

/** When a time-out is: ms from now, or with `{ abs: true }` in ms of virtual time. Infinity is never. */
export interface TimeoutOptions {
  readonly abs?: boolean;
}

/**
 * What to do besides changing the state. A number is a time-out for the next event, with itself as
 * content. A time-out of 0 comes before any message, after the events that wait inside.
 */
export type Action =
  | number
  | "postpone"
  | readonly ["postpone", boolean]
  | "hibernate"
  | readonly ["hibernate", boolean]
  | readonly ["reply", From, unknown]
  | readonly ["nextEvent", EventType, unknown]
  | readonly [TimeoutType, number | "update", unknown]
  | readonly [TimeoutType, number, unknown, TimeoutOptions]
  | readonly [TimeoutType, "cancel"];

/** One action, or several in order. */
export type Actions = Action | readonly Action[];
/** Replies of a machine that ends: one, or several in order. */
export type Replies =
  | readonly ["reply", From, unknown]
  | readonly (readonly ["reply", From, unknown])[];

/** What handling an event results in. */
export type EventResult<State, Data> =
  | readonly ["nextState", State, Data]
  | readonly ["nextState", State, Data, Actions]
  | readonly ["keepState", Data]
  | readonly ["keepState", Data, Actions]
  | "keepStateAndData"
  | readonly ["keepStateAndData", Actions]
  | readonly ["repeatState", Data]
  | readonly ["repeatState", Data, Actions]
  | "repeatStateAndData"
  | readonly ["repeatStateAndData", Actions]
  | "stop"
  | readonly ["stop", unknown]
  | readonly ["stop", unknown, Data]
  | readonly ["stopAndReply", unknown, Replies]
  | readonly ["stopAndReply", unknown, Replies, Data];

export type StatemInitResult<State, Data> =
  | readonly ["ok", State, Data]
  | readonly ["ok", State, Data, Actions]
  | readonly ["stop", unknown]
  | readonly ["error", unknown]
  | "ignore";

/** How events are handled, and whether a state's entry is told: an event `"enter"` with the state before. */
export type CallbackMode =
  | "stateFunctions"
  | "handleEventFunction"
  | readonly ["stateFunctions" | "handleEventFunction"]
  | readonly ["stateFunctions" | "handleEventFunction", "stateEnter"];

/** The callbacks of a state machine: `states` or `handleEvent`, as the mode says. */
export interface StatemCallbacks<State, Data> {
  /** Default `"stateFunctions"` when there are `states`, else `"handleEventFunction"`. */
  readonly callbackMode?: CallbackMode;
  /** Makes the first state and data. */
  init(...args: never[]): Eventually<StatemInitResult<State, Data>>;
  /** One function for each state, by its name. */
  readonly states?: Readonly<
    Record<
      string,
      (type: EventType, content: Term, data: Data) => Eventually<EventResult<State, Data>>
    >
  >;
  /** Handles the events of all states, which may then be any data. */
  handleEvent?(
    type: EventType,
    content: Term,
    state: State,
    data: Data,
  ): Eventually<EventResult<State, Data>>;
  /** As a genServer's, with state and data; gives `["ok", state, data]`. */
  codeChange?(
    oldVsn: unknown,
    state: unknown,
    data: unknown,
    extra: unknown,
  ): Eventually<readonly ["ok", State, Data] | readonly ["error", unknown]>;
  /** Last words, as those of a genServer; an error's reason comes without a stack. */
  terminate?(reason: unknown, state: State, data: Data): unknown;
}

export type AnyStatemCallbacks = StatemCallbacks<unknown, unknown>;

/** What `genStatem` was given, read. */
export interface StatemModule {
  readonly callbacks: AnyStatemCallbacks;
  readonly hasStates: boolean;
  readonly hasEnter: boolean;
}
