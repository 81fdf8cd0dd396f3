/**
 * gen_server: a process that owns a state and handles one message at a time.
 *
 * Callbacks return what OTP's return, tuples as arrays. They may be async: while one waits the
 * server takes no other message, which is the point of it. Rules in SPEC.md, letter V.
 */
import {
  CoPromise,
  type Destination,
  type Envelope,
  Exit,
  isStop,
  microseconds,
  type Pid,
  type Process,
  reasonOf,
  SIGNAL,
} from "../kernel/index.ts";
import { answer, type Eventually, type From } from "./call.ts";
import { here } from "./here.ts";
import type { Term } from "./term.ts";

/** After a callback: nothing, a time-out in ms without a message, or a continue. */
export type Then = number | "hibernate" | { readonly continue: unknown };

export type InitResult<State> =
  | readonly ["ok", State]
  | readonly ["ok", State, Then]
  | readonly ["stop", unknown]
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
  /** Handles every other message; `"timeout"` when time was up. Without it they are dropped. */
  handleInfo?(message: Info, state: State): Eventually<NoReplyResult<State>>;
  /** Goes on after a callback that asked for it, before any message. */
  handleContinue?(info: unknown, state: State): Eventually<NoReplyResult<State>>;
  /** Last words: when the server stops by itself, crashes, or its parent ends and it traps exits. */
  terminate?(reason: unknown, state: State): unknown;
}

/** A server's module, made by `genServer`; started by `startLink`, `start`, or a scenario. */
export interface GenServer<State = unknown, Request = Term, Cast = Term, Info = Term> {
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
  return { kind: "genServer", callbacks };
}

/** How a server is started. */
export interface StartOptions {
  /** Registers the server under this name on its node. */
  readonly name?: string;
}

export type StartResult = readonly ["ok", Pid] | readonly ["error", unknown] | "ignore";

/** Starts a server and waits until its init has returned; linked with the caller. `gen_server:start_link/3,4`. */
export function startLink(
  server: GenServer,
  args: readonly unknown[] = [],
  options: StartOptions = {},
): Promise<StartResult> {
  return startFrom(here(), server, args, options, true);
}

/** As `startLink`, without the link. `gen_server:start/3,4`. */
export function start(
  server: GenServer,
  args: readonly unknown[] = [],
  options: StartOptions = {},
): Promise<StartResult> {
  return startFrom(here(), server, args, options, false);
}

/** Ends a server in good order: its `terminate` is called, and this waits until it has ended. `gen_server:stop/1,2`. */
export function stop(dest: Destination, reason: unknown = "normal"): Promise<"ok"> {
  const process = here();
  const { node } = process;
  const ref = node.monitor(process, dest);
  node.send(process, dest, ["$gen_stop", reason]);
  return node.receive(process, { kind: "ref", ref }, undefined).then((envelope) => {
    // Without a time-out there is always one: the DOWN.
    const { reason: ended } = (envelope as Envelope).body as { readonly reason: unknown };
    if (JSON.stringify(ended) !== JSON.stringify(reason)) throw new Exit(ended);
    return "ok" as const;
  });
}

function startFrom(
  parent: Process,
  server: GenServer,
  args: readonly unknown[],
  options: StartOptions,
  link: boolean,
): CoPromise<StartResult> {
  const { node } = parent;
  const taken = options.name === undefined ? undefined : node.find(options.name);
  if (taken !== undefined)
    return CoPromise.resolve<StartResult>(["error", ["already_started", taken.pid]]);
  const { promise, resolve } = CoPromise.withResolvers<StartResult>();
  const tell = (result: StartResult) => node.wake(parent, () => resolve(result));
  node.spawn(() => begin(server, args, parent.pid, tell), {
    parent,
    link,
    label: "server",
    ...(options.name === undefined ? undefined : { name: options.name }),
  });
  return promise;
}

/** The body of a process that the scenario makes a server: nobody waits for its init. */
export function serverBody(server: GenServer, args: readonly unknown[]): () => unknown {
  return () => begin(server, args, undefined, () => undefined);
}

/** True for what `genServer` makes; learner modules are told apart from functions by it. */
export function isGenServer(value: unknown): value is GenServer {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as { kind?: unknown }).kind === "genServer"
  );
}

/** Runs init, then turns the process into the server's loop. Returns when init has. */
function begin(
  server: GenServer,
  args: readonly unknown[],
  parent: Pid | undefined,
  tell: (result: StartResult) => void,
): unknown {
  const process = here();
  const fail = (reason: unknown): never => {
    process.node.unregister(process.name ?? "");
    tell(["error", reason]);
    throw new Exit(reason);
  };
  const settle = (result: unknown) => {
    if (result === "ignore") {
      tell("ignore");
      return;
    }
    if (!Array.isArray(result) || (result[0] !== "ok" && result[0] !== "stop"))
      return fail(["bad_return_value", plain(result)]);
    if (result[0] === "stop") return fail(result[1]);
    const loop = new ServerLoop(process, server, parent, result[1]);
    process.node.become(process, (envelope) => loop.handle(envelope));
    tell(["ok", process.pid]);
    loop.goOn(result[2] as Then | undefined);
  };
  let result: unknown;
  try {
    result = server.callbacks.init(...(args as never[]));
  } catch (thrown) {
    if (!isStop(thrown)) tell(["error", reasonOf(thrown)]);
    throw thrown;
  }
  if (!isPromise(result)) return settle(result);
  return result.then(settle, (thrown: unknown) => {
    tell(["error", reasonOf(thrown)]);
    throw thrown;
  });
}

type TimeoutEntry = ReturnType<Process["node"]["arm"]>;

