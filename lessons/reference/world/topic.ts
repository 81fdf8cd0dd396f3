// Whoever listens gets it, on every node; whoever comes later does not.
// for: topic
// nodes: n1 n2
import { log, receive, sleep, spawn } from "otp";
import { topic } from "world";

export async function listener() {
  await topic("news").subscribe();
  for (;;) log(`heard: ${await receive()}`);
}

export async function main() {
  const news = topic<string>("news");
  spawn(listener, [], { node: "n2" });
  news.publish("we open");
  await sleep(10);
  spawn(listener, []);
  await sleep(10);
  news.publish("we close");
}

// prints:
// 20 ms  n1 listener: heard: we close
// 21 ms  n2 listener: heard: we close
