/**
 * Rules and tests name each other. A rule stands in a room's SPEC.md as a list item,
 *
 *     - **P3** A message to a dead process is dropped without a word.
 *
 * and at least one test's title, its own or that of a describe around it, says `Rule P3`
 * (or `Rules P3, P4 and P5`, or `[P3]`).
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const specs = filesBelow("workers").filter((path) => path.endsWith("/SPEC.md"));
const tests = filesBelow("tests").filter((path) => /\.(test|fuzz|spec)\.tsx?$/.test(path));

const rules = specs.flatMap((path) => rulesIn(read(path)).map((rule) => ({ rule, path })));
const mentions = tests.flatMap((path) =>
  titlesIn(path, read(path))
    .flatMap(rulesNamedBy)
    .map((rule) => ({ rule, path })),
);

it("finds rules to look for", () => {
  expect(rules.length).toBeGreaterThan(0);
});

it("gives every rule a number of its own", () => {
  expect(repeated(rules.map(({ rule }) => rule))).toEqual([]);
});

it("names every rule in a test's title", () => {
  const named = new Set(mentions.map(({ rule }) => rule));
  expect(rules.filter(({ rule }) => !named.has(rule))).toEqual([]);
});

it("knows every rule that a test names", () => {
  const known = new Set(rules.map(({ rule }) => rule));
  expect(mentions.filter(({ rule }) => !known.has(rule))).toEqual([]);
});

it.each([
  ["- **P3** A sentence.\n- **P4** Another.", ["P3", "P4"]],
  ["  - **GS12** Indented.", ["GS12"]],
  ["Prose about **P3** and P4.", []],
])("reads the rules of %j", (text, expected) => {
  expect(rulesIn(text)).toEqual(expected);
});

it.each([
  ["restarts the rest. Rule P3", ["P3"]],
  ["Rules P3, P4 and GS5: all at once", ["P3", "P4", "GS5"]],
  ["[T1] time stands still", ["T1"]],
  ["Rule of thumb, P3 or not", []],
])("reads the rules named by the title %j", (title, expected) => {
  expect(rulesNamedBy(title)).toEqual(expected);
});

it("reads titles however a test is declared", () => {
  const source = `
    describe("outer", () => { it("inner", () => {}); it.each([1])("each %i", () => {}); });
    test.skipIf(true)(\`head \${x} tail\`, () => {});
    nothing("not a title");`;
  expect(titlesIn("sample.test.ts", source)).toEqual(["outer", "inner", "each %i", "head  tail"]);
});

function rulesIn(markdown: string): string[] {
  return [...markdown.matchAll(/^\s*- \*\*([A-Z]+\d+)\*\*\s/gm)].map(([, rule = ""]) => rule);
}

function rulesNamedBy(title: string): string[] {
  const lists = title.matchAll(/\bRules? ([A-Z]+\d+(?:(?:, | and )[A-Z]+\d+)*)|\[([A-Z]+\d+)\]/g);
  return [...lists].flatMap(([, list = "", single]) => single ?? list.split(/, | and /));
}

/** The titles of all tests and groups in a file. What a template inserts is left out. */
function titlesIn(path: string, source: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    const [title] = ts.isCallExpression(node) ? node.arguments : [];
    if (title && ts.isCallExpression(node) && declaresTest(node.expression)) {
      if (ts.isStringLiteralLike(title)) titles.push(title.text);
      if (ts.isTemplateExpression(title)) {
        titles.push(
          title.head.text + title.templateSpans.map((span) => span.literal.text).join(""),
        );
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest));
  return titles;
}

/** Whether an expression is `it`, `test` or `describe`, with whatever hangs on it: `it.each(table)`. */
function declaresTest(called: ts.Expression): boolean {
  if (ts.isIdentifier(called)) return ["it", "test", "describe"].includes(called.text);
  if (ts.isPropertyAccessExpression(called) || ts.isCallExpression(called)) {
    return declaresTest(called.expression);
  }
  return ts.isTaggedTemplateExpression(called) && declaresTest(called.tag);
}

function repeated(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map(
    (name) => `${folder}/${name.replaceAll("\\", "/")}`,
  );
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}
