/**
 * pg: named groups of processes, spread over the nodes, eventually consistent. Rules in SPEC.md, J.
 *
 * A scope is one process on every node that started it. Joining and leaving happen at the scope of
 * the process's own node and are told to its peers; nobody waits for them. When nodes meet, their
 * scopes find each other (`discover`) and tell all they have (`sync`); when one is lost, its
 * members go with it. The messages between peers are OTP's.
 */
import {
  type Destination,
  ErlangError,
  isPid,
  nodeOfAddress,
  type Pid,
  type Ref,
} from "../kernel/index.ts";
import { call, cast, type From } from "./call.ts";
import {
  type CallResult,
  genServer,
  type NoReplyResult,
  type StartResult,
  start,
  startLink,
} from "./gen-server.ts";
import { here } from "./here.ts";
import { monitorNodes, nodes } from "./nodes.ts";
import { type Change, createScope, type GroupMembers, type PgScope, scopeOf } from "./pg-scope.ts";
import { demonitor, monitor, node, receive, self, send, when } from "./processes.ts";

/** What comes to whoever monitors a group or a scope. */
export interface PgMessage {
  readonly tag: "pg";
  readonly ref: Ref;
  readonly event: "join" | "leave";
  readonly group: unknown;
  readonly pids: readonly Pid[];
}

/** One process, or several at once. */
type Pids = Pid | readonly Pid[];

type Request =
  | readonly ["join_local" | "leave_local", group: unknown, pids: Pids]
  | readonly ["monitor"]
  | readonly ["monitor", group: unknown]
  | readonly ["demonitor", Ref];

/** Answers a `discover`: everything that lives on the peer's node. */
type Sync = readonly ["sync", peer: Pid, groups: readonly GroupMembers[]];

type Info =
  | readonly ["discover", peer: Pid]
  | readonly ["join", peer: Pid, group: unknown, pids: readonly Pid[]]
  | readonly ["leave", peer: Pid, pids: readonly Pid[], groups: readonly unknown[]]
  | { readonly tag: "DOWN"; readonly ref: Ref; readonly object: Destination }
  | { readonly tag: "nodeup" | "nodedown"; readonly node: string };

const scopeServer = genServer<PgScope, Request, Sync, Info>({
  init(name: string) {
    // What scopes tell each other must not get lost on a wire: they would never agree again.
    here().isRuntime = true;
    monitorNodes(true);
    for (const other of nodes()) send({ name, node: other }, ["discover", self()]);
    return ["ok", createScope(here().node, name, self())];
  },

  handleCall(request, from, scope): CallResult<PgScope> {
    switch (request[0]) {
      case "join_local": {
        const [, group] = request;
        const pids = listOf(request[2]);
        tell(scope, [scope.joinLocal(group, pids, (pid) => monitor(pid))]);
        broadcast(scope, ["join", self(), group, pids]);
        return ["reply", "ok", scope];
      }
      case "leave_local": {
        const [, group] = request;
        const pids = listOf(request[2]);
        const change = scope.leaveLocal(group, pids, (ref) => demonitor(ref));
        if (change === undefined) return ["reply", "not_joined", scope];
        tell(scope, [change]);
        broadcast(scope, ["leave", self(), pids, [group]]);
        return ["reply", "ok", scope];
      }
      case "monitor":
        return ["reply", subscribe(scope, from, request), scope];
      case "demonitor": {
        const isKnown = scope.unsubscribe(request[1]);
        if (isKnown) demonitor(request[1]);
        return ["reply", isKnown ? "ok" : false, scope];
      }
    }
  },

  handleCast([, peer, groups], scope): NoReplyResult<PgScope> {
    if (!scope.hasPeer(peer)) scope.addPeer(peer, monitor(peer));
    tell(scope, scope.syncPeer(peer, groups));
    return ["noreply", scope];
  },

  handleInfo(message, scope): NoReplyResult<PgScope> {
    if ("tag" in message) {
      if (message.tag === "DOWN") down(scope, message.ref, message.object as Pid);
      if (message.tag === "nodeup") {
        send({ name: here().name as string, node: message.node }, ["discover", self()]);
      }
      return ["noreply", scope];
    }
    if (message[0] === "discover") discovered(scope, message[1]);
    if (message[0] === "join") tell(scope, scope.joinRemote(message[1], message[2], message[3]));
    if (message[0] === "leave") tell(scope, scope.leaveRemote(message[1], message[2], message[3]));
    return ["noreply", scope];
  },
});

function subscribe(
  scope: PgScope,
  from: From,
  request: readonly ["monitor"] | readonly ["monitor", unknown],
): readonly [Ref, readonly Pid[] | readonly GroupMembers[]] {
  const ref = monitor(from.pid);
  if (request.length === 1) {
    scope.subscribe(ref, from.pid);
    return [ref, scope.content()];
  }
  scope.subscribe(ref, from.pid, { of: request[1] });
  return [ref, scope.members(request[1])];
}

/** A peer looks for us: it is told all we have, and asked in turn when it is new to us. */
function discovered(scope: PgScope, peer: Pid): void {
  cast(peer, ["sync", self(), scope.localContent()]);
  if (scope.hasPeer(peer)) return;
  scope.addPeer(peer, monitor(peer));
  send(peer, ["discover", self()]);
}

