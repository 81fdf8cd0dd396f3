/**
 * The process that writes a node's lines, and how it keeps from drowning: OTP's logger_olp, rule by
 * rule. It looks at its mailbox before each line and says by the mode what callers have to do. It
 * can only come down from a mode by handling lines, so it never stays in drop mode with nothing to do.
 */
import { type Envelope, SIGNAL, US_PER_MS } from "../kernel/index.ts";
import { genServer, type NoReplyResult } from "../otp/gen-server.ts";
import { here, steps, wait } from "../otp/here.ts";
import { log } from "../otp/log.ts";
import { definitionBody } from "../otp/start.ts";
import { LOGGER, type LogEvent, type LoggerMode, logger, loggerOf } from "./logger.ts";

/** OTP's IDLE_DETECT_TIME: after so many ms without a line a burst is over. */
const IDLE_MS = 100;

/** OTP's FLUSH_MAX_N: lines that are thrown away at a stroke. */
const FLUSHED_MAX = 5000;

interface State {
  mode: LoggerMode;
  burstFromUs: number;
  burstCount: number;
}

const handler = genServer<State, never, LogEvent, unknown>({
  init() {
    const { now } = here().node;
    return ["ok", { mode: "async", burstFromUs: now, burstCount: 0 }];
  },

  handleCast(event, state) {
    const { mailbox, node } = here();
    const { flushQlen, dropModeQlen, syncModeQlen } = loggerOf(node).config;
    const length = mailbox.length;
    if (length >= flushQlen) {
      flush(state);
      return ["noreply", state, IDLE_MS];
    }
    enter(state, length >= dropModeQlen ? "drop" : length >= syncModeQlen ? "sync" : "async");
    if (mayWrite(state)) return write(event, state);
    loggerOf(node).burstDropped++;
    return ["noreply", state, IDLE_MS];
  },

  handleInfo(message, state) {
    if (message !== "timeout") return ["noreply", state, IDLE_MS];
    enter(state, "async");
    state.burstCount = 0;
    return ["noreply", state];
  },
});

/** The body of the service's process. */
export function loggerBody(): unknown {
  return definitionBody(handler, [])();
}

function write(event: LogEvent, state: State): Promise<NoReplyResult<State>> {
  return steps(function* (): Generator<unknown, NoReplyResult<State>, unknown> {
    yield* wait(logger.write(event));
    return ["noreply", state, IDLE_MS];
  });
}

/** Throws away what waits, the line in hand with it. */
function flush(state: State): void {
  const process = here();
  const shared = loggerOf(process.node);
  let flushed = 0;
  process.node.dropMessages(process, ({ signal }: Envelope) => {
    const isFlushed = signal === SIGNAL.cast && flushed < FLUSHED_MAX;
    if (isFlushed) flushed++;
    return isFlushed;
  });
  shared.flushed += flushed + 1;
  note(`flushed ${flushed} log events`);
  enter(state, "async");
}

function enter(state: State, mode: LoggerMode): void {
  const before = state.mode;
  state.mode = mode;
  const shared = loggerOf(here().node);
  // Where another process handles the lines, its own rules count.
  if (shared.handler === LOGGER) shared.mode = mode;
  if (before !== mode && (mode === "drop" || before === "drop"))
    note(`switched from ${before} to ${mode} mode`);
}

/** OTP's limit_burst. A window begins anew only when the limit was reached and its time is over. */
function mayWrite(state: State): boolean {
  const { node } = here();
  const { burstLimitEnable, burstLimitMaxCount, burstLimitWindowTime } = loggerOf(node).config;
  if (!burstLimitEnable) return true;
  if (state.burstCount < burstLimitMaxCount) {
    state.burstCount++;
    return true;
  }
  if (node.now - state.burstFromUs < burstLimitWindowTime * US_PER_MS) return false;
  state.burstFromUs = node.now;
  state.burstCount = 0;
  return true;
}

/** What the handler says of itself, at once. */
function note(what: string): void {
  log("notice", `Handler ${LOGGER} ${what}`);
}
