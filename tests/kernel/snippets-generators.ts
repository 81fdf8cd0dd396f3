/** Async generators: each request at each stage, delegation, early ends. Read by snippets.ts. */
export const GENERATORS: Readonly<Record<string, string>> = {
  "yield in every place": `
    async function* g(): any { log([yield 1, yield 2].join(), \`\${yield 3}\`, { a: yield 4 }.a, (yield 5) ? yield 6 : yield 7, (yield 8) + (yield 9)); const { x = yield 10, [yield 11]: y } = yield 12; log(x, y); const f = (v: unknown) => v; log(f(yield 13), await (yield 14), yield await later(15), (yield, yield)); return yield* [16]; }
    export async function main() { const it = g(); let n = 0; for (let r = await it.next(); !r.done; r = await it.next(n === 12 ? { k: "v" } : n === 11 ? "k" : n++)) log("out", r.value); }`,
  "await and yield take turns": `
    async function* g() { ticks("g", 6); const a = await (yield "a"); log("a", a); const b = yield await later("b"); log("b", b); await 0; yield later("promise"); yield; return later("end"); }
    export async function main() { const it = g() as any; log(JSON.stringify([await it.next(), await it.next(later("sent")), await it.next("B"), await it.next(), await it.next(), await it.next(), await it.next()])); }`,
  "values given by next, the first is lost": `
    async function* g(): any { for (let got = yield "ready"; got !== "stop"; got = yield "got " + got); return "stopped"; }
    export async function main() { const it = g(); for (const v of ["lost", 1, later(2), "stop", "after"]) { const { value, done } = await it.next(v); log(await value, done); } }`,
  "return at each stage": `
    async function* g(): any { try { log("began"); yield 1; log("never"); } finally { log("finally"); await 0; log("cleaned"); } }
    export async function main() { ticks("t", 24); for (const steps of [0, 1, 2]) { const it = g(); for (let i = 0; i < steps; i++) log(JSON.stringify(await it.next())); log(JSON.stringify(await it.return("r" + steps)), JSON.stringify(await it.next()), JSON.stringify(await it.return(later("again")))); } }`,
  "throw at each stage": `
    async function* g(): any { try { yield 1; } catch (e) { log("caught", e); yield "recovered"; } finally { log("finally"); } return "end"; }
    export async function main() { for (const steps of [0, 1, 2]) { const it = g(); for (let i = 0; i < steps; i++) await it.next(); log(JSON.stringify(await it.throw("t" + steps).catch((e: any) => "rejected " + e)), JSON.stringify(await it.next()), await it.throw("late").catch((e: any) => "rejected " + e)); } }`,
  "finally may refuse a return, or answer for it": `
    async function* refuses(): any { for (;;) { try { yield "a"; } finally { if (await later(true)) { yield "from finally"; break; } } } return "own end"; } async function* answers(): any { try { yield 1; } finally { return "from finally"; } } async function* throws(): any { try { yield 1; } finally { throw "from finally"; } }
    export async function main() { let it = refuses(); await it.next(); log(JSON.stringify([await it.return("r"), await it.next(), await it.next()])); it = answers(); await it.next(); log(JSON.stringify(await it.return("r"))); it = throws(); await it.next(); log(await it.return("r").catch((e: any) => "rejected " + e), JSON.stringify(await it.next())); }`,
  "return with a promise: waited for, or thrown": `
    async function* g(): any { try { yield 1; } catch (e) { log("caught", e); yield "after catch"; } }
    export async function main() { ticks("t", 20); let it = g(); await it.next(); log(JSON.stringify(await it.return(later("waited")))); it = g(); await it.next(); log(JSON.stringify(await it.return(fails("bad")))); it = g(); log(await it.return(fails("before")).catch((e: any) => "rejected " + e)); log(await it.return(fails("done")).catch((e: any) => "rejected " + e)); }`,
  "many requests at once are answered in order": `
    async function* g() { log("run"); yield 1; await 0; yield later(2); throw "end"; }
    export async function main() { ticks("t", 30); const it = g(); const all = ["a", "b", "c", "d", "e"].map((name, i) => (i === 3 ? it.return(9 as never) : it.next()).then((r) => log(name, JSON.stringify(r)), (e) => log(name, "rejected", e))); await Promise.all(all); const other = g(); void other.return("early" as never).then((r) => log("r", JSON.stringify(r))); void other.throw("t").catch((e) => log("t", e)); log(JSON.stringify(await other.next())); }`,
  "a request from within the running generator waits its turn": `
    export async function main() { let it: any; async function* g(): any { const inner = it.next("inner"); inner.then((r: any) => log("inner", JSON.stringify(r))); log("first", yield 1); log("second", yield 2); return 3; } it = g(); log(JSON.stringify(await it.next())); log(JSON.stringify(await it.next("outer"))); log(JSON.stringify(await it.next("last"))); }`,
  "delegation to sync iterables and their promises": `
    function* sync(): any { try { log("sent", yield 1); yield later(2); return "sync result"; } finally { log("sync finally"); } } async function* g(): any { log("result", yield* sync()); yield* "ab"; yield* new Map([[1, later(2)]]); yield* [later(3), 4]; }
    export async function main() { ticks("t", 30); const it = g(); for (let r = await it.next(); !r.done; r = await it.next("x")) log(Array.isArray(r.value) ? "pair" : r.value); const cut = g(); await cut.next(); log(JSON.stringify(await cut.return("cut"))); const thrown = g(); await thrown.next(); log(await thrown.throw("T").catch((e: any) => "rejected " + e)); }`,
  "delegation to iterators without return or throw": `
    const bare = () => ({ [Symbol.asyncIterator]: () => ({ n: 0, next() { return { value: this.n++, done: this.n > 3 }; } }) }) as any; async function* g(it: any): any { try { yield* it; } catch (e: any) { log("caught", e.name ?? e); } finally { log("finally"); } }
    export async function main() { let it = g(bare()); await it.next(); log(JSON.stringify(await it.return("r"))); it = g(bare()); await it.next(); log(JSON.stringify(await it.throw("t"))); await g(null).next(); await g(5).next(); await g({ [Symbol.asyncIterator]: () => 5 }).next(); await g({ [Symbol.asyncIterator]: () => ({}) }).next(); await g({ [Symbol.asyncIterator]: () => ({ next: () => 5 }) }).next(); }`,
  "delegation passes next, throw and return on": `
    const told = (name: string) => ({ [Symbol.asyncIterator]() { return this; }, next: async (v: any) => { log(name, "next", v); return { value: "n", done: v === "end" }; }, throw: async (e: any) => { log(name, "throw", e); return { value: "t", done: e === "end" }; }, return: async (v: any) => { log(name, "return", v); return { value: "r" + v, done: v === "end" }; } });
    async function* g(): any { const r = yield* told("in") as any; log("gave", r); yield "after"; return "own"; }
    export async function main() { let it = g(); for (const [how, v] of [["next", 1], ["next", 2], ["throw", 3], ["return", 4], ["next", "end"], ["next", 5], ["next", 6]] as const) log(how, JSON.stringify(await it[how](v))); it = g(); await it.next(); log(JSON.stringify(await it.throw("end"))); it = g(); await it.next(); log(JSON.stringify(await it.return("end")), JSON.stringify(await it.next())); }`,
  "nested delegation, three deep": `
    async function* a(): any { try { const x = yield "a1"; log("a got", x); yield "a2"; return "A"; } finally { log("a out"); } } async function* b(): any { try { return "B" + (yield* a()); } finally { log("b out"); } } async function* c(): any { try { return "C" + (yield* b()); } catch (e) { log("c caught", e); return "C!"; } }
    export async function main() { ticks("t", 30); let it = c(); log(JSON.stringify([await it.next(), await it.next("hi"), await it.next(), await it.next()])); it = c(); await it.next(); log(JSON.stringify(await it.throw("boom"))); it = c(); await it.next(); log(JSON.stringify(await it.return("bye"))); }`,
  "methods: this, super, arguments, computed and static": `
    class A { n = 1; async *each(...more: number[]) { yield this.n; yield* more; yield arguments.length; } static async *[Symbol.asyncIterator]() { yield this.name; } async *["com" + "puted"]() { yield "c"; } } class B extends A { override n = 2; override async *each(...more: number[]) { for await (const x of super.each(...more)) yield x * 10; } }
    export async function main() { const all = async (it: any) => { const out = []; for await (const x of it) out.push(x); return out.join(); }; log(await all(new B().each(5, 6)), await all(B), await all((new A() as any).computed()), await all({ async *[Symbol.asyncIterator]() { yield* [this === undefined, 1]; } })); }`,
  "pipelines of generators": `
    async function* count(n: number) { try { for (let i = 1; i <= n; i++) yield i; } finally { log("count closed"); } } async function* map<A, B>(it: AsyncIterable<A>, f: (a: A) => B) { for await (const x of it) yield f(x); } async function* take<A>(it: AsyncIterable<A>, n: number) { if (n <= 0) return; for await (const x of it) { yield x; if (--n === 0) return; } } async function* batch<A>(it: AsyncIterable<A>, size: number) { let b: A[] = []; for await (const x of it) { b.push(x); if (b.length === size) { yield b; b = []; } } if (b.length) yield b; }
    export async function main() { ticks("t", 30); for await (const b of batch(take(map(count(10), (x) => later(x * x)), 5), 2)) log(b.join()); }`,
  "a generator that is never finished, or never started": `
    async function* g() { log("started"); try { yield 1; } finally { log("never said"); } } export async function main() { g(); const it = g(); await it.next(); log("left open"); }`,
  "the object: its methods, tag and prototype chain": `
    async function* g() { yield 1; } export async function main() { const it = g(); log(it[Symbol.asyncIterator]() === it, typeof it.next, String(it), Object.prototype.toString.call(it), Symbol.iterator in it, Object.keys(it).length, it.next() instanceof Promise); const next = it.next; await (next as any).call({}).catch((e: any) => log(e.name)); await it.throw.call(null as any, 1).catch((e: any) => log(e.name)); }`,
  "sync generators stay sync, inside async functions and out": `
    function* g(): any { const x = yield 1; try { yield x; } finally { yield "f"; } } export async function main() { const it = g(); log(JSON.stringify([it.next(), it.next(await later("x")), it.return("r"), it.next()])); const o = { *[Symbol.iterator]() { yield* [1, 2]; } }; log([...o].join(), Math.max(...o), Array.from(o, (x) => x * 2).join()); const [a, ...b] = o; log(a, b.join()); function* later2() { yield later(5); } for (const p of later2()) log(await p); for await (const v of later2()) log(v); }`,
};
