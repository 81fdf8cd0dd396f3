/** MurmurHash3, x86, 128 bits, seed 0, as its author's text says it, in big integers: slow and plain. */

const MASK = 0xffffffffn;
const FACTORS = [0x239b961bn, 0xab0e9789n, 0x38b34ae5n, 0xa1e38b93n] as const;
const TURNS = [15n, 16n, 17n, 18n] as const;
const LANE_TURNS = [19n, 17n, 15n, 13n] as const;
const ADDED = [0x561ccd1bn, 0x0bcaa747n, 0x96cd1c35n, 0x32ac3b17n] as const;

/** Hashes words whose number is a multiple of four, each as its four bytes, lowest first. */
export function murmur128(words: readonly number[]): string {
  const h = [0n, 0n, 0n, 0n];
  for (let block = 0; block < words.length; block += 4) {
    for (let lane = 0; lane < 4; lane++) {
      let k = BigInt((words[block + lane] as number) >>> 0);
      k = (k * (FACTORS[lane] as bigint)) & MASK;
      k = turned(k, TURNS[lane] as bigint);
      k = (k * (FACTORS[(lane + 1) % 4] as bigint)) & MASK;
      let next = turned((h[lane] as bigint) ^ k, LANE_TURNS[lane] as bigint);
      next = (next + (h[(lane + 1) % 4] as bigint)) & MASK;
      h[lane] = (next * 5n + (ADDED[lane] as bigint)) & MASK;
    }
  }
  const length = BigInt(words.length * 4) & MASK;
  let lanes = spread(h.map((lane) => lane ^ length));
  lanes = spread(lanes.map(finished));
  return lanes.map((lane) => lane.toString(16).padStart(8, "0")).join("");
}

function spread([a = 0n, b = 0n, c = 0n, d = 0n]: readonly bigint[]): bigint[] {
  const first = (a + b + c + d) & MASK;
  return [first, ...[b, c, d].map((lane) => (lane + first) & MASK)];
}

function finished(lane: bigint): bigint {
  let h = lane;
  h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & MASK;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & MASK;
  return h ^ (h >> 16n);
}

function turned(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (32n - by))) & MASK;
}
