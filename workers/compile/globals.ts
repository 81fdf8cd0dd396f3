/**
 * The names that learner code may use without declaring them, and what to say about the others.
 *
 * The list is closed: what is not on it does not compile, so a global that a browser has and the
 * grading server lacks (or that tells the time) can never decide a verdict.
 */

/** Globals that the runtime provides in its own form, as members of `$rt.globals`. */
export const SHIMMED: readonly string[] = ["Math", "Promise", "console", "structuredClone"];

/** All names that learner code may use freely: those of the language that are the same everywhere. */
export const GLOBALS: readonly string[] = [
  ...SHIMMED,
  ..."Object Array Map Set WeakMap WeakSet String Number Boolean BigInt Symbol JSON RegExp".split(
    " ",
  ),
  ..."Error AggregateError EvalError RangeError ReferenceError SyntaxError".split(" "),
  ..."TypeError URIError Reflect ArrayBuffer DataView".split(" "),
  ..."Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array".split(" "),
  ..."Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array".split(" "),
  ..."isNaN isFinite parseInt parseFloat undefined NaN Infinity".split(" "),
  ..."encodeURI encodeURIComponent decodeURI decodeURIComponent".split(" "),
];

const TIMER = "Time here is virtual. Use `sendAfter` to get a message later, or `sleep` to wait.";
const CLOCK = "Time here is virtual. Read it with `monotonic()`.";
const NETWORK = "There is no network but the wires. Send a message to a process on another node.";
const REALM = 'A process has no outside. Import what you need from "otp".';
const EVALUATION = "Code cannot be made from text here. Write the function out.";
const COLLECTION = "When memory is collected differs between machines, so it cannot be seen here.";
const LOCALE = "Locales differ between machines. Format numbers and text by hand.";
const RANDOM = 'Randomness here comes from the seed. Use `Math.random()` or `random` from "otp".';
const THREAD = "Processes share no memory and no threads. Use `spawn` and `send`.";
const TASK = "Use `Promise.resolve().then(…)`, or send yourself a message.";

const ADVICE: Readonly<Record<string, string>> = {
  ...advise(TIMER, "setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate"),
  ...advise(TIMER, "requestAnimationFrame cancelAnimationFrame requestIdleCallback"),
  ...advise(CLOCK, "Date performance Temporal"),
  ...advise(NETWORK, "fetch XMLHttpRequest WebSocket EventSource Request Response WebTransport"),
  ...advise(REALM, "window document globalThis self global process require module exports"),
  ...advise(REALM, "__dirname __filename localStorage sessionStorage indexedDB navigator location"),
  ...advise(REALM, "alert prompt confirm importScripts Buffer"),
  ...advise(EVALUATION, "eval Function GeneratorFunction AsyncFunction"),
  ...advise(COLLECTION, "WeakRef FinalizationRegistry"),
  ...advise(LOCALE, "Intl"),
  ...advise(RANDOM, "crypto Crypto"),
  ...advise(
    THREAD,
    "Worker SharedWorker SharedArrayBuffer Atomics MessageChannel BroadcastChannel",
  ),
  ...advise(THREAD, "postMessage onmessage"),
  ...advise(TASK, "queueMicrotask"),
  WebAssembly: "Only TypeScript runs here.",
  arguments: "`arguments` exists only inside a function. Use a rest parameter: `(...values)`.",
};

/** What to use instead of a well-known name that is absent; undefined for a name nobody knows. */
export function adviceFor(name: string): string | undefined {
  return Object.hasOwn(ADVICE, name) ? ADVICE[name] : undefined;
}

/** Names that the compiler gives to its own things. */
const RESERVED =
  /^\$(?:\d+|[fhilm]\d+|[gekv]|rt|rest|arguments|target|super|superSet|default|import|export|exportAll|module|pow|isStop|run|done|failed|asyncGenerator|yielded|delegate|forAwait)$/;

/** True for a name that learner code must leave to the compiler. */
export function isReserved(name: string): boolean {
  return RESERVED.test(name);
}

function advise(advice: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(" ").map((name) => [name, advice]));
}
