/**
 * The learner's API. Names and behaviour are OTP's, in TypeScript's spelling; each function's
 * comment ends with what it is called on the BEAM. Times are milliseconds of virtual time.
 */
export type { Destination, NameOnNode, Pid, Ref } from "../kernel/names.ts";
export type { AliasMode } from "../kernel/process.ts";
export { ErlangError, Exit } from "../kernel/reason.ts";
export {
  type Application,
  type ApplicationOptions,
  application,
  startApplication,
  stopApplication,
  whichApplications,
} from "./application.ts";
export type {
  ApplicationCallbacks,
  ApplicationMode,
  ApplicationNodes,
  StartType,
} from "./application-callbacks.ts";
export { type CallOptions, call, cast, type Eventually, type From, reply } from "./call.ts";
export type {
  AutoShutdown,
  ChildSpec,
  ChildStart,
  ChildStartResult,
  RestartType,
  Shutdown,
  Strategy,
  SupervisorFlags,
} from "./child-spec.ts";
export type { ChildCounts, ChildRow } from "./children.ts";
export {
  type DynamicSupervisorModule,
  type DynamicSupervisorOptions,
  dynamicSupervisor,
} from "./dynamic-supervisor.ts";
export {
  type CounterStep,
  ets,
  type Selection,
  type TableInfo,
  type TableObject,
  type TableOptions,
} from "./ets.ts";
export type { TableType } from "./ets-table.ts";
export type { EtsTransfer, Protection, TableId } from "./ets-tables.ts";
export {
  type Callbacks,
  type CallResult,
  type GenServer,
  genServer,
  type InitResult,
  type NoReplyResult,
  type StartMonitorResult,
  type StartOptions,
  type StartResult,
  start,
  startLink,
  startMonitor,
  stop,
  type Then,
} from "./gen-server.ts";
export { type GenStatem, genStatem } from "./gen-statem.ts";
export type { GlobalName, Resolve } from "./global.ts";
export type { LockId } from "./global-locks.ts";
export { type GlobalOptions, global } from "./global-names.ts";
export type { LogLevel, LogReport } from "./log.ts";
export { abcast, type MultiCallResult, multiCall } from "./multi-call.ts";
export type { ServerName, ServerRef } from "./naming.ts";
export { connect, disconnect, monitorNode, monitorNodes, nodes, ping } from "./nodes.ts";
export {
  type PartitionSupervisorOptions,
  partitionCount,
  partitionOf,
  partitionSupervisor,
} from "./partition-supervisor.ts";
export { type PgMessage, pg } from "./pg.ts";
export type { GroupMembers } from "./pg-scope.ts";
export {
  alias,
  type CancelOptions,
  type Clause,
  cancelTimer,
  type DemonitorOptions,
  demonitor,
  error,
  exit,
  isProcessAlive,
  link,
  log,
  type MonitorOptions,
  makeRef,
  maxHeap,
  monitor,
  monotonic,
  type NodeStatistics,
  node,
  type Pattern,
  type ProcessInfo,
  processInfo,
  type ReceiveOptions,
  random,
  readTimer,
  receive,
  register,
  registered,
  type SpawnOptions,
  self,
  send,
  sendAfter,
  sleep,
  spawn,
  spawnLink,
  spawnMonitor,
  startTimer,
  statistics,
  trapExit,
  unalias,
  unlink,
  unregister,
  type WorkOptions,
  wall,
  when,
  whereis,
  work,
} from "./processes.ts";
export {
  type ListenerMessage,
  type RegistryOptions,
  registry,
  type ViaName,
} from "./registry.ts";
export {
  type RequestId,
  type Response,
  receiveResponse,
  sendRequest,
  waitResponse,
} from "./requests.ts";
export { erpc, rpc } from "./rpc.ts";
export {
  type CancelMode,
  type CancelReason,
  type DemandMode,
  type DispatcherOption,
  type EventsResult,
  genStage,
  type ListOptions,
  type PartitionHash,
  type PartitionId,
  type StageCallbacks,
  type StageCallResult,
  type StageInitResult,
  type StageKind,
  type StageModule,
  type StageOptions,
  type SubscribeOptions,
  type SubscribeReply,
  type SubscribeResult,
  type Subscription,
  type SubscriptionOptions,
  stage,
} from "./stage.ts";
export type { Definition } from "./start.ts";
export type {
  Action,
  Actions,
  CallbackMode,
  EventResult,
  EventType,
  Replies,
  StatemCallbacks,
  StatemInitResult,
  TimeoutOptions,
  TimeoutType,
} from "./statem-module.ts";
export {
  checkChildSpecs,
  countChildren,
  deleteChild,
  getChildSpec,
  restartChild,
  type Supervisor,
  type SupervisorInit,
  type SupervisorModule,
  type SupervisorOptions,
  startChild,
  supervisor,
  terminateChild,
  whichChildren,
} from "./supervisor.ts";
export { hotUpgrade, sys } from "./sys.ts";
export { task } from "./task.ts";
export type { Outcome, Task, YieldManyOptions } from "./task-owner.ts";
export type { StreamOptions, StreamResult } from "./task-stream.ts";
export type { SupervisedOptions, TaskSupervisorOptions } from "./task-supervisor.ts";
export type { Term } from "./term.ts";
