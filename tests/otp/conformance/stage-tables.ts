/** Demand stages made from tables (section 8). */
import { bed } from "./bed.ts";
import { drive, type Script, settled } from "./coroutine.ts";
import { api } from "./product.ts";
import type { Fields } from "./recording.ts";
import { decode, encode, encodeMs } from "./terms.ts";

/** What a stage of ours keeps between callbacks: the next number of a counter, the newest subscription. */
interface StageState {
  readonly next: number;
  readonly newest: unknown;
}

type Mapping = (event: number) => readonly number[];

const MAPPINGS: Readonly<Record<string, Mapping>> = {
  double: (event) => [2 * event],
  dup: (event) => [event, event],
  odd: (event) => (event % 2 === 0 ? [] : [event]),
};

/** The scenario's stage `name`, whose process gets `label`. */
export function stageOf(name: string, label: string): unknown {
  const table = bed().recording.stages?.[name];
  if (table === undefined) throw new Error(`the scenario has no stage "${name}"`);
  const kind = table["type"] === "producer_consumer" ? "producerConsumer" : table["type"];
  const emit = (events: readonly unknown[], state: StageState) => ["noreply", events, state];
  return api("stage", {
    kind,
    init() {
      bed().begin(label, String(api("self")));
      const state: StageState = { next: 1, newest: undefined };
      return ["ok", state, optionsOf(table)];
    },
    handleDemand(demand: number, state: StageState) {
      bed().write("cb", "handle_demand", demand);
      if (table["source"] !== "counter") return emit([], state);
      const last = state.next + Number(table["batch"] ?? demand) - 1;
      const events = countUp(state.next, Math.min(last, Number(table["limit"] ?? last)));
      return emit(events, { ...state, next: state.next + events.length });
    },
    handleEvents: (events: readonly number[], _from: unknown, state: StageState) =>
      drive(handleEvents(table, events, state)),
    handleSubscribe(side: string, _options: unknown, from: readonly unknown[], state: StageState) {
      bed().write("cb", "handle_subscribe", [side, from[0]]);
      if (side !== "producer") return ["automatic", state];
      return [table["manual"] === true ? "manual" : "automatic", { ...state, newest: from }];
    },
    handleCancel(reason: unknown, from: readonly unknown[], state: StageState) {
      bed().write("cb", "handle_cancel", [decode(reason), from[0]]);
      return emit([], state);
    },
    handleCast(message: readonly [string, unknown], state: StageState) {
      bed().write("cb", "handle_cast", decode(message));
      const [word, argument] = message;
      if (word === "push") return emit(argument as readonly unknown[], state);
      if (word === "stop") return ["stop", argument, state];
      if (word === "ask") api("genStage.ask", state.newest, argument);
      if (word === "cancel") api("genStage.cancelSubscription", state.newest, argument);
      return emit([], state);
    },
    terminate(reason: unknown) {
      bed().write("cb", "terminate", decode(reason));
    },
  });
}

/** The options of a stage that its table gives; the others are GenStage's defaults. */
function optionsOf(table: Fields): unknown {
  const { dispatcher, buffer_size, buffer_keep, demand } = table;
  return {
    ...(dispatcher !== undefined && { dispatcher: dispatcherOf(dispatcher as string | Fields) }),
    ...(buffer_size !== undefined && { bufferSize: encodeMs(buffer_size) }),
    ...(buffer_keep !== undefined && { bufferKeep: encode(buffer_keep) }),
    ...(demand !== undefined && { demand: encode(demand) }),
  };
}

function dispatcherOf(dispatcher: string | Fields): unknown {
  if (typeof dispatcher === "string") return dispatcher;
  const count = dispatcher["partition"] as number;
  return { partition: count, hash: (event: number) => [event, event % count] };
}

function countUp(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

function* handleEvents(
  table: Fields,
  events: readonly number[],
  state: StageState,
): Script<unknown> {
  bed().write("cb", "handle_events", decode(events));
  if (table["sleep"] !== undefined) yield* settled(api("sleep", table["sleep"]));
  if (events.includes(table["crash_on"] as number)) api("error", "boom");
  if (table["type"] === "consumer") return ["noreply", [], state];
  const mapping = MAPPINGS[table["map"] as string];
  return ["noreply", mapping === undefined ? events : events.flatMap(mapping), state];
}