/** A member, a peer or a subscriber has ended. */
function down(scope: PgScope, ref: Ref, pid: Pid): void {
  if (scope.unsubscribe(ref)) return;
  const left = scope.removeMember(pid, ref);
  if (left === undefined) {
    tell(scope, scope.removePeer(pid, ref));
    return;
  }
  tell(scope, left.changes);
  broadcast(scope, ["leave", self(), [pid], left.groups]);
}

function tell(scope: PgScope, changes: readonly Change[]): void {
  for (const change of changes) {
    for (const [ref, pid] of scope.subscribersOf(change)) {
      send(pid, { tag: "pg", ref, ...change } satisfies PgMessage);
    }
  }
}

function broadcast(scope: PgScope, message: Info): void {
  for (const peer of scope.peers()) send(peer, message);
}

function listOf(pids: Pids): readonly Pid[] {
  return typeof pids === "string" ? [pids] : pids;
}

/** The process or processes that join or leave, which must be of this node. */
function localPids(pids: Pids): Pids {
  if (!isPid(pids) && !Array.isArray(pids)) {
    throw new ErlangError(
      "function_clause",
      `pg takes a pid or an array of pids as its third argument, not ${String(pids)}`,
    );
  }
  for (const pid of listOf(pids)) {
    if (isPid(pid) && nodeOfAddress(pid) === node()) continue;
    throw new ErlangError(
      ["nolocal", pid],
      `only a process of this node can join or leave here, and ${String(pid)} is none: let it join on its own node`,
    );
  }
  return pids;
}

function ask<Reply>(scope: string, request: Request): Promise<Reply> {
  return call<Reply>(scope, request, { timeout: Number.POSITIVE_INFINITY });
}

/** Groups of processes. A group's name may be any term; a group without members does not exist. */
export const pg = {
  /** Starts a scope on this node. To be seen on other nodes it has to be started there, too. `pg:start/1`. */
  start(scope: string): Promise<StartResult> {
    return start(scopeServer, [scope], { name: scope });
  },

  /** As `start`, linked with the caller. `pg:start_link/1`. */
  startLink(scope: string): Promise<StartResult> {
    return startLink(scopeServer, [scope], { name: scope });
  },

  /**
   * One or more processes of this node join a group; one that joins twice is in it twice. Raises
   * `["nolocal", pid]` for a process of another node. `pg:join/3`.
   */
  join(scope: string, group: unknown, pids: Pids): Promise<"ok"> {
    return ask(scope, ["join_local", group, localPids(pids)]);
  },

  /** Leaves a group, once; `"not_joined"` when none of the processes was in it. `pg:leave/3`. */
  leave(scope: string, group: unknown, pids: Pid | readonly Pid[]): Promise<"ok" | "not_joined"> {
    return ask(scope, ["leave_local", group, localPids(pids)]);
  },

  /** The members that this node knows of, on all nodes. Reads without a message. `pg:get_members/2`. */
  getMembers(scope: string, group: unknown): readonly Pid[] {
    return scopeOf(here().node, scope)?.members(group) ?? [];
  },

  /** The members on this node. `pg:get_local_members/2`. */
  getLocalMembers(scope: string, group: unknown): readonly Pid[] {
    return scopeOf(here().node, scope)?.localMembers(group) ?? [];
  },

  /** The groups that have members. Raises `badarg` when the scope does not run here. `pg:which_groups/1`. */
  whichGroups(scope: string): readonly unknown[] {
    return runningScope(scope).groups();
  },

  /** The groups that have members on this node. `pg:which_local_groups/1`. */
  whichLocalGroups(scope: string): readonly unknown[] {
    return runningScope(scope).localGroups();
  },

  /**
   * The members of a group, and from now on a message `{ tag: "pg", ref, event, group, pids }` for
   * each change of it. `pg:monitor/2`.
   */
  monitor(scope: string, group: unknown): Promise<readonly [Ref, readonly Pid[]]> {
    return ask(scope, ["monitor", group]);
  },

  /** As `monitor`, for all groups of a scope: gives `[ref, [[group, members]]]`. `pg:monitor_scope/1`. */
  monitorScope(scope: string): Promise<readonly [Ref, readonly GroupMembers[]]> {
    return ask(scope, ["monitor"]);
  },

  /** Ends a monitor and takes its messages out of the mailbox; false when there is none. `pg:demonitor/2`. */
  demonitor(scope: string, ref: Ref): Promise<"ok" | false> {
    return ask<"ok" | false>(scope, ["demonitor", ref]).then<"ok" | false>((result) =>
      result === "ok" ? flush(ref) : result,
    );
  },
};

function runningScope(scope: string): PgScope {
  const found = scopeOf(here().node, scope);
  if (found !== undefined) return found;
  throw new ErlangError("badarg", `the scope "${scope}" does not run on this node: pg.start it`);
}

function flush(ref: Ref): Promise<"ok"> {
  return receive<"ok" | "more">([when({ tag: "pg", ref }, () => "more")], {
    after: 0,
    otherwise: () => "ok",
  }).then((result) => (result === "more" ? flush(ref) : result));
}
