/**
 * gen_server: a process that owns a state and handles one message at a time.
 *
 * Callbacks return what OTP's return, tuples as arrays. They may be async: while one waits the
 * server takes no other message, which is the point of it. What happens after a callback is a loop
 * over results, not a recursion: a chain of continues must not overflow the stack. Rules in
 * SPEC.md, letter V.
 */
import {
  brief,
  type CoPromise,
  copy,
  type Envelope,
  ErlangError,
  Exit,
  fromOf,
  KIND,
  messageOf,
  microseconds,
  type Process,
  reasonOf,
  SIGNAL,
} from "../kernel/index.ts";
import type { Eventually, From } from "./call.ts";
import { here } from "./here.ts";
import { isRawCast, rawCaller, respond } from "./raw-call.ts";
import { Crashed, caught, isPromise, plain } from "./result.ts";
import { type Definition, runInit, type Starting } from "./start.ts";
import { adopted, handleSystem, isExitOf, isSystemMessage, type Managed } from "./system.ts";
import type { Term } from "./term.ts";

export {
  type StartMonitorResult,
  type StartOptions,
  type StartResult,
  start,
  startLink,
  startMonitor,
} from "./start.ts";
export { stop } from "./stop.ts";

/** After a callback: nothing, a time-out in ms without a message, or a continue. */
export type Then = number | "hibernate" | { readonly continue: unknown };

export type InitResult<State> =
  | readonly ["ok", State]
  | readonly ["ok", State, Then]
  | readonly ["stop", unknown]
  | readonly ["error", unknown]
  | "ignore";
export type CallResult<State> =
  | readonly ["reply", unknown, State]
  | readonly ["reply", unknown, State, Then]
  | NoReplyResult<State>
  | readonly ["stop", unknown, unknown, State];
export type NoReplyResult<State> =
  | readonly ["noreply", State]
  | readonly ["noreply", State, Then]
  | readonly ["stop", unknown, State];

/** The callbacks of a server. Only `init` is required; a call or cast without its callback is an error. */
export interface Callbacks<State, Request, Cast, Info> {
  /** Makes the first state. */
  init(...args: never[]): Eventually<InitResult<State>>;
  /** Answers a `call`. */
  handleCall?(request: Request, from: From, state: State): Eventually<CallResult<State>>;
  /** Handles a `cast`. */
  handleCast?(message: Cast, state: State): Eventually<NoReplyResult<State>>;
  /** Handles every other message; `"timeout"` when time was up. Without it they are dropped, with a line in the log. */
  handleInfo?(message: Info, state: State): Eventually<NoReplyResult<State>>;
  /** Goes on after a callback that asked for it, before any message. */
  handleContinue?(info: unknown, state: State): Eventually<NoReplyResult<State>>;
  /**
   * Makes the state of this module out of that of the one it takes the place of, which was version
   * `oldVsn`. Without it the state stays. Anything but `["ok", state]` refuses the change.
   */
  codeChange?(
    oldVsn: unknown,
    state: unknown,
    extra: unknown,
  ): Eventually<readonly ["ok", State] | readonly ["error", unknown]>;
  /** Last words: when the server stops by itself, crashes, or its parent ends and it traps exits. */
  terminate?(reason: unknown, state: State): unknown;
}

/** A server's module, made by `genServer`; started by `startLink`, `start`, or a scenario. */
export interface GenServer<State = unknown, Request = Term, Cast = Term, Info = Term>
  extends Definition {
  readonly kind: "genServer";
  readonly callbacks: Callbacks<State, Request, Cast, Info>;
}

/**
 * Makes a server out of its callbacks. The types are those of the state, of the requests that
 * `call` brings, of the messages that `cast` brings, and of all others. `-behaviour(gen_server)`.
 */
export function genServer<State, Request = Term, Cast = Term, Info = Term>(
  callbacks: Callbacks<State, Request, Cast, Info>,
): GenServer<State, Request, Cast, Info> {
  if (typeof callbacks?.init !== "function")
    throw new Error("genServer needs at least the callback init");
  const own = callbacks as unknown as AnyCallbacks;
  return {
    kind: "genServer",
    callbacks,
    begin: (args, starting) => begin(own, args, starting),
  };
}

