/**
 * Bringing out a release: which nodes get it when, and the way back. Rules in SPEC.md, OP.
 *
 * Every strategy answers why it cannot go on, or nothing; what it has changed by then is put back to
 * the release that each node ran before. Only nodes that ran when it began are changed, and only
 * those that had another release.
 */
import { type Pid, US_PER_MS } from "../kernel/index.ts";
import { here, wait } from "../otp/here.ts";
import { sleep } from "../otp/processes.ts";
import { askJudge, beginJudge, endJudge, measure, measuresOf } from "./ops-judge.ts";
import type { Member, Operation, Operator } from "./ops-operator.ts";
import type { DeployOrder, DeployResult } from "./ops-protocol.ts";
import { begin, remove, renew, together } from "./ops-steps.ts";

/** How often a node is begun with its old release before it is given up. */
const BACK_TRIES = 5;

/** A release on its way. */
interface Rollout {
  readonly operator: Operator;
  readonly version: string;
  readonly order: DeployOrder;
  /** Nodes that shall get it, in the order of the scenario. */
  readonly targets: readonly Member[];
  /** Nodes that wait, for blueGreen. */
  readonly spare: readonly Member[];
  /** Nodes that were or are being changed. */
  readonly changed: Set<Member>;
}

/** Why it cannot go on; undefined when all went well. */
type Trouble = unknown;

/** ops.deploy. */
export function* deploy(
  operator: Operator,
  about: readonly Member[],
  version: string,
  order: DeployOrder,
): Operation<DeployResult> {
  const running = about.filter(({ state }) => state === "running");
  if (running.length === 0) return ["error", "not_running"];
  const targets = running.filter((member) => member.version !== version);
  if (targets.length === 0) return ["ok"];
  if (targets.some(({ isHome }) => isHome)) return ["error", "operator"];
  const spare = about.filter(({ state }) => state === "waiting").slice(0, targets.length);
  if (order.strategy === "blueGreen" && spare.length < targets.length)
    return ["error", "not_enough_nodes"];
  const before = new Map(targets.map((member) => [member, member.version]));
  const rollout = { operator, version, order, targets, spare, changed: new Set<Member>() };
  const why = yield* bringOut(rollout);
  if (why === undefined) return ["ok"];
  operator.tell({ op: "deploy", version, state: "rollingBack", why });
  if (order.strategy === "blueGreen") yield* together(spare, (member) => leave(rollout, member));
  else yield* goBack(rollout, before);
  return ["rolledBack", why];
}

function bringOut(rollout: Rollout): Operation<Trouble> {
  switch (rollout.order.strategy) {
    case "recreate":
      return recreate(rollout);
    case "rolling":
      return roll(rollout, rollout.targets);
    case "canary":
      return canary(rollout);
    case "blueGreen":
      return blueGreen(rollout);
  }
}

/** All at once: ended together, then begun together. Nobody serves in between. */
function* recreate(rollout: Rollout): Operation<Trouble> {
  const { targets } = rollout;
  yield* together(targets, (member) => leave(rollout, member));
  return yield* come(rollout, targets);
}

/** Some after the others. */
function* roll(rollout: Rollout, members: readonly Member[]): Operation<Trouble> {
  const { operator, version, changed } = rollout;
  const { batch, pauseMs, drainMs } = rollout.order;
  for (let i = 0; i < members.length; i += batch) {
    if (i > 0 && pauseMs > 0) yield* wait(sleep(pauseMs));
    const now = members.slice(i, i + batch);
    for (const member of now) changed.add(member);
    const are = yield* together(now, (one) => renew(operator, "deploy", one, version, drainMs));
    const why = failureIn(now, are);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** A few first; the others when the judge says so. */
function* canary(rollout: Rollout): Operation<Trouble> {
  const { targets, order } = rollout;
  const wanted = order.count ?? Math.ceil(order.share * targets.length);
  const count = Math.min(targets.length, Math.max(1, wanted));
  const first = targets.slice(0, count);
  const rest = targets.slice(count);
  const all: DeployOrder = { ...order, batch: count };
  const why = yield* roll({ ...rollout, order: all }, first);
  if (why !== undefined) return why;
  const given = order.judge as NonNullable<DeployOrder["judge"]>;
  const judge = typeof given === "function" ? beginJudge(given, false) : given;
  const verdict = yield* bake(rollout, judge, first, rest);
  if (typeof given === "function") endJudge(judge);
  return verdict ?? (yield* roll(rollout, rest));
}

/** Lets the judge look at both groups until it has decided or time is up. */
function* bake(
  { operator, version, order }: Rollout,
  judge: Pid,
  first: readonly Member[],
  rest: readonly Member[],
): Operation<Trouble> {
  const { node } = here();
  const startUs = node.now;
  const before = yield* measure([...first, ...rest]);
  for (let elapsed = order.everyMs; ; elapsed = Math.min(order.bakeMs, elapsed + order.everyMs)) {
    const left = startUs + elapsed * US_PER_MS - node.now;
    if (left > 0) yield* wait(sleep(left / US_PER_MS));
    const now = yield* measure([...first, ...rest]);
    const lost = first.filter(({ name, state }) => state !== "running" || !now.has(name));
    if (lost.length > 0) return ["canary_lost", lost.map(({ name }) => name)];
    const [said, why] = yield* askJudge(judge, {
      version,
      elapsedMs: (node.now - startUs) / US_PER_MS,
      canary: measuresOf(first, before, now),
      control: measuresOf(rest, before, now),
    });
    operator.tell({ op: "deploy", version, state: "judged", why: said });
    if (said === "go") return undefined;
    if (said === "back") return why;
    if (elapsed >= order.bakeMs) return "undecided";
  }
}

/** As many nodes again, with the new release; the old ones go when those run. */
function* blueGreen(rollout: Rollout): Operation<Trouble> {
  const { targets, spare } = rollout;
  const why = yield* come(rollout, spare);
  if (why === undefined) yield* together(targets, (member) => leave(rollout, member));
  return why;
}

/** Begins nodes that wait, all at the same time. */
function* come(rollout: Rollout, members: readonly Member[]): Operation<Trouble> {
  const { operator, version } = rollout;
  const are = yield* together(members, (member) => begin(operator, "deploy", member, version));
  return failureIn(members, are);
}

function* leave(rollout: Rollout, member: Member): Operation<void> {
  rollout.changed.add(member);
  yield* remove(rollout.operator, "deploy", member, rollout.order.drainMs);
}

/** Every changed node gets its old release back, as many at a time as went forth. */
function* goBack(
  { operator, order, changed }: Rollout,
  before: ReadonlyMap<Member, string>,
): Operation<void> {
  const members = [...changed];
  const batch = order.strategy === "recreate" ? members.length : order.batch;
  for (let i = 0; i < members.length; i += batch)
    yield* together(members.slice(i, i + batch), function* (member) {
      yield* remove(operator, "deploy", member, order.drainMs);
      for (let tries = 0; tries < BACK_TRIES; tries++)
        if (yield* begin(operator, "deploy", member, before.get(member))) return;
    });
}

function failureIn(members: readonly Member[], areRunning: readonly boolean[]): Trouble {
  const failed = members.filter((_, i) => !areRunning[i]).map(({ name }) => name);
  return failed.length === 0 ? undefined : ["begin_failed", failed];
}
