/**
 * A stage as a server: which message means what. Events and demand travel as plain messages, so
 * that they are seen on their way; whatever is not of the stages' own protocol is the learner's.
 *
 * The server's state is the learner's alone, so that a callback that fails leaves it as it was.
 * The rest of a stage belongs to its process.
 */
import { brief, type Process } from "../kernel/index.ts";
import type { From } from "./call.ts";
import { type CallResult, genServer, type InitResult, type NoReplyResult } from "./gen-server.ts";
import { here } from "./here.ts";
import type { ServerRef } from "./naming.ts";
import { log, random, self, send } from "./processes.ts";
import { EventBuffer } from "./stage-buffer.ts";
import type {
  DemandMode,
  StageCallbacks,
  StageKind,
  StageOptions,
  SubscriptionOptions,
} from "./stage-callbacks.ts";
import { type Answer, cancelled, receiveEvents, subscribe } from "./stage-consumer.ts";
import { createDispatcher } from "./stage-dispatch.ts";
import { emit, emitInfo, obey, readEmission } from "./stage-emit.ts";
import { BadOptions, readStageOptions, type StageSettings, withoutTo } from "./stage-options.ts";
import { accept, asked, release, setDemandMode, watchedBy } from "./stage-producer.ts";
import {
  askInNameOf,
  type Down,
  type FromConsumer,
  type FromProducer,
  isTuple,
  type Replaced,
  readMessage,
  tellConsumer,
} from "./stage-protocol.ts";
import {
  type Flow,
  follow,
  type Incoming,
  needed,
  type Outcome,
  type Outgoing,
  type Stage,
  settled,
} from "./stage-state.ts";
import type { Definition } from "./start.ts";

/** What the functions of `genStage` ask of a stage, and the words for it. */
export const REQUEST = {
  subscribe: "$subscribe",
  demand: "$demand",
  info: "$info",
  bufferedCount: "$estimate_buffered_count",
} as const;

export type SubscribeRequest = readonly [
  typeof REQUEST.subscribe,
  replaced: Replaced | undefined,
  to: ServerRef,
  options: SubscriptionOptions,
];

/** What belongs to a stage's process besides the learner's state. */
const STAGES = new WeakMap<Process, Stage>();

/** A stage, made by `stage`; started as a server is, which it is inside. */
export interface StageModule extends Definition {
  readonly kind: StageKind;
}

/** The server that runs a stage with these callbacks. Pictures call its process by the stage's kind. */
export function stageServer(callbacks: StageCallbacks<unknown>): StageModule {
  const { begin: beginServer } = genServer<unknown>({
    init: (...args: never[]) => follow(begin(callbacks, args)),
    handleCall(request: unknown, from: From, state) {
      const stage = stageWith(state);
      return follow(answer(stage, request, from));
    },
    handleCast(message: unknown, state) {
      const stage = stageWith(state);
      return follow(conclude(stage, hear(stage, message)));
    },
    handleInfo(message: unknown, state) {
      const stage = stageWith(state);
      return follow(conclude(stage, notice(stage, message)));
    },
    terminate: (reason, state) => callbacks.terminate?.(reason, state),
  });
  return { kind: callbacks.kind, begin: beginServer };
}

/** Runs init, reads its options, and makes the subscriptions that they ask for. */
function* begin(
  callbacks: StageCallbacks<unknown>,
  args: readonly never[],
): Flow<InitResult<unknown>> {
  const result = yield* settled(callbacks.init(...args));
  if (result === "ignore") return "ignore";
  if (isTuple(result, "stop", 2)) return ["stop", result[1]];
  const options = isTuple(result, "ok", 2) ? {} : isTuple(result, "ok", 3) ? result[2] : undefined;
  if (typeof options !== "object" || options === null) {
    return ["stop", ["bad_return_value", result]];
  }
  const settings = readStageOptions(callbacks.kind, options as StageOptions);
  if (settings instanceof BadOptions) return ["stop", ["bad_opts", settings.text]];
  const stage = createStage(callbacks, (result as readonly unknown[])[1], settings);
  if (stage instanceof BadOptions) return ["stop", ["bad_opts", stage.text]];
  STAGES.set(stage.process, stage);
  for (const producer of settings.subscribeTo) {
    const [to, others] = readProducer(producer);
    const { ending } = yield* subscribe(stage, to, others);
    if (ending !== undefined) return ["stop", ending.reason];
  }
  return ["ok", stage.state];
}

function createStage(
  callbacks: StageCallbacks<unknown>,
  state: unknown,
  settings: StageSettings,
): Stage | BadOptions {
  const { kind } = callbacks;
  const outgoing = kind === "consumer" ? undefined : createOutgoing(settings);
  if (outgoing instanceof BadOptions) return outgoing;
  return {
    process: here(),
    callbacks,
    state,
    outgoing,
    incoming: kind === "producer" ? undefined : { producers: new Map() },
    between: kind === "producerConsumer" ? { demand: 0, queue: [] } : undefined,
  };
}

function createOutgoing(settings: StageSettings): Outgoing | BadOptions {
  const { bufferSize, bufferKeep, demand } = settings;
  const dispatcher = createDispatcher(settings.dispatcher, {
    deliver: tellConsumer,
    askInNameOf,
    toSelf: (message) => send(self(), message),
    warn: log,
    random,
  });
  if (dispatcher === undefined) {
    return new BadOptions(
      'expected dispatcher to be "demand", "broadcast", { demand: options } or { partition: count or names, hash }',
    );
  }
  return {
    dispatcher,
    buffer: new EventBuffer(bufferSize),
    bufferKeep,
    consumers: new Map(),
    held: demand === "accumulate" ? [] : undefined,
  };
}

