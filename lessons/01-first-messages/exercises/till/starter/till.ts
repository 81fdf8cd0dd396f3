import { call, type Destination, genServer } from "otp";
import { isQuantity, type Receipt, type Refusal, ringUp } from "./shop.ts";

// What the till can be asked. `call` brings it to handleCall.
type Request =
  | { readonly kind: "sell"; readonly id: number; readonly qty: number }
  | { readonly kind: "total" };

// The till is a server: a process with a state, here the number of pieces it has sold.
// It handles one message at a time. While it waits for something, the others wait in its mailbox.
export const till = genServer<number, Request>({
  // The first state.
  init: () => ["ok", 0],

  // Answers a call: ["reply", the answer, the next state].
  async handleCall(request, _from, total) {
    if (request.kind === "total") return ["reply", total, total];
    const { id, qty } = request;

    // So far this till refuses everybody. Let it
    //   refuse only what is not a quantity (isQuantity tells; ringUp would throw),
    //   ring up everything else: `await ringUp({ id, qty })` gives a receipt,
    //   answer with the receipt, and count the pieces.
    return ["reply", { kind: "refusal", id, why: "this till is not ready" }, total];
  },
});

// The customer's side. It runs in the customer's process, on node web, and need not change.
// When no answer comes within 5 s, `call` exits the customer with a time-out.
export function sell(at: Destination, id: number, qty: number): Promise<Receipt | Refusal> {
  return call(at, { kind: "sell", id, qty });
}

// The auditor asks for it at the end of the day.
export function total(at: Destination): Promise<number> {
  return call(at, { kind: "total" });
}
