/**
 * At least once, in order: streams under crashes of consumers, of the broker's node and of its
 * process, under consumers that fall silent, leave and come, and under wires that lose messages. What
 * producers were told and what consumers say they got is compared with the trace by a second,
 * naive account.
 */
import { describe, expect, it } from "vitest";
import { type FaultSpec, KIND, type Scenario, type Trace } from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { runApart } from "../engine/placements.ts";
import { compileFiles, scenarioOf } from "../engine/room.ts";

const SEEDS = Array.from({ length: 32 }, (_none, i) => i + 1);

/** Random trouble ends here, and everything is over some time before the end of the run. */
const TROUBLE_MS = 12_000;
const END_MS = 40_000;

const PROGRAM = compileFiles({
  "main.ts": `
    import { exit, log, monotonic, random, receive, self, sleep, spawnMonitor } from "otp";
    import { stream } from "world";

    export const orders = stream({ partitions: 4, sessionMs: 1_000 });
    const ref = { name: "orders", node: "broker" };
    const isTrouble = () => monotonic() < ${TROUBLE_MS};

    /** Tries until the event is there: what is told of as appended must get to somebody. */
    export async function producer(name, count) {
      for (let i = 0; i < count; i++) {
        const value = name + i;
        for (;;) {
          try {
            const { partition, offset } = await stream.append(ref, value, value, { timeout: 500 });
            log("ack " + JSON.stringify([partition, offset, value]));
            break;
          } catch { await sleep(100); }
        }
        await sleep(40 * random());
      }
    }

    /** Starts a consumer again whenever it has ended. */
    export async function keeper() {
      for (;;) {
        spawnMonitor(consumer, []);
        await receive();
        await sleep(50 + 300 * random());
      }
    }

    async function consumer() {
      let own = stream.consumer(ref, { group: "g", batch: 5, timeout: 500 });
      for (;;) {
        try {
          const records = await own.poll({ ms: 200 });
          for (const { partition, offset, value } of records)
            log("got " + JSON.stringify([own.generation(), partition, offset, value]));
          await sleep(30 * random());
          const fate = isTrouble() ? random() : 1;
          if (fate < 0.02) exit("crash");
          if (fate < 0.06) await sleep(1500);
          else if (fate < 0.08) { await own.close(); own = stream.consumer(ref, { group: "g", batch: 5, timeout: 500 }); continue; }
          else if (fate < 0.2) continue;
          const result = await own.commit();
          if (result !== "ok") log("refused " + result.join());
        } catch (thrown) {
          if (thrown.reason === "crash") throw thrown;
          await sleep(100);
        }
      }
    }
  `,
});

function scenarioFor(seed: number): Scenario {
  const nodes = ["broker", "east", "west", "shop"];
  const pairs = nodes.flatMap((a, i) => nodes.slice(i + 1).map((b) => [a, b] as const));
  const start = (node: string, run: string, ...args: readonly unknown[]) => ({
    atUs: 0,
    node,
    file: "main.ts",
    run,
    args,
  });
  const crash = (node: string, atUs: number): readonly FaultSpec[] => [
    { kind: "crash", node, atUs },
    { kind: "restart", node, atUs: atUs + 200_000 + (seed % 7) * 100_000 },
  ];
  return scenarioOf({
    name: "orders",
    horizonUs: END_MS * 1000,
    nodes: nodes.map((name) => ({ name, cores: 2 })),
    wires: pairs.map((between) => ({
      between,
      latency: { kind: "uniform", fromUs: 500, toUs: 5_000 },
      loss: seed % 3 === 0 ? 0.01 : 0,
      dup: seed % 4 === 0 ? 0.02 : 0,
    })),
    starts: [
      { ...start("broker", "orders"), name: "orders" },
      start("east", "keeper"),
      start("east", "keeper"),
      start("west", "keeper"),
      ...(seed % 2 === 0 ? [start("west", "keeper"), start("west", "keeper")] : []),
      start("shop", "producer", "a", 150),
      start("shop", "producer", "b", 150),
    ],
    faults: [
      ...crash("broker", 1_000_000 + seed * 37_123),
      ...crash("broker", 5_000_000 + seed * 51_407),
      ...crash(seed % 2 === 0 ? "west" : "east", 3_000_000 + seed * 91_009),
    ],
    schedule: seed % 5 === 0 ? "shuffled" : "fifo",
  });
}

interface Row {
  readonly op: string;
  readonly partition: number;
  readonly generation: number;
  readonly member: string;
  readonly offset: number;
  readonly count: number;
}

const EVERYTHING_REVOKED: readonly Row[] = [0, 1, 2, 3].map((partition) => {
  return { op: "revoke", partition, generation: 0, member: "", offset: 0, count: 0 };
});

