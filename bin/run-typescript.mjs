// @ts-check
import "./need-node.mjs";
import { runNode } from "./child.mjs";
import { ensurePackages } from "./ensure-packages.mjs";

/**
 * Bundles a TypeScript file of the repository, since Node 20 cannot run one, and runs it from the
 * repository's root with `words`. The exit code says how that ended.
 * @param {string} entry
 * @param {string} bundle where the bundle is put
 * @param {readonly string[]} words
 * @returns {Promise<void>}
 */
export async function runTypescript(entry, bundle, words) {
  const packages = await ensurePackages();
  if (!packages.ok) {
    console.error(`\n${packages.reason}`);
    process.exit(1);
  }
  const { build } = await import("esbuild");
  await build({
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    sourcemap: "inline",
  });
  const done = await runNode(["--enable-source-maps", bundle, ...words]);
  process.exitCode = done.ok ? 0 : 1;
}
