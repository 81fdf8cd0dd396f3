/**
 * A run's trace as it comes in: rows arrive in chunks while the simulation runs ahead, and whoever
 * draws is told that there are more. One source serves many runs: `reset` begins the next.
 */

import { Trace, type TraceChunk } from "../../workers/kernel/trace.ts";

export interface TraceSource {
  /** Grows in place within a run; another object after `reset`. */
  readonly trace: Trace;
  /** Grows with each change. */
  readonly version: number;
  /** No more rows will come. */
  readonly complete: boolean;
  subscribe(listener: () => void): () => void;
}

export interface GrowingTraceSource extends TraceSource {
  append(chunk: TraceChunk): void;
  finish(): void;
  /** Forgets the run: an empty trace, not complete. */
  reset(): void;
}

/** A source without rows; `trace` may hand in one that is already there (then call `finish`). */
export function createTraceSource(trace: Trace = new Trace()): GrowingTraceSource {
  const listeners = new Set<() => void>();
  const state = { trace, version: 0, complete: false };
  const change = () => {
    state.version++;
    for (const listener of listeners) listener();
  };
  return {
    get trace() {
      return state.trace;
    },
    get version() {
      return state.version;
    },
    get complete() {
      return state.complete;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    append(chunk) {
      state.trace.append(chunk);
      change();
    },
    finish() {
      state.complete = true;
      change();
    },
    reset() {
      state.trace = new Trace();
      state.complete = false;
      change();
    },
  };
}
