/** The course for everybody: by keyboard alone, by ear, in stillness, on a phone and on a wall. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import {
  checkButton,
  editor,
  isAwake,
  isIdle,
  mailbox,
  open,
  openLesson,
  programOf,
  run,
  runButton,
  scrubTo,
  secondsShown,
  slider,
  tabTo,
  test,
  verdict,
  writeHere,
} from "./lesson.ts";

/** What axe finds, short enough to be read in a failed test. */
async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}

const show = (page: Page, view: "Read" | "Code" | "Watch") =>
  page.getByRole("tablist", { name: "What to show" }).getByRole("tab", { name: view }).click();

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [360, 1280]) {
    test.describe(`axe finds nothing: ${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 800 }, reducedMotion: "reduce" });

      test("on the first page and in a lesson, from the first look to a verdict", async ({
        page,
      }) => {
        const isNarrow = width < 768;
        await page.goto("/");
        expect.soft(await faults(page), "first page").toEqual([]);

        await openLesson(page);
        expect.soft(await faults(page), "before a run").toEqual([]);

        if (isNarrow) await show(page, "Code");
        await open(page, "Till");
        expect.soft(await faults(page), "the editor").toEqual([]);
        await run(page);
        expect.soft(await faults(page), "after a run").toEqual([]);

        await checkButton(page).click();
        await expect(verdict(page)).toBeVisible({ timeout: 60_000 });
        expect.soft(await faults(page), "with a verdict").toEqual([]);
      });
    });
  }
}

test.describe("by keyboard alone, in stillness", () => {
  test.use({ reducedMotion: "reduce" });

  test("predict, run, check, see the moment", async ({ page }) => {
    await page.goto("/");
    await tabTo(page, page.getByRole("link", { name: "Start with L01" }));
    await page.keyboard.press("Enter");
    await isAwake(page);

    await test.step("a prediction", async () => {
      const prediction = page.getByRole("region", { name: /^How many requests wait/ });
      await tabTo(page, prediction.getByRole("radio").first());
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await tabTo(page, prediction.getByRole("button", { name: "Commit" }));
      await page.keyboard.press("Enter");
      await expect(prediction).toContainText("You said About 800");
    });

    await test.step("an exercise, its code and a run", async () => {
      await tabTo(page, page.locator("#E1").getByRole("button", { name: "Open it" }));
      await page.keyboard.press("Enter");
      await expect(editor(page, "Till")).toBeVisible();
      await tabTo(page, runButton(page));
      await page.keyboard.press("Enter");
      await expect(page.locator("[data-mirror]")).toContainText("sent ");
      await isIdle(page);
    });

    await test.step("the run is walked through by keys", async () => {
      await tabTo(page, slider(page), "Shift+Tab");
      await scrubTo(page, 4);
      await expect.poll(() => secondsShown(page)).toBe(12);
      expect(await mailbox(page)).toBeGreaterThanOrEqual(0);
      await page.keyboard.press("Space");
      await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
      await page.keyboard.press("Space");
      await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
    });

    await test.step("a program is written, and the editor left again", async () => {
      await tabTo(page, editor(page, "Till").getByRole("tab").first());
      await page.keyboard.press("Tab");
      await tabTo(page, editor(page, "Till").getByRole("textbox"), "Tab");
      await writeHere(page, programOf("till/wrong/telling-is-doing/till.ts"));
      await page.keyboard.press("Control+m");
      await tabTo(page, checkButton(page), "Shift+Tab");
    });

    await test.step("a verdict, and its moment", async () => {
      await page.keyboard.press("Enter");
      const failed = page.getByRole("listitem").filter({ hasText: "noLie" });
      await expect(failed).toContainText("was told 'sold'", { timeout: 60_000 });
      const moment = await failed.getByText(/^seed \d+, /).textContent();
      const at = Number(/, ([\d.]+) s/.exec(moment ?? "")?.[1]);
      // The button that was pressed is disabled while it checks: the way goes on from the page's start.
      await tabTo(page, failed.getByRole("button", { name: "Show the moment" }));
      await page.keyboard.press("Enter");
      await isIdle(page);
      await expect.poll(() => secondsShown(page)).toBeCloseTo(at - 0.25, 2);
    });
  });
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test("one view at a time, the run bar always at hand", async ({ page }) => {
    await openLesson(page);
    const stage = page.locator("[data-mirror]").locator("xpath=ancestor::section[1]");
    const prose = page.getByRole("heading", { name: "A process is a line with one clerk" });
    await expect(prose).toBeVisible();
    await expect(stage).toBeHidden();

    await show(page, "Code");
    await expect(editor(page, "Friday")).toBeVisible();
    await expect(prose).toBeHidden();

    await show(page, "Read");
    await expect(runButton(page)).toBeInViewport({ ratio: 1 });
    await run(page);
    await expect(stage).toBeVisible();
    await expect(editor(page, "Friday")).toBeHidden();
    await expect(runButton(page)).toBeInViewport({ ratio: 1 });
    await scrubTo(page, 5);
    await expect.poll(() => mailbox(page)).toBeGreaterThan(650);

    await show(page, "Code");
    await open(page, "Till");
    await expect(checkButton(page)).toBeInViewport({ ratio: 1 });
    await checkButton(page).click();
    await expect(verdict(page)).toBeVisible({ timeout: 60_000 });
    await expect(checkButton(page)).toBeInViewport({ ratio: 1 });
  });
});

test("no page is wider than its window", async ({ page }) => {
  const overhang = () =>
    page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
  const widths = [360, 768, 1280, 1920, 2560];
  await page.goto("/");
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    expect(await overhang(), `first page at ${width} px`).toBe(0);
  }
  await openLesson(page);
  await open(page, "Till");
  await checkButton(page).click();
  await expect(verdict(page)).toBeVisible({ timeout: 60_000 });
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    expect(await overhang(), `lesson at ${width} px`).toBe(0);
  }
});

test("on a small laptop a verdict leaves room for the code", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await openLesson(page);
  await open(page, "Till");
  await checkButton(page).click();
  await expect(verdict(page)).toBeVisible({ timeout: 60_000 });
  const box = await editor(page, "Till").boundingBox();
  // Four lines of code and the row of files above them.
  expect(box?.height ?? 0).toBeGreaterThan(120);
});
