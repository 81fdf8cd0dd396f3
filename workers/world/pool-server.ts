/**
 * The server of a pool: who has which worker, and who waits for one. Rules in SPEC.md, RE; the source
 * is poolboy.erl, of which each function here has one.
 *
 * Workers that are there and not lent, and those that are lent, are together always `size` and the
 * overflow, but while one is being begun. A worker is lent to nobody unless somebody is watched for it.
 */
import { type CoPromise, ErlangError, Exit, type Pid, type Ref } from "../kernel/index.ts";
import { type Eventually, type From, reply } from "../otp/call.ts";
import { runningOrError, type Steps, stopProcess, stopTogether } from "../otp/child-process.ts";
import { type CallResult, genServer, type NoReplyResult } from "../otp/gen-server.ts";
import { steps, wait } from "../otp/here.ts";
import { demonitor, monitor, trapExit } from "../otp/processes.ts";
import { type Definition, startLink } from "../otp/start.ts";

/** How a pool is made. `poolboy:start_link/2`. */
export interface PoolOptions {
  /** What is started as a worker: a genServer or another definition. */
  readonly worker: Definition;
  /** Arguments of each worker's init. Default none. */
  readonly args?: readonly unknown[];
  /** Workers that are always there; 0 to 10,000, default 5. */
  readonly size?: number;
  /** Workers begun beyond those when all are lent; 0 to 10,000, default 10. */
  readonly maxOverflow?: number;
  /** Which worker is lent next: the one that came back last (`"lifo"`, the default) or first (`"fifo"`). */
  readonly strategy?: "lifo" | "fifo";
  /** Borrowers that may wait; one more is told `"full"`. 0 to 100,000, default 10,000. poolboy has no such bound. */
  readonly maxWaiting?: number;
}

/** How a pool stands. `poolboy:status_map/1`. */
export interface PoolStatus {
  /** `"ready"`: some are free; `"overflow"`: none, but more can be begun; `"full"`: none, and no more. */
  readonly state: "ready" | "overflow" | "full";
  /** Workers that are there and not lent. */
  readonly available: number;
  /** Workers beyond the size. */
  readonly overflow: number;
  /** Workers that are lent. */
  readonly monitored: number;
  /** Borrowers that wait. */
  readonly waiting: number;
}

type Options = Readonly<Required<PoolOptions>>;

type Request = readonly ["checkout", Ref, boolean] | readonly ["status"];

type Cast = readonly ["checkin", Pid] | readonly ["cancel_waiting", Ref];

type Info =
  | { readonly tag: "DOWN"; readonly ref: Ref }
  | { readonly tag: "EXIT"; readonly from: Pid }
  | { readonly tag: undefined };

/** A request for a worker: its own reference, and the watch over who made it. */
interface Loan {
  readonly ref: Ref;
  readonly watch: Ref;
}

/** Milliseconds that a worker has to end in, as under poolboy_sup. */
const SHUTDOWN_MS = 5000;

/** The server of a pool with these options, which were checked. */
export function poolServer(options: Options): Definition {
  return genServer<Pool, Request, Cast, Info>({
    init() {
      trapExit(true);
      const made = new Pool(options);
      return steps(() => made.begin()).then(() => ["ok", made] as const);
    },

    handleCall(request, from, made): Eventually<CallResult<Pool>> {
      if (request[0] === "status") return ["reply", made.status(), made];
      const [, ref, block] = request;
      return steps(() => made.checkout(ref, from, block));
    },

    handleCast(message, made): CoPromise<NoReplyResult<Pool>> {
      const [what, whom] = message;
      return goOn(made, what === "checkin" ? made.checkin(whom) : made.cancel(whom));
    },

    handleInfo(message, made): Eventually<NoReplyResult<Pool>> {
      if (message?.tag === "DOWN") return goOn(made, made.borrowerEnded(message.ref));
      if (message?.tag === "EXIT") return goOn(made, made.workerEnded(message.from));
      return ["noreply", made];
    },

    terminate(_reason, made) {
      return steps(() => made.end());
    },
  });
}

function goOn(made: Pool, what: Steps<void>): CoPromise<NoReplyResult<Pool>> {
  return steps(() => what).then(() => ["noreply", made] as const);
}

/** Workers and borrowers of one pool. It belongs to the pool's process. */
class Pool {
  readonly #options: Options;
  /** Free workers; the first is lent next. */
  readonly #free: Pid[] = [];
  readonly #lent = new Map<Pid, Loan>();
  /** Workers begun beyond the size. All of them are lent. */
  readonly #overflow = new Set<Pid>();
  /** Oldest first; at most `maxWaiting`. */
  readonly #waiting = new Map<Ref, Loan & { readonly from: From }>();

