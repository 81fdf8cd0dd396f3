/**
 * Orders: what a process asks of whoever runs the nodes. It cannot be done on the node itself, so
 * the order leaves it like a signal and takes effect after a second at least. By then every node
 * knows of it, whichever thread it is on: no window is longer than that second. Rule B12.
 */
import type { Blow, PlannedBlow } from "./faults.ts";

/** The soonest that an order takes effect, and the longest window of a run that allows orders. */
export const ORDER_US_MIN = 1_000_000;

/** Where an order goes instead of to a node. */
export const OPERATOR = -1;

/** To begin a node that does not run, maybe with another release; or to end one that does, in order. */
export type Order =
  | { readonly kind: "begin"; readonly node: string; readonly version?: string }
  | { readonly kind: "end"; readonly node: string };

/** Orders of all nodes of one instant come after the plan's blows, by node and by its count. */
export function orderNumber(node: number, count: number): number {
  return 2 ** 24 + node * 2 ** 12 + (count % 2 ** 12);
}

/** What an order does to the world, and when. */
export function blowsOfOrder(order: Order, atUs: number, number: number): PlannedBlow[] {
  const { node } = order;
  const planned = (at: number, blow: Blow): PlannedBlow => ({ atUs: at, order: number, blow });
  if (order.kind === "end") {
    const end: Blow = { kind: "crash", node, why: "ended by the operator" };
    return [planned(atUs - 1, { kind: "flush", node }), planned(atUs, end)];
  }
  const { version } = order;
  return [planned(atUs, { kind: "restart", node, ...(version === undefined ? {} : { version }) })];
}
