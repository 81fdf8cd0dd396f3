import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { apiDeclarations } from "../../../bin/build-api.mjs";

const declarations = apiDeclarations(process.cwd());
const otp = declarations["file:///node_modules/otp/index.d.ts"] ?? "";
const LESSON = "lessons/01-first-messages";

describe("the learner's API as the editor knows it", () => {
  it("has a declaration, with its doc, for every export that can be called", () => {
    const functions = [...otp.matchAll(/^export declare function (\w+)/gm)].map(([, name]) => name);
    expect(functions).toEqual(expect.arrayContaining(["call", "genServer", "spawn", "receive"]));
    const bare = [...otp.matchAll(/(?<!\*\/\n)export declare function (\w+)/g)].map(([, n]) => n);
    // The second signature of a function has the first one's doc.
    expect(bare.filter((name) => name !== "receive")).toEqual([]);
  });

  it("tells nothing of the engine", () => {
    expect(otp).not.toMatch(/import|CoPromise|Process\b(?!Info)|Envelope|(?<!net_)kernel|#private/);
    const hidden = [...otp.matchAll(/^(?:declare )?(?:type|interface|class|const) (\w+)/gm)].map(
      ([, name]) => name,
    );
    // Words of the API's own signatures, which nobody has to write.
    const own = ["Callee", "CheckedSpec", "ChildPid", "ExitReason", "Pids", "Running", "Started"];
    expect(hidden.sort()).toEqual([...own, "StartResult2"].sort());
  });

  it.each(["till", "free-till"])("has no complaint about starter and solutions of %s", (id) => {
    for (const folder of ["starter", "solution", "solution-b"]) {
      expect(complaints(join(LESSON, "exercises", id, folder)), folder).toEqual([]);
    }
  });
});

/** What TypeScript, set up as in the editor, says of an exercise's files beside the lesson's. */
function complaints(folder: string): string[] {
  const files = new Map(Object.entries(declarations).map(([at, text]) => [pathOf(at), text]));
  for (const from of [join(LESSON, "scaffold"), folder]) {
    for (const name of readdirSync(from)) {
      files.set(`/exercise/${name}`, readFileSync(join(from, name), "utf8"));
    }
  }
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
    isolatedModules: true,
    lib: ["lib.es2022.d.ts"],
    types: [],
    strict: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists.call(host, path);
  host.readFile = (path) => files.get(path) ?? readFile.call(host, path);
  host.directoryExists = () => true;
  host.getSourceFile = (path, language, ...rest) => {
    const text = files.get(path);
    return text === undefined
      ? getSourceFile.call(host, path, language, ...rest)
      : ts.createSourceFile(path, text, language);
  };
  const roots = [...files.keys()].filter((path) => path.endsWith(".ts"));
  return ts
    .getPreEmitDiagnostics(ts.createProgram(roots, options, host))
    .map(
      (one) => `${one.file?.fileName}: ${ts.flattenDiagnosticMessageText(one.messageText, " ")}`,
    );
}

function pathOf(address: string): string {
  return new URL(address).pathname;
}
