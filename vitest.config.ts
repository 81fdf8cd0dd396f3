import { join } from "node:path";
import { defineConfig } from "vitest/config";

const LESSONS = "tests/lessons/**/*.test.{ts,tsx}";

/**
 * Two projects, so that `npm test` counts lessons by themselves: a red lesson is the author's, a
 * red unit the engineer's. A component's test asks for a DOM by `// @vitest-environment happy-dom`.
 */
export default defineConfig({
  // Outside of Next "server-only" throws, whoever imports it; these tests are on the server's side.
  resolve: {
    alias: { "server-only": join(import.meta.dirname, "node_modules/server-only/empty.js") },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "units",
          include: ["tests/**/*.test.{ts,tsx}"],
          exclude: [LESSONS, "tests/browser/**"],
        },
      },
      { extends: true, test: { name: "lessons", include: [LESSONS] } },
    ],
    // A learner's endless loop is cut by the engine's own guards, in well under this.
    testTimeout: 60_000,
  },
});
