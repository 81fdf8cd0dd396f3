/**
 * hash: a number for any plain term, the same on every node and in every run, so that all can say
 * without a message where a key belongs. Rules in SPEC.md, RG.
 *
 * It is a hash of the text that `keyOf` makes of a term, so equal terms have equal hashes and the
 * order of an object's fields does not count. Erlang's own phash2 was refused: its numbers could only
 * be compared with those of a real node for terms that have the same form there, and there are few.
 */
import { combine, copy, ErlangError, finishHash } from "../kernel/index.ts";
import { keyOf } from "../otp/term-key.ts";

/** How many numbers there are unless it is said: 2 to the 27, as for phash2. */
const RANGE = 2 ** 27;

/** The widest range: all the bits there are. */
export const RANGE_MAX = 2 ** 32;

/**
 * A whole number from 0 to `range` − 1 that hangs on the key's content alone: the same on every node,
 * in every run. Any plain data can be a key; −0 is 0. `range` is 1 to 2 ** 32, default 2 ** 27.
 * Not the same numbers as a real node gives. `erlang:phash2/1,2`.
 */
export function hash(key: unknown, range: number = RANGE): number {
  if (!Number.isInteger(range) || range < 1 || range > RANGE_MAX) {
    throw new ErlangError(
      "badarg",
      `hash(key, range) takes a whole number from 1 to 2 ** 32 as its range, not ${String(range)}`,
    );
  }
  return murmur(textOf(key)) % range;
}

/**
 * MurmurHash3 over the characters (Austin Appleby, public domain). The kernel's own hash of texts
 * is made for telling contents apart; for keys of one character it leaves more order than a
 * learner who tries the keys 0 to 9 should meet.
 */
function murmur(text: string): number {
  let h = text.length;
  for (let i = 0; i < text.length; i++) h = combine(h, text.charCodeAt(i));
  return finishHash(h);
}

/** Texts and numbers are what keys mostly are; anything else is copied first, which refuses what is no plain data. */
function textOf(key: unknown): string {
  const isSimple = typeof key === "string" || typeof key === "number";
  return keyOf(isSimple ? key : copy(key).shown);
}
