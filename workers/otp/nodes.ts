/** Nodes and their connections: the functions on nodes of erlang, net_kernel and net_adm. */
import { CoPromise } from "../kernel/index.ts";
import { here } from "./here.ts";

/** Names of the nodes that this one is connected with; hidden ones only when asked for. `nodes/0,1`. */
export function nodes(which: "visible" | "hidden" | "connected" = "visible"): string[] {
  return here().node.distribution.connected(which);
}

/** Connects with a node; false when that cannot be done. Sending to a node does it too. `net_kernel:connect_node/1`. */
export function connect(node: string): Promise<boolean> {
  const process = here();
  const { promise, resolve } = CoPromise.withResolvers<boolean>();
  if (node === process.node.name) resolve(true);
  else
    process.node.distribution.connect(node, (isUp) =>
      process.node.wake(process, () => resolve(isUp)),
    );
  return promise;
}

/** Ends the connection with a node. False when there was none. `disconnect_node/1`. */
export function disconnect(node: string): boolean {
  return here().node.distribution.disconnect(node);
}

/** Connects with a node, and says `"pong"` when it is there, `"pang"` when not. `net_adm:ping/1`. */
export function ping(node: string): Promise<"pong" | "pang"> {
  return connect(node).then((isUp) => (isUp ? "pong" : "pang"));
}

/**
 * Asks for one message `{ tag: "nodedown", node }` when the connection with the node is lost, or
 * none can be made. Each call counts; with false one is taken back. `monitor_node/2`.
 */
export function monitorNode(node: string, isWatched: boolean): true {
  const process = here();
  if (node !== process.node.name) process.node.distribution.watch(process.pid, node, isWatched);
  return true;
}

/** Asks for `{ tag: "nodeup" | "nodedown", node }` of every visible node. `net_kernel:monitor_nodes/1`. */
export function monitorNodes(isWatched: boolean): "ok" {
  const process = here();
  process.node.distribution.watchAll(process.pid, isWatched);
  return "ok";
}
