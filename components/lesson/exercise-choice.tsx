"use client";

import { createContext, useContext } from "react";
import type { ExerciseId } from "../../lessons/schema.ts";

/** Which exercise lies on the workbench, and how to put another there. */
export interface ExerciseChoice {
  readonly chosen: ExerciseId;
  choose(id: ExerciseId): void;
}

/** Provided by the workbench around the prose; absent where a lesson is only read. */
export const ExerciseChoiceContext = createContext<ExerciseChoice | undefined>(undefined);

export function useExerciseChoice(): ExerciseChoice | undefined {
  return useContext(ExerciseChoiceContext);
}
