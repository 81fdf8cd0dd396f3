/** How events leave a stage: through its dispatcher, or into its buffer when nobody has asked for them. */
import { log } from "./processes.ts";
import { isTuple } from "./stage-protocol.ts";
import {
  badReturn,
  type Flow,
  type Outcome,
  type Outgoing,
  type Stage,
  settled,
} from "./stage-state.ts";

/** Does what a callback's result says: takes the new state and emits the events, or ends the stage. */
export function* obey(stage: Stage, returned: unknown): Flow<Outcome> {
  const result = yield* settled(returned);
  const emission = readEmission(result, "noreply", 3);
  if (emission !== undefined) {
    stage.state = emission.state;
    emit(stage, emission.events);
    return undefined;
  }
  if (!isTuple(result, "stop", 3)) return badReturn(result);
  stage.state = result[2];
  return { reason: result[1] };
}

/**
 * The events and the state of a result that ends with them, `length` places in all. "hibernate"
 * may follow; it changes nothing here. Undefined for any other result.
 */
export function readEmission(
  result: unknown,
  word: "noreply" | "reply",
  length: number,
): { readonly events: readonly unknown[]; readonly state: unknown } | undefined {
  const hibernates = isTuple(result, word, length + 1) && result[length] === "hibernate";
  if (!hibernates && !isTuple(result, word, length)) return undefined;
  const events = (result as readonly unknown[])[length - 2];
  const state = (result as readonly unknown[])[length - 1];
  return Array.isArray(events) ? { events, state } : undefined;
}

/** Hands events to the dispatcher; what nobody has asked for goes into the buffer. */
export function emit(stage: Stage, events: readonly unknown[]): void {
  const { outgoing, between } = stage;
  if (events.length === 0) return;
  if (outgoing === undefined) {
    log("a consumer cannot emit events, it must return an empty array of them");
    return;
  }
  if (outgoing.held !== undefined) {
    outgoing.held.push({ kind: "events", events });
    return;
  }
  const left = outgoing.dispatcher.dispatch(events);
  if (between !== undefined)
    between.demand = Math.max(0, between.demand - (events.length - left.length));
  if (left.length > 0) store(stage, outgoing, left);
}

/** Serves demand out of the buffer, oldest events first. Gives what is left of the demand. */
export function emitBuffered(stage: Stage, outgoing: Outgoing, count: number): number {
  let left = count;
  for (;;) {
    const taken = outgoing.buffer.take(left);
    if (taken === undefined) return left;
    left -= taken.events.length;
    emit(stage, taken.events);
    for (const info of taken.infos) outgoing.dispatcher.info(info);
  }
}

/** A message to the stage itself that must not overtake the events that have been emitted. */
export function emitInfo(outgoing: Outgoing, message: unknown): void {
  if (!outgoing.buffer.storeInfo(message)) outgoing.dispatcher.info(message);
}

function store(stage: Stage, outgoing: Outgoing, events: readonly unknown[]): void {
  const { dropped, infos } = outgoing.buffer.store(events, outgoing.bufferKeep);
  if (dropped > 0 && stage.callbacks.formatDiscarded?.(dropped, stage.state) !== false)
    log(`${dropped} events dropped, the buffer is full`);
  for (const info of infos) outgoing.dispatcher.info(info);
}
