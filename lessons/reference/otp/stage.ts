// A consumer asks for events, and gets no more than it asked for: nothing piles up before it.
// for: stage, genStage.syncSubscribe
import { genStage, log, type Pid, stage, startLink, work } from "otp";

const orders = stage<number>({
  kind: "producer",
  init: () => ["ok", 1],
  handleDemand(demand, next) {
    log(`${demand} more wanted`);
    const events = Array.from({ length: demand }, (_, i) => next + i).filter(
      (id) => id <= 5,
    );
    return ["noreply", events, next + demand];
  },
});

const kitchen = stage<null, number>({
  kind: "consumer",
  init: () => ["ok", null],
  async handleEvents(events, _from, state) {
    await work(10 * events.length);
    log(`cooked ${events}`);
    return ["noreply", [], state];
  },
});

export async function main() {
  const [, producer] = (await startLink(orders)) as ["ok", Pid];
  const [, consumer] = (await startLink(kitchen)) as ["ok", Pid];
  await genStage.syncSubscribe(consumer, { to: producer, maxDemand: 2 });
}

// prints:
// 0 ms  producer: 2 more wanted
// 10 ms  consumer: cooked 1
// 10 ms  producer: 1 more wanted
// 20 ms  consumer: cooked 2
// 20 ms  producer: 1 more wanted
// 30 ms  consumer: cooked 3
// 30 ms  producer: 1 more wanted
// 40 ms  consumer: cooked 4
// 40 ms  producer: 1 more wanted
// 50 ms  consumer: cooked 5
// 50 ms  producer: 1 more wanted
