// Switched on for a share of the customers; growing the share only adds to them.
// for: flags
// nodes: n1 n2
import { log, sleep, spawn } from "otp";
import { flags } from "world";

const CUSTOMERS = ["ann", "ben", "cem", "dua", "eva", "fin", "gus", "hal"];

export async function main() {
  spawn(clerk, [], { node: "n2" });
  flags.set("express", { share: 0.3 });
  await sleep(10);
  flags.set("express", { share: 0.6 });
}

export async function clerk() {
  for (const ms of [5, 10]) {
    await sleep(ms);
    const lucky = CUSTOMERS.filter((name) => flags.isOn("express", name));
    log(`express for ${lucky.join(", ")}`);
  }
}

// prints:
// 6 ms  n2 clerk: express for ben, gus, hal
// 16 ms  n2 clerk: express for ann, ben, eva, fin, gus, hal
