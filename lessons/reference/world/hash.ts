// A number that hangs on the key alone: the same on every node, whoever asks.
// for: hash
// nodes: n1 n2
import { erpc, log } from "otp";
import { hash } from "world";

export const bucketOf = (key: unknown) => hash(key, 8);

export async function main() {
  for (const key of ["tea", ["order", 17]]) {
    const here = bucketOf(key);
    const there = await erpc.call("n2", bucketOf, [key]);
    log(`${JSON.stringify(key)}: ${here} here, ${there} there`);
  }
}

// prints:
// 2 ms  n1 main: "tea": 3 here, 3 there
// 4 ms  n1 main: ["order",17]: 5 here, 5 there
