import type { ComponentType } from "react";

type Prose = () => Promise<{ readonly default: ComponentType }>;

/**
 * The text of each written lesson by slug, loaded when asked for. Apart from the catalog, so that
 * the course map carries no prose to the browser.
 */
export const PROSE: Readonly<Record<string, Prose>> = {
  "first-messages": () => import("./01-first-messages/lesson.mdx"),
};
