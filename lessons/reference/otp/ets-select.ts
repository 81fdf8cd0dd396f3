// Objects are found by key, by a pattern, or by a test; a plain set has one object for each key.
// for: ets.new, ets.insert, ets.lookup, ets.select
import { ets, log } from "otp";

export async function main() {
  ets.new("stock", { named: true, type: "orderedSet" });
  ets.insert("stock", [
    ["tea", 3],
    ["salt", 0],
    ["milk", 12],
  ]);
  ets.insert("stock", ["tea", 5]);
  log(`tea: ${JSON.stringify(ets.lookup("stock", "tea"))}`);
  log(`beer: ${JSON.stringify(ets.lookup("stock", "beer"))}`);
  const out = ets.select("stock", ([, count]) => count === 0);
  log(`out of: ${out}`);
  log(`in order: ${ets.tab2list("stock").map(([item]) => item)}`);
}

// prints:
// 0 ms  main: tea: [["tea",5]]
// 0 ms  main: beer: []
// 0 ms  main: out of: salt,0
// 0 ms  main: in order: milk,salt,tea
