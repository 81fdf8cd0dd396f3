/**
 * One seed, one run, over programs that nobody chose (engine/random-programs.ts): together on one
 * thread, each node apart, in slices of virtual time, with the digest alone, again after all the
 * others, and some in real threads. `npm run determinism` draws a thousand.
 */
import { beforeAll, describe, expect, it } from "vitest";
import {
  digestOf,
  type KindName,
  kindName,
  RandomStream,
  type Scenario,
  Trace,
} from "../workers/kernel/index.ts";
import type { ProgramFactory } from "../workers/sandbox/realm.ts";
import { createCluster, simulate } from "../workers/sandbox/simulate.ts";
import { bundleThread, runApart, runInThreads } from "./engine/placements.ts";
import { drawProgram } from "./engine/random-programs.ts";
import { compileFiles, compileScript } from "./engine/room.ts";

const PROGRAMS = Number(process.env["DRAWN_PROGRAMS"] ?? 100);
const PER_TEST = 10;
const SEEDS = [1, 2, 3];
const DRAWN_FOR: readonly KindName[] = [
  ...(["spawn", "exit", "link", "unlink", "monitor", "demonitor", "register"] as const),
  ...(["send", "arrive", "receive", "lose", "discard", "giveUp"] as const),
  ...(["timerSet", "timerFire", "timerCancel", "workStart", "workEnd"] as const),
  ...(["nodeDown", "connect", "disconnect", "fault"] as const),
];
const THREADED = [1, 2, 3, 4, 5, 6];

const batches = Array.from({ length: Math.ceil(PROGRAMS / PER_TEST) }, (_, i) => i * PER_TEST + 1);

/** What the first programs gave, to be met again at the end. */
const remembered = new Map<number, readonly string[]>();

describe("Rule T4: a drawn program's run is the same in every placement and every slicing", () => {
  it.each(batches)(
    `programs from %i`,
    async (first) => {
      for (let number = first; number < first + PER_TEST; number++) await holds(number);
    },
    60_000,
  );

  it("again after all the others, in the same realm", () => {
    for (const [number, digests] of remembered) {
      const { text, scenario } = drawProgram(number);
      const program = compileFiles({ "main.ts": text });
      const again = SEEDS.map((seed) => digestOf(simulate({ program, scenario, seed })));
      expect(again, `program ${number}`).toEqual(digests);
    }
  });
});

async function holds(number: number): Promise<void> {
  const { text, scenario } = drawProgram(number);
  const program = compileFiles({ "main.ts": text });
  const digests: string[] = [];
  for (const seed of SEEDS) {
    const name = `program ${number}, seed ${seed}`;
    const together = simulate({ program, scenario, seed });
    const digest = digestOf(together);
    expect(together.rowCount, name).toBeGreaterThan(5);
    expect((await runApart(program, scenario, seed)).digest, `${name}, apart`).toBe(digest);
    expect(inSlices(program, scenario, seed), `${name}, in slices`).toBe(digest);
    const trace = new Trace({ keep: "digest" });
    expect(simulate({ program, scenario, seed, trace }).digest(), `${name}, digest`).toBe(digest);
    digests.push(digest);
  }
  expect(new Set(digests).size, `program ${number}: each seed is a run of its own`).toBe(3);
  const changes = [
    digestOf(simulate({ program: otherProgram(text), scenario, seed: 1 })),
    digestOf(simulate({ program, scenario: otherWorld(scenario), seed: 1 })),
  ];
  expect(changes, `program ${number}: code and scenario count`).not.toContain(digests[0]);
  if (remembered.size < PER_TEST) remembered.set(number, digests);
}

/** The least that can be changed of a program: one word that it says. */
function otherProgram(text: string): ProgramFactory {
  return compileFiles({ "main.ts": text.replace('["begins",', '["starts",') });
}

/** The least that can be changed of a world: everything begins 1 µs later. */
function otherWorld(scenario: Scenario): Scenario {
  const starts = scenario.starts.map((start) => ({ ...start, atUs: start.atUs + 1 }));
  return { ...scenario, starts };
}

function inSlices(program: ProgramFactory, scenario: Scenario, seed: number): string {
  const random = new RandomStream(seed, 5);
  const cluster = createCluster({ program, scenario, seed });
  for (let at = 0; !cluster.isOver; at += 1 + Math.floor(random.uniform() ** 4 * 100_000)) {
    cluster.runUntil(at);
  }
  return digestOf(cluster.trace);
}

describe("in real threads, locked down", () => {
  let bundle: string;
  beforeAll(async () => {
    bundle = await bundleThread();
  });

  it.each(THREADED)("program %i", async (number) => {
    const { text, scenario } = drawProgram(number);
    const script = compileScript({ "main.ts": text });
    const together = simulate({ program: compileFiles({ "main.ts": text }), scenario, seed: 1 });
    const { digest } = await runInThreads(bundle, script, scenario, 1);
    expect(digest).toBe(digestOf(together));
  });
});

it("the drawn programs do what they are drawn for", () => {
  const seen = new Set<string>();
  for (let number = 1; number <= 20; number++) {
    const { text, scenario } = drawProgram(number);
    const trace = simulate({ program: compileFiles({ "main.ts": text }), scenario, seed: 1 });
    for (let row = 0; row < trace.rowCount; row++) seen.add(kindName(trace.kindOf(row)));
  }
  expect(DRAWN_FOR.filter((kind) => !seen.has(kind))).toEqual([]);
});
