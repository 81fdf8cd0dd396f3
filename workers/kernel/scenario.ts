/**
 * A scenario: the world that a lesson's code is put into, as plain data.
 *
 * Nothing in it is code: processes are named by file and exported function, so a scenario can be
 * sent to a worker, printed, compared and shared in a link. Times are virtual µs from the start.
 */

import type { DiskSpec } from "./medium.ts";

/** A random or fixed number of microseconds. Drawn from the stream of whoever uses it. */
export type Distribution =
  /** Always `us`. */
  | { readonly kind: "det"; readonly us: number }
  /** Uniform from `fromUs` to `toUs`, both included. */
  | { readonly kind: "uniform"; readonly fromUs: number; readonly toUs: number }
  /** Exponential with the given mean; at least 1 µs. */
  | { readonly kind: "exponential"; readonly meanUs: number }
  /** Normal; what falls below 0 is 0. */
  | { readonly kind: "normal"; readonly meanUs: number; readonly sdUs: number }
  /** e to a normal: half of the draws are below `medianUs`; `sigma` is the spread of the logarithm. */
  | { readonly kind: "lognormal"; readonly medianUs: number; readonly sigma: number }
  /** Pareto from `leastUs` on, with a tail like 1 / us^alpha. */
  | { readonly kind: "pareto"; readonly leastUs: number; readonly alpha: number }
  /** One of several, each with its share; the shares add up to 1. */
  | {
      readonly kind: "mix";
      readonly parts: readonly { readonly share: number; readonly of: Distribution }[];
    };

export interface NodeSpec {
  /** Lower-case letters, digits and dashes; unique; shown in pids as `<name.serial>`. */
  readonly name: string;
  /** Processors that CPU work shares. From 1 to 64. */
  readonly cores: number;
  /** True for a node that others see only when they ask for hidden nodes, and that joins no mesh. */
  readonly hidden?: boolean;
  /** What the node is for, as `ops` names it; default its own name. */
  readonly role?: string;
  /** True for a node that does not run until the operator begins it. */
  readonly standby?: boolean;
  /** Release that it runs first, default "1"; what has another `version` in the scenario is not started on it. */
  readonly version?: string;
  /** Default: `DISK` of medium.ts. */
  readonly disk?: DiskSpec;
  /** How its wall clock goes wrong from the start; default not at all. */
  readonly clock?: ClockSpec;
}

/** A wall clock that is not right. Virtual time itself is the same everywhere. */
export interface ClockSpec {
  /** What the clock is ahead (or, below 0, behind) when the run begins. */
  readonly skewUs?: number;
  /** µs that it gains in a second (below 0: loses). */
  readonly driftPpm?: number;
}

/** A network connection between two nodes, the same in both directions. */
export interface WireSpec {
  readonly between: readonly [string, string];
  /** One-way delay. The kernel never delivers in less than 1 µs. */
  readonly latency: Distribution;
  /** Share of messages that die on the way, from 0 to 1. */
  readonly loss: number;
  /** Share of messages that arrive twice, from 0 to 1; default 0. */
  readonly dup?: number;
  /** Share of messages that take `extra` longer and may be overtaken; default none. */
  readonly reorder?: { readonly share: number; readonly extra: Distribution };
  /** Bytes a second that pass in each direction; default unlimited. */
  readonly bytesPerSecond?: number;
  /** Bytes that may wait to be sent before the sender is made to wait; default 1 MiB, as erl's +zdbbl. */
  readonly bufferBytes?: number;
}

/** How nodes become and stay connected: kernel's parameters of the same names. */
export interface DistributionSpec {
  /** Nodes with a wire between them are connected when the run begins. Default true. */
  readonly connected?: boolean;
  /** Whoever connects to a node connects to all that it knows. Default true. */
  readonly connectAll?: boolean;
  /** A node that loses another asks the rest to let it go too. Default true, as since OTP 25. */
  readonly preventOverlappingPartitions?: boolean;
  /** A silent node is taken for down after 0.75 to 1.25 of this. Default 60 s. */
  readonly tickTimeUs?: number;
  /**
   * Names of the nodes of each group. Nodes without a group in common see each other as hidden: no
   * mesh, no names of `global` between them. A node may be in several. Default: all in one.
   */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
}

