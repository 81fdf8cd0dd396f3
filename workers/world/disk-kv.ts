/**
 * Keys and values on a node's disk, in the manner of Bitcask: every change is appended to a log, and
 * an index in memory finds the last one of each key. Rules in SPEC.md, DK.
 */
import type { CoPromise } from "../kernel/index.ts";
import { here } from "../otp/here.ts";
import type { Term } from "../otp/term.ts";
import { type Change, type DiskIndex, indexOf } from "./disk-index.ts";
import { fsync } from "./disk-log.ts";
import { appendTo, note, operate, readUs, storable } from "./disk-operation.ts";

/** What came of a change on a disk that may be full. */
export type WriteResult = "ok" | readonly ["error", "enospc"];

/**
 * Keys and values of the node that the running process is on; keys are any terms, equal by value. They
 * outlive every process, and of the node what an fsync has made lasting.
 */
export interface DiskKv<Value = Term> {
  /**
   * Puts a copy of a value under a key: `"ok"`, or `["error", "enospc"]` when the disk is full. Costs
   * what `append` of a log costs, and is as lasting. `bitcask:put/3`.
   */
  put(key: unknown, value: Value): Promise<WriteResult>;
  /** `["ok", value]`, or `"not_found"`. Takes 0.1 ms of the disk. `bitcask:get/2`. */
  get(key: unknown): Promise<readonly ["ok", Value] | "not_found">;
  /**
   * Takes a key away: `"ok"`, whether it was there or not; `["error", "enospc"]` when the disk is full,
   * since that is written down too. Costs what `put` does. `bitcask:delete/2`.
   */
  delete(key: unknown): Promise<WriteResult>;
  /** All keys, the one that came first first. Takes 0.1 ms of the disk for each 1,000. `bitcask:list_keys/1`. */
  keys(): Promise<readonly Term[]>;
  /** All keys with their values: `[[key, value], …]`. Takes as long as `keys`. `bitcask:fold/3`. */
  entries(): Promise<readonly (readonly [Term, Value])[]>;
  /** Makes what had been changed when it was called outlive the node; takes 2 ms of the disk. `bitcask:sync/1`. */
  fsync(): Promise<"ok">;
  /** How many keys there are. `bitcask:status/1`. */
  readonly size: number;
}

/** All keys lie in one table of the index. */
const TABLE = "";

/** The store with this name, on whichever node it is used. */
export function createKv<Value>(name: string): DiskKv<Value> {
  const fileName = `${name}.kv`;
  const index = () => indexOf(here().node, fileName);
  return {
    put: (key, value) => write(index(), [TABLE, key, value]),
    get: (key) => get<Value>(index(), key),
    delete: (key) => write(index(), [TABLE, key]),
    keys: () => list(index(), ([key]) => key),
    entries: () => list(index(), ([key, value]) => [key, value as Value] as const),
    fsync: () => fsync(index().file),
    get size() {
      return index().liveCount;
    },
  };
}

function write(index: DiskIndex, change: Change): CoPromise<WriteResult> {
  const changes = storable([change]);
  return operate(here().node.disk.spec.appendUs, (process): WriteResult => {
    if (appendTo(process, index.file, changes) === undefined) return ["error", "enospc"];
    index.apply(changes);
    return "ok";
  });
}

function get<Value>(
  index: DiskIndex,
  key: unknown,
): CoPromise<readonly ["ok", Value] | "not_found"> {
  const { node } = here();
  return operate(readUs(node, 1), (process) => {
    const found = index.get(TABLE, key);
    note(process, "read", index.file, found === undefined ? 0 : 1);
    return found === undefined ? "not_found" : (["ok", found[1] as Value] as const);
  });
}

function list<Part>(
  index: DiskIndex,
  partOf: (item: readonly [unknown, unknown]) => Part,
): CoPromise<readonly Part[]> {
  const { node } = here();
  return operate(readUs(node, index.liveCount), (process) => {
    const items = index.items(TABLE);
    note(process, "read", index.file, items.length);
    return items.map(partOf);
  });
}
