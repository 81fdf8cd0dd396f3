import { useSyncExternalStore } from "react";
import type { LessonId } from "../../lessons/schema.ts";

/**
 * What runs have shown, for the predictions in the prose: whoever runs the lesson reports, whoever
 * asked reads. Lives as long as the page, since a run can be had again at any time.
 */
const outcomes = new Map<string, string>();
const listeners = new Set<() => void>();

const keyOf = (lesson: LessonId, predictionId: string) => `${lesson}/${predictionId}`;

/** Says in a sentence what a run showed of what was predicted. A later run replaces it. */
export function reportOutcome(lesson: LessonId, predictionId: string, sentence: string) {
  outcomes.set(keyOf(lesson, predictionId), sentence);
  for (const listener of listeners) listener();
}

/** The sentence of the latest run; undefined before one. */
export function useOutcome(lesson: LessonId, predictionId: string): string | undefined {
  return useSyncExternalStore(
    subscribe,
    () => outcomes.get(keyOf(lesson, predictionId)),
    () => undefined,
  );
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
