/** Runs one recorded scenario on our engine under many schedules and says how it went. */
import {
  BOUNDS,
  Cluster,
  declareExports,
  type Node,
  type Scenario,
} from "../../../workers/kernel/index.ts";
import { SERVICES } from "../../../workers/otp/services.ts";
import { Bed, setBed } from "./bed.ts";
import { type Difference, firstDifference } from "./compare.ts";
import { drive, type Script, settled } from "./coroutine.ts";
import { observe } from "./observation.ts";
import { api, has } from "./product.ts";
import { lookUp, nodeOf, runScript } from "./program.ts";
import type { Json, Observation, Recording } from "./recording.ts";
import { needsOf, perform } from "./script.ts";
import { startByTable } from "./supervisor-tables.ts";

export type Verdict =
  | { readonly kind: "passed" }
  /** What the API lacks, or what the bed does not know. */
  | { readonly kind: "unsupported"; readonly missing: readonly string[] }
  | {
      readonly kind: "failed";
      /** The first seed that failed, and how many did. */
      readonly seed: number;
      readonly failedCount: number;
      readonly difference: Difference;
    };

/** Time for scopes and connections to be there before `main` starts. */
const START_MS = 10;

const WIRE_US = 100;

/** The longest recorded scenario makes some thousand rows; this ends one that runs wild. */
const ROW_COUNT_MAX = 50_000;

/** What every node of a scenario exports: the functions that may stand in messages. */
const PROGRAM = { "bed.ts": { runScript, nodeOf, lookUp, startByTable } };

declareExports(PROGRAM);

/** Judges one scenario under the schedules of seeds 1 to `seedCount`. */
export function judge(recording: Recording, seedCount: number): Verdict {
  const missing = missingFor(recording);
  if (missing.length > 0) return { kind: "unsupported", missing };
  let first: { readonly seed: number; readonly difference: Difference } | undefined;
  let failedCount = 0;
  for (let seed = 1; seed <= seedCount; seed++) {
    const difference = runOnce(recording, seed);
    if (difference === undefined) continue;
    failedCount++;
    first ??= { seed, difference };
  }
  return first === undefined ? { kind: "passed" } : { kind: "failed", failedCount, ...first };
}

/** Options of a scenario that the bed knows (section 9). Freezing needs no preparation here. */
const OPTIONS = ["mesh", "connect_all", "prevent_overlapping_partitions", "pg_scopes", "freeze"];

/** What our API would need for the scenario's ops and has not, and what the bed does not know. */
function missingFor(recording: Recording): readonly string[] {
  const missing = new Set<string>();
  for (const option of Object.keys(recording.options ?? {})) {
    if (!OPTIONS.includes(option)) missing.add(`the option ${option}`);
  }
  for (const op of opsIn([recording.procs, recording.servers, recording.supervisors] as Json[])) {
    const needs = needsOf(op);
    if (needs === undefined) missing.add(`the op ${op}`);
    for (const need of needs ?? []) if (!has(need)) missing.add(need);
  }
  return [...missing];
}

function opsIn(part: Json | undefined): readonly string[] {
  if (typeof part !== "object" || part === null) return [];
  const own = !Array.isArray(part) && "op" in part && typeof part["op"] === "string";
  const inside = Object.values(part).flatMap((each: Json) => opsIn(each));
  return own ? [part["op"] as string, ...inside] : inside;
}

/** One run; gives what differs from the recording. */
function runOnce(recording: Recording, seed: number): Difference | undefined {
  const bed = new Bed(recording, perform, START_MS);
  setBed(bed);
  let actual: Observation;
  try {
    actual = run(bed, seed);
  } catch (thrown) {
    bed.note(thrown);
    return mistake(bed);
  }
  const { procs, lifecycle } = recording.observed;
  const expected = lifecycle === undefined ? { procs } : { procs, lifecycle };
  return (
    firstDifference(expected as unknown as Json, actual as unknown as Json) ??
    (bed.mistakes.length > 0 ? mistake(bed) : undefined)
  );
}

function mistake(bed: Bed): Difference {
  return { path: "engine", expected: "no error of ours", actual: bed.mistakes.join("; ") };
}

function run(bed: Bed, seed: number): Observation {
  const nodes = bed.recording.nodes ?? ["n1"];
  const populated = new Set<string>();
  const cluster = new Cluster({
    scenario: scenarioOf(bed.recording, nodes),
    seed,
    bounds: { ...BOUNDS, rowCountMax: ROW_COUNT_MAX },
    services: SERVICES,
    populate: (node) => {
      node.declare(PROGRAM);
      // A restarted node is empty.
      if (populated.has(node.name)) return;
      populated.add(node.name);
      prepare(node, bed.recording);
      if (node.name === nodes[0]) startMain(node);
    },
    onCrash: (crash) => {
      if (!isErlangReason(crash.reason)) bed.note(`${crash.message} ${crash.stack}`);
    },
  });
  bed.cluster = cluster;
  return observe(bed, cluster.runToEnd(), nodes);
}

function startMain(node: Node): void {
  node.schedule(START_MS * 1000, () =>
    node.spawn(() => runScript("main", "main", []), { label: "main" }),
  );
}

/** Starts what runs on every node before `main`. */
function prepare(node: Node, recording: Recording): void {
  const scopes = (recording.options?.["pg_scopes"] ?? []) as readonly string[];
  function* startScopes(): Script<void> {
    for (const scope of scopes) yield* settled(api("pg.start", scope));
  }
  if (scopes.length > 0)
    node.schedule(0, () => node.spawn(() => drive(startScopes()), { label: "scopes" }));
}

/** Nodes joined each with each, and the kernel settings of the scenario. */
function scenarioOf(recording: Recording, nodes: readonly string[]): Scenario {
  const { options = {} } = recording;
  return {
    name: recording.id,
    horizonUs: (START_MS + recording.run_ms) * 1000,
    nodes: nodes.map((name) => ({ name, cores: 1 })),
    wires: nodes.flatMap((a, i) =>
      nodes.slice(i + 1).map((b) => ({
        between: [a, b] as const,
        latency: { kind: "det", us: WIRE_US } as const,
        loss: 0,
      })),
    ),
    starts: [],
    loads: [],
    faults: [],
    schedule: "shuffled" as const,
    distribution: {
      connected: options["mesh"] !== false,
      connectAll: options["connect_all"] !== false,
      preventOverlappingPartitions: options["prevent_overlapping_partitions"] !== false,
    },
  };
}

/** False for the reason that an Error of the host makes. */
function isErlangReason(reason: unknown): boolean {
  return typeof reason !== "object" || reason === null || !("error" in reason);
}
