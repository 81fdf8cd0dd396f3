/**
 * A log on a node's disk: entries, numbered from 0, that are only ever added at its end and
 * forgotten at its beginning. Rules in SPEC.md, DK.
 */
import { type CoPromise, type DiskFile, ErlangError } from "../kernel/index.ts";
import { here } from "../otp/here.ts";
import type { Term } from "../otp/term.ts";
import { appendTo, fileOf, note, operate, readUs, storable, syncTo } from "./disk-operation.ts";

/** What came of writing to a disk that may be full. */
export type AppendResult = readonly ["ok", number] | readonly ["error", "enospc"];

/**
 * A log of the node that the running process is on: all its processes see the same entries. It
 * outlives every process, and of the node what an fsync has made lasting.
 */
export interface DiskLog<Entry = Term> {
  /**
   * Puts a copy of a term at the end: `["ok", number]` of the entry, or `["error", "enospc"]` when the
   * disk is full. Takes 0.2 ms of the disk. From then on every process of the node can read it; when
   * the node is killed it is gone, unless an `fsync` that began later has completed. `disk_log:log/2`.
   */
  append(entry: Entry): Promise<AppendResult>;
  /**
   * Makes what had been appended when it was called outlive the node: await an append first, or it is
   * not covered. Takes 2 ms of the disk, however much it is. When its caller ends meanwhile nothing of it is lasting. `disk_log:sync/1`.
   */
  fsync(): Promise<"ok">;
  /**
   * Entries with their numbers: `[[number, entry], …]`, oldest first, from number `from` (default the
   * oldest that is there) on, at most `count` (default and bound 100,000). Takes 0.1 ms of the disk
   * for each 1,000 asked for that are there, and at least one. `disk_log:chunk/3`.
   */
  read(from?: number, count?: number): Promise<readonly (readonly [number, Entry])[]>;
  /**
   * Forgets all entries before a number, for good: a crash does not bring them back. Numbers do not
   * change. Takes as long as an fsync. On the BEAM only all of a log: `disk_log:truncate/1`.
   */
  truncate(before: number): Promise<"ok">;
  /** How many entries there are. `disk_log:info/1`. */
  readonly length: number;
  /** The number of the oldest entry that is there; that of the next one when there is none. `disk_log:info/1`. */
  readonly first: number;
  /** The number that the next entry gets. `disk_log:info/1`. */
  readonly end: number;
}

/** Entries that one read gives at most. */
const READ_MAX = 100_000;

/** The log with this name, on whichever node it is used. */
export function createLog<Entry>(name: string): DiskLog<Entry> {
  const fileName = `${name}.log`;
  const file = () => fileOf(here().node, fileName);
  return {
    append: (entry) => append(file(), entry),
    fsync: () => fsync(file()),
    read: (from, count) => read<Entry>(file(), from, count),
    truncate: (before) => truncate(file(), before),
    get length() {
      return file().entries.length;
    },
    get first() {
      return file().first;
    },
    get end() {
      return file().end;
    },
  };
}

function append(file: DiskFile, term: unknown): CoPromise<AppendResult> {
  const entry = storable(term);
  return operate(here().node.disk.spec.appendUs, (process): AppendResult => {
    const number = appendTo(process, file, entry);
    return number === undefined ? ["error", "enospc"] : ["ok", number];
  });
}

/** Makes lasting what a file holds now. */
export function fsync(file: DiskFile): CoPromise<"ok"> {
  const { end } = file;
  return operate(here().node.disk.spec.syncUs, (process): "ok" => {
    syncTo(process, file, end);
    return "ok";
  });
}

function read<Entry>(
  file: DiskFile,
  from: number | undefined,
  count: number = READ_MAX,
): CoPromise<readonly (readonly [number, Entry])[]> {
  checkNumber(from ?? 0, "read");
  checkNumber(count, "read");
  const { node } = here();
  const expected = Math.min(count, READ_MAX, file.end - Math.max(from ?? 0, file.first));
  return operate(readUs(node, expected), (process) => {
    const first = Math.max(from ?? 0, file.first);
    const start = first - file.first;
    const entries = file.entries.slice(start, start + Math.min(count, READ_MAX));
    note(process, "read", file, entries.length);
    return entries.map(({ value }, i) => [first + i, value as Entry] as const);
  });
}

function truncate(file: DiskFile, before: number): CoPromise<"ok"> {
  checkNumber(before, "truncate");
  const { disk } = here().node;
  return operate(disk.spec.syncUs, (process): "ok" => {
    const count = Math.max(0, Math.min(before, file.end) - file.first);
    // Only what is lasting can be forgotten for good.
    disk.sync(file, before);
    disk.forget(file, before);
    note(process, "truncate", file, count);
    return "ok";
  });
}

function checkNumber(value: unknown, of: string): void {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return;
  throw new ErlangError("badarg", `${of} takes the number of an entry, not ${String(value)}`);
}
