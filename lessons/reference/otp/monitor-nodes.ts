// Being told when a node comes and goes. The second kind is for one node, and counts.
// for: monitorNodes, monitorNode
// nodes: n1 n2
import { connect, disconnect, log, monitorNode, monitorNodes, receive } from "otp";

export async function main() {
  monitorNodes(true);
  disconnect("n2");
  const down = await receive();
  log(`${down.tag} ${down.node}`);
  await connect("n2");
  log(`${(await receive()).tag} n2`);

  monitorNodes(false);
  monitorNode("n2", true);
  disconnect("n2");
  const again = await receive();
  log(`${again.tag} ${again.node}`);
}

// prints:
// 0 ms  n1 main: nodedown n2
// 2 ms  n1 main: nodeup n2
// 2 ms  n1 main: nodedown n2
