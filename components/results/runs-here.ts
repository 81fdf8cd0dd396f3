import { useSyncExternalStore } from "react";
import { startCrew } from "./crew.ts";
import { createRuns, type Run } from "./runs.ts";

/** The runs of this page. Nothing begins before somebody asks. */
export const runs = createRuns(startCrew);

/** How far a result is, kept up to date. */
export function useRun(id: string): Run {
  const read = () => runs.runOf(id);
  return useSyncExternalStore(runs.subscribe, read, read);
}
