/** The reference is whole: nothing exported without a shelf, a comment and an example, no link into nothing. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apiModules } from "../../bin/build-api.mjs";
import { referenceOf, splitDoc } from "../../bin/build-reference.mjs";
import { addressOf, linksOf, typesShown } from "../../components/reference/address.ts";
import { findablesOf } from "../../components/reference/findables.ts";
import { find } from "../../components/reference/search.ts";
import { examplesOf, readExamples } from "../../server/reference.ts";

const modules = apiModules(process.cwd());
const reference = referenceOf(modules);
const { entries, types } = reference;
const examples = new Map(modules.map(({ name }) => [name, readExamples(name)]));
const found = (query: string) => find(findablesOf(reference), query).map(({ name }) => name);

/** Exports that are still without a comment of their own. This list only gets shorter. */
const WITHOUT_DOC: readonly string[] = [];
/** Exports that are still without an example. This list only gets shorter. */
const WITHOUT_EXAMPLE: readonly string[] = [];

/** Nothing is missing that the list does not have, and the list has nothing that is there by now. */
function expectOnly(missing: readonly string[], allowed: readonly string[]) {
  const exported = new Set(entries.map(({ module, name }) => `${module} ${name}`));
  expect([...missing].sort()).toEqual(allowed.filter((name) => exported.has(name)));
}

test("every value that a module exports has one entry", () => {
  for (const { name: module, text } of modules) {
    const exported = text.matchAll(/^export declare (?:function|const|class) (\w+)/gm);
    const names = new Set([...exported].map(([, name]) => name));
    expect(names.size).toBeGreaterThan(0);
    const listed = entries.filter((entry) => entry.module === module).map(({ name }) => name);
    expect(listed.sort(), module).toEqual([...names].sort());
  }
});

test("every export has a shelf: bin/reference-themes.mjs has a line for its file", () => {
  const without = entries.filter(({ theme }) => theme === undefined);
  expect(without.map(({ source, name }) => `${source}: ${name}`)).toEqual([]);
});

test("every export has a comment, and every function of an exported object", () => {
  const bare = entries.filter(({ doc }) => doc.what === "");
  expectOnly(
    bare.map(({ module, name }) => `${module} ${name}`),
    WITHOUT_DOC,
  );
  const parts = entries.flatMap(({ name, methods }) =>
    methods.filter(({ doc }) => doc.what === "").map((method) => `${name}.${method.name}`),
  );
  expect(parts).toEqual([]);
});

test("every export has an example", () => {
  const without = entries.filter(
    (entry) => examplesOf(entry, examples.get(entry.module) ?? []).length === 0,
  );
  expectOnly(
    without.map(({ module, name }) => `${module} ${name}`),
    WITHOUT_EXAMPLE,
  );
});

test("every example is for something that is exported", () => {
  for (const [module, list] of examples) {
    const known = new Set(Object.keys(linksOf({ ...reference, types: [] }, module)));
    for (const { id, names } of list)
      expect(
        names.filter((name) => !known.has(name)),
        id,
      ).toEqual([]);
  }
});

test("addresses differ, even where case does not count", () => {
  const all = entries.map((entry) => addressOf(entry).toLowerCase());
  expect(new Set(all).size).toBe(all.length);
  expect(all).not.toContain("/reference/otp/type-index");
});

test("links of code and comments lead to something", () => {
  const pages = new Set(entries.map(addressOf));
  for (const { name: module } of modules) {
    const parts = new Map(entries.map((entry) => [addressOf(entry), entry.methods]));
    for (const [name, href] of Object.entries(linksOf(reference, module))) {
      const [path = "", anchor] = href.split("#");
      const [, of] = /^\/reference\/(\w+)\/type-index$/.exec(path) ?? [];
      if (of !== undefined) {
        expect(
          types.some((type) => type.module === of && type.name === anchor),
          name,
        ).toBe(true);
      } else {
        expect(pages.has(path), name).toBe(true);
        if (anchor !== undefined)
          expect(
            parts.get(path)?.some((part) => part.name === anchor),
            name,
          ).toBe(true);
      }
    }
  }
});

