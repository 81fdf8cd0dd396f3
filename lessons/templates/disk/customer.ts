// Who orders. A "written" is all that they are told: whether it will still
// be there is another matter.
import { call, Exit, log } from "otp";

/**
 * Customer number `n` orders, and is told that the order was written down;
 * or hears nothing.
 */
export async function customer(n: number) {
  try {
    const answer = await call<string>(
      { name: "book", node: "shop" },
      `order ${n}`,
    );
    log(`order ${n}: ${answer}`);
  } catch (thrown) {
    if (!(thrown instanceof Exit)) throw thrown;
    log(`order ${n}: no answer`);
  }
}
