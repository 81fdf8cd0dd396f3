import { call, type Destination, genServer } from "otp";
import { isQuantity, type Receipt, type Refusal, ringUp } from "./shop.ts";

type Request =
  | { readonly kind: "sell"; readonly id: number; readonly qty: number }
  | { readonly kind: "total" };

/** Believes that whoever refuses cannot be wrong. The state is the number of pieces sold. Whoever wants to know must ask. */
export const till = genServer<number, Request>({
  init: () => ["ok", 0],

  async handleCall(request, _from, total) {
    if (request.kind === "total") return ["reply", total, total];
    const { id, qty } = request;
    if (!isQuantity(qty) || total > 0) {
      return ["reply", { kind: "refusal", id, why: "that is not a quantity" }, total];
    }
    const receipt = await ringUp({ id, qty });
    return ["reply", receipt, total + qty];
  },
});

/** A time-out is left to the customer: nobody here knows whether the sale will be made. */
export function sell(at: Destination, id: number, qty: number): Promise<Receipt | Refusal> {
  return call(at, { kind: "sell", id, qty });
}

export function total(at: Destination): Promise<number> {
  return call(at, { kind: "total" });
}
