/**
 * A trace as lines of JSON: first a line about the whole, then an object a row, with the same keys
 * in the same order in each. Every value that a message may carry comes back from `parseJsonl` as
 * it was: what JSON has no word for (undefined, NaN, big integers, Map, Set, …) stands as an object
 * with the key `$`. Rule R8.
 */
import {
  KIND,
  type KindName,
  kindName,
  SIGNAL,
  type SignalName,
  signalName,
  type Trace,
} from "../kernel/trace.ts";

const FORMAT = "steady-state-trace";
const VERSION = 1;

/** A row as it stands in a line. Numbers of processes and messages are those of the trace. */
export interface JsonRow {
  readonly row: number;
  /** µs. */
  readonly at: number;
  readonly kind: KindName;
  readonly process: number;
  readonly peer: number;
  readonly message: number;
  readonly signal: SignalName;
  readonly value: number;
  /** Undefined when the row has none. */
  readonly payload: unknown;
  readonly cause: number;
}

export type ParsedTrace =
  | { readonly ok: true; readonly run: string; readonly rows: readonly JsonRow[] }
  /** `line` counts from 1. */
  | { readonly ok: false; readonly line: number; readonly reason: string };

/** The lines of a trace, each with its line feed. `run` is the run's name. */
export function* exportJsonl(trace: Trace, run: string): Generator<string> {
  yield line({ format: FORMAT, version: VERSION, run, rows: trace.rowCount });
  for (let row = 0; row < trace.rowCount; row++) yield line(withWords(rowOf(trace, row)));
}

/** A row of a trace as `parseJsonl` gives it. */
export function rowOf(trace: Trace, row: number): JsonRow {
  return {
    row,
    at: trace.atOf(row),
    kind: kindName(trace.kindOf(row)),
    process: trace.processOf(row),
    peer: trace.peerOf(row),
    message: trace.messageOf(row),
    signal: signalName(trace.signalOf(row)),
    value: trace.valueIn(row),
    payload: trace.payloadOf(row),
    cause: trace.causeOf(row),
  };
}

/** Reads what `exportJsonl` wrote. Refuses a text of another kind or version, and lines that are no rows. */
export function parseJsonl(text: string): ParsedTrace {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const head = parsed(lines[0] ?? "");
  if (!isRecord(head) || head["format"] !== FORMAT)
    return { ok: false, line: 1, reason: `the first line is not that of a ${FORMAT}` };
  if (head["version"] !== VERSION)
    return { ok: false, line: 1, reason: `version ${head["version"]} is not ${VERSION}` };
  const rows: JsonRow[] = [];
  for (const [i, text] of lines.slice(1).entries()) {
    const row = parsed(text);
    if (!isRow(row) || row.row !== i)
      return { ok: false, line: i + 2, reason: `this is not row ${i} of a trace` };
    const payload = row.payload === null ? undefined : fromWords(row.payload);
    rows.push({ ...row, payload });
  }
  if (rows.length !== head["rows"])
    return { ok: false, line: lines.length, reason: `${head["rows"]} rows were announced` };
  return { ok: true, run: String(head["run"]), rows };
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRow(row: unknown): row is JsonRow {
  return (
    isRecord(row) &&
    ["row", "at", "process", "peer", "message", "value", "cause"].every(
      (key) => typeof row[key] === "number",
    ) &&
    String(row["kind"]) in KIND &&
    String(row["signal"]) in SIGNAL
  );
}

/** A row with a payload that JSON can say; null stands for none. */
function withWords(row: JsonRow): JsonRow {
  const { payload } = row;
  if (payload === undefined) return { ...row, payload: null };
  return { ...row, payload: payload === null ? { $: "null" } : toWords(payload) };
}

/** A payload in JSON's words. */
function toWords(value: unknown): unknown {
  switch (typeof value) {
    case "undefined":
      return { $: "undefined" };
    case "bigint":
      return { $: "bigint", digits: value.toString() };
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $: "number", word: Object.is(value, -0) ? "-0" : String(value) };
    case "object":
      return value === null ? null : objectToWords(value);
    default:
      return value;
  }
}

function objectToWords(value: object): unknown {
  if (Array.isArray(value)) return value.map(toWords);
  if (value instanceof Map)
    return { $: "map", entries: [...value].map(([key, entry]) => [toWords(key), toWords(entry)]) };
  if (value instanceof Set) return { $: "set", members: [...value].map(toWords) };
  const entries = Object.entries(value).map(([key, entry]) => [key, toWords(entry)] as const);
  // An object that has the key itself, or one that JSON's reader or ours would trip over, as entries.
  return "$" in value ? { $: "object", entries } : Object.fromEntries(entries);
}

function fromWords(words: unknown): unknown {
  if (Array.isArray(words)) return words.map(fromWords);
  if (!isRecord(words)) return words;
  const entries = (from: unknown) => from as readonly (readonly [unknown, unknown])[];
  switch (words["$"]) {
    case undefined:
      return Object.fromEntries(
        Object.entries(words).map(([key, entry]) => [key, fromWords(entry)]),
      );
    case "null":
      return null;
    case "bigint":
      return BigInt(String(words["digits"]));
    case "number":
      return Number(words["word"]);
    case "map":
      return new Map(entries(words["entries"]).map(([k, v]) => [fromWords(k), fromWords(v)]));
    case "set":
      return new Set((words["members"] as readonly unknown[]).map(fromWords));
    case "object":
      return Object.fromEntries(
        entries(words["entries"]).map(([key, entry]) => [String(key), fromWords(entry)]),
      );
    default:
      return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
