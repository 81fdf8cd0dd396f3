/**
 * The page compiles with the TypeScript inside Monaco, the server with the one in package.json. If
 * they ever give different text, a verdict in the browser is no longer that of the server.
 */
import { readdirSync, readFileSync } from "node:fs";
import typescript from "typescript";
import { expect, it } from "vitest";
import { LESSONS, lessonFolder } from "../../lessons/catalog.ts";
import {
  readBeliefs,
  readExerciseFiles,
  readExerciseNames,
  type Variant,
} from "../../server/lesson-files.ts";
import {
  compile,
  type SourceFile,
  type TypeScriptForCompile,
} from "../../workers/compile/index.ts";
import { evaluate, yours } from "./run-compiled.ts";

const MONACO = new URL(
  "../../node_modules/monaco-editor/esm/vs/languages/features/typescript/lib/typescriptServices.js",
  import.meta.url,
);

/** Monaco's file is a module that Node takes for CommonJS, so its last line is replaced. */
function monacoTypeScript(): TypeScriptForCompile & { version: string } {
  const text = readFileSync(MONACO, "utf8").replace(/export \{[^}]*\};\s*$/, "");
  return evaluate(`(function () { ${text}\nreturn ts; })()`) as ReturnType<typeof monacoTypeScript>;
}

const monaco = monacoTypeScript();

/** The programs of every written lesson as they are compiled: the learner's file with its scaffold. */
const PROGRAMS = LESSONS.filter(({ status }) => status === "written").flatMap((lesson) => {
  const folder = lessonFolder(lesson);
  return readExerciseNames(folder).flatMap((exercise) =>
    variantsOf(folder, exercise).map((variant) => ({
      name: `${lesson.id} ${exercise}/${variant}`,
      files: readExerciseFiles(folder, exercise, variant)
        .filter(({ path }) => path.endsWith(".ts"))
        .map(
          ({ path, text, isReadOnly }): SourceFile => ({
            path,
            text,
            role: isReadOnly ? "scaffold" : "yours",
          }),
        ),
    })),
  );
});

/** A prediction's answers are figures beside one program, so its starter stands for all of them. */
function variantsOf(folder: string, exercise: string): Variant[] {
  const beliefs = readBeliefs(folder, exercise);
  const isPrediction = readExerciseFiles(folder, exercise, "starter").some(
    ({ path }) => path === "answers.json",
  );
  if (isPrediction) return ["starter"];
  return [
    "starter",
    "solution",
    "solution-b",
    ...beliefs.map((belief): Variant => `wrong/${belief}`),
  ];
}

const TEXT = `import { call, type Pid, send } from "otp";
import type { Never } from "./never.ts";
/** A comment that stays. */
export enum Colour { red, green = 5 } // trailing
export const enum Inline { a = 1 }
namespace Inner { export const v = Colour.red; }
export abstract class Base<T> { abstract get(): T; protected x?: T; declare y: number; static z = 1; readonly #p = 2; has(o: object): o is Base<T> { return #p in o; } }
export class Till extends Base<number> {
  constructor(private readonly peer: Pid, public sum = 0) { super(); }
  override get() { return this.sum as number satisfies number; }
  async pay(n: number): Promise<void> { await call(this.peer, n); this.sum! += n; for await (const x of this.all()) send(this.peer, x); }
  async *all(): AsyncGenerator<number> { yield* [1, 2]; yield this.sum ** 2; }
  accessor auto = 3;
}
export function over(a: string): string;
export function over(a: number): number;
export function over(a: unknown) { return <any>a; }
export const label = <const T,>(value: T) => ({ ...[value] as const, v: Inner.v, "quoted-key": \`\${value}\`, f: async () => call(value as never) });
let n: Never | undefined;
switch (n) { case undefined: break; default: { const { a = 1, ...rest } = { a: 2 }; send(a as never, rest); } }
export default label;
`;

it("Monaco's TypeScript and ours give the same program", () => {
  expect([monaco.version, typescript.version]).toEqual(["5.9.3", "6.0.3"]);
  const files = [yours(TEXT, "till.ts")];
  const ours = compile(typescript, files);
  expect(ours.ok).toBe(true);
  expect(compile(monaco, files)).toEqual(ours);
});

it.each(PROGRAMS)("they give the same program for $name", ({ files }) => {
  const ours = compile(typescript, files);
  expect(ours.ok).toBe(true);
  expect(compile(monaco, files)).toEqual(ours);
});

it("all files of the first lesson are among those programs", () => {
  const below = new URL("../../lessons/01-first-messages/", import.meta.url);
  const learnerFile =
    /^(scaffold|exercises\/[^/]+\/(scaffold|starter|solution(-b)?|wrong\/[^/]+))\/[^/]+\.ts$/;
  const written = readdirSync(below, { recursive: true, encoding: "utf8" })
    .filter((path) => learnerFile.test(path))
    .map((path) => readFileSync(new URL(path, below), "utf8"));
  const compiled = new Set(PROGRAMS.flatMap(({ files }) => files.map(({ text }) => text)));
  expect(written.length).toBeGreaterThan(20);
  expect(written.filter((text) => !compiled.has(text))).toEqual([]);
});

it("the digest is that of the text", () => {
  const digestOf = (text: string): string => {
    const result = compile(typescript, [yours(text)]);
    return result.ok ? result.program.digest : "";
  };
  expect(digestOf("export const a = 1;")).toMatch(/^[0-9a-f]{32}$/);
  expect(digestOf("export const a = 1;")).toBe(digestOf("export const a: number = 1;"));
  expect(digestOf("export const a = 1;")).not.toBe(digestOf("export const a = 2;"));
});
