import type { LessonId } from "../../lessons/schema.ts";
import { createStoredValue, type StoredValue } from "../ui/stored-value.ts";

/** What is kept about the things of a lesson: by lesson, then by the thing's id. */
export type LessonRecord<T> = Readonly<Partial<Record<LessonId, Readonly<Record<string, T>>>>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A stored record. Entries that are not values of ours are left out when reading. */
export function createLessonRecord<T>(
  key: string,
  isValue: (value: unknown) => value is T,
): StoredValue<LessonRecord<T>> {
  return createStoredValue<LessonRecord<T>>({
    key,
    fallback: {},
    parse: (stored) => (isObject(stored) ? onlyValues(stored, isValue) : undefined),
  });
}

/** Keeps `value` for a thing of a lesson, and everything else as it is. */
export function keepInRecord<T>(
  record: StoredValue<LessonRecord<T>>,
  lesson: LessonId,
  id: string,
  value: T,
) {
  const all = record.read();
  if (all[lesson]?.[id] === value) return;
  record.write({ ...all, [lesson]: { ...all[lesson], [id]: value } });
}

function onlyValues<T>(
  stored: Record<string, unknown>,
  isValue: (value: unknown) => value is T,
): LessonRecord<T> {
  const lessons = Object.entries(stored).flatMap(([lesson, things]) => {
    if (!isObject(things)) return [];
    const kept = Object.entries(things).filter(([, value]) => isValue(value));
    return [[lesson, Object.fromEntries(kept)]];
  });
  // The filter proved T; `fromEntries` knows nothing of it, nor of our lessons' ids.
  return Object.fromEntries(lessons) as LessonRecord<T>;
}
