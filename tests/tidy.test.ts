/**
 * The rules bite. `npm test` runs them over our own tree; here they meet a small tree that keeps
 * them all, then offences that each must be refused by name. A rule that reads nothing, or that a
 * tool's upgrade has silenced, is found here and not by a reader two years on.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkBoundaries } from "../bin/boundaries.mjs";
import {
  AGAINST_BOUNDARIES,
  AGAINST_STYLE,
  BESIDE_OFFENCES,
  CLEAN,
  type Offence,
  type Sources,
  UNKNOWN_TO_THE_KERNEL,
} from "./planted/sources.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CONFIGS = [
  "biome.json",
  "deterministic.grit",
  "repeatable.grit",
  ".gitignore",
  "tsconfig.json",
  "workers/kernel/tsconfig.json",
];
/** `kept` may be imported by product code, `tool` not. */
const PACKAGES: Sources = {
  "package.json": JSON.stringify({
    type: "module",
    dependencies: { kept: "1.0.0" },
    devDependencies: { tool: "1.0.0" },
  }),
  "node_modules/kept/package.json": JSON.stringify({
    name: "kept",
    version: "1.0.0",
    main: "index.js",
  }),
  "node_modules/kept/index.js": "",
  "node_modules/kept/index.d.ts": "export type Kept = 1;",
  "node_modules/tool/package.json": JSON.stringify({
    name: "tool",
    version: "1.0.0",
    main: "index.js",
  }),
  "node_modules/tool/index.js": "exports.tool = 1;",
};

const trees: string[] = [];
afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
});

describe("who may import whom", () => {
  it("reads a clean tree and finds nothing", async () => {
    const { modulesRead, faults } = await checkBoundaries(plant(CLEAN));
    expect(faults).toEqual([]);
    // The learner's file is our compiler's to read.
    expect(modulesRead).toBe(Object.keys(CLEAN).length - 1);
  });

  describe("refuses", () => {
    let faults: { rule: string; path: string }[];
    beforeAll(async () => {
      const tree = plant({ ...CLEAN, ...BESIDE_OFFENCES, ...asSources(AGAINST_BOUNDARIES) });
      faults = (await checkBoundaries(tree)).faults;
    });

    it.each(AGAINST_BOUNDARIES)("$what ($rule)", ({ rule, path }) => {
      expect(faults.filter((fault) => fault.path === path).map((fault) => fault.rule)).toContain(
        rule,
      );
    });
  });
});

describe("style", () => {
  it("finds nothing in a clean tree", async () => {
    expect(await biome(plant(CLEAN))).toEqual([]);
  });

  describe("refuses", () => {
    let faults: { rule: string; path: string }[];
    beforeAll(async () => {
      faults = await biome(plant({ ...CLEAN, ...BESIDE_OFFENCES, ...asSources(AGAINST_STYLE) }));
    });

    it.each(AGAINST_STYLE)("$what ($rule)", ({ rule, path }) => {
      expect(faults.filter((fault) => fault.path === path).map((fault) => fault.rule)).toContain(
        rule,
      );
    });
  });
});

describe("the kernel's types", () => {
  let unknown: string[];
  beforeAll(() => {
    const uses = UNKNOWN_TO_THE_KERNEL.map(
      (name) => `export const ${name}Used: unknown = ${name};\n`,
    );
    unknown = unknownNames(plant({ ...CLEAN, "workers/kernel/platform.ts": uses.join("") }));
  });

  it.each(UNKNOWN_TO_THE_KERNEL)("do not know %s", (name) => {
    expect(unknown).toContain(name);
  });

  it("know the language", () => {
    expect(unknown).toHaveLength(UNKNOWN_TO_THE_KERNEL.length);
  });
});

describe("package-lock.json", () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>;
  };

  // npm leaves out, without a word, what the registry of the day lacks; `npm ci` then refuses.
  it("holds the binaries of every platform", () => {
    const named = Object.values(packages).flatMap((each) =>
      Object.keys(each.optionalDependencies ?? {}),
    );
    const held = new Set(
      Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, "")),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !held.has(name))).toEqual([]);
  });

  it("names no host to download from", () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved?.startsWith("http"))).toEqual(
      [],
    );
  });
});

/** Writes sources, with our configurations beside them, to a folder of their own; returns it. */
function plant(sources: Sources): string {
  const tree = mkdtempSync(join(tmpdir(), "planted-"));
  trees.push(tree);
  for (const [path, text] of Object.entries({ ...PACKAGES, ...sources })) {
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  for (const path of CONFIGS) cpSync(join(ROOT, path), join(tree, path));
  return tree;
}

function asSources(offences: readonly Offence[]): Sources {
  return Object.fromEntries(offences.map(({ path, text }) => [path, text]));
}

/** What Biome's linter has against a tree. Format is left out: offences are short, not pretty. */
function biome(tree: string): Promise<{ rule: string; path: string }[]> {
  const command = join(ROOT, "node_modules/@biomejs/biome/bin/biome");
  const args = [command, "lint", "--reporter=json", "--max-diagnostics=none", "."];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { cwd: tree, maxBuffer: 2 ** 26 },
      (_error, stdout, stderr) => {
        try {
          const { diagnostics } = JSON.parse(stdout) as {
            diagnostics: { category: string; location: { path: string | { file: string } } }[];
          };
          resolve(
            diagnostics.map(({ category, location: { path } }) => ({
              rule: category,
              path: (typeof path === "string" ? path : path.file).replaceAll("\\", "/"),
            })),
          );
        } catch {
          reject(new Error(`Biome gave no report:\n${stdout}\n${stderr}`));
        }
      },
    );
  });
}

/** The names that the kernel's compiler does not find. Any other complaint is one about this test. */
function unknownNames(tree: string): string[] {
  const folder = join(tree, "workers/kernel");
  const { config } = ts.readConfigFile(join(folder, "tsconfig.json"), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const program = ts.createProgram(fileNames, { ...options, incremental: false });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, " ");
    return /^Cannot find name '(\w+)'/.exec(text)?.[1] ?? text;
  });
}
