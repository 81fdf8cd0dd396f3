import { call, cast, type Destination, genServer, type Pid, self, send, spawn } from "otp";
import { isQuantity, printReceipt, type Receipt, type Refusal, ringUp } from "./shop.ts";

type Request = readonly ["sell", id: number, qty: number] | readonly ["total"];

export const till = genServer<number, Request>({
  init: () => ["ok", 0],

  async handleCall(request, _from, total) {
    if (request[0] === "total") return ["reply", total, total];
    const [, id, qty] = request;
    if (!isQuantity(qty)) return ["reply", { kind: "refusal", id, why: "not a quantity" }, total];
    const receipt = await ringUp({ id, qty });
    cast("printer", receipt);
    return ["reply", receipt, total + qty];
  },
});

/** What is printing, and what still waits for a place. */
interface Tray {
  readonly busy: number;
  readonly waiting: readonly Receipt[];
}

const PRINTING_MAX = 8;

/**
 * The till has forgotten a receipt once it was cast. The printer works on eight at a time: at
 * 40 ms each that makes 200 a second, and the 60 that come find room.
 */
export const printer = genServer<Tray, never, Receipt, "printed">({
  init: () => ["ok", { busy: 0, waiting: [] }],
  handleCast: (receipt, { busy, waiting }) => [
    "noreply",
    begin({ busy, waiting: [...waiting, receipt] }),
  ],
  handleInfo: (_printed, { busy, waiting }) => ["noreply", begin({ busy: busy - 1, waiting })],
});

function begin(tray: Tray): Tray {
  const [next, ...waiting] = tray.waiting;
  if (next === undefined || tray.busy >= PRINTING_MAX) return tray;
  spawn(printFor, [self(), next]);
  return { busy: tray.busy + 1, waiting };
}

async function printFor(printer: Pid, receipt: Receipt): Promise<void> {
  await printReceipt(receipt);
  send(printer, "printed");
}

export function sell(at: Destination, id: number, qty: number): Promise<Receipt | Refusal> {
  return call(at, ["sell", id, qty]);
}

export function total(at: Destination): Promise<number> {
  return call(at, ["total"]);
}
