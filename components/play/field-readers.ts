/**
 * Readers for values that somebody else wrote: each takes an unknown value and gives one of a known
 * type, or reports what was seen and what is allowed, and gives undefined. A reader goes on after
 * a complaint, so that one look tells all that is wrong.
 */
import { pathBelow } from "./json-text.ts";

/** A complaint: the path of a field, and what is to be said of it. */
export interface Found {
  readonly path: string;
  readonly says: string;
}

export type Report = (path: string, says: string) => void;

export type Reader<Value> = (value: unknown, path: string, report: Report) => Value | undefined;

/** A reader for a field that may be left out, with what it then is; undefined leaves it out. */
export interface Lenient<Value> {
  readonly read: Reader<Value>;
  readonly otherwise: Value | undefined;
}

/** A reader for each field of an object. */
export type Fields<Value> = {
  readonly [Key in keyof Value]-?: object extends Pick<Value, Key>
    ? Lenient<Exclude<Value[Key], undefined>>
    : Reader<Value[Key]> | Lenient<Value[Key]>;
};

export function optional<Value>(read: Reader<Value>): Lenient<Value> {
  return { read, otherwise: undefined };
}

export function or<Value>(read: Reader<Value>, otherwise: Value): Lenient<Value> {
  return { read, otherwise };
}

/** An object with these fields and no others. */
export function fields<Value extends object>(of: Fields<Value>): Reader<Value> {
  const readers = Object.entries(of) as [string, Reader<unknown> | Lenient<unknown>][];
  const names = readers.map(([name]) => name);
  return (value, path, report) => {
    if (!isRecord(value)) return refuse(value, path, report, `an object with ${names.join(", ")}`);
    const made: Record<string, unknown> = {};
    let isWhole = true;
    for (const name of Object.keys(value)) {
      if (Object.hasOwn(of, name)) continue;
      report(pathBelow(path, name), `there is no such field here; allowed: ${names.join(", ")}.`);
      isWhole = false;
    }
    for (const [name, reader] of readers) {
      const below = pathBelow(path, name);
      const isLenient = typeof reader !== "function";
      if (!Object.hasOwn(value, name)) {
        if (!isLenient) report(below, "it is missing.");
        isWhole &&= isLenient;
        if (isLenient && reader.otherwise !== undefined) made[name] = reader.otherwise;
        continue;
      }
      const read = (isLenient ? reader.read : reader)(value[name], below, report);
      if (read === undefined) isWhole = false;
      made[name] = read;
    }
    // Every field has gone through its own reader.
    return isWhole ? (made as Value) : undefined;
  };
}

/** One of several objects, told apart by the field `tag`. */
export function tagged<Value>(
  tag: string,
  of: Readonly<Record<string, Reader<NoInfer<Value>>>>,
  otherwise?: string,
): Reader<Value> {
  return (value, path, report) => {
    if (!isRecord(value)) return refuse(value, path, report, `an object with "${tag}"`);
    const kind = Object.hasOwn(value, tag) ? value[tag] : otherwise;
    const reader = typeof kind === "string" && Object.hasOwn(of, kind) ? of[kind] : undefined;
    if (reader === undefined)
      return refuse(kind, pathBelow(path, tag), report, oneOf(Object.keys(of)));
    return reader(value, path, report);
  };
}

/** A list of at most `most` entries, and at least `least`. */
export function listOf<Value>(
  of: Reader<Value>,
  most: number,
  least = 0,
): Reader<readonly Value[]> {
  return (value, path, report) => {
    const allowed = `a list of ${least === 0 ? "at most" : `${least} to`} ${most}`;
    if (!Array.isArray(value)) return refuse(value, path, report, allowed);
    if (value.length < least || value.length > most) {
      report(path, `${value.length} entries were seen; allowed: ${allowed}.`);
      return undefined;
    }
    const entries = value.map((entry, i) => of(entry, pathBelow(path, i), report));
    return entries.every((entry) => entry !== undefined) ? (entries as Value[]) : undefined;
  };
}

export function pairOf<Value>(of: Reader<Value>): Reader<readonly [Value, Value]> {
  const list = listOf(of, 2, 2);
  return (value, path, report) => list(value, path, report) as readonly [Value, Value] | undefined;
}

/** An object whose fields have names of their own. */
export function recordOf<Value>(
  name: Reader<string>,
  of: Reader<Value>,
): Reader<Readonly<Record<string, Value>>> {
  return (value, path, report) => {
    if (!isRecord(value)) return refuse(value, path, report, "an object");
    const made = Object.entries(value).map(([key, entry]) => [
      name(key, path, report),
      of(entry, pathBelow(path, key), report),
    ]);
    const isWhole = made.every(([key, entry]) => key !== undefined && entry !== undefined);
    return isWhole ? (Object.fromEntries(made) as Record<string, Value>) : undefined;
  };
}

export function whole(least: number, most: number): Reader<number> {
  return (value, path, report) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? (value as number)
      : refuse(value, path, report, `a whole number from ${count(least)} to ${count(most)}`);
}

export function number(least: number, most: number): Reader<number> {
  return (value, path, report) =>
    typeof value === "number" && value >= least && value <= most
      ? value
      : refuse(value, path, report, `a number from ${count(least)} to ${count(most)}`);
}

/** A text of a certain form; `allowed` says which. */
export function text(form: RegExp, allowed: string): Reader<string> {
  return (value, path, report) =>
    typeof value === "string" && form.test(value) ? value : refuse(value, path, report, allowed);
}

/** One of a few values. */
export function either<const Value>(...of: readonly Value[]): Reader<Value> {
  return (value, path, report) =>
    of.includes(value as Value) ? (value as Value) : refuse(value, path, report, oneOf(of));
}

/** Any plain data, of at most so many characters of JSON. */
export function anything(charactersMax: number): Reader<unknown> {
  return (value, path, report) => {
    const { length } = JSON.stringify(value) ?? "";
    if (length <= charactersMax) return value;
    report(path, `${count(length)} characters were seen; at most ${count(charactersMax)}.`);
    return undefined;
  };
}

/** A value with a rule that spans its fields: gives the field and what is wrong, or undefined. */
export function everyOf<Value>(
  read: Reader<Value>,
  wrong: (value: Value) => readonly [field: string, says: string] | undefined,
): Reader<Value> {
  return (value, path, report) => {
    const made = read(value, path, report);
    if (made === undefined) return undefined;
    const found = wrong(made);
    if (found === undefined) return made;
    const [field, says] = found;
    report(field === "" ? path : pathBelow(path, field), `${says}.`);
    return undefined;
  };
}

/** `"a", "b" or "c"`. */
export function oneOf(values: readonly unknown[]): string {
  const words = values.map((value) => JSON.stringify(value));
  const last = words.pop() ?? "nothing";
  return words.length === 0 ? last : `${words.join(", ")} or ${last}`;
}

/** What was seen, shortened, and what is allowed. */
export function seen(value: unknown, allowed: string): string {
  const shown = JSON.stringify(value) ?? "nothing";
  return `${shown.length > 60 ? `${shown.slice(0, 59)}…` : shown} was seen; allowed: ${allowed}.`;
}

function refuse(value: unknown, path: string, report: Report, allowed: string): undefined {
  report(path, seen(value, allowed));
  return undefined;
}

function count(figure: number): string {
  return figure.toLocaleString("en-US");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
