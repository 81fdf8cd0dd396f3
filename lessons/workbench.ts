import type { LessonWorkbench } from "./schema.ts";

/** The workbench of each written lesson by slug, loaded when asked for. */
export const WORKBENCHES: Readonly<
  Record<string, () => Promise<{ readonly workbench: LessonWorkbench }>>
> = {
  "first-messages": () => import("./01-first-messages/workbench.ts"),
};
