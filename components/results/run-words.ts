/** What the page says of a run, in a sentence and in a word or two. */
import { numberText, trialsText } from "./rows.ts";
import { isBusy, type Run, rowsOf } from "./runs.ts";

/** Results whose trials took twenty seconds or more together, on two processors. */
const LONG: readonly string[] = ["R1", "R7", "R9", "R10", "R15", "R20"];

/** How big a result's run is, said before it is asked for. */
function sizeText(id: string, trialCount: number): string {
  const trials = trialsText(trialCount);
  return LONG.includes(id) ? `${trials}; may take a minute or more` : trials;
}

export function runText(run: Run, id: string, trialCount: number): string {
  switch (run.kind) {
    case "idle":
      return `Not run yet. ${sizeText(id, trialCount)}.`;
    case "waiting":
      return "Waits for its turn.";
    case "running":
      return `${ofAll(run.madeCount, trialCount)} made`;
    case "cancelled":
      return run.rows.length === 0
        ? "Cancelled before there was a number."
        : `Cancelled after ${ofAll(run.madeCount, trialCount)}; the numbers are of those.`;
    case "failed":
      return `It failed: ${run.reason}. Retry to begin again.`;
    case "done":
      return `${trialsText(trialCount)} made. ${judgement(run)}`;
  }
}

/** For the list of all results; empty before anything was run. */
export function shortText(run: Run, trialCount: number): string {
  switch (run.kind) {
    case "idle":
      return "not run yet";
    case "waiting":
      return "waits";
    case "running":
      return `${Math.floor((100 * run.madeCount) / trialCount)} %`;
    case "cancelled":
      return "cancelled";
    case "failed":
      return "failed";
    case "done": {
      const { length } = run.rows;
      return `${insideCount(run)} of ${length} inside`;
    }
  }
}

/** What becomes of all results together, for the line beside Run all. */
export function allText(runs: readonly Run[], isUnderWay: boolean): string {
  const done = runs.filter(({ kind }) => kind === "done");
  if (isUnderWay) return `${done.length} of ${runs.length} results made`;
  if (done.length === 0) return `${runs.length} results, none of them run yet`;
  const rows = done.flatMap(rowsOf);
  const inside = rows.filter((row) => row.inside).length;
  const numbers = `${inside} of ${rows.length} numbers inside their bands`;
  return `${done.length} of ${runs.length} results made: ${numbers}`;
}

/** What the button of a run does now. */
export function actionText(run: Run): "Run" | "Cancel" | "Retry" | "Run again" {
  if (isBusy(run)) return "Cancel";
  if (run.kind === "failed") return "Retry";
  return run.kind === "idle" ? "Run" : "Run again";
}

function judgement(run: Run): string {
  const rows = rowsOf(run);
  const outside = rows.length - insideCount(run);
  if (outside > 0) return `${outside} of ${rows.length} numbers outside the band.`;
  return rows.length === 1
    ? "The number is inside its band."
    : `All ${rows.length} numbers are inside their bands.`;
}

function insideCount(run: Run): number {
  return rowsOf(run).filter(({ inside }) => inside).length;
}

function ofAll(madeCount: number, trialCount: number): string {
  return `${numberText(madeCount)} of ${trialsText(trialCount)}`;
}
