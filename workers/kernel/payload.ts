/**
 * What a message may carry, and the copy that is made of it at every send.
 *
 * Processes share nothing: the sender's data is copied, deeply frozen, and hashed in one walk.
 * A value that was copied before is not copied again, since nobody can have changed it. Rule M2.
 */
import { combine, hashNumber, hashText } from "./digest.ts";

/** A copy that cannot change, with its content's hash and a rough size. */
export interface Copied {
  readonly value: unknown;
  readonly hash: number;
  /** Bytes it would take on a wire, roughly: 8 a number, 2 a character, 16 an object. */
  readonly bytes: number;
}

/** The largest message, in bytes as counted above. The BEAM has no such bound; a browser must. */
export const MESSAGE_BYTES_MAX = 1_000_000;

/** How deep data may nest. */
const DEPTH_MAX = 200;

/** Thrown by `copy` into the code of whoever sends. */
export class NotSendable extends Error {
  override readonly name = "NotSendable";
}

const known = new WeakMap<object, Copied>();

/** Copies, freezes and hashes. Throws NotSendable for what is not plain data or is too large. */
export function copy(value: unknown): Copied {
  return walk(value, 0);
}

/** What is said of the one value that has no content. */
export const NOTHING: Copied = { value: undefined, hash: 0x1d, bytes: 0 };

function walk(value: unknown, depth: number): Copied {
  switch (typeof value) {
    case "undefined":
      return NOTHING;
    case "number":
      return { value, hash: hashNumber(value), bytes: 8 };
    case "string":
      if (2 * value.length > MESSAGE_BYTES_MAX) throw tooLarge();
      return { value, hash: hashText(value), bytes: 16 + 2 * value.length };
    case "boolean":
      return { value, hash: value ? 0x71 : 0x17, bytes: 1 };
    case "bigint":
      return { value, hash: combine(0x62, hashText(value.toString(16))), bytes: 24 };
    case "object":
      return value === null ? { value, hash: 0x2e, bytes: 1 } : walkObject(value, depth);
    default:
      throw new NotSendable(
        `a ${typeof value} cannot be sent: processes share no memory, so a message is plain data`,
      );
  }
}

function walkObject(value: object, depth: number): Copied {
  const before = known.get(value);
  if (before !== undefined) return before;
  if (depth > DEPTH_MAX) {
    throw new NotSendable(`a message nests deeper than ${DEPTH_MAX} levels, or contains itself`);
  }
  const copied = sized(copyObject(value, depth + 1));
  known.set(copied.value as object, copied);
  return copied;
}

function copyObject(value: object, depth: number): Copied {
  if (Array.isArray(value)) return copyArray(value, depth);
  if (value instanceof Map) return copyEntries(new Map(), value, 0x6d, depth);
  if (value instanceof Set) return copyArrayLike(value, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && !isPlain(prototype as object)) {
    const name = (value as { constructor?: { name?: string } }).constructor?.name ?? "object";
    throw new NotSendable(
      `an instance of ${name} cannot be sent: a message is plain data (numbers, texts, arrays, objects, Map, Set)`,
    );
  }
  const result: Record<string, unknown> = {};
  let hash = 0x0b;
  let bytes = 16;
  for (const key of Object.keys(value)) {
    const part = walk((value as Record<string, unknown>)[key], depth);
    define(result, key, part.value);
    hash = combine(combine(hash, hashText(key)), part.hash);
    bytes += 2 * key.length + part.bytes;
    if (bytes > MESSAGE_BYTES_MAX) throw tooLarge();
  }
  return { value: Object.freeze(result), hash, bytes };
}

/** The learner's realm may be another one than ours, so its Object.prototype is told by its shape. */
function isPlain(prototype: object): boolean {
  return prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** Plain assignment would call a setter for the key `__proto__`. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true });
  else target[key] = value;
}

function copyArray(value: readonly unknown[], depth: number): Copied {
  const result: unknown[] = [];
  let hash = combine(0xa5, value.length);
  let bytes = 16;
  for (let i = 0; i < value.length; i++) {
    const part = walk(value[i], depth);
    result.push(part.value);
    hash = combine(hash, part.hash);
    bytes += 8 + part.bytes;
    if (bytes > MESSAGE_BYTES_MAX) throw tooLarge();
  }
  return { value: Object.freeze(result), hash, bytes };
}

function copyArrayLike(value: ReadonlySet<unknown>, depth: number): Copied {
  const parts = copyArray([...value], depth);
  return {
    value: sealed(new Set(parts.value as unknown[])),
    hash: combine(0x5e7, parts.hash),
    bytes: parts.bytes,
  };
}

function copyEntries(
  result: Map<unknown, unknown>,
  value: ReadonlyMap<unknown, unknown>,
  start: number,
  depth: number,
): Copied {
  let hash = start;
  let bytes = 16;
  for (const [key, entry] of value) {
    const k = walk(key, depth);
    const v = walk(entry, depth);
    result.set(k.value, v.value);
    hash = combine(combine(hash, k.hash), v.hash);
    bytes += 16 + k.bytes + v.bytes;
    if (bytes > MESSAGE_BYTES_MAX) throw tooLarge();
  }
  return { value: sealed(result), hash, bytes };
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

function sized(copied: Copied): Copied {
  if (copied.bytes > MESSAGE_BYTES_MAX) throw tooLarge();
  return copied;
}

function tooLarge(): NotSendable {
  return new NotSendable(
    `a message may hold at most 1,000,000 bytes (8 a number, 2 a character); this one holds more`,
  );
}
