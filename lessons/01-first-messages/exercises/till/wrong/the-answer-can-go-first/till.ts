import { call, type Destination, genServer, reply } from "otp";
import { type Receipt, type Refusal, ringUp } from "./shop.ts";

type Request =
  | { readonly kind: "sell"; readonly id: number; readonly qty: number }
  | { readonly kind: "total" };

/** M2. Believes that what follows the reply is sure to happen; a bad quantity shows that it is not. */
export const till = genServer<number, Request>({
  init: () => ["ok", 0],
  async handleCall(request, from, total) {
    if (request.kind === "total") return ["reply", total, total];
    const { id, qty } = request;
    reply(from, { kind: "receipt", id, qty });
    await ringUp({ id, qty });
    return ["noreply", total + qty];
  },
});

export function sell(at: Destination, id: number, qty: number): Promise<Receipt | Refusal> {
  return call(at, { kind: "sell", id, qty });
}

export function total(at: Destination): Promise<number> {
  return call(at, { kind: "total" });
}
