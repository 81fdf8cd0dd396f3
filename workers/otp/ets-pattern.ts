/**
 * Patterns of ets: an object with holes. `"_"` fits anything; `"$1"`, `"$2"`, … fit anything too, and
 * the same thing wherever they stand. An array fits one of the same length, part by part; an object
 * fits one that has all its fields; all else fits what equals it.
 */
import { keyOf } from "./term-key.ts";

/** What stood in the place of `"$1"`, `"$2"`, …, by their numbers. */
type Bindings = Map<number, unknown>;

/** True when an object of a table fits a pattern. */
export function fitsPattern(object: unknown, pattern: unknown): boolean {
  return fits(object, pattern, new Map());
}

/** What stood in the place of the variables, in the order of their numbers; undefined when it does not fit. */
export function bindingsOf(object: unknown, pattern: unknown): readonly unknown[] | undefined {
  const bindings: Bindings = new Map();
  if (!fits(object, pattern, bindings)) return undefined;
  return [...bindings].sort(([a], [b]) => a - b).map(([, value]) => value);
}

/** True when a pattern, or a part of one, has a hole in it: otherwise it is a value. */
export function hasHoles(pattern: unknown): boolean {
  if (typeof pattern === "string") return pattern === "_" || variableIn(pattern) !== undefined;
  if (typeof pattern !== "object" || pattern === null) return false;
  return Object.values(pattern).some(hasHoles);
}

function fits(value: unknown, pattern: unknown, bindings: Bindings): boolean {
  if (pattern === "_") return true;
  const variable = typeof pattern === "string" ? variableIn(pattern) : undefined;
  if (variable !== undefined) return bind(variable, value, bindings);
  if (Array.isArray(pattern)) {
    if (!Array.isArray(value) || value.length !== pattern.length) return false;
    return pattern.every((part, i) => fits(value[i], part, bindings));
  }
  if (!isPlain(pattern)) return keyOf(value) === keyOf(pattern);
  if (!isPlain(value)) return false;
  return Object.entries(pattern).every(
    ([name, part]) => Object.hasOwn(value, name) && fits(value[name], part, bindings),
  );
}

function bind(variable: number, value: unknown, bindings: Bindings): boolean {
  if (bindings.has(variable)) return keyOf(bindings.get(variable)) === keyOf(value);
  bindings.set(variable, value);
  return true;
}

function variableIn(text: string): number | undefined {
  return /^\$\d+$/.test(text) ? Number(text.slice(1)) : undefined;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return !(value instanceof Map) && !(value instanceof Set);
}
