/**
 * A recorded scenario: what a file of tests/otp/recorded holds. Its language is described in
 * tests/otp/recorded/spec.md; section numbers in this folder's comments are that page's.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** One step of a script: its `op` and that op's arguments (section 5). */
export type Step = { readonly op: string } & { readonly [key: string]: Json };

/** A clause of a callback: the first whose `match` fits runs `do`, then gives `return` (section 6). */
export interface ClauseTable {
  readonly match?: Json;
  readonly do?: readonly Step[];
  readonly return?: Json;
}

export type ServerTable = Readonly<Record<string, readonly ClauseTable[]>>;

export type Fields = { readonly [key: string]: Json };

/** A supervisor's flags and children, or what its init gives instead of them (section 7). */
export interface SupervisorTable {
  readonly flags?: Fields;
  readonly children?: readonly Fields[];
  readonly init_return?: Json;
  readonly init_do?: readonly Step[];
}

export interface RecordedProcess {
  readonly log: readonly Json[];
  readonly final: Json;
}

/** What was seen: each labelled process's log and end, and the common order of some starts and ends. */
export interface Observation {
  readonly procs: Readonly<Record<string, RecordedProcess>>;
  readonly lifecycle?: readonly Json[];
}

export interface Recording {
  readonly format: number;
  readonly id: string;
  readonly topic: string;
  readonly title: string;
  readonly why: string;
  readonly run_ms: number;
  readonly nodes?: readonly string[];
  readonly procs: Readonly<Record<string, readonly Step[]>>;
  readonly servers?: Readonly<Record<string, ServerTable>>;
  readonly supervisors?: Readonly<Record<string, SupervisorTable>>;
  readonly stages?: Readonly<Record<string, Fields>>;
  readonly options?: Fields;
  readonly lifecycle?: readonly string[];
  readonly observed: Observation;
}

/**
 * Reads every scenario of a folder, in the order of their ids: one in a `.json` file, one a line in
 * a `.jsonl` file. Throws with the file's name for what is no scenario of format 1.
 */
export function readRecordings(folder: string): readonly Recording[] {
  const recordings = readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const path = join(folder, file);
      if (file.endsWith(".json")) return [parse(readFileSync(path, "utf8"), path)];
      if (!file.endsWith(".jsonl")) return [];
      const lines = readFileSync(path, "utf8").split("\n");
      return lines.flatMap((line, i) => (line === "" ? [] : [parse(line, `${path}:${i + 1}`)]));
    });
  return recordings.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function parse(text: string, where: string): Recording {
  let recording: Recording;
  try {
    recording = JSON.parse(text);
  } catch (thrown) {
    throw new Error(`${where} is no JSON: ${(thrown as Error).message}`);
  }
  if (recording.format !== 1) throw new Error(`${where} is no scenario of format 1`);
  return recording;
}
