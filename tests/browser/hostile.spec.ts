/**
 * Programs that no lesson asks for: without end, wrong, greedy, or curious about the page they run
 * in. Each ends in a sentence; the page lives on, the code stays, and nothing leaves.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, type Page } from "@playwright/test";
import {
  editor,
  isIdle,
  kept,
  open,
  openLesson,
  programOf,
  run,
  runButton,
  stopButton,
  test,
  write,
} from "./lesson.ts";

/** On a free machine it is 3 s; here other browsers run beside. */
const ANSWER_MS_MAX = 15_000;

/** Two tills and a few hundred customers: a run of half a second. */
const TILL = programOf("till/solution/till.ts");
const BEFORE = "    const receipt = await ringUp({ id, qty });\n";
/** The line of the till at which the intruder stands. */
const LINE = TILL.slice(0, TILL.indexOf(BEFORE)).split("\n").length;

/** A till that does this whenever it sells. */
const tillThat = (does: string) =>
  TILL.replace(BEFORE, `    ${does}\n${BEFORE}`).replace("{ call,", "{ call, cast, self,");

/** Opens an exercise and runs it once, so that everything is loaded. */
async function warm(page: Page): Promise<void> {
  await openLesson(page);
  await open(page, "Till");
  await run(page);
}

/** Writes a program and presses Run; how many ms until the page says `sentence`. */
async function answerMs(page: Page, program: string, sentence: string | RegExp): Promise<number> {
  await write(page, "Till", program);
  const pressed = performance.now();
  await runButton(page).click();
  await notice(page, sentence).waitFor({ timeout: ANSWER_MS_MAX });
  return performance.now() - pressed;
}

const notice = (page: Page, sentence: string | RegExp) =>
  page.locator("[aria-live=polite] p", { hasText: sentence }).first();

/** After whatever happened: it can be run again, typed into, and looked at. */
async function isAlive(page: Page, program: string): Promise<void> {
  await isIdle(page);
  await expect(runButton(page)).toBeEnabled();
  expect(await kept(page)).toContain(program);
  await page.getByRole("radio", { name: "Events" }).check({ force: true });
  await page.getByRole("radio", { name: "Picture" }).check({ force: true });
}

const HOSTILE: readonly (readonly [what: string, program: string, sentence: string | RegExp])[] = [
  [
    "a loop without end",
    tillThat("while (true) {}"),
    /^till-\d was ended at 0\.\d{3} s: more than 2,000,000 loop turns and calls in one step\. Is there a loop without end\?/,
  ],
  [
    "an error that is thrown",
    tillThat('if (id === 5) throw new Error("no more paper");'),
    new RegExp(
      `^till-\\d ended at \\d\\.\\d{3} s by an error: Error: no more paper \\(till\\.ts, line ${LINE}\\)\\.`,
    ),
  ],
  ["a mistake in the language", tillThat("const = 1;"), new RegExp(`^till\\.ts, line ${LINE}: `)],
  [
    "a message of 100 MB",
    tillThat('cast(self(), "x".repeat(50_000_000));'),
    new RegExp(`^till-\\d ended at .* by an error: .*\\(till\\.ts, line ${LINE}\\)\\.`),
  ],
  [
    "a flood of a million messages",
    tillThat('for (let n = 0; n < 1_000_000; n++) cast(self(), "line");'),
    /^The run was stopped at \d\.\d{3} s: .*mailbox/,
  ],
];

test("each ends in a sentence, on one page that lives through them all", async ({ page }, {
  annotations,
}) => {
  await warm(page);
  for (const [what, program, sentence] of HOSTILE) {
    await test.step(what, async () => {
      const ms = await answerMs(page, program, sentence);
      annotations.push({ type: `ms, ${what}`, description: String(Math.round(ms)) });
      expect(ms).toBeLessThan(ANSWER_MS_MAX);
      await isAlive(page, program);
    });
  }
});

