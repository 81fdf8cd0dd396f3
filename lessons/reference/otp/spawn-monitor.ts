// Started and watched in one step: there is no moment at which its end could be missed.
// for: spawnMonitor
import { error, log, receive, spawnMonitor, when } from "otp";

function checkOut(basket: string[]) {
  if (basket.length === 0) error("empty_basket");
}

export async function main() {
  for (const basket of [["tea", "salt"], []]) {
    const [, ref] = spawnMonitor(checkOut, [basket]);
    await receive([
      when({ ref, reason: "normal" }, () => log("went well")),
      when({ ref }, ({ reason }) => log(`failed: ${reason[0]}`)),
    ]);
  }
}

// prints:
// 0 ms  main: went well
// 0 ms  main: failed: empty_basket
