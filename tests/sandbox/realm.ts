/**
 * A realm like a worker's of the frame: the engine's own bundle in a context without anything of
 * Node, locked down before any program comes. Programs of one realm meet what earlier ones left.
 */
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import ts from "typescript";
import type { CheckSpec, RunFindings } from "../../workers/check/index.ts";
import { type CompileResult, compile } from "../../workers/compile/index.ts";
import type { Scenario } from "../../workers/kernel/index.ts";
import type { Inside, Task } from "./realm-entry.ts";

/** What is known of a run: its digest and findings, the lines it logged, the errors that ended processes. */
export interface Outcome extends RunFindings {
  readonly said: readonly unknown[];
  readonly crashes: readonly string[];
}

export interface Realm {
  /** Compiles and runs main.ts. Throws the first refusal. */
  run(text: string): Outcome;
}

const SCENARIO: Scenario = {
  name: "realm",
  horizonUs: 10_000_000,
  nodes: [
    { name: "n1", cores: 1 },
    { name: "n2", cores: 1 },
  ],
  wires: [
    { between: ["n1", "n2"], latency: { kind: "uniform", fromUs: 100, toUs: 900 }, loss: 0.05 },
  ],
  starts: [
    { atUs: 0, node: "n1", file: "main.ts", run: "main", args: [] },
    { atUs: 0, node: "n2", file: "main.ts", run: "other", args: [] },
  ],
  loads: [],
  faults: [],
};
const CHECKS: readonly CheckSpec[] = [
  { check: "noLeak", tier: "S" },
  { check: "mailboxMax", tier: "S", role: "shop", bound: 3 },
];

/** Bundles the engine once; the function it gives makes realms, locked down or as they come. */
export async function realmMaker(): Promise<(isLocked: boolean) => Realm> {
  const { outputFiles } = await build({
    entryPoints: ["tests/sandbox/realm-entry.ts"],
    bundle: true,
    format: "iife",
    target: "es2022",
    write: false,
  });
  const bundle = outputFiles[0]?.text ?? "";
  return (isLocked) => createRealm(bundle, isLocked);
}

function createRealm(bundle: string, isLocked: boolean): Realm {
  const context = createContext({});
  runInContext(bundle, context);
  const inside = runInContext("inside", context) as Inside;
  if (isLocked) inside.lockDown();
  const task: Task = { scenario: SCENARIO, seed: 11, checks: CHECKS };
  return {
    run(text) {
      const result = compileMain(text);
      if (!result.ok) throw new Error(result.refusals[0]?.message);
      const program = runInContext(result.program.script, context);
      return JSON.parse(inside.run(program, JSON.stringify(task)));
    },
  };
}

/** As a learner's file. */
export function compileMain(text: string): CompileResult {
  return compile(ts, [{ path: "main.ts", text, role: "yours" }]);
}
