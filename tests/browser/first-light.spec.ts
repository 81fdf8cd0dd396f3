/** The course as a reader first meets it: predict, run, look, repair, and find it all there again. */
import { expect } from "@playwright/test";
import {
  checkButton,
  editor,
  isAwake,
  isIdle,
  kept,
  mailbox,
  open,
  openLesson,
  programOf,
  run,
  scrubTo,
  secondsShown,
  test,
  verdict,
  write,
} from "./lesson.ts";

const SOLUTION = programOf("till/solution/till.ts");

test("from the first page to the first exercise passed", async ({ page }) => {
  await test.step("the course begins with its first lesson", async () => {
    await page.goto("/");
    await page.getByRole("link", { name: "Start with L01" }).click();
    await expect(page).toHaveURL(/\/learn\/first-messages$/);
    await isAwake(page);
  });

  const prediction = page.getByRole("region", { name: /^How many requests wait/ });
  await test.step("a prediction is committed before the run", async () => {
    await expect(prediction.getByRole("button", { name: "Commit" })).toBeDisabled();
    await prediction.getByText("About 500").click();
    await prediction.getByRole("button", { name: "Commit" }).click();
    await expect(prediction).toContainText("You said About 500");
    await expect(prediction).not.toContainText("When the rush ended");
  });

  await test.step("Friday runs, and the till's mailbox grows through the rush", async () => {
    await run(page);
    // The rush is from 20 s to 40 s of 80.
    await scrubTo(page, 2, 5);
    await expect.poll(() => mailbox(page)).toBeLessThan(40);
    const waiting = [await mailbox(page)];
    for (const tenths of [3, 4, 5]) {
      await scrubTo(page, tenths);
      await expect.poll(() => secondsShown(page)).toBe(tenths * 8);
      waiting.push(await mailbox(page));
    }
    expect(waiting).toEqual(waiting.toSorted((a, b) => a - b));
    expect(waiting[3]).toBeGreaterThan(650);
    expect(waiting[3]).toBeLessThan(950);
    const count = (waiting[3] as number).toLocaleString("en-GB");
    await expect(page.locator("[data-mirror]")).toContainText(
      new RegExp(`^at 40\\.000 s[\\s\\S]*till: [^\n]*${count} in the mailbox`),
    );
    await scrubTo(page, 8);
    await expect.poll(() => mailbox(page)).toBeLessThan(40);
  });

  await test.step("the prediction is told what happened", async () => {
    await expect(prediction).toContainText(
      /When the rush ended, [678]\d\d requests were in the till's mailbox/,
    );
    await expect(prediction.getByRole("button", { name: "Change" })).toBeHidden();
  });

  const brief = page.locator("#E1");
  await test.step("the exercise's starter does not pass, and a sentence says why", async () => {
    await brief.getByRole("button", { name: "Open it" }).click();
    await expect(editor(page, "Till")).toBeVisible();
    await checkButton(page).click();
    await expect(verdict(page)).toHaveAttribute("data-outcome", "failed", { timeout: 60_000 });
    await expect(verdict(page).getByRole("heading")).toHaveText("Not yet");
    await expect(verdict(page)).toContainText(
      "Customers came all day, and not one sale was rung up.",
    );
    await expect(brief).toContainText("tried");
  });

  await test.step("a till that sells passes", async () => {
    await verdict(page).getByRole("button", { name: "Close" }).click();
    await write(page, "Till", SOLUTION);
    await checkButton(page).click();
    await expect(verdict(page)).toHaveAttribute("data-outcome", "passed", { timeout: 60_000 });
    await expect(verdict(page).getByRole("heading")).toHaveText("Passed");
    await expect(verdict(page)).toContainText("4 of 4 checks hold.");
    await expect(brief).toContainText("passed");
  });

  await test.step("after a reload the code and the mark are there", async () => {
    await page.reload();
    await isAwake(page);
    await expect(brief).toContainText("passed");
    await expect(prediction).toContainText("You said About 500");
    expect(await kept(page)).toContain(SOLUTION);
    await open(page, "Till");
    await expect(editor(page, "Till")).toContainText("The state is the number of pieces sold.");
  });

  await test.step("the course's map knows how far the reader is", async () => {
    await page.goto("/");
    await expect(page.getByRole("link", { name: "Continue with L01" })).toBeVisible();
    await expect(page.locator("#course")).toContainText("1 of 3 passed");
  });
});

test("a verdict shows the moment at which it went wrong", async ({ page }) => {
  await openLesson(page);
  await open(page, "Till");
  await write(page, "Till", programOf("till/wrong/telling-is-doing/till.ts"));
  await checkButton(page).click();
  await expect(verdict(page)).toHaveAttribute("data-outcome", "failed", { timeout: 60_000 });
  const failed = verdict(page).getByRole("listitem").filter({ hasText: "noLie" });
  await expect(failed).toContainText(
    /The client was told 'sold' \d+(\.\d)? s before the till looked at the request\./,
  );

  const moment = await failed.getByText(/^seed \d+, /).textContent();
  const [, seed, at] = /^seed (\d+), ([\d.]+) s$/.exec(moment ?? "") ?? [];
  await failed.getByRole("button", { name: "Show the moment" }).click();
  await isIdle(page);
  // A little before, and standing still.
  await expect.poll(() => secondsShown(page)).toBeCloseTo(Number(at) - 0.25, 2);
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeEnabled();
  await expect(page.locator("[data-mirror]")).toContainText(/till-1: [\s\S]*till-2: /);
  await expect(verdict(page)).toContainText(`seed ${seed}`);

  await page.getByRole("button", { name: "Step forward one event" }).click();
  await expect.poll(() => secondsShown(page)).toBeGreaterThanOrEqual(Number(at) - 0.25);
});
