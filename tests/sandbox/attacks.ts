/**
 * Programs that try to leave something behind for the next run in the same worker, or to read what
 * the last one left. Each is the body of `attack`, tried in a process of its own; what it throws is
 * caught there, line by line.
 */

/** A way of leaving something: lines are tried one by one. */
export const ATTACKS: Readonly<Record<string, readonly string[]>> = {
  "prototypes of the language": [
    `Array.prototype.map = function () { return []; };`,
    `Array.prototype.push = () => 0;`,
    `(Array.prototype as any)[Symbol.iterator] = function* () { yield "evil"; };`,
    `Object.defineProperty(Array.prototype, "0", { set() {}, get: () => "evil", configurable: true });`,
    `(Object.prototype as any).evil = 1;`,
    `Object.defineProperty(Object.prototype, "evil", { get: () => 1, configurable: true });`,
    `Object.defineProperty(Object.prototype, "then", { value: (ok: any) => ok("evil"), configurable: true });`,
    `Object.defineProperty(Object.prototype, "timeout", { get: () => 0, set() {} });`,
    `Object.prototype.toString = () => "evil";`,
    `Object.prototype.hasOwnProperty = () => true;`,
    `Object.defineProperty(Object.prototype, "toJSON", { value: () => "evil" });`,
    `String.prototype.slice = () => "evil"; String.prototype.charCodeAt = () => 1;`,
    `Number.prototype.toString = () => "evil"; Number.prototype.valueOf = () => 1;`,
    `Map.prototype.get = () => "evil"; Map.prototype.set = function () { return this; };`,
    `Set.prototype.has = () => true; WeakMap.prototype.get = () => undefined;`,
    `RegExp.prototype.exec = () => null; RegExp.prototype.test = () => true;`,
    `(RegExp.prototype as any)[Symbol.replace] = () => "evil"; (RegExp.prototype as any)[Symbol.split] = () => [];`,
    `Symbol.prototype.toString = () => "evil"; BigInt.prototype.toString = () => "evil";`,
    `Error.prototype.toString = () => "evil"; Error.prototype.name = "evil"; TypeError.prototype.message = "evil";`,
    `Uint8Array.prototype.set = () => {}; Float64Array.prototype.fill = function () { return this; };`,
    `Object.getPrototypeOf(Uint8Array.prototype).slice = () => []; DataView.prototype.getInt32 = () => 1;`,
  ],
  "prototypes without a name": [
    `Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true });`,
    `Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())).evil = 1;`,
    `Object.getPrototypeOf(new Map().entries()).next = () => ({ done: true });`,
    `Object.getPrototypeOf(new Set().values()).evil = 1;`,
    `Object.getPrototypeOf(""[Symbol.iterator]()).next = () => ({ done: true });`,
    `Object.getPrototypeOf("".matchAll(/a/g)).next = () => ({ done: true });`,
    `Object.getPrototypeOf("".matchAll(/a/g)).evil = 1;`,
    `Object.getPrototypeOf(function* () {}).evil = 1;`,
    `Object.getPrototypeOf(function* () {}).prototype.next = () => ({ done: true });`,
    `Object.getPrototypeOf(async function* () {}).evil = 1;`,
    `Object.getPrototypeOf((async function* () {})()).next = () => "evil";`,
    `Object.getPrototypeOf((async function* () {})()).evil = 1;`,
    `Object.getPrototypeOf(async () => {}).evil = 1;`,
    `(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())).constructor as any).evil = 1;`,
    `Object.setPrototypeOf(Array.prototype, { evil: 1 });`,
    `Object.setPrototypeOf(Object.prototype, { evil: 1 });`,
    `(Object.prototype as any).__proto__ = { evil: 1 };`,
    `([] as any).__proto__.__proto__.evil = 1;`,
    `({} as any).__proto__.evil = 1; ({} as any).constructor.prototype.evil = 1; ({} as any).constructor.evil = 1;`,
  ],
  "statics and single functions": [
    `Object.keys = () => []; Object.freeze = (x: any) => x; Object.entries = () => [];`,
    `Array.from = () => []; Array.isArray = (() => false) as any;`,
    `JSON.stringify = () => "evil"; JSON.parse = () => "evil";`,
    `Math.random = () => 4; Math.floor = () => 4; (Math as any).evil = 1;`,
    `Reflect.ownKeys = () => []; Symbol.for = () => Symbol.iterator as any;`,
    `Number.isInteger = () => true; String.fromCharCode = () => "evil"; BigInt.asIntN = () => 1n;`,
    `(Object.keys as any).evil = 1;`,
    `([].map as any).evil = 1;`,
    `(parseInt as any).evil = 1;`,
    `(Math.abs as any).evil = 1;`,
    `(JSON.parse as any).evil = 1;`,
    `(Object.getOwnPropertyDescriptor(Map.prototype, "size")!.get as any).evil = 1;`,
    `(Object.getOwnPropertyDescriptor(Object.prototype, "__proto__")!.set as any).evil = 1;`,
    `(Object.getOwnPropertyDescriptor(Object.prototype, "toString") as any).get.evil = 1;`,
    `(isNaN as any).prototype = { evil: 1 };`,
    `Object.setPrototypeOf([].map, { evil: 1 });`,
    `(Array.prototype as any)[Symbol.unscopables].evil = true;`,
    `Error.stackTraceLimit = 0;`,
    `(Error as any).prepareStackTrace = () => "evil";`,
    `(Error as any).captureStackTrace = () => { throw "evil"; };`,
    `(globals: any) => globals; (console as any).log = () => {}; (console.log as any).evil = 1;`,
    `(structuredClone as any).evil = 1;`,
  ],
  "the learner's own interface": [
    `(otp as any).receive = async () => "evil";`,
    `(receive as any).evil = 1; (self as any).evil = 1; (send as any).evil = 1;`,
    `Object.setPrototypeOf(receive, { evil: 1 });`,
    `(receive as any).prototype = { evil: 1 }; (spawn as any).stash = () => "evil";`,
    `(Exit as any).evil = 1; (Exit.prototype as any).reason = "evil"; (Exit.prototype as any).toString = () => "evil";`,
    `try { send(self(), () => 0); } catch (e: any) { e.constructor.evil = 1; e.constructor.prototype.evil = 1; }`,
    `const server = genServer({ init: () => ["ok", 0] } as any); Object.getPrototypeOf(server).evil = 1;`,
    `(otp as any).evil = 1; delete (otp as any).send;`,
  ],
  promises: [
    `Promise.prototype.then = function () { return this as any; };`,
    `Promise.prototype.catch = () => "evil" as any; Promise.prototype.finally = () => "evil" as any;`,
    `Promise.resolve = (() => "evil") as any; Promise.all = (() => "evil") as any;`,
    `(Promise as any).evil = 1; (Promise.prototype as any).evil = 1; (Promise.prototype.then as any).evil = 1;`,
    `Object.defineProperty(Promise, Symbol.species, { get: () => Object });`,
    `(Promise.prototype as any).constructor = Object;`,
    `Object.defineProperty(Promise.prototype, "then", { get: () => { throw "evil"; } });`,
    `(Object.getPrototypeOf((async () => {})()) as any).evil = 1;`,
    `(receive as any).waiting = new Promise((ok) => { (spawn as any).resolve = ok; });`,
    `(Promise as any).stash = self(); (Promise as any).later = sleep(5000);`,
  ],
  "code out of text": [
    `const k = "constr" + "uctor"; (() => {})[k as "constructor"]("this.evil = 1")();`,
    `const k = "constr" + "uctor"; (async () => {})[k as "constructor"]("this.evil = 1")();`,
    `const k = "constr" + "uctor"; (function* () {})[k as "constructor"]("this.evil = 1")();`,
    `const k = "constr" + "uctor"; (receive as any)[k]("this.evil = 1")();`,
    `const f = (() => {}).constructor as any; f.counter = (f.counter ?? 0) + 1; f.prototype.evil = 1;`,
    `const k = "constr" + "uctor"; ((class {}) as any)[k]("this.evil = 1")();`,
    `const k = "constr" + "uctor"; const f: any = Object.getPrototypeOf(class {}); f.evil = 1; f[k].evil = 1; f.call.evil = 1;`,
    `(Reflect.construct as any)((() => {}).constructor, ["this.evil = 1"])();`,
    `(function (this: any) { this.evil = 1; }).call(undefined);`,
    `[].map.call.call(function (this: any) { this.evil = 1; }, null);`,
    `const g = (0, [].concat)(); (g as any)[0].evil = 1;`,
  ],
  "state that engines keep": [
    `/(evil)-(left)/.exec("so evil-left behind");`,
    `"evil".replace(/v(i)/, "x"); "a.b".split(/(\\.)/);`,
    `(RegExp as any).input = "evil"; (RegExp as any).$_ = "evil";`,
    `const sticky = /evil/y; sticky.lastIndex = 3; sticky.test("evil");`,
    `Symbol.for("evil");`,
    `[3, 1, 2].sort((a, b) => { throw "evil"; });`,
  ],
  "strange messages": [
    `send(self(), { get now() { Array.prototype.push = () => 0; return (receive as any).evil = 1; } });`,
    `send(self(), { toJSON: "evil", valueOf: 1, then: "evil", __proto__: { evil: 1 }, constructor: "evil" });`,
    `send(self(), JSON.parse('{"__proto__": {"evil": 1}, "constructor": {"prototype": {"evil": 1}}}')); const m: any = await receive(); ({ ...m }); Object.assign({}, m); m.__proto__.evil = 1;`,
    `send(self(), { list: [1, 2], map: new Map([[1, { a: 1 }]]) }); const m: any = await receive(); Object.defineProperty(m, "evil", { value: 1 });`,
    `send(self(), { list: [1] }); const m: any = await receive(); m.list.push(2);`,
    `send(self(), new Map([[1, 2]])); const m: any = await receive(); m.set(3, 4);`,
    `send(self(), new Map([[1, 2]])); const m: any = await receive(); Object.getPrototypeOf(m).evil = 1;`,
    `const circle: any = {}; circle.self = circle; send(self(), circle);`,
    `send(self(), Symbol.iterator); `,
    `send(self(), { f: () => "evil" });`,
    `send(self(), new (class Evil { x = 1; })());`,
    `send("nobody", { get a() { exit("evil"); return 1; } });`,
    `send({ name: "shop", node: "nowhere" }, Object.create({ inherited: 1 }));`,
    `send(self(), { then(ok: any) { ok("evil"); } } as any);`,
    `class M extends Map { *[Symbol.iterator]() { (Promise as any).evil = 1; yield [1, 2]; } } send(self(), new M());`,
  ],
  "strange ends": [
    `throw { toString() { throw "evil"; } };`,
    `throw Object.create(null);`,
    `throw Symbol("evil");`,
    `throw { get message() { (Promise as any).evil = 1; return "evil"; }, name: "evil" };`,
    `const e: any = new Error("evil"); e.name = { toString() { throw "evil"; } }; e.message = null; Object.defineProperty(e, "stack", { get() { throw "evil"; } }); throw e;`,
    `class E extends Error { get [Symbol.toStringTag]() { throw "evil"; } } throw new E("evil");`,
    `throw new (class extends Exit { override toString(): string { throw "evil"; } })({ get a() { throw "evil"; } });`,
    `exit({ get reason() { throw "evil"; } });`,
    `exit(() => "evil");`,
    `await Promise.reject({ then: () => { throw "evil"; } });`,
    `await { then() { throw "evil"; } };`,
    `void Promise.reject("nobody looks");`,
    `for (;;) {}`,
    `const f = (): any => f(); f();`,
    `try { for (;;) {} } catch {} finally { for (;;) {} }`,
    `await (async function forever(): Promise<any> { for (;;) await null; })();`,
    `const grow: any[] = []; for (let i = 0; i < 1e5; i++) grow.push(spawn(sits, []));`,
    `"x".repeat(2 ** 28).padEnd(2 ** 29).length; new Array(2 ** 32 - 1).fill(0).length;`,
  ],
  "things left running": [
    `sendAfter(1e9, "late", "shop"); void sleep(1e9); register("evil");`,
    `register("shop2"); spawn(sits, [], { name: "left" }); monitor({ name: "shop", node: "n2" });`,
    `const [pid] = spawnMonitor(sits, []); link(pid); trapExit(true); void call(pid, "never", { timeout: 1e9 });`,
    `void receive(); void new Promise(() => {}).then(() => log("never"));`,
    `counter.n++; seen.push(self()); (shared as any).evil = 1;`,
  ],
};

