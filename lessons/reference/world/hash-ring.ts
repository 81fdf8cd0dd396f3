// Points on a circle: with a node more, only what goes to the newcomer moves, about one key in four.
// for: hashRing
import { log } from "otp";
import { hashRing, ownerOf } from "world";

export async function main() {
  const before = hashRing({ nodes: ["n1", "n2", "n3"] });
  const after = hashRing({ nodes: ["n1", "n2", "n3", "n4"] });
  const keys = Array.from({ length: 1_000 }, (_, n) => `order ${n}`);
  const moved = keys.filter((key) => ownerOf(before, key) !== ownerOf(after, key));
  log(`${moved.length} of 1000 move`);
  log(`to: ${[...new Set(moved.map((key) => ownerOf(after, key)))]}`);
}

// prints:
// 0 ms  main: 235 of 1000 move
// 0 ms  main: to: n4
