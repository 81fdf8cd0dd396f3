/**
 * A running state machine. An event is handled in a transition: the callback's result is read, its
 * actions are gathered, the new state's entry is told if it wants to know, and only then the state
 * changes and the actions take effect. Events that wait in the machine (postponed ones that are
 * tried again, those that it made for itself, time-outs of 0) come before any message. As in
 * `gen_statem.erl`, loop_state_transition. Rules in SPEC.md, letter Y.
 */
import {
  type CoPromise,
  type Envelope,
  ErlangError,
  Exit,
  fromOf,
  messageOf,
  type Process,
  reasonOf,
  SIGNAL,
} from "../kernel/index.ts";
import type { From } from "./call.ts";
import { isRawCast, rawCaller, respond } from "./raw-call.ts";
import { Crashed, caught, isPromise, plain } from "./result.ts";
import type { Definition } from "./start.ts";
import { type ActionSink, listOf, readActions } from "./statem-actions.ts";
import { type StatemEvent, type TimeoutRequest, Timeouts } from "./statem-events.ts";
import type { StatemModule } from "./statem-module.ts";
import { adopted, handleSystem, isExitOf, isSystemMessage, type Managed } from "./system.ts";
import { keyOf } from "./term-key.ts";

/** What an event has led to so far; it takes effect when the transition is over. */
class Transition implements ActionSink {
  readonly event: StatemEvent;
  state: unknown;
  data: unknown;
  isPostponed = false;
  /** The state was changed or repeated, and its entry has not been told. */
  needsEnter: boolean;
  /** The callback that runs handles the event itself, not an entry. */
  isEventCall = true;
  readonly nextEvents: StatemEvent[] = [];
  readonly timeouts: TimeoutRequest[] = [];

  constructor(event: StatemEvent, state: unknown, data: unknown, needsEnter = false) {
    this.event = event;
    this.state = state;
    this.data = data;
    this.needsEnter = needsEnter;
  }
}

export class StatemLoop implements Managed {
  readonly behaviour = "gen_statem";
  readonly process: Process;
  readonly parent: string | undefined;
  #module: StatemModule;
  readonly #timeouts: Timeouts;
  #state: unknown;
  #data: unknown;
  /** Events in the machine, to be handled before any message. */
  #queue: StatemEvent[] = [];
  #postponed: StatemEvent[] = [];
  #transition: Transition | undefined;

  constructor(
    process: Process,
    module: StatemModule,
    parent: string | undefined,
    state: unknown,
    data: unknown,
  ) {
    this.process = process;
    this.parent = parent;
    this.#module = module;
    this.#timeouts = new Timeouts(process);
    this.#state = state;
    this.#data = data;
  }

  /** What init asked for, and the entry into the first state. */
  begin(actions: unknown): void {
    const first: StatemEvent = { type: "internal", content: "init_state" };
    this.#transition = new Transition(first, this.#state, this.#data, true);
    this.#obey(["keepState", this.#data, actions]);
  }

  /** One message. Undefined when it was handled at once; else the machine is busy until it is. */
  handle(envelope: Envelope): CoPromise<unknown> | undefined {
    switch (envelope.signal) {
      case SIGNAL.call:
        return this.#handle({ type: ["call", fromOf(envelope)], content: envelope.body });
      case SIGNAL.cast:
        return this.#handle({ type: "cast", content: envelope.body });
      default:
        return this.#other(messageOf(envelope));
    }
  }

