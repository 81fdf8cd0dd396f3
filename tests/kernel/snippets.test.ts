/** Compiled code does what the engine's own async functions do, in the same order, job for job. */
import { describe, expect, it } from "vitest";
import { logOf, nativeLogOf } from "../compile/run-compiled.ts";
import { PRELUDE, SNIPPETS } from "./snippets.ts";
import { drawnSnippet } from "./snippets-drawn.ts";

const SETTLED = /^(resolved|rejected)/;

describe.each(Object.entries(SNIPPETS))("%s", (_, table) => {
  it.each(Object.entries(table))("%s", async (_, snippet) => {
    const text = PRELUDE + snippet;
    const expected = await nativeLogOf(text);
    // A snippet that says nothing, or never ends, would compare nothing.
    expect(expected.length).toBeGreaterThan(1);
    expect(expected.some((line) => SETTLED.test(String(line)))).toBe(true);
    expect(logOf(text)).toEqual(expected);
  });
});

const DRAWN = Array.from({ length: 40 }, (_, i) => i + 1);

it.each(DRAWN)("drawn from seed %i", async (seed) => {
  const text = PRELUDE + drawnSnippet(seed);
  expect(logOf(text)).toEqual(await nativeLogOf(text));
});

it("the table is whole: no name stands twice, and it holds more than a hundred", () => {
  const names = Object.values(SNIPPETS).flatMap((table) => Object.keys(table));
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(100);
});

/**
 * Where the language has moved on and Node 20 has not: a sync iterator under `for await` or `yield*`
 * is closed when one of its values is rejected, and when it is thrown into without a `throw` of its
 * own (ECMAScript 2025, AsyncFromSyncIteratorContinuation). Ours is as in today's browsers.
 */
const NEWER: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "a rejected value closes the sync iterator it came from",
    `const source = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: fails("value") }), return() { log("closed"); return {}; } }) };
     export async function main() { try { for await (const x of source) log(x); } catch (e) { log(e); } }`,
    ["closed", "value", "resolved undefined"],
  ],
  [
    "a sync iterator without throw is closed and a TypeError thrown",
    `const source = { [Symbol.iterator]: () => ({ next: () => ({ done: false }), return() { log("closed"); return {}; } }) };
     async function* g(): any { try { yield* source; } catch (e: any) { log(e.name); } }
     export async function main() { const it = g(); await it.next(); await it.throw("t"); }`,
    ["closed", "TypeError", "resolved undefined"],
  ],
];

it.each(NEWER)("newer than Node 20: %s", (_, snippet, expected) => {
  expect(logOf(PRELUDE + snippet)).toEqual(expected);
});
