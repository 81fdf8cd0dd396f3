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

/** What programs share. Found through the language rather than by name where there is no name. */
function intrinsics(): object[] {
  const generator = Object.getPrototypeOf(function* () {});
  const asyncFunction = Object.getPrototypeOf(async () => {});
  const asyncGenerator = Object.getPrototypeOf(async function* () {});
  const arrayIterator = Object.getPrototypeOf([][Symbol.iterator]());
  const named = [
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    BigInt,
    Symbol,
    Map,
    Set,
    WeakMap,
    WeakSet,
    RegExp,
    Promise,
    Date,
    Error,
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    EvalError,
    URIError,
    AggregateError,
    ArrayBuffer,
    DataView,
    Uint8Array,
    Int8Array,
    Uint8ClampedArray,
    Uint16Array,
    Int16Array,
    Uint32Array,
    Int32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    Proxy,
  ];
  const prototypes = named
    .map(({ prototype }) => prototype)
    .filter((prototype) => prototype !== undefined);
  return [
    ...named,
    ...prototypes,
    Math,
    JSON,
    Reflect,
    generator,
    generator.prototype,
    asyncFunction,
    asyncGenerator,
    asyncGenerator.prototype,
    arrayIterator,
    Object.getPrototypeOf(arrayIterator),
    Object.getPrototypeOf(Uint8Array),
    Object.getPrototypeOf(Uint8Array.prototype),
    Object.getPrototypeOf(new Map().entries()),
    Object.getPrototypeOf(new Set().values()),
    Object.getPrototypeOf(""[Symbol.iterator]()),
  ];
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

/** Calls `keep` first, for what our own runtime needs of the globals; then they are gone. */
export function lockDown(): void {
  for (const name of TAKEN_AWAY) takeAway(name);
  for (const source of [
    Function,
    Object.getPrototypeOf(function* () {}),
    Object.getPrototypeOf(async () => {}),
    Object.getPrototypeOf(async function* () {}),
  ]) {
    const prototype = source === Function ? Function.prototype : source;
    Object.defineProperty(prototype, "constructor", {
      value: noCodeFromText,
      configurable: true,
      writable: true,
    });
  }
  const all = intrinsics();
  for (const intrinsic of all) letOverride(intrinsic);
  for (const intrinsic of all) Object.freeze(intrinsic);
}

function noCodeFromText(): never {
  throw new TypeError("text cannot be made into code here");
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
function letOverride(intrinsic: object): void {
  for (const name of OVERRIDDEN) {
    const own = Object.getOwnPropertyDescriptor(intrinsic, name);
    if (
      own === undefined ||
      !own.configurable ||
      !("value" in own) ||
      typeof intrinsic === "function"
    )
      continue;
    const { value, enumerable = false } = own;
    Object.defineProperty(intrinsic, name, {
      get: () => value,
      set(this: object, next: unknown) {
        if (this === intrinsic) throw new TypeError(`${name} cannot be changed here`);
        Object.defineProperty(this, name, {
          value: next,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      },
      enumerable,
      configurable: false,
    });
  }
}
