/**
 * What compiled learner code finds around it, and nothing else: the API's modules, our Promise,
 * the guard, and the globals that would otherwise differ between engines or runs. The compiler
 * refuses every other free name, so a program behaves the same in Node and in any browser.
 */
import {
  BOUNDS,
  CoPromise,
  copy,
  coroutines,
  currentOwner,
  exp,
  guard,
  isStop,
  ln,
  NotSendable,
  power,
} from "../kernel/index.ts";
import * as otp from "../otp/index.ts";
import * as probe from "../otp/probe.ts";
import { SERVICES as LIBRARY_SERVICES } from "../otp/services.ts";
import * as world from "../world/api.ts";
import type { Instance } from "../world/index.ts";
import { SERVICES as WORLD_SERVICES } from "../world/services.ts";

/** A compiled program: given its surroundings it makes the exports of its files, anew each time. */
export type ProgramFactory = (surroundings: typeof SURROUNDINGS) => Instance;

/** Functions of Math whose every bit the language fixes. */
const EXACT_MATH = [
  "abs",
  "ceil",
  "floor",
  "round",
  "trunc",
  "sign",
  "min",
  "max",
  "sqrt",
  "fround",
  "imul",
  "clz32",
] as const;

/** Math without what engines compute differently: exp, log and pow are ours, random is seeded, the rest is absent. */
function createMath(): object {
  const exact = Object.fromEntries(EXACT_MATH.map((name) => [name, Math[name]]));
  const { E, LN2, LN10, LOG2E, LOG10E, PI, SQRT1_2, SQRT2 } = Math;
  return Object.freeze({
    ...exact,
    E,
    LN2,
    LN10,
    LOG2E,
    LOG10E,
    PI,
    SQRT1_2,
    SQRT2,
    exp,
    log: ln,
    log2: (x: number) => exactLog(x, 2, LN2),
    log10: (x: number) => exactLog(x, 10, LN10),
    pow: power,
    random: otp.random,
  });
}

/** A whole power of the base has a whole logarithm, which a quotient of logarithms may miss by a bit. */
function exactLog(x: number, base: number, lnBase: number): number {
  const quotient = ln(x) / lnBase;
  const whole = Math.round(quotient);
  return power(base, whole) === x ? whole : quotient;
}

/** `**` for numbers by our own power; for big integers by the language, which fixes every digit. */
function pow(base: unknown, exponent: unknown): unknown {
  if (typeof base === "bigint" && typeof exponent === "bigint") return bigPower(base, exponent);
  return power(Number(base), Number(exponent));
}

function bigPower(base: bigint, exponent: bigint): bigint {
  if (exponent < 0n) throw new RangeError("a big integer has no negative power");
  let result = 1n;
  for (let left = exponent, factor = base; left > 0n; left /= 2n) {
    if (left % 2n === 1n) result *= factor;
    factor *= factor;
  }
  return result;
}

/** Lines written with console go into the trace, like those of `log`; outside of a process nowhere. */
function createConsole(): object {
  const write = (...parts: readonly unknown[]) => {
    if (currentOwner() !== undefined) otp.log(parts.map(inWords).join(" "));
  };
  return Object.freeze({ log: write, info: write, warn: write, error: write, debug: write });
}

function inWords(part: unknown): string {
  if (typeof part === "string") return part;
  if (part instanceof Error) return `${part.name}: ${part.message}`;
  try {
    return JSON.stringify(part) ?? String(part);
  } catch {
    return String(part);
  }
}

/** One for a thread: what is particular to a process is found through whoever is running. */
export const SURROUNDINGS = Object.freeze({
  ...coroutines,
  guard,
  isStop,
  pow,
  globals: Object.freeze({
    Math: createMath(),
    Promise: CoPromise,
    console: createConsole(),
    structuredClone: (value: unknown) => copy(value).value,
  }),
  modules: Object.freeze({
    otp: Object.freeze({ ...otp }),
    world: Object.freeze({ ...world }),
    probe: Object.freeze({ ...probe }),
  }),
});

/**
 * What programs share and can reach by other ways than the language itself: to be frozen by
 * `lockDown`. The guard is not among it, since it counts and no name of a program leads to it.
 */
export const SHARED: readonly object[] = [
  SURROUNDINGS.globals,
  SURROUNDINGS.modules,
  // Thrown by `send`, but no export.
  NotSendable,
  Object.getPrototypeOf(coroutines.asyncGenerator((function* (): Generator<unknown> {})())),
];

/** Processes of the library that a node begins when they are first needed, by name. */
export const SERVICES: ReadonlyMap<string, () => unknown> = new Map([
  ...LIBRARY_SERVICES,
  ...WORLD_SERVICES,
]);

/** The exports of a program's files with state of their own, for one node of one run. */
export function createInstance(program: ProgramFactory): Instance {
  // What stands at the top of files runs before there is a process whose step could be counted.
  guard.left = BOUNDS.stepTurnsMax;
  try {
    return program(SURROUNDINGS);
  } finally {
    guard.left = 0;
  }
}
