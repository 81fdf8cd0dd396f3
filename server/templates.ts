import "server-only";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TEMPLATES, type TemplateMeta } from "../lessons/templates/catalog.ts";
import type { ExerciseFile } from "./lesson-files.ts";

/** A template with its files: main.ts first, scenario.json last. */
export interface Template extends TemplateMeta {
  readonly files: readonly ExerciseFile[];
}

const FOLDER = join(process.cwd(), "lessons/templates");

/** The playground's templates. */
export function readTemplates(): Template[] {
  return TEMPLATES.map((meta) => ({ ...meta, files: readFiles(meta.id) }));
}

function readFiles(id: string): ExerciseFile[] {
  const folder = join(FOLDER, id);
  const place = (path: string) => (path === "main.ts" ? 0 : path === "scenario.json" ? 2 : 1);
  return readdirSync(folder)
    .toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
    .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8"), isReadOnly: false }));
}
