// Running a function on another node and waiting for what it gives. What it throws is thrown here.
// for: erpc, rpc
// nodes: n1 n2
import { ErlangError, erpc, error, log, monotonic, node, rpc } from "otp";

export function stockOf(item: string) {
  if (item === "") error("which item");
  return `7 ${item} on ${node()}`;
}

export async function main() {
  log(`${await erpc.call("n2", stockOf, ["tea"])}, after ${monotonic()} ms`);
  try {
    await erpc.call("n3", stockOf, ["tea"]);
  } catch (thrown) {
    if (thrown instanceof ErlangError) log(`thrown: ${thrown.reason}`);
  }
  log(`given: ${await rpc.call("n3", stockOf, ["tea"])}`);
}

// prints:
// 2 ms  n1 main: 7 tea on n2, after 2 ms
// 2 ms  n1 main: thrown: erpc,noconnection
// 2 ms  n1 main: given: badrpc,nodedown
