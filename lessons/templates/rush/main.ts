// One till sells 20 a second. Between 5 s and 10 s, 35 a second come: watch
// the mailbox, and how long after the rush the last of them is still
// waiting.
import { call, genServer, log, work } from "otp";

/**
 * Rings up one customer after the other, 50 ms of CPU each. The state is
 * how many were served.
 */
export const till = genServer<number, "pay">({
  init: () => ["ok", 0],
  async handleCall(_request, _from, served) {
    await work(50);
    return ["reply", served + 1, served + 1];
  },
});

/**
 * Customer number `n` pays, and waits as long as it takes. Try: a `timeout`
 * of 1,000 ms.
 */
export async function customer(n: number) {
  const place = await call<number>({ name: "till", node: "shop" }, "pay", {
    timeout: Infinity,
  });
  if (n % 50 === 0) log(`customer ${n} was served as number ${place}`);
}
