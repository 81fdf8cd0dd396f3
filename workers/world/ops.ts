/**
 * ops: what an orchestrator does for a cluster, asked for by its processes: how many nodes of a role
 * run, with which release, and that none goes before its work is done. Rules in SPEC.md, OP.
 *
 * Every order is carried out by the one operator (ops-operator.ts) and takes virtual seconds to
 * minutes. It goes there over the wires: who is cut off from the operator's node can give none.
 */
import { ErlangError, Exit, exportName } from "../kernel/index.ts";
import { call, cast } from "../otp/call.ts";
import { checkMs, here, steps, wait } from "../otp/here.ts";
import { isKnownDraining } from "./ops-agent.ts";
import { beginJudge, endJudge } from "./ops-judge.ts";
import {
  type DeployOptions,
  type DeployOrder,
  type DeployResult,
  type DeployStrategy,
  NODE_AGENT,
  OPERATOR,
  type OpsError,
  type OpsNode,
  type OpsRequest,
  operatorNode,
} from "./ops-protocol.ts";
import { DRAIN_MS } from "./ops-steps.ts";

const STRATEGIES: readonly DeployStrategy[] = ["recreate", "rolling", "canary", "blueGreen"];

/**
 * Operations on nodes, where the scenario allows them, carried out by one operator: a process on the
 * first node that runs from the start, which needs a wire to every node and is never ended itself
 * (`["error", "operator"]`). An order holds its nodes to its end, whatever becomes of the caller; another
 * about them is `["error", "busy"]`. `["error", "noconnection"]`: out of reach, and maybe done all the same.
 */
export const ops = {
  /**
   * The nodes of a role, or all, as the operator knows them, in the scenario's order: a node that is
   * cut off from it is `lost` to it. Exits as a call does when the operator cannot be reached.
   * `kubectl get nodes`.
   */
  nodes(role?: string): Promise<readonly OpsNode[]> {
    checkOperator();
    if (role !== undefined) checkRole(role);
    return steps(function* () {
      const all = (yield* wait(toOperator(["nodes"]))) as readonly OpsNode[];
      return role === undefined ? all : all.filter((node) => node.role === role);
    });
  },

  /**
   * Sees to it that `count` nodes of a role run (draining ones do not count): begins waiting nodes, then
   * lost ones, with the role's release; or drains, 30 s at most, and ends those that began last. `["ok", names]`
   * of who came or went, or `["error", why]`: `not_enough_nodes`, `busy`, `["begin_failed", names]`, where the
   * others run. `kubectl scale`.
   */
  scale(role: string, count: number): Promise<readonly ["ok", readonly string[]] | OpsError> {
    checkOperator();
    checkRole(role);
    if (!Number.isInteger(count) || count < 0)
      throw new ErlangError("badarg", `ops.scale takes a number of nodes from 0 on, not ${count}`);
    return order(["scale", role, count]);
  },

  /**
   * Marks a node as draining and waits until every process that called `onDrain` there has said `drained`
   * or ended, `timeout` ms at most (default 30,000): `["ok"]` or `["ok", "timeout"]`, or `["error", why]`:
   * `not_running`, `unreachable`, `busy`. The node goes on. Marking stops nobody: who hands out work has to
   * look at `isDraining`. `kubectl drain`.
   */
  drain(
    node: string,
    options: { readonly timeout?: number } = {},
  ): Promise<readonly ["ok"] | readonly ["ok", "timeout"] | OpsError> {
    checkOperator();
    checkNode(node);
    return order(["drain", node, finite(options.timeout ?? DRAIN_MS, "ops.drain's timeout")]);
  },

  /** Takes a drain back: the processes that were told get `{ tag: "undrain" }`. `kubectl uncordon`. */
  undrain(node: string): Promise<readonly ["ok"] | OpsError> {
    checkOperator();
    checkNode(node);
    return order(["undrain", node]);
  },

  /**
   * Drains a node, ends it (its disk is flushed) and begins it anew, with another release if one is named;
   * a lost node is ended without asking it. `drainMs`: default 30,000. `["ok"]` when it runs, or
   * `["error", why]`: `not_running`, `busy`, `["begin_failed", names]`. `init:restart/0`, from outside.
   */
  restart(
    node: string,
    options: { readonly version?: string; readonly drainMs?: number } = {},
  ): Promise<readonly ["ok"] | OpsError> {
    checkOperator();
    checkNode(node);
    const { version, drainMs = DRAIN_MS } = options;
    if (version !== undefined) checkVersion(version);
    return order(["restart", node, version, finite(drainMs, "drainMs")]);
  },

  /**
   * Brings out a release on the running nodes of a role, each drained first: "recreate" all at once, "rolling"
   * batch by batch, "canary" a few and the rest when `judge` says "go", "blueGreen" on waiting nodes before the
   * old ones end. `["ok"]`; `["rolledBack", why]`: nodes did not begin or the canary was bad, and all run what they ran
   * before, unless they do not begin in 5 tries; `["error", why]`: nothing was done. `release_handler:install_release/1`.
   */
  deploy(version: string, options: DeployOptions = {}): Promise<DeployResult> {
    checkOperator();
    checkVersion(version);
    const { judge } = options;
    const checked = orderOf(options);
    if (judge === undefined || exportName(judge) !== undefined)
      return order(["deploy", version, { ...checked, judge }]);
    const beside = beginJudge(judge, true);
    return steps(function* () {
      const result = yield* wait(
        order<DeployResult>(["deploy", version, { ...checked, judge: beside }]),
      );
      endJudge(beside);
      return result;
    });
  },

  /**
   * From now on a message `{ tag: "ops", op, node, role, version, state, why }` comes for each step of
   * every operation; gives the nodes as they stand. It ends with the operator's process. At most
   * 1,000 subscribers. `kubectl get events --watch`.
   */
  subscribe(): Promise<readonly OpsNode[]> {
    checkOperator();
    const { pid } = here();
    return steps(function* () {
      const nodes = yield* wait(toOperator(["subscribe", pid]));
      if (Array.isArray(nodes)) return nodes as readonly OpsNode[];
      throw new ErlangError("system_limit", "the operator has 1,000 subscribers already");
    });
  },

  /** No further messages come; those that have come stay in the mailbox. `gen_event:delete_handler/3`. */
  unsubscribe(): Promise<"ok"> {
    checkOperator();
    return toOperator(["unsubscribe", here().pid]) as Promise<"ok">;
  },

  /**
   * Whether a node (default the caller's) is draining, as far as this node has heard: read without a
   * message, and true a moment later than on the node itself. What a readiness probe says; `ranch:get_status/1`.
   */
  isDraining(node?: string): boolean {
    const process = here();
    if (node !== undefined) checkNode(node);
    return isKnownDraining(process.node, node ?? process.node.name);
  },

  /**
   * Asks for a message `{ tag: "drain" }` when the caller's node is to drain, at once if it does
   * already. The node then waits for the caller's `ops.drained()` or its end. At most 10,000 processes
   * of a node. A handler of SIGTERM; `init:stop/0`.
   */
  onDrain(): "ok" {
    return tellAgent("onDrain");
  },

  /**
   * The caller has finished its work: its node need not wait for it any longer. Without a `drain` before
   * it nothing happens. Where a handler of SIGTERM returns; `terminate/2` has returned.
   */
  drained(): "ok" {
    return tellAgent("drained");
  },
} as const;

