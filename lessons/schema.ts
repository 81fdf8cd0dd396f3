/**
 * What the parts of a lesson look like. A lesson is a folder `NN-slug`; its meta.ts is all that the
 * course map needs of it, so it holds words and numbers only.
 */

import type { Exercise, Measure } from "../workers/check/index.ts";

export type LessonId = `L${number}` | "C";
export type ExerciseId = `E${number}`;

/** What happens in the four-hour class; on one's own every lesson is hands-on. */
export type LessonMode = "hands-on" | "demo" | "take-away" | "project";

export type PartNumber = 1 | 2 | 3 | 4 | 5 | 6;

export interface ExerciseMeta {
  readonly id: ExerciseId;
  readonly title: string;
}

export interface LessonMeta {
  readonly id: LessonId;
  /** The last part of its address: /learn/<slug>. */
  readonly slug: string;
  /** Place in the course from 1; the capstone comes last. */
  readonly number: number;
  readonly part: PartNumber | "capstone";
  readonly title: string;
  /** For a reader on their own, all exercises and questions included. */
  readonly minutesSelf: number;
  /** Of the 240 of the class; 0 for what is taken home. */
  readonly minutesClass: number;
  readonly mode: LessonMode;
  readonly status: "written" | "coming";
  /** What a reader can do afterwards, each beginning with a verb. Empty until written. */
  readonly objectives: readonly string[];
  /** Those that count for the score, in order. Empty until written. */
  readonly exercises: readonly ExerciseMeta[];
}

export interface CoursePart {
  readonly number: PartNumber;
  readonly title: string;
  /** One sentence: which questions the part answers. */
  readonly about: string;
  readonly lessons: readonly LessonMeta[];
}

export interface QuizOption {
  readonly text: string;
  readonly correct: boolean;
  /** For a wrong one: the belief behind it, met kindly, in a sentence or two. */
  readonly misconception?: string;
}

/** Exactly one option is correct. */
export interface QuizQuestion {
  /** Unique in its lesson; answers are kept under it. */
  readonly id: string;
  readonly question: string;
  readonly options: readonly QuizOption[];
  /** Why the right answer is right; shown with it. */
  readonly explanation: string;
}

/** Asked before the first run. What then happened is told by the run, not known here. */
export type Prediction =
  | {
      readonly kind: "choice";
      readonly id: string;
      readonly question: string;
      readonly options: readonly string[];
    }
  | {
      readonly kind: "number";
      readonly id: string;
      readonly question: string;
      /** Said after the number: "messages", "s". */
      readonly unit: string;
    };

/** From the gentlest to the plainest; none gives the code. */
export interface Hint {
  readonly text: string;
}

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
