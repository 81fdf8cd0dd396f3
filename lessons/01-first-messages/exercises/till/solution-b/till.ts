import { call, type Destination, Exit, genServer, reply } from "otp";
import { isQuantity, type Receipt, type Refusal, ringUp } from "./shop.ts";

type Request = readonly ["sell", id: number, qty: number] | readonly ["total"];
type Receipts = ReadonlyMap<number, Receipt>;

/**
 * Keeps every receipt under its sale's number. A sale that is asked for again gets the receipt it
 * got before, so that a customer may ask twice and still buy once.
 */
export const till = genServer<Receipts, Request>({
  init: () => ["ok", new Map()],

  async handleCall(request, from, receipts) {
    if (request[0] === "total") {
      reply(from, sum(receipts));
      return ["noreply", receipts];
    }
    const [, id, qty] = request;
    if (!isQuantity(qty)) return ["reply", refusalOf(id), receipts];
    const receipt = receipts.get(id) ?? (await ringUp({ id, qty }));
    reply(from, receipt);
    return ["noreply", new Map(receipts).set(id, receipt)];
  },
});

/** Asks once more after a time-out, under the same number. */
export async function sell(at: Destination, id: number, qty: number): Promise<Receipt | Refusal> {
  const request: Request = ["sell", id, qty];
  try {
    return await call(at, request);
  } catch (thrown) {
    if (!(thrown instanceof Exit)) throw thrown;
    return call(at, request, { timeout: 10_000 });
  }
}

export function total(at: Destination): Promise<number> {
  return call(at, ["total"]);
}

function sum(receipts: Receipts): number {
  return [...receipts.values()].reduce((pieces, { qty }) => pieces + qty, 0);
}

function refusalOf(id: number): Refusal {
  return { kind: "refusal", id, why: "nobody can buy that many" };
}
