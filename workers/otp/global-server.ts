/**
 * The name server of `global`: one on every node, begun when somebody needs it. It keeps the
 * node's table of names and the node's part of the cluster's locks. Rules in SPEC.md, J.
 *
 * A server that begins finds an empty cluster or is being told: every server that has names has
 * told them to all nodes it is connected with, or is about to meet them. So it takes the nodes it
 * is connected with for known, until one of them says that it has a meeting to hold with us.
 * Where nodes do not all connect (connectAll is off) a server knows nobody, as in OTP.
 */
import { isStop, type Pid, type Ref } from "../kernel/index.ts";
import { cast, type From, reply } from "./call.ts";
import { type CallResult, genServer, type InitResult, type NoReplyResult } from "./gen-server.ts";
import { createTable, NAME_SERVER, type NameTable, type Resolve } from "./global.ts";
import type { LockId } from "./global-locks.ts";
import {
  decide,
  locker,
  type Meeting,
  type MeetingRequest,
  meetingDelayMs,
  type NameChange,
  type ToldName,
} from "./global-meeting.ts";
import { type Registration, registrar } from "./global-transactions.ts";
import { here, steps } from "./here.ts";
import { monitorNodes, nodes } from "./nodes.ts";
import { demonitor, monitor, monotonic, node, send } from "./processes.ts";
import { definitionBody } from "./start.ts";
import { keyOf } from "./term-key.ts";

type Request =
  | readonly ["registrar", Registration]
  | readonly ["register", name: unknown, pid: Pid, resolve: Resolve]
  | readonly ["unregister", name: unknown]
  | readonly ["set_lock" | "del_lock", LockId]
  | readonly ["get_known"]
  | readonly ["get_names"]
  | readonly ["resolve", resolve: Resolve, name: unknown, pid1: Pid, pid2: Pid];

type Cast =
  /** Another node has seen us come up; it knows so many nodes. */
  | readonly ["init_connect", node: string, knownCount: number]
  /** A meeting is over: what changes, and who knows each other now. */
  | readonly ["new_nodes", changes: readonly NameChange[], nodes: readonly string[]];

type Info =
  | { readonly tag: "DOWN"; readonly ref: Ref }
  | { readonly tag: "nodeup" | "nodedown"; readonly node: string };

interface State {
  readonly table: NameTable;
  readonly registrar: Pid;
  readonly locker: Pid;
  /** Meetings that are not over, by the other node. */
  readonly meetings: Map<string, Meeting>;
  /** Nodes that want to meet us and have not come up here yet, with how many they know. */
  readonly early: Map<string, number>;
  /** Makes tags. */
  meetingCount: number;
}

const nameServer = genServer<State, Request, Cast, Info>({
  init(): InitResult<State> {
    const process = here();
    const { connectsAll } = process.node.distribution;
    if (connectsAll) monitorNodes(true);
    const table = createTable(process.node, process.pid, connectsAll ? nodes() : []);
    const meetings = new Map<string, Meeting>();
    const isOpen = ({ node: on, tag }: Meeting) => meetings.get(on)?.tag === tag;
    const helper = (label: string, body: () => unknown) =>
      process.node.spawn(body, { parent: process, link: true, label }).process.pid;
    const state = {
      table,
      registrar: helper("global_registrar", () => registrar(table)),
      locker: helper("global_locker", () => locker(table, isOpen)),
      meetings,
      early: new Map(),
      meetingCount: 0,
    };
    return ["ok", state];
  },

  handleCall(request, from, state): CallResult<State> {
    const { table } = state;
    switch (request[0]) {
      case "registrar":
        send(state.registrar, [request[1], from]);
        return ["noreply", state];
      case "register":
        insert(table, [request[1], request[2], request[3]]);
        return ["reply", "yes", state];
      case "unregister":
        remove(table, request[1]);
        return ["reply", "ok", state];
      case "set_lock":
        return ["reply", table.locks.take(request[1], from.pid, (pid) => monitor(pid)), state];
      case "del_lock": {
        const ref = table.locks.giveBack(request[1], from.pid);
        if (ref !== undefined) demonitor(ref, { flush: true });
        return ["reply", true, state];
      }
      case "get_known":
        return ["reply", [...table.known], state];
      case "get_names": {
        const told = [...table.names.values()].map(
          ({ name, pid, resolve }): ToldName => [name, pid, resolve],
        );
        return ["reply", told, state];
      }
      case "resolve":
        decideElsewhere(request, from);
        return ["noreply", state];
      default:
        return ["noreply", state];
    }
  },

  handleCast(message, state): NoReplyResult<State> {
    if (message[0] === "init_connect") invited(state, message[1], message[2]);
    else met(state, message[1], message[2]);
    return ["noreply", state];
  },

  handleInfo(message, state): NoReplyResult<State> {
    if (message?.tag === "nodeup") nodeUp(state, message.node);
    if (message?.tag === "nodedown") nodeDown(state, message.node);
    if (message?.tag === "DOWN") {
      state.table.locks.removeHolder(message.ref);
      for (const { name, ref } of state.table.names.values()) {
        if (ref === message.ref) remove(state.table, name);
      }
    }
    return ["noreply", state];
  },
});

