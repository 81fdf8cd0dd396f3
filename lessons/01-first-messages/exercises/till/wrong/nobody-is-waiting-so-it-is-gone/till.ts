import { call, type Destination, genServer, receive, spawn } from "otp";
import { isQuantity, type Receipt, type Refusal, ringUp } from "./shop.ts";

type Request =
  | { readonly kind: "sell"; readonly id: number; readonly qty: number }
  | { readonly kind: "total" };

/** Believes that a process which nobody knows is collected, as an object is. */
export const till = genServer<number, Request>({
  init: () => ["ok", 0],
  async handleCall(request, _from, total) {
    if (request.kind === "total") return ["reply", total, total];
    const { id, qty } = request;
    if (!isQuantity(qty)) return ["reply", { kind: "refusal", id, why: "not a quantity" }, total];
    const receipt = await ringUp({ id, qty });
    spawn(keepForReturns, [receipt]);
    return ["reply", receipt, total + qty];
  },
});

/** Waits for goods to come back. None do. */
async function keepForReturns(_receipt: Receipt): Promise<void> {
  await receive();
}

export function sell(at: Destination, id: number, qty: number): Promise<Receipt | Refusal> {
  return call(at, { kind: "sell", id, qty });
}

export function total(at: Destination): Promise<number> {
  return call(at, { kind: "total" });
}
