import { call, type Destination, genServer } from "otp";
import { isQuantity, printReceipt, type Receipt, type Refusal, ringUp } from "./shop.ts";

type Request =
  | { readonly kind: "sell"; readonly id: number; readonly qty: number }
  | { readonly kind: "total" };

export const till = genServer<number, Request>({
  init: () => ["ok", 0],

  async handleCall(request, _from, total) {
    if (request.kind === "total") return ["reply", total, total];
    const { id, qty } = request;
    if (!isQuantity(qty)) {
      return ["reply", { kind: "refusal", id, why: "that is not a quantity" }, total];
    }
    const receipt = await ringUp({ id, qty });
    // Everybody behind this customer waits for the paper too: 40 ms.
    await printReceipt(receipt);
    return ["reply", receipt, total + qty];
  },
});

// A second server. It runs on the till's node under the name "printer" and does nothing yet.
// You may tell it things with `cast("printer", …)`, or leave it and `spawnMonitor` your own.
export const printer = genServer<undefined>({
  init: () => ["ok", undefined],
});

export function sell(at: Destination, id: number, qty: number): Promise<Receipt | Refusal> {
  return call(at, { kind: "sell", id, qty });
}

export function total(at: Destination): Promise<number> {
  return call(at, { kind: "total" });
}
