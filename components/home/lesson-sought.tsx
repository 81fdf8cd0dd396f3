"use client";

import { usePathname } from "next/navigation";
import { findLesson } from "../../lessons/catalog.ts";

/** What can be said of the address that was asked for: a lesson to come, or nothing of ours. */
export function LessonSought() {
  const slug = /^\/learn\/([^/]+)/.exec(usePathname())?.[1];
  const lesson = slug === undefined ? undefined : findLesson(slug);
  return lesson?.status === "coming" ? (
    <>
      {lesson.id}, “{lesson.title}”, has its place in the course, but is not written yet.
    </>
  ) : (
    <>Nothing lives at this address. It may have moved, or a letter went missing on the way.</>
  );
}
