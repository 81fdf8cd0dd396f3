/** The files of a playground: one text to be kept, and what may be done to them. */
import { expect, test } from "vitest";
import {
  CODE_FILES_MAX,
  parseProject,
  printProject,
  whyNotNamed,
  withFile,
  withFileText,
  withName,
  withoutFile,
} from "../../components/play/project.ts";

const FILES = [
  { path: "main.ts", text: "a", isReadOnly: false },
  { path: "scenario.json", text: "{}", isReadOnly: false },
];
const pathsOf = (files: readonly { readonly path: string }[]) => files.map(({ path }) => path);

test("what is printed is read again, and nothing else is", () => {
  expect(parseProject(printProject(FILES))).toEqual(FILES);
  for (const text of [
    "",
    "null",
    "{}",
    '{"files":[["main.ts","a"]]}',
    '{"files":[["../main.ts","a"],["scenario.json","{}"]]}',
    '{"files":[["main.ts",1],["scenario.json","{}"]]}',
  ])
    expect(parseProject(text), text).toBeUndefined();
});

test("files come, are renamed, and go; the scenario stays at the end", () => {
  const two = withFile(FILES, "shop.ts");
  expect(pathsOf(two)).toEqual(["main.ts", "shop.ts", "scenario.json"]);
  const renamed = withName(two, "shop.ts", "store.ts");
  expect(pathsOf(renamed)).toEqual(["main.ts", "store.ts", "scenario.json"]);
  expect(withFileText(renamed, "store.ts", "x")[1]?.text).toBe("x");
  expect(pathsOf(withoutFile(renamed, "main.ts"))).toEqual(["store.ts", "scenario.json"]);
});

test("what must not be done is not done", () => {
  expect(withoutFile(FILES, "scenario.json")).toBe(FILES);
  expect(withoutFile(FILES, "main.ts")).toBe(FILES);
  expect(withName(FILES, "scenario.json", "world.ts")).toBe(FILES);
  expect(withFile(FILES, "main.ts")).toBe(FILES);
  let many: readonly (typeof FILES)[number][] = FILES;
  for (let i = 1; i <= CODE_FILES_MAX + 5; i++) many = withFile(many, `f${i}.ts`);
  expect(many).toHaveLength(CODE_FILES_MAX + 1);
});

test("a name that cannot be is refused with the reason", () => {
  for (const name of ["", "Shop.ts", "shop", "a/b.ts", "../a.ts", "shop.js", "scenario.json"])
    expect(whyNotNamed(name, FILES), name).toMatch(/^A name like/);
  expect(whyNotNamed("main.ts", FILES)).toBe("There is a file main.ts already.");
  expect(whyNotNamed("main.ts", FILES, "main.ts")).toBeUndefined();
  expect(whyNotNamed("till-2.ts", FILES)).toBeUndefined();
});
