/** Grades a program of an exercise in Node, as the page does in its sandbox: same engine, same checks. */
import ts from "typescript";
import { type ExerciseFile, readExerciseFiles, type Variant } from "../../server/lesson-files.ts";
import {
  conclude,
  type Exercise,
  judgeRun,
  type RunFindings,
  seedOf,
  type TierName,
  type Verdict,
} from "../../workers/check/index.ts";
import { compile } from "../../workers/compile/index.ts";
import type { ProgramFactory } from "../../workers/sandbox/realm.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { evaluate } from "../engine/room.ts";

/** The verdict on one variant of an exercise, over all seeds of all tiers, or over `seedCount` of each. */
export function grade(
  lesson: string,
  folder: string,
  exercise: Exercise,
  variant: Variant,
  seedCount?: number,
): Verdict {
  const files = readExerciseFiles(lesson, folder, variant);
  const result = compile(ts, files.filter(isCode).map(toSource));
  if (!result.ok)
    throw new Error(
      result.refusals.map((r) => `${r.file}:${r.line}:${r.column} ${r.message}`).join("\n"),
    );
  const count = (all: number) => Math.min(all, seedCount ?? all);
  const key = `${exercise.id} ${result.program.digest} ${seedCount}`;
  const runs = known.get(key) ?? runAll(exercise, evaluate(result.program.script), count);
  known.set(key, runs);
  return conclude(exercise, runs, { engine: "test", answers: answersOf(files) });
}

/** Findings by exercise and program: the predictions of one program need not be measured for each answer. */
const known = new Map<string, RunFindings[]>();

function runAll(
  exercise: Exercise,
  program: ProgramFactory,
  count: (all: number) => number,
): RunFindings[] {
  return (
    Object.entries(exercise.tiers) as [TierName, NonNullable<Exercise["tiers"]["S"]>][]
  ).flatMap(([tier, { scenario, seedCount: all }]) =>
    Array.from({ length: count(all) }, (_, index) => {
      const seed = seedOf(exercise.id, tier, index);
      return judgeRun(exercise.checks, tier, scenario, seed, simulate({ program, scenario, seed }));
    }),
  );
}

function isCode({ path }: ExerciseFile): boolean {
  return path.endsWith(".ts");
}

function toSource({ path, text, isReadOnly }: ExerciseFile) {
  return { path, text, role: isReadOnly ? ("scaffold" as const) : ("yours" as const) };
}

function answersOf(files: readonly ExerciseFile[]): Record<string, number> {
  const file = files.find(({ path }) => path === "answers.json");
  return file === undefined ? {} : JSON.parse(file.text);
}
