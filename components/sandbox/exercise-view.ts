import type { Exercise } from "../../workers/check/index.ts";
import type { ExerciseFile } from "../editor/exercise-file.ts";
import type { Band } from "../playback/band.ts";

/** An exercise without its functions, as a server can hand it to the page. */
export type ExerciseData = Omit<Exercise, "explain">;

/** An exercise as the workbench shows it. */
export interface ExerciseView {
  readonly data: ExerciseData;
  /** As the reader first meets them. */
  readonly starter: readonly ExerciseFile[];
}

/** "L01-E2" → "E2". */
export function shortId({ id }: Pick<Exercise, "id">): `E${number}` {
  return id.slice(id.indexOf("-") + 1) as `E${number}`;
}

/** The phases of a scenario's first load, for the time line: "60/s", and "quiet" after the last. */
export function bandsOf({ run }: Pick<ExerciseData, "run">): Band[] {
  const load = run.loads[0];
  const phases = load !== undefined && "phases" in load ? load.phases : [];
  const bands: Band[] = [];
  let fromUs = 0;
  for (const { untilUs, perSecond } of phases) {
    bands.push({ fromUs, toUs: untilUs, label: perSecond > 0 ? `${perSecond}/s` : "quiet" });
    fromUs = untilUs;
  }
  if (fromUs > 0 && fromUs < run.horizonUs)
    bands.push({ fromUs, toUs: run.horizonUs, label: "quiet" });
  return bands;
}
