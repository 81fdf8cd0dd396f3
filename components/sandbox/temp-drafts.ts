"use client";
import { useState } from "react";
import type { ExerciseFile } from "../editor/exercise-file.ts";
export interface Drafts { files: readonly ExerciseFile[]; setText(path: string, text: string): void; reset(): void; undoReset: (() => void) | undefined; status: "saved" | "saving" | "not saved"; statusText: string; isChanged: boolean; otherTab: { takeTheirs(): void; keepMine(): void } | undefined }
export function useDrafts(id: string, _v: number, starter: readonly ExerciseFile[]): Drafts {
  const [all, set] = useState<Record<string, readonly ExerciseFile[]>>({});
  const files = all[id] ?? starter;
  return { files, setText: (p, text) => set({ ...all, [id]: files.map((f) => f.path === p ? { ...f, text } : f) }), reset: () => set({ ...all, [id]: starter }), undoReset: undefined, status: "saved", statusText: "", isChanged: true, otherTab: undefined };
}