/** What does not even compile, and why: a name that is not on the closed list. */
export const REFUSED: Readonly<Record<string, string>> = {
  "Function.prototype.call = () => 0;": "forbidden-name",
  "globalThis.evil = 1;": "forbidden-name",
  "self.constructor; window.evil = 1;": "forbidden-name",
  'eval("1");': "forbidden-name",
  "new Proxy({}, {});": "unknown-name",
  "new Date();": "forbidden-name",
  "new WeakRef({});": "forbidden-name",
  "new SharedArrayBuffer(8);": "forbidden-name",
  "send = () => {};": "assigned-import",
  'import("./main.ts");': "dynamic-import",
  "import.meta.evil = 1;": "import-meta",
  "$rt.guard.left = Infinity;": "unknown-name",
  "$g.left = Infinity;": "unknown-name",
  "const $g = { left: 1 };": "reserved-name",
};

/** The program around an attack: each line in a process of its own, and module state that grows. */
export function attackProgram(lines: readonly string[]): string {
  const tries = lines.map(
    (line, i) =>
      `async function try${i}() { try { ${line} log("${i} went through"); } catch (e) { if (${i} % 2) throw e; } }`,
  );
  const names = lines.map((_, i) => `try${i}`);
  return `${IMPORTS}
    const counter = { n: 0 }; const seen: any[] = []; const shared = {};
    async function sits() { await receive(); }
    ${tries.join("\n")}
    export async function main() { for (const f of [${names.join(", ")}]) spawn(f as any, []); }
    export async function other() { await main(); }
  `;
}

