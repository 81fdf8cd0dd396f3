/**
 * What a shop has besides its tills: the scanner, the drawer, the receipt printer. Using them takes
 * time, and each leaves a mark in the trace, so that what happened can be told from what was said.
 */
import { node, work } from "otp";
import { effect } from "probe";

/** What a customer wants: `qty` pieces, under a number that no other sale has. */
export interface Sale {
  readonly id: number;
  readonly qty: number;
}

/** Proof of a sale. Only `ringUp` should make one. */
export interface Receipt extends Sale {
  readonly kind: "receipt";
}

/** A polite no. */
export interface Refusal {
  readonly kind: "refusal";
  readonly id: number;
  readonly why: string;
}

const RING_UP_MS = 10;
const PRINT_MS = 40;
const PALLET_QTY = 100;
const COUNT_PALLET_MS = 6_000;

/** True for what can be sold: a whole number of pieces, one at least. */
export function isQuantity(qty: number): boolean {
  return Number.isInteger(qty) && qty > 0;
}

/**
 * Scans the goods and opens the drawer: 10 ms of CPU. From 100 pieces on it is a pallet, and
 * somebody has to count it: 6 s more. Throws for a quantity that is none.
 */
export async function ringUp({ id, qty }: Sale): Promise<Receipt> {
  mustBeInShop("ringUp");
  if (!isQuantity(qty)) throw new Error(`bad quantity: ${qty}`);
  if (qty >= PALLET_QTY) await work(COUNT_PALLET_MS, { kind: "io" });
  await work(RING_UP_MS);
  effect("sale", id, qty);
  return { kind: "receipt", id, qty };
}

/** Prints a receipt on paper: 40 ms of waiting for the printer, no CPU. */
export async function printReceipt(receipt: Receipt): Promise<void> {
  mustBeInShop("printReceipt");
  await work(PRINT_MS, { kind: "io" });
  effect("print", receipt.id);
}

function mustBeInShop(what: string): void {
  if (node() === "n1") return;
  throw new Error(`${what} works in the shop, on node n1; this process is on node ${node()}`);
}
