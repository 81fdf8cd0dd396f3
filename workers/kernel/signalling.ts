/**
 * How signals that are no messages leave a process: `Signalling` sends one to wherever its receiver
 * is, `SignalQueue` applies those for this node. What a signal then does is in reception.ts; this
 * side knows only where it goes. Rule S1.
 */
import type { Distribution } from "./distribution.ts";
import type { NameOnNode, Pid, Ref } from "./names.ts";
import type { NodeCore } from "./node-core.ts";
import { ENVELOPE_BYTES, type Signal } from "./signals.ts";

/**
 * Applies signals one after the other, those that arise meanwhile last. A queue rather than
 * recursion: a chain of ten thousand linked processes must not overflow the stack.
 */
export class SignalQueue {
  readonly #applyOne: (signal: Signal) => void;
  #signals: Signal[] = [];
  #isApplying = false;

  constructor(applyOne: (signal: Signal) => void) {
    this.#applyOne = applyOne;
  }

  apply(signal: Signal): void {
    this.#signals.push(signal);
    if (!this.#isApplying) this.together(NOTHING_MORE);
  }

  /** Lets everything that `leave` emits leave before any of it is applied: of one death all are told at once. */
  together(leave: () => void): void {
    if (this.#isApplying) {
      leave();
      return;
    }
    this.#isApplying = true;
    try {
      leave();
      for (let i = 0; i < this.#signals.length; i++) this.#applyOne(this.#signals[i] as Signal);
    } finally {
      this.#signals = [];
      this.#isApplying = false;
    }
  }
}

const NOTHING_MORE = (): void => {};

export class Signalling {
  readonly #core: NodeCore;
  readonly #queue: SignalQueue;
  readonly #distribution: Distribution;

  constructor(core: NodeCore, queue: SignalQueue, distribution: Distribution) {
    this.#core = core;
    this.#queue = queue;
    this.#distribution = distribution;
  }

  /**
   * Sends a signal now: within this node it is applied in order, to another it takes the
   * connection. `bytes` is what it carries.
   */
  emit(signal: Exclude<Signal, { kind: "message" }>, bytes = 0): void {
    const node = this.#core.nodeIndexOf(signal.to);
    if (node === this.#core.index) {
      this.#queue.apply(signal);
      return;
    }
    // A node that is down has forgotten: to take something back from it needs no connection.
    const isMoot =
      signal.kind === "demonitor" ||
      signal.kind === "unlink" ||
      signal.kind === "down" ||
      (signal.kind === "exit" && signal.byLink);
    if (isMoot && this.#distribution.isDown(node)) return;
    this.#distribution.send(node, {
      signal,
      bytes: bytes + ENVELOPE_BYTES,
      canDie: false,
      sent: undefined,
    });
  }

  /** As the queue's `together`. */
  together(leave: () => void): void {
    this.#queue.together(leave);
  }

  /** Takes back the monitor `ref` from whoever it watches. */
  stopWatching(ref: Ref, target: Pid | NameOnNode): void {
    this.emit({ kind: "demonitor", ref, to: target });
  }
}
