/** Compiles text and runs it here, with the kernel's coroutines and a guard of the test's own. */
import typescript from "typescript";
import {
  type CompileResult,
  compile,
  type Program,
  type ScriptFactory,
  type SourceFile,
} from "../../workers/compile/index.ts";
import * as coroutine from "../../workers/kernel/coroutine.ts";

/** What the guard throws. */
export class Stopped extends Error {}

export interface World {
  readonly exports: ReturnType<ScriptFactory>;
  readonly log: unknown[];
  readonly guard: { left: number; stop(): never };
}

/** A file of the learner's. */
export function yours(text: string, path = "main.ts"): SourceFile {
  return { path, text, role: "yours" };
}

/** Compiles files or one text; fails the test when they are refused. */
export function compiled(files: readonly SourceFile[] | string): Program {
  const result = tryCompile(files);
  if (!result.ok) throw new Error(JSON.stringify(result.refusals));
  return result.program;
}

export function tryCompile(files: readonly SourceFile[] | string): CompileResult {
  return compile(typescript, typeof files === "string" ? [yours(files)] : files);
}

/** Loads a program as the kernel does for a node. "otp" has `log` and what is passed. */
export function load(program: Program, turnsMax = 100_000, otp: object = {}): World {
  const log: unknown[] = [];
  const guard = {
    left: turnsMax,
    stop(): never {
      throw new Stopped("stopped");
    },
  };
  const factory = evaluate(program.script) as ScriptFactory;
  const exports = factory({
    ...coroutine,
    globals: { Math, Promise: coroutine.CoPromise, console, structuredClone },
    modules: { otp: { log: (...line: unknown[]) => log.push(line.join(" ")), ...otp }, world: {} },
    guard,
    isStop: (error) => error instanceof Stopped,
    pow: (base, exponent) => base ** exponent,
  });
  return { exports, log, guard };
}

/** An exported function of a file, to be called. */
export function functionOf<R>(world: World, name: string, path = "main.ts"): () => R {
  const found = world.exports[path]?.[name];
  if (typeof found !== "function") throw new Error(`${path} exports no function ${name}`);
  // What it gives is for the test to know.
  return found as () => R;
}

/** Runs `main` of main.ts until nothing is left to do, and returns what was logged. */
export function logOf(files: readonly SourceFile[] | string): readonly unknown[] {
  const world = load(compiled(files));
  const { log } = world;
  const promise = functionOf<coroutine.CoPromise<unknown>>(world, "main")();
  promise.then(
    (value) => log.push(`resolved ${String(value)}`),
    (error) => log.push(`rejected ${nameOf(error)}`),
  );
  coroutine.drain();
  return log;
}

/** The same text run by the engine's own async functions and promises. */
export async function nativeLogOf(text: string): Promise<readonly unknown[]> {
  const log: unknown[] = [];
  const { outputText } = typescript.transpileModule(text, {
    compilerOptions: { target: 9, module: 99 },
  });
  const body = outputText.replace(/^import .*$/gm, "").replace(/^export /gm, "");
  const make = evaluate(`(function (log) { "use strict"; ${body}; return main; })`) as (
    log: (...line: unknown[]) => void,
  ) => () => Promise<unknown>;
  const main = make((...line) => log.push(line.join(" ")));
  main().then(
    (value) => log.push(`resolved ${String(value)}`),
    (error) => log.push(`rejected ${nameOf(error)}`),
  );
  await new Promise((done) => setTimeout(done, 0));
  return log;
}

/** Indirect, so that the text sees globals and nothing of this file. */
export function evaluate(text: string): unknown {
  // biome-ignore lint/security/noGlobalEval: running compiled text is what is tested.
  // biome-ignore lint/complexity/noCommaOperator: the comma makes the eval indirect.
  return (0, eval)(text);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}
