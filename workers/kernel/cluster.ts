/**
 * All nodes of a run on one thread.
 *
 * Each round takes the least instant at which any node has something to do and lets the nodes due
 * then run it, in order. Nothing crosses a wire in less than 1 µs, so they cannot see each other
 * within the instant, and rows come out in the one order that every placement gives. Rule T4.
 */
import { BOUNDS, type Bounds } from "./bounds.ts";
import { Dues } from "./dues.ts";
import { type Blow, blowsOf, inOrder, type PlannedBlow } from "./faults.ts";
import { type Crash, FIRST_LIFE, type Life, Node } from "./node.ts";
import { blowsOfOrder } from "./orders.ts";
import { copy } from "./payload.ts";
import type { Scenario } from "./scenario.ts";
import { KIND, NODE_COUNT_MAX, SIGNAL, Trace, traceId } from "./trace.ts";
import { Wire } from "./wire.ts";

export interface ClusterOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly bounds?: Bounds;
  readonly trace?: Trace;
  /** Puts the scenario's processes and loads on a node. Called once for each life of it, before anything runs. */
  readonly populate: (node: Node, life: Life) => void;
  /** Processes that begin when somebody first asks for their name, by name. */
  readonly services?: ReadonlyMap<string, () => unknown>;
  /** Whoever runs the nodes keeps the images of their disks from the changes that they report. */
  readonly isDiskMirrored?: boolean;
  readonly onCrash?: (crash: Crash) => void;
}

export class Cluster {
  readonly trace: Trace;
  readonly nodes: Node[];
  /** True when the horizon or a bound was reached, or nothing is left to do. */
  isOver = false;
  readonly #options: ClusterOptions;
  readonly #dead = new Set<number>();
  /** Crashes and restarts to come, earliest first; nodes know the rest of the plan. */
  readonly #ends: PlannedBlow[];
  readonly #scenario: Scenario;
  readonly #bounds: Bounds;
  /** When each node has something to do; never, for the dead. */
  readonly #dues: Dues;
  /** Nodes that have sent something in this instant. */
  readonly #senders: Node[] = [];
  #now = 0;
  #injectedCount = 0;
  /** What was done to the run besides the plan. */
  readonly #struck: PlannedBlow[] = [];

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#scenario = options.scenario;
    this.#bounds = options.bounds ?? BOUNDS;
    this.trace = options.trace ?? new Trace();
    this.#ends = blowsOf(options.scenario).filter(({ blow }) => isEnd(blow));
    this.nodes = options.scenario.nodes.map((_, index) => createNode(options, index, this.trace));
    for (const { index } of this.nodes)
      if (options.scenario.nodes[index]?.standby === true) this.#dead.add(index);
    const begun = this.nodes.filter(({ index }) => !this.#dead.has(index));
    for (const node of begun) node.start();
    for (const node of begun) options.populate(node, FIRST_LIFE);
    this.#dues = new Dues(this.nodes.length);
    for (const node of this.nodes) this.#look(node);
  }

