/**
 * The words of the compiler: what goes in, what comes out, and what is said when it refuses.
 */

/** One file of an exercise. Scaffold files may also import "probe". */
export interface SourceFile {
  /** Relative, with slashes: "till.ts". */
  readonly path: string;
  readonly text: string;
  readonly role: "yours" | "scaffold";
}

/** Why a file was not compiled, and where: lines and columns from 1, in the learner's TypeScript. */
export interface Refusal {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Stable and in kebab-case, for tests and for links to an explanation. */
  readonly code: RefusalCode;
  readonly message: string;
}

export type RefusalCode =
  | "syntax"
  | "unknown-name"
  | "forbidden-name"
  | "reserved-name"
  | "unknown-module"
  | "no-such-export"
  | "duplicate-export"
  | "assigned-import"
  | "dynamic-import"
  | "import-meta"
  | "top-level-await"
  | "unsupported-super"
  | "unsupported-power";

/** All files of an exercise as one script. */
export interface Program {
  /** One expression: a function of the runtime that gives the exports of each file. */
  readonly script: string;
  /** Source map as JSON, from the script to the learner's files. */
  readonly map: string;
  /** 32 hexadecimal digits over the script's text; the same on every machine. */
  readonly digest: string;
  readonly files: readonly string[];
}

export type CompileResult =
  | { readonly ok: true; readonly program: Program }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** A complaint about a stretch of one file's JavaScript, before its place in the TypeScript is known. */
export interface Problem {
  readonly start: number;
  readonly end: number;
  readonly code: RefusalCode;
  readonly message: string;
}

/** A place in a file of the learner; line and column from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
