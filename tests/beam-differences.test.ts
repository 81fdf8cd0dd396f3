/** Every row of docs/beam-differences.md names the test that shows it; here it is held to its word. */
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const rows = readFileSync("docs/beam-differences.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| difference"))
  .map((line) => line.replace(/^\| | \|$/g, "").split(" | "))
  .map((cells) => ({ difference: cells[0] ?? "", why: cells[1] ?? "", shownBy: cells[2] ?? "" }));

it("has rows, each with its reason", () => {
  expect(rows.length).toBeGreaterThan(25);
  expect(rows.filter(({ why }) => why.length < 15)).toEqual([]);
});

it.each(rows.map((row) => [row.difference.slice(0, 60), row.shownBy] as const))(
  "%s… is shown by a test",
  (_difference, shownBy) => {
    const paths = [...shownBy.matchAll(/`(tests\/[^`]+)`/g)].map(([, path]) => path as string);
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(existsSync(path), path).toBe(true);
    const rules = [...shownBy.matchAll(/\b([A-Z]{1,2}\d+)\b/g)].map(([, rule]) => rule as string);
    const texts = paths.map((path) => (path.endsWith(".ts") ? readFileSync(path, "utf8") : ""));
    for (const rule of rules)
      expect(
        texts.some((text) => new RegExp(`\\b${rule}\\b`).test(text)),
        rule,
      ).toBe(true);
  },
);
