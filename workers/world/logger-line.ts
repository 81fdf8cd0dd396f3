/** A line with a level: what it is on its way to the logger, and how it looks when it is written. */
import {
  brief,
  copy,
  ErlangError,
  KIND,
  type Pid,
  type Process,
  traceId,
} from "../kernel/index.ts";
import type { LogLevel, LogReport } from "../otp/log.ts";

/** A line on its way to whoever writes it. `logger:log_event/0`. */
export interface LogEvent {
  readonly level: LogLevel;
  readonly msg: string | LogReport;
  /** Who logged and when (ms), its metadata, and the ids of the span that it was in. */
  readonly meta: LogReport & { readonly pid: Pid; readonly time: number };
}

/** Gravest first. */
export const LEVELS: readonly LogLevel[] = [
  "emergency",
  "alert",
  "critical",
  "error",
  "warning",
  "notice",
  "info",
  "debug",
];

/** Characters of a written line. */
const LINE_LENGTH_MAX = 500;

/**
 * A line in the trace. peer = who logged; value = 8 for an emergency down to 1 for debug, so that 0
 * is a note without a level; message = the span.
 */
export function writeLine(process: Process, event: LogEvent): void {
  const { level, meta } = event;
  const { index } = process.node;
  const serial = Number(meta.pid.slice(meta.pid.lastIndexOf(".") + 1, -1));
  process.node.record(process, KIND.log, {
    peer: traceId(index, serial),
    value: LEVELS.length - placeOf(level),
    message: typeof meta["span"] === "number" ? meta["span"] : 0,
    payload: copy(lineOf(event)),
  });
}

/** A line as logger_formatter writes it on one line, its metadata behind it; at most 500 characters. */
function lineOf({ level, msg, meta }: LogEvent): string {
  const { pid: _pid, time: _time, ...rest } = meta;
  const said = typeof msg === "string" ? msg : fieldsOf(msg);
  const text = Object.keys(rest).length === 0 ? said : `${said} {${fieldsOf(rest)}}`;
  const line = `${level}: ${text}`;
  return line.length > LINE_LENGTH_MAX ? `${line.slice(0, LINE_LENGTH_MAX - 1)}…` : line;
}

function fieldsOf(report: LogReport): string {
  return Object.entries(report)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : brief(value)}`)
    .join(", ");
}

/** 0 for an emergency, 7 for debug. Refuses what is no level. */
export function placeOf(level: LogLevel): number {
  const place = LEVELS.indexOf(level);
  if (place >= 0) return place;
  throw new ErlangError("badarg", `${String(level)} is no level: ${LEVELS.join(", ")}`);
}

/** A copy of a report, which is an object with fields. */
export function checkReport(report: unknown, what: string): LogReport {
  if (typeof report === "object" && report !== null && !Array.isArray(report)) {
    return copy(report).value as LogReport;
  }
  throw new ErlangError("badarg", `${what} is an object with fields, not ${String(report)}`);
}
