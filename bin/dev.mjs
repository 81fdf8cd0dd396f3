// @ts-check
/**
 * `npm run dev`: Next's development server, and the sandbox bundled anew whenever workers/ changes
 * (the page takes the new bundle at its next run). PORT fixes the port, else from 3000 up.
 */
import "./need-node.mjs";
import { watch } from "node:fs";
import { join } from "node:path";
import { ROOT, start, whenEnded } from "./child.mjs";
import { buildSandbox, NEXT } from "./ensure-build.mjs";
import { ensurePackages } from "./ensure-packages.mjs";
import { freePort } from "./free-port.mjs";

/** Editors write a file in several steps; one bundle for all of them. */
const QUIET_MS = 150;

const packages = await ensurePackages();
if (!packages.ok) {
  console.error(`\n${packages.reason}`);
  process.exit(1);
}
await buildSandbox();

/** @type {NodeJS.Timeout | undefined} */
let waiting;
watch(join(ROOT, "workers"), { recursive: true }, (_event, name) => {
  if (!name?.endsWith(".ts")) return;
  clearTimeout(waiting);
  waiting = setTimeout(buildSandbox, QUIET_MS);
});

const port = process.env["PORT"] ?? String((await freePort(3000)) ?? 3000);
whenEnded(start(process.execPath, [NEXT, "dev", "-p", port]), (reason) => {
  if (reason) console.error(`The development server ended: ${reason}.`);
  process.exit(reason ? 1 : 0);
});
