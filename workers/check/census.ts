/**
 * What is alive at the end of a trace: processes, what waits for them, and what they hold. A check
 * of leaks compares it with what the scenario itself began. Rule K6.
 */
import { KIND, nodeOf, type Trace } from "../kernel/index.ts";

/** A living process and what it holds. */
export interface LivingProcess {
  readonly id: number;
  readonly label: string;
  /** 0 when the scenario, or the node itself, began it. */
  readonly parent: number;
  /** Messages in its mailbox. */
  readonly unread: number;
  /** Timers that it armed and that are still to fire. */
  readonly timers: number;
  /** Living processes that it watches. */
  readonly monitors: number;
  /** Processes that it is linked with. */
  readonly links: number;
  /** Spans that it began and did not end. */
  readonly spans: number;
}

interface Life {
  readonly label: string;
  readonly parent: number;
  unread: number;
  readonly timers: Set<number>;
  /** Monitor reference → who is watched. */
  readonly monitors: Map<number, number>;
  readonly links: Set<number>;
  readonly spans: Set<number>;
}

/** The living processes at the end of a trace, oldest first. */
export function census(trace: Trace): LivingProcess[] {
  const lives = new Map<number, Life>();
  const timerOf = new Map<number, number>();
  for (let row = 0; row < trace.rowCount; row++) read(trace, row, lives, timerOf);
  return [...lives].map(([id, life]) => ({
    id,
    label: life.label,
    parent: life.parent,
    unread: life.unread,
    timers: life.timers.size,
    // Of a watched process that has ended the DOWN has come, or is under way.
    monitors: [...life.monitors.values()].filter((watched) => lives.has(watched)).length,
    links: [...life.links].filter((partner) => lives.has(partner)).length,
    spans: life.spans.size,
  }));
}

function read(
  trace: Trace,
  row: number,
  lives: Map<number, Life>,
  timerOf: Map<number, number>,
): void {
  const id = trace.processOf(row);
  const peer = trace.peerOf(row);
  const message = trace.messageOf(row);
  const life = lives.get(id);
  switch (trace.kindOf(row)) {
    case KIND.spawn:
      lives.set(id, newLife(String(trace.payloadOf(row)), peer));
      return;
    case KIND.exit:
      lives.delete(id);
      return;
    case KIND.nodeDown:
      for (const one of [...lives.keys()]) if (nodeOf(one) === nodeOf(id)) lives.delete(one);
      return;
    case KIND.arrive:
      if (life !== undefined) life.unread++;
      return;
    case KIND.receive:
    case KIND.drop:
      if (life !== undefined) life.unread--;
      return;
    case KIND.timerSet:
      life?.timers.add(message);
      timerOf.set(message, id);
      return;
    case KIND.timerFire:
    case KIND.timerCancel:
      lives.get(timerOf.get(message) ?? 0)?.timers.delete(message);
      return;
    case KIND.monitor:
      life?.monitors.set(message, peer);
      return;
    case KIND.demonitor:
      life?.monitors.delete(message);
      return;
    case KIND.link:
      life?.links.add(peer);
      lives.get(peer)?.links.add(id);
      return;
    case KIND.unlink:
      life?.links.delete(peer);
      lives.get(peer)?.links.delete(id);
      return;
    case KIND.spanStart:
      life?.spans.add(message);
      return;
    case KIND.spanEnd:
      life?.spans.delete(message);
      return;
    default:
      return;
  }
}

function newLife(label: string, parent: number): Life {
  return {
    label,
    parent,
    unread: 0,
    timers: new Set(),
    monitors: new Map(),
    links: new Set(),
    spans: new Set(),
  };
}