  /** Runs up to and including the instant `untilUs`, at most to the horizon. */
  runUntil(untilUs: number): void {
    const end = Math.min(untilUs, this.#scenario.horizonUs);
    while (!this.isOver) {
      const at = this.#nextAt();
      if (at > end) break;
      this.#runInstant(at);
    }
    if (end < this.#scenario.horizonUs || this.isOver) return;
    this.isOver = true;
    for (const node of this.nodes)
      if (!this.#dead.has(node.index)) node.finish(this.#scenario.horizonUs);
  }

  /** Runs to the end and gives the trace. */
  runToEnd(): Trace {
    this.runUntil(this.#scenario.horizonUs);
    return this.trace;
  }

  /**
   * Does something to the running world, 1 µs from now: what a person does by hand, or a test bed.
   * A run that this was done to is repeated by a scenario with the same faults.
   */
  inject(blow: Blow): void {
    this.#plan({ atUs: this.#now + 1, order: 2 ** 20 + this.#injectedCount++, blow });
  }

  /** Takes up what the plan did not have. Every node learns of it, and every life to come. */
  #plan(planned: PlannedBlow): void {
    const { atUs, order, blow } = planned;
    this.#struck.push(planned);
    if (isEnd(blow)) {
      this.#ends.push(planned);
      inOrder(this.#ends);
    }
    for (const node of this.nodes) {
      if (this.#dead.has(node.index)) continue;
      node.strike(atUs, order, blow);
      this.#look(node);
    }
  }

  #look(node: Node): void {
    const isDead = this.#dead.has(node.index);
    this.#dues.set(node.index, isDead ? Number.POSITIVE_INFINITY : node.nextAt());
  }

  #nextAt(): number {
    return Math.min(this.#dues.least, this.#ends[0]?.atUs ?? Number.POSITIVE_INFINITY);
  }

  #runInstant(at: number): void {
    const dues = this.#dues;
    this.#now = at;
    while (this.#ends[0]?.atUs === at) this.#end(this.#ends.shift() as PlannedBlow);
    while (dues.least === at) {
      const node = this.nodes[dues.first()] as Node;
      node.run(at + 1);
      this.#look(node);
      const isFull = this.trace.rowCount > this.#bounds.rowCountMax;
      if (isFull) cutRows(this.trace, this.#bounds);
      if (isFull || node.cutBy !== undefined) {
        this.isOver = true;
        return;
      }
      if (node.hasOutbound) this.#senders.push(node);
    }
    for (const node of this.#senders) this.#route(node);
    this.#senders.length = 0;
  }

  #route(node: Node): void {
    for (const outbound of node.takeOutbound()) {
      if (outbound.signal.kind === "order") {
        const { at, order, signal } = outbound;
        for (const planned of blowsOfOrder(signal.order, at, order)) this.#plan(planned);
        continue;
      }
      if (this.#dead.has(outbound.toNode)) continue;
      const receiver = this.nodes[outbound.toNode];
      if (receiver === undefined) continue;
      receiver.accept(outbound, node.index);
      this.#look(receiver);
    }
  }

  #end({ atUs, blow }: PlannedBlow): void {
    if (blow.kind !== "crash" && blow.kind !== "restart") return;
    const index = this.nodes.findIndex((node) => node.name === blow.node);
    const node = this.nodes[index];
    if (node === undefined || this.#dead.has(index) === (blow.kind === "crash")) return;
    if (blow.kind === "crash") {
      this.#dead.add(index);
      writeNodeDown(this.trace, index, atUs, blow.why);
      for (const other of this.nodes) if (!this.#dead.has(other.index)) other.loseNode(index, atUs);
      for (const any of this.nodes) this.#look(any);
      return;
    }
    this.#dead.delete(index);
    const before = node.nextLife(atUs);
    const life = { ...before, version: blow.version ?? before.version, struck: [...this.#struck] };
    const next = createNode(this.#options, index, this.trace, life);
    this.nodes[index] = next;
    next.start();
    this.#options.populate(next, life);
    this.#look(next);
  }
}

/** True for what ends or begins a node, which is done by whoever runs it. */
export function isEnd(blow: Blow): boolean {
  return blow.kind === "crash" || blow.kind === "restart";
}

/** Writes that a node was killed; the node itself no longer can. */
export function writeNodeDown(trace: Trace, node: number, atUs: number, reason = "killed"): void {
  const why = copy(reason);
  const payload = trace.keep(why.value, why.hash);
  trace.write(atUs, KIND.nodeDown, traceId(node, 0), 0, 0, SIGNAL.none, 0, payload, 0);
}

/** Cuts a trace at its bound and marks the place. */
export function cutRows(trace: Trace, bounds: Bounds): void {
  trace.truncate(bounds.rowCountMax);
  const last = trace.lastAt;
  const why = copy(`the trace reached its bound of ${bounds.rowCountMax} rows`);
  trace.write(last, KIND.cut, 0, 0, 0, SIGNAL.none, 0, trace.keep(why.value, why.hash), 0);
}

/** One node of a scenario, with the near ends of its wires. Used by every placement. */
export function createNode(
  options: ClusterOptions,
  index: number,
  trace: Trace,
  life: Life = FIRST_LIFE,
): Node {
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
    if (a === index) wires.set(b, new Wire(seed, wire, a, b, life.incarnation));
    if (b === index) wires.set(a, new Wire(seed, wire, b, a, life.incarnation));
  }
  return new Node({
    index,
    name: spec.name,
    cores: spec.cores,
    isHidden: spec.hidden === true,
    disk: spec.disk ?? {},
    clock: spec.clock ?? {},
    isDiskMirrored: options.isDiskMirrored === true,
    seed,
    bounds: options.bounds ?? BOUNDS,
    trace,
    isShuffled: scenario.schedule === "shuffled",
    distribution: scenario.distribution ?? {},
    operations: scenario.operations,
    nodeIndex,
    nodes: scenario.nodes,
    wires,
    blows: blowsOf(scenario),
    life,
    services: options.services ?? new Map(),
    ...(options.onCrash === undefined ? undefined : { onCrash: options.onCrash }),
  });
}
