import type { LessonId } from "../../lessons/schema.ts";
import { useStored } from "../ui/stored-value.ts";
import { createLessonRecord, keepInRecord } from "./lesson-record.ts";

/** How many hints of an exercise were asked for. In this browser, under `steady-state:hints`. */
const storedHintsShown = createLessonRecord<number>("hints", (value): value is number =>
  Number.isSafeInteger(value),
);

export function keepHintsShown(lesson: LessonId, exercise: string, count: number) {
  keepInRecord(storedHintsShown, lesson, exercise, count);
}

export function useHintsShown(lesson: LessonId, exercise: string): number {
  return useStored(storedHintsShown)[lesson]?.[exercise] ?? 0;
}
