// Too many failures in a while and the fuse is blown: nobody waits for a service that is down.
// for: fuse
import { log, sleep } from "otp";
import { fuse } from "world";

export async function main() {
  await fuse.install("bank", {
    strategy: ["standard", 2, 1_000],
    refresh: ["reset", 5_000],
  });
  for (let n = 1; n <= 4; n++) {
    const outcome = await fuse.run("bank", () => ["melt", "no answer"]);
    log(`try ${n}: ${outcome}`);
  }
  await sleep(5_000);
  log(`later: ${fuse.ask("bank")}`);
}

// prints:
// 0 ms  main: try 1: ok,no answer
// 0 ms  main: try 2: ok,no answer
// 0 ms  main: try 3: ok,no answer
// 0 ms  main: try 4: blown
// 5000 ms  main: later: ok
