/**
 * A stream of tasks: a function is called with each of many items, several at the same time, each in
 * a process of its own. Elixir's Task.async_stream. Rules in SPEC.md, I.
 *
 * The results come one by one to whoever loops over the stream. Nothing is started that the loop has
 * not asked for, apart from those that may run at the same time. The tasks belong to a process
 * beside, so that what befalls them does not come into the mailbox of the owner, and nothing is left
 * of them when the loop is left: it traps exits when the owner does.
 */
import { copy, coroutines, Exit, type Pid, type Ref } from "../kernel/index.ts";
import { here, steps, wait } from "./here.ts";
import type { ServerRef } from "./naming.ts";
import {
  cancelTimer,
  demonitor,
  exit,
  monitor,
  receive,
  self,
  send,
  sendAfter,
  spawnLink,
  trapExit,
  unlink,
  when,
} from "./processes.ts";
import { labelled } from "./task-owner.ts";
import { startChildUnder, tell, toldBy } from "./task-supervisor.ts";

/** How a stream of tasks is run. */
export interface StreamOptions {
  /** Tasks that run at the same time; default as many as the node has cores. */
  readonly maxConcurrency?: number;
  /** With true, the default, results come in the order of the items, else as they are ready. */
  readonly ordered?: boolean;
  /** Milliseconds that one task may take; default 5,000. */
  readonly timeout?: number;
  /** Past it the owner exits (`"exit"`, the default), or the task is killed and gives `["exit", "timeout"]`. */
  readonly onTimeout?: "exit" | "kill_task";
  /** With true a failed task gives `["exit", [item, reason]]`; default false. */
  readonly zipInputOnExit?: boolean;
}

/** What one task gave. */
export type StreamResult<Result> = readonly ["ok", Result] | readonly ["exit", unknown];

/** What the process beside hears: to begin with an item, to end everything, and what befalls its tasks. */
type Heard =
  | readonly ["start", position: number]
  | readonly ["stop"]
  | readonly ["late", Ref]
  | { readonly tag: "DOWN"; readonly ref: Ref; readonly reason: unknown }
  | { readonly tag: "EXIT"; readonly from: Pid; readonly reason: unknown };

/** What the owner is told: a result, the end of a task, or that one has taken too long. */
type Told =
  | readonly [stream: Ref, "ok", position: number, result: unknown]
  | readonly [stream: Ref, "down", position: number, reason: unknown]
  | readonly [stream: Ref, "late", position: number, timeout: number];

const TIMEOUT_MS = 5000;

/**
 * Calls `body(item)` for each item, in tasks linked with the running process. To be looped over with
 * `for await`; gives `["ok", result]` for each, and `["exit", reason]` for one that failed if the
 * running process traps exits. Else a task that fails ends it, too. `Task.async_stream/3`.
 */
export function asyncStream<Item, Result>(
  items: Iterable<Item>,
  body: (item: Item) => Result,
  options: StreamOptions = {},
): AsyncGenerator<StreamResult<Awaited<Result>>, void, unknown> {
  const start: Start = (run) => ["ok", spawnLink(run, [])];
  return stream({ items, body, options, start, isTrapping: here().trapsExits });
}

/** As `asyncStream`, with tasks under a supervisor that are not linked with the running process. `Task.Supervisor.async_stream_nolink/4`. */
export function asyncStreamNolink<Item, Result>(
  supervisor: ServerRef,
  items: Iterable<Item>,
  body: (item: Item) => Result,
  options: StreamOptions = {},
): AsyncGenerator<StreamResult<Awaited<Result>>, void, unknown> {
  const start: Start = (run) => startChildUnder(supervisor, run);
  return stream({ items, body, options, start, isTrapping: true });
}

type Steps<T> = Generator<unknown, T, unknown>;
type Started = readonly ["ok", Pid] | readonly ["error", unknown];
type Start = (run: () => unknown) => Started | PromiseLike<Started>;

