import { call, type Destination, genServer } from "otp";
import { type Receipt, type Refusal, ringUp } from "./shop.ts";

type Request =
  | { readonly kind: "sell"; readonly id: number; readonly qty: number }
  | { readonly kind: "total" };

/** Believes that a request is always a good one: the first bad quantity takes the till and its total. */
export const till = genServer<number, Request>({
  init: () => ["ok", 0],
  async handleCall(request, _from, total) {
    if (request.kind === "total") return ["reply", total, total];
    const { id, qty } = request;
    return ["reply", await ringUp({ id, qty }), total + qty];
  },
});

export function sell(at: Destination, id: number, qty: number): Promise<Receipt | Refusal> {
  return call(at, { kind: "sell", id, qty });
}

export function total(at: Destination): Promise<number> {
  return call(at, { kind: "total" });
}
