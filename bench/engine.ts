/** How the bench runs a program: compiled as a learner's is, every run with a start of its own. */
import ts from "typescript";
import { compile, type ScriptFactory } from "../workers/compile/index.ts";
import {
  BOUNDS,
  type Bounds,
  type Cluster,
  KIND,
  type Scenario,
  Trace,
} from "../workers/kernel/index.ts";
import type { ProgramFactory } from "../workers/sandbox/realm.ts";
import { createCluster } from "../workers/sandbox/simulate.ts";

/** The bounds of a lesson's run would cut what is measured here. */
const WIDE: Bounds = {
  ...BOUNDS,
  rowCountMax: 100_000_000,
  processCountMax: 1_000_000,
  stepTurnsMax: 1_000_000_000,
  nodeTurnsMax: 10_000_000_000,
};

/** One node "n1" that starts `main` of main.ts; `changes` replace parts. */
export function roomOf(changes: Partial<Scenario> = {}): Scenario {
  return {
    name: "bench",
    horizonUs: 1_000_000,
    nodes: [{ name: "n1", cores: 1 }],
    wires: [],
    starts: [{ atUs: 0, node: "n1", file: "main.ts", run: "main", args: [] }],
    loads: [],
    faults: [],
    ...changes,
  };
}

/** Compiles one file; throws the first refusal. */
export function programOf(text: string): ProgramFactory {
  const result = compile(ts, [{ path: "main.ts", text, role: "yours" }]);
  if (!result.ok) throw new Error(result.refusals[0]?.message);
  const factory: ScriptFactory = new Function(`return ${result.program.script}`)();
  return factory as unknown as ProgramFactory;
}

/** How a run is made; all may be left out. */
interface RunOptions {
  readonly seed?: number;
  /** "digest" forgets rows as soon as they are folded into the digest. Default "rows", the full trace. */
  readonly keep?: "rows" | "digest";
}

/** A clean start: a new instance of the program on each node, a new cluster. */
export function clusterOf(
  program: ProgramFactory,
  scenario: Scenario,
  { seed = 1, keep = "rows" }: RunOptions = {},
): Cluster {
  return createCluster({ program, scenario, seed, bounds: WIDE, trace: new Trace({ keep }) });
}

/** A run from a clean start to its end. Throws when a bound cut it. */
export function run(program: ProgramFactory, scenario: Scenario, options: RunOptions = {}): Trace {
  const cluster = clusterOf(program, scenario, options);
  const trace = cluster.runToEnd();
  const cut = cluster.nodes.find(({ cutBy }) => cutBy !== undefined)?.cutBy;
  if (cut !== undefined) throw new Error(`a run of the bench was cut: ${cut}`);
  return trace;
}

/** Events of a run: messages that processes took. */
export function eventCountOf(trace: Trace): number {
  let count = 0;
  for (let row = 0; row < trace.rowCount; row++) if (trace.kindOf(row) === KIND.receive) count++;
  return count;
}

/** Seconds that `task` took. */
export function secondsOf(task: () => void): number {
  const startMs = performance.now();
  task();
  return (performance.now() - startMs) / 1000;
}
