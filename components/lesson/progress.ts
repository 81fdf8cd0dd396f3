import type { ExerciseId, LessonId, LessonMeta } from "../../lessons/schema.ts";
import { useStored } from "../ui/stored-value.ts";
import { createLessonRecord, keepInRecord, type LessonRecord } from "./lesson-record.ts";

/** An exercise that was submitted is tried; one whose checks all held is passed, and stays so. */
export type ExerciseProgress = "tried" | "passed";
export type Progress = LessonRecord<ExerciseProgress>;

/** In this browser, under `steady-state:progress`. A server renders none. */
export const storedProgress = createLessonRecord<ExerciseProgress>(
  "progress",
  (value): value is ExerciseProgress => value === "tried" || value === "passed",
);

/** Records how an exercise went. A later failure takes nothing away. */
export function recordProgress(lesson: LessonId, exercise: ExerciseId, outcome: ExerciseProgress) {
  if (storedProgress.read()[lesson]?.[exercise] === "passed") return;
  keepInRecord(storedProgress, lesson, exercise, outcome);
}

/** Everybody's progress in this browser, alive: also when another tab records it. */
export function useProgress(): Progress {
  return useStored(storedProgress);
}

/** How far a lesson is, from its exercises. */
export type LessonProgress =
  | { readonly kind: "untouched" }
  | { readonly kind: "begun"; readonly passedCount: number; readonly exerciseCount: number }
  | { readonly kind: "passed" };

export function lessonProgress(
  { id, exercises }: Pick<LessonMeta, "id" | "exercises">,
  progress: Progress,
): LessonProgress {
  const outcomes = exercises.map((exercise) => progress[id]?.[exercise.id]);
  if (outcomes.every((outcome) => outcome === undefined)) return { kind: "untouched" };
  const passedCount = outcomes.filter((outcome) => outcome === "passed").length;
  return passedCount === exercises.length
    ? { kind: "passed" }
    : { kind: "begun", passedCount, exerciseCount: exercises.length };
}

/** The lesson to go on with: the first written one not yet passed, else the last written one. */
export function lessonToContinue(
  lessons: readonly LessonMeta[],
  progress: Progress,
): LessonMeta | undefined {
  const written = lessons.filter(({ status }) => status === "written");
  return (
    written.find((lesson) => lessonProgress(lesson, progress).kind !== "passed") ?? written.at(-1)
  );
}
