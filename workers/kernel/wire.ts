/**
 * One direction of a network connection, kept by the sending node.
 *
 * The sender decides at send time when a message arrives or that it dies, with two draws for every
 * message whatever the settings, so that changing the loss does not move the latencies. What is
 * sent later never arrives earlier, as on one TCP connection. Rules W1 to W7.
 */
import { remoteOrder } from "./heap.ts";
import { RandomStream, STREAM } from "./random.ts";
import type { Distribution, WireSpec } from "./scenario.ts";

/** No signal crosses a wire in less: nodes at one instant cannot see each other. Rule T2. */
const LATENCY_US_MIN = 1;

/** erl's default for +zdbbl: what may wait on a full wire before senders are made to wait. */
const BUFFER_BYTES = 1024 * 1024;

/** Signals that one life of a node may send over a wire; the next life counts on from there. */
const COUNT_SPAN = 2 ** 30;

/** How something passes a wire. */
export interface Passage {
  readonly at: number;
  readonly order: number;
  /** When and that it died on the way; undefined when it arrives. */
  readonly diedAt: number | undefined;
  /** Its second arrival, when the wire doubled it. */
  readonly again: { readonly at: number; readonly order: number } | undefined;
}

export class Wire {
  /** The shortest time in which anything crosses. */
  readonly leastLatencyUs: number;
  /** Cuts in force: nothing passes and both ends know. */
  cuts = 0;
  /** Silences in force: nothing passes and nobody knows. */
  silences = 0;
  /** What is sent before this instant arrives no earlier. */
  heldUntil = 0;
  readonly #spec: WireSpec;
  readonly #random: RandomStream;
  readonly #duplicates: RandomStream;
  readonly #fromNode: number;
  #lastArrival = 0;
  #count: number;
  /** When the bytes sent so far have left the node. */
  #freeAt = 0;

  constructor(seed: number, spec: WireSpec, fromNode: number, toNode: number, incarnation: number) {
    this.#spec = spec;
    this.#fromNode = fromNode;
    this.#count = incarnation * COUNT_SPAN;
    this.leastLatencyUs = Math.max(LATENCY_US_MIN, leastOf(spec.latency));
    const path = incarnation === 0 ? [fromNode, toNode] : [fromNode, toNode, incarnation];
    this.#random = new RandomStream(seed, STREAM.wire, ...path);
    this.#duplicates = new RandomStream(seed, STREAM.duplicates, ...path);
  }

  /**
   * Sends at `now`. `canDie`: messages may be lost or doubled; the runtime's own signals may not.
   * Rule W4.
   */
  send(now: number, canDie: boolean, bytes: number): Passage {
    const latencyUs = Math.max(LATENCY_US_MIN, this.#random.durationUs(this.#spec.latency));
    const dies = this.#random.uniform() < this.#spec.loss && canDie;
    const leavesAt = this.#leave(now, bytes);
    const at = Math.max(leavesAt + latencyUs, this.#lastArrival, this.heldUntil);
    if (dies || (this.silences > 0 && canDie)) {
      return { at, order: 0, diedAt: now + Math.ceil((at - now) / 2), again: undefined };
    }
    this.#lastArrival = at;
    const order = remoteOrder(this.#fromNode, this.#count++);
    const { dup = 0 } = this.#spec;
    if (dup === 0 || !canDie || this.#duplicates.uniform() >= dup) {
      return { at, order, diedAt: undefined, again: undefined };
    }
    const later = at + Math.max(LATENCY_US_MIN, this.#duplicates.durationUs(this.#spec.latency));
    const again = { at: later, order: remoteOrder(this.#fromNode, this.#count++) };
    return { at, order, diedAt: undefined, again };
  }

  /** Until when whoever sends at `now` has to wait because too much waits already; `now` when it need not. Rule W6. */
  blockedUntil(now: number): number {
    const { bytesPerSecond, bufferBytes = BUFFER_BYTES } = this.#spec;
    if (bytesPerSecond === undefined) return now;
    return Math.max(now, this.#freeAt - Math.floor((bufferBytes / bytesPerSecond) * 1e6));
  }

  #leave(now: number, bytes: number): number {
    const { bytesPerSecond } = this.#spec;
    if (bytesPerSecond === undefined) return now;
    this.#freeAt = Math.max(now, this.#freeAt) + Math.ceil((bytes / bytesPerSecond) * 1e6);
    return this.#freeAt;
  }
}

function leastOf(latency: Distribution): number {
  switch (latency.kind) {
    case "det":
      return latency.us;
    case "uniform":
      return latency.fromUs;
    case "exponential":
      return LATENCY_US_MIN;
  }
}
