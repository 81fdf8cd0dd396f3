/**
 * The operator's hand on every node: knows which nodes are draining, tells the processes of its own
 * when theirs is, and waits until they have finished. Rules in SPEC.md, OP.
 *
 * Whether a node drains is read without a message, from what its agent has heard; so it is known
 * elsewhere a moment late, and what was on its way still arrives: a process that drains has to serve it.
 */
import type { Node, Pid, Ref } from "../kernel/index.ts";
import type { From } from "../otp/call.ts";
import { reply } from "../otp/call.ts";
import { type CallResult, genServer, type NoReplyResult } from "../otp/gen-server.ts";
import { here } from "../otp/here.ts";
import { log } from "../otp/log.ts";
import { monitorNodes } from "../otp/nodes.ts";
import { cancelTimer, demonitor, monitor, send, startTimer } from "../otp/processes.ts";
import { definitionBody } from "../otp/start.ts";
import { metrics } from "./metrics.ts";
import type { AgentCast, AgentRequest, Hello } from "./ops-protocol.ts";

/** What comes to a process that asked for it when its node is to drain, and when it is not any more. */
export interface DrainMessage {
  readonly tag: "drain" | "undrain";
}

/** Processes of a node that can ask to be told. */
const CLIENTS_MAX = 10_000;

/** A process that wants to finish its work before its node goes. */
interface Client {
  readonly watch: Ref;
  state: "serving" | "told" | "drained";
}

interface State {
  readonly node: Node;
  readonly clients: Map<Pid, Client>;
  /** The operator waits until all have drained, or for so long. */
  waiting: { readonly from: From; readonly timer: Ref } | undefined;
}

type Info =
  | { readonly tag: "DOWN"; readonly object: Pid }
  | { readonly tag: "nodeup" | "nodedown"; readonly node: string }
  | { readonly tag: "timeout"; readonly ref: Ref };

/** Nodes that are draining, as each node knows. */
const draining = new WeakMap<Node, Set<string>>();

/** Whether a node drains, as far as `node` has heard. */
export function isKnownDraining(node: Node, name: string): boolean {
  return draining.get(node)?.has(name) ?? false;
}

function drainingAt(node: Node): Set<string> {
  const known = draining.get(node) ?? new Set();
  draining.set(node, known);
  return known;
}

const server = genServer<State, AgentRequest, AgentCast, Info>({
  init() {
    monitorNodes(true);
    return ["ok", { node: here().node, clients: new Map(), waiting: undefined }];
  },

  handleCall(request, from, state): CallResult<State> {
    switch (request[0]) {
      case "hello":
        return ["reply", hello(state, request[1]), state];
      case "drain":
        drain(state, from, request[1]);
        return ["noreply", state];
      case "undrain":
        undrain(state);
        return ["reply", "ok", state];
      case "measure":
        return ["reply", metrics.all(), state];
      default:
        return ["reply", ["error", "bad_request"], state];
    }
  },

  handleCast(message, state): NoReplyResult<State> {
    if (message[0] === "onDrain") admit(state, message[1]);
    if (message[0] === "drained") drained(state, message[1]);
    if (message[0] === "draining") note(state, message[1], message[2]);
    return ["noreply", state];
  },

  handleInfo(message, state): NoReplyResult<State> {
    if (message?.tag === "DOWN") leave(state, message.object);
    if (message?.tag === "nodedown") note(state, message.node, false);
    if (message?.tag === "timeout" && message.ref === state.waiting?.timer)
      finish(state, "timeout");
    return ["noreply", state];
  },
});

/** The body of the service's process. */
export const agentBody: () => unknown = definitionBody(server, []);

function hello({ node }: State, others: readonly string[] | undefined): Hello {
  const known = drainingAt(node);
  const isDraining = known.has(node.name);
  if (others !== undefined) {
    known.clear();
    for (const name of others) if (name !== node.name) known.add(name);
    if (isDraining) known.add(node.name);
  }
  return { version: node.version, isDraining };
}

function note({ node }: State, name: string, isDraining: boolean): void {
  // Of its own node the agent knows best.
  if (name === node.name) return;
  if (isDraining) drainingAt(node).add(name);
  else drainingAt(node).delete(name);
}

function drain(state: State, from: From, drainMs: number): void {
  if (state.waiting !== undefined) finish(state, "timeout");
  drainingAt(state.node).add(state.node.name);
  for (const [pid, client] of state.clients) tell(pid, client);
  state.waiting = { from, timer: startTimer(drainMs, "drain") };
  finishWhenAllHave(state);
}

function undrain(state: State): void {
  if (!drainingAt(state.node).delete(state.node.name)) return;
  for (const [pid, client] of state.clients) {
    if (client.state !== "serving") send(pid, { tag: "undrain" } satisfies DrainMessage);
    client.state = "serving";
  }
}

function tell(pid: Pid, client: Client): void {
  if (client.state !== "serving") return;
  client.state = "told";
  send(pid, { tag: "drain" } satisfies DrainMessage);
}

function admit(state: State, pid: Pid): void {
  if (state.clients.has(pid)) return;
  if (state.clients.size >= CLIENTS_MAX) {
    log("error", `${CLIENTS_MAX} processes want to be told of a drain; this one is not: ${pid}`);
    return;
  }
  const client: Client = { watch: monitor(pid), state: "serving" };
  state.clients.set(pid, client);
  if (isKnownDraining(state.node, state.node.name)) tell(pid, client);
}

function drained(state: State, pid: Pid): void {
  const client = state.clients.get(pid);
  if (client?.state !== "told") return;
  client.state = "drained";
  finishWhenAllHave(state);
}

function leave(state: State, pid: Pid): void {
  const client = state.clients.get(pid);
  if (client === undefined) return;
  demonitor(client.watch, { flush: true });
  state.clients.delete(pid);
  finishWhenAllHave(state);
}

function finishWhenAllHave(state: State): void {
  for (const client of state.clients.values()) if (client.state === "told") return;
  finish(state, "ok");
}

function finish(state: State, word: "ok" | "timeout"): void {
  const { waiting } = state;
  if (waiting === undefined) return;
  state.waiting = undefined;
  cancelTimer(waiting.timer);
  reply(waiting.from, word);
}
