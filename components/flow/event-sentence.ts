/** A row of the trace as a sentence: the picture's other form, for lists, readers and tests. */

import { KIND, nodeOf, SIGNAL, serialOf, type Trace } from "../../workers/kernel/trace.ts";
import { durationText } from "../playback/time-text.ts";
import { NONE } from "./tables.ts";
import type { TraceIndex } from "./trace-index.ts";

/** Characters of a payload that a sentence shows. */
const PAYLOAD_MAX = 72;

export interface Names {
  /** `till` when it has registered that name, else `<web.1201>`; a node's own name for a node. */
  process(id: number): string;
  node(index: number): string;
  /** When a message was sent and with which signal; undefined when the trace does not say. */
  message(id: number): { readonly sentAt: number; readonly signal: number } | undefined;
}

export function namesOf(index: TraceIndex, nodeNames: readonly string[]): Names {
  const node = (i: number) => nodeNames[i] ?? `node ${i + 1}`;
  return {
    node,
    process(id) {
      if (id === 0) return "the scenario";
      if (serialOf(id) === 0) return node(nodeOf(id));
      const p = index.processes.find(id);
      const name = p === NONE ? undefined : index.processes.name[p];
      return name ?? `<${node(nodeOf(id))}.${serialOf(id)}>`;
    },
    message(id) {
      const m = index.messages.find(id);
      if (m === NONE) return undefined;
      const { sendAt, signal } = index.messages;
      return { sentAt: sendAt[m] as number, signal: signal[m] as number };
    },
  };
}

/** What happened in a row, without its time, e.g. `<web.1201> calls till: { sell: 1201, qty: 2 }`. */
export function eventSentence(trace: Trace, row: number, names: Names): string {
  const who = names.process(trace.processOf(row));
  const peer = names.process(trace.peerOf(row));
  const value = trace.valueIn(row);
  const payload = !trace.hasPayload(row) ? "" : payloadText(trace.payloadOf(row));
  const sent = names.message(trace.messageOf(row));
  const what = noun(sent?.signal ?? SIGNAL.none);
  const kind = trace.kindOf(row);
  switch (kind) {
    case KIND.spawn:
      return `${plainText(trace.payloadOf(row)) || "a process"} starts as ${who}`;
    case KIND.exit:
      return `${who} ends${payload === "" ? "" : `: ${plainText(trace.payloadOf(row))}`}`;
    case KIND.send:
      return `${who} ${verb(trace.signalOf(row))} ${peer}${payload === "" ? "" : `: ${payload}`}`;
    case KIND.lose:
      return `the ${what} of ${who} to ${peer} is lost on the wire`;
    case KIND.arrive:
      return trace.peerOf(row) === 0 || peer === who
        ? `a ${what} arrives at ${who}`
        : `the ${what} of ${peer} arrives at ${who}`;
    case KIND.discard:
      return `the ${what} of ${peer} comes too late: ${who} has ended`;
    case KIND.receive: {
      const skipped = value > 0 ? `, skipping ${value}` : "";
      return trace.peerOf(row) === 0 || peer === who
        ? `${who} takes a ${what}${skipped}`
        : `${who} takes the ${what} of ${peer}${skipped}`;
    }
    case KIND.timerSet:
      return `${who} sets a timer for ${durationText(value - trace.atOf(row))} from now`;
    case KIND.timerFire:
      return `a timer of ${who} fires`;
    case KIND.timerCancel:
      return `${who} cancels a timer`;
    case KIND.drop:
      return `${who} throws away the ${what} of ${peer} unread`;
    case KIND.workStart:
      return `${who} works ${durationText(value)} of ${trace.signalOf(row) === SIGNAL.io ? "IO" : "CPU"}`;
    case KIND.workEnd:
      return `${who} has finished its work`;
    case KIND.link:
      return `${who} and ${peer} are linked`;
    case KIND.unlink:
      return `${who} and ${peer} are no longer linked`;
    case KIND.monitor:
      return `${who} watches ${peer}`;
    case KIND.demonitor:
      return `${who} no longer watches ${peer}`;
    case KIND.register:
      return `<${names.node(nodeOf(trace.processOf(row)))}.${serialOf(trace.processOf(row))}> is now called ${plainText(trace.payloadOf(row))}`;
    case KIND.giveUp: {
      const after =
        sent === undefined ? "" : ` after ${durationText(trace.atOf(row) - sent.sentAt)}`;
      return `${who} gives up waiting for ${peer}${after}`;
    }
    case KIND.effect:
      return `a fact of the shop: ${payload}`;
    case KIND.observe:
      return `${who} notes ${payload}`;
    case KIND.log:
      return `${who} writes: ${plainText(trace.payloadOf(row))}`;
    case KIND.nodeUp:
      return `node ${who} starts with ${value} ${value === 1 ? "core" : "cores"}`;
    case KIND.nodeDown:
      return `node ${who} goes down${payload === "" ? "" : `: ${plainText(trace.payloadOf(row))}`}`;
    case KIND.connect:
      return `${who} is connected to ${peer}`;
    case KIND.disconnect:
      return `${who} is no longer connected to ${peer}`;
    case KIND.fault:
      return `a fault on ${who}: ${plainText(trace.payloadOf(row))}`;
    case KIND.cut:
      return `the run was ended early: ${plainText(trace.payloadOf(row))}`;
    case KIND.intend:
      return `${who} comes ${durationText(trace.atOf(row) - value)} later than meant`;
    case KIND.metric:
      return `${who} measures ${payload}: ${value}`;
    case KIND.spanStart:
      return `${who} begins the span ${payload}`;
    case KIND.spanEnd:
      return `${who} ends a span${payload === "" ? "" : `: ${payload}`}`;
    case KIND.alarm:
      return `an alarm on ${names.node(nodeOf(trace.processOf(row)))}: ${payload}`;
    case KIND.disk:
      return `${who} on disk: ${payload}`;
    case KIND.stream:
      return `the stream ${who}: ${payload}`;
    case KIND.operate:
      return `operations, ${who}: ${payload}`;
    case KIND.fence:
      return `${payload} under token ${value}, by ${who}`;
    case KIND.child:
      return `${who} has ${peer} as its child ${payload}`;
    case KIND.state:
      return `${who} is in its last state`;
    default:
      return `${who}: something this page does not know`;
  }
}

