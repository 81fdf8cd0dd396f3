/**
 * What is being made on the page of results, outside of React: one result after the other, in the
 * order in which they were asked for. What has been concluded from stays when a run is cancelled
 * or fails. The crew is begun for the first result of a queue and sent home after the last.
 */
import type { Row } from "../../workers/reproduce/reproduction.ts";
import type { Crew } from "./crew.ts";
import type { Said } from "./desk-words.ts";

/** How far a result is. `rows` are of the trials made so far; all of them once `done`. */
export type Run =
  | { readonly kind: "idle" }
  | { readonly kind: "waiting"; readonly before: Run }
  | Part<"running">
  | Part<"cancelled">
  | (Part<"failed"> & { readonly reason: string })
  | { readonly kind: "done"; readonly rows: readonly Row[] };

interface Part<Kind extends string> {
  readonly kind: Kind;
  readonly madeCount: number;
  readonly rows: readonly Row[];
}

export interface Runs {
  runOf(id: string): Run;
  /** The ids of a run of all, while it lasts. */
  all(): readonly string[] | undefined;
  subscribe(told: () => void): () => void;
  /** Puts a result at the end of the queue, unless it is in it. */
  run(id: string): void;
  /** Puts all that are not done into the queue; all of them anew when every one is. */
  runAll(ids: readonly string[]): void;
  /** Ends a result's run, or takes it out of the queue. */
  cancel(id: string): void;
  cancelAll(): void;
}

const IDLE: Run = { kind: "idle" };

export function createRuns(startCrew: () => Crew): Runs {
  const runs = new Map<string, Run>();
  const listeners = new Set<() => void>();
  let queue: readonly string[] = [];
  let current: string | undefined;
  let all: readonly string[] | undefined;
  let crew: Crew | undefined;

  const runOf = (id: string): Run => runs.get(id) ?? IDLE;
  const tell = () => {
    for (const told of listeners) told();
  };

  function enqueue(id: string): void {
    if (id === current || queue.includes(id)) return;
    queue = [...queue, id];
    runs.set(id, { kind: "waiting", before: runOf(id) });
  }

  function next(): void {
    current = queue[0];
    queue = queue.slice(1);
    if (current === undefined) {
      dismiss();
      all = undefined;
      return;
    }
    const id = current;
    runs.set(id, { kind: "running", madeCount: 0, rows: [] });
    try {
      crew ??= startCrew();
      crew.make(id, (said) => hear(id, said));
    } catch (thrown) {
      hear(id, { kind: "failed", reason: thrown instanceof Error ? thrown.message : `${thrown}` });
    }
  }

  function hear(id: string, said: Said): void {
    if (id !== current) return;
    const run = runOf(id);
    const { madeCount, rows } = run.kind === "running" ? run : { madeCount: 0, rows: [] };
    switch (said.kind) {
      case "progress":
        runs.set(id, { kind: "running", madeCount: said.madeCount, rows: said.rows });
        break;
      case "end":
        runs.set(id, { kind: "done", rows: said.rows });
        next();
        break;
      case "failed":
        runs.set(id, { kind: "failed", madeCount, rows, reason: said.reason });
        // The other makers may still be at their orders.
        dismiss();
        next();
        break;
    }
    tell();
  }

  function dismiss(): void {
    crew?.stop();
    crew = undefined;
  }

  function halt(id: string): void {
    const run = runOf(id);
    if (run.kind === "waiting") runs.set(id, run.before);
    if (run.kind === "running") runs.set(id, { ...run, kind: "cancelled" });
  }

  return {
    runOf,
    all: () => all,
    subscribe(told) {
      listeners.add(told);
      return () => void listeners.delete(told);
    },
    run(id) {
      enqueue(id);
      if (current === undefined) next();
      tell();
    },
    runAll(ids) {
      const missing = ids.filter((id) => runOf(id).kind !== "done");
      all = ids;
      for (const id of missing.length > 0 ? missing : ids) enqueue(id);
      if (current === undefined) next();
      tell();
    },
    cancel(id) {
      halt(id);
      queue = queue.filter((other) => other !== id);
      if (id === current) {
        dismiss();
        next();
      }
      tell();
    },
    cancelAll() {
      for (const id of [...queue, ...(current === undefined ? [] : [current])]) halt(id);
      queue = [];
      current = undefined;
      all = undefined;
      dismiss();
      tell();
    },
  };
}

/** How much of all these results is made, from 0 to 1, each counting the same. */
export function shareMade(
  results: readonly { readonly id: string; readonly trialCount: number }[],
  runOf: (id: string) => Run,
): number {
  const made = results.reduce(
    (sum, { id, trialCount }) => sum + madeShare(runOf(id), trialCount),
    0,
  );
  return results.length === 0 ? 0 : made / results.length;
}

function madeShare(run: Run, trialCount: number): number {
  if (run.kind === "done") return 1;
  return "madeCount" in run ? run.madeCount / trialCount : 0;
}

/** What a run has concluded so far. */
export function rowsOf(run: Run): readonly Row[] {
  if (run.kind === "waiting") return rowsOf(run.before);
  return run.kind === "idle" ? [] : run.rows;
}

/** Whether a run is under way or waits for its turn, and can be cancelled. */
export function isBusy({ kind }: Run): boolean {
  return kind === "running" || kind === "waiting";
}
