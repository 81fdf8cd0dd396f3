/**
 * How a node is connected with the others: who is up, how a connection comes to be and ends, and
 * who is told. It carries the signals of the node's processes and knows nothing of them.
 *
 * A connection has a number, given by the node that asked for it and repeated in everything that
 * takes it; so what was under way when a connection broke is lost for good, even when the next one
 * is up before it arrives. Ticks are not sent: a node that falls silent is taken for down after
 * 0.75 to 1.25 tick times, drawn by whoever waits. Rules B1 to B7; the words are net_kernel's.
 */
import type { Entry } from "./heap.ts";
import type { Pid } from "./names.ts";
import { RandomStream, STREAM } from "./random.ts";
import type { DistributionSpec } from "./scenario.ts";
import type { Control, Outbound, Signal } from "./signals.ts";
import type { Passage, Wire } from "./wire.ts";

/** kernel's net_setuptime: what a node waits for the answer of one that does not refuse. */
const SET_UP_US = 7_000_000;

/** kernel's net_ticktime. */
const TICK_TIME_US = 60_000_000;

/** Connection numbers: the asking node's index × this + its count. */
const VIA_SPAN = 2 ** 22;

/** Connections that one life of a node may ask for; the next life counts on from there. */
const VIA_LIFE_SPAN = 2 ** 12;

/** A signal for another node, with what its sender wants to know of its passage. */
export interface Parcel {
  readonly signal: Signal;
  readonly bytes: number;
  /** Messages may die on a wire; the runtime's own signals may not. */
  readonly canDie: boolean;
  /** Told when it goes out. */
  readonly sent: ((passage: Passage) => void) | undefined;
  /** Makes the second one when the wire doubles it, which arrives at `at`. */
  readonly double?: (at: number) => Signal;
}

/** What the distribution needs of its node. */
export interface Surroundings {
  readonly index: number;
  readonly seed: number;
  readonly incarnation: number;
  readonly isHidden: boolean;
  readonly spec: DistributionSpec;
  now(): number;
  schedule(at: number, due: () => void): Entry;
  unschedule(entry: Entry): void;
  emit(outbound: Outbound): void;
  /** A connection came up or went down: for the trace. */
  note(peer: number, isUp: boolean): void;
  /** All links with and monitors of processes there get `noconnection`. */
  lose(peerName: string): void;
  /** This signal will never arrive. */
  giveUp(parcel: Parcel): void;
  /** Puts `{ tag, node }` into a process's mailbox. */
  tell(process: Pid, tag: "nodeup" | "nodedown", peerName: string): void;
}

/** Another node, as this one knows it. */
interface Peer {
  readonly index: number;
  readonly name: string;
  readonly wire: Wire;
  state: "down" | "pending" | "up";
  /** Number of the connection that is up or asked for. */
  via: number;
  isHidden: boolean;
  /** It is in none of this node's groups, and so hidden for it, always. */
  readonly isApart: boolean;
  /** This node's question is on its way there. */
  isAsked: boolean;
  /** It is asked because another node knows it. */
  isMet: boolean;
  /** The node was killed and has not begun anew: whoever asks it is refused. */
  isGone: boolean;
  /** Silences in force on the way from there. */
  deafness: number;
  /** What waits for the connection to come up. */
  waiting: Parcel[];
  /** The runtime's own signals, kept while the way there is silent. */
  retained: Parcel[];
  /** Connections that this side has ended and the other cannot be told of while the way there is silent. */
  farewells: number[];
  answers: ((isUp: boolean) => void)[];
  /** Who wants one message at its next nodedown, and how often. */
  readonly watchers: Map<Pid, number>;
  timeOut: Entry | undefined;
  tick: Entry | undefined;
}

export class Distribution {
  readonly #here: Surroundings;
  readonly #peers = new Map<number, Peer>();
  readonly #byName = new Map<string, Peer>();
  /** Who wants to hear of every visible node, and how often. */
  readonly #nodesWatchers = new Map<Pid, number>();
  readonly #ticks: RandomStream;
  #viaCount: number;

  constructor(
    here: Surroundings,
    wires: ReadonlyMap<number, Wire>,
    nameOf: (index: number) => string,
    isHidden: (index: number) => boolean,
    isStandby: (index: number) => boolean,
    isApart: (index: number) => boolean,
  ) {
    this.#here = here;
    this.#viaCount = here.incarnation * VIA_LIFE_SPAN;
    this.#ticks = new RandomStream(here.seed, STREAM.ticks, here.index, here.incarnation);
    const isUp = (here.spec.connected ?? true) && here.incarnation === 0;
    for (const [index, wire] of [...wires].sort(([a], [b]) => a - b)) {
      const peer: Peer = {
        index,
        name: nameOf(index),
        wire,
        state: isUp && !isStandby(index) ? "up" : "down",
        via: 0,
        isHidden: here.isHidden || isHidden(index) || isApart(index),
        isApart: isApart(index),
        isAsked: false,
        isMet: false,
        isGone: isStandby(index),
        deafness: 0,
        waiting: [],
        retained: [],
        farewells: [],
        answers: [],
        watchers: new Map(),
        timeOut: undefined,
        tick: undefined,
      };
      this.#peers.set(index, peer);
      this.#byName.set(peer.name, peer);
    }
  }

