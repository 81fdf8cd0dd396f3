import type { LessonId } from "../../lessons/schema.ts";
import { useStored } from "../ui/stored-value.ts";
import { createLessonRecord, keepInRecord } from "./lesson-record.ts";

/**
 * Answers to predictions and questions as they were given: an option's text index, or a number as
 * typed. In this browser, under `steady-state:answers`.
 */
export const storedAnswers = createLessonRecord<string>(
  "answers",
  (value): value is string => typeof value === "string",
);

export function keepAnswer(lesson: LessonId, id: string, answer: string) {
  keepInRecord(storedAnswers, lesson, id, answer);
}

/** What was answered; undefined before. */
export function useAnswer(lesson: LessonId, id: string): string | undefined {
  return useStored(storedAnswers)[lesson]?.[id];
}
