/**
 * The first step: TypeScript to JavaScript of ES2022 by TypeScript itself, types taken off and
 * nothing else changed, then parsed. The page passes Monaco's TypeScript and the server its own;
 * that both give the same text is a test.
 */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { parse, type Program as Tree } from "acorn";
import { Lines } from "./lines.ts";
import type { Problem, Refusal, SourceFile } from "./program.ts";

/** The part of TypeScript that is used here; both 5.9 and 6.0 have it. */
export interface TypeScriptForCompile {
  transpileModule(
    input: string,
    options: {
      compilerOptions?: {
        target?: number;
        module?: number;
        newLine?: number;
        moduleDetection?: number;
        sourceMap?: boolean;
        isolatedModules?: boolean;
        removeComments?: boolean;
        useDefineForClassFields?: boolean;
      };
      fileName?: string;
      reportDiagnostics?: boolean;
    },
  ): {
    outputText: string;
    sourceMapText?: string | undefined;
    diagnostics?: Diagnostic[] | undefined;
  };
}

interface Diagnostic {
  readonly start?: number | undefined;
  readonly length?: number | undefined;
  readonly messageText: string | { readonly messageText: string };
  readonly file?: object | undefined;
}

/** A file as JavaScript, with the way back to the TypeScript. */
export interface Stripped {
  readonly file: SourceFile;
  readonly code: string;
  readonly tree: Tree;
  /** Source map as JSON, from `code` to the learner's text. */
  readonly map: string;
  /** Turns complaints about the JavaScript into refusals about the TypeScript. */
  readonly refusals: (problems: readonly Problem[]) => readonly Refusal[];
}

export type StripResult =
  | { readonly ok: true; readonly stripped: Stripped }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** TypeScript's numbers for ES2022, ESNext, LF and "every file is a module". */
const OPTIONS = {
  target: 9,
  module: 99,
  newLine: 1,
  moduleDetection: 3,
  sourceMap: true,
  isolatedModules: true,
  removeComments: false,
  useDefineForClassFields: true,
};

/** Strips and parses one file; refuses what is no TypeScript, with TypeScript's own words. */
export function strip(typescript: TypeScriptForCompile, file: SourceFile): StripResult {
  const output = typescript.transpileModule(file.text, {
    compilerOptions: OPTIONS,
    fileName: file.path,
    reportDiagnostics: true,
  });
  const complaints = (output.diagnostics ?? []).filter((one) => one.file !== undefined);
  if (complaints.length > 0) {
    return { ok: false, refusals: complaints.map((one) => syntaxRefusal(file, one)) };
  }
  const code = output.outputText.replace(/\n?\/\/# sourceMappingURL=[^\n]*\s*$/, "\n");
  const map = output.sourceMapText ?? "";
  const refusals = refuser(file, code, map);
  try {
    const tree = parse(code, { ecmaVersion: "latest", sourceType: "module" });
    return { ok: true, stripped: { file, code, tree, map, refusals } };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, refusals: refusals([parseProblem(error)]) };
  }
}

function syntaxRefusal(file: SourceFile, diagnostic: Diagnostic): Refusal {
  const lines = new Lines(file.text);
  const start = diagnostic.start ?? 0;
  const end = start + (diagnostic.length ?? 1);
  const { messageText } = diagnostic;
  return {
    file: file.path,
    line: lines.lineAt(start) + 1,
    column: lines.columnAt(start) + 1,
    endLine: lines.lineAt(end) + 1,
    endColumn: lines.columnAt(end) + 1,
    code: "syntax",
    message: typeof messageText === "string" ? messageText : messageText.messageText,
  };
}

/** Acorn finds what TypeScript leaves to its checker, such as a name declared twice. */
function parseProblem(error: SyntaxError): Problem {
  const { pos = 0, raisedAt = pos } = error as SyntaxError & { pos?: number; raisedAt?: number };
  const message = error.message.replace(/ \(\d+:\d+\)$/, "");
  return { start: pos, end: Math.max(raisedAt, pos + 1), code: "syntax", message };
}

function refuser(file: SourceFile, code: string, map: string): Stripped["refusals"] {
  return (problems) => {
    if (problems.length === 0) return [];
    const trace = new TraceMap(map);
    const lines = new Lines(code);
    const placeOf = (offset: number): { line: number; column: number } => {
      const line = lines.lineAt(offset) + 1;
      const found = originalPositionFor(trace, { line, column: lines.columnAt(offset) });
      return found.line === null
        ? { line: 1, column: 1 }
        : { line: found.line, column: found.column + 1 };
    };
    return problems.map(({ start, end, code, message }) => {
      const from = placeOf(start);
      const to = endPlace(from, placeOf(end), end - start);
      return { file: file.path, ...from, endLine: to.line, endColumn: to.column, code, message };
    });
  };
}

/** The map may know no place for the end; then the stretch is as long as in the JavaScript. */
function endPlace(
  from: { line: number; column: number },
  to: { line: number; column: number },
  length: number,
): { line: number; column: number } {
  const isAfter = to.line > from.line || (to.line === from.line && to.column > from.column);
  return isAfter ? to : { line: from.line, column: from.column + length };
}