/** A process that the scenario starts: the function or the genServer `run` exported by `file`, with `args`. */
export interface StartSpec {
  readonly atUs: number;
  readonly node: string;
  readonly file: string;
  readonly run: string;
  readonly args: readonly unknown[];
  /** Name to register the process under, and to show it by. */
  readonly name?: string;
  /** Only on a node that runs this release; default on any. */
  readonly version?: string;
}

/**
 * Something that goes wrong at a given moment. By hand or by plan, it is the same. Without
 * `untilUs` it lasts to the end of the run.
 */
export type FaultSpec =
  /** The node is killed: its worker is terminated, all its processes are gone. */
  | { readonly kind: "crash"; readonly node: string; readonly atUs: number }
  /** A killed node begins anew, with the scenario's processes and not connected. */
  | { readonly kind: "restart"; readonly node: string; readonly atUs: number }
  /** The node stands still; what comes for it waits. */
  | {
      readonly kind: "pause";
      readonly node: string;
      readonly atUs: number;
      readonly untilUs?: number;
    }
  /** The connection breaks and both ends notice at once; no new one can be made meanwhile. */
  | {
      readonly kind: "cut";
      readonly between: readonly [string, string];
      readonly atUs: number;
      readonly untilUs?: number;
    }
  /** Nothing gets from one group to the other, and nobody is told; only ticks tell in the end. */
  | {
      readonly kind: "partition";
      readonly groups: readonly [readonly string[], readonly string[]];
      readonly atUs: number;
      readonly untilUs?: number;
    }
  /** Nothing gets from one node to the other; the way back is open. */
  | {
      readonly kind: "oneWay";
      readonly from: string;
      readonly to: string;
      readonly atUs: number;
      readonly untilUs?: number;
    }
  /** What is sent meanwhile is held on the wire and delivered together afterwards. */
  | {
      readonly kind: "hold";
      readonly between: readonly [string, string];
      readonly atUs: number;
      readonly untilUs: number;
    }
  /** More messages than usual die, arrive twice or are overtaken. */
  | {
      readonly kind: "disturb";
      readonly between: readonly [string, string];
      readonly loss?: number;
      readonly dup?: number;
      readonly reorder?: NonNullable<WireSpec["reorder"]>;
      readonly atUs: number;
      readonly untilUs?: number;
    }
  /** The process registered as `process` ends with `reason`, trapping or not; default "killed". */
  | {
      readonly kind: "kill";
      readonly node: string;
      readonly process: string;
      readonly reason?: unknown;
      readonly atUs: number;
    }
  /** The process does nothing meanwhile; what comes for it waits. */
  | {
      readonly kind: "hang";
      readonly node: string;
      readonly process: string;
      readonly atUs: number;
      readonly untilUs: number;
    }
  /** Whoever is registered as `process` crashes at each message that has all fields of `on`, with equal values. */
  | {
      readonly kind: "bug";
      readonly node: string;
      readonly process: string;
      readonly on: unknown;
      readonly atUs: number;
      readonly untilUs?: number;
    }
  /** The node's cores take `factor` times as long for everything. */
  | {
      readonly kind: "slow";
      readonly node: string;
      readonly factor: number;
      readonly atUs: number;
      readonly untilUs?: number;
    }
  /** Nothing more can be written on the node's disk. */
  | {
      readonly kind: "diskFull";
      readonly node: string;
      readonly atUs: number;
      readonly untilUs?: number;
    }
  /** The node's disk takes `factor` times as long for everything. */
  | {
      readonly kind: "slowDisk";
      readonly node: string;
      readonly factor: number;
      readonly atUs: number;
      readonly untilUs?: number;
    }
  /** The node's wall clock jumps by `byUs`, forward or back. */
  | {
      readonly kind: "skew";
      readonly node: string;
      readonly byUs: number;
      readonly atUs: number;
    }
  /** A provider registered as `process` is out: nobody answers ("down"), it answers never ("hang") or late ("slow"). */
  | {
      readonly kind: "outage";
      readonly node: string;
      readonly process: string;
      readonly mode: OutageMode;
      readonly atUs: number;
      readonly untilUs?: number;
    };

