/** Classes and objects: fields, private and static members, super, accessors. Read by snippets.ts. */
export const CLASSES: Readonly<Record<string, string>> = {
  "fields, computed fields and accessors with async functions": `
    const key = (k: string) => { log("key", k); return k; };
    export async function main() { let n = 0; class A { [key("a")] = async () => { await 0; return [this.n, n].join(); }; n = ++n; static [key("s")] = async () => { await 0; return this.name; }; b = (async () => { await 0; return this.n; })(); get [key("c")]() { return async () => { await 0; return this.n * 2; }; } set d(v: any) { (async () => { await 0; log("set", v, this.n); })(); } }
      const [x, y] = [new A() as any, new A() as any]; log(await x.a(), await y.a(), await x.b, await y.b, await (A as any).s(), await x.c()); x.d = 1; await later(0); }`,
  "private methods, accessors and generators": `
    class A { #n = 1; static #made = 0; constructor() { A.#made++; } async #add(k: number) { await 0; return (this.#n += k); } get #twice() { return this.#n * 2; } set #twice(v) { this.#n = v / 2; } async *#all() { yield this.#n; yield await this.#add(1); } static async #count() { await 0; return A.#made; } static count() { return A.#count(); }
      async run() { await this.#add(2); this.#twice = await later(20); this.#n += await later(1); const out: unknown[] = []; for await (const x of this.#all()) out.push(x); const f = async () => { await 0; return this.#twice; }; return [...out, await f(), #n in this, await later(this.#n)].join(); } async other(o: A) { await 0; return o.#n; } }
    export async function main() { log(await new A().run(), await A.count()); await new A().other({} as A).catch((e) => log(e.name)); log(await new A().other(new A())); }`,
  "super in methods, arrows, generators, getters and statics": `
    class A { n = 1; get g() { return "g" + this.n; } m(x: unknown) { return "m" + x + this.n; } async am() { await 0; return "am" + this.n; } async *gen() { yield "gen" + this.n; } static s() { return "s" + this.name; } }
    class B extends A { override n = 2; override async am() { const a = super.m(await later(1)); const f = async () => { await 0; return super.g + (await super.am()); }; return a + (await f()) + super["m"](await 2); } override async *gen() { yield* super.gen(); yield "B" + super.g; } static override s(): any { return (async () => { await 0; return super.s() + "!"; })(); } field = async () => { await 0; return super.m("field"); }; async opt() { await 0; return (super.m as any)?.(3) + (super["nope" as never] as any)?.(4); } async spread() { return super.m(...(await later([5]) as [number])); } }
    export async function main() { const b = new B(); log(await b.am()); for await (const x of b.gen()) log(x); log(await B.s(), await b.field(), await b.opt(), await b.spread()); }`,
  "super in object literals and assignment through super": `
    const base = { v: 1, f() { return "base" + this.v; }, set w(x: number) { log("setter", x); this.v = x; }, get w() { return this.v; } };
    const o: any = { __proto__: base, v: 2, async f() { await 0; return super.f() + "!"; }, async set() { await 0; super.w = 5; super.z = await later(6); return [this.v, this.z, super.w].join(); }, async key() { super[await later("w")] = await later(8); return this.v; } };
    export async function main() { log(await o.f()); log(await o.set(), Object.keys(o).join()); log(await o.key()); }`,
  "constructors that start async work": `
    class A { ready: Promise<string>; constructor(readonly name: string) { this.ready = this.#init(); log("made", name); } async #init() { log("init", this.name); await 0; return "ready " + this.name; } }
    class B extends A { extra = "extra"; constructor() { super("B"); const f = async () => { await 0; return this.extra + new.target.name; }; f().then(log); } }
    export async function main() { ticks("t", 4); const [a, b] = [new A("A"), new B()]; log(await a.ready, await b.ready, b.extra); }`,
  "static blocks and the order of initialisation": `
    export async function main() { const order: string[] = []; const note = (s: string) => { order.push(s); return s; };
      class A { static a = note("a"); static { note("block"); (async () => { note("in async"); await 0; note("after"); })(); } static [note("key")] = note("b"); x = note("x"); static p = (async () => { await 0; return this.a; })(); } await A.p; new A(); log(order.join(), await A.p); }`,
  "class expressions, anonymous and named, in loops": `
    export async function main() { const made = []; for (const n of [1, 2]) made.push(class { static n = n; async m() { await 0; return n; } static async s() { await 0; return this.n; } }); for (const K of made) log(await new K().m(), await K.s(), K.name); const N = class Inner { static async self() { await 0; return Inner === N; } }; log(await N.self(), N.name); const { K = class { async m() { await 0; return K.name; } } } = {} as any; log(await new K().m()); }`,
  "inheritance from built-in classes": `
    class List extends Array<number> { async sum() { let s = 0; for (const x of this) s += await x; return s; } } class Err extends Error { override name = "Err"; constructor(m: string, readonly code = 7) { super(m); } async text() { await 0; return this.message + this.code; } } class Store extends Map<string, number> { async load(k: string) { if (!this.has(k)) this.set(k, await later(k.length)); return this.get(k); } }
    export async function main() { log(await List.of(1, 2, 3).sum(), List.from([1]) instanceof List); try { await 0; throw new Err("oops"); } catch (e) { log(e instanceof Err, e instanceof Error, (e as Err).code, await (e as Err).text()); } const s = new Store(); log(await s.load("abc"), s.size, await s.load("abc")); }`,
  "getters and setters that give and take promises": `
    const o = { n: 1, get later() { return later(this.n); }, set later(p: any) { p.then((v: number) => { this.n = v; }); }, get [Symbol.toPrimitive]() { return () => 42; } };
    export async function main() { ticks("t", 8); log(await o.later); o.later = later(5) as any; await later(0, 6); log(o.n, await o.later, +(await later(o as any))); const { later: taken } = o; log(await taken); }`,
  "mixins and methods taken from a class": `
    const Timed = <T extends new (...a: any[]) => any>(Base: T) => class extends Base { async m(...a: any[]): Promise<any> { log("before"); try { return await super["m"](...a); } finally { log("after"); } } };
    class A { n = 2; async m(x: number) { await 0; return this.n * x; } } export async function main() { const T = Timed(Timed(A)); log(await new T().m(4)); const { m } = A.prototype; log(await m.call({ n: 3 } as A, 3), await m.call(undefined as never, 1).catch((e) => e.name)); log(Object.getOwnPropertyNames(A.prototype).join(), Object.keys(A.prototype).length); }`,
};