/** The stage of the running process, with its server's state. */
function stageWith(state: unknown): Stage {
  // Every server made above has one from its init on.
  const stage = STAGES.get(here()) as Stage;
  stage.state = state;
  return stage;
}

/** What the server is told when a step is done. */
function* conclude(stage: Stage, step: Flow<Outcome>): Flow<NoReplyResult<unknown>> {
  const ending = yield* step;
  return ending === undefined ? ["noreply", stage.state] : ["stop", ending.reason, stage.state];
}

/** Answers a call: of `genStage`, or the learner's. */
function* answer(stage: Stage, request: unknown, from: From): Flow<CallResult<unknown>> {
  if (isTuple(request, REQUEST.subscribe, 4)) {
    const { reply, ending } = yield* subscribeAsTold(stage, request);
    if (ending === undefined) return ["reply", reply, stage.state];
    if (reply === undefined) return ["stop", ending.reason, stage.state];
    return ["stop", ending.reason, reply, stage.state];
  }
  if (isTuple(request, REQUEST.info, 2)) {
    queueInfo(stage, request[1]);
    return ["reply", "ok", stage.state];
  }
  if (request === REQUEST.demand) {
    const mode: DemandMode = stage.outgoing?.held === undefined ? "forward" : "accumulate";
    return ["reply", mode, stage.state];
  }
  if (request === REQUEST.bufferedCount) {
    return ["reply", stage.outgoing?.buffer.length ?? 0, stage.state];
  }
  const result = yield* settled(needed(stage, "handleCall")(request, from, stage.state));
  const emission = readEmission(result, "reply", 4);
  if (emission !== undefined) {
    stage.state = emission.state;
    emit(stage, emission.events);
    return ["reply", (result as readonly unknown[])[1], emission.state];
  }
  if (isTuple(result, "stop", 4)) return ["stop", result[1], result[2], result[3]];
  return yield* conclude(stage, obey(stage, result));
}

/** Handles a cast: of `genStage`, or the learner's. */
function* hear(stage: Stage, message: unknown): Flow<Outcome> {
  if (isTuple(message, REQUEST.subscribe, 4)) {
    return (yield* subscribeAsTold(stage, message)).ending;
  }
  if (isTuple(message, REQUEST.info, 2)) {
    queueInfo(stage, message[1]);
    return undefined;
  }
  if (isTuple(message, REQUEST.demand, 2)) {
    return yield* setDemandMode(stage, message[1] as DemandMode);
  }
  return yield* obey(stage, needed(stage, "handleCast")(message, stage.state));
}

/** Handles any other message: of another stage, of the end of one, or the learner's. */
function* notice(stage: Stage, message: unknown): Flow<Outcome> {
  const known = readMessage(message);
  if (known !== undefined && known.kind !== "down") {
    const { incoming, outgoing } = stage;
    if (known.kind === "events" || known.kind === "cancelled") {
      if (incoming !== undefined) return yield* hearProducer(stage, incoming, known);
    } else if (outgoing !== undefined) return yield* hearConsumer(stage, outgoing, known);
    log(`a ${stage.callbacks.kind} cannot take the message "${known.kind}"`);
    return undefined;
  }
  const lost = known === undefined ? undefined : noticeDown(stage, known);
  if (lost !== undefined) return yield* lost;
  const { handleInfo } = stage.callbacks;
  if (handleInfo === undefined) {
    log(`no handleInfo, so this message is dropped: ${brief(message)}`);
    return undefined;
  }
  return yield* obey(stage, handleInfo.call(stage.callbacks, message, stage.state));
}

function hearConsumer(stage: Stage, outgoing: Outgoing, told: FromConsumer): Flow<Outcome> {
  switch (told.kind) {
    case "subscribe":
      return accept(stage, outgoing, told.consumer, told.options, told.replaced);
    case "ask":
      return asked(stage, outgoing, told.consumer, told.count);
    case "cancel":
      return release(stage, outgoing, told.consumer[1], ["cancel", told.reason]);
  }
}

function hearProducer(stage: Stage, incoming: Incoming, told: FromProducer): Flow<Outcome> {
  switch (told.kind) {
    case "events":
      return receiveEvents(stage, incoming, told.producer, told.events);
    case "cancelled":
      return cancelled(stage, incoming, told.producer[1], ["cancel", told.reason]);
  }
}

/** A watched process is down: a producer, a consumer, or undefined when the learner watches it. */
function noticeDown(stage: Stage, { ref, reason }: Down): Flow<Outcome> | undefined {
  const { incoming, outgoing } = stage;
  if (incoming?.producers.has(ref)) return cancelled(stage, incoming, ref, ["down", reason]);
  const tag = outgoing === undefined ? undefined : watchedBy(outgoing, ref);
  if (outgoing === undefined || tag === undefined) return undefined;
  return release(stage, outgoing, tag, ["down", reason]);
}

function subscribeAsTold(stage: Stage, told: readonly unknown[]): Flow<Answer> {
  const [, replaced, to, options] = told as SubscribeRequest;
  return subscribe(stage, to, options, replaced);
}

/** A message to the stage itself that is due when the events it has emitted before have left. */
function queueInfo({ outgoing, between }: Stage, message: unknown): void {
  if (outgoing === undefined) send(self(), message);
  else if (between !== undefined && between.queue.length > 0)
    between.queue.push({ kind: "info", message });
  else emitInfo(outgoing, message);
}

function readProducer(
  producer: StageSettings["subscribeTo"][number],
): readonly [ServerRef, SubscriptionOptions] {
  return typeof producer === "object" && "to" in producer ? withoutTo(producer) : [producer, {}];
}