const IMPORTS = `import * as otp from "otp";
  import { call, Exit, exit, genServer, link, log, monitor, random, receive, register, self, send, sendAfter, sleep, spawn, spawnMonitor, trapExit } from "otp";`;

/**
 * The run that must come out the same whatever ran before: it uses a little of everything, and logs
 * what an attack would have left where programs can look.
 */
export const PROBE = `
  import { call, cast, Exit, genServer, log, monitor, node, random, receive, self, send, sendAfter, sleep, spawn, spawnLink, startLink, trapExit, when, work } from "otp";
  import * as otp from "otp";
  const runs = { n: 0 };
  const shop = genServer<Map<string, number>>({
    init: () => ["ok", new Map()],
    async handleCall({ book, qty }: any, _from, sold) { await work(random()); const n = (sold.get(book) ?? 0) + qty; return ["reply", { book, n }, new Map([...sold, [book, n]])]; },
    handleCast: (note: any, sold) => ["noreply", new Map([...sold, [String(note), 1]])],
  });
  async function worker(n: number, boss: any) {
    trapExit(n % 2 === 0); await sleep(n);
    const at = { name: "shop", node: n % 2 ? "n1" : "n2" };
    cast(at, "note " + n);
    try { send(boss, { n, got: await call(at, { book: "b" + (n % 3), qty: n }, { timeout: 20 }) }); } catch (e) { send(boss, { n, got: e instanceof Exit ? "exit" : String(e) }); }
    if (n === 3) throw new TypeError("worker three");
  }
  async function* numbers(n: number) { for (let i = 0; i < n; i++) { await null; yield i; } }
  export async function main() {
    log(["$1", "$_", "$&", "lastMatch", "input", "leftContext"].map((name) => (RegExp as any)[name]).join());
    runs.n++;
    await startLink(shop, [], { name: "shop" });
    await sleep(5);
    for (let n = 0; n < 6; n++) monitor(spawn(worker, [n, self()]));
    const got: any[] = []; for (let i = 0; i < 12; i++) got.push(await receive());
    log(JSON.stringify(got.map((m) => m.got ?? [m.tag, m.reason])));
    sendAfter(3, { late: true }); log(JSON.stringify(await receive([when({ late: true }, (m: any) => m)], { after: 9 })));
    let sum = 0; for await (const x of numbers(4)) sum += x;
    log([sum, await Promise.all([1, Promise.resolve(2)]), await Promise.race([Promise.reject("r"), 1]).catch((e) => e), runs.n].join(" "));
    log([1, 2, 3].map((x) => x * 2).concat([..."ab"] as any).join() + [3, 1, 2].sort().join() + "a-b".split("-").reverse().join() + "abc".replace(/b/, "x") + String({}) + JSON.stringify({ a: [1n].length, ...{ b: 2 } }) + [...new Map([[1, 2]])].join() + [..."a1b2".matchAll(/\\d/g)].join() + new TypeError("t") + (1.5).toString(2) + typeof Symbol.for("evil"));
    log(look().join());
  }
  export async function other() { await startLink(shop, [], { name: "shop" }); await receive([when("never", () => 0)], { after: 9000 }); }
  /** Everything that can be reached from what programs share: how many things, and which of them are evil. */
  function look(): unknown[] {
    const odd: string[] = []; const seen = new Set<any>(); const start = [Object, Array, String, Number, Boolean, BigInt, Symbol, Map, Set, WeakMap, RegExp, Error, AggregateError, TypeError, Reflect, JSON, Math, Promise, console, structuredClone, parseInt, isNaN, encodeURI, ArrayBuffer, DataView, Uint8Array, Float64Array, otp, shop, [][Symbol.iterator](), new Map().entries(), new Set().values(), ""[Symbol.iterator](), "".matchAll(/a/g), function* () {}, (function* () {})(), async () => {}, numbers(0), Promise.resolve()];
    const visit = (one: any, path: string) => { if ((typeof one !== "object" && typeof one !== "function") || one === null || seen.has(one)) return; seen.add(one); for (const key of Reflect.ownKeys(one)) { const name = path + "." + String(key); if (/evil|stash|waiting|counter|later$/.test(String(key))) odd.push(name); const d = Object.getOwnPropertyDescriptor(one, key)!; if (path !== "RegExp" || !/^\\$|input|last|left|right/i.test(String(key))) { visit(d.value, name); visit(d.get, name); visit(d.set, name); } else odd.push(name + "=" + one[key]); } visit(Object.getPrototypeOf(one), path + ".__proto__"); };
    for (const one of start) visit(one, (one as any).name ?? String(one));
    return [seen.size, ...odd.slice(0, 20)];
  }
`;