function tellAgent(what: "onDrain" | "drained"): "ok" {
  const { node, pid } = here();
  node.ensure(NODE_AGENT);
  cast(NODE_AGENT, [what, pid]);
  return "ok";
}

/** Asks the operator to do something, which may take for ever. */
function order<Result>(request: OpsRequest): Promise<Result | OpsError> {
  return steps(function* (): Generator<unknown, Result | OpsError, unknown> {
    try {
      return (yield* wait(toOperator(request, Number.POSITIVE_INFINITY))) as Result;
    } catch (thrown) {
      if (thrown instanceof Exit) return ["error", "noconnection"];
      throw thrown;
    }
  });
}

function toOperator(request: OpsRequest, timeout = 5000): Promise<unknown> {
  const { node } = here();
  const name = operatorNode(node);
  return call<unknown>({ name: OPERATOR, node: name }, request, { timeout });
}

function checkOperator(): void {
  if (here().node.operations !== undefined) return;
  throw new ErlangError(
    "badarg",
    "this scenario has no operator: nodes cannot be begun or ended in it",
  );
}

function checkNode(name: unknown): void {
  const { scenarioNodes } = here().node;
  if (scenarioNodes.some((node) => node.name === name)) return;
  const names = scenarioNodes.map((node) => node.name).join(", ");
  throw new ErlangError("badarg", `there is no node ${String(name)}; there are ${names}`);
}

function checkRole(role: unknown): void {
  const roles = new Set(here().node.scenarioNodes.map((node) => node.role ?? node.name));
  if (typeof role === "string" && roles.has(role)) return;
  throw new ErlangError(
    "badarg",
    `no node has the role ${String(role)}; roles are ${[...roles].join(", ")}`,
  );
}

function checkVersion(version: unknown): void {
  if (typeof version === "string" && version !== "" && version.length <= 100) return;
  throw new ErlangError(
    "badarg",
    `a release is a text of 1 to 100 characters, not ${String(version)}`,
  );
}

function finite(ms: number, of: string): number {
  if (checkMs(ms, of) !== Number.POSITIVE_INFINITY) return ms;
  throw new ErlangError("badarg", `${of} has to end some time: give a number of milliseconds`);
}

/** The options of a deploy but its judge, checked, with their defaults. */
function orderOf(options: DeployOptions): Omit<DeployOrder, "judge"> {
  const { role, strategy = "rolling", count, judge } = options;
  const { batch = 1, share = 0.1, bakeMs = 60_000, pauseMs = 0, drainMs = DRAIN_MS } = options;
  const { everyMs = bakeMs } = options;
  if (role !== undefined) checkRole(role);
  if (!STRATEGIES.includes(strategy))
    refuse(`${String(strategy)} is no strategy: ${STRATEGIES.join(", ")}`);
  if (!(Number.isInteger(batch) && batch >= 1)) refuse("batch is a number of nodes from 1 on");
  if (count !== undefined && !(Number.isInteger(count) && count >= 1))
    refuse("count is a number of nodes from 1 on");
  if (!(share > 0 && share <= 1)) refuse("share is above 0, and 1 at most");
  finite(bakeMs, "bakeMs");
  if (!(finite(everyMs, "everyMs") >= 1) && bakeMs > 0) refuse("everyMs is 1 ms or more");
  const isCanary = strategy === "canary";
  if (isCanary !== (typeof judge === "function"))
    refuse(isCanary ? "a canary needs a function judge" : "only a canary has a judge");
  return {
    role,
    strategy,
    drainMs: finite(drainMs, "drainMs"),
    batch,
    pauseMs: finite(pauseMs, "pauseMs"),
    count,
    share,
    bakeMs,
    everyMs: Math.min(everyMs, bakeMs),
  };
}

function refuse(why: string): never {
  throw new ErlangError("badarg", `ops.deploy: ${why}`);
}
