"use client";

import { LESSONS } from "../../lessons/catalog.ts";
import { lessonToContinue, useProgress } from "../lesson/progress.ts";
import { ButtonLink } from "../ui/button.tsx";
import styles from "./begin-link.module.css";

/** Into the course: from the start, or where this browser left it. Equally wide either way. */
export function BeginLink() {
  const progress = useProgress();
  const lesson = lessonToContinue(LESSONS, progress);
  if (!lesson) return null;
  const isBegun = Object.keys(progress).length > 0;
  return (
    <ButtonLink href={`/learn/${lesson.slug}`} variant="primary" className={styles["begin"] ?? ""}>
      {isBegun ? "Continue" : "Start"} with {lesson.id}
    </ButtonLink>
  );
}
