// @ts-check
/**
 * `npm run determinism`: tests/determinism-drawn.test.ts with a thousand programs instead of the few
 * that `npm test` draws. `-- 200` draws 200. Takes a few minutes.
 */
import "./need-node.mjs";
import { run } from "./child.mjs";
import { ensurePackages } from "./ensure-packages.mjs";

const packages = await ensurePackages();
if (!packages.ok) {
  console.error(`\n${packages.reason}`);
  process.exit(1);
}
const [count = "1000"] = process.argv.slice(2);
const done = await run(
  process.execPath,
  [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--project",
    "units",
    "tests/determinism-drawn.test.ts",
  ],
  { env: { DRAWN_PROGRAMS: count } },
);
process.exitCode = done.ok ? 0 : 1;
