/**
 * The learner's module "world": what surrounds processes. Where OTP or a well-known library has the
 * like, names are its names and a function's comment ends with what it is called there. Times are
 * milliseconds of virtual time.
 */

export { type AlarmPlace, alarm, type WatchOptions } from "./alarm.ts";
export type { Alarm, AlarmMessage, Severity } from "./alarm-handler.ts";
export { type Db, db, type Transaction, type TxResult } from "./db.ts";
export { disk } from "./disk.ts";
export type { DiskKv, WriteResult } from "./disk-kv.ts";
export type { AppendResult, DiskLog } from "./disk-log.ts";
export { type FlagShare, flags } from "./flags.ts";
export type { FlagMessage } from "./flags-server.ts";
export { type FuseOptions, type FuseResult, type FuseStrategy, fuse } from "./fuse.ts";
export { hash } from "./hash.ts";
export { type HashRing, type HashRingOptions, hashRing } from "./hash-ring.ts";
export { intended } from "./intended.ts";
export {
  type AskOptions,
  ask,
  done,
  jobsQueue,
  type Leave,
  queueInfo,
  runJob,
} from "./jobs-queue.ts";
export type { JobsQueueInfo, JobsQueueOptions } from "./jobs-queue-server.ts";
export {
  type LogEvent,
  type LoggerConfig,
  type LoggerInfo,
  type LoggerMode,
  logger,
} from "./logger.ts";
export {
  type Counter,
  type Gauge,
  type HistogramMetric,
  type HistogramSnapshot,
  type Labels,
  type MeterMetric,
  type MeterReading,
  type MetricType,
  metrics,
  type Reading,
  type SpiralMetric,
  type SpiralReading,
} from "./metrics.ts";
export { notify } from "./notify.ts";
export { ops } from "./ops.ts";
export type { DrainMessage } from "./ops-agent.ts";
export type {
  CanaryMeasures,
  DeployOptions,
  DeployResult,
  DeployStrategy,
  NodeMeasures,
  NodeState,
  OpsError,
  OpsMessage,
  OpsNode,
  Verdict,
} from "./ops-protocol.ts";
export { type CheckoutOptions, checkin, checkout, pool, poolStatus, transaction } from "./pool.ts";
export type { PoolOptions, PoolStatus } from "./pool-server.ts";
export {
  type ProviderApi,
  type ProviderProblem,
  type ProviderService,
  provider,
} from "./provider.ts";
export type {
  ProviderLatency,
  ProviderMode,
  ProviderOptions,
  ProviderOutage,
  ProviderRequest,
} from "./provider-options.ts";
export {
  joinRing,
  leaveRing,
  type Move,
  meetsTargetN,
  moves,
  ownerOf,
  ownersOf,
  partitionIn,
  preflist,
  type Ring,
  type RingChange,
  type RingOptions,
  ring,
} from "./ring.ts";
export { type BurnOptions, type Series, series } from "./series.ts";
export type { SequentialOptions, SequentialResult, Share } from "./series-compare.ts";
export {
  type Judge,
  type Judged,
  type JudgedAlarm,
  type Past,
  type RunSeriesOptions,
  runSeries,
  type SeriesTable,
} from "./series-run.ts";
export {
  type CanaryOptions,
  canarySeries,
  drawIncidents,
  type Incident,
  type IncidentKind,
  type TrafficOptions,
  trafficSeries,
} from "./series-source.ts";
export {
  type Address,
  type ConnectOptions,
  type ProtocolOptions,
  type Socket,
  type SocketMessage,
  socket,
} from "./socket.ts";
export { context, type SpanContext, type SpanOptions, span, withContext } from "./span.ts";
export { type StreamApi, type StreamBroker, type StreamOptions, stream } from "./stream.ts";
export type { Consumer, ConsumerOptions } from "./stream-consumer.ts";
export type { Place, StreamLag, StreamRecord } from "./stream-protocol.ts";
export {
  type AttachedHandler,
  type EventHandler,
  type EventMetadata,
  type EventName,
  type Measurements,
  telemetry,
} from "./telemetry.ts";
export {
  type RetryBudget,
  type RetryBudgetOptions,
  retryBudget,
  type TokenBucket,
  type TokenBucketOptions,
  tokenBucket,
} from "./token-bucket.ts";
export { type Topic, topic } from "./topic.ts";
