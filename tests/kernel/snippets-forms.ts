/** Code in forms that are easily broken by moving it. Read by snippets.ts. */
export const FORMS: Readonly<Record<string, string>> = {
  "comments within and around":
    "export async function main() { const a = await /* c */ later(1) /* d */; // e\n log(a); return ( // x\n await later(2)); }",
  "arrows with expressions in parentheses":
    "export async function main() { const f = async () => ({ a: await later(1) }); log(JSON.stringify(await f())); const g = (x: number) => ({ x }); log(JSON.stringify(g(2))); const h = async (x: any) => (await later(x), x + 1); log(await h(1)); const k = (a: number, b: number) => (a, b); log(k(1, 2)); const j = async (x: any) => (x, 5); log(await j(1)); }",
  "arrows within arrows":
    "export async function main() { const f = async (a: number) => async (b: number) => async () => { await later(0); return a + b; }; log(await (await (await f(1))(2))()); }",
  "defaults, patterns and rest parameters":
    "export async function main() { const z = 3; async function f(cb = async () => { await 0; return z; }, w = z) { return (await cb()) + w; } log(await f()); const g = async ([a, b] = [1, 2], { c = a } = {} as any, ...r: any[]) => { await 0; return [a, b, c, r.length].join(); }; log(await g(), await g([5, 6], { c: 7 }, 8, 9)); }",
  "functions called where they stand":
    "export async function main() { await (async () => { log(await later('iife')); })(); (async function () { log(await later('iife2')); })(); (await later(async () => { log('x'); }))(); await later(0); await later(0); }",
  "functions made in loops":
    "export async function main() { const fs: any[] = []; for (const x of [1, 2]) { const y = x * 2; fs.push(async () => { await 0; return x + y; }); } for (let i = 0; i < 2; i++) { const j = i; fs.push(async () => { await 0; return j; }); } log((await Promise.all(fs.map((f) => f()))).join()); }",
  "classes in functions":
    "export async function main() { class A { static n = 1; v = async () => { await 0; return A.n; }; async m() { await 0; return A.n + 1; } static async s() { await 0; return this.n; } } log(await new A().v(), await new A().m(), await A.s()); const B = class extends A { override async m() { return (await super.m()) + 10; } }; log(await new B().m()); }",
  "super in accessors and static methods":
    "class A { get x() { return 1; } static f() { return 's'; } } export async function main() { const b = new (class extends A { override get x() { return super.x + 1; } async y() { const g = () => super.x; await 0; return g() + this.x; } static async z() { await 0; return super.f?.(); } })(); log(await b.y(), await (b.constructor as any).z()); }",
  "captures in a switch":
    "export async function main() { switch (1 as number) { case 0: const a = 1; log(a); case 1: const b = 2; log(await (async () => { await 0; return b; })()); } }",
  "captures of a catch":
    "export async function main() { try { throw [1, 2]; } catch ([a, b]: any) { const f = async () => { await 0; return a + b; }; log(await f()); } }",
  "generators in async functions":
    "export async function main() { function* g() { yield 1; const x = async () => { await 0; return 2; }; yield x; } for (const v of g()) log(typeof v === 'function' ? await v() : v); }",
  "await in conditions and calls":
    "export async function main() { const t = true; log(t ? await later('y') : await later('n'), !(await later(false)), await (await later(later))('z')); const o: any = { f() { return this === o; } }; log(await o.f(), (await later(o)).f()); }",
  "async generator methods":
    "async function* a() { const x: any = yield* b(); log(x); } async function* b() { for await (const q of [later(1)]) yield q; return await later('ret'); } export async function main() { for await (const v of a()) log(v); const o = { async *['c' + 1](n = later(3)) { yield n; yield* [n]; } } as any; for await (const v of o.c1()) log(v); class K { static async *#p() { yield 1; } static async *q() { yield* K.#p(); } async *[Symbol.asyncIterator]() { yield 'self'; } } for await (const v of K.q()) log(v); for await (const v of new K()) log(v); }",
  "this in async generators":
    "class Q { items = [1, 2]; async *all() { for (const i of this.items) yield i; } async sum() { let s = 0; for await (const i of this.all()) s += i; return s; } } export async function main() { log(await new Q().sum()); }",
  "no semicolons":
    "export async function main() {\n  const a = await later(1)\n  ;[1, 2].forEach(async (x) => { log(x) })\n  const f = async () => 1\n  log(await f())\n  do log('d')\n  while (false)\n  if (a) for await (const x of [1]) log(x)\n  else log(2)\n}",
  "var and hoisted functions":
    "export async function main() { log(typeof f, v); var v = 1; { async function f2() { await 0; return v; } log(await f2()); } async function f() { await 0; } if (v) { var w = 2; } log(w!); }",
  "return through finally":
    "async function f() { try { return await later('a'); } finally { await later(0); log('fin'); } } async function g() { for (const x of [1, 2, 3]) { try { if (x === 2) return x; } finally { log('g', x); } } return 0; } export async function main() { log(await f(), await g()); }",
  "methods that call one another":
    "const o = { async a(n: number): Promise<number> { return n ? (await o.b(n - 1)) + 1 : 0; }, b: async (n: number): Promise<number> => n ? (await o.a(n - 1)) + 1 : 0 }; export async function main() { log(await o.a(5)); }",
  "private static members":
    "class C { static #k = 5; static #cache = new Map<string, Promise<number>>(); #x = async () => { await 0; return C.#k; }; async go() { return await this.#x(); } get #acc() { return 9; } async acc() { await 0; return this.#acc; } static async get(k: string) { if (!C.#cache.has(k)) C.#cache.set(k, (async () => { await 0; return C.#k++; })()); return C.#cache.get(k); } } export async function main() { log(await new C().go(), await C.get('a'), await C.get('a'), await new C().acc()); }",
  "templates, logical assignment and literals":
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is the snippet's own.
    "const tag = (s: TemplateStringsArray, ...v: any[]) => s.raw.join('|') + v.join(); export async function main() { log(tag`a${await later(1)}b\\n${2}`); let x: any = null; x ??= await later(3); x &&= await later(4); x ||= await later(5); log(x, x?.y?.z, delete ({} as any).q, void 0, 1_000); label: { break label; } }",
  decorators:
    "function d(_: any, c: any) { log(c.name); } class A { @d m() { return 1; } @d static f = 2; } export async function main() { log(new A().m(), A.f); }",
  "arguments in arrows":
    "function f(..._: number[]) { const g = async () => arguments.length; return g(); } async function h(..._: number[]) { const g = () => arguments[0]; await 0; return g(); } export async function main() { log(await f(1, 2, 3), await h(7)); }",
  "imports in objects":
    "export async function main() { const o = { log, l2: log }; o.log('a'); o.l2('b'); const { a, ...r } = { a: 1, b: 2, c: 3 }; log(a, JSON.stringify(r)); }",
};
