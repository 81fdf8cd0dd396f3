/**
 * The learner's API. Names and behaviour are OTP's, in TypeScript's spelling; each function's
 * comment ends with what it is called on the BEAM. Times are milliseconds of virtual time.
 */
export type { Destination, NameOnNode, Pid, Ref } from "../kernel/names.ts";
export { ErlangError, Exit } from "../kernel/reason.ts";
export { type CallOptions, call, cast, type Eventually, type From, reply } from "./call.ts";
export {
  type Callbacks,
  type CallResult,
  type GenServer,
  genServer,
  type InitResult,
  type NoReplyResult,
  type StartOptions,
  type StartResult,
  start,
  startLink,
  stop,
  type Then,
} from "./gen-server.ts";
export {
  type Clause,
  cancelTimer,
  demonitor,
  error,
  exit,
  link,
  log,
  monitor,
  monotonic,
  node,
  type Pattern,
  type ProcessInfo,
  processInfo,
  type ReceiveOptions,
  random,
  receive,
  register,
  type SpawnOptions,
  self,
  send,
  sendAfter,
  sleep,
  spawn,
  spawnLink,
  spawnMonitor,
  trapExit,
  unlink,
  unregister,
  type WorkOptions,
  when,
  whereis,
  work,
} from "./processes.ts";
export type { Term } from "./term.ts";
