"use client";

import { useMemo } from "react";
import type { ExerciseFile } from "../editor/exercise-file.ts";
import { type Drafts, useDrafts } from "../editor/use-drafts.ts";
import { PROJECT_FILE, parseProject, printProject } from "./project.ts";

/** A set of files that is kept in the browser as drafts are. */
export interface Project {
  readonly files: readonly ExerciseFile[];
  /** Other files in the place of all. */
  change(files: readonly ExerciseFile[]): void;
  /** As `change`, but what was there goes into the history first. */
  replace(files: readonly ExerciseFile[]): void;
  readonly isChanged: boolean;
  readonly drafts: Drafts;
}

/** The project kept under an id; `starter` counts when id and version are first seen. */
export function useProject(id: string, version: number, starter: readonly ExerciseFile[]): Project {
  const printed = useMemo(() => printProject(starter), [starter]);
  const starters = useMemo(
    () => [{ path: PROJECT_FILE, text: printed, isReadOnly: false }],
    [printed],
  );
  const drafts = useDrafts(id, version, starters);
  const text = drafts.files[0]?.text ?? printed;
  const files = useMemo(() => parseProject(text) ?? starter, [text, starter]);
  const change = (next: readonly ExerciseFile[]) =>
    drafts.setText(PROJECT_FILE, printProject(next));
  return {
    files,
    change,
    replace(next) {
      // A reset is what puts a text into the history.
      drafts.reset();
      change(next);
    },
    isChanged: text !== printed,
    drafts,
  };
}
