/** Deep equality of what was recorded and what we saw, and the first place where they differ. */
import type { Json } from "./recording.ts";

export interface Difference {
  /** Where: "procs.main.log.2". */
  readonly path: string;
  /** JSON texts, cut at 300 characters. */
  readonly expected: string;
  readonly actual: string;
}

const TEXT_LENGTH_MAX = 300;

/** The first difference, or undefined. `expected` may hold the forms that stand for many values. */
export function firstDifference(expected: Json, actual: Json, path = ""): Difference | undefined {
  return differ(collapse(expected), actual, path);
}

/** Tuples and node names are arrays and texts with us, so they are in what we compare with. */
function collapse(term: Json): Json {
  if (Array.isArray(term)) return term.map(collapse);
  if (!isFields(term)) return term;
  const [key = ""] = Object.keys(term);
  if (key === "t") return collapse(term["t"] as Json);
  if (key === "node") return term["node"] as Json;
  return Object.fromEntries(Object.entries(term).map(([name, part]) => [name, collapse(part)]));
}

function differ(expected: Json, actual: Json | undefined, path: string): Difference | undefined {
  if (fitsForm(expected, actual)) return undefined;
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) return difference(expected, actual, path);
    return firstOf(expected.keys(), (i) => differ(expected[i], actual[i], `${path}.${i}`));
  }
  if (isFields(expected) && isFields(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return firstOf(keys, (key) =>
      differ(expected[key] as Json, actual[key], path === "" ? key : `${path}.${key}`),
    );
  }
  return expected === actual ? undefined : difference(expected, actual, path);
}

/** The forms that stand for any trace, any callback module, and OTP's own record of a child. */
function fitsForm(expected: Json, actual: Json | undefined): boolean {
  if (expected === "$mod") return typeof actual === "string";
  if (!isFields(expected)) return false;
  if (expected["stack"] === true) return Array.isArray(actual) && actual.length > 0;
  const id = expected["child_record"];
  if (id === undefined) return false;
  return typeof actual === "object" && JSON.stringify(actual).includes(JSON.stringify(id));
}

function firstOf<T>(
  parts: Iterable<T>,
  differenceOf: (part: T) => Difference | undefined,
): Difference | undefined {
  for (const part of parts) {
    const found = differenceOf(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

function difference(expected: Json, actual: Json | undefined, path: string): Difference {
  return { path, expected: brief(expected), actual: brief(actual) };
}

function brief(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX - 1)}…` : text;
}

function isFields(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
