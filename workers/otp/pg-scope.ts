/**
 * One node's view of a scope of process groups: who is in which group, and who wants to be told.
 *
 * The scope's process alone changes it; readers of the same node look at it at once (it stands for
 * the ets table of OTP's pg). Nothing here sends: what has to be told comes back as `Change`s.
 * Kept as OTP keeps it: a group is a list with the newest first, a process may be in it several
 * times, and what each other node has told is remembered, so that it can be taken away with it.
 */
import type { Node, Pid, Ref } from "../kernel/index.ts";
import { keyOf } from "./term-key.ts";

/** Members that came to or went from a group. */
export interface Change {
  readonly event: "join" | "leave";
  readonly group: unknown;
  readonly pids: readonly Pid[];
}

/** A group and members of it; what scopes tell each other when they meet. */
export type GroupMembers = readonly [group: unknown, members: readonly Pid[]];

/** Who is told of changes: of one group (by `keyOf`), or of all of them. */
interface Subscriber {
  readonly pid: Pid;
  readonly groupKey: string | undefined;
}

/** A process of this node, the scope's monitor of it, and its groups, newest first. */
interface Member {
  readonly ref: Ref;
  readonly groups: readonly unknown[];
}

/** The scope's process on another node, our monitor of it, and what it has told of its members. */
interface Peer {
  readonly ref: Ref;
  readonly groups: ReadonlyMap<string, GroupMembers>;
}

interface Group {
  readonly group: unknown;
  readonly all: readonly Pid[];
  readonly local: readonly Pid[];
}

const NO_PIDS: readonly Pid[] = [];

export class PgScope {
  readonly owner: Pid;
  readonly #groups = new Map<string, Group>();
  readonly #members = new Map<Pid, Member>();
  readonly #peers = new Map<Pid, Peer>();
  readonly #subscribers = new Map<Ref, Subscriber>();

  constructor(owner: Pid) {
    this.owner = owner;
  }

  // Looking.

  members(group: unknown): readonly Pid[] {
    return this.#groups.get(keyOf(group))?.all ?? NO_PIDS;
  }

  localMembers(group: unknown): readonly Pid[] {
    return this.#groups.get(keyOf(group))?.local ?? NO_PIDS;
  }