/** The body of the service's process. */
export function nameServerBody(): unknown {
  return definitionBody(nameServer, [])();
}

// Names.

/** Gives a name to a process, in place of who has it. */
function insert(table: NameTable, [name, pid, resolve]: ToldName): void {
  const key = keyOf(name);
  const before = table.names.get(key);
  if (before?.pid === pid) return;
  if (before !== undefined) demonitor(before.ref, { flush: true });
  table.names.set(key, { name, pid, resolve, ref: monitor(pid) });
}

function remove(table: NameTable, name: unknown): void {
  const key = keyOf(name);
  const entry = table.names.get(key);
  if (entry === undefined) return;
  demonitor(entry.ref, { flush: true });
  table.names.delete(key);
}

/** Decides a clash in a process of its own: a resolving function may wait, or fail. */
function decideElsewhere(
  [, resolve, name, pid1, pid2]: Extract<Request, readonly ["resolve", ...unknown[]]>,
  from: From,
): void {
  const process = here();
  const body = () =>
    steps(function* () {
      let decided: unknown;
      try {
        decided = yield* decide(resolve, name, pid1, pid2);
      } catch (thrown) {
        if (isStop(thrown)) throw thrown;
        decided = "none";
      }
      reply(from, decided === pid1 || decided === pid2 ? decided : "none");
    });
  process.node.spawn(body, { parent: process, label: "global_resolver" });
}

// Meetings.

function nodeUp(state: State, other: string): void {
  if (state.table.known.has(other) || state.meetings.has(other)) return;
  state.meetingCount++;
  state.meetings.set(other, { node: other, tag: state.meetingCount });
  cast({ name: NAME_SERVER, node: other }, ["init_connect", node(), state.table.known.size]);
  const knownCount = state.early.get(other);
  state.early.delete(other);
  if (knownCount !== undefined) arrange(state, other, knownCount);
}

function invited(state: State, other: string, knownCount: number): void {
  const isNew = !state.meetings.has(other);
  // Known without a meeting: taken for known when this server began.
  if (isNew && state.table.known.delete(other)) nodeUp(state, other);
  if (state.meetings.has(other)) arrange(state, other, knownCount);
  else state.early.set(other, knownCount);
}

/** Both sides want to meet: the one with the smaller name lets its locker do it. */
function arrange(state: State, other: string, knownCount: number): void {
  const meeting = state.meetings.get(other);
  if (meeting === undefined || other < node()) return;
  const delays = [knownCount, state.table.known.size].map(meetingDelayMs);
  const request: MeetingRequest = { meeting, dueMs: monotonic() + Math.min(...delays) };
  send(state.locker, request);
}

function met(state: State, changes: readonly NameChange[], all: readonly string[]): void {
  for (const change of changes) {
    if (change[0] === "delete") remove(state.table, change[1]);
    else insert(state.table, [change[1], change[2], change[3]]);
  }
  const connected = nodes();
  for (const other of all) {
    if (!connected.includes(other)) continue;
    state.table.known.add(other);
    state.meetings.delete(other);
    state.early.delete(other);
  }
}

function nodeDown(state: State, other: string): void {
  state.table.known.delete(other);
  state.meetings.delete(other);
  state.early.delete(other);
}
