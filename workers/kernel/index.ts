/** The kernel's door: a deterministic cluster of processes in virtual time. Rules in SPEC.md. */
export { answering, type Outcome, outcomeIn } from "./answering.ts";
export { BOUNDS, type Bounds } from "./bounds.ts";
export {
  Cluster,
  type ClusterOptions,
  createNode,
  cutRows,
  isEnd,
  writeNodeDown,
} from "./cluster.ts";
export { type Blow, blowsOf, inOrder, type PlannedBlow } from "./faults.ts";

import { asyncGenerator, delegate, done, failed, forAwait, run, yielded } from "./coroutine.ts";

export { CoPromise, currentOwner } from "./coroutine.ts";
/** What the compiler's output calls of the coroutines. */
export const coroutines = {
  run,
  done,
  failed,
  asyncGenerator,
  yielded,
  delegate,
  forAwait,
} as const;
export { contains } from "./conditions.ts";
export { combine, digestOf, finish as finishHash, hashText } from "./digest.ts";
export { leastDurationUs } from "./duration.ts";
export { guard, isStop } from "./guard.ts";
export { exp, ln, power } from "./math.ts";
export {
  changedImage,
  type DiskChange,
  type DiskEntry,
  type DiskFile,
  type DiskImage,
  type DiskSpec,
  type Medium,
} from "./medium.ts";
export {
  type Destination,
  type GlobalName,
  isPid,
  isRef,
  type NameOnNode,
  nodeOfAddress,
  type Pid,
  type Ref,
} from "./names.ts";
export { type Crash, FIRST_LIFE, type Life, Node, Process } from "./node.ts";
export { normalQuantile } from "./normal.ts";
export { blowsOfOrder, ORDER_US_MIN, type Order } from "./orders.ts";
export {
  copy,
  declareExports,
  type Exports,
  exportName,
  MESSAGE_BYTES_MAX,
  NotSendable,
} from "./payload.ts";
export type { AliasMode, Behaviour, Match } from "./process.ts";
export { RandomStream, STREAM } from "./random.ts";
export { brief, ErlangError, Exit, reasonOf, Stop } from "./reason.ts";
export { ROW_WORDS } from "./row.ts";
export type {
  ClosedLoadSpec,
  Distribution,
  DistributionSpec,
  FaultSpec,
  LoadSpec,
  NodeSpec,
  OpenLoadSpec,
  OutageMode,
  RunName,
  Scenario,
  StartSpec,
  WireSpec,
} from "./scenario.ts";
export { Envelope, type ExitReason, fromOf, messageOf, type Outbound } from "./signals.ts";
export { instant, microseconds, START, US_PER_MS, type VirtualTime } from "./time.ts";
export {
  ChunkReader,
  hashIn,
  KIND,
  type Kind,
  type KindName,
  kindName,
  nodeOf,
  SIGNAL,
  type Signal,
  type SignalName,
  serialOf,
  signalName,
  Trace,
  type TraceChunk,
  traceId,
} from "./trace.ts";
