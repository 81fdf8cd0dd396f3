/**
 * A digest of text: MurmurHash3 x86-128 over its UTF-16 code units (Austin Appleby, public domain).
 * Names a program; it does not keep out somebody who looks for two programs with one digest.
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/** 32 hexadecimal digits; the same text gives the same digits on every machine. */
export function digestOf(text: string): string {
  let [a, b, c, d] = [0, 0, 0, 0];
  const unit = (i: number): number => (i < text.length ? text.charCodeAt(i) : 0);
  const word = (i: number): number => unit(i) | (unit(i + 1) << 16);
  for (let i = 0; i < text.length; i += 8) {
    a ^= mix(word(i), C1, 15, C2);
    a = Math.imul(rotate(a, 19) + b, 5) + 0x561ccd1b;
    b ^= mix(word(i + 2), C2, 16, C3);
    b = Math.imul(rotate(b, 17) + c, 5) + 0x0bcaa747;
    c ^= mix(word(i + 4), C3, 17, C4);
    c = Math.imul(rotate(c, 15) + d, 5) + 0x96cd1c35;
    d ^= mix(word(i + 6), C4, 18, C1);
    d = Math.imul(rotate(d, 13) + a, 5) + 0x32ac3b17;
  }
  return finish([a, b, c, d].map((lane) => lane ^ text.length));
}

function finish(lanes: readonly number[]): string {
  const sum = lanes.reduce((x, y) => (x + y) | 0, 0);
  const mixed = lanes.map((lane, i) => avalanche(i === 0 ? sum : lane + sum));
  const total = mixed.reduce((x, y) => (x + y) | 0, 0);
  return mixed.map((lane, i) => hexadecimal(i === 0 ? total : lane + total)).join("");
}

function mix(word: number, first: number, bits: number, second: number): number {
  return Math.imul(rotate(Math.imul(word, first), bits), second);
}

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

function avalanche(lane: number): number {
  let x = lane;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

function hexadecimal(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, "0");
}
