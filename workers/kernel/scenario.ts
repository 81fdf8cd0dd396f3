/**
 * A scenario: the world that a lesson's code is put into, as plain data.
 *
 * Nothing in it is code: processes are named by file and exported function, so a scenario can be
 * sent to a worker, printed, compared and shared in a link. Times are virtual µs from the start.
 */

/** A random or fixed number of microseconds. Drawn from the stream of whoever uses it. */
export type Distribution =
  /** Always `us`. */
  | { readonly kind: "det"; readonly us: number }
  /** Uniform from `fromUs` to `toUs`, both included. */
  | { readonly kind: "uniform"; readonly fromUs: number; readonly toUs: number }
  /** Exponential with the given mean; at least 1 µs. */
  | { readonly kind: "exponential"; readonly meanUs: number };

export interface NodeSpec {
  /** Lower-case letters, digits and dashes; unique; shown in pids as `<name.serial>`. */
  readonly name: string;
  /** Processors that CPU work shares. From 1 to 64. */
  readonly cores: number;
}

/** A network connection between two nodes, the same in both directions. */
export interface WireSpec {
  readonly between: readonly [string, string];
  /** One-way delay. The kernel never delivers in less than 1 µs. */
  readonly latency: Distribution;
  /** Share of messages that die on the way, from 0 to 1. */
  readonly loss: number;
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
}

/** Something that goes wrong at a given moment. By hand or by plan, it is the same. */
export type FaultSpec =
  /** The node is killed: its worker is terminated, all its processes are gone. */
  { readonly kind: "crash"; readonly node: string; readonly atUs: number };

/** Arrivals that do not wait for answers: each spawns one process that calls `run(n, ...args)`, n from 1. */
export interface OpenLoadSpec {
  /** What the arrivals are called in pictures and messages, e.g. "customer". */
  readonly name: string;
  readonly node: string;
  readonly file: string;
  readonly run: string;
  readonly args: readonly unknown[];
  /** Poisson arrivals at `perSecond` until `untilUs`; phases follow one another from time 0. */
  readonly phases: readonly { readonly untilUs: number; readonly perSecond: number }[];
}

export interface Scenario {
  readonly name: string;
  /** The virtual instant at which the run ends, whatever is still under way. */
  readonly horizonUs: number;
  readonly nodes: readonly NodeSpec[];
  readonly wires: readonly WireSpec[];
  readonly starts: readonly StartSpec[];
  readonly loads: readonly OpenLoadSpec[];
  readonly faults: readonly FaultSpec[];
}

/** The four things that fix a run: same name, same trace digest. Shown on every error, carried by every link. */
export interface RunName {
  /** Digest of the compiled program. */
  readonly program: string;
  readonly scenario: string;
  readonly seed: number;
  readonly engine: string;
}
