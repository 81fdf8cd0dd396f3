/**
 * Hashes: of a payload's content (32 bits, beside each payload) and of a whole trace (128 bits).
 *
 * They answer one question, "is it the same run", in any engine and placement. They are no defence
 * against someone who wants two runs to look alike. Construction: MurmurHash3's mixing on four
 * lanes with different constants (Austin Appleby, public domain).
 */
import type { Trace } from "./trace.ts";

const LANE_FACTORS = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93] as const;

/** Folds 32-bit words into 128 bits. Feed it, then ask for `text`. */
class Digest {
  #a = 0x2545f491;
  #b = 0x4f6cdd1d;
  #c = 0x7a3d1c85;
  #d = 0x1b56c4e9;
  #count = 0;

  /** Takes one word; only its lower 32 bits count. */
  word(word: number): void {
    this.#a = step(this.#a, word, LANE_FACTORS[0]);
    this.#b = step(this.#b, word ^ this.#a, LANE_FACTORS[1]);
    this.#c = step(this.#c, word ^ this.#b, LANE_FACTORS[2]);
    this.#d = step(this.#d, word ^ this.#c, LANE_FACTORS[3]);
    this.#count++;
  }

  /** Takes an integer below 2^53 as two words. */
  integer(value: number): void {
    this.word(value);
    this.word(Math.floor(value / 2 ** 32));
  }

  /** 32 hexadecimal digits. Does not end the digest. */
  text(): string {
    return [this.#a, this.#b, this.#c, this.#d]
      .map((lane) =>
        finish(lane ^ this.#count)
          .toString(16)
          .padStart(8, "0"),
      )
      .join("");
  }
}

/** The digest of a trace: of every column and of every payload's content. Rule R2. */
export function digestOf(trace: Trace): string {
  const digest = new Digest();
  for (let row = 0; row < trace.rowCount; row++) {
    digest.integer(trace.at[row] as number);
    digest.word((trace.kind[row] as number) * 256 + (trace.signal[row] as number));
    digest.word(trace.process[row] as number);
    digest.word(trace.peer[row] as number);
    digest.word(trace.message[row] as number);
    digest.integer(trace.value[row] as number);
    digest.word(trace.payloadHashes[trace.payload[row] as number] as number);
    digest.word(trace.cause[row] as number);
  }
  return digest.text();
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
  return step(hash, next, LANE_FACTORS[0]);
}

function step(lane: number, word: number, factor: number): number {
  let k = Math.imul(word | 0, factor);
  k = (k << 15) | (k >>> 17);
  const h = lane ^ Math.imul(k, 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
