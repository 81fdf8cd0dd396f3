/** What a reader does in a lesson, in their words; and a page that is listened to while they do it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test as base, expect, type Locator, type Page } from "@playwright/test";

const LESSON = join(import.meta.dirname, "../../lessons/01-first-messages");
const ADDRESS = "/learn/first-messages";

/** What the page said and asked for, besides what it shows. */
interface Overheard {
  /** Errors on the console, and those that nobody caught. */
  readonly errors: string[];
  /** Addresses on the network that are not the page's own. */
  readonly elsewhere: string[];
  /** Requests to the page's own server: that there are some shows that listening works. */
  readonly own: string[];
}

/** Every journey is listened to: it must go without an error, and without a word to anybody else. */
export const test = base.extend<{ overheard: Overheard }>({
  overheard: [
    async ({ context, baseURL }, use) => {
      const overheard: Overheard = { errors: [], elsewhere: [], own: [] };
      const note = (address: string) => {
        const { protocol, origin } = new URL(address);
        // A blob's or a data address is text that the browser has already.
        if (protocol === "blob:" || protocol === "data:") return;
        (origin === baseURL ? overheard.own : overheard.elsewhere).push(address);
      };
      context.on("request", (request) => note(request.url()));
      context.on("page", (page) => {
        page.on("websocket", (socket) => overheard.elsewhere.push(socket.url()));
        page.on("pageerror", (error) => overheard.errors.push(String(error)));
        page.on("console", (message) => {
          if (message.type() === "error") overheard.errors.push(message.text());
        });
      });
      await use(overheard);
      expect(overheard.errors).toEqual([]);
      expect(overheard.elsewhere).toEqual([]);
      expect(overheard.own.length).toBeGreaterThan(0);
    },
    { auto: true },
  ],
});

/** A program as it stands in the lesson's folder: "till/solution/till.ts". */
export function programOf(path: string): string {
  return readFileSync(join(LESSON, "exercises", path), "utf8");
}

/** A file of the lesson's own: "customer.ts". */
export function scaffoldOf(path: string): string {
  return readFileSync(join(LESSON, "scaffold", path), "utf8");
}

/** Opens the lesson, and waits until it answers to keys and clicks. */
export async function openLesson(page: Page): Promise<void> {
  await page.goto(ADDRESS);
  await isAwake(page);
}

/** Whether the page's scripts have taken over: before that a click is lost. */
export async function isAwake(page: Page): Promise<void> {
  const run = page.getByRole("button", { name: "Run", exact: true });
  await expect
    .poll(() =>
      run.evaluate((button) => Object.keys(button).some((key) => key.startsWith("__react"))),
    )
    .toBe(true);
}

export const runButton = (page: Page): Locator =>
  page.getByRole("button", { name: "Run", exact: true });
export const stopButton = (page: Page): Locator =>
  page.getByRole("button", { name: "Stop", exact: true });
/** The one of the workbench; each question of the quiz has one of its own. */
export const checkButton = (page: Page): Locator =>
  page.getByRole("group", { name: "Run", exact: true }).getByRole("button", { name: "Check" });
export const slider = (page: Page): Locator => page.getByRole("slider", { name: "Virtual time" });
/** The verdict, whatever it is. */
export const verdict = (page: Page): Locator => page.locator("section[data-outcome]");

/** Runs what is open, and waits for the end of the run. */
export async function run(page: Page): Promise<void> {
  await runButton(page).click();
  await expect(page.locator("[data-mirror]")).toContainText("sent ");
  await isIdle(page);
}

/** Nothing runs and nothing is judged any more. */
export async function isIdle(page: Page): Promise<void> {
  await expect(runButton(page)).toBeVisible({ timeout: 60_000 });
}

/** Puts an exercise, or the lesson's world, on the workbench: "Friday", "Till". */
export async function open(page: Page, title: string): Promise<void> {
  const tab = page.getByRole("tablist", { name: "On the workbench" }).getByRole("tab", {
    name: title === "Till" ? "E1 Till" : title,
  });
  await tab.click();
  await expect(tab).toHaveAttribute("aria-selected", "true");
  await expect(editor(page, title)).toBeVisible();
}

export const editor = (page: Page, title: string): Locator =>
  page.getByRole("region", { name: `Code of ${title}`, exact: true });

/** Writes a whole program into the editor, over what was there, and waits until it is kept. */
export async function write(page: Page, title: string, text: string): Promise<void> {
  const corner = { position: { x: 80, y: 20 } };
  // The first click says that somebody wants to write; the editor comes in its place.
  await editor(page, title).getByRole("tabpanel").click(corner);
  await editor(page, title).locator(".monaco-editor").first().click(corner);
  await writeHere(page, text);
}

/** Pastes where the caret is, over everything. Typing would be indented by the editor as it goes. */
export async function writeHere(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((all) => navigator.clipboard.writeText(all), text);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("ControlOrMeta+v");
  await expect.poll(() => kept(page)).toContain(text);
}

/** The texts that this browser keeps of the reader's. */
export function kept(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const answer = <Result>(request: IDBRequest<Result>): Promise<Result> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const found: string[] = [];
    for (const { name = "" } of await indexedDB.databases()) {
      const base = await answer(indexedDB.open(name));
      for (const store of base.objectStoreNames) {
        const rows = await answer(base.transaction(store).objectStore(store).getAll());
        for (const row of rows) if (typeof row?.text === "string") found.push(row.text);
      }
      base.close();
    }
    return found;
  });
}

/** Walks with the Tab key, as far as it takes. */
export async function tabTo(page: Page, target: Locator, key = "Tab"): Promise<void> {
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 80; presses++) {
    if (await isThere()) return;
    await page.keyboard.press(key);
  }
  throw new Error(`80 times ${key} did not lead to ${String(target)}`);
}

/** Seconds of virtual time that the transport shows. */
export async function secondsShown(page: Page): Promise<number> {
  const text = await page.getByRole("status", { name: "Virtual time" }).textContent();
  return Number.parseFloat(text ?? "");
}

/** How many messages wait at the play-head in the mailbox that is charted. */
export async function mailbox(page: Page): Promise<number> {
  const text = await page.getByRole("status", { name: /^Messages waiting at/ }).textContent();
  return Number((text ?? "").replaceAll(",", ""));
}

/** Moves the play-head with the slider's keys: to the start, then by tenths and hundredths of the run. */
export async function scrubTo(page: Page, tenths: number, hundredths = 0): Promise<void> {
  await slider(page).focus();
  await page.keyboard.press("Home");
  for (let i = 0; i < tenths; i++) await page.keyboard.press("PageUp");
  for (let i = 0; i < hundredths; i++) await page.keyboard.press("ArrowRight");
}
