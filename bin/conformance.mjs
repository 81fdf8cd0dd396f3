// @ts-check
/**
 * `npm run conformance`: bundles tests/otp/conformance/run.ts, since Node 20 cannot run TypeScript,
 * and runs it from the repository's root. What follows `--` is passed on: a folder of recorded
 * scenarios (default tests/otp/recorded), `--only=<part of an id>`, `--seeds=N`.
 */
import "./need-node.mjs";
import { resolve } from "node:path";
import { runNode } from "./child.mjs";
import { ensurePackages } from "./ensure-packages.mjs";

const BUNDLE = ".cache/conformance/run.mjs";

const packages = await ensurePackages();
if (!packages.ok) {
  console.error(`\n${packages.reason}`);
  process.exit(1);
}
const { build } = await import("esbuild");
await build({
  entryPoints: ["tests/otp/conformance/run.ts"],
  outfile: BUNDLE,
  bundle: true,
  format: "esm",
  platform: "node",
  packages: "external",
  sourcemap: "inline",
});
// A folder is meant from where the command was typed, which npm leaves for the package's own.
const typedIn = process.env["INIT_CWD"] ?? process.cwd();
const words = process.argv
  .slice(2)
  .map((word) => (word.startsWith("--") ? word : resolve(typedIn, word)));
const done = await runNode(["--enable-source-maps", BUNDLE, ...words]);
process.exitCode = done.ok ? 0 : 1;
