/** The page of published results in a browser: run one, cancel one, read it by ear and without scripts. */
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { test } from "./lesson.ts";

const result = (page: Page, id: string) =>
  page.getByRole("region", { name: new RegExp(`^${id} `) });

/** The words in each row's last cell. */
const judgements = (page: Page, id: string) =>
  result(page, id)
    .getByRole("table")
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => row.lastElementChild?.textContent));

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}

test("a cheap result is run: its numbers come in beside the published ones, inside their bands", async ({
  page,
}) => {
  await page.goto("/results#r2");
  const layers = result(page, "R2");
  await expect(layers.getByRole("status")).toHaveText("Not run yet. 6 trials.");
  await layers.getByRole("button", { name: "Run R2" }).click();
  await expect(layers.getByRole("status")).toHaveText(
    "6 trials made. All 6 numbers are inside their bands.",
    { timeout: 60_000 },
  );
  expect(await judgements(page, "R2")).toEqual(Array.from({ length: 6 }, () => "inside"));
  const five = layers.getByRole("row", { name: /^5 layers, 3 tries/ });
  await expect(five.getByRole("cell")).toHaveText([
    "243 calls",
    "243 calls",
    /^243 3 to the 5/,
    "inside",
  ]);
  await expect(page.getByRole("link", { name: /^R2 / })).toContainText("6 of 6 inside");
});

test("a dear result is cancelled midway: it says so and keeps what it has", async ({ page }) => {
  await page.goto("/results");
  const choices = result(page, "R10");
  const button = choices.getByRole("button");
  await button.click();
  // The limit law is computed with the first trial; the rest take a minute.
  await expect(choices.getByText("inside so far").first()).toBeVisible({ timeout: 60_000 });
  await expect(button).toHaveAccessibleName("Cancel R10");
  await button.press("Enter");
  await expect(choices.getByRole("status")).toHaveText(/^Cancelled after \d+ of 60 trials/);
  await expect(button).toBeFocused();
  await expect(button).toHaveAccessibleName("Run again R10");
  const kept = await judgements(page, "R10");
  expect(kept.filter((words) => words?.endsWith("so far")).length).toBeGreaterThanOrEqual(6);
  // Nothing comes in any more.
  await page.waitForTimeout(2_000);
  expect(await judgements(page, "R10")).toEqual(kept);
});

test("all are run one after the other, and cancelled together", async ({ page }) => {
  await page.goto("/results");
  await page.getByRole("button", { name: "Run all" }).click();
  await expect(result(page, "R1").getByRole("progressbar")).toBeVisible();
  await expect(result(page, "R2").getByRole("status")).toHaveText("Waits for its turn.");
  await page.getByRole("button", { name: "Cancel all" }).click();
  await expect(result(page, "R1").getByRole("status")).toHaveText(/^Cancelled /);
  await expect(result(page, "R2").getByRole("status")).toHaveText(/^Not run yet/);
});

// Not listened to: a script that does not come is an error on the console.
base("workers that cannot be loaded: it says so, and Retry makes the result", async ({ page }) => {
  let isCut = true;
  await page.route("**/*", (route) =>
    isCut && /worker/.test(route.request().url()) ? route.abort() : route.fallback(),
  );
  await page.goto("/results");
  const layers = result(page, "R2");
  await layers.getByRole("button", { name: "Run R2" }).click();
  await expect(layers.getByRole("status")).toHaveText(/^It failed: /);
  isCut = false;
  await layers.getByRole("button", { name: "Retry R2" }).click();
  await expect(layers.getByRole("status")).toHaveText(/^6 trials made/, { timeout: 60_000 });
});

for (const colorScheme of ["light", "dark"] as const)
  test(`by ear and by contrast nothing is amiss, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto("/results");
    await result(page, "R2").getByRole("button").click();
    await expect(result(page, "R2").getByRole("status")).toHaveText(/^6 trials made/);
    expect(await faults(page)).toEqual([]);
  });

test("on a narrow screen nothing is cut off, and each row is a list of its numbers", async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/results");
  await page.evaluate(() => {
    for (const folded of document.querySelectorAll("details")) folded.open = true;
  });
  const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
  expect(scrollWidth).toBe(clientWidth);
  const cells = result(page, "R2").locator("tbody tr").first().locator("th, td");
  const tops = await cells.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  expect(tops).toEqual([...new Set(tops)].sort((a, b) => a - b));
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("it is a document: published numbers and bands, and nothing to press", async ({ page }) => {
    await page.goto("/results#r6");
    await expect(result(page, "R6").getByRole("row", { name: /150–155 ms: median/ })).toContainText(
      "229.6 to 344.4",
    );
    await expect(result(page, "R6").getByRole("button")).toHaveCount(0);
    await expect(page.getByRole("region", { name: "Not made again, and why" })).toBeVisible();
  });
});
