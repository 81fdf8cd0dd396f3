/**
 * The names of `global` as one node knows them: what `ets` tables are to OTP's global. The node's
 * name server (`global-server.ts`) alone writes them; whoever resolves `{ global: name }` reads
 * them at once, without a message. This file imports no behaviour, so that all of them can.
 */
import { type Node, nodeOfAddress, type Pid, type Ref } from "../kernel/index.ts";
import { GlobalLocks } from "./global-locks.ts";
import { here } from "./here.ts";
import { keyOf } from "./term-key.ts";

/** A name under which a process can be reached from every node of the cluster. `{global, Name}`. */
export interface GlobalName {
  readonly global: unknown;
}

/**
 * Decides who keeps a name when two parts of a cluster meet and both have it: the pid that keeps
 * it, or `"none"`. A function must be an exported one, since it travels to other nodes.
 */
export type Resolve =
  | "randomExit"
  | "randomNotify"
  | "notifyAll"
  | ((name: never, pid1: Pid, pid2: Pid) => unknown);

/** A name and who has it. */
export interface NameEntry {
  readonly name: unknown;
  readonly pid: Pid;
  readonly resolve: Resolve;
  /** The name server's monitor of the process. */
  readonly ref: Ref;
}

/** What one node's name server keeps. */
export interface NameTable {
  /** The name server that writes it; when that is dead nobody has a name. */
  readonly owner: Pid;
  /** By `keyOf` of the name. */
  readonly names: Map<string, NameEntry>;
  readonly locks: GlobalLocks;
  /** The other nodes that have the same names. */
  readonly known: Set<string>;
}

const tables = new WeakMap<Node, NameTable>();

/** True for `{ global: name }`. */
export function isGlobalName(value: unknown): value is GlobalName {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "global");
}

/**
 * Who has a global name, as far as this node knows at this moment; undefined when nobody. A process
 * of this node that has just ended has none, even before its name is taken away. `global:whereis_name/1`.
 */
export function whereisGlobal(name: unknown, node: Node = here().node): Pid | undefined {
  const pid = tableOf(node)?.names.get(keyOf(name))?.pid;
  if (pid === undefined || nodeOfAddress(pid) !== node.name) return pid;
  return node.find(pid)?.pid;
}

/** The node's table, or undefined while no name server runs there. */
export function tableOf(node: Node): NameTable | undefined {
  const table = tables.get(node);
  return table !== undefined && node.find(table.owner) !== undefined ? table : undefined;
}

/** The name under which every node's name server is registered. */
export const NAME_SERVER = "global_name_server";

/** Begins an empty table for a name server that starts. */
export function createTable(node: Node, owner: Pid, known: readonly string[]): NameTable {
  const table: NameTable = {
    owner,
    names: new Map(),
    locks: new GlobalLocks(),
    known: new Set(known),
  };
  tables.set(node, table);
  return table;
}

/** The name that a process has in a table: it can have one. */
export function entryOf(table: NameTable, pid: Pid): NameEntry | undefined {
  for (const entry of table.names.values()) if (entry.pid === pid) return entry;
  return undefined;
}
