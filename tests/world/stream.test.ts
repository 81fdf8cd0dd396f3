import { describe, expect, it } from "vitest";
import { KIND, type Scenario, type Trace } from "../../workers/kernel/index.ts";
import { hash } from "../../workers/world/hash.ts";
import { assign } from "../../workers/world/stream-assignment.ts";
import { play, scenarioOf, type Told } from "../engine/room.ts";

/** `orders` is started as the options say; `texts` and `say` put what comes into few words. */
const preamble = (options: string) => `
  import { stream } from "world";
  import { error as raise } from "otp";
  export const orders = stream(${options});
  const ref = { name: "orders", node: "n1" };
  const say = (...words) => log(words.map((word) => typeof word === "string" ? word : JSON.stringify(word)).join(" "));
  const texts = (records) => records.map(({ partition, offset, value }) => partition + "/" + offset + " " + value).join(", ") || "nothing";
  const fill = async (from, to) => { for (let i = from; i < to; i++) await stream.append(ref, i, "e" + i); };
`;

/** One node with the stream, begun by the scenario, and \`main\`. */
function alone(options: string, text: string, changes: Partial<Scenario> = {}): Told {
  return play(
    preamble(options) + text,
    scenarioOf({
      starts: [
        { atUs: 0, node: "n1", file: "main.ts", run: "orders", args: [], name: "orders" },
        { atUs: 10_000, node: "n1", file: "main.ts", run: "main", args: [] },
      ],
      ...changes,
    }),
  );
}

/** As \`alone\`, with \`main\` on a second node a millisecond away. */
function apart(options: string, text: string, changes: Partial<Scenario> = {}): Told {
  return alone(options, text, {
    nodes: [
      { name: "n1", cores: 1 },
      { name: "n2", cores: 1 },
    ],
    wires: [{ between: ["n1", "n2"], latency: { kind: "det", us: 1000 }, loss: 0 }],
    starts: [
      { atUs: 0, node: "n1", file: "main.ts", run: "orders", args: [], name: "orders" },
      { atUs: 10_000, node: "n2", file: "main.ts", run: "main", args: [] },
    ],
    ...changes,
  });
}

const MEMORY = "{ durable: false }";

interface StreamRow {
  readonly at: number;
  readonly op: string;
  readonly partition: number;
  readonly offset: number;
  readonly count?: number;
  readonly again?: number;
  readonly missed?: number;
  readonly generation?: number;
  readonly why?: string;
}

function rowsOf(trace: Trace, op: string): StreamRow[] {
  const rows: StreamRow[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kindOf(row) !== KIND.stream) continue;
    const payload = trace.payloadOf(row) as StreamRow;
    if (payload.op === op)
      rows.push({ ...payload, at: trace.atOf(row) / 1000, offset: trace.valueIn(row) });
  }
  return rows;
}

describe("Rule ST3: a key always leads to the same partition, whose records are numbered in order", () => {
  it("says where each event stands, by the key's hash", () => {
    const { said } = alone(
      "{ partitions: 3, durable: false }",
      `export async function main() {
        for (const key of ["a", "b", "c", "a", "b", 7, { id: 7 }, 7]) say(key, await stream.append("orders", key, "x"));
      }`,
    );
    const ends = [0, 0, 0];
    const expected = ["a", "b", "c", "a", "b", 7, { id: 7 }, 7].map((key) => {
      const partition = hash(key, 3);
      const offset = ends[partition] as number;
      ends[partition] = offset + 1;
      const word = typeof key === "string" ? key : JSON.stringify(key);
      return `${word} ${JSON.stringify({ partition, offset })}`;
    });
    expect(said).toEqual(expected);
  });

  it("has in one partition what was appended with one key, in order, and events copied", () => {
    const { said } = alone(
      "{ partitions: 8, durable: false }",
      `export async function main() {
        for (let i = 0; i < 5; i++) await stream.append("orders", "order-1", { i });
        const all = await stream.consumer("orders", { group: "g" }).poll();
        say(all.map(({ offset, value }) => [offset, value.i]), new Set(all.map((r) => r.partition)).size, Object.isFrozen(all[0].value));
      }`,
    );
    expect(said).toEqual(["[[0,0],[1,1],[2,2],[3,3],[4,4]] 1 true"]);
  });
});

