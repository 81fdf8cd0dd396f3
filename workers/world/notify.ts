/**
 * notify: tells a person, by mail, pager or ticket. Somebody who is told too often stops reading, so
 * each channel takes only so many a minute; the next one that goes out says how many did not. Rule AL6.
 */
import { copy, ErlangError, KIND, type Node } from "../kernel/index.ts";
import { here } from "../otp/here.ts";

/** Messages that a channel of a node takes within 60 s, and channels of a node. */
const PER_MINUTE = 20;
const CHANNELS_MAX = 100;
const MINUTE_US = 60_000_000;

interface Channel {
  /** When the messages of the last minute went out. */
  sentUs: readonly number[];
  suppressed: number;
}

const tables = new WeakMap<Node, Map<string, Channel>>();

/**
 * Tells people on a channel ("page", "ticket", …): `"sent"`, with a row in the trace, or
 * `"suppressed"` past 20 messages of this node within 60 s. Takes no time. Nobody answers: an alarm is
 * what has a state. What PagerDuty is to a BEAM system; `elarm`'s forwarding handlers.
 */
export function notify(channel: string, text: string): "sent" | "suppressed" {
  const process = here();
  if (typeof channel !== "string" || typeof text !== "string") {
    throw new ErlangError("badarg", "notify takes the name of a channel and a text");
  }
  const { node } = process;
  const known = channelOf(node, channel);
  known.sentUs = known.sentUs.filter((at) => node.now - at < MINUTE_US);
  if (known.sentUs.length >= PER_MINUTE) {
    known.suppressed++;
    return "suppressed";
  }
  known.sentUs = [...known.sentUs, node.now];
  const { suppressed } = known;
  known.suppressed = 0;
  const payload = copy({ op: "notify", channel, text, ...(suppressed > 0 ? { suppressed } : {}) });
  node.record(process, KIND.operate, { payload });
  return "sent";
}

function channelOf(node: Node, name: string): Channel {
  const table = tables.get(node) ?? new Map<string, Channel>();
  tables.set(node, table);
  const known = table.get(name);
  if (known !== undefined) return known;
  if (table.size >= CHANNELS_MAX) {
    throw new ErlangError("system_limit", `a node has at most ${CHANNELS_MAX} channels`);
  }
  const channel: Channel = { sentUs: [], suppressed: 0 };
  table.set(name, channel);
  return channel;
}
