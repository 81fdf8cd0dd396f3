/**
 * What a message may carry, and the copy that is made of it at every send.
 *
 * Processes share nothing: the sender's data is copied, deeply frozen, and hashed in one walk. The
 * walk makes no object besides the copy, since it is done for every message: what it finds out
 * stands in `measured` until the next walk. Large values that were copied before are not copied
 * again, since nobody can have changed them. Rule M2.
 */
import { combine, hashNumber, hashText } from "./digest.ts";

/** A copy that cannot change, with its content's hash and a rough size. */
export interface Copied {
  readonly value: unknown;
  readonly hash: number;
  /** Bytes it would take on a wire, roughly: 8 a number, 2 a character, 16 an object. */
  readonly bytes: number;
  /** What a trace keeps of it. */
  readonly shown: unknown;
}

/** The largest message, in bytes as counted above. The BEAM has no such bound; a browser must. */
export const MESSAGE_BYTES_MAX = 1_000_000;

/** How deep data may nest. */
const DEPTH_MAX = 200;

/** Copies from this size on are remembered; below, copying again is cheaper than looking up. */
const REMEMBERED_BYTES_MIN = 2048;

/** Thrown by `copy` into the code of whoever sends. */
export class NotSendable extends Error {
  override readonly name = "NotSendable";
}

interface Known extends Omit<Copied, "shown"> {
  /** Set for what a program exports: "file name". */
  readonly exported: string | undefined;
}

const known = new WeakMap<object, Known>();

/** What the last `copyValue` found out about its value. Read it before the next copy is made. */
export const measured = {
  hash: 0,
  bytes: 0,
  /** Something in it is an exported function or definition, which another node must look up. */
  hasExports: false,
  /** A Map or Set is in it, which freezing does not stop from changing. */
  hasCollections: false,
};

/** True while nothing is taken from what was copied before. */
let isAfresh = false;

/** Copies and freezes; leaves hash and size in `measured`. Throws NotSendable for what is not plain data or is too large. */
export function copyValue(value: unknown): unknown {
  measured.hasExports = false;
  measured.hasCollections = false;
  return walk(value, 0);
}

/** As `copyValue`, sharing nothing with any other copy: two messages are never one object elsewhere. */
export function copyAfresh(value: unknown): unknown {
  isAfresh = true;
  try {
    return copyValue(value);
  } finally {
    isAfresh = false;
  }
}

/** True when the value that was copied last may be one object with another copy. */
export function isRemembered(): boolean {
  return measured.bytes >= REMEMBERED_BYTES_MIN;
}

/** As `copyValue`, for where an object more does not matter. */
export function copy(value: unknown): Copied {
  const copied = copyValue(value);
  const { hash, bytes } = measured;
  return { value: copied, hash, bytes, shown: shownOf(copied) };
}

/**
 * What a trace keeps of the value that was copied last. A trace goes to other threads, which have the
 * names of exports but not the functions; and whoever gets a Map could change the trace with it.
 */
export function shownOf(copied: unknown): unknown {
  if (measured.hasExports) return nameExports(copied);
  return measured.hasCollections ? copyAfresh(copied) : copied;
}

/** The hash of undefined, the one value that has no content. */
const NOTHING_HASH = 0x1d;

function found(hash: number, bytes: number): void {
  measured.hash = hash;
  measured.bytes = bytes;
}

function walk(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "undefined":
      found(NOTHING_HASH, 0);
      return value;
    case "number":
      found(hashNumber(value), 8);
      return value;
    case "string":
      if (2 * value.length > MESSAGE_BYTES_MAX) throw tooLarge();
      found(hashText(value), 16 + 2 * value.length);
      return value;
    case "boolean":
      found(value ? 0x71 : 0x17, 1);
      return value;
    case "bigint":
      found(combine(0x62, hashText(value.toString(16))), 24);
      return value;
    case "object":
      if (value !== null) return walkObject(value, depth);
      found(0x2e, 1);
      return value;
    case "function":
      return walkFunction(value);
    default:
      throw new NotSendable(
        `a ${typeof value} cannot be sent: processes share no memory, so a message is plain data`,
      );
  }
}

function walkFunction(value: object): unknown {
  const before = known.get(value);
  if (before === undefined) {
    throw new NotSendable(
      "a function cannot be sent, unless a file exports it: processes share no memory, so a message is plain data",
    );
  }
  measured.hasExports = true;
  found(before.hash, before.bytes);
  return value;
}

function walkObject(value: object, depth: number): unknown {
  const before = known.get(value);
  if (before !== undefined && (!isAfresh || before.exported !== undefined)) {
    if (before.exported !== undefined) measured.hasExports = true;
    found(before.hash, before.bytes);
    return before.value;
  }
  if (depth > DEPTH_MAX) {
    throw new NotSendable(`a message nests deeper than ${DEPTH_MAX} levels, or contains itself`);
  }
  const copied = copyObject(value, depth + 1);
  if (measured.bytes > MESSAGE_BYTES_MAX) throw tooLarge();
  const { hash, bytes, hasExports, hasCollections } = measured;
  if (bytes >= REMEMBERED_BYTES_MIN && !hasExports && !hasCollections) {
    known.set(copied, { value: copied, hash, bytes, exported: undefined });
  }
  return copied;
}

