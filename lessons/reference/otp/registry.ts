// Names that are data: one process for each customer, found by the customer's number.
// for: registry
import { call, genServer, log, registry, startLink } from "otp";

const cart = genServer<number, string>({
  init: () => ["ok", 0],
  handleCall: (_item, _from, count) => ["reply", count + 1, count + 1],
});
const cartOf = (customer: number) => ({ via: ["carts", customer] as const });

export async function main() {
  registry.startLink({ name: "carts", keys: "unique" });
  await startLink(cart, [], { name: cartOf(17) });
  await startLink(cart, [], { name: cartOf(18) });
  await call(cartOf(17), "tea");
  log(`in 17's cart: ${await call(cartOf(17), "salt")}`);
  log(`in 18's cart: ${await call(cartOf(18), "milk")}`);
  log(`customer 19 has ${registry.lookup("carts", 19).length} carts`);
  log(`there are ${registry.count("carts")} carts`);
}

// prints:
// 0 ms  main: in 17's cart: 2
// 0 ms  main: in 18's cart: 1
// 0 ms  main: customer 19 has 0 carts
// 0 ms  main: there are 2 carts
