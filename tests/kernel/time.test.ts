import { describe, expect, it } from "vitest";
import { Entry, Heap, localOrder, remoteOrder } from "../../workers/kernel/heap.ts";
import { RandomStream } from "../../workers/kernel/random.ts";
import { play, twoNodes } from "../engine/room.ts";

describe("time", () => {
  it("Rule T1: time stands still while a process computes, and moves when all wait", () => {
    const { lines } = play(`
      export async function main() {
        let sum = 0;
        for (let i = 0; i < 100_000; i++) sum += i;
        log("computed");
        await sleep(0.5);
        log("slept");
        await work(2);
        log("worked");
      }
    `);
    expect(lines).toEqual(["0 main: computed", "0.5 main: slept", "2.5 main: worked"]);
  });

  it("Rule T2: a wire of no latency still takes 1 µs", () => {
    const { lines } = play(
      `
      export function main() { send({ name: "other", node: "n2" }, "hello"); }
      export async function other() { register("other"); await receive(); log("got it"); }
    `,
      twoNodes({ wires: [{ between: ["n1", "n2"], latency: { kind: "det", us: 0 }, loss: 0 }] }),
    );
    expect(lines).toEqual(["0.001 other: got it"]);
  });

  it("Rule T3: the agenda gives entries by time, remote before local, by sender, by count, however inserted", () => {
    const random = new RandomStream(7, 1);
    const keys: [number, number][] = [];
    for (let at = 0; at < 20; at++) {
      for (let n = 0; n < 10; n++) {
        keys.push([at, remoteOrder(n % 3, n)]);
        keys.push([at, localOrder(n)]);
      }
    }
    const shuffled = [...keys].sort(() => random.uniform() - 0.5);
    const heap = new Heap();
    const entries = shuffled.map(([at, order]) => new Entry(at, order, () => undefined));
    for (const entry of entries) heap.push(entry);
    const removed = new Set(entries.filter(() => random.uniform() < 0.3));
    for (const entry of removed) expect(heap.remove(entry)).toBe(true);
    const expected = entries
      .filter((entry) => !removed.has(entry))
      .sort((a, b) => a.at - b.at || a.order - b.order);
    const got = [];
    for (let entry = heap.pop(); entry !== undefined; entry = heap.pop()) got.push(entry);
    expect(got).toEqual(expected);
  });

  it("Rule T5: a timer outlives who armed it, and finds whoever bears the name when it fires", () => {
    const { lines } = play(`
      export function main() {
        spawn(armer, []);
        spawn(latecomer, []);
      }
      function armer() { sendAfter(100, "ring", "bell"); }
      async function latecomer() { await sleep(50); register("bell"); log(await receive()); }
    `);
    expect(lines).toEqual(["100 bell: ring"]);
  });

  it("cancelTimer gives what was left, or false when it was too late", () => {
    const { said } = play(`
      export async function main() {
        const early = sendAfter(100, "a");
        await sleep(30);
        log(String(cancelTimer(early)));
        log(String(cancelTimer(early)));
        const late = sendAfter(1, "b");
        await sleep(5);
        log(String(cancelTimer(late)));
        log(String(await receive()));
      }
    `);
    expect(said).toEqual(["70", "false", "false", "b"]);
  });
});
