// @ts-check
/**
 * Builds public/sandbox: the script that every worker of the isolated frame runs, the frame's own
 * page with its script inlined, and the declarations of the learner's API for the editor.
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildApi } from "./build-api.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const TO = join(ROOT, "public/sandbox");

/** Classic scripts: Chromium starts no module worker from a blob in a frame without an origin. */
const OPTIONS = /** @type {const} */ ({
  bundle: true,
  format: "iife",
  target: "es2022",
  minify: true,
  write: false,
  legalComments: "none",
});

/** @param {string} entry */
async function bundle(entry) {
  const result = await build({ ...OPTIONS, entryPoints: [join(ROOT, entry)] });
  const text = result.outputFiles[0]?.text;
  if (text === undefined) throw new Error(`${entry} gave no script`);
  return text.trimEnd();
}

const runtime = await bundle("workers/sandbox/cluster.worker.ts");
const frame = await bundle("workers/sandbox/frame.ts");
// The text between the tags is what the policy's hash is of, so nothing may be added to it.
const script = frame.replaceAll("</script", "<\\/script");
const hash = createHash("sha256").update(script).digest("base64");

mkdirSync(TO, { recursive: true });
writeFileSync(join(TO, "runtime.js"), runtime);
writeFileSync(
  join(TO, "frame.html"),
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sandbox</title><script>${script}</script></html>\n`,
);
// Names the engine in verdicts and run names: same runtime text, same engine.
const engine = createHash("sha256").update(runtime).digest("hex").slice(0, 12);
writeFileSync(join(TO, "about.json"), `${JSON.stringify({ engine, frameHash: hash })}\n`);
await buildApi(ROOT);
console.log(`Sandbox built: engine ${engine}, ${Math.round(runtime.length / 1024)} KB.`);
