// One name in the whole cluster: who comes second on any node is told no.
// for: global.register, global.whereis, global.send
// nodes: n1 n2
import { global, log, receive, self, sleep, spawn } from "otp";

export async function wantsToBeBoss() {
  log(`may I? ${await global.register("boss", self())}`);
  global.send("boss", "hello from n2");
}

export async function main() {
  log(`may I? ${await global.register("boss", self())}`);
  spawn(wantsToBeBoss, [], { node: "n2" });
  log(await receive<string>());
  await sleep(10);
  log(`it is me: ${global.whereis("boss") === self()}`);
}

// prints:
// 6 ms  n1 main: may I? yes
// 11 ms  n2 wantsToBeBoss: may I? no
// 12 ms  n1 main: hello from n2
// 22 ms  n1 main: it is me: true
