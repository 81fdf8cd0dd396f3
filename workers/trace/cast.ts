/** Who takes part in a trace: each process with the names that people know it by, and its node. */
import { KIND, kindName, nodeOf, serialOf, signalName, type Trace } from "../kernel/trace.ts";

export interface Actor {
  /** Number in the trace. */
  readonly id: number;
  /** Index of its node. */
  readonly node: number;
  /** Counts from 1 in order of first mention: one of a kind in the whole trace. */
  readonly ordinal: number;
  /** Its registered name, else what it was spawned as, else its node's name. */
  name: string;
}

export class Cast {
  readonly actors = new Map<number, Actor>();
  readonly #nodeNames: string[] = [];

  constructor(trace: Trace) {
    for (let row = 0; row < trace.rowCount; row++) {
      const kind = trace.kindOf(row);
      const id = trace.processOf(row);
      if (kind === KIND.nodeUp) this.#nodeNames[nodeOf(id)] = textOf(trace, row);
      const actor = id === 0 ? undefined : this.of(id);
      if (actor === undefined) continue;
      if (kind === KIND.spawn || kind === KIND.register || kind === KIND.nodeUp)
        actor.name = textOf(trace, row) || actor.name;
    }
  }

  /** The actor of a number, also of one that no row is about. */
  of(id: number): Actor {
    const known = this.actors.get(id);
    if (known !== undefined) return known;
    const node = nodeOf(id);
    const name = serialOf(id) === 0 ? this.nodeName(node) : "process";
    const actor: Actor = { id, node, ordinal: this.actors.size + 1, name };
    this.actors.set(id, actor);
    return actor;
  }

  nodeName(node: number): string {
    return this.#nodeNames[node] ?? `node ${node + 1}`;
  }

  /** A name that no other process of the trace has, as `till<n1.5>`; a node's own is its name. */
  title(id: number): string {
    const { name, node } = this.of(id);
    return serialOf(id) === 0 ? name : `${name}<${this.nodeName(node)}.${serialOf(id)}>`;
  }
}

/** Who did what a row tells of: 0 when nobody did, as with a message that arrives. */
export function doerOf(trace: Trace, row: number): number {
  switch (trace.kindOf(row)) {
    case KIND.arrive:
    case KIND.discard:
    case KIND.lose:
    case KIND.timerFire:
      return 0;
    case KIND.spawn:
      return trace.peerOf(row);
    default:
      return trace.processOf(row);
  }
}

/** What happened in a row, in a few words without who did it: `send call to till<n1.5> {"sell":1}`. */
export function wordsOf(trace: Trace, row: number, cast: Cast): string {
  const kind = trace.kindOf(row);
  const signal = trace.signalOf(row);
  // Of a spawn row the process is whom it is about; of all others the peer.
  const other = kind === KIND.spawn ? trace.processOf(row) : trace.peerOf(row);
  const words: string[] = [kindName(kind)];
  if (signal !== 0) words.push(signalName(signal));
  if (other !== 0) words.push(kind === KIND.receive ? "of" : "to", cast.title(other));
  if (trace.hasPayload(row) && kind !== KIND.spawn) words.push(brief(trace.payloadOf(row)));
  return words.join(" ");
}

/** A payload in a few words: a text as it is, all else as JSON. At most 200 characters. */
export function brief(payload: unknown): string {
  const text = typeof payload === "string" ? payload : jsonOf(payload);
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}

function jsonOf(payload: unknown): string {
  const json = JSON.stringify(payload, (_key, part) => {
    if (typeof part === "bigint") return `${part}n`;
    return part instanceof Map || part instanceof Set ? [...part] : part;
  });
  return json ?? String(payload);
}

function textOf(trace: Trace, row: number): string {
  const payload = trace.payloadOf(row);
  return typeof payload === "string" ? payload : "";
}