  // What processes ask for.

  /** Whether nodes that know each other all connect. Without it global does not spread its names. */
  get connectsAll(): boolean {
    return this.#here.spec.connectAll ?? true;
  }

  /** Names of the nodes that this one is connected with, in the order of the scenario. */
  connected(which: "visible" | "hidden" | "connected"): string[] {
    return [...this.#peers.values()]
      .filter((peer) => peer.state === "up")
      .filter((peer) => which === "connected" || peer.isHidden === (which === "hidden"))
      .map((peer) => peer.name);
  }

  /** Connects, if need be; `answer` is called once, at once or later. Rule B1. */
  connect(name: string, answer: (isUp: boolean) => void): void {
    const peer = this.#byName.get(name);
    if (peer === undefined || peer.state === "up") {
      answer(peer !== undefined);
      return;
    }
    peer.answers.push(answer);
    this.#begin(peer);
  }

  /** Ends a connection on purpose. Returns false when there was none. */
  disconnect(name: string): boolean {
    const peer = this.#byName.get(name);
    if (peer?.state !== "up") return false;
    this.#close(peer);
    return true;
  }

  /** One `nodedown` at the next loss of the node; calls add up. Connects if need be. Rule B4. */
  watch(process: Pid, name: string, isWatched: boolean): void {
    const peer = this.#byName.get(name);
    if (peer === undefined) {
      if (isWatched) this.#here.tell(process, "nodedown", name);
      return;
    }
    count(peer.watchers, process, isWatched ? 1 : -1);
    if (isWatched && peer.state === "down") this.#begin(peer);
  }

  /** `nodeup` and `nodedown` of every visible node; calls add up. */
  watchAll(process: Pid, isWatched: boolean): void {
    if (isWatched) count(this.#nodesWatchers, process, 1);
    else this.#nodesWatchers.delete(process);
  }

  /** A process has ended. */
  forget(process: Pid): void {
    if (!this.#nodesWatchers.delete(process) && this.#peers.size === 0) return;
    for (const peer of this.#peers.values()) peer.watchers.delete(process);
  }

  // Signals.

  /** Sends a signal to another node; connects first when need be. */
  send(to: number, parcel: Parcel): void {
    const peer = this.#peers.get(to);
    if (peer === undefined) {
      this.#here.giveUp(parcel);
    } else if (peer.state === "up") {
      this.#transmit(peer, parcel);
    } else {
      peer.waiting.push(parcel);
      this.#begin(peer);
    }
  }

  /** Until when a process that has sent there must wait. */
  blockedUntil(to: number): number {
    const now = this.#here.now();
    return this.#peers.get(to)?.wire.blockedUntil(now) ?? now;
  }

  /** True when there is no connection and none is asked for. */
  isDown(node: number): boolean {
    return (this.#peers.get(node)?.state ?? "down") === "down";
  }

  /** True when what arrives from there over connection `via` is to be taken. */
  isOpen(from: number, via: number): boolean {
    const peer = this.#peers.get(from);
    return peer?.state === "up" && peer.via === via;
  }

  /** Takes what the other end of a connection says about it. */
  hear(from: number, control: Control): void {
    const peer = this.#peers.get(from);
    if (peer === undefined) return;
    const isThis = peer.via === control.via && peer.state !== "down";
    switch (control.kind) {
      case "connect":
        this.#answer(peer, control.via, control.isHidden);
        return;
      case "accept":
        if (isThis && peer.state === "pending") this.#up(peer, control.isHidden);
        // Too late: the other side must not go on believing in it.
        else if (!isThis) this.#leave(peer, control.via);
        return;
      case "refuse":
        if (isThis && peer.state === "pending") this.#fail(peer);
        return;
      case "close":
        if (isThis && peer.state === "up") this.#down(peer);
        return;
      case "known":
        if (isThis) for (const node of control.nodes) this.#meet(node);
        return;
      case "lost":
        // Also over a connection that has been let go itself: two may tell of each other at once.
        if (peer.via === control.via) this.#letGo(control.node);
        return;
    }
  }

  // What happens to wires and nodes.

  /** The wire to a node is cut or healed: both ends notice at once. Rule B5. */
  cut(node: number, isCut: boolean): void {
    const peer = this.#peers.get(node);
    if (peer === undefined) return;
    peer.wire.cuts = Math.max(0, peer.wire.cuts + (isCut ? 1 : -1));
    if (!isCut) return;
    if (peer.state === "up") this.#down(peer);
    else if (peer.state === "pending") this.#fail(peer);
  }

  /** Nothing gets to a node any more, or it does again. */
  silenceTo(node: number, isSilent: boolean): void {
    const peer = this.#peers.get(node);
    if (peer === undefined) return;
    peer.wire.silences = Math.max(0, peer.wire.silences + (isSilent ? 1 : -1));
    if (peer.wire.silences > 0) return;
    const { retained, farewells } = peer;
    peer.retained = [];
    peer.farewells = [];
    for (const via of farewells) this.#leave(peer, via);
    if (peer.state === "up") for (const parcel of retained) this.#transmit(peer, parcel);
  }

  /** Nothing comes from a node any more, or it does again. Rule B6. */
  silenceFrom(node: number, isSilent: boolean): void {
    const peer = this.#peers.get(node);
    if (peer === undefined) return;
    peer.deafness = Math.max(0, peer.deafness + (isSilent ? 1 : -1));
    if (peer.deafness === 0) this.#stopTick(peer);
    else if (peer.state === "up" && peer.tick === undefined) this.#startTick(peer);
  }

  /** What is sent to a node arrives no earlier than `untilUs`. */
  hold(node: number, untilUs: number): void {
    const peer = this.#peers.get(node);
    if (peer !== undefined) peer.wire.heldUntil = Math.max(peer.wire.heldUntil, untilUs);
  }

  /** A node was killed and its connection has fallen silent. */
  gone(node: number): void {
    const peer = this.#peers.get(node);
    if (peer === undefined) return;
    peer.isGone = true;
    if (peer.state === "up") this.#down(peer);
    else if (peer.state === "pending") this.#fail(peer);
  }

  /** A killed node has begun anew. */
  back(node: number): void {
    const peer = this.#peers.get(node);
    if (peer !== undefined) peer.isGone = false;
  }

  // How a connection comes to be.

  #begin(peer: Peer): void {
    if (peer.state !== "down") return;
    const { index } = this.#here;
    peer.state = "pending";
    peer.via = index * VIA_SPAN + ++this.#viaCount;
    const isRefused = peer.wire.cuts > 0 || peer.isGone;
    const patienceUs = isRefused ? 2 * peer.wire.leastLatencyUs : SET_UP_US;
    peer.timeOut = this.#here.schedule(this.#here.now() + patienceUs, () => {
      peer.timeOut = undefined;
      // The other side may have answered, and the answer may be lost or late.
      if (peer.isAsked) this.#leave(peer, peer.via);
      this.#fail(peer);
    });
    const { isHidden } = this.#here;
    peer.isAsked = this.#control(peer, { kind: "connect", via: peer.via, isHidden });
  }

  /** The other side asks. When both ask at once, the later node of the scenario has its way. Rule B2. */
  #answer(peer: Peer, via: number, isHidden: boolean): void {
    if (peer.state === "pending" && peer.isAsked && this.#here.index > peer.index) return;
    if (peer.state === "up") this.#down(peer);
    // An answer that cannot get there makes no connection: it would have one end.
    if (!this.#control(peer, { kind: "accept", via, isHidden: this.#here.isHidden })) return;
    peer.via = via;
    this.#up(peer, isHidden);
  }

  #up(peer: Peer, isHidden: boolean): void {
    const here = this.#here;
    peer.state = "up";
    peer.isMet = false;
    peer.isHidden = here.isHidden || isHidden || peer.isApart;
    this.#stopTimeOut(peer);
    if (peer.deafness > 0 && peer.tick === undefined) this.#startTick(peer);
    here.note(peer.index, true);
    if (!peer.isHidden) this.#tellAll("nodeup", peer);
    const { waiting } = peer;
    peer.waiting = [];
    for (const parcel of waiting) this.#transmit(peer, parcel);
    this.#answerAll(peer, true);
    if (peer.isHidden || !(here.spec.connectAll ?? true)) return;
    const nodes = this.#visible(peer).map(({ index }) => index);
    if (nodes.length > 0) this.#control(peer, { kind: "known", via: peer.via, nodes });
  }

  #fail(peer: Peer): void {
    // Whom others reach and this node cannot would make partitions overlap.
    if (peer.isMet) this.#tellOfLoss(peer);
    peer.isMet = false;
    peer.state = "down";
    this.#stopTimeOut(peer);
    const { waiting } = peer;
    peer.waiting = [];
    for (const parcel of waiting) this.#here.giveUp(parcel);
    this.#tellWatchers(peer);
    this.#answerAll(peer, false);
  }

  // How it ends.

  #close(peer: Peer): void {
    this.#leave(peer, peer.via);
    this.#down(peer);
  }

