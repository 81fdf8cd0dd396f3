/** What TypeScript, set up as in the editor, says of learner files. */
import ts from "typescript";
import { apiDeclarations } from "../../bin/build-api.mjs";

/** The learner's modules as the editor declares them, by address. */
export const DECLARATIONS = apiDeclarations(process.cwd());

const OPTIONS: ts.CompilerOptions = {
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

/** Complaints about files given by path, which may import each other, by the path; empty for none. */
export function complaintsOf(
  sources: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly string[]> {
  const files = new Map(
    Object.entries(DECLARATIONS).map(([at, text]) => [new URL(at).pathname, text]),
  );
  const own = new Map(Object.keys(sources).map((path) => [`/exercise/${path}`, path]));
  for (const [at, path] of own) files.set(at, sources[path] as string);
  const host = ts.createCompilerHost(OPTIONS);
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
  const complaints = new Map<string, string[]>();
  for (const { file, messageText } of ts.getPreEmitDiagnostics(
    ts.createProgram([...files.keys()], OPTIONS, host),
  )) {
    // What is wrong with the declarations themselves is as much a complaint, under their own path.
    const path = own.get(file?.fileName ?? "") ?? file?.fileName ?? "";
    const text = ts.flattenDiagnosticMessageText(messageText, " ");
    complaints.set(path, [...(complaints.get(path) ?? []), text]);
  }
  return complaints;
}
