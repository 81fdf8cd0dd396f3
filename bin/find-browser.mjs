// @ts-check
/** Finds a Chromium that answers. Kept apart from installing one: Playwright's config needs only this. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

const SYSTEM_BROWSERS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * The path of the browser to test with: $CHROMIUM_PATH, else Playwright's own, else an installed
 * one; undefined when there is none.
 * @returns {string | undefined}
 */
export function findBrowser() {
  const named = process.env["CHROMIUM_PATH"];
  if (named) return existsSync(named) ? named : undefined;
  const own = chromium.executablePath();
  if (existsSync(own)) return own;
  return SYSTEM_BROWSERS.find((path) => existsSync(path) && answers(path));
}

/**
 * Whether a program tells its version: Ubuntu's chromium-browser is a stub that only asks for a
 * snap. On Windows Chrome opens a window instead of answering, so there it is taken on trust.
 * @param {string} path
 */
function answers(path) {
  if (process.platform === "win32") return true;
  const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 20_000 });
  return status === 0 && /\d+\.\d+/.test(stdout);
}
