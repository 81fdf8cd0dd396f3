/**
 * The flags as one node knows them: for each name the last write it has heard of. Rules in SPEC.md, FL.
 *
 * Of two writes the one with the higher count wins, of two with the same count that of the node whose
 * name is later. A count is one more than what the writer's node had heard of, so a write that has
 * seen another beats it, and all nodes that have heard the same writes agree, in whatever order.
 */
import { copy, ErlangError, KIND, type Node, type Process } from "../kernel/index.ts";

/** One write of a flag, as nodes tell each other. */
export interface FlagWrite {
  readonly name: string;
  readonly value: unknown;
  readonly count: number;
  /** The node where it was written. */
  readonly node: string;
}

/** Flags that a cluster can have. */
export const FLAGS_MAX = 1000;

const tables = new WeakMap<Node, Map<string, FlagWrite>>();

/** What a node knows; it dies with the node's life. */
export function flagsOf(node: Node): Map<string, FlagWrite> {
  const known = tables.get(node) ?? new Map<string, FlagWrite>();
  tables.set(node, known);
  return known;
}

/** Takes a write if it wins over what is known; says whether it did. */
export function take(process: Process, write: FlagWrite, state: "set" | "heard"): boolean {
  const { node } = process;
  const table = flagsOf(node);
  const known = table.get(write.name);
  if (known !== undefined && !beats(write, known)) return false;
  if (known === undefined && table.size >= FLAGS_MAX) {
    throw new ErlangError("system_limit", `there are ${FLAGS_MAX} flags already`);
  }
  table.set(write.name, write);
  node.record(process, KIND.operate, { payload: copy({ op: "flag", ...write, state }) });
  return true;
}

function beats(one: FlagWrite, other: FlagWrite): boolean {
  if (one.count !== other.count) return one.count > other.count;
  return one.node > other.node;
}
