/** A producer of a list's items: it hands them out on demand and ends when there are none left. */
import { cast } from "./call.ts";
import { self } from "./processes.ts";
import type { DemandMode, DispatcherOption, StageCallbacks } from "./stage-callbacks.ts";
import { REQUEST, stageServer } from "./stage-server.ts";
import { type StartOptions, type StartResult, start, startLink } from "./start.ts";

/** How a producer of a list is started. */
export interface ListOptions extends StartOptions {
  /** False to start it without a link; default true. */
  readonly link?: boolean;
  /** Who gets which items; default "demand". A hash must be an exported function, as in any message. */
  readonly dispatcher?: DispatcherOption;
  /** "accumulate" keeps all back until `genStage.demand(producer, "forward")`. */
  readonly demand?: DemandMode;
  /** What happens when the last of its consumers has gone: it stays (the default), or stops. */
  readonly onCancel?: "continue" | "stop";
}

interface ListState {
  readonly items: readonly unknown[];
  readonly next: number;
  readonly isDone: boolean;
  /** How many consumers it has. */
  readonly consumerCount: number;
  readonly options: ListOptions;
}

const callbacks: StageCallbacks<ListState> = {
  kind: "producer",
  init(items: readonly unknown[], options: ListOptions) {
    const { dispatcher, demand } = options;
    const state: ListState = { items, next: 0, isDone: false, consumerCount: 0, options };
    return ["ok", state, { dispatcher, demand }];
  },
  handleSubscribe(_kind, _options, _from, state) {
    return ["automatic", { ...state, consumerCount: state.consumerCount + 1 }];
  },
  handleCancel(_reason, _from, state) {
    const left = { ...state, consumerCount: state.consumerCount - 1 };
    const stops = left.consumerCount === 0 && state.options.onCancel === "stop";
    return stops ? ["stop", "normal", left] : ["noreply", [], left];
  },
  handleDemand(demand, state) {
    const next = state.next + demand;
    const events = state.items.slice(state.next, next);
    // An end that is just reached is seen when more is asked for, as with any enumerable.
    const isDone = next > state.items.length;
    if (isDone && !state.isDone) cast(self(), [REQUEST.info, STOP]);
    return ["noreply", events, { ...state, next, isDone }];
  },
  handleInfo(message, state) {
    return message === STOP ? ["stop", "normal", state] : ["noreply", [], state];
  },
};

const LIST = stageServer(callbacks as StageCallbacks<unknown>);

/** Sent to itself behind the last items, so that they leave first. */
const STOP = "stop";

/** Starts a producer of these items. They are copied as a message is. */
export function startList(
  items: readonly unknown[],
  options: ListOptions = {},
): Promise<StartResult> {
  const { link = true, dispatcher, demand, onCancel, ...starting } = options;
  const args = [items, { dispatcher, demand, onCancel }];
  return link ? startLink(LIST, args, starting) : start(LIST, args, starting);
}