interface Stream<Item, Result> {
  readonly items: Iterable<Item>;
  readonly body: (item: Item) => Result;
  readonly options: StreamOptions;
  /** Starts a process for a task; called in the process beside. */
  readonly start: Start;
  /** Whether the process beside outlives a task that fails. */
  readonly isTrapping: boolean;
}

function stream<Item, Result>(
  asked: Stream<Item, Result>,
): AsyncGenerator<StreamResult<Awaited<Result>>, void, unknown> {
  const items = [...asked.items];
  return coroutines.asyncGenerator(results(asked, items)) as ReturnType<
    typeof stream<Item, Result>
  >;
}

/** The stream from its owner's side: orders tasks, and gives what comes of them. */
function* results<Item, Result>(asked: Stream<Item, Result>, items: readonly Item[]): Steps<void> {
  const { maxConcurrency = here().node.cores.count, ordered = true } = asked.options;
  const run = new Runner(asked, items, self());
  const pid = spawnLink(
    labelled(() => run.live(), { name: "task_stream" }),
    [],
  );
  const ref = monitor(pid);
  const ledger = new Ledger();
  const startMore = () => {
    while (ledger.running < maxConcurrency && ledger.started < items.length) {
      send(pid, ["start", ledger.start()] satisfies Heard);
    }
  };
  send(pid, ref);
  try {
    for (let given = 0; given < items.length; given++) {
      startMore();
      let position = ledger.next(ordered ? given : undefined);
      while (position === undefined) {
        ledger.note(yield* wait(told(ref)));
        position = ledger.next(ordered ? given : undefined);
        if (position === undefined) startMore();
      }
      yield coroutines.yielded(zipped(ledger.take(position), items[position], asked.options));
    }
  } finally {
    yield* close(pid, ref);
  }
}

/** What is known of the tasks of a stream, by position of their items. */
class Ledger {
  started = 0;
  running = 0;
  /** Tasks that have ended, in the order in which they did. */
  readonly #over = new Map<number, StreamResult<unknown>>();
  readonly #early = new Map<number, unknown>();

  /** The position of the next task to start. */
  start(): number {
    this.running++;
    return this.started++;
  }

  /** The position of the next result to give, `wanted` or the first there is; undefined when there is none yet. */
  next(wanted: number | undefined): number | undefined {
    if (wanted === undefined) return this.#over.keys().next().value;
    return this.#over.has(wanted) ? wanted : undefined;
  }

  take(position: number): StreamResult<unknown> {
    const result = this.#over.get(position) as StreamResult<unknown>;
    this.#over.delete(position);
    return result;
  }

  note([, what, position, value]: Told): void {
    if (what === "late") throw new Exit(["timeout", ["task", "asyncStream", [value]]]);
    if (what === "ok") {
      this.#early.set(position, value);
      return;
    }
    const hasResult = this.#early.has(position);
    this.#over.set(position, hasResult ? ["ok", this.#early.get(position)] : ["exit", value]);
    this.#early.delete(position);
    this.running--;
  }
}

function zipped(
  result: StreamResult<unknown>,
  item: unknown,
  options: StreamOptions,
): StreamResult<unknown> {
  if (result[0] === "ok" || options.zipInputOnExit !== true) return result;
  return ["exit", [item, result[1]]];
}

/** The next thing that the owner is told. That the process beside has ended ends the owner. */
function told(ref: Ref): Promise<Told> {
  const isTold = (body: unknown) => Array.isArray(body) && body[0] === ref;
  return receive<Told>([
    when(isTold, (message: Told) => message),
    when({ tag: "DOWN", ref }, ({ reason }: { readonly reason: unknown }) => {
      throw new Exit([reason, ["task", "asyncStream", []]]);
    }),
  ]);
}

/** Ends the process beside with all of its tasks, and takes out what they have told meanwhile. */
function* close(pid: Pid, ref: Ref): Steps<void> {
  unlink(pid);
  send(pid, ["stop"] satisfies Heard);
  const end = monitor(pid);
  yield* wait(receive([when({ tag: "DOWN", ref: end }, () => undefined)]));
  demonitor(ref, { flush: true });
  const isLeft = (body: unknown) => Array.isArray(body) && body[0] === ref;
  const left = [when(isLeft, () => true), when({ tag: "EXIT", from: pid }, () => true)];
  while (yield* wait(receive<boolean | undefined>(left, { after: 0 })));
}

