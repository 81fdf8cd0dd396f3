/**
 * What the operator knows of the nodes, and how it tells it. Rules in SPEC.md, OP; its process is in
 * ops-server.ts.
 *
 * It knows it from the nodes' agents and from losing connections with them, so it can be cut off and
 * wrong. Each operation is a process of its own, linked with the operator's, which holds the nodes
 * that it is about; both keep to this one object, as they are on one node.
 */
import { copy, Exit, KIND, type Pid, type Process, type Ref } from "../kernel/index.ts";
import { answer, call, cast, type From } from "../otp/call.ts";
import { here, steps, wait } from "../otp/here.ts";
import { multiCall } from "../otp/multi-call.ts";
import { monitorNodes } from "../otp/nodes.ts";
import { demonitor, monitor, send, sleep } from "../otp/processes.ts";
import {
  ANSWER_MS,
  type Hello,
  NODE_AGENT,
  type NodeState,
  type OpsError,
  type OpsMessage,
  type OpsNode,
} from "./ops-protocol.ts";

/** Processes that hear of each step. */
const SUBSCRIBERS_MAX = 1000;

/** The operator looks for a lost node after 1 s, then ever less often, once a minute at last. */
const LOOK_MS = 1000;
const LOOK_MS_MAX = 60_000;

/** What an operation does, step by step, and what it comes to. */
export type Operation<Result = unknown> = Generator<unknown, Result, unknown>;

/** A node, as the operator keeps it. */
export interface Member {
  readonly name: string;
  readonly role: string;
  /** The operator lives there. */
  readonly isHome: boolean;
  state: NodeState;
  version: string;
  /** When it was found to run. */
  sinceUs: number;
  /** An operation is about it. */
  isBusy: boolean;
  isSought: boolean;
  watch: Ref | undefined;
}

/** Everything the operator knows, and how it tells it. */
export class Operator {
  readonly process: Process;
  readonly members: readonly Member[];
  readonly #subscribers = new Map<Pid, Ref>();

  constructor(process: Process) {
    this.process = process;
    const { node } = process;
    this.members = node.scenarioNodes.map(({ name, role, version }) => ({
      name,
      role: role ?? name,
      isHome: name === node.name,
      state: "waiting",
      version: version ?? "1",
      sinceUs: 0,
      isBusy: false,
      isSought: false,
      watch: undefined,
    }));
  }

  /** Asks all nodes how they stand. Those that run by plan and give no answer are lost. */
  *begin(): Operation<void> {
    const { node } = this.process;
    monitorNodes(true);
    const names = this.members.map(({ name }) => name);
    const [replies] = yield* wait(multiCall<Hello>(names, NODE_AGENT, ["hello"], ANSWER_MS));
    const answers = new Map(replies);
    for (const [index, member] of this.members.entries()) {
      const hello = answers.get(member.name);
      if (hello !== undefined) this.#isThere(member, hello);
      else if (node.scenarioNodes[index]?.standby !== true) this.lose(member);
    }
    for (const member of this.members) if (member.state === "draining") this.spread(member, true);
  }

  /** The nodes of a role. */
  of(role: string): readonly Member[] {
    return this.members.filter((member) => member.role === role);
  }

  list(): readonly OpsNode[] {
    return this.members.map(({ name, role, state, version }) => ({ name, role, state, version }));
  }

