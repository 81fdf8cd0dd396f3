// The field makes a potato only when somebody asks for one. Both cooks ask
// for at most four at a time, so nothing piles up anywhere, and the quick
// cook gets more because it asks more often.
import { genStage, log, sleep, stage, work } from "otp";

/**
 * Makes as many as are wanted, and never more. Watch its mailbox: it holds
 * demand, not potatoes.
 */
export const field = stage<number>({
  kind: "producer",
  init: () => ["ok", 1],
  handleDemand(demand, next) {
    const potatoes = Array.from({ length: demand }, (_, i) => next + i);
    return ["noreply", potatoes, next + demand];
  },
});

interface Cook {
  readonly name: string;
  readonly ms: number;
  readonly peeled: number;
}

/**
 * Peels what it gets, one after the other, `ms` each. Try: maxDemand 100
 * for the slow one.
 */
export const cook = stage<Cook, number>({
  kind: "consumer",
  init: (name: string, ms: number) => [
    "ok",
    { name, ms, peeled: 0 },
    {
      subscribeTo: [
        { to: { name: "field", node: "farm" }, maxDemand: 4, minDemand: 2 },
      ],
    },
  ],
  async handleEvents(potatoes, _from, state) {
    await work(state.ms * potatoes.length, { kind: "io" });
    const peeled = state.peeled + potatoes.length;
    log(
      `${state.name} has peeled ${peeled}, the last was ${potatoes.at(-1)}`,
    );
    return ["noreply", [], { ...state, peeled }];
  },
});

/** Asks the field every two seconds how much it had to keep back. */
export async function inspector() {
  for (;;) {
    await sleep(2_000);
    log(
      `${await genStage.estimateBufferedCount("field")} potatoes lie about`,
    );
  }
}
