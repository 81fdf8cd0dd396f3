/** Exit reasons: how what is thrown in a process becomes the value that others see. */
import type { ExitReason } from "./signals.ts";

/**
 * Thrown by exit(reason) and by a call that fails; ends the process with `reason` unless caught.
 * As on the BEAM, exits are told apart from errors: a `catch` can look at `reason`.
 */
export class Exit extends Error {
  override readonly name = "Exit";
  readonly reason: ExitReason;
  constructor(reason: ExitReason) {
    super();
    this.reason = reason;
  }
}

/** Made when somebody looks: most exits are thrown, caught and never read by a person. */
Object.defineProperty(Exit.prototype, "message", {
  configurable: true,
  get(this: Partial<Exit>) {
    return this.reason === undefined ? "exit" : `exit: ${brief(this.reason)}`;
  },
});

/**
 * Thrown by error(reason) and by functions of the API that refuse what they are given: an
 * exception of class error. Uncaught it ends the process with `[reason, stack]`, as on the BEAM.
 */
export class ErlangError extends Error {
  override readonly name = "ErlangError";
  readonly reason: ExitReason;
  /** `text` is for people; by default the reason itself. */
  constructor(reason: ExitReason, text?: string) {
    super(text ?? `error: ${brief(reason)}`);
    this.reason = reason;
  }
}

/** Thrown into code that must not go on: its process is dead, or a bound was passed. Not to be caught. */
export class Stop extends Error {
  override readonly name = "Stop";
}

/** Errors that engines throw themselves; their texts differ between engines, so only the name counts. */
const ENGINE_ERRORS: ReadonlySet<string> = new Set([
  "TypeError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
  "URIError",
  "EvalError",
]);

/**
 * What stands for the stack in reasons of class error. Engines describe stacks differently, so the
 * run keeps this one word; the true stack is told to the page beside the run.
 */
const STACK: readonly string[] = Object.freeze(["stack"]);

/**
 * The exit reason for something thrown and not caught: an Exit's own; `[reason, stack]` for an
 * ErlangError and `[["nocatch", value], stack]` for a thrown value, as in Erlang; for any other
 * Error its name and text. Rule X4.
 */
export function reasonOf(thrown: unknown): ExitReason {
  if (thrown instanceof Exit) return thrown.reason;
  if (thrown instanceof ErlangError) return [thrown.reason, STACK];
  if (thrown instanceof Error) {
    if (ENGINE_ERRORS.has(thrown.name)) return { error: thrown.name };
    return { error: String(thrown.name), message: String(thrown.message) };
  }
  return [["nocatch", plain(thrown)], STACK];
}

/** A reason in a few words, for messages to people. Bounded to 200 characters. */
export function brief(reason: unknown): string {
  const text = typeof reason === "string" ? reason : safeJson(reason);
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}

function plain(value: unknown): unknown {
  return typeof value === "function" || typeof value === "symbol" ? String(value) : value;
}

function safeJson(value: unknown): string {
  try {
    return (
      JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? `${part}n` : part)) ??
      String(value)
    );
  } catch {
    return String(value);
  }
}