  getState(): unknown {
    return [this.#state, this.#data];
  }

  replaceState(pair: unknown): void {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw new ErlangError(["badmatch", plain(pair)], "a state machine's state is [state, data]");
    [this.#state, this.#data] = pair;
  }

  changeCode(definition: Definition, oldVsn: unknown, extra: unknown): unknown {
    const { module } = definition as Partial<{ readonly module: StatemModule }>;
    if (definition?.kind !== "genStatem" || module === undefined)
      throw new ErlangError("badarg", "a genStatem goes on as a genStatem: give an exported one");
    const { codeChange } = module.callbacks;
    const result =
      codeChange === undefined
        ? ["ok", this.#state, this.#data]
        : codeChange(oldVsn, this.#state, this.#data, extra);
    return adopted(result, 3, ([state, data]) => {
      this.#module = module;
      this.#state = state;
      this.#data = data;
    });
  }

  goOn(): undefined {
    return undefined;
  }

  end(reason: unknown): CoPromise<unknown> | undefined {
    return this.#end(reason, () => this.process.node.exit(this.process, reason));
  }

  #other(body: unknown): CoPromise<unknown> | undefined {
    if (Array.isArray(body)) {
      if (isSystemMessage(body)) return handleSystem(this, body);
      if (isRawCast(body)) return this.#handle({ type: "cast", content: body[1] });
      const from = rawCaller(body);
      if (from !== undefined) return this.#handle({ type: ["call", from], content: body[2] });
    }
    if (isExitOf(this.parent, body)) return this.end(body.reason);
    return this.#handle(this.#timeouts.takeFired(body) ?? { type: "info", content: body });
  }

  #handle(event: StatemEvent): CoPromise<unknown> | undefined {
    return this.#obey(this.#begin(event));
  }

  /** Begins a transition: calls the callback for the event. */
  #begin(event: StatemEvent): unknown {
    this.#transition = new Transition(event, this.#state, this.#data);
    return this.#call(event.type, event.content, this.#state, this.#data);
  }

  #call(type: unknown, content: unknown, state: unknown, data: unknown): unknown {
    const { callbacks, hasStates } = this.#module;
    try {
      if (!hasStates) return callbacks.handleEvent?.(type as never, content, state, data);
      if (typeof state !== "string")
        throw new ErlangError(["bad_state_from_state_function", plain(state)]);
      const { states = {} } = callbacks;
      if (!Object.hasOwn(states, state))
        throw new ErlangError("undef", `states has no function for the state "${state}"`);
      return states[state]?.(type as never, content, data);
    } catch (thrown) {
      return caught(thrown);
    }
  }

