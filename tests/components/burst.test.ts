import { expect, test } from "vitest";
import { mailbox, SALE_MS, serve, WIRE_MS } from "../../components/home/burst.ts";

test("the till serves one sale at a time, in the order of arrival", () => {
  const sales = serve();
  for (const [index, sale] of sales.entries()) {
    const before = sales[index - 1];
    expect(sale.begunMs).toBe(Math.max(sale.askedMs + WIRE_MS, before?.soldMs ?? 0));
    expect(sale.soldMs - sale.begunMs).toBe(SALE_MS);
  }
});

test("the mailbox rings twice, higher at first, and settles at nothing", () => {
  const lengths = mailbox(serve()).map(({ length }) => length);
  expect(lengths).toEqual([1, 2, 3, 4, 5, 4, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0]);
});
