/**
 * The fault plan as one node meets it: each blow on its agenda, what it does to the node and to its
 * ends of wires, and the row that tells of it. Crashes and restarts are done by whoever runs the
 * node; here they are what others hear of. Rules B5, B6, B9 and B10.
 */
import type { Border } from "./border.ts";
import type { Distribution } from "./distribution.ts";
import type { Blow } from "./faults.ts";
import { Entry } from "./heap.ts";
import type { NodeCore } from "./node-core.ts";
import { copy } from "./payload.ts";
import { KIND, SIGNAL, traceId } from "./trace.ts";
import type { Working } from "./working.ts";

/** Blows come before all else of their instant. */
const BLOWS_FIRST = 2 ** 40;

export class Blows {
  readonly #core: NodeCore;
  readonly #border: Border;
  readonly #distribution: Distribution;
  readonly #working: Working;
  /** Instants at which a pause ends. */
  readonly #resumesAt: number[] = [];

  constructor(core: NodeCore, border: Border, working: Working) {
    this.#core = core;
    this.#border = border;
    this.#distribution = border.distribution;
    this.#working = working;
  }

  /** Puts what is to come on the agenda, and lets what was done before this life began be so. */
  start(): void {
    const { life, blows } = this.#core.options;
    for (const { atUs, order, blow } of blows) {
      if (atUs >= life.startUs) this.strike(atUs, order, blow);
      else this.#recall(blow);
    }
  }

  /** Puts a blow on the agenda, before all else of its instant. */
  strike(atUs: number, order: number, blow: Blow): void {
    const core = this.#core;
    if (blow.kind === "resume" && blow.node === core.name) {
      this.#resumesAt.push(atUs);
      this.#resumesAt.sort((a, b) => a - b);
      return;
    }
    core.agenda.push(
      new Entry(atUs, order - BLOWS_FIRST, () => {
        this.#undergo(blow);
        this.#note(blow);
      }),
    );
  }

  /** When the pause ends; Infinity when it does not. */
  nextResumeAt(): number {
    return this.#resumesAt[0] ?? Number.POSITIVE_INFINITY;
  }

  /** The node goes on after a pause. */
  resume(): void {
    const core = this.#core;
    this.#resumesAt.shift();
    core.isPaused = false;
    core.notBefore = core.now;
    core.cores.resume(core.now);
    this.#working.rearmCores();
    core.noteOwn(KIND.fault, 0, 0, "resume");
  }

  #pause(): void {
    const core = this.#core;
    core.isPaused = true;
    core.cores.pause(core.now);
  }

  #recall(blow: Blow): void {
    const { name } = this.#core;
    if (blow.kind === "crash") this.#distribution.gone(this.#core.indexOf(blow.node));
    else if (!("node" in blow) || blow.node !== name) this.#undergo(blow);
  }

  #undergo(blow: Blow): void {
    const core = this.#core;
    const distribution = this.#distribution;
    switch (blow.kind) {
      case "pause":
        if (blow.node === core.name) this.#pause();
        else distribution.silenceFrom(core.indexOf(blow.node), true);
        return;
      case "resume":
        distribution.silenceFrom(core.indexOf(blow.node), false);
        return;
      case "restart":
        this.#border.nodeIsBack(core.indexOf(blow.node));
        return;
      case "crash":
        return;
      case "cut":
      case "heal":
      case "hold": {
        const other = this.#otherEnd(blow.between);
        if (other === undefined) return;
        if (blow.kind === "hold") distribution.hold(other, blow.untilUs);
        else distribution.cut(other, blow.kind === "cut");
        return;
      }
      case "silence":
      case "speak": {
        const isSilent = blow.kind === "silence";
        if (blow.from === core.name) distribution.silenceTo(core.indexOf(blow.to), isSilent);
        if (blow.to === core.name) distribution.silenceFrom(core.indexOf(blow.from), isSilent);
      }
    }
  }

  /** Each node writes what was done to it or to its end of a wire. */
  #note(blow: Blow): void {
    const core = this.#core;
    if ("between" in blow) {
      const other = this.#otherEnd(blow.between);
      if (other !== undefined) this.#write(blow, traceId(other, 0));
    } else if ("from" in blow) {
      if (blow.from === core.name) this.#write(blow, traceId(core.indexOf(blow.to), 0));
    } else if (blow.node === core.name && blow.kind === "pause") {
      this.#write(blow, 0);
    }
  }

  #write(blow: Blow, peer: number): void {
    const own = traceId(this.#core.index, 0);
    this.#core.write(KIND.fault, own, peer, 0, SIGNAL.none, 0, copy(blow.kind), 0);
  }

  #otherEnd([a, b]: readonly [string, string]): number | undefined {
    const { name } = this.#core;
    if (a !== name && b !== name) return undefined;
    return this.#core.indexOf(a === name ? b : a);
  }
}