  /** Does what results say, event by event, until the machine waits for a message (undefined) or for a promise. */
  #obey(first: unknown): CoPromise<unknown> | undefined {
    let result = first;
    for (;;) {
      if (isPromise(result)) return this.#wait(result);
      const transition = this.#transition as Transition;
      if (result instanceof Crashed) return this.#crash(result.thrown);
      const end = this.#read(result, transition);
      if (end !== undefined) return this.#stop(end, transition);
      if (transition.needsEnter && this.#module.hasEnter) {
        transition.needsEnter = false;
        transition.isEventCall = false;
        result = this.#call("enter", this.#state, transition.state, transition.data);
        continue;
      }
      const next = this.#complete(transition);
      if (next === undefined) return undefined;
      result = this.#begin(next);
    }
  }

  /** Reads a result into the transition. Gives what ends the machine, if it does. */
  #read(result: unknown, transition: Transition): Crashed | Ending | undefined {
    const [word, ...rest] = Array.isArray(result) ? (result as readonly unknown[]) : [result];
    const count = rest.length;
    switch (word) {
      case "nextState":
        if (count !== 2 && count !== 3) break;
        return this.#toState(rest[0], rest[1], rest[2], transition, result);
      case "keepState":
      case "repeatState":
        if (count !== 1 && count !== 2) break;
        transition.data = rest[0];
        return this.#act(rest[1], word === "repeatState", transition);
      case "keepStateAndData":
      case "repeatStateAndData":
        if (count > 1) break;
        return this.#act(rest[0], word === "repeatStateAndData", transition);
      case "stop":
        if (count > 2) break;
        return new Ending(
          count === 0 ? "normal" : rest[0],
          [],
          count === 2 ? [rest[1]] : undefined,
        );
      case "stopAndReply":
        if (count !== 2 && count !== 3) break;
        return new Ending(rest[0], listOf(rest[1]), count === 3 ? [rest[2]] : undefined);
    }
    return new Crashed(new ErlangError(["bad_return_from_state_function", plain(result)]));
  }

  #toState(
    state: unknown,
    data: unknown,
    actions: unknown,
    transition: Transition,
    result: unknown,
  ): Crashed | undefined {
    const isChange = !isSame(state, transition.state);
    if (isChange && !transition.isEventCall)
      return new Crashed(
        new ErlangError(["bad_state_enter_return_from_state_function", plain(result)]),
      );
    transition.state = state;
    transition.data = data;
    return this.#act(actions, isChange, transition);
  }

  #act(actions: unknown, needsEnter: boolean, transition: Transition): Crashed | undefined {
    if (needsEnter) transition.needsEnter = true;
    try {
      readActions(listOf(actions), transition, (from, value) => this.#reply(from, value));
      return undefined;
    } catch (thrown) {
      return caught(thrown) as Crashed;
    }
  }

  /** The transition takes effect. Gives the next event that waits in the machine. */
  #complete(transition: Transition): StatemEvent | undefined {
    const timeouts = this.#timeouts;
    if (transition.isPostponed) this.#postponed.push(transition.event);
    if (!isSame(transition.state, this.#state)) {
      this.#queue.unshift(...this.#postponed);
      this.#postponed = [];
      timeouts.cancel("stateTimeout");
    }
    timeouts.cancel("timeout");
    this.#state = transition.state;
    this.#data = transition.data;
    this.#transition = undefined;
    timeouts.request(transition.timeouts);
    this.#queue.unshift(...transition.nextEvents);
    return this.#queue.shift() ?? timeouts.takeDue();
  }

  /** Waits for an async callback; the machine takes no message meanwhile. */
  #wait(promise: CoPromise<unknown>): CoPromise<unknown> {
    this.process.node.setBusy(this.process, true);
    return promise.then(this.#goOnWith, this.#goOnWithout);
  }

  readonly #goOnWith = (result: unknown): void => {
    if (this.#obey(result) === undefined) this.process.node.setBusy(this.process, false);
  };

  readonly #goOnWithout = (thrown: unknown): void => this.#goOnWith(caught(thrown));

  #reply(from: unknown, value: unknown): void {
    respond(this.process, from as From, value);
  }

  /** Ends the machine in the state that the callback was called with, or had asked for. */
  #stop(end: Crashed | Ending, transition: Transition): CoPromise<unknown> | undefined {
    this.#state = transition.state;
    this.#data = transition.data;
    if (end instanceof Crashed) return this.#crash(end.thrown);
    if (end.data !== undefined) this.#data = end.data[0];
    try {
      for (const reply of end.replies) this.#lastReply(reply);
    } catch (thrown) {
      return this.#crash((caught(thrown) as Crashed).thrown);
    }
    return this.end(end.reason);
  }

  #lastReply(reply: unknown): void {
    const isReply = Array.isArray(reply) && reply.length === 3 && reply[0] === "reply";
    if (!isReply) throw new ErlangError(["bad_reply_action_from_state_function", plain(reply)]);
    this.#reply(reply[1], reply[2]);
  }

  #crash(thrown: unknown): CoPromise<unknown> | undefined {
    return this.#end(bareReason(thrown), () => this.process.node.crash(this.process, thrown));
  }

  /** Calls terminate, then ends the process. A terminate that fails gives the reason. */
  #end(reason: unknown, finish: () => void): CoPromise<unknown> | undefined {
    const { process } = this;
    const whenDone = (last: unknown) => {
      if (last instanceof Crashed) process.node.crash(process, last.thrown);
      else finish();
    };
    let last: unknown;
    try {
      last = this.#module.callbacks.terminate?.(reason, this.#state, this.#data);
    } catch (thrown) {
      last = caught(thrown);
    }
    if (!isPromise(last)) {
      whenDone(last);
      return undefined;
    }
    process.node.setBusy(process, true);
    return last.then(whenDone, (thrown: unknown) => whenDone(caught(thrown)));
  }
}

/** A result that ends the machine. */
class Ending {
  readonly reason: unknown;
  readonly replies: readonly unknown[];
  /** The last data, if the result brought one. */
  readonly data: readonly [unknown] | undefined;

  constructor(reason: unknown, replies: readonly unknown[], data: readonly [unknown] | undefined) {
    this.reason = reason;
    this.replies = replies;
    this.data = data;
  }
}

/** What `terminate` gets for an error: unlike a genServer's its reason alone, without the stack. */
export function bareReason(thrown: unknown): unknown {
  return thrown instanceof ErlangError || thrown instanceof Exit ? thrown.reason : reasonOf(thrown);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && keyOf(a) === keyOf(b));
}
