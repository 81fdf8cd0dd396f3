/**
 * A node's border: what goes out to the others and what comes in. The distribution decides what
 * happens to connections; here is what that means for the node and its processes. Rule L4.
 */
import { Distribution, type Parcel, type Surroundings } from "./distribution.ts";
import { Entry } from "./heap.ts";
import type { Inbox } from "./inbox.ts";
import { type NameOnNode, nodeOfAddress, type Pid, type Ref } from "./names.ts";
import type { NodeCore, Resident } from "./node-core.ts";
import { OPERATOR, type Order, orderNumber } from "./orders.ts";
import { copyAfresh } from "./payload.ts";
import type { DistributionSpec } from "./scenario.ts";
import type { SignalQueue } from "./signalling.ts";
import type { Control, Envelope, Frame, Outbound, Signal } from "./signals.ts";
import { Sockets } from "./sockets.ts";
import { KIND, SIGNAL, traceId } from "./trace.ts";

export class Border implements Surroundings {
  readonly index: number;
  readonly seed: number;
  readonly incarnation: number;
  readonly isHidden: boolean;
  readonly spec: DistributionSpec;
  /** The connections with the other nodes. */
  readonly distribution: Distribution;
  /** The channels to other nodes that are no connections. */
  readonly sockets: Sockets;
  readonly #core: NodeCore;
  readonly #queue: SignalQueue;
  readonly #inbox: Inbox;
  #outbound: Outbound[] = [];
  #soonestArrival = Number.POSITIVE_INFINITY;
  #stopBefore = Number.POSITIVE_INFINITY;
  #orderCount = 0;
  /** Latest arrival that each other node has announced. */
  readonly #lastInbound = new Map<number, number>();
  /** Killed nodes whose end this one has not noticed yet. */
  readonly #losing = new Map<number, { readonly at: number; readonly notice: Entry }>();

  constructor(core: NodeCore, queue: SignalQueue, inbox: Inbox) {
    const { options } = core;
    this.index = options.index;
    this.seed = options.seed;
    this.incarnation = options.life.incarnation;
    this.isHidden = options.isHidden;
    this.spec = options.distribution;
    this.#core = core;
    this.#queue = queue;
    this.#inbox = inbox;
    this.sockets = new Sockets(core, inbox, (outbound) => this.emit(outbound));
    this.distribution = new Distribution(
      this,
      options.wires,
      (index) => options.nodes[index]?.name ?? "",
      (index) => options.nodes[index]?.hidden === true,
      (index) => options.nodes[index]?.standby === true,
      (index) => !shareGroup(options.distribution, core.name, options.nodes[index]?.name ?? ""),
    );
  }

  // For whoever drives the node.

  /** When the first of the signals that went out arrives; Infinity when none did. */
  get soonestArrival(): number {
    return this.#soonestArrival;
  }

  get hasOutbound(): boolean {
    return this.#outbound.length > 0;
  }

  /** Signals for other nodes since the last call. */
  takeOutbound(): Outbound[] {
    const outbound = this.#outbound;
    if (outbound.length > 0) this.#outbound = [];
    this.#soonestArrival = Number.POSITIVE_INFINITY;
    this.#stopBefore = Number.POSITIVE_INFINITY;
    return outbound;
  }

