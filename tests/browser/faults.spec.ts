/** Breaking the lesson's world by hand: from the menu, on the time line, by keys, on a phone. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { isIdle, mailbox, openLesson, run, scrubTo, secondsShown, tabTo, test } from "./lesson.ts";

const menu = (page: Page) => page.getByRole("button", { name: "Break something" });
const sheet = (page: Page) => page.getByRole("dialog");
const faults = (page: Page) => page.getByRole("region", { name: "Faults", exact: true });
const band = (page: Page, name: RegExp) => faults(page).getByRole("button", { name });
const undo = (page: Page) => page.getByRole("button", { name: "Undo the last fault change" });

/** Breaks something at the play-head, and waits for the run that it makes. */
async function breakIt(page: Page, what: string, whom?: string): Promise<void> {
  await menu(page).click();
  await sheet(page).getByRole("button", { name: what }).click();
  if (whom !== undefined)
    await sheet(page).getByRole("button", { name: whom, exact: true }).click();
  await isIdle(page);
}

/** The mailbox at so many tenths of the run, 8 s each. */
async function mailboxAt(page: Page, tenths: number): Promise<number> {
  await scrubTo(page, tenths);
  await expect.poll(() => secondsShown(page)).toBe(tenths * 8);
  return mailbox(page);
}

async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}

test("a fault is put into the run, dragged along it, and taken out again", async ({ page }) => {
  await openLesson(page);
  await run(page);
  // 140 come a second from 20 s on, and the till does 100.
  const undisturbed = await mailboxAt(page, 4);
  expect(undisturbed).toBeLessThan(620);

  await test.step("slow cores, from the play-head on", async () => {
    await scrubTo(page, 3);
    await breakIt(page, "Slow its cores ×4", "n1");
    await expect(band(page, /^n1 slow ×4, from 24\.000 s to 32\.000 s$/)).toBeFocused();
    await expect.poll(() => secondsShown(page)).toBe(24);
    // 8 s at 25 a second where there were 100.
    expect(await mailboxAt(page, 4)).toBeGreaterThan(undisturbed + 400);
  });

  await test.step("dragged past the rush it is not there at 32 s", async () => {
    const box = await band(page, /^n1 slow/).boundingBox();
    const line = await faults(page).getByRole("list").boundingBox();
    if (box === null || line === null) throw new Error("the band is not drawn");
    const y = box.y + box.height / 2;
    // Its body: an end is taken hold of within some pixels of it.
    await page.mouse.move(box.x + 20, y);
    await page.mouse.down();
    await page.mouse.move(box.x + 20 + line.width / 4, y, { steps: 8 });
    await expect(faults(page)).toContainText(/4[34]\.\d{3}–5[12]\.\d{3} s/);
    await page.mouse.up();
    await expect(band(page, /^n1 slow ×4, from 4[34]\.\d\d0 s to 5[12]\.\d\d0 s$/)).toBeVisible();
    await isIdle(page);
    await expect.poll(() => secondsShown(page)).toBe(32);
    expect(await mailboxAt(page, 4)).toBe(undisturbed);
  });

  await test.step("a killed process, as the events tell it", async () => {
    await scrubTo(page, 7);
    await breakIt(page, "Kill the process", "till on n1");
    await expect(band(page, /^till killed, at 56\.000 s$/)).toBeVisible();
    await page.getByRole("radio", { name: "Events" }).check();
    const events = page.getByRole("region", { name: "Events" }).getByRole("list");
    await expect(events).toContainText("a fault on n1: kill till");
    await page.getByRole("radio", { name: "Picture" }).check();
  });

  await test.step("all removed, and the run is what it was", async () => {
    await menu(page).click();
    await sheet(page).getByRole("button", { name: "Remove all" }).click();
    await isIdle(page);
    await expect(faults(page)).toHaveCount(0);
    expect(await mailboxAt(page, 4)).toBe(undisturbed);
    await undo(page).click();
    await expect(faults(page).getByRole("listitem")).toHaveCount(2);
  });
});

test("by keyboard alone: choose, move, change, remove, take back", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openLesson(page);
  await run(page);
  await scrubTo(page, 1);

  await tabTo(page, menu(page), "Shift+Tab");
  await page.keyboard.press("Enter");
  await tabTo(page, sheet(page).getByRole("button", { name: "Pause the node" }));
  await page.keyboard.press("Enter");
  // The answer that is most likely has the focus already.
  await expect(sheet(page).getByRole("button", { name: "n1", exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await isIdle(page);
  await expect(band(page, /^n1 paused, from 8\.000 s to 16\.000 s$/)).toBeFocused();

  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowLeft");
  const moved = band(page, /^n1 paused, from 8\.800 s to 16\.000 s$/);
  await expect(moved).toBeFocused();
  // At once, while the moved band's run is only about to be made: the figures stay open.
  await page.keyboard.press("Enter");
  await sheet(page).getByLabel("Until").fill("3");
  await page.keyboard.press("Enter");
  await expect(sheet(page)).toContainText("It ends at 3.000 s and begins at 8.800 s.");
  await sheet(page).getByLabel("Until").fill("12.5");
  await page.keyboard.press("Enter");
  await isIdle(page);
  await expect(band(page, /^n1 paused, from 8\.800 s to 12\.500 s$/)).toBeFocused();

  await page.keyboard.press("Delete");
  await isIdle(page);
  await expect(faults(page)).toHaveCount(0);
  await expect(undo(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(band(page, /^n1 paused, from 8\.800 s to 12\.500 s$/)).toBeVisible();
});

for (const [width, height] of [
  [1440, 900],
  [360, 760],
] as const) {
  test(`axe finds nothing, and a finger finds the bands, at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openLesson(page);
    await run(page);
    await scrubTo(page, 5);
    await breakIt(page, "Hang the process", "log on n1");
    await scrubTo(page, 5);
    await breakIt(page, "Cut the wire");
    expect.soft(await findings(page), "with faults").toEqual([]);
    for (const one of await faults(page).getByRole("listitem").all()) {
      const box = await one.getByRole("button").boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(28);
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    }
    await menu(page).click();
    expect.soft(await findings(page), "with the menu").toEqual([]);
    await page.keyboard.press("Escape");
    await expect(sheet(page)).toHaveCount(0);
    await expect(menu(page)).toBeFocused();

    await band(page, /^log hangs/).click();
    expect.soft(await findings(page), "with the editor").toEqual([]);
    const box = await sheet(page).boundingBox();
    if (width < 768) expect([box?.x, box?.width]).toEqual([0, width]);
    const overhang = () =>
      page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
    expect(await overhang()).toBe(0);
  });
}