  /** Tells the other side that a connection is no more; when the way there is silent, as soon as it is not. */
  #leave(peer: Peer, via: number): void {
    if (peer.wire.silences > 0) peer.farewells.push(via);
    else this.#control(peer, { kind: "close", via });
  }

  #down(peer: Peer): void {
    const here = this.#here;
    peer.state = "down";
    peer.retained = [];
    this.#stopTick(peer);
    here.note(peer.index, false);
    here.lose(peer.name);
    this.#tellWatchers(peer);
    if (peer.isHidden) return;
    this.#tellAll("nodedown", peer);
    this.#tellOfLoss(peer);
  }

  /** Lets the other visible nodes know that this one has no connection with a node. */
  #tellOfLoss(peer: Peer): void {
    if (!(this.#here.spec.preventOverlappingPartitions ?? true)) return;
    for (const other of this.#visible(peer))
      this.#control(other, { kind: "lost", via: other.via, node: peer.index });
  }

  /** Another node has lost `node`: this one lets it go too, so that no partitions overlap. Rule B7. */
  #letGo(node: number): void {
    const peer = this.#peers.get(node);
    if (!(this.#here.spec.preventOverlappingPartitions ?? true)) return;
    if (peer?.state === "up" && !peer.isHidden) this.#close(peer);
  }

  /** Connects to a node that another knows. Rule B3. */
  #meet(node: number): void {
    const peer = this.#peers.get(node);
    if (peer?.state !== "down" || peer.isApart || !(this.#here.spec.connectAll ?? true)) return;
    peer.isMet = true;
    this.#begin(peer);
  }

  #startTick(peer: Peer): void {
    const tickTimeUs = this.#here.spec.tickTimeUs ?? TICK_TIME_US;
    const waitUs = Math.round(tickTimeUs * (0.75 + this.#ticks.uniform() / 2));
    peer.tick = this.#here.schedule(this.#here.now() + waitUs, () => {
      peer.tick = undefined;
      if (peer.state === "up") this.#close(peer);
    });
  }

  #stopTick(peer: Peer): void {
    if (peer.tick !== undefined) this.#here.unschedule(peer.tick);
    peer.tick = undefined;
  }

  #stopTimeOut(peer: Peer): void {
    if (peer.timeOut !== undefined) this.#here.unschedule(peer.timeOut);
    peer.timeOut = undefined;
  }

  // Carrying.

  #transmit(peer: Peer, parcel: Parcel): void {
    if (peer.wire.silences > 0 && !parcel.canDie) {
      peer.retained.push(parcel);
      return;
    }
    const passage = peer.wire.send(this.#here.now(), parcel.canDie, parcel.bytes);
    parcel.sent?.(passage);
    if (passage.diedAt !== undefined) return;
    const { at, order, again } = passage;
    const { index: toNode, via } = peer;
    this.#here.emit({ toNode, at, order, via, signal: parcel.signal });
    if (again === undefined || parcel.double === undefined) return;
    this.#here.emit({ toNode, ...again, via, signal: parcel.double(again.at) });
  }

  /** Says something about a connection. Returns false when it cannot get there. */
  #control(peer: Peer, signal: Control): boolean {
    const { wire } = peer;
    if (wire.cuts > 0 || wire.silences > 0 || peer.isGone) return false;
    const { at, order } = wire.send(this.#here.now(), false, 0);
    this.#here.emit({ toNode: peer.index, at, order, via: signal.via, signal });
    return true;
  }

  /** The visible nodes that this one is connected with, without `except`. */
  #visible(except: Peer): Peer[] {
    return [...this.#peers.values()].filter(
      (peer) => peer.state === "up" && !peer.isHidden && peer !== except,
    );
  }

  #answerAll(peer: Peer, isUp: boolean): void {
    const { answers } = peer;
    peer.answers = [];
    for (const answer of answers) answer(isUp);
  }

  #tellWatchers(peer: Peer): void {
    const watchers = [...peer.watchers];
    peer.watchers.clear();
    for (const [process, times] of watchers) {
      for (let i = 0; i < times; i++) this.#here.tell(process, "nodedown", peer.name);
    }
  }

  #tellAll(tag: "nodeup" | "nodedown", peer: Peer): void {
    for (const [process, times] of this.#nodesWatchers) {
      for (let i = 0; i < times; i++) this.#here.tell(process, tag, peer.name);
    }
  }
}

function count(counts: Map<Pid, number>, process: Pid, by: number): void {
  const next = (counts.get(process) ?? 0) + by;
  if (next > 0) counts.set(process, next);
  else counts.delete(process);
}
