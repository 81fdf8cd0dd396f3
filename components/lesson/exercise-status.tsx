import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import styles from "./exercise-status.module.css";
import type { ExerciseProgress } from "./progress.ts";

const WORDS = { untouched: "not tried", tried: "tried", passed: "passed" } as const;

interface ExerciseStatusProps {
  readonly progress: ExerciseProgress | undefined;
  /** Shows the word too; otherwise it is for ears. */
  readonly hasWord?: boolean;
}

/** Empty ring, half-filled ring, ring with a tick: told apart by shape. */
export function ExerciseStatus({ progress, hasWord = false }: ExerciseStatusProps) {
  const word = WORDS[progress ?? "untouched"];
  return (
    <span className={styles["status"]} data-progress={progress}>
      <svg viewBox="0 0 16 16" width="14" height="14" fill="none" aria-hidden="true">
        {progress === "passed" ? (
          <>
            <circle cx="8" cy="8" r="7.5" fill="currentColor" />
            <path d="m4.6 8.3 2.3 2.2 4.5-4.8" stroke="var(--paper)" strokeWidth="1.6" />
          </>
        ) : (
          <circle cx="8" cy="8" r="6.75" stroke="currentColor" strokeWidth="1.5" />
        )}
        {progress === "tried" && <path d="M8 4a4 4 0 0 1 0 8z" fill="currentColor" />}
      </svg>
      {hasWord ? word : <VisuallyHidden>{word}</VisuallyHidden>}
    </span>
  );
}