/** What a run says of itself: the processes by their logs, the broker by its rows. */
function accountOf(trace: Trace) {
  const acked: (readonly [partition: number, offset: number, value: string])[] = [];
  const got: {
    process: number;
    generation: number;
    partition: number;
    offset: number;
    value: string;
  }[] = [];
  const rows: Row[] = [];
  let refused = 0;
  for (let row = 0; row < trace.rowCount; row++) {
    const kind = trace.kindOf(row);
    const payload = trace.payloadOf(row);
    if (kind === KIND.stream) rows.push({ ...(payload as Row), offset: trace.valueIn(row) });
    // A broker that begins anew has forgotten whose the partitions were, and they may be others'.
    if (kind === KIND.nodeUp && payload === "broker") rows.push(...EVERYTHING_REVOKED);
    if (kind !== KIND.log) continue;
    const text = String(payload);
    if (text.startsWith("ack ")) acked.push(JSON.parse(text.slice(4)));
    if (text.startsWith("refused ")) refused++;
    if (!text.startsWith("got ")) continue;
    const [generation, partition, offset, value] = JSON.parse(text.slice(4));
    got.push({ process: trace.processOf(row), generation, partition, offset, value });
  }
  return { acked, got, rows, refused };
}

/** What made the runs hard, over all of them. */
const trouble = { refused: 0, again: 0, generations: 0, runs: 0 };

describe("Rules ST5, ST6, ST7 and ST8: at least once, in order, whatever crashes", () => {
  it.each(SEEDS)("seed %i", (seed) => {
    const { acked, got, rows, refused } = accountOf(
      simulate({ program: PROGRAM, scenario: scenarioFor(seed), seed }),
    );

    // Everything that a producer was told of got to somebody, as it was.
    expect(acked).toHaveLength(300);
    const known = new Map(
      got.map(({ partition, offset, value }) => [`${partition}/${offset}`, value]),
    );
    for (const [partition, offset, value] of acked)
      expect(known.get(`${partition}/${offset}`), `${partition}/${offset}`).toBe(value);
    // No offset ever meant two events, and none was left out: each partition is 0, 1, 2, …
    const meanings = new Set(
      got.map(({ partition, offset, value }) => `${partition}/${offset} ${value}`),
    );
    expect(meanings.size).toBe(known.size);
    for (const partition of [0, 1, 2, 3]) {
      const offsets = new Set(got.filter((g) => g.partition === partition).map((g) => g.offset));
      expect(offsets.size).toBe(Math.max(...offsets) + 1);
    }

    // Within a generation a partition is one process's, and comes in order without a gap, once.
    const holders = new Map<string, number>();
    const last = new Map<string, number>();
    for (const { process, generation, partition, offset } of got) {
      const place = `${generation}/${partition}`;
      expect(holders.get(place) ?? process, place).toBe(process);
      holders.set(place, process);
      if (last.has(place)) expect(offset, place).toBe((last.get(place) as number) + 1);
      last.set(place, offset);
    }

    // A generation begins at the last commit, and nobody is assigned what another one has.
    const committed = new Map<number, number>();
    const owners = new Map<string, string>();
    const held = new Map<number, string>();
    for (const { op, partition, generation, member, offset } of rows) {
      if (op === "commit") committed.set(partition, offset);
      if (op === "revoke") held.delete(partition);
      if (op !== "assign") continue;
      expect(offset).toBe(committed.get(partition) ?? 0);
      expect(owners.has(`${generation}/${partition}`)).toBe(false);
      expect(held.has(partition), `${generation}/${partition}`).toBe(false);
      owners.set(`${generation}/${partition}`, member);
      held.set(partition, member);
      trouble.generations = Math.max(trouble.generations, generation);
    }
    // What consumers say of the beginning of their generation is what the broker's rows say.
    for (const [place] of last) expect(owners.has(place), place).toBe(true);
    trouble.refused += refused;
    trouble.again += got.length - known.size;
    trouble.runs++;
  });

  it("was put to the test by commits that came too late, redelivery, and many generations", () => {
    expect(trouble.refused).toBeGreaterThanOrEqual(trouble.runs);
    expect(trouble.again).toBeGreaterThan(20 * trouble.runs);
    expect(trouble.generations).toBeGreaterThanOrEqual(trouble.runs / 2);
  });

  it("is the same with every node by itself, its disk mirrored elsewhere", async () => {
    const scenario = { ...scenarioFor(4), horizonUs: 8_000_000 };
    const together = simulate({ program: PROGRAM, scenario, seed: 4 });
    const { trace } = await runApart(PROGRAM, scenario, 4);
    expect(accountOf(trace)).toEqual(accountOf(together));
    expect(trace.rowCount).toBe(together.rowCount);
  });
});