type AnyCallbacks = Callbacks<unknown, unknown, unknown, unknown>;

/** Runs init, then turns the process into the server's loop. Returns when init has. */
function begin(callbacks: AnyCallbacks, args: readonly unknown[], starting: Starting): unknown {
  const process = here();
  return runInit(
    () => callbacks.init(...(args as never[])),
    (result) => {
      const [, state, then] = checkInit(result, starting);
      const loop = new ServerLoop(process, callbacks, starting.parent, state);
      process.node.become(process, (envelope) => loop.handle(envelope));
      process.stateOf = () => loop.getState();
      starting.succeed();
      loop.begin(then);
    },
  );
}

/** Lets init's good result through; with any other the process ends. */
function checkInit(result: unknown, starting: Starting): readonly ["ok", unknown, Then?] {
  if (result === "ignore") starting.refuse("ignore");
  if (Array.isArray(result)) {
    const [word, reason, then] = result as readonly unknown[];
    if (word === "stop" && result.length === 2) throw new Exit(reason);
    if (word === "error" && result.length === 2) starting.refuse(["error", reason]);
    if (word === "ok" && (result.length === 2 || (result.length === 3 && isThen(then)))) {
      return result as unknown as readonly ["ok", unknown, Then?];
    }
  }
  throw new Exit(["bad_return_value", plain(result)]);
}

type TimeoutEntry = ReturnType<Process["node"]["arm"]>;

/** A running server: its state and what it does with each message. */
class ServerLoop implements Managed {
  readonly behaviour = "gen_server";
  readonly process: Process;
  readonly parent: string | undefined;
  #callbacks: AnyCallbacks;
  #state: unknown;
  /** Whose call is being handled. */
  #from: From | undefined;
  /** The time-out that the last callback asked for, in ms; until the next message of its own. */
  #timeoutMs: number | undefined;
  #timer: TimeoutEntry | undefined;
  /** Time is up, and no message has come since. */
  #isDue = false;

  constructor(
    process: Process,
    callbacks: AnyCallbacks,
    parent: string | undefined,
    state: unknown,
  ) {
    this.process = process;
    this.parent = parent;
    this.#callbacks = callbacks;
    this.#state = state;
  }

  /** What init asked to happen before the first message. */
  begin(then: Then | undefined): void {
    this.#obey(["noreply", this.#state, then]);
  }

  /** One message. Undefined when it was handled at once; else the server is busy until it is. */
  handle(envelope: Envelope): CoPromise<unknown> | undefined {
    switch (envelope.signal) {
      case SIGNAL.call:
        return this.#call(envelope.body, fromOf(envelope));
      case SIGNAL.cast:
        return this.#cast(envelope.body);
      default:
        return this.#other(messageOf(envelope));
    }
  }

  getState(): unknown {
    return this.#state;
  }

  replaceState(state: unknown): void {
    this.#state = state;
  }

