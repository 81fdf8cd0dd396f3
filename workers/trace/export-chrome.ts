/**
 * A trace in the Trace Event Format of Chrome (its JSON object form), which Perfetto opens: a
 * process there is a node here, a thread a process. Microseconds are the run's virtual ones.
 *
 * A span is what a process did about one message: from the row in which it took it to the last thing
 * that it did before it took another; what it did before its first message is the span "starts".
 * Work lies within as a span of its own. An arrow leads from the span in which a message was sent,
 * or its timer set, to the span that it opened. Spans of one thread must nest, since an end closes
 * what began last: where a process takes a message while work of its own goes on, that work's span
 * is ended and begun again. Rule R9.
 */
import { KIND, nodeOf, SIGNAL, serialOf, signalName, type Trace } from "../kernel/trace.ts";
import { brief, Cast, doerOf, wordsOf } from "./cast.ts";
import { Numbers } from "./numbers.ts";

/** Characters of a payload that a span's name shows. */
const NAME_MAX = 60;

/** A mailbox is drawn as a counter when this many messages once waited in it. */
const COUNTED_FROM = 2;

/** An event of the format, as far as we write it. `ts` in µs; `pid` a node, `tid` a process, from 1. */
export interface ChromeEvent {
  readonly ph: "B" | "E" | "i" | "s" | "f" | "C" | "M";
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly name?: string;
  readonly cat?: string;
  /** One for each arrow. */
  readonly id?: number;
  /** How far an instant reaches: its thread, its process, everything. */
  readonly s?: "t" | "p" | "g";
  /** An arrow ends at the span around it. */
  readonly bp?: "e";
  readonly args?: Readonly<Record<string, unknown>>;
}

/** The file in pieces: `run` is the run's name. */
export function* exportChrome(trace: Trace, run: string): Generator<string> {
  yield `{"displayTimeUnit":"ms","otherData":${JSON.stringify({ run })},"traceEvents":[\n`;
  let separator = "";
  for (const event of chromeEvents(trace)) {
    yield separator + JSON.stringify(event);
    separator = ",\n";
  }
  yield "\n]}\n";
}

/** The events, names first, then in order of time. */
export function* chromeEvents(trace: Trace): Generator<ChromeEvent> {
  const cast = new Cast(trace);
  const plan = planOf(trace);
  const threads = new Threads(cast);
  yield* names(cast);
  for (let row = 0; row < trace.rowCount; row++) yield* eventsOf(trace, row, cast, plan, threads);
  const last = trace.lastAt;
  for (const id of threads.openOnes()) yield* threads.closeAll(id, last);
}

/** What must be known of later rows before the first event is written. */
interface Plan {
  /** By row: 1 when it is the last of a span of its doer, 2 when it is of whom it spawns. */
  readonly ends: Uint8Array;
  /** Row in which each message is taken, and one more than that in which a process sent it or set its timer. */
  readonly receipts: Numbers;
  readonly departures: Numbers;
  /** The most messages that once waited for each process. */
  readonly mailboxes: ReadonlyMap<number, number>;
}

const ENDS_OF_DOER = 1;
const ENDS_OF_CHILD = 2;

function planOf(trace: Trace): Plan {
  const ends = new Uint8Array(trace.rowCount);
  const receipts = new Numbers();
  const departures = new Numbers();
  const lengths = new Map<number, number>();
  const mailboxes = new Map<number, number>();
  /** By process: its last row so far, doubled, plus one when that is the row in which it was spawned. */
  const lastRows = new Map<number, number>();
  const endSpan = (id: number) => {
    const last = lastRows.get(id);
    if (last !== undefined) ends[last >> 1] = (ends[last >> 1] as number) | (1 << (last & 1));
  };
  for (let row = 0; row < trace.rowCount; row++) {
    const kind = trace.kindOf(row);
    const id = trace.processOf(row);
    const doer = doerOf(trace, row);
    if (kind === KIND.receive) {
      receipts.set(trace.messageOf(row), row);
      endSpan(id);
    }
    if ((kind === KIND.send || kind === KIND.timerSet) && serialOf(id) !== 0)
      departures.set(trace.messageOf(row), row + 1);
    if (doer !== 0) lastRows.set(doer, row * 2);
    if (kind === KIND.spawn) lastRows.set(id, row * 2 + 1);
    if (kind === KIND.arrive || kind === KIND.receive || kind === KIND.drop) {
      const length = (lengths.get(id) ?? 0) + (kind === KIND.arrive ? 1 : -1);
      lengths.set(id, length);
      mailboxes.set(id, Math.max(length, mailboxes.get(id) ?? 0));
    }
  }
  for (const id of lastRows.keys()) endSpan(id);
  return { ends, receipts, departures, mailboxes };
}

