/**
 * Terms, in three forms.
 *
 * - The product's: what our API takes and gives. `{ tag: "DOWN", … }`, `{ name, node }`, `Infinity`.
 * - The script's: what steps compute with, Erlang's shapes. `["DOWN", ref, …]`, `[name, node]`,
 *   `"infinity"`. Tuples and lists are both arrays.
 * - The normal form: what is compared. Pids and references by their labels (section 10).
 */
import { isPid } from "../../../workers/kernel/index.ts";
import type { Json } from "./recording.ts";

type Fields = Readonly<Record<string, unknown>>;

/** From the product's form to the script's. */
export function decode(value: unknown): unknown {
  if (value === undefined) return "undefined";
  if (value === Number.POSITIVE_INFINITY) return "infinity";
  if (Array.isArray(value)) return value.map(decode);
  return isFields(value) ? decodeFields(value) : value;
}

function decodeFields(fields: Fields): unknown {
  const [first, second] = Object.keys(fields).sort();
  switch (fields["tag"]) {
    case "DOWN":
      return tuple("DOWN", fields["ref"], fields["type"], fields["object"], fields["reason"]);
    case "EXIT":
      return tuple("EXIT", fields["from"], fields["reason"]);
    case "nodedown":
    case "nodeup":
      return tuple(fields["tag"], fields["node"]);
    case "timeout":
      return tuple("timeout", fields["ref"], fields["message"]);
    case "cancel_timer":
      return tuple("cancel_timer", fields["ref"], fields["result"]);
    case "global_name_conflict":
      return "pid" in fields
        ? tuple("global_name_conflict", fields["name"], fields["pid"])
        : tuple("global_name_conflict", fields["name"]);
    case "pg":
      return tuple(fields["ref"], fields["event"], fields["group"], fields["pids"]);
  }
  if (first === "name" && second === "node") return tuple(fields["name"], fields["node"]);
  if (first === "global") return tuple("global", fields["global"]);
  if (first === "continue") return tuple("continue", fields["continue"]);
  return Object.fromEntries(Object.entries(fields).map(([key, part]) => [key, decode(part)]));
}

function tuple(...parts: readonly unknown[]): unknown {
  return parts.map(decode);
}

/** From the script's form to the product's. */
export function encode(value: unknown): unknown {
  if (value === "undefined") return undefined;
  if (!Array.isArray(value)) return value;
  const [word, a, b, c, d] = value.map(encode);
  if (word === "EXIT" && value.length === 3 && isPid(a)) return { tag: "EXIT", from: a, reason: b };
  if (word === "DOWN" && value.length === 5 && isRef(a))
    return { tag: "DOWN", ref: a, type: b, object: c, reason: d };
  if (word === "timeout" && value.length === 3 && isRef(a))
    return { tag: "timeout", ref: a, message: b };
  if (word === "$gen_call" && value.length === 3 && isFrom(a))
    return ["$gen_call", { pid: a[0], ref: a[1] }, b];
  return value.map(encode);
}

/** A time of the API: `infinity` is a number there. */
export function encodeMs(value: unknown): unknown {
  return value === "infinity" ? Number.POSITIVE_INFINITY : encode(value);
}

/** Whom an op acts on: `{name, node}` and `{global, name}` are objects of the API. */
export function encodeDestination(value: unknown): unknown {
  if (!Array.isArray(value) || value.length !== 2) return encode(value);
  const [name, node] = value as readonly unknown[];
  return name === "global" ? { global: node } : { name, node };
}

/** What a callback returns: the last part of some tuples is a time-out or `{continue, Term}`. */
export function encodeReturn(value: unknown): unknown {
  if (!Array.isArray(value)) return encode(value);
  const thenAt = value[0] === "reply" ? 3 : 2;
  const hasThen = ["ok", "noreply", "reply"].includes(value[0]) && value.length === thenAt + 1;
  if (!hasThen) return encode(value);
  const then: unknown = value[thenAt];
  const isContinue = Array.isArray(then) && then[0] === "continue" && then.length === 2;
  return [
    ...value.slice(0, thenAt).map(encode),
    isContinue ? { continue: encode(then[1]) } : encodeMs(then),
  ];
}

/** From the script's form to the normal form. `pidName` and `refName` give labels, "?" for none. */
export function normalise(
  value: unknown,
  pidName: (pid: string) => string,
  refName: (ref: string) => string,
): Json {
  const walk = (part: unknown): Json => {
    if (isPid(part)) return { pid: pidName(part) };
    if (isRef(part)) return { ref: refName(part) };
    if (Array.isArray(part)) return part.map(walk);
    if (!isFields(part)) return part as Json;
    if ("pid" in part && "ref" in part) return { from: walk(part["pid"]) };
    const pairs = Object.entries(part).map(([key, each]) => [key, walk(each)] as const);
    return { map: pairs.sort(([a], [b]) => (a < b ? -1 : 1)) };
  };
  return walk(value);
}

function isRef(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("#");
}

function isFrom(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && isPid(value[0]) && isRef(value[1]);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
