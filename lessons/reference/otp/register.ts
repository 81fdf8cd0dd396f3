// A name belongs to one living process of a node; when that ends the name is free again.
// for: register, whereis, unregister, registered
import {
  log,
  receive,
  register,
  registered,
  send,
  spawn,
  unregister,
  whereis,
} from "otp";

async function clerk() {
  register("counter");
  log(`asked for ${await receive()}`);
}

export async function main() {
  register("boss");
  spawn(clerk, []);
  log(`before its first step: ${whereis("counter")}`);
  await receive([], { after: 1 });
  log(`now: ${registered()}`);
  send("counter", "tea");
  await receive([], { after: 1 });
  unregister("boss");
  log(`in the end: ${registered().length} names`);
}

// prints:
// 0 ms  boss: before its first step: undefined
// 1 ms  boss: now: boss,counter
// 1 ms  counter: asked for tea
// 2 ms  boss: in the end: 0 names
