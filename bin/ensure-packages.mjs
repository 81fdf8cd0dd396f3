// @ts-check
/** Installs the packages of package-lock.json when node_modules does not hold exactly them. */
/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} Lockfile */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT, run } from "./child.mjs";

/**
 * Runs `npm ci` if a package is missing, superfluous or of another version, else nothing.
 * Refuses with what npm said last and what to try.
 * @returns {Promise<{ ok: true } | { ok: false, reason: string }>}
 */
export async function ensurePackages() {
  const difference = firstDifference(
    read("package-lock.json"),
    read("node_modules/.package-lock.json"),
  );
  if (difference === "") return { ok: true };

  console.log(`Installing packages (${difference}). The first time this takes a minute.`);
  const { command, args, shell } = npm();
  // Types and bundler are needed to build, so an environment's NODE_ENV=production must not count.
  const done = await run(
    command,
    [...args, "ci", "--include=dev", "--loglevel=error", "--no-audit", "--no-fund"],
    {
      shell,
    },
  );
  if (done.ok) return { ok: true };
  return {
    ok: false,
    reason:
      `The packages could not be installed (npm ci: ${done.reason}). What npm said stands above.\n` +
      "Check that this machine reaches the package registry (npm ping), then run the command again.",
  };
}

/**
 * Compares the wanted packages with npm's own record of what it installed, which is written last
 * and so is absent after an install that was cut short. Returns "" when they agree, else what
 * differs. Optional packages may be missing: most belong to other platforms.
 * @param {Lockfile | undefined} wanted
 * @param {Lockfile | undefined} installed
 */
function firstDifference(wanted, installed) {
  if (!wanted || !installed) return "there are none yet";
  for (const [path, { version, optional }] of Object.entries(wanted.packages)) {
    if (path === "") continue;
    const present = installed.packages[path];
    if (!present && !optional) return `${nameOf(path)} is missing`;
    if (present && present.version !== version) return `${nameOf(path)} should be ${version}`;
  }
  for (const path of Object.keys(installed.packages)) {
    if (!wanted.packages[path]) return `${nameOf(path)} is no longer used`;
  }
  return "";
}

/** @param {string} path */
function nameOf(path) {
  return path.replace(/^.*node_modules\//, "");
}

/** @param {string} path */
function read(path) {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), "utf8"));
  } catch {
    return undefined;
  }
}

/** npm as it started us, or as the shell finds it (on Windows a .cmd file, which needs a shell). */
function npm() {
  const script = process.env["npm_execpath"];
  if (script && basename(script).startsWith("npm-cli")) {
    return { command: process.execPath, args: [script], shell: false };
  }
  return { command: "npm", args: [], shell: process.platform === "win32" };
}
