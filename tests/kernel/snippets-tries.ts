/** Every way out of try, catch and finally. Read by snippets.ts. */
export const TRIES: Readonly<Record<string, string>> = {
  "every way out of try, catch and finally": `
    async function f(how: string, last: string): Promise<unknown> { for (let i = 0; i < 2; i++) { try { if (how === "return") return await later("r" + i); if (how === "throw") throw await later("t" + i); if (how === "reject") await fails("j" + i); if (how === "break") break; if (how === "continue") continue; log("through"); } catch (e) { log("caught", e); if (how === "reject") throw "again " + e; } finally { log("finally", await later(i)); if (last === "return") return "from finally"; if (last === "throw") throw "thrown in finally"; if (last === "break") break; if (last === "continue") continue; } log("end of turn"); } return "end"; }
    export async function main() { for (const how of ["return", "throw", "reject", "break", "continue", "none"]) for (const last of ["", "return", "throw", "break", "continue"]) log(how, last, await f(how, last).catch((e) => "rejected " + e)); }`,
  "return of a promise in try is not caught, return await is": `
    async function plain() { try { return fails("plain"); } catch { return "caught"; } finally { log("finally plain"); } } async function waited() { try { return await fails("waited"); } catch (e) { return "caught " + e; } finally { log("finally waited"); } }
    export async function main() { ticks("t", 8); log(await plain().catch((e) => "rejected " + e), await waited()); }`,
  "the value of return is there before finally runs": `
    async function f() { let x = 1; try { return x; } finally { x = 2; await 0; x = 3; } } async function g() { const o = { x: 1 }; try { return o; } finally { await 0; o.x = 2; } } async function h() { let n = 0; for (;;) { try { return n++; } finally { if (n < 3) continue; } } }
    export async function main() { log(await f(), (await g()).x, await h()); }`,
  "errors in catch and finally take the place of earlier ones": `
    async function f(a: unknown, b: unknown, c: unknown) { try { if (a) await fails(a); return "value"; } catch (e) { log("catch", e); if (b) throw await later(b); return "caught"; } finally { await 0; if (c) throw c; log("finally"); } }
    export async function main() { for (const a of [0, "a"]) for (const b of [0, "b"]) for (const c of [0, "c"]) log(await f(a, b, c).catch((e) => "rejected " + e)); }`,
  "nested tries, rethrown and swallowed": `
    export async function main() { try { try { try { await fails("inner"); } finally { log("f1"); await 0; } } catch (e) { log("c1", e); try { throw "in catch"; } catch (e2) { log("c2", e2, e); } finally { log("f2"); } throw "outer"; } finally { log("f3"); } } catch (e) { log("c3", e); } const swallow = async () => { try { await fails("gone"); } catch {} return "swallowed"; }; log(await swallow()); }`,
  "catch binds patterns, and its own variable hides others": `
    export async function main() { const e = "outer"; try { await fails({ a: 1, b: [2, 3] }); } catch ({ a, b: [b, c = await later("c")], d = await later("d") }: any) { log(a, b, c, d); } try { await fails("inner"); } catch (e) { const f = async () => { await 0; return e; }; log(await f()); var v = e; } log(e, v as any); try { await fails(null); } catch (x) { log(x === null); } try { await fails(undefined); } catch (x) { log(x === undefined); } }`,
  "errors carry their class, cause and message through awaits": `
    class Mine extends Error { constructor(m: string, o?: any) { super(m, o); this.name = "Mine"; } } const f = async () => { try { await fails(new RangeError("first")); } catch (cause) { throw new Mine("second", { cause }); } };
    export async function main() { try { await f(); } catch (e: any) { log(e.name, e.message, e.cause.name, e instanceof Mine, Object.keys(e).join()); } try { await Promise.any([fails(new Mine("x"))]); } catch (e: any) { log(e.name, e.errors[0].message, e instanceof AggregateError); } }`,
  "labelled blocks left through finally": `
    export async function main() { a: { try { await 0; break a; } finally { log("f", await later("a")); } } b: for (const x of [1, 2, 3]) { try { for (const y of [1, 2]) { try { if (x === 1) continue b; if (y === 2) break b; log(x, y); } finally { log("inner", x, await later(y)); } } } finally { log("outer", await later(x)); } } c: try { break c; } finally { log("c"); } }`,
};