  changeCode(module: Definition, oldVsn: unknown, extra: unknown): unknown {
    if (module?.kind !== "genServer")
      throw new ErlangError("badarg", "a genServer goes on as a genServer: give an exported one");
    const { callbacks } = module as unknown as { readonly callbacks: AnyCallbacks };
    const result =
      callbacks.codeChange === undefined
        ? ["ok", this.#state]
        : callbacks.codeChange(oldVsn, this.#state, extra);
    return adopted(result, 2, ([state]) => {
      this.#callbacks = callbacks;
      this.#state = state;
    });
  }

  /** After a system message: a time-out begins anew. */
  goOn(): CoPromise<unknown> | undefined {
    const timeoutMs = this.#timeoutMs;
    if (timeoutMs === undefined) return undefined;
    return this.#obey(["noreply", this.#state, timeoutMs]);
  }

  /** Calls terminate and ends the process, unless terminate fails: then with that reason. */
  end(reason: unknown): CoPromise<unknown> | undefined {
    return this.#end(reason, () => this.process.node.exit(this.process, reason));
  }

  #call(request: unknown, from: From): CoPromise<unknown> | undefined {
    if (this.#timeoutMs !== undefined) this.#cancelTimeout();
    const callbacks = this.#callbacks;
    this.#from = from;
    let result: unknown;
    try {
      if (callbacks.handleCall === undefined) missing("handleCall", "call", request);
      else result = callbacks.handleCall(request, from, this.#state);
    } catch (thrown) {
      result = caught(thrown);
    }
    return this.#obey(result);
  }

  #cast(message: unknown): CoPromise<unknown> | undefined {
    if (this.#timeoutMs !== undefined) this.#cancelTimeout();
    const callbacks = this.#callbacks;
    let result: unknown;
    try {
      if (callbacks.handleCast === undefined) missing("handleCast", "cast", message);
      else result = callbacks.handleCast(message, this.#state);
    } catch (thrown) {
      result = caught(thrown);
    }
    return this.#obey(result);
  }

  /** Any other message: of the system, of the parent, a call made by hand, or what handleInfo is for. */
  #other(body: unknown): CoPromise<unknown> | undefined {
    if (Array.isArray(body)) {
      if (isSystemMessage(body)) {
        this.#stopTimer();
        return handleSystem(this, body);
      }
      if (isRawCast(body)) return this.#cast(body[1]);
      const from = rawCaller(body);
      if (from !== undefined) return this.#call(body[2], from);
    }
    if (this.#timeoutMs !== undefined) this.#cancelTimeout();
    if (isExitOf(this.parent, body)) return this.end(body.reason);
    return this.#obey(this.#info(body));
  }

  #info(message: unknown): unknown {
    const callbacks = this.#callbacks;
    if (callbacks.handleInfo === undefined) {
      const text = `no handleInfo, so this message is dropped: ${brief(message)}`;
      this.process.node.record(this.process, KIND.log, { payload: copy(text) });
      return ["noreply", this.#state];
    }
    try {
      return callbacks.handleInfo(message, this.#state);
    } catch (thrown) {
      return caught(thrown);
    }
  }

  #continue(info: unknown): unknown {
    const callbacks = this.#callbacks;
    try {
      if (callbacks.handleContinue === undefined) missing("handleContinue", "continue", info);
      else return callbacks.handleContinue(info, this.#state);
    } catch (thrown) {
      return caught(thrown);
    }
    return undefined;
  }

  /**
   * Does what results say, one after the other, until the server waits for a message (undefined)
   * or for a promise. `#from` says whether there is somebody to reply to.
   */
  #obey(first: unknown): CoPromise<unknown> | undefined {
    let result = first;
    for (;;) {
      if (!Array.isArray(result)) {
        if (result instanceof Crashed) return this.#crash(result.thrown);
        return isPromise(result) ? this.#wait(result) : this.#badReturn(result);
      }
      const word: unknown = result[0];
      const from = this.#from;
      let then: unknown;
      if (word === "reply" && from !== undefined && isOfLength(result, 3)) {
        then = result[3];
        if (!isThen(then)) return this.#badReturn(result);
        const problem = this.#reply(from, result[1]);
        if (problem !== undefined) return this.#crash(problem.thrown);
        this.#state = result[2];
      } else if (word === "noreply" && isOfLength(result, 2)) {
        then = result[2];
        if (!isThen(then)) return this.#badReturn(result);
        this.#state = result[1];
      } else {
        return this.#stop(result);
      }
      this.#from = undefined;
      if (then === undefined) return undefined;
      result = this.#next(then);
      if (result === undefined) return undefined;
    }
  }

  /** What a callback asked to happen before the next message: its result, or undefined when there is none yet. */
  #next(then: Then): unknown {
    if (typeof then === "object") return fromCallback(this.#continue(then.continue));
    if (typeof then !== "number") return undefined;
    this.#timeoutMs = then;
    const { process } = this;
    if (then === 0) return process.mailbox.length > 0 ? undefined : this.#timeout();
    if (then === Number.POSITIVE_INFINITY) return undefined;
    const { node } = process;
    this.#timer = node.arm(process, node.now + microseconds(then), this.#due);
    return undefined;
  }

  readonly #due = (): void => {
    this.#timer = undefined;
    this.#isDue = true;
    this.process.node.wake(this.process, this.#fire);
  };

  readonly #fire = (): void => {
    if (this.#isDue) this.#obey(this.#timeout());
  };

  #timeout(): unknown {
    this.#cancelTimeout();
    return fromCallback(this.#info("timeout"));
  }

  #cancelTimeout(): void {
    this.#timeoutMs = undefined;
    this.#stopTimer();
  }

  #stopTimer(): void {
    this.#isDue = false;
    if (this.#timer === undefined) return;
    this.process.node.disarm(this.process, this.#timer);
    this.#timer = undefined;
  }

  /** Waits for an async callback; the server takes no message meanwhile. */
  #wait(promise: CoPromise<unknown>): CoPromise<unknown> {
    this.process.node.setBusy(this.process, true);
    return promise.then(this.#goOnWith, this.#goOnWithout);
  }

  readonly #goOnWith = (result: unknown): void => {
    if (this.#obey(result) === undefined) this.process.node.setBusy(this.process, false);
  };

  readonly #goOnWithout = (thrown: unknown): void => this.#goOnWith(caught(thrown));

  /** Replies; gives what was thrown when the value cannot be sent. */
  #reply(from: From, value: unknown): Crashed | undefined {
    try {
      respond(this.process, from, value);
      return undefined;
    } catch (thrown) {
      return caught(thrown) as Crashed;
    }
  }

  #stop(result: readonly unknown[]): CoPromise<unknown> | undefined {
    const { process } = this;
    const from = this.#from;
    const [word, reason, third, fourth] = result;
    if (word === "stop" && result.length === 3) {
      this.#state = third;
      return this.end(reason);
    }
    if (word === "stop" && result.length === 4 && from !== undefined) {
      this.#state = fourth;
      return this.#end(
        reason,
        () => process.node.exit(process, reason),
        () => this.#reply(from, third),
      );
    }
    return this.#badReturn(result);
  }

  #badReturn(result: unknown): CoPromise<unknown> | undefined {
    return this.end(["bad_return_value", plain(result)]);
  }

