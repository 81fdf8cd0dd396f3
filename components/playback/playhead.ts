/**
 * The play-head: the one virtual moment that stage, charts, list and scrubber all show.
 *
 * It is a store outside React. `advance` is called by whoever owns the frame loop with the real
 * clock's reading; nothing in here reads a clock or sets a timer, so a test drives it by hand.
 * Play-back is always of a recording: where the run has not got to yet, the play-head waits.
 *
 * Two kinds of listeners: `onFrame` hears every change, for drawing; `subscribe` hears at most ten
 * a second while things move (and the last one, after a pause), for React.
 */

import { timeout } from "d3-timer";
import type { TraceSource } from "./trace-source.ts";

/** Virtual seconds per real second. */
export const SPEEDS = [
  1 / 1000,
  1 / 500,
  1 / 200,
  1 / 100,
  1 / 50,
  1 / 20,
  1 / 10,
  1 / 5,
  1 / 2,
  1,
  2,
  5,
  10,
  20,
  50,
  100,
] as const;

/** Least real time between two calls of a `subscribe` listener. */
const QUIET_MS = 100;
/** Real time that one frame may stand for; more was spent hidden or asleep and does not count. */
const FRAME_MS_MAX = 100;

export interface PlayheadSnapshot {
  readonly atUs: number;
  readonly playing: boolean;
  /** 1 forward, -1 backward. */
  readonly direction: 1 | -1;
  readonly speed: number;
  readonly horizonUs: number;
  /** How far the trace has got; the horizon once the run is complete. */
  readonly recordedUs: number;
  /** Playing, but the run has not got further yet. */
  readonly waiting: boolean;
}

export interface PlayheadOptions {
  readonly source: TraceSource;
  readonly horizonUs: number;
  /** Real milliseconds; only differences count. */
  readonly clock: () => number;
  /** Default 1. */
  readonly speed?: number;
  /** Calls back after some real milliseconds. Default: d3-timer's. */
  readonly later?: (run: () => void, ms: number) => void;
}

export interface Playhead {
  /** This very moment, for drawing. */
  snapshot(): PlayheadSnapshot;
  /** The moment that `subscribe` listeners heard of last, for React. */
  told(): PlayheadSnapshot;
  subscribe(listener: () => void): () => void;
  onFrame(listener: () => void): () => void;
  /** Moves on with the real clock while playing; true when the moment changed. */
  advance(): boolean;
  play(direction?: 1 | -1): void;
  pause(): void;
  toggle(): void;
  /** Goes to a moment, at most as far as the run has got. */
  seek(us: number): void;
  /** To the next (1) or previous (-1) instant at which anything happened. Pauses. */
  stepEvent(direction: 1 | -1): void;
  /** The same for rows in which `process` (its number in the trace) takes part. */
  stepProcessEvent(process: number, direction: 1 | -1): void;
  setSpeed(speed: number): void;
  /** Step mode for reduced motion: four jumps a second instead of a glide. */
  setStepped(stepped: boolean): void;
}

/** Real time between two jumps in step mode. */
const STEP_MS = 250;

