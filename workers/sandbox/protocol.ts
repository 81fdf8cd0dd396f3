/**
 * What is said between the page, the isolated frame and its workers.
 *
 * Learner code may reach the far end of these wires, so no object is shared, only plain messages
 * are, and whatever comes towards the page is parsed before it is believed. Every message carries
 * the number of its job: what comes late from a job that was stopped is dropped.
 */
import type { CheckSpec, RunFindings, Tier, TierName } from "../check/index.ts";
import {
  type Bounds,
  type Crash,
  type DiskChange,
  type Life,
  type Outbound,
  type PlannedBlow,
  ROW_WORDS,
  type Scenario,
  type TraceChunk,
} from "../kernel/index.ts";

/** Where the nodes of a run are put: all in one worker, or each in a worker of its own. */
export type Placement = "one" | "each";

/** A run to be watched: one seed, full trace. */
export interface WatchJob {
  readonly kind: "watch";
  readonly placement: Placement;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly bounds: Bounds;
}

/** Many runs to be judged: findings only. */
export interface JudgeJob {
  readonly kind: "judge";
  readonly exercise: string;
  readonly tiers: Readonly<Partial<Record<TierName, Tier>>>;
  readonly checks: readonly CheckSpec[];
  readonly bounds: Bounds;
  /** Workers to share the seeds among. */
  readonly workerCount: number;
}

export type Job = WatchJob | JudgeJob;

/** Page → frame: begin. The frame cannot fetch, so it is given the texts that its workers run. */
export interface Begin {
  readonly kind: "begin";
  readonly job: number;
  readonly runtime: string;
  readonly program: string;
  readonly what: Job;
}

/** Frame → worker: the first message, which says what the worker is. */
export type Role =
  | { readonly role: "whole"; readonly job: WatchJob }
  | { readonly role: "coordinator"; readonly job: WatchJob }
  | { readonly role: "node"; readonly job: WatchJob; readonly index: number }
  | { readonly role: "judge"; readonly job: JudgeJob; readonly share: number };

/** A signal that another node sent. */
export interface Inbound {
  readonly from: number;
  readonly outbound: Outbound;
}

/** Coordinator → node worker: take in what came, then run to `end`, or learn that a node is lost. */
export type NodeCommand =
  /** The node begins, in a first or a later life. */
  | { readonly kind: "begin"; readonly inbound: readonly Inbound[]; readonly life: Life }
  /** `answerUs`: the soonest that an answer can come to what this node sends, after its arrival. */
  | {
      readonly kind: "run";
      readonly inbound: readonly Inbound[];
      readonly end: number;
      readonly answerUs: number;
    }
  | {
      readonly kind: "lose";
      readonly inbound: readonly Inbound[];
      readonly node: number;
      readonly at: number;
    }
  /** Something besides the plan is going to be done to the world. */
  | {
      readonly kind: "strike";
      readonly inbound: readonly Inbound[];
      readonly blows: readonly PlannedBlow[];
    }
  /** The run is over at `at`. */
  | { readonly kind: "finish"; readonly inbound: readonly Inbound[]; readonly at: number };

/** Node worker → coordinator, after each command. */
export interface NodeReport {
  readonly nextAt: number;
  readonly outbound: readonly Outbound[];
  /** Rows since the last report; payloads keep the numbers that they have on the node. */
  readonly rows: TraceChunk;
  readonly crashes: readonly Crash[];
  /** What a next life of the node would take over; its start is the coordinator's to say. */
  readonly nextLife: Life;
  /** What became lasting on its disk, which the coordinator keeps for it. */
  readonly disk: readonly DiskChange[];
}

/** Worker → frame → page. */
export type News =
  /** Rows of the trace, in order. */
  | { readonly kind: "rows"; readonly chunk: TraceChunk; readonly recordedUs: number }
  /** A process ended by an error, with its stack for the page to map. */
  | { readonly kind: "crash"; readonly crash: Crash }
  /** The run is complete. `workers`: how many ran learner code. */
  | { readonly kind: "end"; readonly digest: string; readonly workers: number }
  /** One run of a judgement. */
  | { readonly kind: "findings"; readonly findings: RunFindings }
  /** A worker has judged its share. */
  | { readonly kind: "judged" }
  /** The sandbox itself could not go on; `what` is for people. */
  | { readonly kind: "failed"; readonly what: string }
  /** Coordinator → frame only: terminate a worker, by its place in the plan. */
  | { readonly kind: "terminate"; readonly index: number };

/** What the frame sends to the page. */
export interface FromFrame {
  readonly steady: true;
  readonly job: number;
  readonly news: News | { readonly kind: "ready" };
}

/** Most messages and bytes that one job may send to the page; past them the frame falls silent. */
export const NEWS_COUNT_MAX = 20_000;
export const NEWS_BYTES_MAX = 400_000_000;

/** Parses what came from the frame; undefined for anything that is not exactly a known message. */
export function parseFromFrame(data: unknown): FromFrame | undefined {
  if (!isRecord(data) || data["steady"] !== true || typeof data["job"] !== "number")
    return undefined;
  const news = data["news"];
  if (!isRecord(news) || !isNews(news)) return undefined;
  return data as unknown as FromFrame;
}

function isNews(news: Record<string, unknown>): boolean {
  switch (news["kind"]) {
    case "ready":
    case "judged":
      return true;
    case "rows":
      return typeof news["recordedUs"] === "number" && isChunk(news["chunk"]);
    case "crash":
      return isCrash(news["crash"]);
    case "end":
      return typeof news["digest"] === "string" && typeof news["workers"] === "number";
    case "findings":
      return isFindings(news["findings"]);
    case "failed":
      return typeof news["what"] === "string";
    default:
      return false;
  }
}

/** Counts that add up to the words there are; what the words say is for `Trace` to bear. */
function isChunk(chunk: unknown): chunk is TraceChunk {
  if (!isRecord(chunk)) return false;
  const { rowCount, words, sideLength, epochLength, payloadFirst, payloads } = chunk;
  if (!isCount(rowCount) || !isCount(sideLength) || !isCount(epochLength)) return false;
  if (!isCount(payloadFirst) || !Array.isArray(payloads) || !(words instanceof Uint32Array))
    return false;
  return words.length === rowCount * ROW_WORDS + sideLength + epochLength + payloads.length;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isCrash(crash: unknown): boolean {
  return (
    isRecord(crash) &&
    typeof crash["at"] === "number" &&
    ["pid", "label", "message", "stack"].every((name) => typeof crash[name] === "string")
  );
}

function isFindings(findings: unknown): boolean {
  if (
    !isRecord(findings) ||
    typeof findings["seed"] !== "number" ||
    typeof findings["digest"] !== "string"
  )
    return false;
  if (findings["tier"] !== "S" && findings["tier"] !== "P") return false;
  return isRecord(findings["findings"]) && Object.values(findings["findings"]).every(isFinding);
}

function isFinding(finding: unknown): boolean {
  if (!isRecord(finding)) return false;
  const { measured, evidence } = finding;
  const isMeasured =
    measured === undefined ||
    (isRecord(measured) && Object.values(measured).every((value) => typeof value === "number"));
  const isEvidence =
    evidence === undefined ||
    (isRecord(evidence) &&
      typeof evidence["check"] === "string" &&
      typeof evidence["pattern"] === "string" &&
      typeof evidence["seed"] === "number" &&
      typeof evidence["atUs"] === "number" &&
      isRecord(evidence["values"]) &&
      Object.values(evidence["values"]).every(
        (value) => typeof value === "number" || typeof value === "string",
      ));
  return isMeasured && isEvidence;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
