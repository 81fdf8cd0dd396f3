// So many a second, and a few at once: what is saved up may be spent in a burst, no more.
// for: tokenBucket
import { log, sleep } from "otp";
import { tokenBucket } from "world";

export async function main() {
  const bucket = tokenBucket({ perSecond: 10, burst: 3 });
  log(`at once: ${[1, 2, 3, 4].map(() => bucket.take())}`);
  log(`the next in ${bucket.waitMs()} ms`);
  await sleep(100);
  log(`then: ${bucket.take()}`);
  await sleep(10_000);
  log(`after a long rest: ${bucket.tokens()}`);
}

// prints:
// 0 ms  main: at once: true,true,true,false
// 0 ms  main: the next in 100 ms
// 100 ms  main: then: true
// 10100 ms  main: after a long rest: 3
