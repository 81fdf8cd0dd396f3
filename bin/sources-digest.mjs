// @ts-check
/**
 * One number for everything that goes into a build. Contents are read, not dates: a checkout
 * touches every date, and a build takes a minute where reading takes a fraction of a second.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folders and root files that a page is made of or by. What is absent counts as empty. */
const FOLDERS = ["app", "bin", "components", "lessons", "protocol", "public", "server", "workers"];
const ROOT_FILE = /^(package-lock\.json|tsconfig\.json|next\.config\.\w+|[\w-]+\.(tsx|mdx))$/;
/** Made by the build, or of no concern to it. */
const LEFT_OUT = /^public\/sandbox\/|\/SPEC\.md$|\.tsbuildinfo$/;

/**
 * The digest of the sources below `root`, in hexadecimal; the same on every platform.
 * @param {string} root
 */
export function sourcesDigest(root) {
  const hash = createHash("sha256");
  for (const path of sourcePaths(root)) {
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(root, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

/**
 * The paths that count, relative to `root`, with forward slashes, sorted.
 * @param {string} root
 */
function sourcePaths(root) {
  return [
    ...readdirSync(root).filter((name) => ROOT_FILE.test(name)),
    ...FOLDERS.flatMap((folder) => filesBelow(root, folder)),
  ]
    .filter((path) => !LEFT_OUT.test(path))
    .sort();
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(root, folder) {
  let entries = [];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name.startsWith(".")) return [];
    return entry.isDirectory() ? filesBelow(root, path) : [path];
  });
}
