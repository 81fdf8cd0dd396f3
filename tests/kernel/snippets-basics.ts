/** The first of each kind, and the language around async functions. Read by snippets.ts. */
export const BASICS: Readonly<Record<string, string>> = {
  "await of values and promises":
    "export async function main() { ticks('t', 6); log(await 1); log(await later(2)); log(await Promise.resolve(3)); return 4; }",
  "return of a promise takes three jobs":
    "async function f() { return Promise.resolve('f'); } export async function main() { ticks('t', 6); f().then(log); await later(0, 6); }",
  "return await of a promise":
    "async function f() { return await Promise.resolve('f'); } export async function main() { ticks('t', 6); f().then(log); await later(0, 6); }",
  "thenables are asked a job later":
    "const thenable = { then(done: (v: string) => void) { log('asked'); done('thenable'); } }; export async function main() { ticks('t', 5); log(await (thenable as never)); return thenable; }",
  "a throwing then getter rejects":
    "export async function main() { const bad = { get then(): never { throw new TypeError('no'); } }; try { await bad; } catch (e) { log((e as Error).name); } ticks('t', 3); return bad; }",
  "Promise.all keeps the order and fails with the first":
    "export async function main() { ticks('t', 8); log(await Promise.all([later(1), 2, later(3, 1)])); try { await Promise.all([later(1), fails('x')]); } catch (e) { log(e); } }",
  "Promise.race, any and allSettled":
    "export async function main() { ticks('t', 12); log(await Promise.race([later('slow', 4), later('fast', 1)])); log(await Promise.any([fails(1), later('any')])); for (const s of await Promise.allSettled([fails('no'), 1])) log(JSON.stringify(s)); try { await Promise.any([fails(1), fails(2)]); } catch (e) { log((e as AggregateError).errors.join()); } log(await Promise.all([])); }",
  "then, catch and finally":
    "export async function main() { ticks('t', 8); await fails('a').catch((e) => log('caught', e)); log(await Promise.resolve('v').finally(() => later('ignored'))); await fails('b').finally(() => { throw 'c'; }).catch(log); await Promise.resolve('kept').finally(() => {}).then(log); }",
  "try, catch and finally around await":
    "export async function main() { try { try { await fails('a'); } finally { log(await later('finally')); } } catch (e) { log('caught', e); } for (let i = 0; i < 3; i++) { try { if (i === 1) continue; await later(i); log(i); } finally { log('end', await later(i)); } } }",
  "return in try waits for finally":
    "async function f() { try { return log('value'); } finally { log('finally'); } } async function g() { try { return later('try'); } finally { log('g'); } } export async function main() { ticks('t', 7); await f(); log(await g()); }",
  "errors in await-free functions reject":
    "async function f(): Promise<void> { throw new RangeError('x'); } const g = async () => (null as never as { a: 1 }).a; export async function main() { await f().catch((e) => log(e.name)); await g().catch((e) => log(e.name)); }",
  "errors in defaults reject":
    "async function f(a = (() => { throw new RangeError('d'); })()) { await a; } const g = async ({ x }: { x: number }) => { await x; return x; }; export async function main() { let p = f(); log('called'); await p.catch((e) => log(e.name)); await g(undefined as never).catch((e) => log(e.name)); log(await g({ x: 3 })); }",
  "lengths and names":
    "async function f(a: number, b: number) { await a + b; } async function g(a: number, b = 2, ...c: number[]) { await a + b + c.length; } const h = async (x: number, { y } = { y: 1 }) => { await x + y; }; class C { async m(a: number) { await a; } } export async function main() { log(f.length, g.length, h.length, f.name, h.name, C.prototype.m.name, C.prototype.m.length); }",
  "arrows keep this and arguments":
    "class A { x = 1; async m(..._: number[]) { const f = async () => { await 0; return this.x + arguments.length; }; const g = async () => async () => { await 0; return arguments[1]; }; return [await f(), await (await g())()].join(); } } export async function main() { log(await new A().m(5, 6, 7)); }",
  "arguments in an async function":
    "async function f(a: number, _b?: number) { await 0; arguments[0] = 9; return [a, arguments.length, [...arguments].join('-')].join(); } async function g(a = 1) { await a; return arguments.length; } export async function main() { log(await f(1, 2)); log(await g(), await g(1)); }",
  "new.target and plain functions":
    "function F(this: object) { const f = async () => { await 0; return typeof new.target; }; return f; } export async function main() { log(await (new (F as never as new () => () => Promise<string>)())()); log(await (F as never as () => () => Promise<string>)()()); }",
  "private, static and computed methods":
    "const key = 'comp'; class C { #n = 1; static #s = 10; async #add(k: number) { await 0; this.#n += k; return this.#n; } async run() { const f = async () => { await 0; return this.#n; }; await this.#add(4); return f(); } static async stat() { await 0; return this.#s; } async [key + 'uted']() { await 0; return 'computed'; } async has(o: object) { await 0; return #n in o; } static started = C.stat(); } export async function main() { const c = new C(); log(await c.run(), await C.stat(), await (c as never as { computed(): Promise<string> }).computed(), await c.has(c), await c.has({}), await C.started); }",
  "private names in a class inside a function":
    "function make(n: number) { return class { #n = n; async get() { await 0; return this.#n + n; } }; } export async function main() { const A = make(1), B = make(10); const a = new A(); new B(); log(await a.get(), await new B().get()); await B.prototype.get.call(a as never).catch((e: Error) => log(e.name)); }",
  "super in async methods":
    "class A { v = 1; hi(x: string) { return x + this.v; } static who() { return 'A'; } get g() { return 'g' + this.v; } } class B extends A { override async hi(x: string): Promise<never> { await 0; const f = async () => { await 0; return super.hi(x) + super['g']; }; return (await f() + super.hi('!')) as never; } static override async who(): Promise<never> { await 0; return (super.who() + 'B') as never; } async set() { await 0; super.v = 5; return this.v; } async plain() { return super.g; } } export async function main() { log(await new B().hi('a')); log(await B.who()); log(await new B().set()); log(await new B().plain()); const o = { __proto__: { f() { return 'proto'; } }, async f() { await 0; return super['f' as never]; } }; log(typeof (await o.f())); }",
  "objects, getters and methods":
    "export async function main() { const o = { n: 2, async m(k: number) { await 0; return this.n * k; }, get d() { return this.n; }, async *g() { yield this.n; }, f: async () => 'f', async: 1, await_: 2 }; log(await o.m(4), o.d, await o.f(), o.async); for await (const x of o.g()) log(x); }",
  "await in every place":
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is the snippet's own.
    "export async function main() { const a = [await later(1), ...(await later([2, 3]))]; const o = { [await later('k')]: await later('v'), ...(await later({ z: 1 })) }; log(a.join(), JSON.stringify(o), `${await later('t')}`, (await later(1)) + (await later(2)) * 2, -(await later(1)), typeof (await later(1)), (await later(0)) || (await later('or')), (await later(null)) ?? 'nn', (await later(true)) ? await later('y') : 'n', (await later({ a: { b: 1 } }))?.a.b, (await later((x: number) => x))(await later(7))); const { p = await later('def') } = {} as { p?: string }; log(p); if (await later(false)) log('no'); else log('else'); for (let i = await later(0); i < (await later(2)); i += await later(1)) log(i); switch (await later(2)) { case await later(1): log('one'); break; case await later(2): log('two'); } let n = 0; while (await later(n++ < 2)) log('w', n); do { n--; } while (await later(n > 0)); throw await later(new RangeError('end')); }",
  "evaluation order around await":
    "export async function main() { let x = 1; const f = async () => { x = 10; await 0; x = 100; return 1; }; log(x + (await f())); log((await f()) + x); x = 1; x += await f(); log(x); const o: Record<string, number> = { a: 1 }; o['a'] = (o['a'] ?? 0) + (await f()); log(o['a']); }",
  "async generators":
    "async function* g(n: number): AsyncGenerator<number, string, string> { try { for (let i = 0; i < n; i++) log('got', yield later(i)); return await later('ret'); } finally { log('cleanup'); await 0; log('cleaned'); } } export async function main() { ticks('t', 20); const it = g(2); for (const v of ['a', 'b', 'c', 'd']) log(JSON.stringify(await it.next(v))); for await (const x of g(5)) { log(x); if (x === 1) break; } log(Object.prototype.toString.call(it)); }",
  "async generator return and throw":
    "async function* g() { try { yield 1; yield 2; } catch (e) { log('caught', e); yield 'after'; } finally { log('fin'); yield 'from finally'; } return 'end'; } export async function main() { ticks('t', 30); let i = g(); log(JSON.stringify(await i.next())); log(JSON.stringify(await i.throw('x'))); log(JSON.stringify(await i.return(later('r') as never))); log(JSON.stringify(await i.next())); log(JSON.stringify(await i.next())); i = g(); log(JSON.stringify(await i.return('early'))); log(JSON.stringify(await i.next())); i = g(); await i.throw('t').catch((e) => log('out', e)); await i.return(fails('rr') as never).catch((e) => log('out', e)); }",
  "async generator requests are queued":
    "async function* g() { log('start'); const a = yield later('a'); log('a', a); const b = yield 'b'; log('b', b); throw 'boom'; } export async function main() { ticks('t', 16); const i = g(); const all = [i.next(1), i.next(2), i.next(3), i.next(4), i.return('r')]; for (const s of await Promise.allSettled(all)) log(JSON.stringify(s)); }",
  "a rejected yield is thrown inside":
    "async function* g() { try { yield fails('y'); } catch (e) { log('inside', e); } try { return fails('r'); } catch (e) { log('inside', e); } } export async function main() { ticks('t', 10); for await (const x of g()) log(x); }",
  delegation:
    "async function* inner() { try { const r = yield 'i1'; log('r', r); yield later('i2'); return 'result'; } finally { log('inner fin'); } } async function* outer() { try { log('inner gave', yield* inner()); yield* [1, later(2)]; yield* { *[Symbol.iterator]() { yield 'sync'; } }; } catch (e) { log('outer caught', e); yield 'recovered'; } finally { log('outer fin'); } } export async function main() { ticks('t', 40); let o = outer(); for (let r = await o.next('first'); !r.done; r = await o.next('sent')) log(r.value); o = outer(); await o.next(); log(JSON.stringify(await o.return(later('bye') as never))); o = outer(); await o.next(); log(JSON.stringify(await o.throw('thrown'))); }",
  "for await over sync and async":
    "export async function main() { ticks('t', 20); for await (const x of [later(1), 2, Promise.resolve(3)]) log(x); const it = { i: 0, [Symbol.asyncIterator]() { return this; }, async next() { return { done: this.i >= 2, value: this.i++ }; } }; for await (const x of it) log('it', x); for await (const { a, b = await later('d') } of [{ a: 1 } as { a: number; b?: string }]) log(a, b); let y; let z: number[] = []; for await (y of ['y']) log(y); for await ([z[0], z[1]] of [[1, 2]] as never as [number, number][]) log(z.join()); const o = {} as { p: number }; for await ({ p: o.p } of [{ p: 7 }]) log(o.p); for await (const x of [1]) { const x = 2; log(x); } }",
  "for await closes what is left early":
    "const source = (name: string, ret: () => unknown) => ({ [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: name }), return: () => { log('close', name); return ret(); } }) }); async function f() { for await (const x of source('ret', async () => ({}))) return x; } export async function main() { ticks('t', 30); log(await f()); outer: for await (const x of source('o', () => later({}))) { for await (const y of source('i', () => later({}))) { log(x, y); continue outer2; } } for await (const _ of source('bad', () => 5)) break; }".replace(
      "continue outer2;",
      "break outer;",
    ),
  "for await: an error inside wins over one in closing":
    "const it = { [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: 1 }), return: () => { log('close'); throw 'closing'; } }) }; export async function main() { try { for await (const _ of it) throw 'body'; } catch (e) { log(e); } try { for await (const _ of it) break; } catch (e) { log(e); } try { for await (const _ of null as never) log('never'); } catch (e) { log((e as Error).name); } lab: for await (const x of [1, 2, 3]) { for (const y of [1, 2]) { if (y === 2) continue lab; log(x, y); } } }",
  "subclasses of Promise":
    "class P<T> extends Promise<T> { static made = 0; constructor(f: (a: (v: T) => void, b: (e: unknown) => void) => void) { super(f); P.made++; } } export async function main() { ticks('t', 8); const p = P.resolve(1).then((x) => x + 1); log(p instanceof P, p instanceof Promise, await p, P.made); log((await P.all([p, 3])).join(), P.made, Object.prototype.toString.call(p)); }",
  executors:
    "export async function main() { await new Promise((_, no) => { no('a'); throw 'b'; }).catch(log); await new Promise(() => { throw 'c'; }).catch(log); const p: Promise<unknown> = new Promise((ok) => Promise.resolve().then(() => ok(p))); await p.catch((e) => log(e.name)); try { (Promise as never as () => void)(); } catch (e) { log((e as Error).name); } }",
  "captured variables that change":
    "export async function main() { let n = 1; const f = async () => { await 0; return n; }; const p = f(); n = 2; log(await p); const fs = []; for (let i = 0; i < 3; i++) fs.push(async () => { await 0; return i; }); log((await Promise.all(fs.map((g) => g()))).join()); const gs = []; for (const i of [1, 2]) gs.push(async () => { await 0; return i * 10; }); log((await Promise.all(gs.map((g) => g()))).join()); var v = 1; const h = async () => { await 0; v++; return v; }; log(await h(), v); }",
  "functions used before what they capture":
    "export async function main() { const early = inner(); const a = 5; async function inner() { await 0; return a; } log(await early.catch((e) => e.name)); const self = async (k: number): Promise<number> => { await 0; return k === 0 ? 0 : k + (await self(k - 1)); }; log(await self(3)); async function rec(k: number): Promise<number> { await 0; return k === 0 ? a : rec(k - 1); } log(await rec(2)); const o = { async m() { await 0; return o.x; }, x: 'own' }; log(await o.m()); const g = async function named(k: number): Promise<string> { await 0; return k ? named(k - 1) : typeof named; }; log(await g(1)); }",
  shadowing:
    "const x = 'module'; export async function main() { log(x); { const x = 'block'; const f = async (y = x) => { await 0; { const x = 'inner'; log(x); } return y + x; }; log(await f()); } const g = async (x: string) => { await 0; const h = async () => { await 0; return x; }; return h(); }; log(await g('param')); try { throw 'err'; } catch (x) { const h = async () => { await 0; return x; }; log(await h()); } }",
  power:
    "export async function main() { let a = 2; a **= 3; const o = { p: 3, q: [2] }; o.p **= 2; o['p'] **= 1; const i = 0, q = o.q; q[i]! **= 3; log(a, o.p, o.q[0], 2 ** 3 ** 2, (-2) ** 2, 2n ** 64n, (await later(2)) ** (await later(5)), ('3' as never as number) ** 2); try { log((2 as never as bigint) ** 2n); } catch (e) { log((e as Error).name); } }",
  "enums, namespaces, parameter properties":
    "enum Colour { red, green = 5, blue } namespace N { export const v = 1; export async function f() { await 0; return v; } } class P { constructor(readonly a: number, private b = 2) {} sum() { return this.a + this.b; } } export async function main() { log(Colour.blue, Colour[5], await N.f(), new P(1).sum()); }",
  "labels, do-while and single statements":
    "export async function main() { let n = 0; a: for (;;) { b: do { n++; if (n === 2) continue a; if (n > 3) break a; if (n === 3) continue b; } while (n < 3); } log(n); for (const k in { x: 1, y: 2 }) if (k === 'y') log(k); while (n --> 0); do n++; while (n < 3) log(n); c: { if (n) break c; log('never'); } if (n) for (const i of [1, 2]) log(i); else log('no'); }",
  "catch in all forms":
    "export async function main() { try { throw { m: 1 }; } catch { log('none'); } try { throw { m: [2, 3] }; } catch ({ m: [a, b] }: any) { log(a, b); } try { null!.toString(); } catch (e) { log((e as Error).name); } const f = () => { try { return 'try'; } finally { log('finally'); } }; log(f()); const g = () => { for (;;) { try { return 1; } finally { break; } } return 2; }; log(g()); }",
  "generators stay generators":
    "function* g(): Generator<number, string, string> { const a = yield 1; log(a); try { yield 2; } finally { log('fin'); } return 'r'; } export async function main() { const i = g(); i.next(); log(JSON.stringify(i.next('sent')), JSON.stringify(i.return('x'))); log([...(function* () { yield* [1, 2]; yield 3 ** 2; })()].join()); }",
  "classes with initialisers":
    "class A { static log: string[] = []; static { A.log.push('block'); } f = async () => { await 0; return this.name(); }; name() { return 'A'; } static async make() { await 0; return new A(); } static p = A.make(); } export async function main() { log(await new A().f(), A.log.join(), await (await A.p).f()); const B = class Named { static async self() { await 0; return Named.name; } }; log(await B.self(), B.name); }",
  "microtask order of two functions":
    "async function f(name: string, n: number) { for (let i = 0; i < n; i++) { log(name, i); await null; } return name; } export async function main() { ticks('t', 6); const [a, b] = await Promise.all([f('a', 3), f('b', 4)]); log(a, b); await Promise.race([f('c', 1), f('d', 1)]); }",
  "await of another function's promise":
    "async function f() { await 0; return 1; } async function g() { return f(); } async function h() { return await g(); } export async function main() { ticks('t', 14); log(await f()); log(await g()); log(await h()); }",
};
