/**
 * What the operator does with a single node (drain, end, begin), and the operations that are not much
 * more than that: drain, restart, scale. Rules in SPEC.md, OP.
 *
 * A node is ended and begun by whoever runs the nodes, by `node.order`, which no broken wire holds up;
 * draining and finding out whether it runs need its agent.
 */
import { type CoPromise, ORDER_US_MIN } from "../kernel/index.ts";
import { here, steps, wait } from "../otp/here.ts";
import { receive, send, sleep } from "../otp/processes.ts";
import type { Member, Operation, Operator } from "./ops-operator.ts";
import { ANSWER_MS, type OpsError } from "./ops-protocol.ts";

/** Unless the scenario's `operations` say otherwise. */
const BEGIN = { kind: "det", us: 60_000_000 } as const;
const END = { kind: "det", us: 5_000_000 } as const;

/** What a node is given to drain unless somebody says otherwise, ms. */
export const DRAIN_MS = 30_000;

/** How often the operator asks a node that was begun whether it is there, and ms between. */
const LOOKS = 3;
const LOOK_MS = 1000;

/** Names of nodes, or why not. */
type Scaled = readonly ["ok", readonly string[]] | OpsError;

/** What comes from the process that deals with one of several nodes. */
interface Done<Result> {
  readonly tag: "step";
  readonly index: number;
  readonly result: Result;
}

/**
 * Does the same with several nodes at the same time, each in a process of its own, as one can only
 * ask one thing at a time; results in their order.
 */
export function* together<Result>(
  members: readonly Member[],
  perform: (member: Member) => Operation<Result>,
): Operation<readonly Result[]> {
  const parent = here();
  const { node, pid } = parent;
  for (const [index, member] of members.entries()) {
    const body = () =>
      steps(function* () {
        const result = yield* perform(member);
        send(pid, { tag: "step", index, result });
      });
    node.spawn(body, { parent, link: true, label: member.name });
  }
  const results: Result[] = [];
  for (const _ of members) {
    const done = yield* wait(receive<Done<Result>>());
    results[done.index] = done.result;
  }
  return results;
}

/** True for a node that serves, or did until it was to drain. */
function isUp({ state }: Member): boolean {
  return state === "running" || state === "draining";
}

/** Marks a node as draining and waits until its processes have finished; undefined when it cannot be reached. */
function* drain(
  operator: Operator,
  op: string,
  member: Member,
  drainMs: number,
): Operation<"ok" | "timeout" | undefined> {
  operator.become(op, member, "draining");
  operator.spread(member, true);
  const word = yield* operator.ask<"ok" | "timeout">(
    member,
    ["drain", drainMs],
    drainMs + ANSWER_MS,
  );
  if (word !== undefined && member.state === "draining") operator.step(op, member, "drained");
  return word;
}

/** Ends a node: its disk is flushed, and its processes are gone. */
function* end(operator: Operator, op: string, member: Member): Operation<void> {
  const { process } = operator;
  const { node } = process;
  operator.become(op, member, "ending");
  operator.forget(member);
  const us = node.randomOf(process).durationUs(node.operations?.endUs ?? END);
  node.order({ kind: "end", node: member.name }, us);
  yield* wait(passed(us));
  operator.become(op, member, "waiting");
}

/** Begins a node; false when that came to nothing. Always two draws, whatever comes of it. */
export function* begin(
  operator: Operator,
  op: string,
  member: Member,
  version: string | undefined,
): Operation<boolean> {
  const { process } = operator;
  const { node } = process;
  const random = node.randomOf(process);
  const us = random.durationUs(node.operations?.beginUs ?? BEGIN);
  const isFailing = random.uniform() < (node.operations?.failShare ?? 0);
  const before = member.version;
  operator.become(op, member, "beginning", version ?? before);
  if (!isFailing) {
    const order = { kind: "begin", node: member.name } as const;
    node.order(version === undefined ? order : { ...order, version }, us);
  }
  yield* wait(passed(us));
  if (!isFailing) {
    for (let i = 0; i < LOOKS; i++) {
      if (i > 0) yield* wait(sleep(LOOK_MS));
      if (yield* operator.look(op, member)) return true;
    }
  }
  operator.step(op, member, "failed");
  if (isFailing) operator.become(op, member, "waiting", before);
  else operator.become(op, member, "lost");
  return false;
}

