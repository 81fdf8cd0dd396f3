/** The reference in a browser: found by a few letters, run, read by ear, and reached from the editor. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { editor, open, openLesson, test } from "./lesson.ts";

/** What axe finds, short enough to be read in a failed test. */
async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}

/** The lines under `// prints:` of an example's file. */
function promised(path: string): string[] {
  const text = readFileSync(join(import.meta.dirname, "../../lessons/reference", path), "utf8");
  const [, lines = ""] = text.split("// prints:\n");
  return lines
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^\/\/ /, ""));
}

/** The lines on the page of its first example, as a file has them. */
async function printed(page: Page): Promise<string[]> {
  const lines = page.getByRole("list", { name: "What it prints" }).first().getByRole("listitem");
  const parts = await lines.evaluateAll((items) =>
    items.map((item) => [...item.children].map((part) => part.textContent)),
  );
  return parts.map(([ms, who, text]) => `${ms}  ${who}: ${text}`);
}

const status = (page: Page) => page.getByRole("figure").first().getByRole("status");

test("a few letters, Enter, Run: the example prints what it promises", async ({ page }) => {
  await page.goto("/reference");
  await page.keyboard.press("/");
  const box = page.getByRole("searchbox", { name: "Search the reference" });
  await expect(box).toBeFocused();
  await page.keyboard.type("monit");
  await expect(page).toHaveURL(/\?q=monit$/);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/reference\/otp\/monitor$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("monitor");
  expect(await printed(page)).toEqual(promised("otp/monitor.ts"));

  await page.getByRole("button", { name: "Run" }).first().click();
  await expect(status(page)).toHaveText("Run in your browser just now", { timeout: 60_000 });
  expect(await printed(page)).toEqual(promised("otp/monitor.ts"));
});

test("two nodes, a fault, a service: examples run in the frame as they do in Node", async ({
  page,
}) => {
  const pages = {
    "otp/ping": "otp/ping.ts",
    "otp/pg": "otp/pg.ts",
    "world/topic": "world/topic.ts",
  };
  for (const [path, file] of Object.entries(pages)) {
    await page.goto(`/reference/${path}`);
    await page.getByRole("button", { name: "Run" }).first().click();
    await expect(status(page), path).toHaveText("Run in your browser just now", {
      timeout: 60_000,
    });
    expect(await printed(page)).toEqual(promised(file));
  }
});

test("an unknown name is not found, and its search says what to do", async ({ page }) => {
  const response = await page.request.get("/reference/otp/monitr");
  expect(response.status()).toBe(404);
  await page.goto("/reference?q=monitr");
  await expect(page.getByText("Nothing has “monitr” in its name")).toBeVisible();
});

/** The middle of a word where the editor first shows it; undefined while it does not. */
function middleOf(page: Page, word: string) {
  return editor(page, "Till").evaluate((code, sought) => {
    const lines = code.querySelector(".view-lines");
    if (lines === null) return undefined;
    const walker = document.createTreeWalker(lines, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = node.textContent?.indexOf(sought) ?? -1;
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + sought.length);
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    }
    return undefined;
  }, word);
}

test("hovering a name in the editor leads to its page", async ({ page }) => {
  await openLesson(page);
  await open(page, "Till");
  // The first sign of interest brings the full editor.
  await editor(page, "Till").getByRole("tabpanel").click();
  const link = page.locator(".monaco-hover a", { hasText: "Open in the reference" });
  await expect(async () => {
    const middle = await middleOf(page, "genServer");
    await page.mouse.move(middle?.x ?? 0, (middle?.y ?? 0) + 200);
    await page.mouse.move(middle?.x ?? 0, middle?.y ?? 0, { steps: 4 });
    await expect(link).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  const opening = page.context().waitForEvent("page");
  await link.click();
  const reference = await opening;
  await expect(reference).toHaveURL(/\/reference\/otp\/genServer$/);
  await expect(reference.getByRole("heading", { level: 1 })).toHaveText("genServer");
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [360, 1440]) {
    test.describe(`axe finds nothing: ${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 800 }, reducedMotion: "reduce" });

      for (const path of ["", "?q=supervisor", "/otp/spawn", "/otp/sys"]) {
        test(`/reference${path}`, async ({ page }) => {
          await page.goto(`/reference${path}`);
          if (path.startsWith("?")) await expect(page.getByRole("status")).toContainText("found");
          expect(await faults(page)).toEqual([]);
        });
      }
    });
  }
}

test("no page is wider than its window", async ({ page }) => {
  for (const path of [
    "",
    "/otp/task",
    "/otp/partitionSupervisor",
    "/world/stream",
    "/otp/type-index",
  ]) {
    await page.goto(`/reference${path}`);
    for (const width of [360, 768, 1440, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      const overhang = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
      expect.soft(overhang, `${path} at ${width} px`).toBe(0);
    }
  }
});
