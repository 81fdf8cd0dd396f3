/**
 * The test bed of one run: labels, logs and the cluster. Scenarios run one after the other on one
 * thread, so the one under way is a variable of this file: functions that are named in messages to
 * other nodes could not carry it.
 */
import { type Cluster, isStop } from "../../../workers/kernel/index.ts";
import { log, self } from "../../../workers/otp/index.ts";
import type { Script } from "./coroutine.ts";
import { Labels } from "./labels.ts";
import type { Recording, Step } from "./recording.ts";

/** Variables of a process or of one callback. */
export type Variables = Map<string, unknown>;

/** Runs steps in the running process. */
export type Perform = (steps: readonly Step[], variables: Variables) => Script<void>;

/** Marks the lines of the trace that say where a process of the lifecycle begins. */
export const BEGINS = "begins ";

/** How many mistakes of ours are told. */
const MISTAKE_COUNT_MAX = 3;

export class Bed {
  readonly recording: Recording;
  readonly perform: Perform;
  /** When `main` starts, in ms of the run: the scenario's clock is 0 then. */
  readonly startMs: number;
  readonly pids = new Labels();
  readonly refs = new Labels();
  /** What each process wrote, in terms of the script's form. */
  readonly logs = new Map<string, unknown[][]>();
  /** Errors that are nobody's exit reason on the BEAM: mistakes of ours. */
  readonly mistakes: string[] = [];
  cluster: Cluster | undefined;
  readonly #counts = new Map<string, number>();

  constructor(recording: Recording, perform: Perform, startMs: number) {
    this.recording = recording;
    this.perform = perform;
    this.startMs = startMs;
  }

  /**
   * A process begins under this label. Said by whoever is first, the process itself or the one that
   * started it: a label is bound before either goes on (section 2).
   */
  begin(label: string, pid: string): void {
    if (!this.pids.bind(label, pid)) return;
    if (this.recording.lifecycle?.includes(label)) log(BEGINS + this.pids.nameOf(pid));
  }

  /** Adds an entry to the log of the running process. */
  write(...entry: unknown[]): void {
    const pid = self();
    const entries = this.logs.get(pid) ?? [];
    this.logs.set(pid, entries);
    entries.push(entry);
  }

  /** How often this was called with `key`, this time included. */
  count(key: string): number {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count;
  }

  /** Notes an error that is nobody's exit reason. */
  note(thrown: unknown): void {
    if (isStop(thrown) || this.mistakes.length >= MISTAKE_COUNT_MAX) return;
    const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    if (!this.mistakes.includes(text)) this.mistakes.push(text);
  }
}

let current: Bed | undefined;

/** The run under way. */
export function bed(): Bed {
  if (current === undefined) throw new Error("no scenario is running");
  return current;
}

/** Makes `next` the run under way. */
export function setBed(next: Bed): void {
  current = next;
}
