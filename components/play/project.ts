/**
 * The files of a playground's template as one text. Drafts know a fixed set of files; here files
 * come and go, so the whole set is one draft, and Reset, history and other tabs work as they do in
 * an exercise.
 */
import type { ExerciseFile } from "../editor/exercise-file.ts";

/** The only file of a draft of the playground. */
export const PROJECT_FILE = "project.json";
/** The file that holds the scenario; it cannot be taken away. */
export const SCENARIO_FILE = "scenario.json";
/** Files of code that a project may have. */
export const CODE_FILES_MAX = 10;

const NAME = /^[a-z][a-z0-9-]{0,39}\.ts$/;

export function printProject(files: readonly ExerciseFile[]): string {
  return JSON.stringify({ format: 1, files: files.map(({ path, text }) => [path, text]) });
}

/** The files in a text; undefined when it is not one that was printed here. */
export function parseProject(text: string): readonly ExerciseFile[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const entries = (value as { readonly files?: unknown } | null)?.files;
  if (!Array.isArray(entries)) return undefined;
  const files: ExerciseFile[] = [];
  for (const entry of entries as unknown[]) {
    if (!Array.isArray(entry)) return undefined;
    const [path, words] = entry as unknown[];
    if (typeof path !== "string" || typeof words !== "string") return undefined;
    if (path !== SCENARIO_FILE && !NAME.test(path)) return undefined;
    files.push({ path, text: words, isReadOnly: false });
  }
  return files.some(({ path }) => path === SCENARIO_FILE) ? files : undefined;
}

/** Why a file cannot have this name, in a sentence; undefined when it can. */
export function whyNotNamed(
  path: string,
  files: readonly ExerciseFile[],
  before?: string,
): string | undefined {
  if (!NAME.test(path))
    return 'A name like "shop.ts": lower-case letters, digits and dashes, and .ts at its end.';
  if (path !== before && files.some((file) => file.path === path))
    return `There is a file ${path} already.`;
  return undefined;
}

export function withFileText(
  files: readonly ExerciseFile[],
  path: string,
  text: string,
): readonly ExerciseFile[] {
  return files.map((file) => (file.path === path ? { ...file, text } : file));
}

/** One more file, before the scenario; the same files when there is no room for it. */
export function withFile(files: readonly ExerciseFile[], path: string): readonly ExerciseFile[] {
  if (codeOf(files).length >= CODE_FILES_MAX || whyNotNamed(path, files) !== undefined)
    return files;
  const made: ExerciseFile = { path, text: "", isReadOnly: false };
  return [...codeOf(files), made, ...files.filter((file) => file.path === SCENARIO_FILE)];
}

/** Another name. What the scenario and other files call it stays as it was written. */
export function withName(
  files: readonly ExerciseFile[],
  from: string,
  to: string,
): readonly ExerciseFile[] {
  if (from === SCENARIO_FILE || whyNotNamed(to, files, from) !== undefined) return files;
  return files.map((file) => (file.path === from ? { ...file, path: to } : file));
}

/** One file fewer; the scenario and the last file of code stay. */
export function withoutFile(files: readonly ExerciseFile[], path: string): readonly ExerciseFile[] {
  if (path === SCENARIO_FILE || codeOf(files).length <= 1) return files;
  return files.filter((file) => file.path !== path);
}

export function codeOf(files: readonly ExerciseFile[]): readonly ExerciseFile[] {
  return files.filter(({ path }) => path !== SCENARIO_FILE);
}
