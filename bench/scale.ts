/**
 * Whether an event costs the same in a long run as in a short one, and among many nodes as among
 * few. Digest alone, since a full trace of the longest run is larger than some machines. Printed as
 * ratios to the smallest size: 1 is flat.
 */
import type { Scenario } from "../workers/kernel/index.ts";
import type { ProgramFactory } from "../workers/sandbox/realm.ts";
import { eventCountOf, programOf, roomOf, run, secondsOf } from "./engine.ts";
import { type Figure, round } from "./figure.ts";

const EVENTS = [10_000, 100_000, 1_000_000, 10_000_000];
/** Several, since one node numbers no more than four million messages. */
const PAIRS = 4;
const NODES = [3, 30, 300];
const HOPS = 200_000;
/** Short runs are repeated until about this many events have passed, so that all are measured alike. */
const EVENTS_PER_MEASURE = 1_000_000;

const PING_PONG = `
  import { receive, self, send, spawn } from "otp";
  export async function main(events: number) {
    const partner = spawn(pong, [self()]);
    for (let i = 0; i < events / 2; i++) { send(partner, i); await receive(); }
  }
  async function pong(to: any) { for (;;) send(to, await receive()); }
`;

/** A token for each node that goes round all of them, so that every wire is in use. */
const ROUND = `
  import { receive, send } from "otp";
  export async function main(next: any, rounds: number) {
    for (let i = 0; i < rounds; i++) { send(next, i); await receive(); }
  }
`;

export function measureScale(): Figure[] {
  return [
    ...costs("events in a run", programOf(PING_PONG), EVENTS, pairsOf),
    ...costs("nodes", programOf(ROUND), NODES, ringOf),
  ];
}

function pairsOf(events: number): Scenario {
  const names = Array.from({ length: PAIRS }, (_, i) => `n${i}`);
  return roomOf({
    nodes: names.map((name) => ({ name, cores: 1 })),
    starts: names.map((node) => {
      return { atUs: 0, node, file: "main.ts", run: "main", args: [events / PAIRS] };
    }),
  });
}

function ringOf(count: number): Scenario {
  const names = Array.from({ length: count }, (_, i) => `n${i}`);
  const next = (i: number) => names[(i + 1) % count] as string;
  return roomOf({
    horizonUs: 3_600_000_000,
    nodes: names.map((name) => ({ name, cores: 1 })),
    wires: names.map((name, i) => ({
      between: [name, next(i)] as const,
      latency: { kind: "uniform", fromUs: 100, toUs: 300 },
      loss: 0,
    })),
    starts: names.map((node, i) => ({
      atUs: 0,
      node,
      file: "main.ts",
      run: "main",
      args: [{ name: "stop", node: next(i) }, HOPS / count],
      name: "stop",
    })),
  });
}

function costs(
  what: string,
  program: ProgramFactory,
  sizes: readonly number[],
  scenarioOf: (size: number) => Scenario,
): Figure[] {
  const [first = 0] = sizes;
  const warmUp = scenarioOf(first);
  const events = eventCountOf(run(program, warmUp));
  for (let done = 0; done < EVENTS_PER_MEASURE; done += events) digest(program, warmUp);
  let least = 0;
  return sizes.flatMap((size) => {
    const scenario = scenarioOf(size);
    // Counted by rule, since a run of ten million keeps no rows to count.
    const us = usPerEvent(size === first || what === "nodes" ? events : size, () =>
      digest(program, scenario),
    );
    if (size === first) least = us;
    const name = `an event, ${size.toLocaleString("en")} ${what}`;
    return [
      { name, value: round(us), unit: "µs" },
      { name: `${name} ÷ ${first.toLocaleString("en")}`, value: round(us / least), unit: "ratio" },
    ];
  });
}

function digest(program: ProgramFactory, scenario: Scenario): void {
  run(program, scenario, { keep: "digest" });
}

/** The best of a few measures, since other work on a machine only ever makes things slower. */
function usPerEvent(eventCount: number, task: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let done = 0; done < EVENTS_PER_MEASURE; done += eventCount) {
    best = Math.min(best, secondsOf(task));
  }
  return (best * 1_000_000) / eventCount;
}
