/** The playground: a template run, changed, shared; and a link opened by somebody else. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { encodeShare, type SharedRun } from "../../components/sandbox/share-link.ts";
import { kept, run, runButton, scrubTo, secondsShown, test } from "./lesson.ts";

const GREETING = `import { log } from "otp";

export async function ping() {
  log("a ping of my own");
}

export async function pong() {
  log("a pong of my own");
}
`;

async function openPlay(page: Page, fragment = ""): Promise<void> {
  await page.goto(`/play${fragment}`);
  await isAwake(page);
}

/** Before the scripts have taken over a click is lost. */
async function isAwake(page: Page): Promise<void> {
  await expect
    .poll(() =>
      runButton(page).evaluate((it) => Object.keys(it).some((key) => key.startsWith("__react"))),
    )
    .toBe(true);
}

const template = (page: Page, title: string) => page.getByRole("radio", { name: title });
const banner = (page: Page) => page.getByRole("region", { name: "A shared run" });
const stage = (page: Page) => page.locator("[data-mirror]");
const editorOf = (page: Page, title: string) =>
  page.getByRole("region", { name: `Code of ${title}`, exact: true });

async function writeCode(page: Page, title: string, text: string): Promise<void> {
  const corner = { position: { x: 80, y: 20 } };
  await editorOf(page, title).getByRole("tabpanel").click(corner);
  await editorOf(page, title).locator(".monaco-editor").first().click(corner);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((all) => navigator.clipboard.writeText(all), text);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("ControlOrMeta+v");
  await expect.poll(async () => (await kept(page)).join()).toContain(JSON.stringify(text));
}

/** The link that the Share button makes, and the name of the run that it tells. */
async function share(page: Page): Promise<{ readonly link: string; readonly name: string }> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const panel = page.getByRole("region", { name: "A link to this run" });
  await expect(panel.getByRole("status")).toHaveText(/^Copied: [\d,]+ characters\.$/);
  const link = await panel.getByRole("textbox", { name: "The link" }).inputValue();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  const name = await panel.getByText(/trace [0-9a-f]{12}$/).innerText();
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  return { link, name };
}

async function fragmentOf(run: Partial<SharedRun>): Promise<string> {
  const encoded = await encodeShare({
    kind: "play",
    id: "ping-pong",
    version: 1,
    files: [],
    seed: 1,
    faults: [],
    ...run,
  });
  if (!encoded.ok) throw new Error(encoded.message);
  return encoded.fragment;
}

test("a template is chosen, run, changed and kept", async ({ page }) => {
  await openPlay(page);
  await test.step("a rush, with its messages", async () => {
    await template(page, "A till and a rush").check({ force: true });
    await expect(page).toHaveURL(/\/play\?template=rush$/);
    await run(page);
    await scrubTo(page, 4);
    await expect.poll(() => secondsShown(page)).toBe(10);
    await expect(stage(page)).toContainText(/till: [^\n]*\d+ in the mailbox/);
  });

  await test.step("other code", async () => {
    await template(page, "Ping and pong").check({ force: true });
    await writeCode(page, "Ping and pong", GREETING);
    await runButton(page).click();
    await expect(runButton(page)).toBeVisible({ timeout: 60_000 });
    await page.getByRole("radio", { name: "Events" }).check({ force: true });
    await expect(page.getByText("a ping of my own").first()).toBeVisible();
  });

  await test.step("is there again", async () => {
    await page.reload();
    await isAwake(page);
    await template(page, "Ping and pong").check({ force: true });
    await expect(editorOf(page, "Ping and pong")).toContainText("a ping of my own");
  });

  await test.step("files come, go, and come back", async () => {
    await page.getByRole("button", { name: "Add a file" }).click();
    const name = page.getByRole("textbox", { name: "Name of the new file" });
    await name.fill("Shop");
    await name.press("Enter");
    await expect(page.getByText('A name like "shop.ts"')).toBeVisible();
    await name.fill("shop.ts");
    await name.press("Enter");
    await expect(page.getByRole("tab", { name: "shop.ts" })).toHaveAttribute(
      "aria-selected",
      "true",
    );
    await page.getByRole("button", { name: "Delete shop.ts" }).click();
    await expect(page.getByRole("tab", { name: "shop.ts" })).toBeHidden();
    await page.getByRole("button", { name: "Bring it back" }).click();
    await expect(page.getByRole("tab", { name: "shop.ts" })).toBeVisible();
  });
});

test("a scenario that is wrong is said so, with its place, and is not run", async ({ page }) => {
  await openPlay(page);
  await editorOf(page, "Ping and pong").getByRole("tab", { name: "scenario.json" }).click();
  await writeCode(page, "Ping and pong", '{ "horizonUs": "8 s", "nodes": [{ "name": "LEFT" }] }');
  const words = page.getByText('scenario.json, line 1: nodes[0].name: "LEFT" was seen; allowed:');
  await expect(words).toBeVisible();
  await runButton(page).click();
  await expect(stage(page)).toContainText("sent 0,");
  await expect(page.locator("iframe")).toHaveCount(0);
});

