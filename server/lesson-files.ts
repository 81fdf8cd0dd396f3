import "server-only";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A file of an exercise as the learner meets it. */
export interface ExerciseFile {
  readonly path: string;
  readonly text: string;
  /** Scaffold: to be read, not changed. */
  readonly isReadOnly: boolean;
}

/** Which of an exercise's programs: "starter", "solution", "solution-b" or "wrong/<belief>". */
export type Variant = "starter" | "solution" | "solution-b" | `wrong/${string}`;

const LESSONS = join(process.cwd(), "lessons");

/**
 * All files of one program of an exercise: the learner's first, then the scaffold of the lesson
 * and of the exercise. They lie flat beside each other; the nearer one wins a name.
 */
export function readExerciseFiles(
  lesson: string,
  exercise: string,
  variant: Variant,
): ExerciseFile[] {
  const folder = join(LESSONS, lesson, "exercises", exercise);
  const yours = readFolder(join(folder, variant), false);
  const near = readFolder(join(folder, "scaffold"), true);
  const far = readFolder(join(LESSONS, lesson, "scaffold"), true);
  const files = new Map<string, ExerciseFile>();
  for (const file of [...yours, ...near, ...far])
    if (!files.has(file.path)) files.set(file.path, file);
  return [...files.values()];
}

/** The beliefs behind an exercise's wrong solutions, by folder name. */
export function readBeliefs(lesson: string, exercise: string): string[] {
  const folder = join(LESSONS, lesson, "exercises", exercise, "wrong");
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => statSync(join(folder, name)).isDirectory())
        .sort()
    : [];
}

/** The folders of a lesson's exercises, in the order of their names. */
export function readExerciseNames(lesson: string): string[] {
  return readdirSync(join(LESSONS, lesson, "exercises")).sort();
}

function readFolder(folder: string, isReadOnly: boolean): ExerciseFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8"), isReadOnly }));
}
