/**
 * A silence or a cut stops what it is meant to stop and nothing else: the same drawn world once with
 * it and once without. Everybody says a number to everybody again and again, whatever comes back, so
 * the two runs may differ in what arrives and in nothing besides.
 */
import { expect, it } from "vitest";
import {
  type FaultSpec,
  KIND,
  nodeOf,
  RandomStream,
  type Scenario,
  type Trace,
} from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { drawWorld } from "../engine/random-worlds.ts";
import { compileFiles } from "../engine/room.ts";

const MS = 1_000;
const END_US = 2_000 * MS;
const SEEDS = Array.from({ length: 30 }, (_none, i) => i + 1);

const PROGRAM = compileFiles({
  "main.ts": `import { random, receive, register, send, sleep, spawn } from "otp";
  export async function talker(nodes: string[]) {
    register("talker");
    spawn(say as any, [nodes]);
    for (;;) await receive();
  }
  async function say(nodes: string[]) {
    for (let n = 1; ; n++) {
      await sleep(10 + 30 * random());
      for (const node of nodes) send({ name: "talker", node }, { n });
    }
  }`,
});

interface Journey {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly arrivedAt: number | undefined;
}

const trouble = { blocked: 0, passed: 0, elsewhere: 0 };

it.each(SEEDS)("Rules B5, B6 and DE4: world %i with a silence or a cut, and without", (seed) => {
  const random = new RandomStream(seed, 44);
  const drawn = drawWorld(seed);
  const names = drawn.nodes.map(({ name }) => name);
  const scenario: Scenario = {
    ...drawn,
    horizonUs: END_US,
    // Loss, doubles and detours take draws only of what is not stopped: without them later ones come as before.
    wires: drawn.wires.map(({ between, latency }) => ({ between, latency, loss: 0 })),
    starts: names.map((node) => ({ atUs: 0, node, file: "main.ts", run: "talker", args: [names] })),
    faults: [],
    schedule: "fifo",
    distribution: { connectAll: false, preventOverlappingPartitions: false },
  };
  const atUs = Math.floor((0.2 + 0.5 * random.uniform()) * END_US);
  const band = { atUs, untilUs: atUs + 1 + random.below(500 * MS) };
  const between = drawn.wires[random.below(drawn.wires.length)]?.between as readonly [
    string,
    string,
  ];
  const left = names.filter(() => random.uniform() < 0.5);
  const right = names.filter((name) => !left.includes(name));
  const faults: readonly FaultSpec[] = [
    { kind: "partition", groups: [left, right], ...band },
    { kind: "oneWay", from: between[0], to: between[1], ...band },
    { kind: "cut", between, ...band },
  ];
  const fault = faults[seed % 3] as FaultSpec;
  const without = journeysOf(simulate({ program: PROGRAM, scenario, seed }));
  const withIt = journeysOf(
    simulate({ program: PROGRAM, scenario: { ...scenario, faults: [fault] }, seed }),
  );
  expect([...withIt.keys()].filter((key) => !without.has(key))).toEqual([]);
  for (const [key, journey] of without) {
    const { from, to, at, arrivedAt } = journey;
    const now = withIt.get(key);
    const [a, b] = [names[from] as string, names[to] as string];
    const isMeant =
      fault.kind === "partition"
        ? left.includes(a) !== left.includes(b)
        : fault.kind === "oneWay"
          ? a === between[0] && b === between[1]
          : between.includes(a) && between.includes(b) && a !== b;
    const hasWire = drawn.wires.some(
      (wire) => wire.between.includes(a) && wire.between.includes(b),
    );
    if (!isMeant || !hasWire || a === b) {
      expect(now, key).toEqual(journey);
      trouble.elsewhere++;
    } else if (at >= band.atUs && at < band.untilUs) {
      // A cut lets nothing be sent before the wire has healed and they have connected again.
      expect(now?.arrivedAt, key).toBeUndefined();
      trouble.blocked++;
    } else if (at < band.atUs) {
      const isUnderWay =
        fault.kind === "cut" && (arrivedAt ?? Number.POSITIVE_INFINITY) >= band.atUs;
      expect(now?.arrivedAt, key).toEqual(isUnderWay ? undefined : arrivedAt);
    } else if (fault.kind !== "cut" && arrivedAt !== undefined && arrivedAt < END_US - 50 * MS) {
      // What was stopped held nothing up that came later: it may even come sooner.
      expect(now?.arrivedAt, key).toBeLessThanOrEqual(arrivedAt);
      trouble.passed++;
    }
  }
  // After a cut they connect again and go on.
  const last = [...withIt.values()].filter(
    ({ at }) => at > band.untilUs + 100 * MS && at < END_US - 100 * MS,
  );
  for (const { from, to, arrivedAt } of last) {
    const wired = drawn.wires.some(
      (wire) =>
        wire.between.includes(names[from] as string) && wire.between.includes(names[to] as string),
    );
    if (wired && from !== to) expect(arrivedAt).toBeDefined();
  }
});

it("was put to the test by enough of what is stopped, of what passes later and elsewhere", () => {
  expect(trouble.blocked).toBeGreaterThan(500);
  expect(trouble.passed).toBeGreaterThan(1_500);
  expect(trouble.elsewhere).toBeGreaterThan(5_000);
});

/** By sender, its number and the receiver's node. */
function journeysOf(trace: Trace): Map<string, Journey> {
  const keys = new Map<number, string>();
  const journeys = new Map<string, Journey>();
  for (let row = 0; row < trace.rowCount; row++) {
    const kind = trace.kindOf(row);
    const message = trace.messageOf(row);
    if (kind === KIND.send) {
      const [from, to] = [nodeOf(trace.processOf(row)), nodeOf(trace.peerOf(row))];
      const key = `${from} ${(trace.payloadOf(row) as { n: number }).n} ${to}`;
      keys.set(message, key);
      journeys.set(key, { from, to, at: trace.atOf(row), arrivedAt: undefined });
    }
    const key = keys.get(message);
    if (kind !== KIND.arrive || key === undefined) continue;
    journeys.set(key, { ...(journeys.get(key) as Journey), arrivedAt: trace.atOf(row) });
  }
  return journeys;
}
