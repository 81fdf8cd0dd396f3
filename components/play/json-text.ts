/**
 * JSON with the place of every value, so that a complaint about a field can be marked where the
 * field is written. Browsers' own parsers say where only in words, each in its own.
 *
 * Stricter than JSON.parse: no field twice, no `__proto__`, nothing deeper than DEPTH_MAX.
 */

/** A stretch of the text, in characters from 0; the end is not part of it. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Where each value stands, by its path: "nodes[1].cores"; "" is the whole. */
export type Places = ReadonlyMap<string, Stretch>;

export type JsonText =
  | { readonly ok: true; readonly value: unknown; readonly places: Places }
  | { readonly ok: false; readonly message: string; readonly at: Stretch };

/** Objects and lists within each other. */
const DEPTH_MAX = 24;

/** Thrown within this file only; turned into a refusal at its door. */
class Misread {
  readonly message: string;
  readonly at: Stretch;
  constructor(message: string, from: number, to = from + 1) {
    this.message = message;
    this.at = { from, to };
  }
}

/** Reads a text as JSON, or says in a sentence what is wrong and where. */
export function parseJsonText(text: string): JsonText {
  const places = new Map<string, Stretch>();
  const end = { at: 0 };
  try {
    const value = readValue(text, end, "", 0, places);
    skipBlanks(text, end);
    if (end.at < text.length)
      throw new Misread(`${seenAt(text, end.at)} was seen after the end of the JSON.`, end.at);
    return { ok: true, value, places };
  } catch (thrown) {
    if (thrown instanceof Misread) return { ok: false, message: thrown.message, at: thrown.at };
    throw thrown;
  }
}

/** The path of a field or an entry below another path. */
export function pathBelow(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}

interface Cursor {
  at: number;
}

function readValue(
  text: string,
  cursor: Cursor,
  path: string,
  depth: number,
  places: Map<string, Stretch>,
): unknown {
  skipBlanks(text, cursor);
  const from = cursor.at;
  if (depth > DEPTH_MAX) throw new Misread(`More than ${DEPTH_MAX} levels are not allowed.`, from);
  const value = readBare(text, cursor, path, depth, places);
  places.set(path, { from, to: cursor.at });
  return value;
}

function readBare(
  text: string,
  cursor: Cursor,
  path: string,
  depth: number,
  places: Map<string, Stretch>,
): unknown {
  switch (text[cursor.at]) {
    case "{":
      return readObject(text, cursor, path, depth, places);
    case "[":
      return readList(text, cursor, path, depth, places);
    case '"':
      return readString(text, cursor);
    default:
      return readWord(text, cursor);
  }
}

function readObject(
  text: string,
  cursor: Cursor,
  path: string,
  depth: number,
  places: Map<string, Stretch>,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  cursor.at++;
  if (closes(text, cursor, "}")) return fields;
  for (;;) {
    skipBlanks(text, cursor);
    const from = cursor.at;
    if (text[from] !== '"')
      throw new Misread(`A field in "quotes" is expected; ${seenAt(text, from)} was seen.`, from);
    const key = readString(text, cursor);
    if (key === "__proto__" || Object.hasOwn(fields, key))
      throw new Misread(
        key === "__proto__" ? `"${key}" cannot be a field.` : `"${key}" is there twice.`,
        from,
        cursor.at,
      );
    expect(text, cursor, ":", `":" after "${key}"`);
    fields[key] = readValue(text, cursor, pathBelow(path, key), depth + 1, places);
    if (closes(text, cursor, "}")) return fields;
    expect(text, cursor, ",", '"," or "}"');
  }
}

function readList(
  text: string,
  cursor: Cursor,
  path: string,
  depth: number,
  places: Map<string, Stretch>,
): unknown[] {
  const entries: unknown[] = [];
  cursor.at++;
  if (closes(text, cursor, "]")) return entries;
  for (;;) {
    entries.push(readValue(text, cursor, pathBelow(path, entries.length), depth + 1, places));
    if (closes(text, cursor, "]")) return entries;
    expect(text, cursor, ",", '"," or "]"');
  }
}

/** A string ends on its own line, so one that is left open is marked where it begins. */
function readString(text: string, cursor: Cursor): string {
  const from = cursor.at;
  const end = /"(?:[^"\\\n]|\\.)*"/y;
  end.lastIndex = from;
  const [found] = end.exec(text) ?? [];
  if (found === undefined) throw new Misread("This text has no closing quote.", from);
  cursor.at += found.length;
  try {
    return JSON.parse(found) as string;
  } catch {
    throw new Misread("There is an escape in this text that JSON lacks.", from, cursor.at);
  }
}

function readWord(text: string, cursor: Cursor): unknown {
  const from = cursor.at;
  const word = /[^\s,\]}:"[{]+/y;
  word.lastIndex = from;
  const [found] = word.exec(text) ?? [];
  if (found === undefined)
    throw new Misread(`A value is expected; ${seenAt(text, from)} was seen.`, from);
  cursor.at += found.length;
  try {
    return JSON.parse(found);
  } catch {
    const message = `${found.slice(0, 40)} is no value: texts stand in "quotes".`;
    throw new Misread(message, from, cursor.at);
  }
}

/** Takes the closing bracket if it is next. */
function closes(text: string, cursor: Cursor, bracket: string): boolean {
  skipBlanks(text, cursor);
  if (text[cursor.at] !== bracket) return false;
  cursor.at++;
  return true;
}

function expect(text: string, cursor: Cursor, sign: string, what: string): void {
  skipBlanks(text, cursor);
  const { at } = cursor;
  if (text[at] !== sign)
    throw new Misread(`${what} is expected; ${seenAt(text, at)} was seen.`, at);
  cursor.at++;
}

function skipBlanks(text: string, cursor: Cursor): void {
  const blanks = /[ \t\r\n]*/y;
  blanks.lastIndex = cursor.at;
  cursor.at += blanks.exec(text)?.[0].length ?? 0;
}

function seenAt(text: string, at: number): string {
  const sign = text[at];
  return sign === undefined ? "the end of the text" : sign === "\n" ? "a new line" : `"${sign}"`;
}
