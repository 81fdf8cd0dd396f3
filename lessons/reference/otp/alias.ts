// An alias is an address that one can take back: what comes too late comes to nobody.
// for: alias, unalias, makeRef
import {
  alias,
  log,
  makeRef,
  type Ref,
  receive,
  send,
  sleep,
  spawn,
  unalias,
  when,
} from "otp";

async function kitchen(to: Ref, order: Ref) {
  await sleep(50);
  send(to, { order, dish: "soup" });
}

export async function main() {
  const to = alias();
  const order = makeRef();
  spawn(kitchen, [to, order]);
  const mine = [when({ order }, ({ dish }) => dish)];
  log(
    await receive(mine, {
      after: 30,
      otherwise: () => "I go, and take my address along",
    }),
  );
  unalias(to);
  log(
    await receive(mine, { after: 100, otherwise: () => "no soup came after me" }),
  );
}

// prints:
// 30 ms  main: I go, and take my address along
// 130 ms  main: no soup came after me