  constructor(options: Options) {
    this.#options = options;
  }

  *begin(): Steps<void> {
    for (let i = 0; i < this.#options.size; i++) this.#free.push(yield* this.#newWorker());
  }

  *checkout(ref: Ref, from: From, block: boolean): Steps<CallResult<Pool>> {
    const worker = this.#free.shift() ?? (yield* this.#newOverflow());
    if (worker !== undefined) {
      this.#lent.set(worker, { ref, watch: monitor(from.pid) });
      return ["reply", worker, this];
    }
    const isFull = this.#waiting.size >= this.#options.maxWaiting;
    if (!block || isFull) return ["reply", "full", this];
    this.#waiting.set(ref, { ref, watch: monitor(from.pid), from });
    return ["noreply", this];
  }

  /** A worker comes back: to whoever waits longest, else among the free; one too many is ended. */
  *checkin(worker: Pid): Steps<void> {
    const loan = this.#lent.get(worker);
    if (loan === undefined) return;
    demonitor(loan.watch, { flush: true });
    this.#lent.delete(worker);
    if (this.#lendToNext(worker)) return;
    if (this.#overflow.delete(worker)) yield* stopProcess(worker, SHUTDOWN_MS);
    else this.#setFree(worker);
  }

  /** A request was given up: its worker comes back, if it has one by now. */
  *cancel(ref: Ref): Steps<void> {
    const loan = this.#waiting.get(ref);
    if (loan !== undefined) {
      demonitor(loan.watch, { flush: true });
      this.#waiting.delete(ref);
    }
    for (const [worker, lent] of this.#lent)
      if (lent.ref === ref) return yield* this.checkin(worker);
  }

  *borrowerEnded(watch: Ref): Steps<void> {
    for (const loan of this.#waiting.values())
      if (loan.watch === watch) this.#waiting.delete(loan.ref);
    for (const [worker, lent] of this.#lent)
      if (lent.watch === watch) return yield* this.checkin(worker);
  }

  /** A worker has ended: another takes its place, unless it was one too many and nobody waits. */
  *workerEnded(worker: Pid): Steps<void> {
    const loan = this.#lent.get(worker);
    const index = this.#free.indexOf(worker);
    if (loan === undefined && index < 0) return;
    if (index >= 0) this.#free.splice(index, 1);
    if (loan !== undefined) {
      demonitor(loan.watch, { flush: true });
      this.#lent.delete(worker);
    }
    const wasOverflow = this.#overflow.delete(worker);
    if (wasOverflow && this.#waiting.size === 0) return;
    const next = yield* this.#newWorker();
    if (wasOverflow) this.#overflow.add(next);
    if (!this.#lendToNext(next)) this.#setFree(next);
  }

  status(): PoolStatus {
    const { maxOverflow } = this.#options;
    const none = this.#overflow.size < maxOverflow ? "overflow" : "full";
    return {
      state: this.#free.length > 0 ? "ready" : none,
      available: this.#free.length,
      overflow: this.#overflow.size,
      monitored: this.#lent.size,
      waiting: this.#waiting.size,
    };
  }

  /** Ends all workers, lent ones too. */
  end(): Steps<void> {
    const all = [...this.#free, ...this.#lent.keys()];
    return stopTogether(all.map((pid) => ({ pid, shutdown: SHUTDOWN_MS })));
  }

  #lendToNext(worker: Pid): boolean {
    const [next] = this.#waiting.values();
    if (next === undefined) return false;
    const { ref, watch, from } = next;
    this.#waiting.delete(ref);
    this.#lent.set(worker, { ref, watch });
    reply(from, worker);
    return true;
  }

  #setFree(worker: Pid): void {
    if (this.#options.strategy === "lifo") this.#free.unshift(worker);
    else this.#free.push(worker);
  }

  *#newOverflow(): Steps<Pid | undefined> {
    if (this.#overflow.size >= this.#options.maxOverflow) return undefined;
    const worker = yield* this.#newWorker();
    this.#overflow.add(worker);
    return worker;
  }

  *#newWorker(): Steps<Pid> {
    const { worker, args } = this.#options;
    const result = yield* wait(startLink(worker, args));
    const running = runningOrError(result);
    if (running[0] === "ok") return running[1];
    throw result === "ignore"
      ? new ErlangError(["badmatch", "ignore"])
      : new Exit(["badmatch", result]);
  }
}
