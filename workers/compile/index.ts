/**
 * The compiler of learner code: TypeScript files to one script, or refusals with their places.
 *
 * Strip (TypeScript itself) → read names and modules → write as generators with guards → put
 * together. It runs in the page and on the grading server alike and gives the same text in both.
 * What the script needs of the runtime is listed in `runtime.ts`.
 */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { assemble } from "./assemble.ts";
import { checkLinks, type Module, readModule } from "./modules.ts";
import type { CompileResult, Place, Program, Refusal, SourceFile } from "./program.ts";
import { type Stripped, strip, type TypeScriptForCompile } from "./strip.ts";

export { GLOBALS, SHIMMED } from "./globals.ts";
export type {
  CompileResult,
  Place,
  Program,
  Refusal,
  RefusalCode,
  SourceFile,
} from "./program.ts";
export type { Runtime, ScriptFactory } from "./runtime.ts";
export type { TypeScriptForCompile } from "./strip.ts";

/**
 * Compiles the files of an exercise together. All refusals of a step are given at once, in the
 * order of the files; a later step is taken only when the one before refused nothing.
 */
export function compile(
  typescript: TypeScriptForCompile,
  files: readonly SourceFile[],
): CompileResult {
  const stripped: Stripped[] = [];
  const refusals: Refusal[] = [];
  for (const file of files) {
    const result = strip(typescript, file);
    if (result.ok) stripped.push(result.stripped);
    else refusals.push(...result.refusals);
  }
  return refusals.length > 0 ? { ok: false, refusals } : link(stripped);
}

function link(files: readonly Stripped[]): CompileResult {
  const paths = new Set(files.map(({ file }) => file.path));
  const modules = new Map<string, Module>();
  for (const stripped of files) modules.set(stripped.file.path, readModule(stripped, paths));
  checkLinks(modules);
  const refusals = [...modules.values()].flatMap(({ stripped, problems }) =>
    stripped.refusals(problems.toSorted((a, b) => a.start - b.start)),
  );
  return refusals.length > 0 ? { ok: false, refusals } : { ok: true, program: assemble(modules) };
}

const traces = new WeakMap<Program, TraceMap>();

/**
 * The learner's place for a place in the script (line and column from 1, as in a stack trace);
 * undefined where the script is not learner code.
 */
export function originalPosition(
  program: Program,
  line: number,
  column: number,
): Place | undefined {
  let trace = traces.get(program);
  if (trace === undefined) {
    trace = new TraceMap(program.map);
    traces.set(program, trace);
  }
  const found = originalPositionFor(trace, { line, column: column - 1 });
  if (found.source === null) return undefined;
  return { file: found.source, line: found.line, column: found.column + 1 };
}
