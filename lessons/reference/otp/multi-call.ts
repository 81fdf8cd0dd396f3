// One question to the server of every node, in one wait. A node that cannot answer is named.
// for: multiCall, abcast
// nodes: n1 n2
import { abcast, genServer, log, multiCall, sleep, spawn, startLink } from "otp";

const stock = genServer<number, "count", number>({
  init: (count: number) => ["ok", count],
  handleCall: (_count, _from, count) => ["reply", count, count],
  handleCast: (sold, count) => ["noreply", count - sold],
});

export async function open(count: number) {
  await startLink(stock, [count], { name: "stock" });
  await sleep(1_000);
}

export async function main() {
  spawn(open, [7]);
  spawn(open, [9], { node: "n2" });
  await sleep(10);
  abcast(["n1", "n2"], "stock", 2);
  const [replies, bad] = await multiCall(["n1", "n2", "n3"], "stock", "count");
  log(`counts: ${replies.join("; ")}, no answer: ${bad}`);
}

// prints:
// 12 ms  n1 main: counts: n1,5; n2,7, no answer: n3
