/** Those who come to the shop: customers, and at the end of the day an auditor. */
import { Exit, random } from "otp";
import { effect, observe } from "probe";
import { isQuantity } from "./shop.ts";
import { sell, total } from "./till.ts";

/** What the customers of a run are like. */
interface Errand {
  readonly tills: readonly string[];
  readonly badShare: number;
  readonly palletFor: number;
}

const PALLET_QTY = 144;
const BAD_QUANTITIES = [0, -1, 2.5];

/** Customer number `n`: goes to a till, asks once, and says what they were told. */
export async function customer(n: number, { tills, badShare, palletFor }: Errand): Promise<void> {
  const name = pick(tills);
  const qty = random() < badShare ? pick(BAD_QUANTITIES) : 1 + Math.floor(random() * 5);
  effect("told", n, await buy(name, n, n === palletFor ? PALLET_QTY : qty));
}

/** What the customer hears in the end. "turned away" is a no to somebody who asked for good goods. */
async function buy(till: string, id: number, qty: number): Promise<string> {
  try {
    const answer = await sell({ name: till, node: "n1" }, id, qty);
    if (answer?.kind === "receipt") return "sold";
    return isQuantity(qty) ? "turned away" : "refused";
  } catch (thrown) {
    // The call has ended without an answer. Whatever else is thrown is a mistake in the program.
    if (thrown instanceof Exit) return "gave up";
    throw thrown;
  }
}

/** Asks each till what it has sold. A till that does not answer is passed over. */
export async function auditor(tills: readonly string[]): Promise<void> {
  for (const of of tills) {
    try {
      observe("total", { of, total: await total({ name: of, node: "n1" }) });
    } catch (thrown) {
      if (!(thrown instanceof Exit)) throw thrown;
      observe("total", { of, total: "no answer" });
    }
  }
}

function pick<Item>(items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}
