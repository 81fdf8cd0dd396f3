// A channel to somebody who is no node of ours: data in both directions, and no links across it.
// for: socket
// nodes: n1 n2
import { log, receive, sleep, spawn } from "otp";
import { type Socket, type SocketMessage, socket } from "world";

export async function shop() {
  socket.listen("orders", { protocol: "shop/1" });
  const { socket: customer } = await receive<SocketMessage>();
  const { data } = await receive<{ data: unknown }>();
  log(`ordered: ${data}`);
  socket.send(customer, "thank you");
  socket.close(customer);
}

export async function main() {
  spawn(shop, [], { node: "n2" });
  await sleep(5);
  const at = { node: "n2", port: "orders" };
  log(`in another language: ${(await socket.connect(at))[1]}`);
  const [, end] = await socket.connect(at, { protocol: "shop/1" });
  socket.send(end as Socket, "tea");
  log(`answered: ${(await receive<{ data: unknown }>()).data}`);
  log(`then ${(await receive<{ reason: string }>()).reason}`);
}

// prints:
// 7 ms  n1 main: in another language: eproto
// 10 ms  n2 shop: ordered: tea
// 11 ms  n1 main: answered: thank you
// 11 ms  n1 main: then closed
