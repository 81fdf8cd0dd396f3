/**
 * The disk of a node: what outlives its processes, and, as far as it was synced, the node itself.
 * Rules in SPEC.md, DK.
 *
 * A node has one disk, which does one operation after the other. What is appended can be read at
 * once and is lost when the node is killed; an fsync makes it lasting. So a program chooses what it
 * waits for: 0.2 ms for an entry that a power cut takes away, or 2 ms more for one that it does not,
 * and one fsync may serve many. All of it is data: a function cannot be stored.
 */
import type { Term } from "../otp/term.ts";
import { createKv, type DiskKv } from "./disk-kv.ts";
import { createLog, type DiskLog } from "./disk-log.ts";
import { checkName } from "./disk-operation.ts";

/**
 * What outlives a process, and what of it outlives the node: logs and keys on the node's own disk.
 * Written is not yet kept: a crash of the node loses what no `fsync` has made lasting. `disk_log`, `dets`.
 */
export const disk = {
  /**
   * The log with this name on the running process's node, made when it is first used. It may be got
   * anywhere and any number of times; a node has at most 10,000 files. `disk_log:open/1`.
   */
  log<Entry = Term>(name: string): DiskLog<Entry> {
    return createLog(checkName(name, "disk.log"));
  },

  /**
   * The keys and values with this name on the running process's node, made when they are first used.
   * A log with the same name is another file. `bitcask:open/2`.
   */
  kv<Value = Term>(name: string): DiskKv<Value> {
    return createKv(checkName(name, "disk.kv"));
  },
};