function* names(cast: Cast): Generator<ChromeEvent> {
  const nodes = new Set<number>();
  for (const { id, node, ordinal } of cast.actors.values()) {
    const pid = node + 1;
    if (!nodes.has(node)) {
      nodes.add(node);
      yield { ph: "M", pid, tid: 0, name: "process_name", args: { name: cast.nodeName(node) } };
      yield { ph: "M", pid, tid: 0, name: "process_sort_index", args: { sort_index: node } };
    }
    const name = serialOf(id) === 0 ? "the node" : cast.title(id);
    yield { ph: "M", pid, tid: ordinal, name: "thread_name", args: { name } };
  }
}

function* eventsOf(
  trace: Trace,
  row: number,
  cast: Cast,
  plan: Plan,
  threads: Threads,
): Generator<ChromeEvent> {
  const kind = trace.kindOf(row);
  const id = trace.processOf(row);
  const at = trace.atOf(row);
  const message = trace.messageOf(row);
  const doer = doerOf(trace, row);
  switch (kind) {
    case KIND.spawn:
      yield* threads.begin(id, at, "message", "starts", { row });
      break;
    case KIND.receive:
      yield* threads.end(id, at, "message");
      yield* threads.begin(id, at, "message", titleOf(trace, row, plan), { row, message });
      if (plan.departures.get(message) !== 0)
        yield { ...threads.place(id, at), ph: "f", bp: "e", id: message, ...ARROW };
      yield* mailbox(id, -1);
      break;
    case KIND.drop:
      yield* mailbox(id, -1);
      break;
    case KIND.arrive:
      yield* mailbox(id, 1);
      break;
    case KIND.send:
    case KIND.timerSet:
      if (plan.receipts.get(message) > row && serialOf(id) !== 0)
        yield { ...threads.place(id, at), ph: "s", id: message, ...ARROW };
      break;
    case KIND.workStart: {
      const name = trace.signalOf(row) === SIGNAL.io ? "IO" : "CPU";
      yield* threads.begin(id, at, "work", name, { row, us: trace.valueIn(row) });
      break;
    }
    case KIND.workEnd:
      yield* threads.end(id, at, "work");
      break;
    case KIND.exit:
      yield instant("t", "exit", `exit: ${brief(trace.payloadOf(row))}`);
      yield* mailbox(id, Number.NEGATIVE_INFINITY);
      yield* threads.closeAll(id, at);
      break;
    case KIND.nodeDown:
      yield instant("p", "fault", wordsOf(trace, row, cast));
      for (const process of threads.openOnes())
        if (nodeOf(process) === nodeOf(id)) yield* threads.closeAll(process, at);
      for (const process of threads.fullOnes())
        if (nodeOf(process) === nodeOf(id)) yield* mailbox(process, Number.NEGATIVE_INFINITY);
      break;
    case KIND.nodeUp:
    case KIND.connect:
    case KIND.disconnect:
    case KIND.fault:
      yield instant("p", kind === KIND.fault ? "fault" : "node", wordsOf(trace, row, cast));
      break;
    case KIND.cut:
      yield {
        ph: "i",
        s: "g",
        pid: 1,
        tid: 0,
        ts: at,
        cat: "fault",
        name: wordsOf(trace, row, cast),
      };
      break;
    case KIND.lose:
    case KIND.discard:
      yield instant("t", "fault", wordsOf(trace, row, cast));
      break;
    case KIND.giveUp:
    case KIND.effect:
    case KIND.observe:
    case KIND.log:
      yield instant("t", "note", wordsOf(trace, row, cast));
      break;
    default:
      break;
  }
  const ends = plan.ends[row] as number;
  if ((ends & ENDS_OF_DOER) !== 0) yield* threads.finish(doer, at);
  if ((ends & ENDS_OF_CHILD) !== 0) yield* threads.finish(id, at);

  function instant(s: "t" | "p", cat: string, name: string): ChromeEvent {
    return { ...threads.place(id, at), ph: "i", s, cat, name, args: { row } };
  }

  function* mailbox(of: number, change: number): Generator<ChromeEvent> {
    if ((plan.mailboxes.get(of) ?? 0) < COUNTED_FROM) return;
    const messages = threads.fill(of, change);
    const name = `mailbox of ${cast.title(of)}`;
    yield { ...threads.place(of, at), ph: "C", name, args: { messages } };
  }
}

