// With duplicate keys a registry is a bulletin board: whoever signed up for a key is told.
// for: registry.register, registry.dispatch
import { log, receive, registry, send, sleep, spawn } from "otp";

async function fan(name: string, team: string) {
  registry.register("scores", team, name);
  log(`${name} reads: ${await receive()}`);
}

export async function main() {
  registry.startLink({ name: "scores", keys: "duplicate" });
  spawn(fan, ["Ann", "red"]);
  spawn(fan, ["Bob", "blue"]);
  spawn(fan, ["Eve", "red"]);
  await sleep(1);
  await registry.dispatch("scores", "red", (entries) => {
    for (const [pid] of entries) send(pid, "red 1, blue 0");
  });
}

// prints:
// 1 ms  fan: Ann reads: red 1, blue 0
// 1 ms  fan: Eve reads: red 1, blue 0
