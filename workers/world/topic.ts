/**
 * topic: whoever subscribes gets what is published, on whatever node; Phoenix.PubSub over pg.
 *
 * Subscribers are members of a pg group, so every node knows all of them, a moment late, and a
 * publisher sends to each of them by itself: one visible message a subscriber, and nobody in
 * between who could keep one. So a message comes at most once; to those of whom the publisher's
 * node has heard, and who can be reached.
 *
 * The scope that keeps the members has to run on every node. A service sees to that: begun by the
 * first who subscribes or publishes, it greets the other nodes, which begins it there too.
 */
import { ErlangError } from "../kernel/index.ts";
import { call } from "../otp/call.ts";
import { genServer, type NoReplyResult } from "../otp/gen-server.ts";
import { here, steps, wait } from "../otp/here.ts";
import { monitorNodes, nodes } from "../otp/nodes.ts";
import { pg } from "../otp/pg.ts";
import { send } from "../otp/processes.ts";
import { definitionBody } from "../otp/start.ts";

/** The service's name, and that of its scope of process groups. */
export const TOPICS = "topics";
const SCOPE = "topics.members";

/** Sent to another node's service so that it begins. */
const GREETING = "begin";

/** A topic, as any process may use it; to be made wherever it is needed. */
export interface Topic<Message> {
  /**
   * Sends the message to every subscriber that this node knows of, the caller among them if it
   * subscribed. `"ok"` at once, whether anybody gets it or not. `Phoenix.PubSub.broadcast/3`.
   */
  publish(message: Message): "ok";
  /** As `publish`, but not to the caller itself. `Phoenix.PubSub.broadcast_from/4`. */
  publishFrom(message: Message): "ok";
  /**
   * From now on the caller gets what is published, as a plain message; nothing of what was
   * published before. Other nodes hear of it a moment later. It ends with the caller's life, and
   * who subscribes twice gets everything twice. `Phoenix.PubSub.subscribe/3`.
   */
  subscribe(): Promise<"ok">;
  /** Takes all of the caller's subscriptions back; `"ok"` also when there was none. `Phoenix.PubSub.unsubscribe/2`. */
  unsubscribe(): Promise<"ok">;
}

/**
 * The topic of this name: the same on all connected nodes. Messages come at most once: none is kept
 * for a late joiner, and what is published during a partition never gets across. `Phoenix.PubSub`.
 */
export function topic<Message = unknown>(name: string): Topic<Message> {
  if (typeof name !== "string" || name === "") {
    throw new ErlangError("badarg", `a topic's name is a text, not ${String(name)}`);
  }
  return Object.freeze({
    publish: (message: Message) => publish(name, message, false),
    publishFrom: (message: Message) => publish(name, message, true),
    subscribe: () => subscribe(name),
    unsubscribe: () => unsubscribe(name),
  });
}

function publish(name: string, message: unknown, isWithoutCaller: boolean): "ok" {
  const { node, pid } = here();
  if (node.find(SCOPE) === undefined) node.ensure(TOPICS);
  // pg has the newest first; who subscribed first is told first.
  for (const member of [...pg.getMembers(SCOPE, name)].reverse()) {
    if (!isWithoutCaller || member !== pid) send(member, message);
  }
  return "ok";
}

function subscribe(name: string): Promise<"ok"> {
  const { node, pid } = here();
  return steps(function* (): Generator<unknown, "ok", unknown> {
    if (node.find(SCOPE) === undefined) {
      node.ensure(TOPICS);
      yield* wait(call(TOPICS, "hasBegun"));
    }
    return yield* wait(pg.join(SCOPE, name, pid));
  }) as PromiseLike<"ok"> as Promise<"ok">;
}

function unsubscribe(name: string): Promise<"ok"> {
  const { node, pid } = here();
  const own = pg.getLocalMembers(SCOPE, name).filter((member) => member === pid);
  return steps(function* (): Generator<unknown, "ok", unknown> {
    if (own.length > 0 && node.find(SCOPE) !== undefined) yield* wait(pg.leave(SCOPE, name, own));
    return "ok";
  }) as PromiseLike<"ok"> as Promise<"ok">;
}

// The service.

type Info = typeof GREETING | { readonly tag: "nodeup" | "nodedown"; readonly node: string };

const service = genServer<null, "hasBegun", never, Info>({
  init() {
    monitorNodes(true);
    for (const node of nodes()) greet(node);
    return pg.startLink(SCOPE).then(() => ["ok", null] as const);
  },
  handleCall: () => ["reply", "ok", null],
  handleInfo(message): NoReplyResult<null> {
    if (message !== GREETING && message.tag === "nodeup") greet(message.node);
    return ["noreply", null];
  },
});

function greet(node: string): void {
  send({ name: TOPICS, node }, GREETING);
}

/** The body of the process that every node has once a topic is used. */
export const topicsBody: () => unknown = definitionBody(service, []);
