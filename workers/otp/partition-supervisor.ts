/**
 * partitionSupervisor: the same child several times, one for each partition of the work, so that
 * what one process would be too slow for is shared among them. A key always leads to the same
 * partition. As Elixir's PartitionSupervisor. Rules in SPEC.md, letter U.
 */
import { copy, ErlangError, type Node, type Pid } from "../kernel/index.ts";
import { argsOf, callStart, runningOrError, type Steps } from "./child-process.ts";
import { type ChildSpec, isStart, type Strategy } from "./child-spec.ts";
import { here, steps, wait } from "./here.ts";
import { type Supervisor, type SupervisorInit, supervisor } from "./supervisor.ts";

/** How the work is divided. `PartitionSupervisor.start_link/1`. */
export interface PartitionSupervisorOptions {
  /** What is started in every partition. Its id is not used: ids are the partitions' numbers, from 0. */
  readonly child: Omit<ChildSpec, "id">;
  /** How many. Default one for each core of the node. */
  readonly partitions?: number;
  /** Gives the arguments for one partition, of those in the specification. Default: the same for all. */
  readonly withArguments?: (args: readonly unknown[], partition: number) => readonly unknown[];
  /** Default `"one_for_one"`. */
  readonly strategy?: Exclude<Strategy, "simple_one_for_one">;
  /** Restarts allowed within the period. Default 3. */
  readonly intensity?: number;
  /** Whole seconds. Default 5. */
  readonly period?: number;
}

/** The processes of a partitioned supervisor, by number. */
type Partitions = readonly (Pid | undefined)[];

const tables = new WeakMap<Node, Map<string, (Pid | undefined)[]>>();

/**
 * Makes a partitioned supervisor. It must be started under a name, by which `partitionOf` finds it:
 * `startLink(tills, [], { name: "tills" })`. Elixir's `PartitionSupervisor`.
 */
export function partitionSupervisor(options: PartitionSupervisorOptions): Supervisor {
  return supervisor({ init: () => divide(options) });
}

function divide(options: PartitionSupervisorOptions): SupervisorInit {
  const { child, strategy = "one_for_one", intensity = 3, period = 5 } = options;
  const { name, node } = here();
  const { partitions = node.cores.count } = options;
  if (name === undefined) throw new ErlangError("badarg", "a partitionSupervisor needs a name");
  if (!Number.isInteger(partitions) || partitions < 1) {
    throw new ErlangError("badarg", `partitions is a number from 1 on, not ${String(partitions)}`);
  }
  const table = new Array<Pid | undefined>(partitions).fill(undefined);
  tablesOf(node).set(name, table);
  const children = table.map((_none, id) => ({ ...child, id, start: startOf(options, table, id) }));
  return ["ok", [{ strategy, intensity, period }, children]];
}

/** Starts one partition and notes its process. */
function startOf(
  { child: { start }, withArguments }: PartitionSupervisorOptions,
  table: (Pid | undefined)[],
  partition: number,
): ChildSpec["start"] {
  if (!isStart(start)) return start;
  return () =>
    steps(function* (): Steps<unknown> {
      const given = argsOf(start);
      const args = withArguments === undefined ? given : withArguments(given, partition);
      const result = yield* wait(callStart(start, args));
      const running = runningOrError(result);
      if (running[0] === "ok") table[partition] = running[1];
      return result;
    });
}

/**
 * The process that is responsible for a key: a number goes by its remainder, anything else by its
 * content. The same key gives the same partition, whose process may be another one after a restart.
 * `{:via, PartitionSupervisor, {name, key}}`.
 */
export function partitionOf(name: string, key: unknown): Pid {
  const table = partitionsOf(name);
  const number = Number.isInteger(key) ? Math.abs(key as number) : copy(key).hash >>> 0;
  return table[number % table.length] as Pid;
}

/** How many partitions there are. `PartitionSupervisor.partitions/1`. */
export function partitionCount(name: string): number {
  return partitionsOf(name).length;
}

function partitionsOf(name: string): Partitions {
  const { node } = here();
  const table = node.find(name) === undefined ? undefined : tablesOf(node).get(name);
  if (table === undefined)
    throw new ErlangError("badarg", `"${name}" is not the name of a running partitionSupervisor`);
  return table;
}

/** All partitioned supervisors of a node, by name; where Elixir has an ETS table for each. */
function tablesOf(node: Node): Map<string, (Pid | undefined)[]> {
  const known = tables.get(node) ?? new Map<string, (Pid | undefined)[]>();
  tables.set(node, known);
  return known;
}