export function createPlayhead(options: PlayheadOptions): Playhead {
  const { source, horizonUs, clock } = options;
  const later = options.later ?? ((run, ms) => void timeout(run, ms));
  const listeners = new Set<() => void>();
  const frameListeners = new Set<() => void>();
  let exactUs = 0;
  let playing = false;
  let direction: 1 | -1 = 1;
  let speed = options.speed ?? 1;
  let stepped = false;
  let lastMs = clock();
  let toldMs = Number.NEGATIVE_INFINITY;
  let willTell = false;
  let turns = 0;
  let current = look();
  let told = current;

  function recordedUs(): number {
    if (source.complete) return horizonUs;
    const { trace } = source;
    return trace.rowCount === 0 ? 0 : Math.min(horizonUs, trace.atOf(trace.rowCount - 1));
  }

  function look(): PlayheadSnapshot {
    const recorded = recordedUs();
    const atUs = Math.floor(exactUs);
    return {
      atUs,
      playing,
      direction,
      speed,
      horizonUs,
      recordedUs: recorded,
      waiting: playing && direction === 1 && atUs >= recorded && recorded < horizonUs,
    };
  }

  function tell(): void {
    willTell = false;
    toldMs = clock();
    told = current;
    for (const listener of listeners) listener();
  }

  /** Notes a change; `now` says that React must know at once. */
  function change(now: boolean): void {
    current = look();
    for (const listener of frameListeners) listener();
    const quietMs = clock() - toldMs;
    if (now) tell();
    else if (!willTell && quietMs >= QUIET_MS) tell();
    else if (!willTell) {
      willTell = true;
      const turn = ++turns;
      // A change told at once in the meantime makes this call, and no later one, needless.
      later(() => turn === turns && willTell && tell(), QUIET_MS - quietMs);
    }
  }

  function moveTo(us: number, now: boolean): void {
    exactUs = Math.min(Math.max(0, us), recordedUs());
    change(now);
  }

  function pause(): void {
    if (!playing) return;
    playing = false;
    change(true);
  }

  function play(towards: 1 | -1 = 1): void {
    direction = towards;
    if (towards === 1 && exactUs >= horizonUs) exactUs = 0;
    playing = true;
    lastMs = clock();
    change(true);
  }

  function stepTo(row: number | undefined, towards: 1 | -1): void {
    playing = false;
    const end = towards === 1 ? recordedUs() : 0;
    moveTo(row === undefined ? end : source.trace.atOf(row), true);
  }

  source.subscribe(() => {
    if (source.trace.rowCount === 0) exactUs = 0;
    change(source.complete);
  });

  return {
    snapshot: () => current,
    told: () => told,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onFrame(listener) {
      frameListeners.add(listener);
      return () => frameListeners.delete(listener);
    },
    advance() {
      const ms = clock();
      if (!playing) {
        lastMs = ms;
        return false;
      }
      if (stepped && ms - lastMs < STEP_MS) return false;
      const passedMs = Math.min(ms - lastMs, stepped ? STEP_MS : FRAME_MS_MAX);
      lastMs = ms;
      const before = exactUs;
      const limit = direction === 1 ? Math.max(recordedUs(), before) : 0;
      exactUs += passedMs * 1000 * speed * direction;
      const reached = direction === 1 ? exactUs >= limit : exactUs <= limit;
      if (reached) exactUs = limit;
      if (reached && (direction === -1 || limit >= horizonUs)) playing = false;
      if (exactUs === before && playing === current.playing) return false;
      change(!playing);
      return true;
    },
    play,
    pause,
    toggle: () => (playing ? pause() : play(1)),
    seek: (us) => moveTo(us, false),
    stepEvent(towards) {
      const { trace } = source;
      const after = trace.upperBound(current.atUs);
      if (towards === 1) stepTo(after < trace.rowCount ? after : undefined, 1);
      else {
        const before = trace.upperBound(current.atUs - 1) - 1;
        stepTo(before >= 0 ? before : undefined, -1);
      }
    },
    stepProcessEvent(process, towards) {
      const { trace } = source;
      const isIts = (row: number) =>
        trace.processOf(row) === process || trace.peerOf(row) === process;
      let row =
        towards === 1 ? trace.upperBound(current.atUs) : trace.upperBound(current.atUs - 1) - 1;
      while (row >= 0 && row < trace.rowCount && !isIts(row)) row += towards;
      stepTo(row >= 0 && row < trace.rowCount ? row : undefined, towards);
    },
    setSpeed(next) {
      speed = Math.min(100, Math.max(1 / 1000, next));
      lastMs = clock();
      change(true);
    },
    setStepped(next) {
      stepped = next;
    },
  };
}

/** The next speed up or down the ladder. */
export function nextSpeed(speed: number, direction: 1 | -1): number {
  const found =
    direction === 1
      ? SPEEDS.find((s) => s > speed * 1.001)
      : [...SPEEDS].reverse().find((s) => s < speed * 0.999);
  return found ?? speed;
}
