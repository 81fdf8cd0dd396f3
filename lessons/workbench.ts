import type { Exercise } from "../workers/check/exercise.ts";
import type { Measure } from "../workers/check/spec.ts";

/** An exercise, and where its files are. */
export interface LessonExercise {
  readonly exercise: Exercise;
  /** Below the lesson's exercises/: whose starter and scaffold it has. */
  readonly folder: string;
  /** Scaffold files that are the reader's own here, to be changed at will. */
  readonly yours?: readonly string[];
}

/** What a run of the lesson's world tells of a prediction. */
export interface Outcome {
  /** Id of the prediction in the prose. */
  readonly prediction: string;
  readonly measure: Measure;
  /** What happened, in a sentence, from the measured figure. */
  readonly sentence: (measured: number) => string;
}

/** Everything that the workbench beside a lesson needs to know. */
export interface LessonWorkbench {
  /** The lesson's world first, then E1, E2, … */
  readonly exercises: readonly LessonExercise[];
  /** Processes by name, in the order in which they stand on the stage. The first one's mailbox is charted. */
  readonly pinned: readonly string[];
  readonly outcomes: readonly Outcome[];
  /** The stage, as a hand has arranged it. */
  readonly layout: StageLayout;
}

/** Where nodes stand, in fractions of the room around them; the least height of a wide stage in pixels. */
export interface StageLayout {
  readonly places?: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
  readonly height?: number;
}

/** The workbench of each written lesson by slug, loaded when asked for. */
export const WORKBENCHES: Readonly<
  Record<string, () => Promise<{ readonly workbench: LessonWorkbench }>>
> = {
  "first-messages": () => import("./01-first-messages/workbench.ts"),
};
