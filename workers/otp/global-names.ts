/**
 * global: names and locks of the whole cluster. Rules in SPEC.md, J.
 *
 * Every node has all names in a table of its own, so that looking one up costs nothing. Giving one
 * takes the cluster's lock: a round of messages to every node, before and after.
 */
import { ErlangError, Exit, isPid, type Pid } from "../kernel/index.ts";
import { call } from "./call.ts";
import { NAME_SERVER, type Resolve, tableOf, whereisGlobal } from "./global.ts";
import type { LockId } from "./global-locks.ts";
import { giveLockBack, type Registration, takeLock } from "./global-transactions.ts";
import { here, steps, wait } from "./here.ts";
import { giveGlobalNamesBy } from "./naming.ts";
import { nodes } from "./nodes.ts";
import { node, send } from "./processes.ts";

/** How a global name is given. */
export interface GlobalOptions {
  /** Who keeps the name when two parts of a cluster meet and both have it; default `"randomExit"`. */
  readonly resolve?: Resolve;
}

const RESOLVERS: readonly unknown[] = ["randomExit", "randomNotify", "notifyAll"];

/**
 * Names that mean one process on all connected nodes. A registration takes a lock on each of them,
 * so it costs messages and waits for the slowest; looking a name up costs neither. `global`.
 */
export const global = {
  /**
   * Gives a process a name on all connected nodes, and waits until they have it: `"yes"`, or `"no"`
   * when the name is taken or the process has one. It is free again when the process ends.
   * `global:register_name/2,3`.
   */
  register(name: unknown, pid: Pid, options: GlobalOptions = {}): Promise<"yes" | "no"> {
    return ask(["register", name, aPid(pid), aResolve(options)]);
  },

  /** As `register`, but whoever has the name loses it. `global:re_register_name/2,3`. */
  reRegister(name: unknown, pid: Pid, options: GlobalOptions = {}): Promise<"yes"> {
    return ask(["re_register", name, aPid(pid), aResolve(options)]);
  },

  /** Takes a name away on all connected nodes. `global:unregister_name/1`. */
  unregister(name: unknown): Promise<"ok"> {
    if (whereisGlobal(name) === undefined) return settled("ok");
    return ask(["unregister", name]);
  },

  /** Who has a name, as far as this node knows; undefined when nobody. `global:whereis_name/1`. */
  whereis(name: unknown): Pid | undefined {
    return whereisGlobal(name);
  },

  /**
   * Sends to whoever has a name, and gives its pid. Exits with `["badarg", [name, message]]` when
   * nobody has it. `global:send/2`.
   */
  send(name: unknown, message: unknown): Pid {
    const pid = whereisGlobal(name);
    if (pid === undefined) throw new Exit(["badarg", [name, message]]);
    send(pid, message);
    return pid;
  },

  /** All names that this node knows. `global:registered_names/0`. */
  registeredNames(): readonly unknown[] {
    return [...(tableOf(here().node)?.names.values() ?? [])].map(({ name }) => name);
  },

  /**
   * Takes the lock `[resource, requester]` on nodes (default: all connected ones); tries again after
   * a random time, `retries` times at most (default Infinity): false when it was not to be had. It
   * is free again when the running process ends. `global:set_lock/1,2,3`.
   */
  setLock(
    id: LockId,
    on: readonly string[] = everywhere(),
    retries: number = Number.POSITIVE_INFINITY,
  ): Promise<boolean> {
    begin();
    return steps(() => takeLock(aLock(id), on, retries));
  },

  /** Gives a lock back. `global:del_lock/1,2`. */
  delLock(id: LockId, on: readonly string[] = everywhere()): Promise<true> {
    begin();
    return steps(function* () {
      yield* giveLockBack(aLock(id), on);
      return true as const;
    });
  },

  /**
   * Calls `action` while the running process has the lock, and gives what it gives; `"aborted"` when
   * the lock was not to be had. `global:trans/2,3,4`.
   */
  trans<Result>(
    id: LockId,
    action: () => Result | Promise<Result>,
    on: readonly string[] = everywhere(),
    retries: number = Number.POSITIVE_INFINITY,
  ): Promise<Result | "aborted"> {
    begin();
    return steps(function* () {
      if (!(yield* takeLock(aLock(id), on, retries))) return "aborted";
      try {
        return yield* wait(action());
      } finally {
        yield* giveLockBack(id, on);
      }
    }) as Promise<Result | "aborted">;
  },
};

giveGlobalNamesBy((name, pid) => global.register(name, pid));

function ask<Reply>(registration: Registration): Promise<Reply> {
  begin();
  const options = { timeout: Number.POSITIVE_INFINITY };
  return call<Reply>(NAME_SERVER, ["registrar", registration], options);
}

/** Begins this node's name server when it does not run yet. */
function begin(): void {
  here().node.ensure(NAME_SERVER);
}

function everywhere(): readonly string[] {
  return [node(), ...nodes()];
}

function settled<T>(value: T): Promise<T> {
  // biome-ignore lint/correctness/useYield: what is known at once is given as what is waited for.
  return steps(function* () {
    return value;
  });
}

function aPid(pid: Pid): Pid {
  if (isPid(pid)) return pid;
  throw new ErlangError("function_clause", `a global name is for a pid, not for ${String(pid)}`);
}

function aResolve({ resolve = "randomExit" }: GlobalOptions): Resolve {
  if (typeof resolve === "function" || RESOLVERS.includes(resolve)) return resolve;
  throw new ErlangError(
    "badarg",
    `resolve is "randomExit", "randomNotify", "notifyAll" or an exported function, not ${String(resolve)}`,
  );
}

function aLock(id: LockId): LockId {
  if (Array.isArray(id) && id.length === 2) return id;
  throw new ErlangError(
    "function_clause",
    "a lock is [resource, requester], the requester usually self()",
  );
}
