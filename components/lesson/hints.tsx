"use client";

import type { Hint } from "../../lessons/schema.ts";
import { Button } from "../ui/button.tsx";
import styles from "./hints.module.css";
import { keepHintsShown, useHintsShown } from "./hints-shown.ts";
import { useLessonId } from "./lesson-scope.tsx";

interface HintsProps {
  /** What the hints are for: an exercise's id. */
  readonly id: string;
  readonly hints: readonly Hint[];
}

/** Hints, one at a time, the gentlest first. Those asked for stay. */
export function Hints({ id, hints }: HintsProps) {
  const lesson = useLessonId();
  const shownCount = Math.min(useHintsShown(lesson, id), hints.length);

  return (
    <div className={styles["hints"]}>
      <ol className={styles["list"]} aria-live="polite">
        {hints.slice(0, shownCount).map(({ text }, index) => (
          <li key={text} className={styles["hint"]}>
            <span className={styles["number"]}>Hint {index + 1}</span>
            <span>{text}</span>
          </li>
        ))}
      </ol>
      {shownCount < hints.length && (
        <Button variant="plain" onClick={() => keepHintsShown(lesson, id, shownCount + 1)}>
          {shownCount === 0 ? "Show a hint" : "Show another hint"}
          <span className={styles["left"]}>
            {shownCount + 1} of {hints.length}
          </span>
        </Button>
      )}
    </div>
  );
}