test("a signature is that of the declaration, and long ones have a line a parameter", () => {
  const entry = (name: string) => entries.find((one) => one.module === "otp" && one.name === name);
  expect(entry("self")?.signatures).toEqual([{ code: "self(): Pid" }]);
  expect(entry("call")?.signatures[0]?.code).toBe(
    "call<Reply = Term>(\n  dest: ServerRef,\n  request: unknown,\n  options?: CallOptions,\n): Promise<Reply>",
  );
  const exit = entry("exit");
  expect(exit?.signatures.map(({ code }) => code)).toEqual([
    "exit(reason: unknown): never",
    "exit(pid: Pid, reason: unknown): void",
  ]);
  expect(exit?.doc.beam).toEqual(["exit/1", "exit/2"]);
  expect(exit?.signatures[1]?.doc?.what).toBe("Sends an exit signal to another process.");
  expect(
    typesShown(reference, entry("call") as NonNullable<typeof exit>).map((t) => t.name),
  ).toEqual(expect.arrayContaining(["CallOptions"]));
});

test("an object of functions has each of them, wherever it is declared", () => {
  const sys = entries.find(({ name }) => name === "sys");
  expect(sys?.kind).toBe("object");
  expect(sys?.methods.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["getState", "replaceState", "suspend", "resume"]),
  );
  expect(sys?.methods[0]?.doc.beam).toEqual(["sys:get_state/1,2"]);
  const pg = entries.find(({ name }) => name === "pg");
  expect(pg?.methods.find(({ name }) => name === "join")?.doc.beam).toEqual(["pg:join/3"]);
});

test.each([
  ["The pid of it. `self/0`.", "The pid of it.", "", ["self/0"]],
  ["Sends `a.b`. Never waits. `!`.", "Sends `a.b`.", "Never waits.", ["!"]],
  ["Makes one. Elixir's `Registry`.", "Makes one.", "", ["Elixir's Registry"]],
  ["Two. `ets:insert/2`, `ets:insert_new/2`.", "Two.", "", ["ets:insert/2", "ets:insert_new/2"]],
  ['Else gives. Default `"temporary"`.', "Else gives.", 'Default `"temporary"`.', []],
  ["Gives `x`, or the answer `y`.", "Gives `x`, or the answer `y`.", "", []],
  ["As e.g. here. More.", "As e.g. here.", "More.", []],
])("a comment is taken apart: %s", (text, what, more, beam) => {
  expect(splitDoc(text)).toEqual({ what, more, beam });
});

test("a search finds names before the BEAM's, and those before texts", () => {
  expect(found("monit").slice(0, 3)).toEqual(["monitor", "monitorNode", "monitorNodes"]);
  expect(found("spawn")[0]).toBe("spawn");
  // By its name on the BEAM, in the BEAM's spelling and in ours.
  expect(found("spawn_monitor")[0]).toBe("spawnMonitor");
  expect(found("gen_server:cast")[0]).toBe("cast");
  expect(found("zebra mailbox")).toEqual([]);
  expect(found("take mailbox next")).toContain("receive");
});

test("functions of objects are found, and not listed without a search", () => {
  expect(found("asyncStream")[0]).toBe("task.asyncStream");
  expect(found("task.await")[0]).toBe("task.await");
  expect(found("")).toHaveLength(entries.length);
  expect(found("  ")).not.toContain("task.await");
});

test("the page of the index is as light as its entries", () => {
  // Names, first sentences and the rest of the text: what a search needs, sent with the page.
  expect(JSON.stringify(findablesOf(reference)).length).toBeLessThan(250_000);
});

test("the shelves stand in the source in one piece", () => {
  const text = readFileSync("bin/reference-themes.mjs", "utf8");
  for (const { id } of reference.themes) expect(text.split(`id: "${id}"`)).toHaveLength(2);
  expect(entries.map(({ theme }) => theme)).toEqual(
    reference.themes.flatMap(({ id }) => entries.filter((e) => e.theme === id).map(() => id)),
  );
});