/** A task that runs, as the process beside knows it. */
interface Running {
  readonly pid: Pid;
  readonly position: number;
  readonly timer: Ref | undefined;
  isLate: boolean;
}

/** The process beside: it starts tasks, watches them, and tells the owner what comes of them. */
class Runner<Item> {
  readonly #asked: Stream<Item, unknown>;
  readonly #items: readonly Item[];
  readonly #owner: Pid;
  /** By the monitor of each. */
  readonly #running = new Map<Ref, Running>();

  constructor(asked: Stream<Item, unknown>, items: readonly Item[], owner: Pid) {
    this.#asked = asked;
    this.#items = items;
    this.#owner = owner;
  }

  live(): PromiseLike<void> {
    trapExit(this.#asked.isTrapping);
    const watched = monitor(this.#owner);
    const loop = this.#loop.bind(this);
    return steps(() => loop(watched));
  }

  *#loop(watched: Ref): Steps<void> {
    const stream = yield* wait(receive<Ref>());
    for (;;) {
      const heard = yield* wait(receive<Heard>());
      if ("tag" in heard) {
        // An EXIT is of a task, whose DOWN comes too, or of the owner, who is watched.
        if (heard.tag === "EXIT") continue;
        if (heard.ref === watched) {
          yield* this.#killAll();
          exit(heard.reason);
        }
        this.#ended(stream, heard.ref, heard.reason);
      } else if (heard[0] === "start") {
        yield* this.#start(stream, heard[1]);
      } else if (heard[0] === "late") {
        this.#late(stream, heard[1]);
      } else {
        yield* this.#killAll();
        return;
      }
    }
  }

  *#start(stream: Ref, position: number): Steps<void> {
    const { body, options, start } = this.#asked;
    const owner = this.#owner;
    const me = self();
    const item = copy(this.#items[position]).value as Item;
    const run = () =>
      steps(function* () {
        yield* toldBy(me);
        const result = yield* wait(body(item));
        send(owner, [stream, "ok", position, result] satisfies Told);
      });
    const started = yield* wait(start(labelled(run, body)));
    if (started[0] === "error") {
      send(owner, [stream, "down", position, started[1]] satisfies Told);
      return;
    }
    const pid = started[1];
    const ref = monitor(pid);
    const { timeout = TIMEOUT_MS } = options;
    const timer = Number.isFinite(timeout) ? sendAfter(timeout, ["late", ref]) : undefined;
    this.#running.set(ref, { pid, position, timer, isLate: false });
    tell(pid, ref);
  }

  #ended(stream: Ref, ref: Ref, reason: unknown): void {
    const task = this.#running.get(ref);
    if (task === undefined) return;
    this.#running.delete(ref);
    if (task.timer !== undefined) cancelTimer(task.timer);
    const why = task.isLate ? "timeout" : reason;
    send(this.#owner, [stream, "down", task.position, why] satisfies Told);
  }

  #late(stream: Ref, ref: Ref): void {
    const { timeout = TIMEOUT_MS, onTimeout = "exit" } = this.#asked.options;
    const task = this.#running.get(ref);
    if (task === undefined) return;
    if (onTimeout === "exit") {
      send(this.#owner, [stream, "late", task.position, timeout] satisfies Told);
      return;
    }
    task.isLate = true;
    unlink(task.pid);
    exit(task.pid, "kill");
  }

  /** Kills what still runs, and waits until it has ended. */
  *#killAll(): Steps<void> {
    for (const { pid } of this.#running.values()) {
      unlink(pid);
      exit(pid, "kill");
    }
    for (const ref of this.#running.keys()) {
      yield* wait(receive([when({ tag: "DOWN", ref }, () => undefined)]));
    }
  }
}