/** How a third party fails: refuses at once, takes requests and never answers, or answers ten times as late. */
export type OutageMode = "down" | "hang" | "slow";

/** Who comes from outside: each time a new process that calls `run(n, ...args)`, n counting from 1. */
export type LoadSpec = OpenLoadSpec | ClosedLoadSpec | RecordedLoadSpec;

interface LoadBase {
  /** What the arrivals are called in pictures and messages, e.g. "customer". */
  readonly name: string;
  readonly node: string;
  readonly file: string;
  readonly run: string;
  readonly args: readonly unknown[];
}

/** Arrivals that do not wait for answers. */
export interface OpenLoadSpec extends LoadBase {
  readonly kind?: "open";
  /** Poisson arrivals at `perSecond` until `untilUs`; phases follow one another from time 0. */
  readonly phases: readonly { readonly untilUs: number; readonly perSecond: number }[];
  /** So many more at one instant each; default none. */
  readonly bursts?: readonly { readonly atUs: number; readonly count: number }[];
}

/**
 * Users who wait: each begins a request, waits until its process has ended, thinks, and begins the
 * next. With `everyUs` a user means to begin one every so often instead, late when the one before
 * took longer; how late is known (`intended`).
 */
export interface ClosedLoadSpec extends LoadBase {
  readonly kind: "closed";
  readonly users: number;
  readonly think: Distribution;
  readonly everyUs?: number;
  /** When the first request of each user is meant; default one think time after 0, or with `everyUs` spread over the first. */
  readonly fromUs?: number;
  /** Nobody begins a request from then on. */
  readonly untilUs: number;
}

/** Arrivals that were written down before: what really came one day. */
export interface RecordedLoadSpec extends LoadBase {
  readonly kind: "recorded";
  /** When each begins, earliest first. */
  readonly atUs: readonly number[];
}

export interface Scenario {
  readonly name: string;
  /** The virtual instant at which the run ends, whatever is still under way. */
  readonly horizonUs: number;
  readonly nodes: readonly NodeSpec[];
  readonly wires: readonly WireSpec[];
  readonly starts: readonly StartSpec[];
  readonly loads: readonly LoadSpec[];
  readonly faults: readonly FaultSpec[];
  /**
   * Who goes first of those that are ready at one instant: first come, first served ("fifo", the
   * default), or drawn from the seed among runnable processes, timers and signals ("shuffled").
   */
  readonly schedule?: "fifo" | "shuffled";
  readonly distribution?: DistributionSpec;
  /** Processes may begin and end nodes; without it they may not. */
  readonly operations?: OperationsSpec;
}

/** How long it takes to begin and end nodes, and how often it fails. Never less than a second. */
export interface OperationsSpec {
  /** From the order to begin a node until it runs. Default 60 s. */
  readonly beginUs?: Distribution;
  /** From the order to end a node until it has. Default 5 s. */
  readonly endUs?: Distribution;
  /** Share of beginnings that come to nothing, from 0 to 1. Default 0. */
  readonly failShare?: number;
}

/** The four things that fix a run: same name, same trace digest. Shown on every error, carried by every link. */
export interface RunName {
  /** Digest of the compiled program. */
  readonly program: string;
  readonly scenario: string;
  readonly seed: number;
  readonly engine: string;
}
