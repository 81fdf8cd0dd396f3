"use client";

import type { ExerciseId, ExerciseMeta } from "../../lessons/schema.ts";
import { TabList } from "../ui/tabs.tsx";
import { ExerciseStatus } from "./exercise-status.tsx";
import styles from "./exercise-tabs.module.css";
import { useLessonId } from "./lesson-scope.tsx";
import { useProgress } from "./progress.ts";

interface ExerciseTabsProps {
  readonly exercises: readonly ExerciseMeta[];
  readonly selected: ExerciseId;
  onSelect(id: ExerciseId): void;
  /** The caller's panels are `<prefix>-panel-E1` and so on, labelled by `<prefix>-tab-E1`. */
  readonly idPrefix: string;
}

/** The lesson's exercises, each with how it went. */
export function ExerciseTabs({ exercises, selected, onSelect, idPrefix }: ExerciseTabsProps) {
  const done = useProgress()[useLessonId()];
  return (
    <TabList
      label="Exercises"
      idPrefix={idPrefix}
      selected={selected}
      onSelect={onSelect}
      tabs={exercises.map(({ id, title }) => ({
        id,
        label: (
          <>
            <ExerciseStatus progress={done?.[id]} />
            <span className={styles["id"]}>{id}</span>
            {title}
          </>
        ),
      }))}
    />
  );
}
