/**
 * Hashes: of a payload's content (32 bits, beside each payload) and of a whole trace (128 bits).
 *
 * They answer one question, "is it the same run", in any engine and placement. They are no defence
 * against someone who wants two runs to look alike. A trace's is MurmurHash3, x86, 128 bits (Austin
 * Appleby, public domain): four lanes with a word each, so that a processor works on all at once.
 */
import {
  AT,
  CAUSE,
  contentIn,
  HEAD,
  hasPayload,
  MESSAGE,
  modeIn,
  offsetIn,
  PEER,
  PROCESS,
  ROW_WORDS,
  VALUE_AT,
  VALUE_FLOAT,
  valueLengthIn,
} from "./row.ts";

/** Said beside a row's kind, signal and mode when a third block of words follows its first two. */
const HAS_MORE = 1 << 13;

/**
 * Folds rows into 128 bits, block by block of four words. A row is
 *
 *     at (lower half)   kind, signal, mode   process        peer
 *     message           cause                payload hash   value (lower half)
 *     at (upper half)   value (upper half)   0              0         only when one of them is not 0
 *
 * so equal digests mean equal rows and equal payload hashes, but for chance. It is the same whether
 * rows are folded as they are written or all at the end. Rules R2 and R3.
 */
export class RowDigest {
  readonly #lanes = new Int32Array(4);
  #blockCount = 0;

  /**
   * Folds the rows from `from` to, not including, `to` of a block (row.ts); `epoch` is the upper half
   * of all their times. `hashes` are the payloads' by number; without it the number is the hash.
   */
  fold(
    words: Uint32Array,
    side: Uint32Array,
    from: number,
    to: number,
    epoch: number,
    hashes: Uint32Array | undefined,
  ): void {
    // This runs for every row: lanes and factors are the function's own, and the mixing is written out.
    const C1 = 0x239b961b;
    const C2 = 0xab0e9789 | 0;
    const C3 = 0x38b34ae5;
    const C4 = 0xa1e38b93 | 0;
    const D1 = 0x561ccd1b;
    const D2 = 0x0bcaa747;
    const D3 = 0x96cd1c35 | 0;
    const D4 = 0x32ac3b17;
    const lanes = this.#lanes;
    let a = lanes[0] as number;
    let b = lanes[1] as number;
    let c = lanes[2] as number;
    let d = lanes[3] as number;
    let k = 0;
    let blockCount = this.#blockCount + 2 * (to - from);
    for (let row = from; row < to; row++) {
      const first = row * ROW_WORDS;
      const head = words[first + HEAD] as number;
      const mode = modeIn(head);
      const hasMore = mode === VALUE_FLOAT || epoch !== 0;
      let value = 0;
      let hash = 0;
      if (mode > VALUE_AT) value = side[offsetIn(head)] as number;
      if (hasPayload(head)) {
        hash = side[offsetIn(head) + valueLengthIn(head)] as number;
        if (hashes !== undefined) hash = hashes[hash] as number;
      }
      k = Math.imul(words[first + AT] as number, C1);
      a ^= Math.imul((k << 15) | (k >>> 17), C2);
      a = (Math.imul((((a << 19) | (a >>> 13)) + b) | 0, 5) + D1) | 0;
      k = Math.imul(hasMore ? contentIn(head) | HAS_MORE : contentIn(head), C2);
      b ^= Math.imul((k << 16) | (k >>> 16), C3);
      b = (Math.imul((((b << 17) | (b >>> 15)) + c) | 0, 5) + D2) | 0;
      k = Math.imul(words[first + PROCESS] as number, C3);
      c ^= Math.imul((k << 17) | (k >>> 15), C4);
      c = (Math.imul((((c << 15) | (c >>> 17)) + d) | 0, 5) + D3) | 0;
      k = Math.imul(words[first + PEER] as number, C4);
      d ^= Math.imul((k << 18) | (k >>> 14), C1);
      d = (Math.imul((((d << 13) | (d >>> 19)) + a) | 0, 5) + D4) | 0;

      k = Math.imul(words[first + MESSAGE] as number, C1);
      a ^= Math.imul((k << 15) | (k >>> 17), C2);
      a = (Math.imul((((a << 19) | (a >>> 13)) + b) | 0, 5) + D1) | 0;
      k = Math.imul(words[first + CAUSE] as number, C2);
      b ^= Math.imul((k << 16) | (k >>> 16), C3);
      b = (Math.imul((((b << 17) | (b >>> 15)) + c) | 0, 5) + D2) | 0;
      k = Math.imul(hash, C3);
      c ^= Math.imul((k << 17) | (k >>> 15), C4);
      c = (Math.imul((((c << 15) | (c >>> 17)) + d) | 0, 5) + D3) | 0;
      k = Math.imul(value, C4);
      d ^= Math.imul((k << 18) | (k >>> 14), C1);
      d = (Math.imul((((d << 13) | (d >>> 19)) + a) | 0, 5) + D4) | 0;

      if (!hasMore) continue;
      blockCount++;
      const upper = mode === VALUE_FLOAT ? (side[offsetIn(head) + 1] as number) : 0;
      k = Math.imul(epoch, C1);
      a ^= Math.imul((k << 15) | (k >>> 17), C2);
      a = (Math.imul((((a << 19) | (a >>> 13)) + b) | 0, 5) + D1) | 0;
      k = Math.imul(upper, C2);
      b ^= Math.imul((k << 16) | (k >>> 16), C3);
      b = (Math.imul((((b << 17) | (b >>> 15)) + c) | 0, 5) + D2) | 0;
      c = (Math.imul((((c << 15) | (c >>> 17)) + d) | 0, 5) + D3) | 0;
      d = (Math.imul((((d << 13) | (d >>> 19)) + a) | 0, 5) + D4) | 0;
    }
    lanes[0] = a;
    lanes[1] = b;
    lanes[2] = c;
    lanes[3] = d;
    this.#blockCount = blockCount;
  }

