/**
 * One direction of a network connection, kept by the sending node.
 *
 * The sender decides at send time when a message arrives or that it dies, with two draws for every
 * message whatever the settings, so that changing the loss does not move the latencies. What is
 * sent later never arrives earlier, as on one TCP connection. Rules W1 to W7.
 */
import { leastDurationUs } from "./duration.ts";
import { remoteOrder } from "./heap.ts";
import { RandomStream, STREAM } from "./random.ts";
import type { WireSpec } from "./scenario.ts";

/** No signal crosses a wire in less: nodes at one instant cannot see each other. Rule T2. */
const LATENCY_US_MIN = 1;

/** erl's default for +zdbbl: what may wait on a full wire before senders are made to wait. */
const BUFFER_BYTES = 1024 * 1024;

/** Signals that one life of a node may send over a wire; the next life counts on from there. */
const COUNT_SPAN = 2 ** 30;

/** What is worse on a wire than it says of itself, for a while. */
export interface Disturbance {
  readonly loss?: number;
  readonly dup?: number;
  readonly reorder?: WireSpec["reorder"];
}

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
  readonly #detours: RandomStream;
  readonly #fromNode: number;
  #lastArrival = 0;
  #count: number;
  /** When the bytes sent so far have left the node. */
  #freeAt = 0;
  /** The wire's own faults and those of the plan, all in force at once. */
  readonly #disturbances: Disturbance[];
  #loss = 0;
  #dup = 0;

  constructor(seed: number, spec: WireSpec, fromNode: number, toNode: number, incarnation: number) {
    this.#spec = spec;
    this.#fromNode = fromNode;
    this.#count = incarnation * COUNT_SPAN;
    this.leastLatencyUs = Math.max(LATENCY_US_MIN, leastDurationUs(spec.latency));
    const path = incarnation === 0 ? [fromNode, toNode] : [fromNode, toNode, incarnation];
    this.#random = new RandomStream(seed, STREAM.wire, ...path);
    this.#duplicates = new RandomStream(seed, STREAM.duplicates, ...path);
    this.#detours = new RandomStream(seed, STREAM.reorder, ...path);
    this.#disturbances = [spec];
    this.#addUp();
  }

  /** From now on more of what is sent dies, doubles or takes a detour. */
  disturb(disturbance: Disturbance): void {
    this.#disturbances.push(disturbance);
    this.#addUp();
  }

  /** A disturbance ends. */
  calm(disturbance: Disturbance): void {
    const place = this.#disturbances.lastIndexOf(disturbance);
    if (place > 0) this.#disturbances.splice(place, 1);
    this.#addUp();
  }

  /**
   * Sends at `now`. `canDie`: messages may be lost or doubled; the runtime's own signals may not.
   * Rule W4.
   */
  send(now: number, canDie: boolean, bytes: number): Passage {
    const latencyUs = Math.max(LATENCY_US_MIN, this.#random.durationUs(this.#spec.latency));
    const dies = this.#random.uniform() < this.#loss && canDie;
    const leavesAt = this.#leave(now, bytes);
    const at = Math.max(leavesAt + latencyUs, this.#lastArrival, this.heldUntil);
    if (dies || (this.silences > 0 && canDie)) {
      return { at, order: 0, diedAt: now + Math.ceil((at - now) / 2), again: undefined };
    }
    const detourUs = canDie ? this.#detourUs() : 0;
    const order = remoteOrder(this.#fromNode, this.#count++);
    if (detourUs > 0) return { at: at + detourUs, order, diedAt: undefined, again: undefined };
    this.#lastArrival = at;
    if (this.#dup === 0 || !canDie || this.#duplicates.uniform() >= this.#dup) {
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

  /** What a message takes longer than those before and after it; 0 for most. Rule W8. */
  #detourUs(): number {
    for (const { reorder } of this.#disturbances) {
      if (reorder === undefined || this.#detours.uniform() >= reorder.share) continue;
      return Math.max(1, this.#detours.durationUs(reorder.extra));
    }
    return 0;
  }

  /** Independent causes: what passes has passed all of them. */
  #addUp(): void {
    const passing = (shareOf: (one: Disturbance) => number | undefined) =>
      this.#disturbances.reduce((left, one) => left * (1 - (shareOf(one) ?? 0)), 1);
    const isAlone = this.#disturbances.length === 1;
    this.#loss = isAlone ? this.#spec.loss : 1 - passing(({ loss }) => loss);
    this.#dup = isAlone ? (this.#spec.dup ?? 0) : 1 - passing(({ dup }) => dup);
  }

  #leave(now: number, bytes: number): number {
    const { bytesPerSecond } = this.#spec;
    if (bytesPerSecond === undefined) return now;
    this.#freeAt = Math.max(now, this.#freeAt) + Math.ceil((bytes / bytesPerSecond) * 1e6);
    return this.#freeAt;
  }
}
