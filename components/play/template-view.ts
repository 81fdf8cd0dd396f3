import type { ExerciseFile } from "../editor/exercise-file.ts";

/** A template as the playground shows it. */
export interface TemplateView {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly version: number;
  /** Virtual seconds per real second. */
  readonly speed: number;
  /** main.ts first, scenario.json last. */
  readonly files: readonly ExerciseFile[];
}
