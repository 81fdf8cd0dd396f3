/**
 * A database on one node, in the manner of Mnesia with one disc copy: transactions that change many
 * keys or none. Rules in SPEC.md, TX.
 *
 * How it stays correct: a node lets one transaction into a database at a time, so that all are as if
 * done one after the other; what one changes is kept aside until its function has returned. Then it
 * is one entry of a file: appended and synced as one operation of the disk, and seen by others in
 * the instant in which that is done. A process or node that ends before has changed nothing.
 * Refused: Mnesia's locks by record, whose deadlocks make it run a function twice, and transactions
 * inside of transactions, which cannot be told from two that a process begins side by side.
 */
import { type CoPromise, ErlangError, Exit, type Node, reasonOf, Stop } from "../kernel/index.ts";
import { here, steps, wait } from "../otp/here.ts";
import type { Term } from "../otp/term.ts";
import { OpenTransaction, type Transaction } from "./db-transaction.ts";
import { Turns } from "./db-turns.ts";
import { type Change, type DiskIndex, indexOf } from "./disk-index.ts";
import { appendTo, checkName, operate, storable, syncTo } from "./disk-operation.ts";

export type { Transaction } from "./db-transaction.ts";

/** What came of a transaction. */
export type TxResult<Result> = readonly ["atomic", Result] | readonly ["aborted", Term];

/** A database of the node that the running process is on; all its processes see the same one. */
export interface Db {
  /**
   * Calls `body(t)` as a transaction: `["atomic", result]` when all that it changed is done and
   * outlives the node, or `["aborted", reason]` when nothing is: after `t.abort(reason)` or anything
   * else thrown, with `"enospc"` when the disk is full, with `"system_limit"` when 10,000 wait already.
   * One at a time, in the order they came; a commit takes an append and an fsync of the disk, 2.2 ms.
   * `body` may be async; it is called once. A transaction begun by a process that is in one of this
   * database is an error `badarg`: use the `t` that there is. `mnesia:transaction/1`.
   */
  tx<Result>(body: (t: Transaction) => Result | Promise<Result>): Promise<TxResult<Result>>;
  /** What the last commit left under a key; undefined when nothing. Waits for nobody, reads no disk. `mnesia:dirty_read/2`. */
  dirtyRead<Value = Term>(table: string, key: unknown): Value | undefined;
  /** The keys of a table as the last commit left them. `mnesia:dirty_all_keys/1`. */
  dirtyAllKeys<Key = Term>(table: string): readonly Key[];
}

/** The database with this name on the running process's node, made when it is first used. `mnesia:start/0`. */
export function db(name: string): Db {
  const fileName = `${checkName(name, "db")}.db`;
  const index = () => indexOf(here().node, fileName);
  return {
    tx: (body) => transact(name, index(), body),
    dirtyRead: <Value>(table: string, key: unknown) => index().get(table, key)?.[1] as Value,
    dirtyAllKeys: <Key>(table: string) =>
      index()
        .items(table)
        .map(([key]) => key as Key),
  };
}

const turns = new WeakMap<DiskIndex, Turns>();

function turnsOf(index: DiskIndex): Turns {
  const known = turns.get(index) ?? new Turns();
  turns.set(index, known);
  return known;
}

function transact<Result>(
  name: string,
  index: DiskIndex,
  body: (t: Transaction) => Result | Promise<Result>,
): CoPromise<TxResult<Result>> {
  const process = here();
  const queue = turnsOf(index);
  if (queue.has(process)) {
    throw new ErlangError(
      "badarg",
      `this process is in a transaction of "${name}" already: pass its t on, or await it first`,
    );
  }
  return steps(function* (): Generator<unknown, TxResult<Result>, unknown> {
    if (queue.isFull) return ["aborted", "system_limit"];
    yield* wait(queue.enter(process));
    const t = new OpenTransaction(process, index);
    try {
      const result = yield* wait(body(t));
      const refusal = yield* commit(process.node, index, t.close());
      return refusal ?? ["atomic", result as Result];
    } catch (thrown) {
      if (thrown instanceof Stop) throw thrown;
      return ["aborted", abortReason(thrown)];
    } finally {
      t.close();
      queue.leave(process);
    }
  });
}

/** Makes changes lasting, all in one instant; gives what is to be said when that cannot be. */
function* commit(
  node: Node,
  index: DiskIndex,
  changes: readonly Change[],
): Generator<unknown, readonly ["aborted", "enospc"] | undefined, unknown> {
  if (changes.length === 0) return undefined;
  const entry = storable(changes);
  const { appendUs, syncUs } = node.disk.spec;
  const isDone = yield* wait(
    operate(appendUs + syncUs, (process) => {
      if (appendTo(process, index.file, entry) === undefined) return false;
      syncTo(process, index.file, index.file.end);
      index.apply(entry);
      return true;
    }),
  );
  return isDone ? undefined : ["aborted", "enospc"];
}

/** Why a transaction was aborted, by what was thrown in it, as Mnesia tells it. */
function abortReason(thrown: unknown): unknown {
  if (thrown instanceof Exit) {
    const { reason } = thrown;
    const isAbort = Array.isArray(reason) && reason.length === 2 && reason[0] === "aborted";
    return isAbort ? (reason as readonly unknown[])[1] : reason;
  }
  return thrown instanceof Error ? reasonOf(thrown) : ["throw", thrown];
}
