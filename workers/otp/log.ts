/**
 * Writing lines. A line without a level is a note in the trace, at once and free. One with a level
 * goes the way of OTP's logger, whose handler is a process of the world around the library: it puts
 * its function in here, or the library would import what stands above it.
 */
import { copy, ErlangError, KIND } from "../kernel/index.ts";
import { here } from "./here.ts";

/** How grave a line is, gravest first. `logger:level/0`. */
export type LogLevel =
  | "emergency"
  | "alert"
  | "critical"
  | "error"
  | "warning"
  | "notice"
  | "info"
  | "debug";

/** What a line is about, as fields: better than a text where somebody will search. `logger:report/0`. */
export type LogReport = Readonly<Record<string, unknown>>;

type TakeLine = (level: LogLevel, what: string | LogReport, metadata: LogReport) => void;

let takeLine: TakeLine | undefined;

/** Tells who takes lines with a level; called once, when the world is put together. */
export function giveLinesTo(take: TakeLine): void {
  takeLine = take;
}

const NO_METADATA: LogReport = {};

/** Writes a line into the trace, where the event list shows it: at once, free of time, whatever the level. `io:format/2`. */
export function log(text: string): void;
/**
 * Gives a line to the node's logger, unless its level is below the primary level (default `"notice"`).
 * A process writes it later, 0.05 ms of CPU each; when lines come faster it makes callers wait, then
 * drops. `metadata` adds to that of the process. See `logger` in "world". `logger:log/2,3`.
 */
export function log(level: LogLevel, what: string | LogReport, metadata?: LogReport): void;
export function log(
  first: string,
  ...rest: readonly [what?: string | LogReport, metadata?: LogReport]
): void {
  const process = here();
  if (rest.length === 0) {
    process.node.record(process, KIND.log, { payload: copy(String(first)) });
    return;
  }
  const [what, metadata = NO_METADATA] = rest;
  if (takeLine === undefined) throw new ErlangError("badarg", "there is no logger here");
  // The taker refuses what is no level, and what is neither text nor report.
  takeLine(first as LogLevel, what as string | LogReport, metadata);
}
