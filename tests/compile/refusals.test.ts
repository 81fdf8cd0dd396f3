import typescript from "typescript";
import { describe, expect, it } from "vitest";
import { compile, type Refusal } from "../../workers/compile/index.ts";
import { compiled, functionOf, load, tryCompile, yours } from "./run-compiled.ts";

function refusalsOf(text: string, others: Record<string, string> = {}): readonly Refusal[] {
  const files = Object.entries(others).map(([path, other]) => yours(other, path));
  const result = tryCompile([yours(text), ...files]);
  return result.ok ? [] : result.refusals;
}

/** Text, code, line:column–line:column, a part of the message. */
const TABLE: readonly (readonly [string, string, string, string])[] = [
  ["let a = ;", "syntax", "1:9-1:10", "Expression expected"],
  ["type T = number;\nlet a = 1;\nlet a: T = 2;", "syntax", "3:5-3:6", "already been declared"],
  ["const o = {};\nwith (o) {}", "syntax", "2:1-2:5", "with"],
  ["type T = 1;\nsetTimeout(() => {}, 1);", "forbidden-name", "2:1-2:11", "sendAfter"],
  ["const f = (): number => Date.now();", "forbidden-name", "1:25-1:29", "monotonic"],
  ["const t = performance.now();", "forbidden-name", "1:11-1:22", "monotonic()"],
  ["await0();\nfunction await0() { fetch('x'); }", "forbidden-name", "2:21-2:26", "wires"],
  ["new WebSocket('x');", "forbidden-name", "1:5-1:14", "wires"],
  ["window.x = 1;", "forbidden-name", "1:1-1:7", "no outside"],
  ["const g: unknown = globalThis;", "forbidden-name", "1:20-1:30", "no `globalThis`"],
  ["require('fs');", "forbidden-name", "1:1-1:8", "otp"],
  ["eval('1');", "forbidden-name", "1:1-1:5", "from text"],
  ["new Function('return 1');", "forbidden-name", "1:5-1:13", "from text"],
  ["new Intl.NumberFormat();", "forbidden-name", "1:5-1:9", "Locales"],
  ["new WeakRef({});", "forbidden-name", "1:5-1:12", "collected"],
  ["queueMicrotask(() => {});", "forbidden-name", "1:1-1:15", "Promise.resolve"],
  ["arguments;", "forbidden-name", "1:1-1:10", "rest parameter"],
  ["typeof process;", "forbidden-name", "1:8-1:15", "no `process`"],
  ["const x = 1;\n  sned(x);", "unknown-name", "2:3-2:7", "`sned` is not declared"],
  ["const o = { sned };", "unknown-name", "1:13-1:17", "import it"],
  ["const $rt = 1;", "reserved-name", "1:7-1:10", "$rt"],
  ["import { readFile } from 'fs';\nreadFile();", "unknown-module", "1:26-1:30", '"otp"'],
  ["import { observe } from 'probe';\nobserve();", "unknown-module", "1:25-1:32", "probe"],
  ["import { a } from './nope.ts';\na();", "unknown-module", "1:19-1:30", "nope"],
  ["import otp from 'otp';\notp.send();", "no-such-export", "1:8-1:11", "import { … }"],
  ["import { send } from 'otp';\nsend = 1;", "assigned-import", "2:1-2:5", "`send`"],
  ["import('./x.ts');", "dynamic-import", "1:1-1:17", "import … from"],
  ["import.meta.url;", "import-meta", "1:1-1:12", "address"],
  ["type T = 1;\n\nawait 1;", "top-level-await", "3:1-3:8", "async function"],
  ["class A { async m() { await 0; super.x += 1; } }", "unsupported-super", "1:32-1:39", "super"],
  ["const o = { p: { q: 2 } };\no.p.q **= 2;", "unsupported-power", "2:1-2:12", "twice"],
];

