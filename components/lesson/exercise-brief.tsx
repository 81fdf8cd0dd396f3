"use client";

import type { ReactNode } from "react";
import type { ExerciseId } from "../../lessons/schema.ts";
import { Button } from "../ui/button.tsx";
import styles from "./exercise-brief.module.css";
import { useExerciseChoice } from "./exercise-choice.tsx";
import { ExerciseStatus } from "./exercise-status.tsx";
import { useLessonId } from "./lesson-scope.tsx";
import { useProgress } from "./progress.ts";

interface ExerciseBriefProps {
  readonly id: ExerciseId;
  readonly title: string;
  /** The task, what must hold, and hints. */
  readonly children: ReactNode;
}

/** What an exercise asks, and how it went so far. Its element's id is the exercise's, to link to. */
export function ExerciseBrief({ id, title, children }: ExerciseBriefProps) {
  const progress = useProgress()[useLessonId()]?.[id];
  const choice = useExerciseChoice();
  return (
    <section className={styles["brief"]} id={id} aria-labelledby={`${id}-title`}>
      <header className={styles["head"]}>
        <h3 className={styles["title"]} id={`${id}-title`}>
          <span className={styles["id"]}>{id}</span> {title}
        </h3>
        <ExerciseStatus progress={progress} hasWord />
        {choice !== undefined && (
          <Button
            variant={choice.chosen === id ? "plain" : "quiet"}
            disabled={choice.chosen === id}
            onClick={() => choice.choose(id)}
          >
            {choice.chosen === id ? "Open beside" : "Open it"}
          </Button>
        )}
      </header>
      {children}
    </section>
  );
}
