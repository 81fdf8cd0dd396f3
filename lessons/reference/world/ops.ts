// A second shop is begun, the first one drained: it finishes its work before it may go.
// for: ops
// nodes: desk shop1 shop2
// world: {"nodes":[{"name":"desk","cores":1},{"name":"shop1","cores":1,"role":"shop"},{"name":"shop2","cores":1,"role":"shop","standby":true}],"starts":[{"atUs":0,"node":"desk","file":"main.ts","run":"main","args":[]},{"atUs":0,"node":"shop1","file":"main.ts","run":"till","args":[]},{"atUs":0,"node":"shop2","file":"main.ts","run":"till","args":[]}],"operations":{"beginUs":{"kind":"det","us":2000000}}}
import { log, node, receive, sleep, when } from "otp";
import { ops } from "world";

export async function main() {
  log(`scaled: ${await ops.scale("shop", 2)}`);
  log(`drained: ${await ops.drain("shop1")}`);
  for (const { name, state } of await ops.nodes("shop")) log(`${name} is ${state}`);
}

export async function till() {
  ops.onDrain();
  log(`${node()} is open`);
  await receive([when({ tag: "drain" }, () => sleep(3000))]);
  ops.drained();
}

// prints:
// 0 ms  shop1 till: shop1 is open
// 2002 ms  shop2 till: shop2 is open
// 2006 ms  desk main: scaled: ok,shop2
// 5008 ms  desk main: drained: ok
// 5008 ms  desk main: shop1 is draining
// 5008 ms  desk main: shop2 is running