describe("Rule ST4: what was appended or committed is on the disk before that is answered", () => {
  it("costs a write and a sync, which all that waits meanwhile share", () => {
    const { lines } = alone(
      "{}",
      `async function one(i) { await stream.append("orders", i, i); log("kept " + i); }
      export async function main() {
        for (let i = 0; i < 6; i++) spawn(one, [i]);
        await sleep(100);
        await one(6);
      }`,
    );
    // The first goes alone: 0.2 ms to write and 2 ms to sync. Five share the next sync: 5 × 0.2 + 2.
    const at = (text: string) => Number(lines.find((line) => line.endsWith(text))?.split(" ")[0]);
    expect(at("kept 0")).toBeCloseTo(12.2);
    expect([1, 2, 3, 4, 5].map((i) => at(`kept ${i}`))).toEqual(Array(5).fill(15.2));
    expect(at("kept 6")).toBeCloseTo(112.2);
  });

  it("outlives a crash of the node; what was not answered may be lost, and is not seen before", () => {
    const { said } = apart(
      "{}",
      `export async function main() {
        const own = stream.consumer(ref, { group: "g", batch: 2 });
        await fill(0, 5);
        say(texts(await own.poll()), await own.commit());
        try { await stream.append(ref, 5, "lost"); } catch (thrown) { say("no answer", thrown.reason[0]); }
        await sleep(3000);
        const next = stream.consumer(ref, { group: "g" });
        say(texts(await next.poll()));
        say(await stream.append(ref, 6, "e6"), next.generation());
      }`,
      {
        // The last append arrives at 41.2 ms, and is not synced yet.
        faults: [
          { kind: "crash", node: "n1", atUs: 42_000 },
          { kind: "restart", node: "n1", atUs: 1_000_000 },
        ],
      },
    );
    expect(said).toEqual([
      "0/0 e0, 0/1 e1 ok",
      'no answer ["nodedown","n1"]',
      "0/2 e2, 0/3 e3, 0/4 e4",
      '{"partition":0,"offset":5} 2',
    ]);
  });

  it("outlives the broker's process too, and needs a name", () => {
    const { said, exits } = alone(
      "{ partitions: 2 }",
      `export async function main() {
        await fill(0, 4);
        const own = stream.consumer(ref, { group: "g", batch: 1 });
        const [first] = await own.poll();
        await own.commit();
        exit(whereis("orders"), "kill");
        await sleep(1);
        await startLink(orders, [], { name: "orders" });
        const all = await stream.consumer(ref, { group: "g" }).poll();
        say(all.length, all.some((r) => r.value === first.value));
        say(await start(orders));
      }`,
    );
    expect(said[0]).toBe("3 false");
    expect(said[1]).toMatch(/^\["error","a durable stream is found on its node's disk by its name/);
    expect(exits[0]).toEqual(["orders", "killed"]);
  });

  it("is refused when the disk is full, and then it is not there", () => {
    const { said } = alone(
      "{}",
      `export async function main() {
        await fill(0, 2);
        try { await stream.append(ref, 2, "x".repeat(4000)); } catch (thrown) { say(thrown.name, thrown.reason); }
        say(texts(await stream.consumer(ref, { group: "g" }).poll()));
      }`,
      { nodes: [{ name: "n1", cores: 1, disk: { bytes: 2_000 } }] },
    );
    expect(said).toEqual(["ErlangError enospc", "0/0 e0, 0/1 e1"]);
  });

  it("keeps only what groups have committed last, however often they commit", () => {
    const { said, trace } = alone(
      "{ partitions: 2 }",
      `export async function main() {
        const own = stream.consumer(ref, { group: "g" });
        await fill(0, 3);
        const last = (await own.poll()).at(-1);
        for (let i = 0; i < 1200; i++) await own.commit(last);
        exit(whereis("orders"), "kill");
        await sleep(1);
        await startLink(orders, [], { name: "orders" });
        say((await stream.lag(ref, "g")).records);
      }`,
    );
    const { partition, count } = rowsOf(trace, "deliver").at(-1) as Required<StreamRow>;
    const others = 3 - rowsOf(trace, "append").filter((row) => row.partition === partition).length;
    expect([count > 0, said]).toEqual([true, [String(others)]]);
    const compactions = [];
    for (let row = 0; row < trace.rowCount; row++) {
      const { op } = (trace.payloadOf(row) ?? {}) as { readonly op?: string };
      if (trace.kindOf(row) === KIND.disk && op === "compact") compactions.push(trace.valueIn(row));
    }
    expect(compactions).toEqual([1]);
  });

  it("is in memory with durable: false, at no cost, and gone with the broker", () => {
    const { lines } = alone(
      MEMORY,
      `export async function main() {
        await fill(0, 3);
        log("appended");
        exit(whereis("orders"), "kill");
        await sleep(1);
        await startLink(orders, [], { name: "orders" });
        log(texts(await stream.consumer(ref, { group: "g" }).poll({ ms: 0 })));
      }`,
    );
    expect(lines).toEqual(["10 main: appended", "11 main: nothing"]);
  });
});

describe("Rule ST5: in a group each partition is one member's, evenly, and few change hands", () => {
  it.each([
    [
      4,
      [
        ["a", []],
        ["b", []],
      ],
      { a: [0, 1], b: [2, 3] },
    ],
    [
      4,
      [
        ["a", [0, 1, 2, 3]],
        ["b", []],
      ],
      { a: [0, 1], b: [2, 3] },
    ],
    [
      5,
      [
        ["a", [0, 1]],
        ["b", [2, 3, 4]],
      ],
      { a: [0, 1], b: [2, 3, 4] },
    ],
    [
      5,
      [
        ["a", [0, 1, 2]],
        ["c", []],
      ],
      { a: [0, 1, 2], c: [3, 4] },
    ],
    [
      5,
      [
        ["a", [3, 4]],
        ["b", [0]],
        ["c", []],
      ],
      { a: [3, 4], b: [0, 1], c: [2] },
    ],
    [
      2,
      [
        ["a", []],
        ["b", [1]],
        ["c", []],
      ],
      { a: [0], b: [1], c: [] },
    ],
  ] as const)("%i partitions among %j", (partitionCount, members, expected) => {
    const candidates = members.map(([id, partitions]) => ({ id, partitions }));
    expect(Object.fromEntries(assign<string>(partitionCount, candidates))).toEqual(expected);
  });

  it("gives everything to each group, and shares it among the members of one", () => {
    const { said } = alone(
      "{ partitions: 4, durable: false }",
      `async function reader(group, name) {
        const own = stream.consumer(ref, { group });
        let count = 0;
        while (monotonic() < 1000) { count += (await own.poll({ ms: 20 })).length; await own.commit(); }
        say(group, name, own.assigned().length, count > 0);
        await sleep(1000);
      }
      export async function main() {
        for (const name of ["x", "y"]) spawn(reader, ["shared", name]);
        spawn(reader, ["whole", "z"]);
        await sleep(30);
        await fill(0, 40);
        await sleep(2000);
        for (const group of ["shared", "whole"]) say(group, (await stream.lag(ref, group)).records);
      }`,
    );
    expect([...said].sort()).toEqual([
      "shared 0",
      "shared x 2 true",
      "shared y 2 true",
      "whole 0",
      "whole z 4 true",
    ]);
  });
});

describe("Rule ST6: a generation begins when every member has let go; then older commits are refused", () => {
  const LATE = `
    async function slow(name, ms) {
      const own = stream.consumer(ref, { group: "g", batch: 1 });
      for (;;) {
        const records = await own.poll({ ms: 100 });
        if (records.length === 0) continue;
        log(name + " g" + own.generation() + " got " + texts(records));
        await sleep(ms);
        log(name + " commits " + await own.commit());
      }
    }`;

  it("waits for who is busy, whose commit still counts; the newcomer goes on behind it", () => {
    const { lines } = alone(
      "{ partitions: 1, durable: false, sessionMs: 2000 }",
      `${LATE}
      export async function main() {
        await fill(0, 3);
        spawn(slow, ["old", 1000]);
        await sleep(100);
        spawn(slow, ["new", 10]);
      }`,
    );
    // The one partition stays with its first member (ST5); the other one gets nothing of it.
    expect(lines.slice(0, 4)).toEqual([
      "10 slow: old g1 got 0/0 e0",
      "1010 slow: old commits ok",
      "1010 slow: old g2 got 0/1 e1",
      "2010 slow: old commits ok",
    ]);
  });

  it("does not wait longer than sessionMs: the silent member's commit is refused, its record comes again", () => {
    const { lines, trace } = alone(
      "{ partitions: 1, durable: false, sessionMs: 500 }",
      `${LATE}
      export async function main() {
        await fill(0, 1);
        spawn(slow, ["old", 1000]);
        await sleep(100);
        spawn(slow, ["new", 10]);
        await sleep(2000);
        say((await stream.lag(ref, "g")).records);
      }`,
    );
    expect(lines).toEqual([
      "10 slow: old g1 got 0/0 e0",
      "510 slow: new g2 got 0/0 e0",
      "520 slow: new commits ok",
      "1010 slow: old commits error,rebalanced",
      "2110 main: 0",
    ]);
    expect(rowsOf(trace, "deliver").map(({ again }) => again)).toEqual([0, 1]);
    const [silent] = rowsOf(trace, "revoke");
    expect(silent).toMatchObject({ at: 510, generation: 1, why: "silent" });
  });

  it("refuses the commit of a member that was forgotten, though nobody has taken its place", () => {
    const { said } = alone(
      "{ durable: false, sessionMs: 100 }",
      `export async function main() {
        const own = stream.consumer(ref, { group: "g" });
        await fill(0, 2);
        say(texts(await own.poll()));
        await sleep(150);
        say(await own.commit());
        say(texts(await own.poll()), own.generation());
        say(await own.commit());
      }`,
    );
    expect(said).toEqual(["0/0 e0, 0/1 e1", '["error","rebalanced"]', "0/0 e0, 0/1 e1 2", "ok"]);
  });
});

describe("Rule ST7: what was not committed comes again, to whoever has the partition then", () => {
  it("gives the poison event again and again to a consumer that crashes on it", () => {
    const { said } = alone(
      "{ durable: false }",
      `async function consumer() {
        const own = stream.consumer(ref, { group: "g", batch: 1 });
        for (;;) {
          const [record] = await own.poll();
          say(record.offset + " " + record.value);
          if (record.value === "e1") raise("poison");
          await own.commit();
        }
      }
      export async function main() {
        await fill(0, 3);
        for (let i = 0; i < 3; i++) { spawnMonitor(consumer, []); await receive(); }
      }`,
    );
    expect(said).toEqual(["0 e0", "1 e1", "1 e1", "1 e1"]);
  });

  it("commits up to a record, and all that was polled when no record is named", () => {
    const { said } = alone(
      "{ durable: false }",
      `export async function main() {
        await fill(0, 6);
        const own = stream.consumer(ref, { group: "g", batch: 4 });
        const records = await own.poll();
        say(await own.commit(records[1]), (await own.lag()).records);
        say(await own.commit(), (await own.lag()).records);
        say(await own.commit({ partition: 0, offset: 99 }).catch((thrown) => thrown.reason));
        await own.poll();
        await own.close();
        say(texts(await stream.consumer(ref, { group: "g" }).poll()));
      }`,
    );
    expect(said).toEqual(["ok 4", "ok 2", "out_of_range", "0/4 e4, 0/5 e5"]);
  });
});

describe("Rule ST8: a member that has died, closed, or cannot be reached has no part any more", () => {
  it("lets the others go on at once", () => {
    const { lines } = alone(
      "{ partitions: 2, durable: false }",
      `async function idle(how) {
        const own = stream.consumer(ref, { group: "g" });
        await own.poll({ ms: 0 });
        await own.poll({ ms: 20 });
        if (how === "close") { await own.close(); await sleep(1000); }
      }
      export async function main() {
        const own = stream.consumer(ref, { group: "g" });
        await own.poll({ ms: 0 });
        for (const how of ["close", "die"]) {
          spawn(idle, [how]);
          await sleep(5);
          await own.poll({ ms: 5 });
          log(how + " shared " + own.assigned());
          await own.poll({ ms: 100 });
          log(how + " alone " + own.assigned());
        }
      }`,
    );
    expect(lines).toEqual([
      "20 main: close shared 0",
      "120 main: close alone 0,1",
      "130 main: die shared 0",
      "230 main: die alone 0,1",
    ]);
  });

  it("takes back what a node had that is out of reach", () => {
    const { trace, lines } = apart(
      "{ durable: false }",
      `export async function main() {
        const own = stream.consumer(ref, { group: "g" });
        await fill(0, 1);
        log(texts(await own.poll()));
        await sleep(100);
        log("commits " + await own.commit().catch((thrown) => thrown.reason[0]));
      }`,
      { faults: [{ kind: "cut", between: ["n1", "n2"], atUs: 50_000, untilUs: 90_000 }] },
    );
    expect(rowsOf(trace, "revoke")).toMatchObject([{ at: 50, why: "died" }]);
    expect(lines.map((line) => line.split(": ")[1])).toEqual([
      "0/0 e0",
      "commits error,rebalanced",
    ]);
  });
});

describe("Rule ST9: a poll brings at most a batch, waits for the first record, and favours no partition", () => {
  it("waits as long as it says and no longer", () => {
    const { lines } = alone(
      MEMORY,
      `async function later() { await sleep(300); await fill(0, 1); }
      export async function main() {
        const own = stream.consumer(ref, { group: "g" });
        log(texts(await own.poll({ ms: 0 })));
        log(texts(await own.poll({ ms: 50 })));
        spawn(later, []);
        log(texts(await own.poll({ ms: 5000 })));
        await fill(1, 3);
        log(texts(await own.poll()));
        log(texts(await own.poll()));
      }`,
    );
    expect(lines).toEqual([
      "10 main: nothing",
      "60 main: nothing",
      "360 main: 0/0 e0",
      "360 main: 0/1 e1, 0/2 e2",
      "1360 main: nothing",
    ]);
  });

  it.each([
    [0, 1],
    [1, 0],
  ])(
    "has something of partition %i within two polls, though %i alone could fill them",
    (few, many) => {
      const [cold, hot] = [few, many].map((partition) =>
        [..."abcdefgh"].find((key) => hash(key, 2) === partition),
      );
      const { said } = alone(
        "{ partitions: 2, durable: false }",
        `export async function main() {
        await stream.append(ref, "${cold}", "cold");
        for (let i = 0; i < 50; i++) await stream.append(ref, "${hot}", "hot");
        const own = stream.consumer(ref, { group: "g", batch: 3 });
        const seen = new Set();
        for (let i = 0; i < 2; i++) for (const { partition } of await own.poll()) seen.add(partition);
        say([...seen].sort());
      }`,
      );
      expect(said).toEqual(["[0,1]"]);
    },
  );
});

describe("Rule ST10: what is past its retention is thrown away, and who comes too late is told", () => {
  it("keeps the newest by count, and says how many a consumer has missed", () => {
    const { said, trace } = alone(
      "{ durable: false, retention: { count: 3 } }",
      `export async function main() {
        const own = stream.consumer(ref, { group: "g", batch: 2 });
        await fill(0, 2);
        say(texts(await own.poll()), await own.commit());
        await fill(2, 10);
        const records = await own.poll();
        say(texts(records), records.map((r) => r.missed ?? "-"));
        say((await own.lag()).records);
      }`,
    );
    expect(said).toEqual(["0/0 e0, 0/1 e1 ok", '0/7 e7, 0/8 e8 [5,"-"]', "3"]);
    expect(rowsOf(trace, "expire").at(-1)).toMatchObject({ offset: 7, count: 1 });
    expect(rowsOf(trace, "deliver").at(-1)).toMatchObject({ offset: 7, count: 2, missed: 5 });
  });

  it("throws away by age, also from the disk", () => {
    const { said } = alone(
      "{ retention: { ms: 1000 } }",
      `export async function main() {
        await fill(0, 300);
        await sleep(500);
        await stream.append(ref, "k", "young");
        await sleep(700);
        say(texts(await stream.consumer(ref, { group: "g" }).poll()));
        say(await stream.append(ref, "k", "next"));
      }`,
    );
    expect(said).toEqual(["0/300 young", '{"partition":0,"offset":301}']);
  });
});

describe("Rule ST11: where a group begins, and seeking", () => {
  it("begins with the oldest, or after the newest, and then misses nothing", () => {
    const { said } = alone(
      "{}",
      `async function glance(group, from) {
        const own = stream.consumer(ref, { group, from });
        say(from, texts(await own.poll({ ms: 10 })));
        await own.close();
      }
      export async function main() {
        await fill(0, 2);
        await glance("a", "earliest");
        await glance("b", "latest");
        await sleep(10);
        // It has committed nothing, but its beginning is set down.
        await fill(2, 4);
        await glance("b", "latest");
      }`,
    );
    expect(said).toEqual(["earliest 0/0 e0, 0/1 e1", "latest nothing", "latest 0/2 e2, 0/3 e3"]);
  });

  it("reads on from where it sought, in its own partitions, before its first poll or after", () => {
    const { said } = alone(
      MEMORY,
      `export async function main() {
        await fill(0, 5);
        const first = stream.consumer(ref, { group: "g", batch: 2 });
        say(texts(await first.poll()), first.seek(0, 1), texts(await first.poll()));
        say(await first.commit(), (await first.lag()).records, first.seek(3, 0));
        await first.close();
        const again = stream.consumer(ref, { group: "g" });
        say(again.assigned(), again.generation(), again.seek(0, 0));
        say(texts(await again.poll()), again.assigned());
      }`,
    );
    expect(said).toEqual([
      "0/0 e0, 0/1 e1 ok 0/1 e1, 0/2 e2",
      'ok 2 ["error","not_assigned"]',
      "[] 0 ok",
      "0/0 e0, 0/1 e1, 0/2 e2, 0/3 e3, 0/4 e4 [0]",
    ]);
  });
});

describe("Rule ST12: bounds and wrong use", () => {
  it("refuses what is too large, and what cannot be meant", () => {
    const { said } = alone(
      MEMORY,
      `const trying = async (what) => { try { say(await what()); } catch (thrown) { say(thrown.reason); } };
      export async function main() {
        await trying(() => stream.append(ref, 1, "x".repeat(60_000)));
        await trying(() => stream({ partitions: 0 }));
        await trying(() => stream({ retention: { count: 1e9 } }));
        await trying(() => stream({ sessionMs: 0 }));
        await trying(() => stream.consumer(ref, { group: "" }));
        await trying(() => stream.consumer(ref, { group: "g", batch: 0 }));
        await trying(() => stream.consumer(ref, { group: "g", from: "middle" }));
        const own = stream.consumer(ref, { group: "g" });
        await trying(() => own.seek(0, -1));
        await trying(() => own.poll({ ms: -1 }));
        await trying(() => own.close());
        await trying(() => own.poll());
        await trying(() => call("orders", "what?"));
      }`,
    );
    expect(said).toEqual([
      "too_large",
      ...Array(8).fill("badarg"),
      "ok",
      "badarg",
      '["error","unknown_request"]',
    ]);
  });

  it("lets a consumer be used by its own process alone", () => {
    const { said } = alone(
      MEMORY,
      `let shared;
      async function other() { try { await shared.poll(); } catch (thrown) { say(thrown.reason); } }
      export async function main() { shared = stream.consumer(ref, { group: "g" }); spawn(other, []); }`,
    );
    expect(said).toEqual(["badarg"]);
  });

  it("brings no more bytes than a message holds", () => {
    const { said } = alone(
      MEMORY,
      `export async function main() {
        for (let i = 0; i < 30; i++) await stream.append(ref, i, "x".repeat(40_000));
        const own = stream.consumer(ref, { group: "g", batch: 1000 });
        say((await own.poll()).length, (await own.poll()).length);
      }`,
    );
    // 80 kB each, and 500 kB an answer.
    expect(said).toEqual(["6 6"]);
  });
});

describe("Rule ST13: lag is what a group has not committed, in records and in the age of the oldest", () => {
  it("tells it to members and to anybody, and as a metric", () => {
    const { said, trace } = alone(
      MEMORY,
      `export async function main() {
        const own = stream.consumer(ref, { group: "g", batch: 1 });
        await fill(0, 1);
        await sleep(100);
        await fill(1, 3);
        await sleep(50);
        say(await stream.lag(ref, "g"));
        await own.poll();
        say((await own.lag()).records);
        await own.commit();
        const { records, ms } = await own.lag();
        say(records, ms);
      }`,
    );
    expect(said).toEqual([
      '{"records":3,"ms":150,"partitions":[{"partition":0,"records":3,"ms":150}]}',
      "3",
      "2 50",
    ]);
    const metrics = [];
    for (let row = 0; row < trace.rowCount; row++) {
      if (trace.kindOf(row) === KIND.metric)
        metrics.push([trace.valueIn(row), trace.payloadOf(row)]);
    }
    expect(metrics).toEqual([
      [
        2,
        {
          name: "stream.lag",
          type: "gauge",
          labels: { stream: "orders", group: "g", partition: 0 },
        },
      ],
    ]);
  });
});
