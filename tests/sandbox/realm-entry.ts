/**
 * What runs in the realm under test: the engine as it stands in a worker of the frame, put behind
 * one global. Bundled as a classic script by realm.ts; it must not need anything of the host.
 */
import { type CheckSpec, judgeRun } from "../../workers/check/index.ts";
import { KIND, type Scenario } from "../../workers/kernel/index.ts";
import { lockDown } from "../../workers/sandbox/lockdown.ts";
import { type ProgramFactory, SHARED } from "../../workers/sandbox/realm.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";

/** What a test may ask of the realm; plain texts both ways, as with a worker. */
export interface Inside {
  lockDown(): void;
  /** Runs a program and judges it. Gives JSON: digest, findings, and what the processes logged. */
  run(program: ProgramFactory, what: string): string;
}

/** What `run` is given, as JSON. */
export interface Task {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly checks: readonly CheckSpec[];
}

const inside: Inside = {
  lockDown: () => lockDown(SHARED),
  run(program, what) {
    const { scenario, seed, checks } = JSON.parse(what) as Task;
    const crashes: string[] = [];
    const trace = simulate({
      program,
      scenario,
      seed,
      onCrash: ({ message }) => crashes.push(message),
    });
    const said: unknown[] = [];
    for (let row = 0; row < trace.rowCount; row++) {
      const payload = trace.payloadOf(row);
      if (trace.kindOf(row) === KIND.log) said.push(payload);
    }
    return JSON.stringify({
      ...judgeRun(checks, "S", scenario, seed, trace),
      said,
      crashes,
    });
  },
};

Object.defineProperty(globalThis, "inside", { value: inside });
