/** What a node is made of, and what is told of it to whoever runs it. */
import type { Bounds } from "./bounds.ts";
import type { PlannedBlow } from "./faults.ts";
import type { DiskImage, DiskSpec } from "./medium.ts";
import type { Pid } from "./names.ts";
import type { ClockSpec, DistributionSpec, NodeSpec, OperationsSpec } from "./scenario.ts";
import type { ExitReason } from "./signals.ts";
import type { Trace } from "./trace.ts";
import type { Wire } from "./wire.ts";

/** What a node is made of. */
export interface NodeOptions {
  readonly index: number;
  readonly name: string;
  readonly cores: number;
  readonly isHidden: boolean;
  readonly disk: DiskSpec;
  readonly clock: ClockSpec;
  /** Somebody takes the changes of the disk and keeps its image, so that a next life need not bring it. */
  readonly isDiskMirrored: boolean;
  readonly seed: number;
  readonly bounds: Bounds;
  readonly trace: Trace;
  readonly isShuffled: boolean;
  readonly distribution: DistributionSpec;
  readonly operations: OperationsSpec | undefined;
  /** Every node of the run, by name and by index. */
  readonly nodeIndex: ReadonlyMap<string, number>;
  readonly nodes: readonly NodeSpec[];
  /** Near ends of the wires, by index of the far node. */
  readonly wires: ReadonlyMap<number, Wire>;
  /** The fault plan. */
  readonly blows: readonly PlannedBlow[];
  /** Which life of this node it is, and what the one before has used up. */
  readonly life: Life;
  /** Processes that begin when somebody first asks for their name. */
  readonly services: ReadonlyMap<string, () => unknown>;
  /** Told of every error that ends a process, with its stack: for people, no part of the run. */
  readonly onCrash?: (crash: Crash) => void;
}

/** What a node that begins anew takes over, so that no number is given twice in a run. */
export interface Life {
  /** 0 for a node's first life. */
  readonly incarnation: number;
  readonly startUs: number;
  readonly firstSerial: number;
  readonly firstId: number;
  /** Processes that it has begun on each other node. */
  readonly spawnedAfar: ReadonlyMap<string, number>;
  /** What is on its disk. */
  readonly disk: DiskImage;
  /** The release that it runs; undefined: the scenario's. */
  readonly version: string | undefined;
  /** What was done to the run so far besides the plan: by orders, or by hand. */
  readonly struck: readonly PlannedBlow[];
}

export const FIRST_LIFE: Life = {
  incarnation: 0,
  startUs: 0,
  firstSerial: 1,
  firstId: 1,
  spawnedAfar: new Map(),
  disk: new Map(),
  version: undefined,
  struck: [],
};

/** An uncaught error, for the page to show with its place in the learner's file. */
export interface Crash {
  readonly at: number;
  readonly pid: Pid;
  readonly label: string;
  readonly reason: ExitReason;
  readonly message: string;
  readonly stack: string;
}