  #crash(thrown: unknown): CoPromise<unknown> | undefined {
    return this.#end(reasonOf(thrown), () => this.process.node.crash(this.process, thrown));
  }

  /** Calls terminate, then sends the last reply, then ends the process. A terminate that fails gives the reason. */
  #end(
    reason: unknown,
    finish: () => void,
    lastReply?: () => void,
  ): CoPromise<unknown> | undefined {
    const { process } = this;
    const { node } = process;
    const whenDone = (last: unknown) => {
      lastReply?.();
      if (last instanceof Crashed) node.crash(process, last.thrown);
      else finish();
    };
    let last: unknown;
    try {
      last = this.#callbacks.terminate?.(reason, this.#state);
    } catch (thrown) {
      last = caught(thrown);
    }
    if (!isPromise(last)) {
      whenDone(last);
      return undefined;
    }
    node.setBusy(process, true);
    return last.then(whenDone, (thrown: unknown) => whenDone(caught(thrown)));
  }
}

/** A callback that returned nothing has returned something wrong; undefined would say that it was not called. */
function fromCallback(result: unknown): unknown {
  return result === undefined ? NO_RESULT : result;
}

const NO_RESULT = new Crashed(new Exit(["bad_return_value", undefined]));

function missing(callback: string, what: string, message: unknown): never {
  throw new ErlangError("undef", `the server has no ${callback} for the ${what} ${brief(message)}`);
}

/** A result of `length` elements, or one more: what to do then. */
function isOfLength(result: readonly unknown[], length: number): boolean {
  return result.length === length || result.length === length + 1;
}

function isThen(value: unknown): value is Then | undefined {
  if (typeof value === "number") return value >= 0;
  return (
    value === undefined ||
    value === "hibernate" ||
    (typeof value === "object" && value !== null && "continue" in value)
  );
}
