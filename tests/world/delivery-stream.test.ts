/**
 * Streams and disks in drawn worlds: a durable stream's broker on the first node, producers and
 * consumers on all, and every fault. What consumers got and what the broker was told is compared
 * row by row: what was answered is never lost, and what comes again comes from the last commit on.
 */
import { expect, it } from "vitest";
import { KIND, type Scenario, type Trace } from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { drawWorld, TALK_MS } from "../engine/random-worlds.ts";
import { compileFiles } from "../engine/room.ts";

const MS = 1_000;
const SEEDS = Array.from({ length: 30 }, (_none, i) => i + 1);

const PROGRAM = compileFiles({
  "main.ts": `import { log, monotonic, random, receive, sleep, spawnMonitor } from "otp";
  import { stream } from "world";
  export const orders = stream({ partitions: 3, sessionMs: 500 });
  const ref = { name: "orders", node: "n1" };

  export async function producer(name: string) {
    for (let i = 0; i < 25; i++) {
      const value = name + i;
      for (;;) {
        try {
          const { partition, offset } = await stream.append(ref, value, value, { timeout: 100 });
          log("ack " + JSON.stringify([partition, offset, value]));
          break;
        } catch { await sleep(50); }
      }
      await sleep(60 * random());
    }
  }

  export async function keeper() {
    for (;;) { spawnMonitor(consumer as any, []); await receive(); await sleep(20 + 50 * random()); }
  }

  async function consumer() {
    const own = stream.consumer(ref, { group: "g", batch: 4, timeout: 200 });
    for (;;) {
      try {
        for (const { partition, offset, value } of await own.poll({ ms: 100 }))
          log("got " + JSON.stringify([own.generation(), partition, offset, value]));
        if (monotonic() < ${TALK_MS} && random() < 0.1) return;
        if (random() < 0.8) await own.commit();
      } catch { await sleep(30); }
    }
  }`,
});

/** A drawn world whose nodes and wires all come back, with its faults. */
function scenarioFor(seed: number): Scenario {
  const drawn = drawWorld(seed);
  const names = drawn.nodes.map(({ name }) => name);
  const untilUs = TALK_MS * MS;
  const start = (node: string, run: string, ...args: readonly unknown[]) => {
    return { atUs: 0, node, file: "main.ts", run, args };
  };
  const near = drawn.wires.flatMap(({ between }) => (between[0] === "n1" ? [between[1]] : []));
  const lives = names.map((node) => ({ kind: "restart" as const, node, atUs: untilUs }));
  const ending = drawn.faults.map((fault) =>
    "untilUs" in fault || fault.kind === "crash" ? fault : { untilUs, ...fault },
  );
  return {
    ...drawn,
    horizonUs: 30_000 * MS,
    starts: [
      { ...start("n1", "orders"), name: "orders" },
      ...["n1", ...near].flatMap((node) => [start(node, "producer", node), start(node, "keeper")]),
    ],
    faults: [...(ending as Scenario["faults"]), ...lives],
    distribution: { ...drawn.distribution, preventOverlappingPartitions: false },
  };
}

const seen = { acked: 0, again: 0, starts: 0, deaths: 0 };

it.each(SEEDS)("Rules DE1, ST4, ST7 and DK2: the stream of world %i", (seed) => {
  const { acked, got, committed } = accountOf(
    simulate({ program: PROGRAM, scenario: scenarioFor(seed), seed }),
  );
  const values = new Map<string, string>();
  for (const { place, value } of got) {
    expect(values.get(place) ?? value, place).toBe(value);
    values.set(place, value);
  }
  // What a producer was told of is there under its number, and got to somebody.
  for (const { place, value } of acked) expect(values.get(place), place).toBe(value);
  for (const { op, offset, last, partition } of committed) {
    // The offset of an assignment is the last commit that the broker has said is done, and no other.
    if (op === "assign") expect(offset, `partition ${partition}`).toBe(last);
  }
  // Within a generation, in order and without gaps, from the commit that it began with.
  const next = new Map<string, number>();
  for (const { generation, partition, offset, since } of got) {
    const key = `${generation}/${partition}`;
    expect(offset, key).toBe(next.get(key) ?? since);
    next.set(key, offset + 1);
  }
  seen.acked += acked.length;
  seen.again += got.length - values.size;
  seen.starts += committed.filter(({ op }) => op === "assign").length;
});

it("was put to the test by redelivery and many generations", () => {
  expect(seen.acked).toBeGreaterThan(1_000);
  expect(seen.again).toBeGreaterThan(50);
  expect(seen.starts).toBeGreaterThan(200);
});

interface Row {
  readonly op: string;
  readonly partition: number;
  readonly generation: number;
}

/** In the order of the rows; `last` is what the partition's last commit said, `since` where a generation began it. */
function accountOf(trace: Trace) {
  const acked: { place: string; value: string }[] = [];
  const got: {
    place: string;
    value: string;
    generation: number;
    partition: number;
    offset: number;
    since: number | undefined;
  }[] = [];
  const committed: { op: string; partition: number; offset: number; last: number }[] = [];
  const last = new Map<number, number>();
  const since = new Map<string, number>();
  for (let row = 0; row < trace.rowCount; row++) {
    const payload = trace.payloadOf(row);
    if (trace.kindOf(row) === KIND.stream) {
      const { op, partition, generation } = payload as Row;
      const offset = trace.valueIn(row);
      if (op === "commit") last.set(partition, offset);
      if (op !== "assign") continue;
      committed.push({ op, partition, offset, last: last.get(partition) ?? 0 });
      since.set(`${generation}/${partition}`, offset);
    }
    const text = String(payload);
    if (trace.kindOf(row) !== KIND.log) continue;
    if (text.startsWith("ack ")) {
      const [partition, offset, value] = JSON.parse(text.slice(4));
      acked.push({ place: `${partition}/${offset}`, value });
    }
    if (!text.startsWith("got ")) continue;
    const [generation, partition, offset, value] = JSON.parse(text.slice(4));
    got.push({
      place: `${partition}/${offset}`,
      value,
      generation,
      partition,
      offset,
      since: since.get(`${generation}/${partition}`),
    });
  }
  return { acked, got, committed };
}
