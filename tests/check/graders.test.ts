import { describe, expect, it } from "vitest";
import {
  census,
  epochs,
  finalStates,
  firstStale,
  hashOfNamed,
  incarnations,
} from "../../workers/check/index.ts";
import { play, scenarioOf } from "../engine/room.ts";

describe("Rule K6: the census", () => {
  it("agrees with what each process says of itself", () => {
    const { trace, said } = play(
      `export async function main() {
           register("main");
           const idle = spawn(sleeper, [], { name: "idle" });
           const friend = spawnLink(sleeper, [], { name: "friend" });
           const gone = spawn(brief, []);
           monitor(idle); monitor(friend); demonitor(monitor(idle)); monitor(gone);
           for (let i = 0; i < 3; i++) send(idle, i);
           sendAfter(1e9, "late"); sendAfter(1e9, "later"); cancelTimer(sendAfter(1e9, "never")); sendAfter(1, "soon");
           await sleep(100);
           for (const pid of [self(), idle, friend]) {
             const { messageQueueLen, links, monitors } = processInfo(pid);
             log([messageQueueLen, links.length, monitors.length].join(" "));
           }
           await sleep(1e9);
         }
         async function sleeper() { await sleep(1e9); }
         function brief() {}`,
      scenarioOf(),
    );
    const found = census(trace);
    expect(found.map(({ label }) => label)).toEqual(["main", "idle", "friend"]);
    const counted = found.map(({ unread, links, monitors }) => [unread, links, monitors].join(" "));
    expect(counted).toEqual(said);
    expect(found.map(({ timers }) => timers)).toEqual([2, 0, 0]);
  });

  it("counts nobody of a node that was killed", () => {
    const { trace } = play(
      "export async function main() { await sleep(1e9); }",
      scenarioOf({ faults: [{ kind: "crash", node: "n1", atUs: 1_000 }] }),
    );
    expect(census(trace)).toEqual([]);
  });
});

const SHOP = `import { supervisor, dynamicSupervisor, startChild } from "otp";
  export const worker = genServer({ init: (n) => ["ok", n], handleCast: (why) => exit(why) });
  const child = (id) => ({ id, start: [worker, [id], { name: id }] });
  export const shop = supervisor({ strategy: "STRATEGY", intensity: 9, children: [child("a"), child("b"), child("c")] });
  export const many = dynamicSupervisor();
  export async function main() {
    const [, sup] = await start(shop, []);
    await sleep(10); cast("b", "oh"); await sleep(10); cast("b", "oh"); await sleep(10);
    const [, dyn] = await start(many, []);
    const [, one] = await startChild(dyn, { id: "x", start: [worker, [1]] });
    await startChild(dyn, { id: "x", start: [worker, [2]] });
    cast(one, "oh");
    await sleep(10);
  }`;

describe("Rules K7 and U24: incarnations", () => {
  const lives = (strategy: string) =>
    incarnations(play(SHOP.replace("STRATEGY", strategy)).trace).map(
      ({ child, incarnation }) => `${child}${incarnation}`,
    );

  it("of one_for_one only the child that ended has a new one", () => {
    expect(lives("one_for_one")).toEqual([
      "a0",
      "b0",
      "c0",
      "b1",
      "b2",
      "undefined0",
      "undefined0",
      "undefined1",
    ]);
  });

  it("of rest_for_one those after it too, of one_for_all everybody", () => {
    expect(lives("rest_for_one").slice(0, 7)).toEqual(["a0", "b0", "c0", "b1", "c1", "b2", "c2"]);
    expect(lives("one_for_all").slice(0, 6)).toEqual(["a0", "b0", "c0", "a1", "b1", "c1"]);
  });

  it("a life ends when its process does", () => {
    const found = incarnations(play(SHOP.replace("STRATEGY", "one_for_one")).trace);
    const b = found.filter(({ child }) => child === "b");
    expect(b.map(({ untilUs }) => untilUs)).toEqual([10_000, 20_000, undefined]);
  });
});

describe("Rule K8: fencing", () => {
  const uses = (tokens: readonly (readonly [number, string])[]) =>
    epochs(
      play(
        `import { fence } from "probe";
         export function main(tokens) { for (const [token, outcome] of tokens) fence("disk", token, outcome); }`,
        scenarioOf({
          starts: [{ atUs: 5, node: "n1", file: "main.ts", run: "main", args: [tokens] }],
        }),
      ).trace,
    );

  it("finds the first use under an older token", () => {
    const found = uses([
      [1, "accepted"],
      [3, "accepted"],
      [2, "refused"],
      [3, "accepted"],
      [1, "accepted"],
    ]);
    expect(found.map(({ token, atUs }) => [token, atUs])).toEqual(
      [1, 3, 2, 3, 1].map((t) => [t, 5]),
    );
    expect(firstStale(found)).toBe(found[4]);
    expect(firstStale(found.slice(0, 4))).toBeUndefined();
  });
});

describe("Rule K9: final states", () => {
  const till = (orders: readonly number[], gapMs: number) =>
    play(
      `export const till = genServer({ init: () => ["ok", 0], handleCast: (n, sum) => ["noreply", sum + n] });
       export async function main(orders, gap) {
         await start(till, [], { name: "till" });
         for (const n of orders) { cast("till", n); await sleep(gap); }
       }`,
      scenarioOf({
        starts: [{ atUs: 0, node: "n1", file: "main.ts", run: "main", args: [orders, gapMs] }],
      }),
    ).trace;

  it("are the same after other ways to the same end, and differ after another end", () => {
    const end = hashOfNamed(till([1, 2, 3], 1));
    expect(finalStates(till([1, 2, 3], 1)).size).toBe(1);
    expect(hashOfNamed(till([3, 3], 7))).toBe(end);
    expect(hashOfNamed(till([3, 4], 7))).not.toBe(end);
  });
});