/** The time that an order takes. */
function passed(us: number): CoPromise<void> {
  const process = here();
  return process.node.sleep(process, Math.max(ORDER_US_MIN, us));
}

/** Drains what can be reached, ends it, and begins it anew. */
export function* renew(
  operator: Operator,
  op: string,
  member: Member,
  version: string | undefined,
  drainMs: number,
): Operation<boolean> {
  yield* remove(operator, op, member, drainMs);
  return yield* begin(operator, op, member, version);
}

/** Drains a node that can be reached, and ends it. */
export function* remove(
  operator: Operator,
  op: string,
  member: Member,
  drainMs: number,
): Operation<void> {
  if (isUp(member)) yield* drain(operator, op, member, drainMs);
  if (member.state !== "waiting") yield* end(operator, op, member);
}

/** ops.drain: marks and waits; the node goes on. */
export function* drainOnly(
  operator: Operator,
  member: Member,
  drainMs: number,
): Operation<readonly ["ok"] | readonly ["ok", "timeout"] | OpsError> {
  if (!isUp(member)) return ["error", "not_running"];
  const word = yield* drain(operator, "drain", member, drainMs);
  if (word === "ok") return ["ok"];
  if (word === "timeout") return ["ok", "timeout"];
  if (isUp(member)) operator.lose(member);
  return ["error", "unreachable"];
}

/** ops.undrain: a node that drains serves again. */
export function* undrain(
  operator: Operator,
  member: Member,
): Operation<readonly ["ok"] | OpsError> {
  if (!isUp(member)) return ["error", "not_running"];
  const word = yield* operator.ask<"ok">(member, ["undrain"], ANSWER_MS);
  if (word === undefined) return ["error", "unreachable"];
  if (member.state === "draining") operator.become("undrain", member, "running");
  operator.spread(member, false);
  return ["ok"];
}

/** ops.restart. */
export function* restart(
  operator: Operator,
  member: Member,
  version: string | undefined,
  drainMs: number,
): Operation<readonly ["ok"] | OpsError> {
  if (member.isHome) return ["error", "operator"];
  if (member.state === "waiting") return ["error", "not_running"];
  const isRunning = yield* renew(operator, "restart", member, version, drainMs);
  return isRunning ? ["ok"] : ["error", ["begin_failed", [member.name]]];
}

/** ops.scale: so many nodes of a role shall run. */
export function* scale(
  operator: Operator,
  members: readonly Member[],
  count: number,
): Operation<Scaled> {
  const running = members.filter(({ state }) => state === "running");
  const missing = count - running.length;
  if (missing > 0) return yield* grow(operator, members, running[0]?.version, missing);
  const newestFirst = running
    .filter(({ isHome }) => !isHome)
    .sort((a, b) => b.sinceUs - a.sinceUs || members.indexOf(b) - members.indexOf(a));
  if (newestFirst.length < -missing) return ["error", "operator"];
  const leaving = newestFirst.slice(0, -missing);
  yield* together(leaving, (member) => remove(operator, "scale", member, DRAIN_MS));
  return ["ok", leaving.map(({ name }) => name)];
}

/** Begins waiting nodes, then lost ones, with the release that the others of the role run. */
function* grow(
  operator: Operator,
  members: readonly Member[],
  version: string | undefined,
  count: number,
): Operation<Scaled> {
  const waiting = members.filter(({ state }) => state === "waiting");
  const lost = members.filter(({ state }) => state === "lost");
  const coming = [...waiting, ...lost].slice(0, count);
  if (coming.length < count) return ["error", "not_enough_nodes"];
  const areRunning = yield* together(coming, (one) => begin(operator, "scale", one, version));
  const failed = coming.filter((_, i) => !areRunning[i]).map(({ name }) => name);
  if (failed.length > 0) return ["error", ["begin_failed", failed]];
  return ["ok", coming.map(({ name }) => name)];
}
