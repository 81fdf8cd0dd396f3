/** Expressions and patterns of the scripts (sections 2 to 4), on terms of the script's form. */
import { node, self } from "../../../workers/otp/index.ts";
import { bed, type Variables } from "./bed.ts";
import type { Json } from "./recording.ts";

/** The value of an expression in the running process. */
export function evaluate(expression: Json, variables: Variables): unknown {
  const value = (part: Json | undefined) => evaluate(part as Json, variables);
  const list = (part: Json | undefined) => value(part) as readonly unknown[];
  if (Array.isArray(expression)) return expression.map(value);
  if (!isFields(expression)) return expression;
  const [form] = Object.keys(expression);
  const argument = expression[form as string];
  switch (form) {
    case "t":
      return (argument as readonly Json[]).map(value);
    case "pid":
      return bed().pids.find(argument as string);
    case "ref":
      return bed().refs.find(argument as string);
    case "node":
      return argument;
    case "global":
      return ["global", value(argument)];
    case "self":
      return self();
    case "var":
      if (!variables.has(argument as string)) throw new Error(`no variable ${argument}`);
      return variables.get(argument as string);
    case "instance":
      return bed().pids.instanceOf(self());
    case "self_node":
      return node();
    case "add":
      return (list(argument)[0] as number) + (list(argument)[1] as number);
    case "append": {
      const [a, b] = argument as readonly Json[];
      return [...list(a), ...list(b)];
    }
    case "hd":
      return list(argument)[0];
    case "tl":
      return list(argument).slice(1);
    case "len":
      return list(argument).length;
    case "elem": {
      const [n, from] = argument as readonly Json[];
      return list(from)[(value(n) as number) - 1];
    }
    default:
      throw new Error(`the scenario has an unknown expression: ${JSON.stringify(expression)}`);
  }
}

/** A pattern whose expressions have been evaluated: gives the variables it binds, or undefined. */
export type Matcher = (term: unknown) => ReadonlyMap<string, unknown> | undefined;

/** Evaluates what is pinned in a pattern; variables that it binds are not among `variables` yet. */
export function matcherOf(pattern: Json, variables: Variables): Matcher {
  const walk = partOf(pattern, variables);
  return (term) => {
    const bound = new Map<string, unknown>();
    return walk(term, bound) ? bound : undefined;
  };
}

type Part = (term: unknown, bound: Map<string, unknown>) => boolean;

function partOf(pattern: Json, variables: Variables): Part {
  const elements = elementsOf(pattern);
  if (elements !== undefined) {
    const parts = elements.map((element) => partOf(element, variables));
    return (term, bound) =>
      Array.isArray(term) &&
      term.length === parts.length &&
      parts.every((part, i) => part(term[i], bound));
  }
  if (isFields(pattern) && pattern["any"] === true) return () => true;
  if (isFields(pattern) && typeof pattern["bind"] === "string") {
    const name = pattern["bind"];
    return (term, bound) => {
      if (bound.has(name)) return isEqual(bound.get(name), term);
      bound.set(name, term);
      return true;
    };
  }
  const pinned = evaluate(pattern, variables);
  return (term) => isEqual(pinned, term);
}

/** A list's or tuple's elements: these are matched by shape. */
function elementsOf(pattern: Json): readonly Json[] | undefined {
  if (Array.isArray(pattern)) return pattern;
  return isFields(pattern) && Array.isArray(pattern["t"]) ? pattern["t"] : undefined;
}

/** Deep equality of terms. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(b).length &&
    keys.every((key) =>
      isEqual((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  );
}

function isFields(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