const ARROW = { cat: "arrow", name: "message" } as const;

/** What a span is called: the kind of message and the beginning of its content. */
function titleOf(trace: Trace, row: number, plan: Plan): string {
  const departure = plan.departures.get(trace.messageOf(row)) - 1;
  const hasContent = departure >= 0 && trace.hasPayload(departure);
  const content = hasContent ? ` ${brief(trace.payloadOf(departure))}` : "";
  return `takes ${signalName(trace.signalOf(row))}${content}`.slice(0, NAME_MAX);
}

interface Span {
  readonly cat: "message" | "work";
  readonly name: string;
  /** Nothing more is done in it, but work within it goes on. */
  isFinished: boolean;
}

/** The open spans of every process, the one that began last on top, and the mailboxes' lengths. */
class Threads {
  readonly #cast: Cast;
  readonly #spans = new Map<number, Span[]>();
  readonly #lengths = new Map<number, number>();

  constructor(cast: Cast) {
    this.#cast = cast;
  }

  place(id: number, ts: number): { pid: number; tid: number; ts: number } {
    const { node, ordinal } = this.#cast.of(id);
    return { pid: node + 1, tid: ordinal, ts };
  }

  /** Processes that have an open span, and those that have messages waiting. */
  openOnes(): number[] {
    return [...this.#spans.keys()];
  }

  fullOnes(): number[] {
    return [...this.#lengths].filter(([, length]) => length > 0).map(([id]) => id);
  }

  *begin(
    id: number,
    at: number,
    cat: Span["cat"],
    name: string,
    args: Readonly<Record<string, unknown>>,
  ): Generator<ChromeEvent> {
    const spans = this.#spans.get(id) ?? [];
    this.#spans.set(id, spans);
    spans.push({ cat, name, isFinished: false });
    yield { ...this.place(id, at), ph: "B", cat, name, args };
  }

  /** Ends the last span of a kind; what began within it is ended and begun again. */
  *end(id: number, at: number, cat: Span["cat"]): Generator<ChromeEvent> {
    const spans = this.#spans.get(id) ?? [];
    const place = spans.findLastIndex((span) => span.cat === cat);
    if (place < 0) return;
    const within = spans.splice(place).slice(1);
    for (let i = 0; i <= within.length; i++) yield { ...this.place(id, at), ph: "E" };
    for (const span of within) {
      spans.push(span);
      yield { ...this.place(id, at), ph: "B", cat: span.cat, name: span.name };
    }
    yield* this.#settle(id, at);
  }

  /** Nothing more is done about a message: its span ends, at once or with the work within it. */
  *finish(id: number, at: number): Generator<ChromeEvent> {
    const span = this.#spans.get(id)?.findLast(({ cat }) => cat === "message");
    if (span !== undefined) span.isFinished = true;
    yield* this.#settle(id, at);
  }

  *closeAll(id: number, at: number): Generator<ChromeEvent> {
    for (const _span of this.#spans.get(id) ?? []) yield { ...this.place(id, at), ph: "E" };
    this.#spans.delete(id);
  }

  /** Changes the length of a mailbox and returns it. */
  fill(id: number, change: number): number {
    const length = Math.max(0, (this.#lengths.get(id) ?? 0) + change);
    this.#lengths.set(id, length);
    return length;
  }

  /** Ends finished spans that lie on top. */
  *#settle(id: number, at: number): Generator<ChromeEvent> {
    const spans = this.#spans.get(id) ?? [];
    while (spans.at(-1)?.isFinished) {
      spans.pop();
      yield { ...this.place(id, at), ph: "E" };
    }
    if (spans.length === 0) this.#spans.delete(id);
  }
}
