// The oven crashes on what it does not know. Nobody repairs it: its
// supervisor throws it away and starts another, in the state in which ovens
// are delivered. The counter beside it goes on.
import { cast, error, genServer, log, supervisor, work } from "otp";

/**
 * Bakes for 80 ms. A stone is none of its business, so it does not try to
 * handle one.
 */
export const oven = genServer<number, never, string>({
  init() {
    log("a fresh oven");
    return ["ok", 0];
  },
  async handleCast(order, baked) {
    if (order === "stone") error("a stone is not food");
    await work(80);
    cast("counter", order);
    return ["noreply", baked + 1];
  },
});

/** Knows how much was baked, whatever became of the ovens that baked it. */
export const counter = genServer<number, never, string>({
  init: () => ["ok", 0],
  handleCast(order, count) {
    log(`${order} is number ${count + 1}`);
    return ["noreply", count + 1];
  },
});

/**
 * Three restarts in five seconds, and it gives up. Try: intensity 1, or
 * strategy "one_for_all".
 */
export const kitchen = supervisor({
  strategy: "one_for_one",
  intensity: 3,
  children: [
    { id: "oven", start: [oven, [], { name: "oven" }] },
    { id: "counter", start: [counter, [], { name: "counter" }] },
  ],
});

/** Every seventh guest orders a stone. */
export function guest(n: number) {
  cast({ name: "oven", node: "kitchen" }, n % 7 === 0 ? "stone" : "bread");
}
