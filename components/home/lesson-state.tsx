"use client";

import type { LessonMeta } from "../../lessons/schema.ts";
import { ExerciseStatus } from "../lesson/exercise-status.tsx";
import { lessonProgress, useProgress } from "../lesson/progress.ts";

/** How far this browser is with a written lesson. */
export function LessonState({ lesson }: { readonly lesson: LessonMeta }) {
  const progress = lessonProgress(lesson, useProgress());
  switch (progress.kind) {
    case "untouched":
      return "ready";
    case "begun":
      return (
        <>
          <ExerciseStatus progress="tried" />
          {progress.passedCount} of {progress.exerciseCount} passed
        </>
      );
    case "passed":
      return <ExerciseStatus progress="passed" hasWord />;
  }
}
