import { call, cast, type Destination, genServer } from "otp";
import { isQuantity, type Receipt, type Refusal, ringUp } from "./shop.ts";

/** M5. Believes that what was cast is as good as done. */
export const till = genServer<number, "total", { readonly id: number; readonly qty: number }>({
  init: () => ["ok", 0],
  handleCall: (_request, _from, total) => ["reply", total, total],
  async handleCast({ id, qty }, total) {
    await ringUp({ id, qty });
    return ["noreply", total + qty];
  },
});

export async function sell(at: Destination, id: number, qty: number): Promise<Receipt | Refusal> {
  if (!isQuantity(qty)) return { kind: "refusal", id, why: "not a quantity" };
  cast(at, { id, qty });
  return { kind: "receipt", id, qty };
}

export function total(at: Destination): Promise<number> {
  return call(at, "total");
}
