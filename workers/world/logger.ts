/**
 * logger: lines with a level, written by a process of the node. Rules in SPEC.md, LO.
 *
 * The process is a bottleneck with a mailbox, as on the BEAM, and protects itself as OTP's
 * logger_olp does: it says by its mode what callers have to do. `async`: send and go on; `sync`:
 * wait until the line's turn has come; `drop`: do not send. The mode is read without a message,
 * as OTP reads a persistent term. It begins with the first line that is let through.
 *
 * Unlike OTP a caller in sync mode does not wait for an answer, since `log` is no promise: it goes
 * on when the lines before its own would be written on a core of their own. A node has one handler.
 */
import { ErlangError, type Node, type Process, US_PER_MS } from "../kernel/index.ts";
import { checkMs, here, steps, wait } from "../otp/here.ts";
import { giveLinesTo, type LogLevel, type LogReport } from "../otp/log.ts";
import { checkReport, LEVELS, type LogEvent, placeOf, writeLine } from "./logger-line.ts";
import { currentSpan } from "./span.ts";

export type { LogEvent } from "./logger-line.ts";

/** How a node's handler works. Names and defaults are OTP's; `lineMs` is ours. `logger:olp_config/0`. */
export interface LoggerConfig {
  /** CPU that it takes to write a line, ms; default 0.05. */
  readonly lineMs: number;
  /** From so many lines in the handler's mailbox on callers wait; default 10. */
  readonly syncModeQlen: number;
  /** From so many on they drop their lines; default 200. */
  readonly dropModeQlen: number;
  /** From so many on the handler throws all of them away; default 1,000. */
  readonly flushQlen: number;
  /** Whether the handler writes only so many lines in so many ms; default true, 500 in 1,000. */
  readonly burstLimitEnable: boolean;
  readonly burstLimitMaxCount: number;
  readonly burstLimitWindowTime: number;
}

/** What has become of a node's lines. */
export interface LoggerInfo {
  readonly mode: LoggerMode;
  readonly written: number;
  /** Not sent by callers, in drop mode, or because there is no such handler. */
  readonly dropped: number;
  /** Thrown out of the handler's mailbox. */
  readonly flushed: number;
  /** Taken out by the handler and not written, past the burst limit. */
  readonly burstDropped: number;
}

/** What callers do. */
export type LoggerMode = "async" | "sync" | "drop";

/** The name under which the built-in handler is registered. */
export const LOGGER = "logger";

const DEFAULTS: LoggerConfig = {
  lineMs: 0.05,
  syncModeQlen: 10,
  dropModeQlen: 200,
  flushQlen: 1000,
  burstLimitEnable: true,
  burstLimitMaxCount: 500,
  burstLimitWindowTime: 1000,
};

/** What a node's processes share of its logger. */
export interface LoggerState {
  /** Lines of a level whose place is beyond are not made at all; 5 is `notice`, −1 none. */
  levelPlace: number;
  handler: string;
  mode: LoggerMode;
  config: LoggerConfig;
  written: number;
  dropped: number;
  flushed: number;
  burstDropped: number;
}

const states = new WeakMap<Node, LoggerState>();
const processMetadata = new WeakMap<Process, LogReport>();

/** The logger of a node. */
export function loggerOf(node: Node): LoggerState {
  const known = states.get(node);
  if (known !== undefined) return known;
  const state: LoggerState = {
    levelPlace: LEVELS.indexOf("notice"),
    handler: LOGGER,
    mode: "async",
    config: DEFAULTS,
    written: 0,
    dropped: 0,
    flushed: 0,
    burstDropped: 0,
  };
  states.set(node, state);
  return state;
}

