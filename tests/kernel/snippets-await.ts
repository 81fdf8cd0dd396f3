/** `await` in every place of an expression, a pattern and a loop. Read by snippets.ts. */
export const AWAIT: Readonly<Record<string, string>> = {
  "await in a class: heritage, computed keys, static fields of the next class": `
    class A { hi() { return "A"; } }
    export async function main() {
      ticks("t", 12);
      class B extends (await later(A)) { [await later("m")]() { return super.hi() + "m"; } static [await later("s")] = "static"; get [await later("g")]() { return "got"; } }
      const b = new B() as any;
      log(b.m(), (B as any).s, b.g, b.hi());
    }`,
  "await in arguments, spread and new": `
    class Point { constructor(readonly x: number, readonly y: number) {} }
    const list = (...all: unknown[]) => all.join();
    const said = (what: unknown) => { log("said", what); return what; };
    export async function main() {
      ticks("t", 16);
      log(list(said(1), await later(2), said(3), ...(await later([4, 5])), await 6));
      const p = new (await later(Point))(await later(1), await 2);
      log(p.x, p.y, list(...[await 1, ...(await later(new Set([2, 3])))]));
    }`,
  "await in optional chains": `
    export async function main() {
      const o: any = { k: { f(this: any, n: number) { return this.n + n; }, n: 1 } };
      log(o?.[await later("k")]?.f?.(await later(2)), o[await later("no")]?.f(await fails("never")), (await later(null as any))?.[await fails("never")]);
      log((await later(o)).k?.n, (await later(undefined as any))?.a.b.c, delete o?.[await later("k")], "k" in o);
    }`,
  "await in keys of assignments": `
    const o: any = { n: 1, s: "s" };
    const key = (name: string) => { log("key", name); return name; };
    export async function main() {
      o[key("a")] = await later(1); o[await later(key("b"))] = o[key("a")] + (await later(1));
      o[await later(key("n"))] += await later(2); o[key("n")] -= await 1; o[await key("n")]++; --o[await key("n")]; o[key("s")] += await later("t");
      (await later(o)).n *= await 5; o.n **= await 2; o.n %= 7; o.n <<= await 2;
      log(JSON.stringify(o));
    }`,
  "the old value is read before the await of a compound assignment": `
    export async function main() {
      let n = 1; const o = { n: 1 }; const bump = async () => { n += 10; o.n += 10; await 0; return 100; };
      n += await bump(); o.n += await bump(); log(n, o.n);
      let s = "a"; s += s + (await later((s += "b"))); log(s);
    }`,
  "logical assignment evaluates its right side only when it must": `
    export async function main() {
      const o: any = { yes: 1, no: 0, none: null }; const side = async (v: unknown) => { log("side", v); await 0; return v; };
      o.yes &&= await side(2); o.no &&= await side(3); o.yes ||= await side(4); o.no ||= await side(5); o.none ??= await side(6); o.no ??= await side(7);
      o[await later("fresh")] ??= await side(8); (await later(o)).yes &&= 9;
      log(JSON.stringify(o));
    }`,
  "logical operators and conditions short-cut around await": `
    const side = async (v: unknown) => { log("side", v); return v; };
    export async function main() {
      log((await side(0)) && (await side(1)), (await side(1)) && (await side(2)), (await side(0)) || (await side(3)), (await side(null)) ?? (await side(4)));
      log((await side(0)) ? await side("y") : (await side(1)) ? await side("n") : await side("never"));
      if ((await side(0)) || !(await side(0))) log("in"); else log("out");
    }`,
  "unary operators, comma, void, typeof and delete": `
    export async function main() {
      const o: any = { a: 1, b: { c: 2 } };
      log(-(await later(1)), +(await later("2")), ~(await 1), !(await later(0)), typeof (await later("s")), void (await later(3)), (await 1, await later(2)));
      log(delete o[await later("a")], "a" in o, delete (await later(o)).b.c, JSON.stringify(o), await (await (await later(4))), typeof await 0);
      let i = 0; log((i++, await later(i++), i++), i);
    }`,
  "operators take their operands apart after both are there": `
    const seen = (name: string, value: number) => ({ valueOf() { log("valueOf", name); return value; }, toString() { log("toString", name); return name; } });
    export async function main() {
      log((seen("a", 1) as any) + (await later(seen("b", 2) as any)), (seen("c", 3) as any) < (await later(seen("d", 4) as any)));
      log(\`\${seen("e", 5)} \${await later(seen("f", 6))}\`, (seen("g", 2) as any) * (await later(3)));
      log((await later("x")) in { x: 1 }, (await later([])) instanceof (await later(Array)), 1 + (await later(1)) + "1");
    }`,
  "templates and tags": `
    const raw = (parts: TemplateStringsArray, ...values: unknown[]) => parts.raw.join("|") + values.join();
    const same = (parts: TemplateStringsArray) => parts;
    export async function main() {
      log(\`a\${await later(1)}b\${\`in\${await later(2)}ner\`}c\`, raw\`x\\n\${await later(1)}y\${2}\`, await later(raw\`\${await 1}\`));
      const once = () => same\`z\`; log(once() === once(), (await later(raw))\`q\${await 3}\`);
      const o = { n: 5, tag(this: any, _: TemplateStringsArray, v: number) { return this.n + v; } }; log(o.tag\`\${await later(1)}\`);
    }`,
  "object literals: keys, accessors, spread, prototype": `
    const key = (name: string) => { log("key", name); return name; };
    export async function main() {
      const o: any = { [key("a")]: await later(1), [await later(key("b"))]: 2, ...(await later({ c: 3, b: 4 })), get [key("d")]() { return this.a; }, ["__proto__"]: await later(7), async [key("e")]() { return this.a; }, [key("f")]: async () => "f" };
      log(JSON.stringify(o), await o.e(), await o.f(), o.e.name, o.f.name, Object.hasOwn(o, "__proto__"));
      const p: any = { __proto__: await later({ up: 1 }), own: await 2 }; log(p.up, Object.keys(p).join());
    }`,
  "array literals, holes and iterators that are left open meanwhile": `
    const three = { *[Symbol.iterator]() { try { yield 1; log("asked again"); yield 2; } finally { log("closed"); } } };
    export async function main() {
      const a = [, await later(1), , ...three, await later(2), ,]; log(a.length, 0 in a, 1 in a, 2 in a, a.join());
      const [x, , y = await later("d")] = [await later(1), 2]; log(x, y);
      const [first] = three; log(first, await later("end"));
    }`,
  "destructuring with await in defaults and keys": `
    export async function main() {
      const { a = await later(1), [await later("b")]: b = await later(2), c: { d = await later(3) } = {} as any, ...rest } = await later({ e: 5, a: undefined, b: null } as any);
      log(a, b, d, JSON.stringify(rest));
      const [p = await later(1), [q = await later(2)] = [] as any[], ...r] = await later([undefined, undefined, 3, 4] as any[]); log(p, q, r.join());
    }`,
  "destructuring assignment with await in its targets": `
    export async function main() {
      const o: any = {}; let x, y;
      [o[await later("a")], o.b = await later(2), ...o[await later("r")]] = await later([1, undefined, 3, 4]); ({ x, y = await later("y"), [await later("z")]: o.z, ...o.rest } = await later({ x: 1, z: 3, w: 4 } as any));
      log(JSON.stringify(o), x, y); [x, y] = [await later(y), await later(x)]; log(x, y);
      log(([x] = await later([9])).length, ({ y } = await later({ y: 8 } as any)).y, x, y);
    }`,
  "an await that fails in a pattern closes the iterator": `
    const source = () => ({ [Symbol.iterator]: () => ({ next: () => ({ done: false, value: undefined }), return: () => { log("closed"); return {}; } }) });
    export async function main() {
      try { const [a = await fails("default")] = source(); log(a); } catch (e) { log("caught", e); }
      const o: any = {}; try { [o[await fails("key")]] = source(); } catch (e) { log("caught", e); }
      try { const { a = await fails("object") } = {} as any; log(a); } catch (e) { log("caught", e); }
      const it = source(); let n = 0; for (const [a = await later(++n)] of [it, it]) log(a);
    }`,
  "loops: for with closures and await in every part": `
    export async function main() {
      ticks("t", 20); const fs: (() => unknown)[] = [];
      for (let i = await later(0), n = await later(3); i < (await later(n)); i += await later(1)) { fs.push(() => i); if (i === (await later(1))) continue; log("i", i); }
      log(fs.map((f) => f()).join()); for (const k in await later({ a: 1, b: 2 })) log(k, await later(k)); for (const x of await later([1, 2])) log(x, await x);
      for (const [a, b = await later("b")] of [[1], [2, 3]] as any) log(a, b); let last; for (last of [1, await later(2)]); log(last);
    }`,
  "loops: while, do and labels": `
    export async function main() {
      let n = 0; while ((await later(n++)) < 3) { if ((await n) === 2) continue; log("w", n); } do log("d", n); while (await later(--n > 2));
      outer: for (let i = 0; i < 3; i++) { inner: while (await later(true)) { for (const k of [1, 2]) { if (i === 0) continue outer; if (k === 2) break inner; log(i, await later(k)); } } if (i === 2) break outer; log("end", i); }
      block: { log("in"); if (await later(true)) break block; log("never"); } log("out");
    }`,
  "switch with await: cases in order, fall through, default in the middle": `
    async function f(x: unknown) { const out: unknown[] = []; const c = async (v: unknown) => { out.push("?" + v); await 0; return v; };
      switch (await later(x)) { case await c(1): out.push("one"); case await c(2): out.push("two"); break; default: out.push("other"); case await c(3): { const y = await later("three"); out.push(y); } }
      return out.join(" "); }
    export async function main() { for (const x of [1, 2, 3, 4]) log(await f(x)); }`,
  "closures made in a loop see the turn's own variables after an await": `
    export async function main() {
      const fs: (() => Promise<string>)[] = []; for (let i = 0; i < 3; i++) { const j = i * 10; await 0; fs.push(async () => { await 0; return i + ":" + j; }); i += 0; }
      for (const f of fs) log(await f()); for (const x of [1, 2]) setter(async () => { await 0; log("x", x); }); for (const run of runs) await run();
    }
    const runs: (() => Promise<void>)[] = []; const setter = (f: () => Promise<void>) => runs.push(f);`,
};
