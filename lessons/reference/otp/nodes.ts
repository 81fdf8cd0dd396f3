// Nodes know each other by connections, and sending makes one where there is none.
// for: node, nodes, connect, disconnect
// nodes: n1 n2
import { connect, disconnect, log, node, nodes, send, sleep } from "otp";

export async function main() {
  log(`${node()} sees ${nodes()}`);
  log(`disconnected: ${disconnect("n2")}, sees ${nodes().length} nodes`);
  log(`connected again: ${await connect("n2")}, sees ${nodes()}`);
  disconnect("n2");
  send({ name: "nobody", node: "n2" }, "hello");
  await sleep(10);
  log(`after a message: sees ${nodes()}`);
}

// prints:
// 0 ms  n1 main: n1 sees n2
// 0 ms  n1 main: disconnected: true, sees 0 nodes
// 2 ms  n1 main: connected again: true, sees n2
// 12 ms  n1 main: after a message: sees n2