/** Plain data as a learner would write it, at most `PAYLOAD_MAX` characters. */
export function payloadText(payload: unknown): string {
  const text = literal(payload, 4);
  return text.length <= PAYLOAD_MAX ? text : `${text.slice(0, PAYLOAD_MAX - 1)}…`;
}

/** What a signal is called, as a noun. */
export function noun(signal: number): string {
  switch (signal) {
    case SIGNAL.call:
      return "call";
    case SIGNAL.reply:
      return "reply";
    case SIGNAL.cast:
      return "cast";
    case SIGNAL.down:
      return "DOWN message";
    case SIGNAL.exit:
      return "exit signal";
    case SIGNAL.timer:
      return "timer message";
    default:
      return "message";
  }
}

function verb(signal: number): string {
  switch (signal) {
    case SIGNAL.call:
      return "calls";
    case SIGNAL.reply:
      return "replies to";
    case SIGNAL.cast:
      return "casts to";
    case SIGNAL.down:
      return "is down, which is told to";
    case SIGNAL.exit:
      return "sends an exit signal to";
    default:
      return "sends to";
  }
}

/** Strings bare, everything else as a literal. */
function plainText(payload: unknown): string {
  if (payload === undefined) return "";
  return typeof payload === "string" ? payload : payloadText(payload);
}

/** A literal no deeper than `depth`; what is deeper shows as `…`. */
function literal(value: unknown, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (depth === 0) return "…";
  if (Array.isArray(value)) {
    const shown = value.slice(0, 12).map((item) => literal(item, depth - 1));
    return `[${shown.join(", ")}${value.length > 12 ? ", …" : ""}]`;
  }
  const entries = Object.entries(value).slice(0, 12);
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, item]) => `${key}: ${literal(item, depth - 1)}`).join(", ")} }`;
}
