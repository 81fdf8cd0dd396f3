import { call, type Destination, genServer, log, spawnMonitor } from "otp";
import { isQuantity, printReceipt, type Receipt, type Refusal, ringUp } from "./shop.ts";

type Request =
  | { readonly kind: "sell"; readonly id: number; readonly qty: number }
  | { readonly kind: "total" };

/** What a monitored process's end brings. */
interface Down {
  readonly tag: "DOWN";
  readonly reason: unknown;
}

/** Each receipt is printed by a process of its own, which ends when it has been. */
export const till = genServer<number, Request, never, Down>({
  init: () => ["ok", 0],

  async handleCall(request, _from, total) {
    if (request.kind === "total") return ["reply", total, total];
    const { id, qty } = request;
    if (!isQuantity(qty)) {
      return ["reply", { kind: "refusal", id, why: "that is not a quantity" }, total];
    }
    const receipt = await ringUp({ id, qty });
    spawnMonitor(printReceipt, [receipt]);
    return ["reply", receipt, total + qty];
  },

  handleInfo({ reason }, total) {
    if (reason !== "normal") log(`a receipt was not printed: ${JSON.stringify(reason)}`);
    return ["noreply", total];
  },
});

/** Nobody comes to this shop; it is there because a server may be started under the name. */
export const printer = genServer<undefined>({
  init: () => ["ok", undefined],
});

export function sell(at: Destination, id: number, qty: number): Promise<Receipt | Refusal> {
  return call(at, { kind: "sell", id, qty });
}

export function total(at: Destination): Promise<number> {
  return call(at, { kind: "total" });
}
