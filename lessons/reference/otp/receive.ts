// A receive takes the first message that fits one of its clauses; the others stay, in order.
// for: receive, when
import { log, receive, self, send, when } from "otp";

export async function main() {
  send(self(), { kind: "order", id: 1 });
  send(self(), { kind: "order", id: 2 });
  send(self(), { kind: "alarm", what: "fire" });

  await receive([
    when({ kind: "alarm" }, ({ what }) => log(`first of all: ${what}`)),
  ]);
  await receive([
    when({ kind: "alarm" }, () => log("another alarm")),
    when({ kind: "order" }, ({ id }) => log(`order ${id}`)),
  ]);
  const id = await receive([when({ kind: "order", id: 7 }, () => "somebody")], {
    after: 20,
    otherwise: () => "nobody",
  });
  log(`order 7 came from ${id}`);
}

// prints:
// 0 ms  main: first of all: fire
// 0 ms  main: order 1
// 20 ms  main: order 7 came from nobody
