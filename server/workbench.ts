import "server-only";
import { lessonFolder } from "../lessons/catalog.ts";
import type { LessonExercise, LessonMeta, LessonWorkbench } from "../lessons/schema.ts";
import { WORKBENCHES } from "../lessons/workbench.ts";
import type { Exercise } from "../workers/check/index.ts";
import { type ExerciseFile, readExerciseFiles } from "./lesson-files.ts";

/** An exercise as the page is given it: data and files, no functions. */
export interface ServedExercise {
  readonly data: Omit<Exercise, "explain">;
  readonly starter: readonly ExerciseFile[];
}

/** A lesson's workbench without its functions. */
type ServedWorkbench = Pick<LessonWorkbench, "pinned" | "layout"> & {
  readonly exercises: readonly ServedExercise[];
};

/** Everything that a written lesson's workbench shows; undefined for a lesson that has none. */
export async function readWorkbench(
  lesson: Pick<LessonMeta, "number" | "slug">,
): Promise<ServedWorkbench | undefined> {
  const { workbench } = (await WORKBENCHES[lesson.slug]?.()) ?? {};
  if (workbench === undefined) return undefined;
  const folder = lessonFolder(lesson);
  const { pinned, layout } = workbench;
  return { exercises: workbench.exercises.map((entry) => serve(folder, entry)), pinned, layout };
}

function serve(
  folder: string,
  { exercise, folder: below, yours = [] }: LessonExercise,
): ServedExercise {
  const { explain: _, ...data } = exercise;
  const files = readExerciseFiles(folder, below, "starter");
  const starter = files
    .filter(({ path }) => exercise.kind === "prediction" || path.endsWith(".ts"))
    .map((file) => (yours.includes(file.path) ? { ...file, isReadOnly: false } : file));
  const main = (file: ExerciseFile) => (file.path === exercise.mainFile ? 0 : 1);
  return { data, starter: starter.sort((a, b) => main(a) - main(b)) };
}
