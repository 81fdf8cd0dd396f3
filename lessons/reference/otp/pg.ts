// A group is whoever joined it, on any node; a member that ends has left.
// for: pg
// nodes: n1 n2
import { log, pg, receive, self, send, sleep, spawn } from "otp";

export async function waiter(name: string) {
  await pg.startLink("shop");
  await pg.join("shop", "waiters", self());
  const { order } = await receive();
  log(`${name} brings ${order}`);
}

export async function main() {
  await pg.start("shop");
  spawn(waiter, ["Ann"]);
  spawn(waiter, ["Bob"], { node: "n2" });
  await sleep(20);
  const members = pg.getMembers("shop", "waiters");
  const here = pg.getLocalMembers("shop", "waiters");
  log(`${members.length} waiters, ${here.length} of them here`);
  for (const member of members) send(member, { order: "tea" });
  await sleep(20);
  log(`${pg.getMembers("shop", "waiters").length} waiters left`);
}

// prints:
// 20 ms  n1 main: 2 waiters, 1 of them here
// 20 ms  n1 waiter: Ann brings tea
// 21 ms  n2 waiter: Bob brings tea
// 40 ms  n1 main: 0 waiters left
