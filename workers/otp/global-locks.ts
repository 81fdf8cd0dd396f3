/**
 * The locks of `global` as one node knows them. A lock is taken on several nodes, each of which
 * keeps its own table; whoever wants a resource has it when all of them say so. Nothing here sends.
 */
import type { Pid, Ref } from "../kernel/index.ts";
import { keyOf } from "./term-key.ts";

/**
 * What is locked and for whom. Whoever names the same requester shares the lock, so a requester
 * is usually the pid of the process. `{ResourceId, LockRequesterId}`.
 */
export type LockId = readonly [resource: unknown, requester: unknown];

interface Lock {
  readonly requester: string;
  /** Who holds it, with the monitor of each. */
  readonly holders: Map<Pid, Ref>;
}

export class GlobalLocks {
  /** By `keyOf` of the resource. */
  readonly #locks = new Map<string, Lock>();

  /** True when a requester could take the lock now, or has it. */
  isFreeFor([resource, requester]: LockId): boolean {
    const lock = this.#locks.get(keyOf(resource));
    return lock === undefined || lock.requester === keyOf(requester);
  }

  /** Takes the lock for a process; false when another requester has it. `watch` monitors a new holder. */
  take(id: LockId, pid: Pid, watch: (pid: Pid) => Ref): boolean {
    if (!this.isFreeFor(id)) return false;
    const key = keyOf(id[0]);
    const lock = this.#locks.get(key) ?? { requester: keyOf(id[1]), holders: new Map() };
    this.#locks.set(key, lock);
    if (!lock.holders.has(pid)) lock.holders.set(pid, watch(pid));
    return true;
  }

  /** A process gives the lock back. Its monitor, or undefined when it did not hold the lock. */
  giveBack(id: LockId, pid: Pid): Ref | undefined {
    const key = keyOf(id[0]);
    const lock = this.#locks.get(key);
    if (lock === undefined || lock.requester !== keyOf(id[1])) return undefined;
    const ref = lock.holders.get(pid);
    lock.holders.delete(pid);
    if (lock.holders.size === 0) this.#locks.delete(key);
    return ref;
  }

  /** A holder has ended: what it held under this monitor is free. */
  removeHolder(ref: Ref): void {
    for (const [key, lock] of this.#locks) {
      for (const [pid, watched] of lock.holders) if (watched === ref) lock.holders.delete(pid);
      if (lock.holders.size === 0) this.#locks.delete(key);
    }
  }
}
