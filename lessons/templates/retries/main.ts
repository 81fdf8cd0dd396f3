// A third of all messages die on the way. Who asks again gets an answer in
// the end, but the bank may have heard the first time: so each payment
// bears a number, and the bank keeps the numbers.
import { call, Exit, genServer, log } from "otp";

interface Payment {
  readonly id: number;
  readonly euros: number;
}

/**
 * Books a payment once, however often it hears of it. Try: book it without
 * looking at `seen`.
 */
export const bank = genServer<Map<number, number>, Payment>({
  init: () => ["ok", new Map()],
  handleCall({ id, euros }, _from, seen) {
    if (seen.has(id)) log(`payment ${id} came again, and is booked once`);
    seen.set(id, euros);
    return ["reply", "booked", seen];
  },
});

/**
 * Pays, and asks again when it hears nothing for 300 ms; gives up after
 * eight tries.
 */
export async function payer(id: number) {
  for (let attempt = 1; attempt <= 8; attempt++) {
    try {
      await call(
        { name: "bank", node: "bank" },
        { id, euros: 10 },
        { timeout: 300 },
      );
      if (attempt > 1) log(`payment ${id} took ${attempt} tries`);
      return;
    } catch (thrown) {
      // Silence. Was the question lost, or the answer? From here they look
      // the same.
      if (!(thrown instanceof Exit)) throw thrown;
    }
  }
  log(`payment ${id}: nobody knows`);
}
