/** What the page and the desk's worker say to each other. One result at a time. */
import type { Order, Report } from "../../workers/reproduce/batch.ts";
import type { Row } from "../../workers/reproduce/reproduction.ts";

/** To the desk: begin a result with so many makers; what a maker answered. */
export type ToDesk =
  | { readonly kind: "begin"; readonly id: string; readonly makerCount: number }
  | { readonly kind: "report"; readonly maker: number; readonly report: Report };

/** From the desk: an order to hand to a maker, and how far the result is. */
export type FromDesk =
  | { readonly kind: "order"; readonly maker: number; readonly order: Order }
  | Said;

/** How far a result is. The last word on it is `end` or `failed`. */
export type Said =
  | { readonly kind: "progress"; readonly madeCount: number; readonly rows: readonly Row[] }
  | { readonly kind: "end"; readonly rows: readonly Row[] }
  | { readonly kind: "failed"; readonly reason: string };
