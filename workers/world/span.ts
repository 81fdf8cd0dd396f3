/**
 * span: where the time of one request went, across processes. Rules in SPEC.md, SP.
 *
 * A process is in at most one span at a time, as with OpenTelemetry on the BEAM, where it stands in
 * the process dictionary. Nothing carries it from process to process by itself: `context()` is
 * plain data to put into a message, `withContext` goes on with it. Refused: letting every call carry
 * it; OTP's messages have no room for it, and what is not propagated should be seen to be missing.
 * A span whose process ends has no end row: its exit is the end of it.
 */
import {
  copy,
  ErlangError,
  isStop,
  KIND,
  type Node,
  type Process,
  reasonOf,
  traceId,
} from "../kernel/index.ts";
import { here } from "../otp/here.ts";
import { isPromise } from "../otp/result.ts";

/** Which span something belongs to: plain data for messages. `otel_ctx:t()`. */
export interface SpanContext {
  /** The number of the first span of the whole; the same in all of them, on all nodes. */
  readonly trace: number;
  /** The number of the span itself. */
  readonly span: number;
  /** False when this whole is not recorded. */
  readonly isSampled: boolean;
}

/** How a span is begun. */
export interface SpanOptions {
  /** A few fields for its row, such as the number of an order. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Records one in so many spans of this name that have no parent, with all below them; default 1, all. */
  readonly sampleEvery?: number;
}

/** A span that has begun: the process goes back to what was around it when it ends. */
interface Open extends SpanContext {
  readonly around: Open | undefined;
  isOver: boolean;
}

const current = new WeakMap<Process, Open>();
/** How many spans without a parent each name has had, by node. */
const rootCounts = new WeakMap<Node, Map<string, number>>();

/**
 * Runs `action` in a span and gives what it gives; for an async one the span ends with its promise.
 * An error is noted as the outcome and thrown on. Two spans side by side in one process (with
 * `Promise.all`) are taken for one inside the other. `otel_tracer:with_span/4`.
 */
export function span<Result>(
  name: string,
  action: () => Result,
  options: SpanOptions = {},
): Result {
  const process = here();
  if (typeof name !== "string" || typeof action !== "function") {
    throw new ErlangError("badarg", "span takes a name and a function");
  }
  const opened = open(process, name, options);
  return within(process, opened, action, (outcome) => close(process, opened, outcome));
}

/** The span that the running process is in, to be put into a message; undefined outside of any. `otel_ctx:get_current/0`. */
export function context(): SpanContext | undefined {
  return contextOf(here());
}

/** Runs `action` as if in the span of another process: spans in it are that one's children. With undefined, in none. `otel_ctx:attach/1`. */
export function withContext<Result>(ctx: SpanContext | undefined, action: () => Result): Result {
  const process = here();
  const around = innermost(process);
  const entered: Open = { ...(checked(ctx) ?? NONE), around, isOver: false };
  return within(process, entered, action, () => {});
}

/** The ids of the span that a process is in, for its lines. */
export function currentSpan(process: Process): Partial<Pick<SpanContext, "trace" | "span">> {
  const found = contextOf(process);
  return found === undefined ? {} : { trace: found.trace, span: found.span };
}

/** A context that says that there is none. */
const NONE: SpanContext = { trace: 0, span: 0, isSampled: true };

function contextOf(process: Process): SpanContext | undefined {
  const found = innermost(process);
  if (found === undefined || found.span === 0) return undefined;
  const { trace, span: id, isSampled } = found;
  return Object.freeze({ trace, span: id, isSampled });
}

function innermost(process: Process): Open | undefined {
  let found = current.get(process);
  while (found?.isOver === true) found = found.around;
  return found;
}

function open(process: Process, name: string, { attributes, sampleEvery }: SpanOptions): Open {
  const around = innermost(process);
  const parent = around === undefined || around.span === 0 ? undefined : around;
  const id = freshId(process.node);
  const trace = parent?.trace ?? id;
  const isSampled = parent?.isSampled ?? isDrawn(process.node, name, sampleEvery ?? 1);
  if (isSampled) {
    const payload = copy({
      name,
      trace,
      parent: parent?.span ?? 0,
      ...(attributes === undefined ? undefined : { attributes }),
    });
    process.node.record(process, KIND.spanStart, { message: id, payload });
  }
  return { trace, span: id, isSampled, around, isOver: false };
}

function close(process: Process, { span: id, isSampled }: Open, outcome: unknown): void {
  if (!isSampled) return;
  process.node.record(process, KIND.spanEnd, { message: id, payload: copy(outcome) });
}

/** Runs `action` with the process in a span, and tells the outcome when it is over, however. */
function within<Result>(
  process: Process,
  entered: Open,
  action: () => Result,
  tell: (outcome: unknown) => void,
): Result {
  const leave = (outcome: unknown) => {
    entered.isOver = true;
    const still = innermost(process);
    if (still === undefined) current.delete(process);
    else current.set(process, still);
    tell(outcome);
  };
  const fail = (thrown: unknown): never => {
    if (!isStop(thrown)) leave(["error", reasonText(thrown)]);
    throw thrown;
  };
  current.set(process, entered);
  let result: Result;
  try {
    result = action();
  } catch (thrown) {
    return fail(thrown);
  }
  if (!isPromise(result)) {
    leave("ok");
    return result;
  }
  return result.then((value) => {
    leave("ok");
    return value;
  }, fail) as Result;
}

/** Why it failed, as plain data: a reason that cannot be sent is described. */
function reasonText(thrown: unknown): unknown {
  try {
    return copy(reasonOf(thrown)).value;
  } catch {
    return String(thrown);
  }
}

/** The first of every `every` is recorded: counted, not drawn, so that a program's draws stay as they are. */
function isDrawn(node: Node, name: string, every: number): boolean {
  if (!Number.isInteger(every) || every < 1) {
    throw new ErlangError("badarg", `sampleEvery is a whole number from 1 on, not ${every}`);
  }
  const counts = rootCounts.get(node) ?? new Map<string, number>();
  rootCounts.set(node, counts);
  const before = counts.get(name) ?? 0;
  counts.set(name, before + 1);
  return before % every === 0;
}

/** A number that no other span or message of the run has. */
function freshId(node: Node): number {
  const ref = node.makeRef();
  return traceId(node.index, Number(ref.slice(ref.lastIndexOf(".") + 1)));
}

function checked(ctx: SpanContext | undefined): SpanContext | undefined {
  if (ctx === undefined) return undefined;
  const { trace, span: id, isSampled } = ctx ?? {};
  if (typeof trace === "number" && typeof id === "number" && typeof isSampled === "boolean") {
    return { trace, span: id, isSampled };
  }
  throw new ErlangError("badarg", "withContext takes what context() gave, or undefined");
}
