/**
 * One direction of a network connection, kept by the sending node.
 *
 * The sender decides at send time when a message arrives or that it dies, with two draws for every
 * message whatever the settings, so that changing the loss does not move the latencies. What is
 * sent later never arrives earlier, as on one TCP connection. Rules W1 to W3.
 */
import { remoteOrder } from "./heap.ts";
import { RandomStream, STREAM } from "./random.ts";
import type { Distribution, WireSpec } from "./scenario.ts";

/** No signal crosses a wire in less: nodes at one instant cannot see each other. Rule T2. */
const LATENCY_US_MIN = 1;

export interface Passage {
  readonly at: number;
  readonly order: number;
  /** When and that it died on the way; undefined when it arrives. */
  readonly diedAt: number | undefined;
}

export class Wire {
  readonly #spec: WireSpec;
  readonly #random: RandomStream;
  readonly #fromNode: number;
  /** The shortest time in which anything crosses. */
  readonly leastLatencyUs: number;
  #lastArrival = 0;
  #count = 0;

  constructor(seed: number, spec: WireSpec, fromNode: number, toNode: number) {
    this.#spec = spec;
    this.#fromNode = fromNode;
    this.leastLatencyUs = Math.max(LATENCY_US_MIN, leastOf(spec.latency));
    this.#random = new RandomStream(seed, STREAM.wire, fromNode, toNode);
  }

  /** Sends at `now`. `canDie`: messages may be lost; the runtime's own signals may not. Rule W4. */
  send(now: number, canDie: boolean): Passage {
    const latencyUs = Math.max(LATENCY_US_MIN, this.#random.durationUs(this.#spec.latency));
    const dies = this.#random.uniform() < this.#spec.loss && canDie;
    const at = Math.max(now + latencyUs, this.#lastArrival);
    if (dies) {
      return { at, order: 0, diedAt: now + Math.ceil((at - now) / 2) };
    }
    this.#lastArrival = at;
    return { at, order: remoteOrder(this.#fromNode, this.#count++), diedAt: undefined };
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
