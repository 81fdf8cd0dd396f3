// CPU work shares the node's cores; IO work waits for something outside, and shares nothing.
// for: work
import { log, monotonic, spawn, work } from "otp";

async function clerk(name: string, kind: "cpu" | "io") {
  await work(30, { kind });
  log(`${name} took ${monotonic()} ms`);
}

export async function main() {
  // The node has one core.
  spawn(clerk, ["adding up", "cpu"]);
  spawn(clerk, ["adding up, too", "cpu"]);
  spawn(clerk, ["on the phone", "io"]);
  spawn(clerk, ["on the phone, too", "io"]);
}

// prints:
// 30 ms  clerk: on the phone took 30 ms
// 30 ms  clerk: on the phone, too took 30 ms
// 60 ms  clerk: adding up took 60 ms
// 60 ms  clerk: adding up, too took 60 ms
