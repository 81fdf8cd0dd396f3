import { call, type Destination, Exit, genServer } from "otp";
import { isQuantity, type Receipt, type Refusal, ringUp } from "./shop.ts";

type Request =
  | { readonly kind: "sell"; readonly id: number; readonly qty: number }
  | { readonly kind: "total" };

export const till = genServer<number, Request>({
  init: () => ["ok", 0],
  async handleCall(request, _from, total) {
    if (request.kind === "total") return ["reply", total, total];
    const { id, qty } = request;
    if (!isQuantity(qty)) return ["reply", { kind: "refusal", id, why: "not a quantity" }, total];
    return ["reply", await ringUp({ id, qty }), total + qty];
  },
});

/** Believes that no answer is a no: the customer is sent away, and the till sells to nobody. */
export async function sell(at: Destination, id: number, qty: number): Promise<Receipt | Refusal> {
  try {
    return await call(at, { kind: "sell", id, qty });
  } catch (thrown) {
    if (!(thrown instanceof Exit)) throw thrown;
    return { kind: "refusal", id, why: "the till does not answer" };
  }
}

export function total(at: Destination): Promise<number> {
  return call(at, { kind: "total" });
}
