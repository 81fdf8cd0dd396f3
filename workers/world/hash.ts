/**
 * hash: a number for any plain term, the same on every node and in every run, so that all can say
 * without a message where a key belongs. Rules in SPEC.md, RG.
 *
 * It is the hash of the text that `keyOf` makes of a term, with its bits mixed (digest.ts), so equal
 * terms have equal hashes and the order of an object's fields does not count. Erlang's own phash2
 * was refused: its numbers could only be compared with those of a real node for terms that have
 * the same form there, and there are few.
 */
import { copy, ErlangError, hashText } from "../kernel/index.ts";
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
  return hashText(textOf(key)) % range;
}

/** Texts and numbers are what keys mostly are; anything else is copied first, which refuses what is no plain data. */
function textOf(key: unknown): string {
  const isSimple = typeof key === "string" || typeof key === "number";
  return keyOf(isSimple ? key : copy(key).shown);
}
