import { call, type Destination, genServer } from "otp";
import type { Receipt, Refusal } from "./shop.ts";

/** Believes that whoever never answers can never be wrong. */
export const till = genServer<number, "sell" | "total">({
  init: () => ["ok", 0],
  handleCall(request, _from, total) {
    return request === "total" ? ["reply", total, total] : ["noreply", total];
  },
});

export function sell(at: Destination, _id: number, _qty: number): Promise<Receipt | Refusal> {
  return call(at, "sell");
}

export function total(at: Destination): Promise<number> {
  return call(at, "total");
}
