// @ts-check
/** Installs a Chromium for the browser journeys when the machine has none. */
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run, runNode } from "./child.mjs";

const INSTALL_MS_MAX = 10 * 60_000;

/**
 * Leaves a browser that `findBrowser` finds and returns its path. On Debian it installs the
 * distribution's package, as root or through sudo; elsewhere, or where that fails, Playwright's own.
 * Refuses with what to do by hand.
 * @returns {Promise<{ ok: true, path: string } | { ok: false, reason: string }>}
 */
export async function ensureBrowser() {
  // Imported late: before `npm ci` there is no Playwright to ask.
  const { findBrowser } = await import("./find-browser.mjs");
  const present = findBrowser();
  if (present) return { ok: true, path: present };
  if (process.env["CHROMIUM_PATH"]) {
    return {
      ok: false,
      reason: `CHROMIUM_PATH names ${process.env["CHROMIUM_PATH"]}, which does not exist.`,
    };
  }

  console.log("No Chromium here; installing one for the browser journeys.");
  if (isDebian(osRelease())) await installDebianPackage();
  if (!findBrowser()) {
    await runNode(["node_modules/@playwright/test/cli.js", "install", "chromium"], {
      msMax: INSTALL_MS_MAX,
    });
  }
  const installed = findBrowser();
  return installed ? { ok: true, path: installed } : { ok: false, reason: whatToDo() };
}

/**
 * Whether /etc/os-release describes Debian itself. Ubuntu's chromium is a snap, which is of no use here.
 * @param {string} release
 */
function isDebian(release) {
  return /^ID="?debian"?$/m.test(release);
}

async function installDebianPackage() {
  const prefix = rootPrefix();
  if (!prefix) return;
  const apt = (/** @type {string[]} */ ...args) => {
    const words = [...prefix, "apt-get", "-o", "DPkg::Lock::Timeout=300", "-q", ...args];
    return run(words[0] ?? "", words.slice(1), {
      env: { DEBIAN_FRONTEND: "noninteractive" },
      msMax: INSTALL_MS_MAX,
    });
  };
  await apt("update");
  // The fonts keep text the same width from one machine to the next.
  await apt("install", "-y", "--no-install-recommends", "chromium", "fonts-liberation");
}

/** What to put before a command that root must run; undefined when there is no way. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (!isOnPath("sudo")) return undefined;
  // Where nobody can type a password sudo must fail rather than wait for one.
  return process.stdin.isTTY ? ["sudo"] : ["sudo", "-n"];
}

/** @param {string} program */
function isOnPath(program) {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}

function osRelease() {
  try {
    return readFileSync("/etc/os-release", "utf8");
  } catch {
    return "";
  }
}

function whatToDo() {
  return [
    "There is no Chromium to test with, and none could be installed. Do one of these, then run npm test again:",
    "  Debian:         sudo apt-get install chromium fonts-liberation",
    "  other systems:  npx playwright install --with-deps chromium, or install Google Chrome",
    "  elsewhere:      CHROMIUM_PATH=/path/to/chromium npm test",
  ].join("\n");
}
