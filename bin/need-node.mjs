// @ts-check
/**
 * Stops with a sentence when Node is older than package.json's "engines" asks for. Imported first
 * by every command, so that nobody meets the reason as a syntax error deep inside a package.
 */
import { readFileSync } from "node:fs";

/**
 * Whether version "20.9.1" satisfies a range of the one form we write: ">=20.9".
 * @param {string} version
 * @param {string} range
 */
function isNewEnough(version, range) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [majorMin = 0, minorMin = 0] = range.replace(">=", "").split(".").map(Number);
  return major > majorMin || (major === majorMin && minor >= minorMin);
}

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const wanted = manifest.engines.node;

if (!isNewEnough(process.versions.node, wanted)) {
  console.error(
    `Steady State needs Node ${wanted.replace(">=", "")} or newer; this is Node ${process.versions.node}.\n` +
      "Install a newer one from https://nodejs.org and run the command again.",
  );
  process.exit(1);
}
