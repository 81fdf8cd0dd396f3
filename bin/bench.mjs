// @ts-check
/**
 * `npm run bench`: bundles bench/run.ts, since Node 20 cannot run TypeScript, and runs it from the
 * repository's root (paths in bench/ are relative to that). What follows `--` is passed on.
 */
import "./need-node.mjs";
import { runNode } from "./child.mjs";
import { ensurePackages } from "./ensure-packages.mjs";

const BUNDLE = ".cache/bench/run.mjs";

const packages = await ensurePackages();
if (!packages.ok) {
  console.error(`\n${packages.reason}`);
  process.exit(1);
}
const { build } = await import("esbuild");
await build({
  entryPoints: ["bench/run.ts"],
  outfile: BUNDLE,
  bundle: true,
  format: "esm",
  platform: "node",
  packages: "external",
  sourcemap: "inline",
});
const done = await runNode(["--enable-source-maps", BUNDLE, ...process.argv.slice(2)]);
process.exitCode = done.ok ? 0 : 1;
