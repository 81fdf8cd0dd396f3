/** Functions: parameters, names, this, what they capture and when. Read by snippets.ts. */
export const FUNCTIONS: Readonly<Record<string, string>> = {
  "parameters have a scope of their own": `
    async function f(a: number, g = () => a) { var a = 2; await 0; return [a, g()].join(); }
    async function h(a = 1, b = a + 1, { c = b + 1, ...d } = { e: 9 } as any, [x = c] = [] as any[]) { await 0; return [a, b, c, JSON.stringify(d), x].join(); }
    export async function main() { log(await f(1)); log(await h(), await h(5, undefined, { c: 1, z: 2 }, [7])); }`,
  "this, arguments and new.target in parameters": `
    class A { x = 3; async m(a = this.x, b = arguments.length, c = () => this.x + arguments.length) { await 0; return [a, b, c()].join(); } async *g(a = this.x) { yield a; } }
    export async function main() { log(await new A().m(), await new A().m(undefined, undefined), await new A().m(1, 2)); for await (const x of new A().g()) log(x); }`,
  "this of functions called in each way": `
    async function f(this: any) { await 0; return this === undefined ? "undefined" : this.n; }
    const o = { n: 1, f, arrow: async () => { await 0; return "arrow"; }, g() { return (async () => { await 0; return this.n; })(); } };
    export async function main() { log(await f(), await o.f(), await (0, o.f)(), await f.call({ n: 2 }), await f.apply({ n: 3 }), await f.bind({ n: 4 })(), await o.arrow.call({ n: 5 }), await o.g(), await o.g.call({ n: 6 } as any), await (o?.f)()); }`,
  "names of functions that get one from where they stand": `
    const a = async () => { await 0; }, b = async function () { await 0; }, c = async function named() { await 0; }; const s = Symbol("sym");
    const o = { a: async () => { await 0; }, b: async function () { await 0; }, async c() { await 0; }, ["d" + 1]: async () => { await 0; }, async ["e" + 1]() { await 0; }, async [s]() { await 0; }, async *f() { await 0; }, 1: async () => { await 0; } };
    class K { static sf = async () => { await 0; }; async #p() { await 0; } name() { return this.#p.name; } static async "quoted name"() { await 0; } }
    export async function main() { let d; d = async () => { await 0; }; const { e = async () => { await 0; } } = {} as any; const [f = async function () { await 0; }] = [] as any[];
      log([a, b, c, d, e, f, o.a, o.b, o.c, o.d1, o.e1, o[s], o.f, o[1], K.sf, K["quoted name"]].map((x: any) => x.name).join(), new K().name(), (async () => { await 0; }).name === ""); }`,
  lengths: `
    const fs = [async () => { await 0; }, async (a: any, b: any) => { await a; }, async (a: any, b = 1, c: any) => { await a; }, async (...r: any[]) => { await r; }, async ({ a }: any, [b]: any) => { await a; }, async function (a: any, b = await_(), c = 1) { await a; }, async function* (a: any, b: any) { yield a; }, async (a: any) => a];
    function await_() { return 1; } export async function main() { log(fs.map((f) => f.length).join()); }`,
  "async is only a word elsewhere": `
    const async = (x: unknown) => "called " + x; const o = { async: 1, await: 2, get async2() { return 3; }, async async() { await 0; return "m"; }, async get() { await 0; return "get"; }, async set() { await 0; return "set"; }, async static() { await 0; return "static"; } };
    class K { async = 5; static async async() { await 0; return "sa"; } static async static() { await 0; return "ss"; } async async() { await 0; return "aa"; } async "await"() { return "await"; } get await2() { return this.async; } }
    export async function main() { log(async(1), async (2), o.await, await (o.async as any)(), await o.get(), await o.set(), await o.static()); log(new K().async, await K.async(), await K.static(), await K.prototype.async(), await new K().await(), new K().await2); }`,
  "function declarations are there before their block runs": `
    export async function main() { log(await early()); async function early() { await 0; return "early"; } { log(await inner()); async function inner() { await 0; return "inner"; } } if (await later(true)) { async function late() { await 0; return "late"; } log(await late()); } }`,
  "functions that call one another before and after they are captured": `
    export async function main() { async function even(n: number): Promise<boolean> { await 0; return n === 0 || odd(n - 1); } async function odd(n: number): Promise<boolean> { await 0; return n !== 0 && even(n - 1); } log(await even(4), await odd(4));
      const later2 = async (n: number): Promise<number> => { await 0; return n > limit ? n : later2(n + 1); }; const limit = 3; log(await later2(0)); }`,
  "a capture that is not there yet fails inside of the function": `
    export async function main() { const f = async () => { await 0; return value; }; const p = f(); const g = async () => value; const q = g(); q.catch(() => {}); let r; try { r = await q; } catch (e) { r = (e as Error).name; } const value = 1; log(r, await p.then((v) => v, (e) => e.name), await f(), await g()); }`,
  "counters that closures share": `
    function counter() { let n = 0; return { async up() { n++; await 0; return n; }, async read() { return n; }, async both() { const before = n; await this.up(); return [before, n].join(); } }; }
    export async function main() { const a = counter(), b = counter(); log((await Promise.all([a.up(), a.up(), b.up()])).join(), await a.read(), await b.both(), await a.both()); }`,
  "an arrow in an arrow keeps this, arguments and new.target of the outermost": `
    function Outer(this: any, ..._: number[]) { this.x = 1; return { run: async () => { await 0; return (async () => { await 0; return [this.x, arguments.length, new.target === Outer].join(); })(); } }; }
    export async function main() { log(await new (Outer as any)(1, 2).run()); log(await (Outer as any).call({}, 1).run()); }`,
  "errors thrown before the first await reject, never throw": `
    const bad = async ({ a }: any) => a; const worse = async (a = (() => { throw "default"; })()) => a; async function gen(this: any) { return this.x; }
    export async function main() { ticks("t", 6); for (const f of [() => bad(null), () => worse(), () => gen.call(undefined), async () => { throw "thrown"; }, async () => { null!.x; }, async () => { await 0; throw "after"; }]) { let p: any; try { p = f(); log("gave a promise"); } catch { log("threw"); } await p.catch((e: any) => log(e.name ?? e)); } }`,
  "an async generator's parameters fail at the call": `
    async function* g({ a }: any) { yield a; } async function* h(a = (() => { throw "default"; })()) { yield a; }
    export async function main() { for (const f of [() => g(null), () => h()]) { try { f(); log("gave an iterator"); } catch (e: any) { log("threw", e.name ?? e); } } }`,
  "iife in each form": `
    export async function main() { log(await (async () => 1)(), await (async () => { await 0; return 2; })(), await (async function () { await 0; return 3; })(), await (async function f(n: number): Promise<number> { await 0; return n ? f(n - 1) : 4; })(2), await (async (...a) => a.length)(1, 2), await new (class { async m() { await 0; return 5; } })().m()); void (async () => { log("void"); })(); await (async () => {})(); }`,
  "eval order of call: callee, arguments, then the call": `
    const get = (name: string) => { log("get", name); return (...args: unknown[]) => { log("call", name, args.join()); return name; }; };
    const arg = async (v: unknown) => { log("arg", v); await 0; return v; };
    export async function main() { get("f")(await arg(1), await arg(2)); const o: any = { get m() { log("get m"); return () => log("m"); } }; o.m(await arg(3)); o[await arg("m")](await arg(4)); await arg(get("g")(await arg(5))); }`,
  "a class named in its own computed keys": `export async function main() { let p: any; class A { static n = 5; [((p = (async () => { await 0; return A.n; })()), "k")]() {} } log(await p); const q: any = []; class C { static [(q.push(async () => { await 0; return C.name; }), "z")] = 1; } log(await q[0]()); }`,
  "a class named in its own heritage": `export async function main() { let f: any; const make = (g: any) => { f = g; return Object; }; class A extends make(async () => { await 0; return A.name; }) {} log(await f()); }`,
  "captures that another function changes": `export async function main() { let x = 1; const set = (v: number) => { x = v; }; const f = async () => { const a = x; await 0; return a + ":" + x; }; const p = f(); set(2); log(await p); let y = 1; const g = async (h = () => y) => { await 0; return h(); }; const q = g(); y++; log(await q); }`,
  "captures that come out of patterns": `export async function main() { const { a, ...b } = { a: 1, c: 2 }; const [d, ...e] = [3, 4, 5]; const f = async () => { await 0; return [a, b.c, d, e.join()].join(); }; log(await f()); let z; ({ z } = { z: 6 }); const g = async () => { await 0; return z; }; log(await g()); for (z of [7, 8]) log(await g()); for (z in { k: 1 }) log(await g()); [z = 1] = []; log(await g()); z++; log(await g()); z ??= 3; }`,
  "functions of a block and a switch, hoisted": `export async function main() { { const k = 1; async function f() { await 0; return k; } log(await f()); } { log(await g()); function g() { return h(); } async function h() { await 0; return 2; } } switch (1 as number) { case 0: async function s() { await 0; return 3; } case 1: log(await s()); } }`,
  "captures of the module, before and after they are there": `export async function main() { log(await f(), await T.g(), await late()); } const f = async () => { await 0; return K + c; }; const c = 1; const K = "k"; class T { static async g() { await 0; return T.h + c; } static h = 2; } let late = async () => { await 0; return late === late2; }; const late2 = late; log("top");`,
  "a function whose name is given to another": `export async function main() { async function f(): Promise<any> { await 0; return "old"; } const g = async () => { await 0; return f(); }; (f as any) = async () => "new"; log(await g()); let h: any = async (n: number) => { await 0; return n ? h(n - 1) : "deep"; }; const k = h; h = async () => "changed"; log(await k(1)); }`,
  "arrow bodies of every form": `export async function main() { const f = (a: number) => async (b: number) => (c: number) => async () => [a, b, c, await later(4)].join(); log(await (await f(1)(2))(3)()); const g = async () => ({}).toString(); log(await g()); const h = async () => function () { return 1; }; log((await h())()); const i = async () => class { static x = 2; }; log((await i()).x); const j = async () => [await 1, await 2]; log((await j()).join()); const k = async () => await later(1) ? 'y' : 'n'; log(await k()); const l = async (x?: any) => x = await later(3); log(await l()); const m = async () => (await later(1), await later(2)); log(await m()); const n = async () => void (await later(1)); log(await n()); const o = async () => { }; log(await o()); const p = async () => { return }; log(await p()); const q = async () => { return\nawait later(1) }; log(await q()); const r = async () => async () => async () => 5; log(await (await (await r())())()); }`,
  "thenables that are returned, yielded and iterated": `async function* g(): any { return { then(ok: any) { ok("thenable"); } }; } async function* h(): any { yield { then(ok: any) { ok("yielded"); } }; } export async function main() { log(JSON.stringify(await g().next()), JSON.stringify(await h().next())); for await (const x of [{ then(ok: any) { ok("el"); } }]) log(x); }`,
  "what next gives is a plain object of its own": `async function* g() { yield 1; return 2; } export async function main() { const it = g(); const r = await it.next(); log(Object.keys(r).join(), Object.getPrototypeOf(r) === Object.prototype, Object.isFrozen(r)); (r as any).value = 5; log(r.value); log(JSON.stringify(await it.next()), JSON.stringify(await it.next())); }`,
  "a static private generator": `class A { static async *#g(n: number) { for (let i = 0; i < n; i++) yield i; } static async all() { const out = []; for await (const x of this.#g(3)) out.push(x); return out.join(); } } export async function main() { log(await A.all()); await A.all.call(class extends A {} as any).then(log, (e: any) => log(e.name)); }`,
};
