/**
 * One row of a trace as numbers of 32 bits: six words, and up to three beside it.
 *
 * Six words hold what every row has; 24 bytes. What most rows lack stands in a side column, found
 * by the offset that the row's head carries: the value (one word, or the two of a float; none when
 * it is 0 or equal to the row's time, as that of a send within one node) and, after it, the number
 * of the payload. A row's side words follow those of the row before, so a reader who goes from row
 * to row needs no offsets.
 */

/** Words of a row. */
export const ROW_WORDS = 6;

/** Where each word of a row stands. `AT` holds the lower 32 bits of the time. */
export const AT = 0;
export const PROCESS = 1;
export const PEER = 2;
export const MESSAGE = 3;
export const CAUSE = 4;
/** From the lowest bit: kind (6), signal (5), mode of the value (2), has a payload (1), offset (18). */
export const HEAD = 5;

const SIGNAL_SHIFT = 6;
const MODE_SHIFT = 11;
const PAYLOAD_BIT = 1 << 13;
const OFFSET_SHIFT = 14;

/** Most side words of a row. Offsets fit when rows and side words stand in blocks of at most 2^16 rows. */
export const SIDE_WORDS_MAX = 3;

/** How a row holds its value: it is 0; it is the row's time; one side word; a float's two, lower first. */
export const VALUE_ZERO = 0;
export const VALUE_AT = 1;
export const VALUE_WORD = 2;
export const VALUE_FLOAT = 3;

export function headOf(
  kind: number,
  signal: number,
  mode: number,
  payload: number,
  offset: number,
): number {
  const known = kind | (signal << SIGNAL_SHIFT) | (mode << MODE_SHIFT);
  return (payload === 0 ? known : known | PAYLOAD_BIT) | (offset << OFFSET_SHIFT);
}

export function kindIn(head: number): number {
  return head & 63;
}

export function signalIn(head: number): number {
  return (head >>> SIGNAL_SHIFT) & 31;
}

export function modeIn(head: number): number {
  return (head >>> MODE_SHIFT) & 3;
}

export function hasPayload(head: number): boolean {
  return (head & PAYLOAD_BIT) !== 0;
}

/** Where the row's side words begin within those of its block. */
export function offsetIn(head: number): number {
  return head >>> OFFSET_SHIFT;
}

/** Kind, signal and mode: what of a head is told and not only where it was put. */
export function contentIn(head: number): number {
  return head & (PAYLOAD_BIT - 1);
}

/** How many side words hold the value; the payload's number, if there is one, comes next. */
export function valueLengthIn(head: number): number {
  const mode = modeIn(head);
  return mode > VALUE_AT ? mode - 1 : 0;
}

export function sideLengthIn(head: number): number {
  return valueLengthIn(head) + (hasPayload(head) ? 1 : 0);
}

/** How `value` is held in a row of time `at`. */
export function modeOf(value: number, at: number): number {
  if (value === 0) return VALUE_ZERO;
  if (value === at) return VALUE_AT;
  return value >>> 0 === value ? VALUE_WORD : VALUE_FLOAT;
}

const float = new Float64Array(1);
const halves = new Uint32Array(float.buffer);
/** Which half of a float comes first in memory; the same everywhere that this is likely to run. */
const LOWER = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1;

/** Writes a float's two words, lower first. */
export function putFloat(side: Uint32Array, offset: number, value: number): void {
  float[0] = value;
  side[offset] = halves[LOWER] as number;
  side[offset + 1] = halves[1 - LOWER] as number;
}

/** The float that `putFloat` wrote. */
export function floatAt(side: Uint32Array, offset: number): number {
  halves[LOWER] = side[offset] as number;
  halves[1 - LOWER] = side[offset + 1] as number;
  return float[0] as number;
}
