/**
 * Makes a worker's realm safe to put learner code into: takes away what could talk around the
 * wires, and freezes what programs share, so that a run cannot change the next one or the kernel.
 *
 * The compiler already refuses every free name but the allowed ones, and the frame's policy lets
 * no text become code; this is the third wall. Only ever called in a worker of the isolated frame.
 */

/** Globals that reach other threads, the network, storage or the host's clock. */
const TAKEN_AWAY = [
  "fetch",
  "XMLHttpRequest",
  "WebSocket",
  "WebSocketStream",
  "WebTransport",
  "EventSource",
  "importScripts",
  "Worker",
  "SharedWorker",
  "BroadcastChannel",
  "MessageChannel",
  "OffscreenCanvas",
  "FontFace",
  "fonts",
  "indexedDB",
  "caches",
  "navigator",
  "location",
  "postMessage",
  "close",
  "onmessage",
  "addEventListener",
  "removeEventListener",
  "dispatchEvent",
  "setTimeout",
  "setInterval",
  "clearTimeout",
  "clearInterval",
  "queueMicrotask",
  "requestAnimationFrame",
  "cancelAnimationFrame",
  "performance",
  "crypto",
  "eval",
  "WebAssembly",
  "SharedArrayBuffer",
  "Atomics",
  "Intl",
  "WeakRef",
  "FinalizationRegistry",
  "reportError",
  "createImageBitmap",
  "URL",
  "Blob",
  "File",
  "FileReader",
  "FileReaderSync",
  "Request",
  "Response",
  "Notification",
  "scheduler",
  "trustedTypes",
  "webkitRequestFileSystem",
  "webkitRequestFileSystemSync",
  "ReadableStream",
  "self",
] as const;

/** Where the walk over what programs share begins: all globals that are left, and what has no name. */
function roots(): object[] {
  const globals = Object.getOwnPropertyNames(globalThis)
    .map((name) => Object.getOwnPropertyDescriptor(globalThis, name)?.value as unknown)
    .filter((value) => isObject(value) && value !== globalThis);
  const generator = function* () {};
  const asyncGenerator = async function* () {};
  const nameless = [
    [][Symbol.iterator](),
    new Map().entries(),
    new Set().values(),
    ""[Symbol.iterator](),
    "".matchAll(/a/g),
    generator,
    generator(),
    async () => {},
    asyncGenerator,
    asyncGenerator(),
  ].map((sample) => Object.getPrototypeOf(sample));
  return [...(globals as object[]), ...nameless];
}

/** Everything that can be reached from `roots` by properties, accessors and prototypes, but the global object. */
function reachable(roots: readonly object[]): Set<object> {
  const found = new Set<object>();
  const waiting: unknown[] = [...roots];
  while (waiting.length > 0) {
    const one = waiting.pop();
    if (!isObject(one) || one === globalThis || found.has(one)) continue;
    found.add(one);
    waiting.push(Object.getPrototypeOf(one));
    for (const key of Reflect.ownKeys(one)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(one, key) ?? {};
      waiting.push(value, get, set);
    }
  }
  return found;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** Properties that programs rightly give to objects of their own, although a prototype has them. */
const OVERRIDDEN = [
  "constructor",
  "toString",
  "valueOf",
  "toJSON",
  "name",
  "message",
  "hasOwnProperty",
] as const;

/**
 * Takes away and freezes. `shared`: what programs reach besides the language, the runtime's own
 * interface. What the runtime needs of the globals it must have kept before.
 */
export function lockDown(shared: readonly object[]): void {
  for (const name of TAKEN_AWAY) takeAway(name);
  forgetMatches();
  for (const prototype of [
    Function.prototype,
    Object.getPrototypeOf(function* () {}),
    Object.getPrototypeOf(async () => {}),
    Object.getPrototypeOf(async function* () {}),
  ]) {
    Object.defineProperty(prototype, "constructor", {
      value: noCodeFromText,
      configurable: true,
      writable: true,
    });
  }
  const all = reachable([...roots(), ...shared]);
  for (const one of all) letOverride(one);
  for (const one of all) Object.freeze(one);
}

function noCodeFromText(): never {
  throw new TypeError("text cannot be made into code here");
}

/** RegExp.$1 and its like tell of the last match of whoever matched: another run, or the runtime. */
function forgetMatches(): void {
  for (const name of Object.getOwnPropertyNames(RegExp)) {
    if (!["length", "name", "prototype"].includes(name)) Reflect.deleteProperty(RegExp, name);
  }
}

function takeAway(name: string): void {
  for (let at: object | null = globalThis; at !== null; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, name)) Reflect.deleteProperty(at, name);
  }
  if (name in globalThis) Object.defineProperty(globalThis, name, { value: undefined });
}

/**
 * Once a prototype is frozen, assigning `object.toString = …` fails on objects that inherit from
 * it. An accessor whose setter defines an own property keeps that working.
 */
function letOverride(inherited: object): void {
  if (typeof inherited === "function") return;
  for (const name of OVERRIDDEN) {
    const own = Object.getOwnPropertyDescriptor(inherited, name);
    if (own === undefined || !own.configurable || !("value" in own)) continue;
    const { value, enumerable = false } = own;
    const get = () => value;
    const set = function (this: object, next: unknown) {
      if (this === inherited) throw new TypeError(`${name} cannot be changed here`);
      Object.defineProperty(this, name, {
        value: next,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    };
    for (const accessor of [get, set]) {
      if ("prototype" in accessor) Object.freeze(accessor.prototype);
      Object.freeze(accessor);
    }
    Object.defineProperty(inherited, name, { get, set, enumerable, configurable: false });
  }
}