/** A running server: its state and what it does with each message. */
class ServerLoop {
  readonly #process: Process;
  readonly #callbacks: Callbacks<unknown, unknown, unknown, unknown>;
  readonly #parent: Pid | undefined;
  #state: unknown;
  #timeout: TimeoutEntry | undefined;
  #isEnding = false;

  constructor(process: Process, server: GenServer, parent: Pid | undefined, state: unknown) {
    this.#process = process;
    this.#callbacks = server.callbacks as Callbacks<unknown, unknown, unknown, unknown>;
    this.#parent = parent;
    this.#state = state;
  }

  /** One message. Undefined when it was handled at once; else the server is busy until it is. */
  handle(envelope: Envelope): CoPromise<unknown> | undefined {
    if (this.#timeout !== undefined) this.#process.node.disarm(this.#process, this.#timeout);
    this.#timeout = undefined;
    const { signal, body } = envelope;
    if (signal === SIGNAL.call) {
      const [, from, request] = body as readonly [string, From, unknown];
      return this.#attempt(() => this.#required("handleCall")(request, from, this.#state), from);
    }
    if (signal === SIGNAL.cast) {
      const message = (body as readonly [string, unknown])[1];
      return this.#attempt(() => this.#required("handleCast")(message, this.#state));
    }
    if (signal === SIGNAL.exit && (body as { from?: unknown }).from === this.#parent) {
      return this.#end((body as { reason: unknown }).reason);
    }
    if (Array.isArray(body) && body[0] === "$gen_stop") return this.#end(body[1]);
    return this.#info(body);
  }

  /** What a callback asked to happen before the next message. */
  goOn(then: Then | undefined): void {
    if (typeof then === "object" && then !== null) {
      this.#attempt(() => this.#required("handleContinue")(then.continue, this.#state));
    } else if (typeof then === "number") {
      const { node } = this.#process;
      this.#timeout = node.arm(this.#process, node.now + microseconds(then), () => {
        node.wake(this.#process, () => {
          this.#timeout = undefined;
          this.#info("timeout");
        });
      });
    }
  }

  #info(body: unknown): CoPromise<unknown> | undefined {
    const { handleInfo } = this.#callbacks;
    if (handleInfo === undefined) return undefined;
    return this.#attempt(() => handleInfo.call(this.#callbacks, body, this.#state));
  }

  /** Calls a callback and does what its result says, at once or when it comes. */
  #attempt(callback: () => unknown, from?: From): CoPromise<unknown> | undefined {
    let result: unknown;
    try {
      result = callback();
    } catch (thrown) {
      if (isStop(thrown)) throw thrown;
      return this.#crash(thrown);
    }
    if (!isPromise(result)) return this.#obey(result, from);
    const { node } = this.#process;
    node.setBusy(this.#process, true);
    return result.then(
      (value) => this.#whenFree(this.#obey(value, from)),
      (thrown: unknown) => this.#whenFree(this.#crash(thrown)),
    );
  }

  #whenFree(pending: CoPromise<unknown> | undefined): unknown {
    if (pending !== undefined) return pending;
    this.#process.node.setBusy(this.#process, false);
    return undefined;
  }

  #obey(result: unknown, from: From | undefined): CoPromise<unknown> | undefined {
    if (!Array.isArray(result)) return this.#badReturn(result);
    const [word, ...rest]: readonly unknown[] = result;
    if (word === "reply" && from !== undefined && (rest.length === 2 || rest.length === 3)) {
      this.#state = rest[1];
      answer(this.#process, from, rest[0]);
      this.goOn(rest[2] as Then | undefined);
      return undefined;
    }
    if (word === "noreply" && (rest.length === 1 || rest.length === 2)) {
      this.#state = rest[0];
      this.goOn(rest[1] as Then | undefined);
      return undefined;
    }
    if (word === "stop" && from !== undefined && rest.length === 3) {
      this.#state = rest[2];
      return this.#end(rest[0], () => answer(this.#process, from, rest[1]));
    }
    if (word === "stop" && rest.length === 2) {
      this.#state = rest[1];
      return this.#end(rest[0]);
    }
    return this.#badReturn(result);
  }

  #badReturn(result: unknown): CoPromise<unknown> | undefined {
    return this.#end(["bad_return_value", plain(result)]);
  }

  #crash(thrown: unknown): CoPromise<unknown> | undefined {
    return this.#end(reasonOf(thrown), undefined, thrown);
  }

  /** Calls terminate, then `before` (the last reply), then ends the process. */
  #end(reason: unknown, before?: () => void, thrown?: unknown): CoPromise<unknown> | undefined {
    if (this.#isEnding) return undefined;
    this.#isEnding = true;
    const { node } = this.#process;
    const finish = () => {
      before?.();
      if (thrown === undefined) node.exit(this.#process, reason);
      else node.crash(this.#process, thrown);
    };
    let last: unknown;
    try {
      last = this.#callbacks.terminate?.(reason, this.#state);
    } catch (again) {
      if (isStop(again)) throw again;
      node.crash(this.#process, again);
      return undefined;
    }
    if (!isPromise(last)) {
      finish();
      return undefined;
    }
    node.setBusy(this.#process, true);
    return last.then(finish, (again: unknown) => node.crash(this.#process, again));
  }

  #required<Name extends "handleCall" | "handleCast" | "handleContinue">(name: Name) {
    const callback = this.#callbacks[name];
    if (callback === undefined) throw new Exit(["undef", name]);
    return callback.bind(this.#callbacks) as NonNullable<
      Callbacks<unknown, unknown, unknown, unknown>[Name]
    >;
  }
}

function isPromise(value: unknown): value is CoPromise<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** A return value that could not be understood, as far as it can be shown. */
function plain(value: unknown): unknown {
  return typeof value === "function" || typeof value === "symbol" ? String(value) : value;
}
