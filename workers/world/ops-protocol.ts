/**
 * The words that the operator, the agents of the nodes and those who ask exchange. Rules in
 * SPEC.md, OP; the processes are in ops-operator.ts and ops-agent.ts.
 */
import type { Node, Pid } from "../kernel/index.ts";
import type { Reading } from "./metrics.ts";

/** The name of the operator's process, on the node where it lives. */
export const OPERATOR = "ops_server";

/** The name under which every node's agent is registered. */
export const NODE_AGENT = "ops_agent";

/** Ms that the operator waits for an agent's answer to a simple question. */
export const ANSWER_MS = 5000;

/**
 * How a node stands, as far as the operator knows. `lost`: it ran and cannot be reached, so it has
 * crashed or is cut off, and the operator goes on looking for it.
 */
export type NodeState = "running" | "waiting" | "beginning" | "draining" | "ending" | "lost";

/** A node of the scenario, as the operator knows it. */
export interface OpsNode {
  readonly name: string;
  /** What it is for: the scenario's `role`, or else its name. */
  readonly role: string;
  readonly state: NodeState;
  /** The release that it runs, or ran last. */
  readonly version: string;
}

/** What an operation came to; `why` says what stood in the way. */
export type OpsError = readonly ["error", why: unknown];

/** What comes to subscribers for each step of an operation, as it also stands in the trace. */
export interface OpsMessage {
  readonly tag: "ops";
  /** Which operation: scale, drain, undrain, restart, deploy; `watch` for what happened by itself. */
  readonly op: string;
  /** The node, when the step is one node's. */
  readonly node?: string;
  readonly role?: string;
  readonly version?: string;
  /**
   * A node's state, `drained` or `failed` (a beginning that came to nothing); or the operation's:
   * `ordered`, `refused`, `rollingBack`, `rolledBack`, `done`.
   */
  readonly state: string;
  readonly why?: unknown;
}

/** The ways to bring out a release. */
export type DeployStrategy = "recreate" | "rolling" | "canary" | "blueGreen";

/** How a release is brought out. */
export interface DeployOptions {
  /** Whose nodes; default all that run, but the operator's own. */
  readonly role?: string;
  /** Default rolling. */
  readonly strategy?: DeployStrategy;
  /** Ms that a node has to drain before it is ended; default 30,000. */
  readonly drainMs?: number;
  /** Nodes that are away at a time when rolling, from 1 on; default 1. */
  readonly batch?: number;
  /** Ms from one batch to the next; default 0. */
  readonly pauseMs?: number;
  /** canary: how many nodes get the release first; default by `share`. */
  readonly count?: number;
  /** canary: their share, above 0 to 1, rounded up; default 0.1. */
  readonly share?: number;
  /** canary: ms that they run before the others follow; default 60,000. */
  readonly bakeMs?: number;
  /** canary: how often the judge looks meanwhile, ms; default once, at the end. */
  readonly everyMs?: number;
  /**
   * canary: says "go" or "back"; or "wait" for the next look, and at the last one that is "back". An
   * exported function runs with the operator and outlives the caller; any other runs beside the caller.
   */
  readonly judge?: (measures: CanaryMeasures) => Verdict | Promise<Verdict>;
}

/** What a deploy came to: out everywhere, taken back, or not begun. */
export type DeployResult = readonly ["ok"] | readonly ["rolledBack", why: unknown] | OpsError;

/** What a canary's judge says. */
export type Verdict = "go" | "back" | "wait";

/** The metrics of one node during a bake. */
export interface NodeMeasures {
  readonly node: string;
  readonly version: string;
  /** As `metrics.all()` gave them when the bake began. */
  readonly before: readonly Reading[];
  /** As it gives them now; of counters the difference counts. */
  readonly now: readonly Reading[];
}

/** What a canary's judge is given: the same minutes of both groups. */
export interface CanaryMeasures {
  readonly version: string;
  /** Since the bake began, ms. */
  readonly elapsedMs: number;
  /** Nodes with the new release. */
  readonly canary: readonly NodeMeasures[];
  /** Nodes that still have the old one. */
  readonly control: readonly NodeMeasures[];
}

/** What a deploy sends: `judge` is an exported function or the process that asks one. */
export type DeployOrder = Required<Omit<DeployOptions, "judge" | "role" | "count">> & {
  readonly role: string | undefined;
  readonly count: number | undefined;
  readonly judge: NonNullable<DeployOptions["judge"]> | Pid | undefined;
};

export type OpsRequest =
  | readonly ["nodes"]
  | readonly ["subscribe" | "unsubscribe", Pid]
  | readonly ["scale", role: string, count: number]
  | readonly ["drain", node: string, drainMs: number]
  | readonly ["undrain", node: string]
  | readonly ["restart", node: string, version: string | undefined, drainMs: number]
  | readonly ["deploy", version: string, DeployOrder];

export type AgentRequest =
  /** Says hello, with the nodes that are draining if they are known; answered with `Hello`. */
  | readonly ["hello", draining?: readonly string[]]
  /** Answered with "ok" when all have drained, or "timeout". */
  | readonly ["drain", drainMs: number]
  | readonly ["undrain"]
  /** Answered with the node's metrics. */
  | readonly ["measure"];

export type AgentCast =
  | readonly ["onDrain" | "drained", Pid]
  | readonly ["draining", node: string, isDraining: boolean];

/** What an agent says of its node. */
export interface Hello {
  readonly version: string;
  readonly isDraining: boolean;
}

/** Where the operator lives: the first node of the scenario that runs from the start. */
export function operatorNode(node: Node): string {
  const { scenarioNodes } = node;
  const found = scenarioNodes.find(({ standby }) => standby !== true) ?? scenarioNodes[0];
  return found?.name ?? node.name;
}
