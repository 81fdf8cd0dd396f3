/** What the compiler makes of async functions; that they do what the engine's own do is tests/kernel/snippets.test.ts. */
import { expect, it } from "vitest";
import { compiled } from "./run-compiled.ts";

it("leaves no generator closure where captures do not change", () => {
  const { script } = compiled(`import { call, send } from "otp";
    export async function server(peer: string) {
      const cache = new Map<string, number>();
      const ask = async (key: string) => { const reply = await call(peer, key); cache.set(key, reply); return reply; };
      const handlers = { async get(key: string) { return cache.get(key) ?? (await ask(key)); }, put: async (k: string) => send(peer, k) };
      for (const key of ["a", "b"]) { const one = async () => { await ask(key); return handlers; }; await one(); }
      class Shelf { #books = 0; async add(n: number) { await ask("x"); this.#books += n; } }
      return [handlers, Shelf];
    }
    export class Till { #sum = 0; async pay(n: number) { const later = async () => { await call(n); this.#sum += n; }; await later(); } }
  `);
  const lines = script.split("\n").filter((line) => line.includes("function*"));
  const inner = lines.filter(
    (line) => !/^function\* \$[fh]\d+\(/.test(line) && !line.includes("static {"),
  );
  // One is left: the class with private names that is made anew by each call.
  expect(inner.map((line) => line.trim().slice(0, 20))).toHaveLength(1);
  expect(script).toMatch(/static \{ \$h\d+ = function\* /);
});
