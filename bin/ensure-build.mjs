// @ts-check
/** Builds the site when its sources changed since the last build. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT, runNode } from "./child.mjs";
import { sourcesDigest } from "./sources-digest.mjs";

/** Next's command line, as a file: stopping npx would leave the server behind it running. */
export const NEXT = "node_modules/next/dist/bin/next";

/** Holds the digest of the sources that .next was built from; absent while a build is under way. */
const STAMP = join(ROOT, ".cache/built-from");
/** What a finished build leaves; looked for because people delete folders. */
const PRODUCTS = [".next/BUILD_ID", "public/sandbox"];

/**
 * Leaves a build of the present sources in .next. `isFresh` tells that nothing had to be done.
 * Refuses when the bundler or Next fails; their words are on the terminal already.
 * @param {{ msMax?: number | undefined }} [options]
 * @returns {Promise<{ ok: true, isFresh: boolean } | { ok: false, reason: string }>}
 */
export async function ensureBuild({ msMax } = {}) {
  const digest = sourcesDigest(ROOT);
  if (stampedDigest() === digest && PRODUCTS.every((path) => existsSync(join(ROOT, path)))) {
    return { ok: true, isFresh: true };
  }
  rmSync(STAMP, { force: true });

  console.log("Building the site. This takes about a minute.");
  const sandbox = await buildSandbox();
  if (!sandbox.ok)
    return { ok: false, reason: `The sandbox could not be built: ${sandbox.reason}.` };
  const site = await runNode([NEXT, "build"], { msMax });
  if (!site.ok) return { ok: false, reason: `The site could not be built: ${site.reason}.` };

  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, digest);
  return { ok: true, isFresh: false };
}

/** Bundles the worker runtime into public/sandbox, which the isolated frame loads. */
export function buildSandbox() {
  return runNode(["bin/build-sandbox.mjs"]);
}

function stampedDigest() {
  try {
    return readFileSync(STAMP, "utf8");
  } catch {
    return "";
  }
}
