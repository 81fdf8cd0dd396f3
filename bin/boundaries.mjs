// @ts-check
/**
 * Who may import whom, and what may not be a file's or folder's name. Run by `npm test`; on its
 * own: `node bin/boundaries.mjs [folder]`. Rules of import stand in .dependency-cruiser.cjs.
 *
 * dependency-cruiser is used as a library because its command line is content with having read
 * nothing at all ("0 modules", green), which is what happens under a TypeScript it does not know.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { ROOT } from "./child.mjs";

/** Every folder that holds code of ours. */
const CODE_FOLDERS = [
  "app",
  "bench",
  "bin",
  "components",
  "lessons",
  "protocol",
  "server",
  "tests",
  "workers",
];
/** Names that say where something was put, not what it is about. */
const EMPTY_NAME = /(^|\/)(utils?|lib|types|hooks|helpers?|common|shared|misc)(\/|\.[cm]?tsx?$)/;
/** Doors: the only folders with an index. Elsewhere an index is a barrel that hides who uses what. */
const DOOR = /^workers\/(kernel|otp|world|check|trace|compile)\/index\.ts$/;

/**
 * Reads the tree below `root` and returns how many modules it read and what is wrong, each with
 * the rule's name and a line for people.
 * @returns {Promise<{ modulesRead: number, faults: { rule: string, path: string, text: string }[] }>}
 */
export async function checkBoundaries(root = ROOT) {
  const folders = CODE_FOLDERS.filter((folder) => existsSync(join(root, folder)));
  const { forbidden, options } = createRequire(import.meta.url)("../.dependency-cruiser.cjs");
  const { output } = await cruise(
    folders,
    { ...options, ruleSet: { forbidden }, validate: true, baseDir: root },
    undefined,
    { tsConfig: extractTSConfig(join(root, "tsconfig.json")) },
  );
  if (typeof output === "string")
    throw new Error("dependency-cruiser returned text, not a result.");

  const files = output.modules.filter(({ source }) =>
    CODE_FOLDERS.includes(source.split("/")[0] ?? ""),
  );
  const imports = output.summary.violations.map(({ rule, from, to, cycle }) => ({
    rule: rule.name,
    path: from,
    text: `${from} → ${cycle ? cycle.map(({ name }) => name).join(" → ") : to}`,
  }));
  return {
    modulesRead: files.length,
    faults: [...imports, ...misnamed(files.map((file) => file.source))],
  };
}

/**
 * The paths whose names break a rule.
 * @param {readonly string[]} paths
 */
function misnamed(paths) {
  return paths.flatMap((path) => {
    if (EMPTY_NAME.test(path)) return [{ rule: "names-name-an-idea", path, text: path }];
    const isIndex = /(^|\/)index\.[cm]?tsx?$/.test(path);
    return isIndex && !DOOR.test(path) ? [{ rule: "index-only-at-doors", path, text: path }] : [];
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { modulesRead, faults } = await checkBoundaries(process.argv[2]);
  for (const { rule, text } of faults) console.error(`${rule}: ${text}`);
  if (modulesRead === 0) console.error("No module was read: the rules saw nothing.");
  console.log(`${modulesRead} modules read, ${faults.length} against the rules`);
  process.exitCode = faults.length > 0 || modulesRead === 0 ? 1 : 0;
}
