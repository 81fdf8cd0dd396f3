/**
 * The process that spreads a node's flags, begun when somebody first asks for one or another node tells
 * of one. Rules in SPEC.md, FL.
 *
 * A write goes to every node that this one is connected with. Nodes that meet tell each other all they
 * have: whoever was cut off, or begins anew, so catches up, and what it wrote meanwhile spreads.
 */
import type { Pid, Ref } from "../kernel/index.ts";
import { type CallResult, genServer, type NoReplyResult } from "../otp/gen-server.ts";
import { here } from "../otp/here.ts";
import { monitorNodes, nodes } from "../otp/nodes.ts";
import { demonitor, monitor, send } from "../otp/processes.ts";
import { definitionBody } from "../otp/start.ts";
import { FLAGS_MAX, type FlagWrite, flagsOf, take } from "./flags-table.ts";

/** The name under which every node's server is registered. */
export const FLAGS = "flag_server";

/** What comes to subscribers when a flag changes on their node. */
export interface FlagMessage {
  readonly tag: "flag";
  readonly name: string;
  readonly value: unknown;
  /** The node where it was written. */
  readonly node: string;
}

export type FlagRequest = readonly ["subscribe" | "unsubscribe", Pid];

/** A write of this node that has been taken here and is to be spread. */
type FlagCast = readonly ["spread", FlagWrite];

type Info =
  /** Writes that another node tells of. `asking` is its name when it wants to hear ours. */
  | readonly ["flags", writes: readonly FlagWrite[], asking?: string]
  | { readonly tag: "nodeup" | "nodedown"; readonly node: string }
  | { readonly tag: "DOWN"; readonly object: Pid };

/** Processes of a node that hear of changes. */
const SUBSCRIBERS_MAX = 1000;

type State = Map<Pid, Ref>;

const server = genServer<State, FlagRequest, FlagCast, Info>({
  init() {
    monitorNodes(true);
    for (const other of nodes()) tellAll(other, here().node.name);
    return ["ok", new Map()];
  },

  handleCall([what, pid], _from, subscribers): CallResult<State> {
    if (what === "subscribe") return ["reply", subscribe(subscribers, pid), subscribers];
    unsubscribe(subscribers, pid);
    return ["reply", "ok", subscribers];
  },

  handleCast([, write], subscribers): NoReplyResult<State> {
    for (const node of nodes()) send({ name: FLAGS, node }, ["flags", [write]]);
    announce(subscribers, write);
    return ["noreply", subscribers];
  },

  handleInfo(message, subscribers): NoReplyResult<State> {
    if (!("tag" in message)) hear(subscribers, message[1], message[2]);
    else if (message.tag === "nodeup") tellAll(message.node);
    else if (message.tag === "DOWN") unsubscribe(subscribers, message.object);
    return ["noreply", subscribers];
  },
});

/** The body of the service's process. */
export const flagsBody: () => unknown = definitionBody(server, []);

/** Tells another node all that is known here; `asking`: our name, so that it does the same. */
function tellAll(node: string, asking?: string): void {
  const writes = [...flagsOf(here().node).values()];
  const message = asking === undefined ? ["flags", writes] : ["flags", writes, asking];
  send({ name: FLAGS, node }, message);
}

function hear(subscribers: State, writes: readonly FlagWrite[], asking?: string): void {
  const process = here();
  for (const write of writes) {
    const isFull = flagsOf(process.node).size >= FLAGS_MAX;
    if (isFull && !flagsOf(process.node).has(write.name)) continue;
    if (take(process, write, "heard")) announce(subscribers, write);
  }
  if (asking !== undefined) tellAll(asking);
}

function announce(subscribers: State, { name, value, node }: FlagWrite): void {
  for (const pid of subscribers.keys())
    send(pid, { tag: "flag", name, value, node } satisfies FlagMessage);
}

function subscribe(subscribers: State, pid: Pid): boolean {
  if (subscribers.has(pid)) return true;
  if (subscribers.size >= SUBSCRIBERS_MAX) return false;
  subscribers.set(pid, monitor(pid));
  return true;
}

function unsubscribe(subscribers: State, pid: Pid): void {
  const ref = subscribers.get(pid);
  if (ref !== undefined) demonitor(ref, { flush: true });
  subscribers.delete(pid);
}
