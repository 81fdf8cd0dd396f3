/** Modules of forms that are easily broken; code within a file is in tests/kernel/snippets-forms.ts. */
import { expect, it } from "vitest";
import { compiled, load, tryCompile, yours } from "./run-compiled.ts";

it("imported functions are called in every form, without a this", () => {
  const user = `import d, { tag, f as g, K, "odd name" as odd } from "./b"; import * as b from "./b.ts";
    export default class { a = d(1); }
    export const r = [tag\`x\${1}\`, g?.(2), new K(3).v, b.f(4), typeof g, { g }.g(5), ...[1].map(g), (g)(6), odd(7)];
    export const later = async () => { const v = await g(1); return [v, await d(2)]; };`;
  const used = `export default function (this: unknown, x: number) { return [this, x * 2]; }
    export const tag = (s: readonly string[], ...v: unknown[]) => s.join("-") + v;
    export function f(x: number) { return x + 1; }
    export class K { constructor(public v: number) {} }
    export * as self from "./b.ts"; export { f as "odd name" };`;
  const { exports } = load(compiled([yours(user, "a.ts"), yours(used, "b.ts")]));
  expect(exports["a.ts"]?.["r"]).toEqual(["x-1", 3, 3, 5, "function", 6, 2, 7, 8]);
  const Made = exports["a.ts"]?.["default"] as new () => { a: unknown };
  const made = new Made();
  expect(made.a).toEqual([undefined, 2]);
  expect(exports["b.ts"]?.["self"]).toBe(exports["b.ts"]);
});

it("empty files and no files are programs", () => {
  expect(Object.keys(load(compiled("// nothing\n")).exports["main.ts"] ?? { missing: 1 })).toEqual(
    [],
  );
  expect(tryCompile([]).ok).toBe(true);
});
