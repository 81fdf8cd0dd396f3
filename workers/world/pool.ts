/**
 * pool: a fixed number of workers that are lent out one at a time, as poolboy does it. Rules in
 * SPEC.md, RE. What the pool does with each message stands in pool-server.ts.
 *
 * A borrower that dies gives its worker back without having asked to; the worker lives on and is lent
 * again, as there: whoever leaves a worker in a bad state has to kill it. A worker that dies
 * is replaced. Overflow workers are begun when all others are lent, and ended when they come back and
 * nobody waits.
 *
 * Unlike poolboy's: the queue of those who wait is bounded (`maxWaiting`), and the workers are children
 * of the pool itself, without a supervisor between.
 */
import { ErlangError, isPid, type Pid } from "../kernel/index.ts";
import { call, cast } from "../otp/call.ts";
import { steps, wait } from "../otp/here.ts";
import type { ServerRef } from "../otp/naming.ts";
import { makeRef } from "../otp/processes.ts";
import { type Definition, isDefinition } from "../otp/start.ts";
import { type PoolOptions, type PoolStatus, poolServer } from "./pool-server.ts";

/** How a worker is asked for. */
export interface CheckoutOptions {
  /** Whether to wait when none is free; default true. With false, `"full"` comes at once. */
  readonly block?: boolean;
  /** Milliseconds to wait; default 5,000, Infinity for ever. Past it the caller exits, as from `call`. */
  readonly timeout?: number;
}

/** Milliseconds that a checkout waits. */
const CHECKOUT_MS = 5000;

const COUNT_MAX = 10_000;
const WAITING_MAX = 100_000;

/**
 * Makes a pool of workers, to be started by `startLink` or a supervisor: its init begins `size` workers,
 * one after the other. When a worker cannot be begun, the pool ends with `["badmatch", result]`.
 * `poolboy`.
 */
export function pool(options: PoolOptions): Definition {
  const { worker, args = [], size = 5, maxOverflow = 10, strategy = "lifo" } = options ?? {};
  const { maxWaiting = COUNT_MAX } = options ?? {};
  if (!isDefinition(worker))
    throw new ErlangError(
      "badarg",
      "pool's worker is what genServer, genStatem and their kin make",
    );
  if (strategy !== "lifo" && strategy !== "fifo")
    throw new ErlangError("badarg", `pool's strategy is "lifo" or "fifo", not ${String(strategy)}`);
  checkCount(size, COUNT_MAX, "size");
  checkCount(maxOverflow, COUNT_MAX, "maxOverflow");
  checkCount(maxWaiting, WAITING_MAX, "maxWaiting");
  return poolServer({ worker, args, size, maxOverflow, strategy, maxWaiting });
}

/**
 * Borrows a worker: its pid, or `"full"` when none is free and `block` is false, or too many wait. Past
 * the time-out the caller exits as from `call`, and what is lent to it too late goes back by itself.
 * `poolboy:checkout/3`.
 */
export function checkout(
  pool: ServerRef,
  { block = true, timeout = CHECKOUT_MS }: CheckoutOptions = {},
): Promise<Pid | "full"> {
  const ref = makeRef();
  return call<Pid | "full">(pool, ["checkout", ref, block], { timeout }).then(
    (answer) => answer,
    (thrown: unknown) => {
      cast(pool, ["cancel_waiting", ref]);
      throw thrown;
    },
  );
}

/**
 * Gives a worker back, from whichever process; nothing happens when it is not lent. Do it once: a second
 * time takes it from whoever has borrowed it meanwhile, as there. `poolboy:checkin/2`.
 */
export function checkin(pool: ServerRef, worker: Pid): void {
  if (!isPid(worker))
    throw new ErlangError("badarg", `checkin takes the worker's pid, not ${String(worker)}`);
  cast(pool, ["checkin", worker]);
}

/**
 * Borrows a worker, calls `action(worker)`, and gives it back whatever came of that; gives what the
 * action gave. `timeout` (ms, default 5,000) is for the borrowing alone. Raises `"full"` when too
 * many wait. `poolboy:transaction/3`.
 */
export function transaction<Result>(
  pool: ServerRef,
  action: (worker: Pid) => Result,
  timeout: number = CHECKOUT_MS,
): Promise<Awaited<Result>> {
  return steps(function* (): Generator<unknown, Awaited<Result>, unknown> {
    const worker = yield* wait(checkout(pool, { timeout }));
    if (worker === "full")
      throw new ErlangError(
        "full",
        "nothing can be borrowed: as many wait as the pool's maxWaiting",
      );
    try {
      return yield* wait(action(worker));
    } finally {
      checkin(pool, worker);
    }
  });
}

/** How a pool stands. `poolboy:status_map/1`. */
export function poolStatus(pool: ServerRef): Promise<PoolStatus> {
  return call(pool, ["status"]);
}

function checkCount(count: number, max: number, of: string): void {
  if (Number.isInteger(count) && count >= 0 && count <= max) return;
  throw new ErlangError(
    "badarg",
    `pool's ${of} is a number from 0 to ${max}, not ${String(count)}`,
  );
}
