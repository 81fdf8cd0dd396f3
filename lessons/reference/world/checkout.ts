// Borrowing by hand: what is not given back is missing, unless its borrower ends.
// for: checkout, checkin
import { genServer, log, type Pid, sleep, spawn, startLink } from "otp";
import { checkin, checkout, pool } from "world";

const worker = genServer({ init: () => ["ok", null] });
const soon = { block: false };

async function forgetful() {
  await checkout("pool");
  await sleep(20);
}

export async function main() {
  await startLink(pool({ worker, size: 1, maxOverflow: 0 }), [], { name: "pool" });
  const mine = await checkout("pool");
  log(`a second one: ${await checkout("pool", soon)}`);
  checkin("pool", mine as Pid);
  spawn(forgetful, []);
  await sleep(10);
  log(`while it is forgotten: ${await checkout("pool", soon)}`);
  await sleep(20);
  log(`after its end: ${(await checkout("pool", soon)) === mine}`);
}

// prints:
// 0 ms  main: a second one: full
// 10 ms  main: while it is forgotten: full
// 30 ms  main: after its end: true