describe("refusals name their place in the TypeScript", () => {
  for (const [text, code, place, part] of TABLE) {
    it(`${code}: ${text.replaceAll("\n", " ⏎ ")}`, () => {
      const [first] = refusalsOf(text);
      expect(first?.code).toBe(code);
      const { line, column, endLine, endColumn } = first as Refusal;
      expect(`${line}:${column}-${endLine}:${endColumn}`).toBe(place);
      expect(first?.message).toContain(part);
      expect(first?.file).toBe("main.ts");
    });
  }

  it("gives all refusals of all files, in order", () => {
    const found = refusalsOf("a; b;", { "other.ts": "c;" });
    expect(found.map((one) => `${one.file} ${one.message.slice(0, 3)}`)).toEqual([
      "main.ts `a`",
      "main.ts `b`",
      "other.ts `c`",
    ]);
  });

  it("refuses a name that the other file does not export, and says what it does", () => {
    const text = "import { open, shut } from './till.ts';\nopen(); shut();";
    const [first, ...rest] = refusalsOf(text, {
      "till.ts": "export function open() {}\nexport const sum = 0;",
    });
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ code: "no-such-export", line: 1, column: 16 });
    expect(first?.message).toBe("till.ts does not export `shut`. It exports open, sum.");
  });

  it("lets scaffold files import probe", () => {
    const text = "import { observe } from 'probe';\nobserve();";
    const result = compile(typescript, [{ path: "a.ts", text, role: "scaffold" }]);
    expect(result.ok).toBe(true);
  });

  it("allows types, erased imports and local names of forbidden things", () => {
    expect(
      refusalsOf(
        "import type { Pid } from 'otp';\nexport const f = (Date: Pid, window = 1): Pid => (window, Date);",
      ),
    ).toEqual([]);
  });
});

describe("modules", () => {
  const files = (texts: Record<string, string>) =>
    Object.entries(texts).map(([path, text]) => yours(text, path));

  it("share live bindings, and import one another in cycles", () => {
    const program = compiled(
      files({
        "a.ts": `import { log } from "otp"; import * as all from "./b"; import { count, add, lazy as late } from "./b.js";
          export function fromA() { return "a"; }
          export { count as counted, add }; export * from "./c.ts";
          export default async () => { add(); log(add()); log(count, all.count, late(), { count }.count, \`\${count}\`); }`,
        "b.ts": `import { fromA } from "./a.ts"; export let count = 0; export function add(this: unknown) { count++; return this; }
          export const lazy = () => fromA(); export const early = fromA();`,
        "c.ts":
          "export class Shelf {} export enum E { x = 3 } export const [p, { q }] = [1, { q: 2 }];",
      }),
    );
    const { exports, log } = load(program);
    const a = exports["a.ts"] as Record<string, () => unknown>;
    a["default"]?.();
    expect(log).toEqual(["", "2 2 a 2 2"]);
    expect(Object.keys(a)).toEqual(["E", "Shelf", "add", "counted", "default", "fromA", "p", "q"]);
    expect([a["counted"], exports["b.ts"]?.["early"]]).toEqual([2, "a"]);
  });

  it("have their own state each time they are loaded", () => {
    const program = compiled("export let n = 0; export const add = () => ++n;");
    const [one, two] = [load(program), load(program)];
    functionOf<number>(one, "add")();
    expect([one.exports["main.ts"]?.["n"], two.exports["main.ts"]?.["n"]]).toEqual([1, 0]);
  });

  it("pass libraries on, and miss what a library lacks when they are loaded", () => {
    const program = compiled(
      files({
        "a.ts": 'export { log as say } from "otp"; export * from "otp"; export * as w from "otp";',
      }),
    );
    expect(Object.keys(load(program).exports["a.ts"] ?? {})).toEqual(["say", "w", "log"]);
    const wrong = compiled('import { nope } from "otp"; export const f = () => nope;');
    expect(() => load(wrong)).toThrow('"otp" does not export nope');
  });
});
