// Every process draws from numbers of its own: the same in each run with the same seed.
// for: random
import { log, random, spawn } from "otp";

function dice(name: string) {
  const rolls = Array.from({ length: 6 }, () => 1 + Math.floor(random() * 6));
  log(`${name} rolls ${rolls.join(" ")}`);
}

export async function main() {
  spawn(dice, ["Ann"]);
  spawn(dice, ["Bob"]);
}

// prints:
// 0 ms  dice: Ann rolls 6 1 3 1 6 2
// 0 ms  dice: Bob rolls 5 6 1 4 6 3
