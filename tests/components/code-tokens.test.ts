import fc from "fast-check";
import { expect, test } from "vitest";
import { languageOf, tokensOf } from "../../components/lesson/code-tokens.ts";
import { slugOf } from "../../components/lesson/heading.tsx";

const kinds = (code: string, language: "ts" | "erlang" | "elixir") =>
  tokensOf(code, language)
    .filter(({ kind }) => kind !== "plain")
    .map(({ kind, text }) => `${kind} ${text}`);

test("TypeScript", () => {
  expect(kinds("const x = call(till, 5_000); // wait", "ts")).toEqual([
    "keyword const",
    "number 5_000",
    "comment // wait",
  ]);
});

test("Erlang", () => {
  expect(kinds("%% one\n-module(till).\nf() -> receive \"x\" -> 'Done' end.", "erlang")).toEqual([
    "comment %% one",
    "keyword -module",
    "keyword receive",
    'string "x"',
    "atom 'Done'",
    "keyword end",
  ]);
});

test("Elixir", () => {
  expect(kinds("def sell(:till, qty: 2), do: nil # ok", "elixir")).toEqual([
    "keyword def",
    "atom :till",
    "atom qty:",
    "number 2",
    "atom do:",
    "keyword nil",
    "comment # ok",
  ]);
});

test("whatever the text, its tokens joined are the text", () => {
  const languages = fc.constantFrom("ts", "erlang", "elixir");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), languages, (code, language) => {
      expect(
        tokensOf(code, language as "ts")
          .map(({ text }) => text)
          .join(""),
      ).toBe(code);
    }),
    { seed: 1, numRuns: 100 },
  );
});

test("languages are known by the fence's class; others stay plain", () => {
  expect(languageOf("language-typescript")).toBe("ts");
  expect(languageOf("language-erl")).toBe("erlang");
  expect(languageOf("language-sh")).toBeUndefined();
  expect(languageOf(undefined)).toBeUndefined();
});

test("headings are linked to by their words", () => {
  expect(slugOf("Dead, or just slow?")).toBe("dead-or-just-slow");
});
