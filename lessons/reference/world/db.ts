// All of a transaction or nothing of it, and one at a time: no sum is ever seen half changed.
// for: db
import { log } from "otp";
import { db } from "world";

export async function main() {
  const bank = db("bank");
  await bank.tx((t) => {
    t.write("account", "Ann", 50);
    t.write("account", "Bob", 10);
  });
  const pay = (amount: number) =>
    bank.tx((t) => {
      const ann = t.read<number>("account", "Ann") ?? 0;
      t.write("account", "Ann", ann - amount);
      if (ann < amount) t.abort("not enough");
      t.write("account", "Bob", (t.read<number>("account", "Bob") ?? 0) + amount);
    });
  for (const amount of [30, 40]) log(`${amount}: ${(await pay(amount))[0]}`);
  const [ann, bob] = ["Ann", "Bob"].map((who) => bank.dirtyRead("account", who));
  log(`Ann ${ann}, Bob ${bob}`);
}

// prints:
// 4.4 ms  main: 30: atomic
// 4.4 ms  main: 40: aborted
// 4.4 ms  main: Ann 20, Bob 40
