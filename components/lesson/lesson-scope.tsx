"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { LessonId } from "../../lessons/schema.ts";

const LessonContext = createContext<LessonId | undefined>(undefined);

/** Says which lesson the questions within belong to, so that prose need not repeat it. */
export function LessonScope({
  id,
  children,
}: {
  readonly id: LessonId;
  readonly children: ReactNode;
}) {
  return <LessonContext value={id}>{children}</LessonContext>;
}

/** The lesson around this component. */
export function useLessonId(): LessonId {
  const id = useContext(LessonContext);
  if (id === undefined) throw new Error("A part of a lesson stands outside <LessonScope>.");
  return id;
}
