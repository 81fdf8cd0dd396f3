import { describe, expect, it } from "vitest";
import { drain } from "../../workers/kernel/coroutine.ts";
import { compiled, functionOf, load, Stopped } from "./run-compiled.ts";

/** Bodies of `main` that would never end, or would hide that they were stopped. */
const ENDLESS: readonly string[] = [
  "for (;;) {}",
  "for (;;);",
  "while (true) n++;",
  "do n++; while (true);",
  "do { n++; } while (true);",
  "a: while (true) { b: for (;;) { continue a; } }",
  "for (const x of (function* () { for (;;) yield 1; })()) n += x;",
  "for (const k in new Proxied()) for (;;) n += k.length;",
  "const f = (k: number): number => (k > 50 ? f(0) && f(1) : f(k + 1) + f(k + 2)); const g = (k: number): number => k === 0 ? 0 : g(k - 1) + g(k - 1); g(40); f(0);",
  "const o = { get x(): number { for (;;) n++; } }; o.x;",
  "class A { static { for (;;) n++; } } new A();",
  "[1].map(() => { for (;;) n++; });",
  "try { for (;;) n++; } catch (e) { log('caught', e); }",
  "try { for (;;) n++; } catch { log('caught'); }",
  "try { for (;;) n++; } catch ({ message }: any) { log('caught', message); }",
  "try { for (;;) n++; } finally { log('finally'); }",
  "for (;;) { try { for (;;) n++; } finally { log('finally'); continue; } }",
  "const f = () => { try { for (;;) n++; } finally { log('finally'); return 1; } }; f(); log('after');",
  "a: { try { for (;;) n++; } finally { break a; } } for (const x of [1]) log('after', x);",
];

const PRELUDE = 'import { log } from "otp"; let n = 0; class Proxied { a = 1; }\n';

describe("code that does not end is stopped and cannot hide it", () => {
  for (const body of ENDLESS) {
    it(body, () => {
      const program = compiled(`${PRELUDE} export function main() { ${body} }`);
      const world = load(program, 10_000);
      expect(() => functionOf<void>(world, "main")()).toThrow(Stopped);
      expect(world.log).toEqual([]);
      expect(world.guard.left).toBeLessThan(0);
    });

    it(`async: ${body}`, () => {
      const program = compiled(`${PRELUDE} export async function main() { await 0; ${body} }`);
      const world = load(program, 10_000);
      let reason: unknown;
      const promise = functionOf<PromiseLike<void>>(world, "main")();
      promise.then(undefined, (error) => {
        reason = error;
      });
      drain();
      expect(reason).toBeInstanceOf(Stopped);
      expect(world.log).toEqual([]);
      expect(world.guard.left).toBeLessThan(0);
    });
  }

  it("stops a chain of jobs without end", () => {
    const program = compiled("export async function main() { for (;;) await 0; }");
    const world = load(program, 10_000);
    const promise = functionOf<PromiseLike<void>>(world, "main")();
    promise.then(undefined, () => {});
    drain();
    expect(world.guard.left).toBeLessThan(0);
  });

  it("lets code that ends alone, and other errors be caught", () => {
    const text = `${PRELUDE} export function main() { for (let i = 0; i < 10; i++) try { throw i; } catch (e) { log(e); } finally { n++; } return n; }`;
    const world = load(compiled(text), 100);
    expect(functionOf<number>(world, "main")()).toBe(10);
    expect(world.log).toHaveLength(10);
  });
});
