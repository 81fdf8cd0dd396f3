/**
 * The small world in the home page's figure: customers, one till, a wire between. A process handles
 * one message at a time, in order; everything drawn is computed from when customers ask. Times in
 * milliseconds of the shop.
 */

export const WIRE_MS = 4;
export const SALE_MS = 10;
export const SHOWN_MS = 196;

/** When customers ask: two quietly, six at once, four more when those are served, one quietly. */
const ASKED_AT_MS = [8, 36, 62, 63, 64, 65, 66, 67, 122, 123, 124, 125, 172];

export interface Sale {
  readonly askedMs: number;
  readonly arrivedMs: number;
  readonly begunMs: number;
  readonly soldMs: number;
  readonly answeredMs: number;
}

/** Serves the sales in the order of their arrival. */
export function serve(askedAtMs: readonly number[] = ASKED_AT_MS): readonly Sale[] {
  let freeMs = 0;
  return askedAtMs.map((askedMs) => {
    const arrivedMs = askedMs + WIRE_MS;
    const begunMs = Math.max(arrivedMs, freeMs);
    const soldMs = begunMs + SALE_MS;
    freeMs = soldMs;
    return { askedMs, arrivedMs, begunMs, soldMs, answeredMs: soldMs + WIRE_MS };
  });
}

export interface MailboxStep {
  readonly atMs: number;
  /** Messages that wait from then on; the one being handled is not in the mailbox. */
  readonly length: number;
}

/** The mailbox over time. Arrivals before departures at one instant; no step where nothing changes. */
export function mailbox(sales: readonly Sale[]): readonly MailboxStep[] {
  const changes = sales
    .filter(({ arrivedMs, begunMs }) => begunMs > arrivedMs)
    .flatMap(({ arrivedMs, begunMs }) => [
      { atMs: arrivedMs, by: 1 },
      { atMs: begunMs, by: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs || b.by - a.by);
  let length = 0;
  return changes.map(({ atMs, by }) => {
    length += by;
    return { atMs, length };
  });
}
