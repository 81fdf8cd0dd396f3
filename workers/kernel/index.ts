/** The kernel's door: a deterministic cluster of processes in virtual time. Rules in SPEC.md. */
export { BOUNDS, type Bounds } from "./bounds.ts";
export {
  Cluster,
  type ClusterOptions,
  createNode,
  cutRows,
  faultsInOrder,
  writeNodeDown,
} from "./cluster.ts";

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
export { combine, digestOf, hashText } from "./digest.ts";
export { guard, isStop } from "./guard.ts";
export { exp, ln, power } from "./math.ts";
export { type Destination, isPid, type NameOnNode, type Pid, type Ref } from "./names.ts";
export { type Crash, Node, Process } from "./node.ts";
export { copy, MESSAGE_BYTES_MAX, NotSendable } from "./payload.ts";
export type { Behaviour, Match } from "./process.ts";
export { RandomStream, STREAM } from "./random.ts";
export { brief, ErlangError, Exit, reasonOf, Stop } from "./reason.ts";
export type {
  Distribution,
  FaultSpec,
  NodeSpec,
  OpenLoadSpec,
  RunName,
  Scenario,
  StartSpec,
  WireSpec,
} from "./scenario.ts";
export type { Envelope, ExitReason, Outbound } from "./signals.ts";
export { instant, microseconds, START, US_PER_MS, type VirtualTime } from "./time.ts";
export {
  KIND,
  type Kind,
  kindName,
  nodeOf,
  SIGNAL,
  type Signal,
  serialOf,
  signalName,
  Trace,
  type TraceChunk,
  traceId,
} from "./trace.ts";
