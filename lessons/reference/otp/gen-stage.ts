// A list handed out on demand, to two consumers, each as fast as it can.
// for: genStage.fromEnumerable, genStage
import { genStage, log, type Pid, sleep, stage, startLink, work } from "otp";

const cook = stage<number, string>({
  kind: "consumer",
  init: (ms: number) => ["ok", ms],
  async handleEvents(dishes, _from, ms) {
    await work(ms * dishes.length, { kind: "io" });
    log(`in ${ms} ms: ${dishes}`);
    return ["noreply", [], ms];
  },
});

export async function main() {
  const dishes = ["soup", "fish", "rice", "cake", "tea"];
  const [, menu] = (await genStage.fromEnumerable(dishes, {
    demand: "accumulate",
  })) as ["ok", Pid];
  for (const ms of [10, 25]) {
    const [, pid] = (await startLink(cook, [ms])) as ["ok", Pid];
    await genStage.syncSubscribe(pid, {
      to: menu,
      maxDemand: 1,
      cancel: "temporary",
    });
  }
  genStage.demand(menu, "forward");
  await sleep(100);
}

// prints:
// 10 ms  consumer: in 10 ms: soup
// 20 ms  consumer: in 10 ms: rice
// 25 ms  consumer: in 25 ms: fish
// 30 ms  consumer: in 10 ms: cake
// 50 ms  consumer: in 25 ms: tea