function copyObject(value: object, depth: number): object {
  if (Array.isArray(value)) return copyArray(value, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return copyFields(value, depth);
  if (value instanceof Map) return copyMap(value, depth);
  if (value instanceof Set) return copySet(value, depth);
  // The learner's realm may be another one than ours, so its Object.prototype is told by its shape.
  if (Object.getPrototypeOf(prototype) === null) return copyFields(value, depth);
  const name = (value as { constructor?: { name?: string } }).constructor?.name ?? "object";
  throw new NotSendable(
    `an instance of ${name} cannot be sent: a message is plain data (numbers, texts, arrays, objects, Map, Set)`,
  );
}

function copyFields(value: object, depth: number): object {
  const result: Record<string, unknown> = {};
  const source = value as Readonly<Record<string, unknown>>;
  let hash = 0x0b;
  let bytes = 16;
  for (const key of Object.keys(value)) {
    const part = walk(read(source, key), depth);
    // Plain assignment would call a setter for this key.
    if (key === "__proto__") Object.defineProperty(result, key, { value: part, enumerable: true });
    else result[key] = part;
    hash = combine(combine(hash, hashText(key)), measured.hash);
    bytes += 2 * key.length + measured.bytes;
    if (bytes > MESSAGE_BYTES_MAX) throw tooLarge();
  }
  found(hash, bytes);
  return Object.freeze(result);
}

/** A getter is the sender's code: what it sends meanwhile must not change what is found out here. */
function read(source: Readonly<Record<string | number, unknown>>, key: string | number): unknown {
  const { hasExports, hasCollections } = measured;
  const value = source[key];
  measured.hasExports = hasExports;
  measured.hasCollections = hasCollections;
  return value;
}

function copyArray(value: readonly unknown[], depth: number): object {
  const result: unknown[] = [];
  const { length } = value;
  let hash = combine(0xa5, length);
  let bytes = 16;
  for (let i = 0; i < length; i++) {
    result.push(walk(read(value as never, i), depth));
    hash = combine(hash, measured.hash);
    bytes += 8 + measured.bytes;
    if (bytes > MESSAGE_BYTES_MAX) throw tooLarge();
  }
  found(hash, bytes);
  return Object.freeze(result);
}

function copySet(value: ReadonlySet<unknown>, depth: number): object {
  const parts = copyArray([...value], depth) as readonly unknown[];
  measured.hasCollections = true;
  measured.hash = combine(0x5e7, measured.hash);
  return sealed(new Set(parts));
}

function copyMap(value: ReadonlyMap<unknown, unknown>, depth: number): object {
  const result = new Map<unknown, unknown>();
  let hash = 0x6d;
  let bytes = 16;
  for (const [key, entry] of value) {
    const ownKey = walk(key, depth);
    hash = combine(hash, measured.hash);
    bytes += 16 + measured.bytes;
    result.set(ownKey, walk(entry, depth));
    hash = combine(hash, measured.hash);
    bytes += measured.bytes;
    if (bytes > MESSAGE_BYTES_MAX) throw tooLarge();
  }
  found(hash, bytes);
  measured.hasCollections = true;
  return sealed(result);
}

/** Freezing does not stop a Map or Set from changing; shadowing its changing methods does. */
function sealed<T extends object>(collection: T): T {
  for (const method of ["set", "add", "delete", "clear"]) {
    if (method in collection) Object.defineProperty(collection, method, { value: refuseChange });
  }
  return Object.freeze(collection);
}

function refuseChange(): never {
  throw new TypeError("a message cannot be changed: copy it first");
}

function tooLarge(): NotSendable {
  return new NotSendable(
    `a message may hold at most 1,000,000 bytes (8 a number, 2 a character); this one holds more`,
  );
}

// What a program exports. Its functions and definitions exist once on every node; they may stand in
// messages as Erlang's `fun m:f/a` may, and each node finds its own.

/** The exports of every file of a program, as one node has them. */
export type Exports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** How an export is written while it is on a wire. */
interface ExportName {
  readonly $export: readonly [file: string, name: string];
}

/** Lets the functions and definitions that a node's program exports stand in messages. */
export function declareExports(exports: Exports): void {
  for (const file of Object.keys(exports)) {
    const module = exports[file] as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(module)) {
      const value = module[name];
      const isDefinition =
        typeof value === "object" &&
        value !== null &&
        typeof (value as { kind?: unknown }).kind === "string";
      if (typeof value !== "function" && !isDefinition) continue;
      const exported = `${file} ${name}`;
      known.set(value as object, { value, hash: hashText(exported), bytes: 16, exported });
    }
  }
}

/** The file and name under which something is exported; undefined when it is not. */
export function exportName(value: unknown): readonly [file: string, name: string] | undefined {
  const exported =
    typeof value === "function" || (typeof value === "object" && value !== null)
      ? known.get(value)?.exported
      : undefined;
  if (exported === undefined) return undefined;
  const space = exported.indexOf(" ");
  return [exported.slice(0, space), exported.slice(space + 1)];
}

/** A copied value with every export in it replaced by its name: what another node can be sent. */
export function nameExports(value: unknown): unknown {
  return mapParts(value, (part) => {
    const name = exportName(part);
    return name === undefined ? undefined : { $export: name };
  });
}

/** The other way round, on the node that received it. What it does not export becomes undefined. */
export function findExports(value: unknown, exports: Exports): unknown {
  return mapParts(value, (part) => {
    const name = (part as Partial<ExportName> | null)?.$export;
    return Array.isArray(name) ? (exports[name[0]]?.[name[1]] ?? null) : undefined;
  });
}

function mapParts(value: unknown, replace: (part: unknown) => unknown): unknown {
  const replaced =
    typeof value === "object" || typeof value === "function" ? replace(value) : undefined;
  if (replaced !== undefined) return replaced;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((part) => mapParts(part, replace));
  if (value instanceof Map) {
    return new Map(
      [...value].map(([key, part]) => [mapParts(key, replace), mapParts(part, replace)]),
    );
  }
  if (value instanceof Set) return new Set([...value].map((part) => mapParts(part, replace)));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, mapParts(part, replace)]),
  );
}