test("a run is shared with its moment, and is the same one where the link is opened", async ({
  page,
  context,
}) => {
  await openPlay(page);
  await template(page, "Retries and a lossy wire").check({ force: true });
  await run(page);
  await scrubTo(page, 5);
  await expect.poll(() => secondsShown(page)).toBe(7.5);
  const { link, name } = await share(page);
  expect(link).toMatch(/\/play#s1\.[\w-]+$/);

  const other = await context.newPage();
  let frames = 0;
  other.on("frameattached", () => frames++);
  await other.goto(link);
  await isAwake(other);
  await expect(banner(other)).toContainText(
    "A shared run: by nobody we know. Nothing has run yet.",
  );
  await other.waitForTimeout(1_500);
  expect(frames).toBe(0);
  await expect(template(other, "Ping and pong")).toBeChecked();

  await banner(other).getByRole("button", { name: "Run it" }).click();
  await expect(runButton(other)).toBeVisible({ timeout: 60_000 });
  expect(frames).toBeGreaterThan(0);
  await expect.poll(() => secondsShown(other)).toBe(7.5);
  await expect(stage(other)).toHaveText(await stage(page).innerText(), { useInnerText: true });
  expect((await share(other)).name).toBe(name);
  expect(other.url()).toContain("#s1.");
});

test("what is shared never writes over the reader's own, until they say so", async ({ page }) => {
  await openPlay(page);
  await writeCode(page, "Ping and pong", GREETING);
  const theirs = GREETING.replaceAll("of my own", "of theirs");
  const fragment = await fragmentOf({ files: [{ path: "main.ts", text: theirs }] });
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, fragment);
  const code = editorOf(page, "Ping and pong");
  await banner(page).getByRole("button", { name: "Open beside my work" }).click();
  await expect(code).toContainText("a ping of theirs");
  await expect(page.locator("iframe")).toHaveCount(0);
  await banner(page).getByRole("button", { name: "Back to my work" }).click();
  await expect(code).toContainText("a ping of my own");

  await banner(page).getByRole("button", { name: "Open beside my work" }).click();
  await banner(page).getByRole("button", { name: "Take it into my work" }).click();
  await expect(code).toContainText("a ping of theirs");
  await expect.poll(async () => (await kept(page)).join()).toContain("a ping of my own");
  await banner(page).getByRole("button", { name: "Put mine back" }).click();
  await expect(code).toContainText("a ping of my own");
  await banner(page).getByRole("button", { name: "Discard" }).click();
  await expect(banner(page)).toBeHidden();
  expect(new URL(page.url()).hash).toBe("");
});

test("a link that is none, or means no good, is text and nothing else", async ({ page }) => {
  const whole = await fragmentOf({ files: [{ path: "main.ts", text: GREETING.repeat(20) }] });
  const links: [string, RegExp][] = [
    ["#s2.abc", /made by another version/],
    [whole.slice(0, -20), /damaged/],
    [await fragmentOf({ id: "no-such" }), /no such template/],
    [await fragmentOf({ kind: "exercise", id: "L01-E1" }), /belongs to another page/],
  ];
  for (const [link, words] of links) {
    // Each as it is when somebody follows it: from somewhere else.
    await page.goto("about:blank");
    await openPlay(page, link);
    await expect(banner(page)).toContainText(words);
  }
  const html = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  await page.goto("/");
  await openPlay(page, await fragmentOf({ files: [{ path: "main.ts", text: html }] }));
  const title = await page.title();
  await banner(page).getByRole("button", { name: "Run it" }).click();
  await expect(page.getByText(/^main\.ts, line 1:/).first()).toBeVisible({ timeout: 60_000 });
  expect(await page.title()).toBe(title);
  await expect(page.locator("img[src=x]")).toHaveCount(0);
});

test("a lesson's run is shared, too, and somebody else's is no answer of one's own", async ({
  page,
}) => {
  const fragment = await fragmentOf({
    kind: "exercise",
    id: "L01-E0",
    faults: [{ kind: "crash", node: "n1", atUs: 30_000_000 }],
    momentUs: 35_000_000,
  });
  await page.goto(`/learn/first-messages${fragment}`);
  await isAwake(page);
  await banner(page).getByRole("button", { name: "Run it" }).click();
  await expect(runButton(page)).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => secondsShown(page)).toBe(35);
  const { link, name } = await share(page);
  expect(link).toMatch(/\/learn\/first-messages#s1\./);
  expect(name).toContain("friday · seed 1");
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [360, 1440]) {
    test.describe(`axe finds nothing: ${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 800 }, reducedMotion: "reduce" });

      test("/play, asked and open, with the link's panel", async ({ page }) => {
        const faults = async () => {
          const { violations } = await new AxeBuilder({ page }).analyze();
          return violations.flatMap(({ id, nodes }) => nodes.map((it) => `${id}: ${it.target}`));
        };
        await openPlay(page);
        expect(await faults()).toEqual([]);
        await page.goto("/");
        await openPlay(page, await fragmentOf({ seed: 5 }));
        if (width < 768) await page.getByRole("tab", { name: "Code", exact: true }).click();
        await expect(banner(page)).toBeVisible();
        await page.getByRole("button", { name: "Share", exact: true }).click();
        await expect(page.getByRole("textbox", { name: "The link" })).toBeVisible();
        expect(await faults()).toEqual([]);
        const overhang = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overhang).toBe(0);
      });
    });
  }
}
