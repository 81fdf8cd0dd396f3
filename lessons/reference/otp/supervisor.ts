// What crashes is started again, with a fresh state; what stood beside it is left alone.
// for: supervisor
import {
  call,
  cast,
  error,
  genServer,
  log,
  sleep,
  startLink,
  supervisor,
} from "otp";

const till = genServer<number, "total", number>({
  init: () => ["ok", 0],
  handleCall: (_total, _from, total) => ["reply", total, total],
  handleCast: (price, total) =>
    price < 0 ? error("negative price") : ["noreply", total + price],
});

const tills = supervisor({
  strategy: "one_for_one",
  intensity: 3,
  children: ["left", "right"].map((name) => ({
    id: name,
    start: [till, [], { name }],
  })),
});

export async function main() {
  await startLink(tills);
  cast("left", 5);
  cast("right", 8);
  cast("left", -1);
  await sleep(1);
  log(`left ${await call("left", "total")}, right ${await call("right", "total")}`);
}

// prints:
// 1 ms  main: left 0, right 8