/** The logger of the running process's node. Lines are given to it by `log(level, what)` of "otp". */
export const logger = {
  /** Lets lines of this level and graver ones through; `"all"`, `"none"`. Default `"notice"`. `logger:set_primary_config/2`. */
  setLevel(level: LogLevel | "all" | "none"): "ok" {
    loggerOf(here().node).levelPlace =
      level === "all" ? LEVELS.length - 1 : level === "none" ? -1 : placeOf(level);
    return "ok";
  },

  /** True when a line of this level would be let through. `logger:allow/2`. */
  allow(level: LogLevel): boolean {
    return placeOf(level) <= loggerOf(here().node).levelPlace;
  },

  /** `"gt"` when `a` is graver than `b`, `"lt"` when it is less grave, else `"eq"`. `logger:compare_levels/2`. */
  compareLevels(a: LogLevel, b: LogLevel): "gt" | "lt" | "eq" {
    const difference = placeOf(b) - placeOf(a);
    return difference > 0 ? "gt" : difference < 0 ? "lt" : "eq";
  },

  /** What every later line of the running process bears, such as the number of a request. `logger:set_process_metadata/1`. */
  setMetadata(metadata: LogReport): "ok" {
    processMetadata.set(here(), checkReport(metadata, "metadata"));
    return "ok";
  },

  /** What lines of the running process bear. `logger:get_process_metadata/0`. */
  metadata(): LogReport {
    return processMetadata.get(here()) ?? {};
  },

  /**
   * Has lines sent to the process registered under a name on this node, each as a cast of a
   * `LogEvent`; what it does when they are too many is its own affair. Default `"logger"`, the
   * built-in one. Lines for nobody are dropped. `logger:add_handler/3`.
   */
  setHandler(name: string): "ok" {
    if (typeof name !== "string") {
      throw new ErlangError("badarg", "logger.setHandler takes a registered name");
    }
    const state = loggerOf(here().node);
    state.handler = name;
    state.mode = "async";
    return "ok";
  },

  /**
   * Changes how this node's lines are written. `["error", ["invalid_olp_levels", …]]` unless 1 <
   * dropModeQlen and syncModeQlen ≤ dropModeQlen ≤ flushQlen. `logger:update_handler_config/2`.
   */
  configure(changes: Partial<LoggerConfig>): "ok" | readonly ["error", unknown] {
    const state = loggerOf(here().node);
    const config = { ...state.config, ...changes };
    const { syncModeQlen, dropModeQlen, flushQlen } = config;
    checkMs(config.lineMs, "lineMs");
    checkMs(config.burstLimitWindowTime, "burstLimitWindowTime");
    if (!(dropModeQlen > 1 && syncModeQlen <= dropModeQlen && dropModeQlen <= flushQlen)) {
      return ["error", ["invalid_olp_levels", { syncModeQlen, dropModeQlen, flushQlen }]];
    }
    state.config = config;
    return "ok";
  },

  /** How the handler works now. `logger:get_handler_config/1`. */
  config(): LoggerConfig {
    return loggerOf(here().node).config;
  },

  /** What has become of this node's lines so far. `logger_olp:info/1`. */
  info(): LoggerInfo {
    const { mode, written, dropped, flushed, burstDropped } = loggerOf(here().node);
    return { mode, written, dropped, flushed, burstDropped };
  },

  /** Writes a line: takes `lineMs` of CPU, then it stands in the trace. For a handler of your own. `Formatter:format/2`. */
  write(event: LogEvent): Promise<void> {
    const process = here();
    const { node } = process;
    const state = loggerOf(node);
    const us = Math.round(state.config.lineMs * US_PER_MS);
    return steps(function* () {
      if (us > 0) yield* wait(node.work(process, us, "cpu"));
      writeLine(process, event);
      state.written++;
    });
  },
} as const;

giveLinesTo((level, what, metadata) => {
  const process = here();
  const state = loggerOf(process.node);
  if (placeOf(level) > state.levelPlace) return;
  if (typeof what !== "string") checkReport(what, "a line without text");
  hand(process, state, {
    level,
    msg: what,
    meta: {
      ...processMetadata.get(process),
      ...checkReport(metadata, "metadata"),
      ...currentSpan(process),
      pid: process.pid,
      time: process.node.now / US_PER_MS,
    },
  });
});

/** Gives a line to the handler, in the way that its mode asks for. */
function hand(process: Process, state: LoggerState, event: LogEvent): void {
  const { node } = process;
  const handler = node.find(state.handler) ?? node.ensure(state.handler);
  // What a handler logs itself would come back to it for ever.
  if (handler === process) return writeLine(process, event);
  if (handler === undefined || state.mode === "drop") {
    state.dropped++;
    return;
  }
  node.cast(process, handler.pid, event);
  if (state.mode === "async") return;
  const before = handler.mailbox.length + (handler.isBusy ? 1 : 0);
  const writtenAt = node.now + Math.round(before * state.config.lineMs * US_PER_MS);
  process.blockedUntil = Math.max(process.blockedUntil, writtenAt);
}