  /** 32 hexadecimal digits. Does not end the digest. */
  text(): string {
    const length = this.#blockCount * 16;
    const sealed = toEachOther(this.#lanes.map((lane) => lane ^ length));
    return Array.from(toEachOther(sealed.map(finish)), (lane) =>
      (lane >>> 0).toString(16).padStart(8, "0"),
    ).join("");
  }
}

/** Adds the other lanes to the first, then the first to the others. */
function toEachOther(lanes: Int32Array): Int32Array {
  const sum = lanes.reduce((total, lane) => (total + lane) | 0, 0);
  return lanes.map((lane, i) => (i === 0 ? sum : (lane + sum) | 0));
}

/** The digest of a trace: of every column and of every payload's content. Rule R2. */
export function digestOf(trace: { digest(): string }): string {
  return trace.digest();
}

/** A 32-bit hash of a text, by UTF-16 unit. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5 ^ text.length;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return finish(hash);
}

const bits = new DataView(new ArrayBuffer(8));

/** A 32-bit hash of a number; every NaN is the same NaN, and −0 is not 0. */
export function hashNumber(value: number): number {
  if ((value | 0) === value && !Object.is(value, -0)) return finish(value ^ 0x5bd1e995);
  bits.setFloat64(0, Number.isNaN(value) ? Number.NaN : value);
  return combine(bits.getInt32(0), bits.getInt32(4));
}

/** Folds one hash into another; order matters. */
export function combine(hash: number, next: number): number {
  return step(hash, next, 0x239b961b);
}

function step(lane: number, word: number, factor: number): number {
  let k = Math.imul(word | 0, factor);
  k = (k << 15) | (k >>> 17);
  const h = lane ^ Math.imul(k, 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** MurmurHash3's finaliser: every bit of the result hangs on every bit of `value`. Unsigned. */
export function finish(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