  /** Asks something of whoever runs the nodes, which is done at `at`. */
  order(order: Order, at: number): void {
    const number = orderNumber(this.index, this.#orderCount++);
    this.#outbound.push({
      toNode: OPERATOR,
      at,
      order: number,
      via: 0,
      signal: { kind: "order", order },
    });
    this.#stopBefore = Math.min(this.#stopBefore, at);
  }

  /** What this node has asked for happens then: it must not go further by itself. */
  get stopBefore(): number {
    return this.#stopBefore;
  }

  /** Puts what comes over a wire on the agenda. */
  accept(outbound: Outbound, fromNode: number): void {
    const { at, order, via, signal } = outbound;
    if (signal.kind === "order") return;
    this.#lastInbound.set(fromNode, Math.max(at, this.#lastInbound.get(fromNode) ?? 0));
    this.#core.agenda.push(new Entry(at, order, () => this.#arrive(signal, fromNode, via)));
  }

  /**
   * Another node was killed at `at`. This one learns of it when the wire has fallen silent: after
   * the least latency, and after all that was under way. Rule L4.
   */
  loseNode(node: number, at: number): void {
    const latencyUs = this.#core.options.wires.get(node)?.leastLatencyUs ?? 1;
    const silentAt = Math.max(at + latencyUs, this.#lastInbound.get(node) ?? 0);
    const notice = () => {
      this.#losing.delete(node);
      this.#gone(node);
    };
    this.#losing.set(node, { at, notice: this.#core.schedule(silentAt, notice) });
  }

  /** A killed node has begun anew at `at`, maybe before this one noticed that it was gone. */
  nodeIsBack(node: number, at: number): void {
    const losing = this.#losing.get(node);
    // Who stood still hears late that one was to begin who lived then, and has been killed since.
    if (losing !== undefined && losing.at > at) return;
    if (losing !== undefined) {
      this.#core.agenda.remove(losing.notice);
      this.#losing.delete(node);
      this.#gone(node);
    }
    this.distribution.back(node);
  }

  #gone(node: number): void {
    this.distribution.gone(node);
    this.sockets.reset(node);
  }

  /** Something came over a wire. What it carries is no one object with anything on this node. */
  #arrive(signal: Signal | Control | Frame, fromNode: number, via: number): void {
    switch (signal.kind) {
      case "frame":
        this.sockets.hear(fromNode, signal);
        return;
      case "connect":
      case "accept":
      case "refuse":
      case "close":
      case "known":
      case "lost":
        this.distribution.hear(fromNode, signal);
        return;
      default:
        if (this.distribution.isOpen(fromNode, via)) this.#queue.apply(withOwnReason(signal));
        else if (signal.kind === "message") this.#loseOnArrival(signal.envelope);
    }
  }

  /** A message whose connection has gone meanwhile. */
  #loseOnArrival({ id, signal, from }: Envelope): void {
    const { trace, now, index } = this.#core;
    trace.write(now, KIND.lose, from, traceId(index, 0), id, signal, now, 0, 0);
  }

  // For the distribution.

  now(): number {
    return this.#core.now;
  }

  schedule(at: number, due: () => void): Entry {
    return this.#core.schedule(at, due);
  }

  unschedule(entry: Entry): void {
    this.#core.agenda.remove(entry);
  }

  emit(outbound: Outbound): void {
    this.#outbound.push(outbound);
    this.#soonestArrival = Math.min(this.#soonestArrival, outbound.at);
  }

  note(peer: number, isUp: boolean): void {
    const { trace, now, index } = this.#core;
    const kind = isUp ? KIND.connect : KIND.disconnect;
    trace.write(now, kind, traceId(index, 0), traceId(peer, 0), 0, SIGNAL.none, 0, 0, 0);
  }

  lose(peerName: string): void {
    for (const process of [...this.#core.processes.values()]) this.#disconnect(process, peerName);
  }

  giveUp(parcel: Parcel): void {
    const { signal } = parcel;
    switch (signal.kind) {
      case "message": {
        const { now } = this.#core;
        parcel.sent?.({ at: now, order: 0, diedAt: now, again: undefined });
        const { ref, caller, signal: kind } = signal.envelope;
        if (kind !== SIGNAL.reply && caller !== undefined && ref !== undefined)
          this.#queue.apply(noConnection(ref, caller, signal.to as Pid | NameOnNode));
        return;
      }
      case "link":
        this.#queue.apply(lostLink(signal.to, signal.from));
        return;
      case "monitor":
        this.#queue.apply(noConnection(signal.ref, signal.from, signal.to));
        return;
      case "spawn":
        if (signal.isLinked) this.#queue.apply(lostLink(signal.to, signal.from));
        if (signal.ref !== undefined)
          this.#queue.apply(noConnection(signal.ref, signal.from, signal.to));
        return;
      default:
        return;
    }
  }

  tell(pid: Pid, tag: "nodeup" | "nodedown", node: string): void {
    const process = this.#core.processes.get(pid);
    if (process !== undefined)
      this.#inbox.deliverOwn(process, SIGNAL.info, { tag, node }, undefined);
  }

  /** What a process loses with a node: its links, its monitors and its watchers there. */
  #disconnect(process: Resident, lost: string): void {
    for (const partner of [...(process.links ?? [])]) {
      if (nodeOfAddress(partner) === lost) this.#queue.apply(lostLink(partner, process.pid));
    }
    const watched = [...(process.monitors ?? [])];
    if (process.calling !== undefined) watched.push([process.calling.ref, process.calling.target]);
    for (const [ref, target] of watched) {
      const node = typeof target === "string" ? nodeOfAddress(target) : target.node;
      if (node === lost) this.#queue.apply(noConnection(ref, process.pid, target));
    }
    for (const [ref, { watcher }] of [...(process.monitoredBy ?? [])]) {
      if (nodeOfAddress(watcher) === lost) process.monitoredBy?.delete(ref);
    }
  }
}

/** Whether two nodes have a group in common; without groups all have. Rule B11. */
function shareGroup({ groups }: DistributionSpec, a: string, b: string): boolean {
  if (groups === undefined) return true;
  return Object.values(groups).some((nodes) => nodes.includes(a) && nodes.includes(b));
}

function withOwnReason(signal: Signal): Signal {
  if (signal.kind !== "exit" && signal.kind !== "down") return signal;
  return { ...signal, reason: copyAfresh(signal.reason) };
}

function noConnection(ref: Ref, to: Pid, object: Pid | NameOnNode): Signal {
  return { kind: "down", ref, to, object, reason: "noconnection" };
}

function lostLink(from: Pid, to: Pid): Signal {
  return { kind: "exit", from, to, reason: "noconnection", byLink: true };
}