test("Stop ends a run that has hung, and the next run goes as before", async ({ page }) => {
  await warm(page);
  // No loop and no call in which the guard could count: only Stop, or ten seconds of silence, helps.
  const stuck = tillThat('/^(a+)+$/.test("a".repeat(40) + "b");');
  await write(page, "Till", stuck);
  await runButton(page).click();
  await expect(page.getByRole("status").filter({ hasText: "Running" })).toBeVisible();
  await stopButton(page).click();
  await notice(page, "Stopped. What was recorded can still be watched.").waitFor();
  await isAlive(page, stuck);

  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await expect(editor(page, "Till")).not.toContainText("(a+)+");
  await run(page);
  await expect(notice(page, "Stopped")).toBeHidden();
  await expect(page.locator("[data-mirror]")).toContainText(/sent [1-9]/);
});

test.describe("code that looks for a way out", () => {
  let outside: Server;
  let calls = 0;
  test.beforeAll(async () => {
    outside = createServer((_request, response) => {
      calls++;
      response.writeHead(204, { "Access-Control-Allow-Origin": "*" }).end();
    });
    await new Promise<void>((resolve) => outside.listen(0, "127.0.0.1", resolve));
  });
  test.afterAll(() => {
    outside.close();
  });
  const address = () => `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;

  test("is refused by name, before it runs", async ({ page, overheard }) => {
    await warm(page);
    const outward: readonly (readonly [string, RegExp])[] = [
      [`fetch("${address()}");`, /There is no network but the wires/],
      ["console.log(globalThis);", /A process has no outside/],
      [`await import("${address()}/evil.js");`, /import … from/],
      ['Function("return 1")();', /Code cannot be made from text here/],
      ['eval("1");', /Code cannot be made from text here/],
      [`new WebSocket("${address().replace("http", "ws")}");`, /no network but the wires/],
    ];
    for (const [does, why] of outward) {
      await test.step(does, async () => {
        await answerMs(page, tillThat(does), why);
        await expect(notice(page, why)).toContainText(`till.ts, line ${LINE}: `);
        await isIdle(page);
      });
    }
    await isAlive(page, tillThat(outward.at(-1)?.[0] ?? ""));
    expect(overheard.elsewhere).toEqual([]);
    expect(calls).toBe(0);
  });

  test("finds none by a name made while it runs", async ({ page, overheard }) => {
    await warm(page);
    const made = 'const k = "constr" + "uctor";';
    const direct = tillThat(`${made} ((() => 0) as any)[k]("return globalThis")();`);
    await answerMs(page, direct, "text cannot be made into code here");
    await expect(notice(page, "text cannot")).toContainText(`(till.ts, line ${LINE})`);
    await isAlive(page, direct);

    // Every kind of function has a constructor of its own, and the runtime's own are functions too.
    const ways = [
      "(() => 0)",
      "(function () {})",
      "(async () => 0)",
      "(function* () {})",
      "(async function* () {})",
      "(class {})",
      "ringUp",
      "cast",
      "till",
      "Math.abs",
      "console.log",
      "Promise",
      "[].map",
      "structuredClone",
      "Object.getPrototypeOf(async () => 0)",
      "Object.getPrototypeOf(function* () {})",
      "Reflect.getPrototypeOf(cast)",
    ];
    const text = `fetch('${address()}'); return globalThis`;
    const patient = tillThat(
      `${made} const out: string[] = []; let tried = 0;
    for (const way of [${ways.join(", ")}] as any[]) {
      tried++;
      try {
        const made = way[k]("${text}");
        if (typeof made === "function" && made() !== undefined) out.push(String(tried));
      } catch {}
      try {
        const made = Reflect.construct(way[k], ["${text}"]) as any;
        if (typeof made === "function" && made() !== undefined) out.push(String(tried));
      } catch {}
    }
    throw new Error(\`tried \${tried}, through: \${out.join(" ") || "none"}\`);`,
    );
    const sentence = /by an error: Error: tried \d+, through: /;
    await answerMs(page, patient, sentence);
    await expect(notice(page, sentence)).toContainText(`tried ${ways.length}, through: none`);
    await isAlive(page, patient);
    expect(overheard.elsewhere).toEqual([]);
    expect(calls).toBe(0);
  });
});
