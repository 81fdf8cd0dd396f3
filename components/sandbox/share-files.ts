/**
 * What a link holds, against what is here: which files differ, and what somebody else's files come
 * to when they are put over the template or the starter. Pure.
 */
import type { ExerciseFile } from "../editor/exercise-file.ts";
import type { SharedFile, SharedRun } from "./share-link.ts";

/** The files that a link must carry: those that are not as they were met, and those that are gone. */
export function changedFiles(
  files: readonly ExerciseFile[],
  starter: readonly ExerciseFile[],
): SharedFile[] {
  const before = new Map(starter.map(({ path, text }) => [path, text]));
  const paths = new Set(files.map(({ path }) => path));
  const changed = files
    .filter(({ path, text, isReadOnly }) => !isReadOnly && before.get(path) !== text)
    .map(({ path, text }) => ({ path, text }));
  const gone = starter
    .filter(({ path }) => !paths.has(path))
    .map(({ path }) => ({ path, text: undefined }));
  return [...changed, ...gone];
}

/**
 * The files as the sharer had them. Undefined when a link has files for an exercise that has no
 * such files, or none that may be written; or takes the scenario away from a playground.
 */
export function sharedFiles(
  run: SharedRun,
  starter: readonly ExerciseFile[],
): readonly ExerciseFile[] | undefined {
  const theirs = new Map(run.files.map(({ path, text }) => [path, text]));
  const known = starter.filter(({ path }) => !theirs.has(path) || theirs.get(path) !== undefined);
  const files = known.map((file) => ({ ...file, text: theirs.get(file.path) ?? file.text }));
  const added = run.files.filter(({ path }) => !starter.some((file) => file.path === path));
  if (run.kind === "play") {
    const isOdd = run.files.some(
      ({ path, text }) =>
        path.endsWith(".json") && (path !== "scenario.json" || text === undefined),
    );
    if (isOdd) return undefined;
    const more = added.flatMap(({ path, text }) =>
      text === undefined ? [] : [{ path, text, isReadOnly: false }],
    );
    return [...files, ...more];
  }
  const isWritable = (path: string) =>
    starter.some((file) => file.path === path && !file.isReadOnly);
  return run.files.every(({ path }) => isWritable(path)) ? files : undefined;
}
