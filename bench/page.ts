/**
 * What a reader waits for and pays: bytes of the lesson's page, time to the first readable text,
 * time from the first key to an editor that takes typing, time of a first Run. Needs a build.
 * Times depend on the machine; the anchor is a fixed loop in the same page.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chromium, type Page } from "@playwright/test";
import { findBrowser } from "../bin/find-browser.mjs";
import { freePort } from "../bin/free-port.mjs";
import type { Figure } from "./figure.ts";

const LESSON = "/learn/first-messages";
const START_MS_MAX = 20_000;

export async function measurePage(): Promise<Figure[]> {
  const executablePath = findBrowser();
  const port = await freePort(3270);
  if (executablePath === undefined || port === undefined) {
    console.log("No Chromium or no free port: the page is not measured.");
    return [];
  }
  const server = await serve(port);
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage({ baseURL: `http://127.0.0.1:${port}` });
    return await measure(page);
  } finally {
    await browser.close();
    server.kill();
  }
}

async function measure(page: Page): Promise<Figure[]> {
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.goto("/");
  await page.waitForLoadState("networkidle");
  const homeBytes = bytes;
  await page.goto("about:blank");
  await session.send("Network.clearBrowserCache");
  bytes = 0;
  await page.goto(LESSON);
  await page.waitForLoadState("networkidle");
  const lessonBytes = bytes;
  const textMs = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
  );
  const loopMs = await page.evaluate(() => {
    const startMs = performance.now();
    let x = 1;
    for (let i = 0; i < 50_000_000; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
    return performance.now() - startMs + (x === 0 ? 1 : 0);
  });
  const editorMs = await editorTakesTyping(page);
  const runMs = await firstRun(page);
  return [
    { name: "home, transferred", value: Math.round(homeBytes / 1000), unit: "kB" },
    {
      name: "lesson before any interaction, transferred",
      value: Math.round(lessonBytes / 1000),
      unit: "kB",
    },
    {
      name: "lesson with editor and compiler, transferred",
      value: Math.round(bytes / 1000),
      unit: "kB",
    },
    { name: "anchor: 50 million turns of a loop", value: Math.round(loopMs), unit: "ms" },
    { name: "first readable text", value: Math.round(textMs), unit: "ms" },
    { name: "first readable text ÷ anchor", value: ratio(textMs, loopMs), unit: "ratio" },
    { name: "click to an editor that took a letter", value: Math.round(editorMs), unit: "ms" },
    { name: "click to editor ÷ anchor", value: ratio(editorMs, loopMs), unit: "ratio" },
    { name: "Run to the first rows on the stage", value: Math.round(runMs), unit: "ms" },
  ];
}

async function editorTakesTyping(page: Page): Promise<number> {
  const startMs = Date.now();
  const code = page.getByRole("region", { name: "Editor" }).getByText("export const till").first();
  await code.click();
  await page.locator(".monaco-editor .view-lines").waitFor();
  await page.keyboard.type("//§");
  await page.locator(".monaco-editor .view-lines", { hasText: "§" }).waitFor();
  const ms = Date.now() - startMs;
  for (let i = 0; i < 3; i++) await page.keyboard.press("Backspace");
  return ms;
}

async function firstRun(page: Page): Promise<number> {
  const startMs = Date.now();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  return Date.now() - startMs;
}

function ratio(ms: number, anchorMs: number): number {
  return Number((ms / anchorMs).toPrecision(3));
}

async function serve(port: number): Promise<ChildProcess> {
  const server = spawn(
    process.execPath,
    ["node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", String(port)],
    {
      stdio: "ignore",
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
    },
  );
  const untilMs = Date.now() + START_MS_MAX;
  while (Date.now() < untilMs) {
    const isUp = await fetch(`http://127.0.0.1:${port}/`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return server;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  server.kill();
  throw new Error("the site did not come up; build it first with npm run build");
}
