import { call, type Destination, genServer } from "otp";
import { isQuantity, type Receipt, type Refusal, ringUp } from "./shop.ts";

type Request =
  | { readonly kind: "sell"; readonly id: number; readonly qty: number }
  | { readonly kind: "total" };

/** M4. Believes that each till has a `sold` of its own; both are on one node and have the same file. */
let sold = 0;

export const till = genServer<undefined, Request>({
  init: () => ["ok", undefined],
  async handleCall(request, _from, state) {
    if (request.kind === "total") return ["reply", sold, state];
    const { id, qty } = request;
    if (!isQuantity(qty)) return ["reply", { kind: "refusal", id, why: "not a quantity" }, state];
    const receipt = await ringUp({ id, qty });
    sold += qty;
    return ["reply", receipt, state];
  },
});

export function sell(at: Destination, id: number, qty: number): Promise<Receipt | Refusal> {
  return call(at, { kind: "sell", id, qty });
}

export function total(at: Destination): Promise<number> {
  return call(at, { kind: "total" });
}