  /** The row and the message of one step. */
  tell(step: Omit<OpsMessage, "tag">): void {
    const process = here();
    process.node.record(process, KIND.operate, { payload: copy(step) });
    for (const pid of this.#subscribers.keys())
      send(pid, { tag: "ops", ...step } satisfies OpsMessage);
  }

  /** A node changes its state. */
  become(op: string, member: Member, state: NodeState, version: string = member.version): void {
    member.state = state;
    member.version = version;
    this.step(op, member, state);
  }

  /** Something about one node, whose state stays. */
  step(op: string, { name, role, version }: Member, state: string): void {
    this.tell({ op, node: name, role, version, state });
  }

  /** Tells the agents of all other nodes that one drains, or not any more. */
  spread(member: Member, isDraining: boolean): void {
    for (const { name, state } of this.members) {
      if (name === member.name || !(state === "running" || state === "draining")) continue;
      cast({ name: NODE_AGENT, node: name }, ["draining", member.name, isDraining]);
    }
  }

  /** Asks a node's agent whether it is there; with its answer the node runs again. */
  *look(op: string, member: Member): Operation<boolean> {
    const others = this.members.filter(({ state }) => state === "draining").map(({ name }) => name);
    const hello = yield* this.ask<Hello>(member, ["hello", others], ANSWER_MS);
    if (hello === undefined) return false;
    // Meanwhile somebody else may have begun to deal with it.
    if (op === "watch" && !canBeFound(member)) return true;
    const before = member.state;
    this.#isThere(member, hello);
    if (member.state !== before) {
      this.step(op, member, member.state);
      // Not when it ended: for a wire's length it still looked alive from elsewhere.
      this.spread(member, member.state === "draining");
    }
    return true;
  }

  /** Asks a node's agent; undefined when it gives no answer in time. */
  *ask<Reply>(
    member: Member,
    request: readonly unknown[],
    ms: number,
  ): Operation<Reply | undefined> {
    const agent = { name: NODE_AGENT, node: member.name };
    try {
      return yield* wait(call<Reply>(agent, request, { timeout: ms }));
    } catch (thrown) {
      if (thrown instanceof Exit) return undefined;
      throw thrown;
    }
  }

  /** A node that ran cannot be reached any more. */
  lose(member: Member): void {
    this.forget(member);
    this.become("watch", member, "lost");
    this.seek(member, LOOK_MS);
  }

  /** No longer watches a node, which is about to end. */
  forget(member: Member): void {
    if (member.watch === undefined) return;
    const { process } = this;
    process.node.demonitor(process, member.watch, true);
    member.watch = undefined;
  }

  /** Looks for a lost node until it is found or somebody else deals with it. */
  seek(member: Member, firstMs: number): void {
    if (member.isSought) return;
    member.isSought = true;
    this.#spawn("look", function* (this: Operator) {
      let ms = firstMs;
      for (;;) {
        if (ms > 0) yield* wait(sleep(ms));
        if (!canBeFound(member) || (yield* this.look("watch", member))) break;
        if (member.state === "waiting") break;
        ms = Math.min(LOOK_MS_MAX, Math.max(LOOK_MS, ms * 2));
      }
      member.isSought = false;
    });
  }

  /** Begins an operation about some nodes, or refuses it when one of them is under way. */
  operate(
    from: From,
    order: Omit<OpsMessage, "tag" | "state">,
    about: readonly Member[],
    run: () => Operation,
  ): OpsError | undefined {
    if (about.some(({ isBusy }) => isBusy)) {
      this.tell({ ...order, state: "refused", why: "busy" });
      return ["error", "busy"];
    }
    this.tell({ ...order, state: "ordered" });
    for (const member of about) member.isBusy = true;
    this.#spawn(order.op, function* (this: Operator) {
      const result = (yield* run()) as readonly [word: string, why?: unknown];
      for (const member of about) {
        member.isBusy = false;
        if (member.state === "lost") this.seek(member, LOOK_MS);
      }
      const [word, why] = result;
      const state = word === "ok" ? "done" : word === "error" ? "failed" : word;
      this.tell({ ...order, state, ...(word === "ok" ? {} : { why }) });
      answer(here(), from, copy(result).value);
    });
    return undefined;
  }

  subscribe(pid: Pid): boolean {
    if (this.#subscribers.has(pid)) return true;
    if (this.#subscribers.size >= SUBSCRIBERS_MAX) return false;
    this.#subscribers.set(pid, monitor(pid));
    return true;
  }

  unsubscribe(pid: Pid): void {
    const ref = this.#subscribers.get(pid);
    if (ref !== undefined) demonitor(ref, { flush: true });
    this.#subscribers.delete(pid);
  }

  /** Something watched has ended: a subscriber, or an agent, with its node or without. */
  ended(ref: Ref, pid: unknown, reason: unknown): void {
    const member = this.members.find(({ watch }) => watch === ref);
    if (member === undefined) {
      if (typeof pid === "string") this.unsubscribe(pid as Pid);
      return;
    }
    member.watch = undefined;
    if (member.state !== "running" && member.state !== "draining") return;
    if (reason === "noconnection") {
      this.lose(member);
      return;
    }
    // Its agent alone: the next one says how the node stands.
    this.become("watch", member, "lost");
    this.seek(member, 0);
  }

  /** A node has connected: by itself, or begun by somebody else. */
  connected(name: string): void {
    const member = this.members.find((one) => one.name === name);
    if (member?.state === "lost" || member?.state === "waiting") this.seek(member, 0);
  }

  #isThere(member: Member, hello: Hello): void {
    const { process } = this;
    this.forget(member);
    member.watch = process.node.monitor(process, { name: NODE_AGENT, node: member.name });
    member.state = hello.isDraining ? "draining" : "running";
    member.version = hello.version;
    member.sinceUs = process.node.now;
  }

  #spawn(label: string, body: (this: Operator) => Operation<void>): void {
    const { process } = this;
    const perform = () => steps(() => body.call(this) as Generator<unknown, void, unknown>);
    process.node.spawn(perform, { parent: process, link: true, label });
  }
}

/** Nobody deals with it, and it may be found to run. */
function canBeFound({ isBusy, state }: Member): boolean {
  return !isBusy && (state === "lost" || state === "waiting");
}
