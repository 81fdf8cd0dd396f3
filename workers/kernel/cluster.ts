/**
 * All nodes of a run on one thread.
 *
 * Each round takes the least instant at which any node has something to do and lets the nodes due
 * then run it, in order. Nothing crosses a wire in less than 1 µs, so they cannot see each other
 * within the instant, and rows come out in the one order that every placement gives. Rule T4.
 */
import { BOUNDS, type Bounds } from "./bounds.ts";
import { type Crash, Node } from "./node.ts";
import { copy } from "./payload.ts";
import type { FaultSpec, Scenario } from "./scenario.ts";
import { KIND, NODE_COUNT_MAX, SIGNAL, Trace, traceId } from "./trace.ts";
import { Wire } from "./wire.ts";

export interface ClusterOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly bounds?: Bounds;
  /** Puts the scenario's processes and loads on a node. Called once for each, before anything runs. */
  readonly populate: (node: Node) => void;
  readonly onCrash?: (crash: Crash) => void;
}

export class Cluster {
  readonly trace = new Trace();
  readonly nodes: readonly Node[];
  /** True when the horizon or a bound was reached, or nothing is left to do. */
  isOver = false;
  readonly #dead = new Set<number>();
  readonly #faults: FaultSpec[];
  readonly #scenario: Scenario;
  readonly #bounds: Bounds;

  constructor(options: ClusterOptions) {
    this.#scenario = options.scenario;
    this.#bounds = options.bounds ?? BOUNDS;
    this.#faults = faultsInOrder(options.scenario);
    this.nodes = options.scenario.nodes.map((_, index) => createNode(options, index, this.trace));
    for (const node of this.nodes) node.start();
    for (const node of this.nodes) options.populate(node);
  }

  /** Runs up to and including the instant `untilUs`, at most to the horizon. */
  runUntil(untilUs: number): void {
    const end = Math.min(untilUs, this.#scenario.horizonUs);
    while (!this.isOver) {
      const at = this.#nextAt();
      if (at > end) break;
      this.#runInstant(at);
    }
    if (end >= this.#scenario.horizonUs) this.isOver = true;
  }

  /** Runs to the end and gives the trace. */
  runToEnd(): Trace {
    this.runUntil(this.#scenario.horizonUs);
    return this.trace;
  }

  #nextAt(): number {
    let least = this.#faults[0]?.atUs ?? Number.POSITIVE_INFINITY;
    for (const node of this.nodes)
      if (!this.#dead.has(node.index)) least = Math.min(least, node.nextAt());
    return least;
  }

  #runInstant(at: number): void {
    while (this.#faults[0]?.atUs === at) this.#crash(this.#faults.shift() as FaultSpec);
    for (const node of this.nodes) {
      if (this.#dead.has(node.index) || node.nextAt() !== at) continue;
      node.run(at + 1);
      const isFull = this.trace.rowCount > this.#bounds.rowCountMax;
      if (isFull) cutRows(this.trace, this.#bounds);
      if (isFull || node.cutBy !== undefined) {
        this.isOver = true;
        return;
      }
    }
    for (const node of this.nodes) this.#route(node);
  }

  #route(node: Node): void {
    for (const outbound of node.takeOutbound()) {
      if (!this.#dead.has(outbound.toNode))
        this.nodes[outbound.toNode]?.accept(outbound, node.index);
    }
  }

  #crash(fault: FaultSpec): void {
    const index = this.nodes.findIndex((node) => node.name === fault.node);
    if (index < 0 || this.#dead.has(index)) return;
    this.#dead.add(index);
    writeNodeDown(this.trace, index, fault);
    for (const node of this.nodes)
      if (!this.#dead.has(node.index)) node.loseNode(index, fault.node, fault.atUs);
  }
}

/** A scenario's faults, earliest first. */
export function faultsInOrder(scenario: Scenario): FaultSpec[] {
  return [...scenario.faults].sort((a, b) => a.atUs - b.atUs);
}

/** Writes that a node was killed; the node itself no longer can. */
export function writeNodeDown(trace: Trace, node: number, fault: FaultSpec): void {
  const why = copy("killed");
  const payload = trace.keep(why.value, why.hash);
  trace.write(fault.atUs, KIND.nodeDown, traceId(node, 0), 0, 0, SIGNAL.none, 0, payload, 0);
}

/** Cuts a trace at its bound and marks the place. */
export function cutRows(trace: Trace, bounds: Bounds): void {
  trace.rowCount = bounds.rowCountMax;
  const last = trace.at[trace.rowCount - 1] ?? 0;
  const why = copy(`the trace reached its bound of ${bounds.rowCountMax} rows`);
  trace.write(last, KIND.cut, 0, 0, 0, SIGNAL.none, 0, trace.keep(why.value, why.hash), 0);
}

/** One node of a scenario, with the near ends of its wires. Used by every placement. */
export function createNode(options: ClusterOptions, index: number, trace: Trace): Node {
  const { scenario, seed } = options;
  if (scenario.nodes.length > NODE_COUNT_MAX)
    throw new RangeError(`more than ${NODE_COUNT_MAX} nodes`);
  const nodeIndex = new Map(scenario.nodes.map((spec, i) => [spec.name, i]));
  const spec = scenario.nodes[index];
  if (spec === undefined) throw new RangeError(`no node ${index} in scenario ${scenario.name}`);
  const wires = new Map<number, Wire>();
  for (const wire of scenario.wires) {
    const [a, b] = wire.between.map((name) => nodeIndex.get(name));
    if (a === undefined || b === undefined)
      throw new RangeError(`a wire of ${scenario.name} names an unknown node`);
    if (a === index) wires.set(b, new Wire(seed, wire, a, b));
    if (b === index) wires.set(a, new Wire(seed, wire, b, a));
  }
  return new Node({
    index,
    name: spec.name,
    cores: spec.cores,
    seed,
    bounds: options.bounds ?? BOUNDS,
    trace,
    nodeIndex,
    wires,
    ...(options.onCrash === undefined ? undefined : { onCrash: options.onCrash }),
  });
}