  groups(): readonly unknown[] {
    return [...this.#groups.values()].map(({ group }) => group);
  }

  localGroups(): readonly unknown[] {
    return [...this.#groups.values()].filter((g) => g.local.length > 0).map(({ group }) => group);
  }

  /** Every group with all of its members. */
  content(): readonly GroupMembers[] {
    return [...this.#groups.values()].map(({ group, all }) => [group, all]);
  }

  /** Every group with its members of this node: what other nodes are told. */
  localContent(): readonly GroupMembers[] {
    return [...this.#groups.values()]
      .filter(({ local }) => local.length > 0)
      .map(({ group, local }) => [group, local]);
  }

  /** The scope's processes on other nodes. */
  peers(): readonly Pid[] {
    return [...this.#peers.keys()];
  }

  hasPeer(peer: Pid): boolean {
    return this.#peers.has(peer);
  }

  // Members of this node.

  /** Processes of this node join; `watch` makes a monitor of one that is not known yet. */
  joinLocal(group: unknown, pids: readonly Pid[], watch: (pid: Pid) => Ref): Change {
    for (const pid of pids) {
      const { ref, groups } = this.#members.get(pid) ?? { ref: watch(pid), groups: [] };
      this.#members.set(pid, { ref, groups: [group, ...groups] });
    }
    return this.#join(group, pids, true);
  }

  /**
   * Processes of this node leave. Undefined when none of them was in the group. `unwatch` gets the
   * monitors of those that are in no group any longer.
   */
  leaveLocal(
    group: unknown,
    pids: readonly Pid[],
    unwatch: (ref: Ref) => void,
  ): Change | undefined {
    const left = pids.filter((pid) => this.#leaveOnce(pid, keyOf(group), unwatch));
    return left.length === 0 ? undefined : this.#leave(group, pids, true);
  }

  #leaveOnce(pid: Pid, key: string, unwatch: (ref: Ref) => void): boolean {
    const member = this.#members.get(pid);
    const at = member?.groups.findIndex((group) => keyOf(group) === key) ?? -1;
    if (member === undefined || at < 0) return false;
    const groups = member.groups.filter((_, index) => index !== at);
    if (groups.length > 0) {
      this.#members.set(pid, { ...member, groups });
    } else {
      this.#members.delete(pid);
      unwatch(member.ref);
    }
    return true;
  }

  /** A member of this node has ended. Its groups, once for each time it had joined; undefined for no member. */
  removeMember(
    pid: Pid,
    ref: Ref,
  ): { groups: readonly unknown[]; changes: readonly Change[] } | undefined {
    const member = this.#members.get(pid);
    if (member?.ref !== ref) return undefined;
    this.#members.delete(pid);
    return {
      groups: member.groups,
      changes: member.groups.map((group) => this.#leave(group, [pid], true)),
    };
  }

  // Members of other nodes.

  /** Another node's scope is known from now on, with no members yet. */
  addPeer(peer: Pid, ref: Ref): void {
    this.#peers.set(peer, { ref, groups: new Map() });
  }

  /** A peer tells all of its members: what was known of it before is replaced. */
  syncPeer(peer: Pid, told: readonly GroupMembers[]): readonly Change[] {
    const known = this.#peers.get(peer);
    if (known === undefined) return [];
    const stale = new Map(known.groups);
    const changes: Change[] = [];
    for (const [group, pids] of told) {
      const key = keyOf(group);
      const before = stale.get(key)?.[1] ?? NO_PIDS;
      stale.delete(key);
      const gone = without(before, pids);
      const come = without(pids, before);
      if (gone.length > 0) changes.push(this.#leave(group, gone, false));
      if (come.length > 0) changes.push(this.#join(group, come, false));
    }
    for (const [group, pids] of stale.values()) changes.push(this.#leave(group, pids, false));
    const groups = new Map(told.map((entry) => [keyOf(entry[0]), entry] as const));
    this.#peers.set(peer, { ref: known.ref, groups });
    return changes;
  }

  /** A peer tells that members of its node have joined. Nothing when the peer is not known (any longer). */
  joinRemote(peer: Pid, group: unknown, pids: readonly Pid[]): readonly Change[] {
    if (!this.#tell(peer, group, (told) => [...pids, ...told])) return [];
    return [this.#join(group, pids, false)];
  }

  /** A peer tells that members of its node have left. */
  leaveRemote(peer: Pid, pids: readonly Pid[], groups: readonly unknown[]): readonly Change[] {
    if (!this.#peers.has(peer)) return [];
    return groups.map((group) => {
      this.#tell(peer, group, (told) => without(told, pids));
      return this.#leave(group, pids, false);
    });
  }

  /** A peer's node is lost, or its scope has ended: so have its members here. */
  removePeer(peer: Pid, ref: Ref): readonly Change[] {
    const known = this.#peers.get(peer);
    if (known?.ref !== ref) return [];
    this.#peers.delete(peer);
    return [...known.groups.values()].map(([group, pids]) => this.#leave(group, pids, false));
  }

  #tell(peer: Pid, group: unknown, change: (told: readonly Pid[]) => readonly Pid[]): boolean {
    const known = this.#peers.get(peer);
    if (known === undefined) return false;
    const key = keyOf(group);
    const pids = change(known.groups.get(key)?.[1] ?? NO_PIDS);
    const groups = new Map(known.groups);
    if (pids.length > 0) groups.set(key, [group, pids]);
    else groups.delete(key);
    this.#peers.set(peer, { ref: known.ref, groups });
    return true;
  }

  // Who is told.

  subscribe(ref: Ref, pid: Pid, group?: { readonly of: unknown }): void {
    this.#subscribers.set(ref, {
      pid,
      groupKey: group === undefined ? undefined : keyOf(group.of),
    });
  }

  unsubscribe(ref: Ref): boolean {
    return this.#subscribers.delete(ref);
  }

  /** Everyone who wants to know of a change, with the reference of the subscription. */
  subscribersOf(change: Change): readonly (readonly [Ref, Pid])[] {
    const key = keyOf(change.group);
    return [...this.#subscribers]
      .filter(([, { groupKey }]) => groupKey === undefined || groupKey === key)
      .map(([ref, { pid }]) => [ref, pid]);
  }

  #join(group: unknown, pids: readonly Pid[], isLocal: boolean): Change {
    const key = keyOf(group);
    const { all, local } = this.#groups.get(key) ?? { all: NO_PIDS, local: NO_PIDS };
    this.#groups.set(key, {
      group,
      all: [...pids, ...all],
      local: isLocal ? [...pids, ...local] : local,
    });
    return { event: "join", group, pids };
  }

  #leave(group: unknown, pids: readonly Pid[], isLocal: boolean): Change {
    const key = keyOf(group);
    const known = this.#groups.get(key);
    const all = without(known?.all ?? NO_PIDS, pids);
    if (known === undefined || all.length === 0) this.#groups.delete(key);
    else {
      this.#groups.set(key, {
        group,
        all,
        local: isLocal ? without(known.local, pids) : known.local,
      });
    }
    return { event: "leave", group, pids };
  }
}

/** Takes each of `taken` once out of a list. `--` of Erlang. */
function without(list: readonly Pid[], taken: readonly Pid[]): readonly Pid[] {
  const rest = [...list];
  for (const pid of taken) {
    const at = rest.indexOf(pid);
    if (at >= 0) rest.splice(at, 1);
  }
  return rest;
}

const scopes = new WeakMap<Node, Map<string, PgScope>>();

/** The view of a scope on this node; undefined while its process does not run. */
export function scopeOf(node: Node, scope: string): PgScope | undefined {
  const found = scopes.get(node)?.get(scope);
  return found !== undefined && node.find(found.owner) !== undefined ? found : undefined;
}

/** Begins an empty view for a scope's process that starts. */
export function createScope(node: Node, scope: string, owner: Pid): PgScope {
  const created = new PgScope(owner);
  const known = scopes.get(node) ?? new Map<string, PgScope>();
  known.set(scope, created);
  scopes.set(node, known);
  return created;
}
