import type { Refusal } from "../../workers/compile/index.ts";

/** A file of an exercise as the editor shows it. Those of the lesson can be read only. */
export interface ExerciseFile {
  /** Relative, with slashes: "till.ts". */
  readonly path: string;
  readonly text: string;
  readonly isReadOnly: boolean;
}

/** Something to mark in a file: a refusal of the compiler, or the place where a run failed. */
export type EditorProblem = Pick<
  Refusal,
  "file" | "line" | "column" | "endLine" | "endColumn" | "message"
>;

export type FileLanguage = "typescript" | "json" | "plaintext";

/** The language by a file's name. */
export function languageOfFile(path: string): FileLanguage {
  if (path.endsWith(".ts")) return "typescript";
  return path.endsWith(".json") ? "json" : "plaintext";
}

export function problemsOf(problems: readonly EditorProblem[], path: string) {
  return problems.filter(({ file }) => file === path);
}
