// @ts-check
/**
 * The policy of the isolated frame: an origin of its own, one script known by its hash, workers
 * from blobs, and no connection to anything. With it nothing that learner code tries to fetch
 * leaves the browser (tried in Chromium, Firefox and WebKitGTK: design/frontend.md, section 4).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The headers of everything below /sandbox/. Needs a built sandbox; without one no script is allowed. */
export function sandboxHeaders(root = process.cwd()) {
  return [
    { key: "Content-Security-Policy", value: policy(frameHash(root)) },
    { key: "Cache-Control", value: "no-cache" },
    // The app's own pages fetch the runtime's text; nobody else needs to.
    { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  ];
}

/** @param {string | undefined} hash */
function policy(hash) {
  return [
    "sandbox allow-scripts",
    "default-src 'none'",
    `script-src ${hash === undefined ? "'none'" : `'sha256-${hash}' blob:`}`,
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
}

/** @param {string} root */
function frameHash(root) {
  try {
    return JSON.parse(readFileSync(join(root, "public/sandbox/about.json"), "utf8")).frameHash;
  } catch {
    return undefined;
  }
}
