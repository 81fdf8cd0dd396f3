// What a resource did under a fencing token, noted for a check: the older token comes too late.
// for: fence
import { log } from "otp";
import { fence } from "probe";

let newest = 0;

function write(token: number) {
  const outcome = token >= newest ? "accepted" : "refused";
  newest = Math.max(newest, token);
  fence("stock file", token, outcome);
  log(`token ${token}: ${outcome}`);
}

export async function main() {
  for (const token of [1, 2, 1]) write(token);
}

// prints:
// 0 ms  main: token 1: accepted
// 0 ms  main: token 2: accepted
// 0 ms  main: token 1: refused
