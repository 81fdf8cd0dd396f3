import { call, cast, type Destination, genServer } from "otp";
import { isQuantity, printReceipt, type Receipt, type Refusal, ringUp } from "./shop.ts";

type Request =
  | { readonly kind: "sell"; readonly id: number; readonly qty: number }
  | { readonly kind: "total" };

/** Believes that work handed over is work done: the printer is one process too. */
export const till = genServer<number, Request>({
  init: () => ["ok", 0],
  async handleCall(request, _from, total) {
    if (request.kind === "total") return ["reply", total, total];
    const { id, qty } = request;
    if (!isQuantity(qty)) return ["reply", { kind: "refusal", id, why: "not a quantity" }, total];
    const receipt = await ringUp({ id, qty });
    cast("printer", receipt);
    return ["reply", receipt, total + qty];
  },
});

export const printer = genServer<number, never, Receipt>({
  init: () => ["ok", 0],
  async handleCast(receipt, printed) {
    await printReceipt(receipt);
    return ["noreply", printed + 1];
  },
});

export function sell(at: Destination, id: number, qty: number): Promise<Receipt | Refusal> {
  return call(at, { kind: "sell", id, qty });
}

export function total(at: Destination): Promise<number> {
  return call(at, { kind: "total" });
}
