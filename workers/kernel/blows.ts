/**
 * The fault plan as one node meets it: each blow on its agenda, what it does to the node and to its
 * ends of wires, and the row that tells of it. Crashes and restarts are done by whoever runs the
 * node; here they are what others hear of. Rules B5, B6, B9, B10 and F1 to F4.
 */
import type { Border } from "./border.ts";
import type { Condition } from "./conditions.ts";
import type { Distribution } from "./distribution.ts";
import { type Blow, inOrder } from "./faults.ts";
import { Entry } from "./heap.ts";
import type { Pid } from "./names.ts";
import type { NodeCore, Resident } from "./node-core.ts";
import { copy } from "./payload.ts";
import { brief, Exit } from "./reason.ts";
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
  /** Blows on the agenda; those that a pause has delayed come first when it ends. */
  #toCome: Entry[] = [];

  constructor(core: NodeCore, border: Border, working: Working) {
    this.#core = core;
    this.#border = border;
    this.#distribution = border.distribution;
    this.#working = working;
  }

  /** Puts what is to come on the agenda, and lets what was done before this life began be so. */
  start(): void {
    const { life, blows } = this.#core.options;
    for (const { atUs, order, blow } of inOrder([...blows, ...life.struck])) {
      if (atUs >= life.startUs) this.strike(atUs, order, blow);
      else this.#recall(blow, atUs);
    }
  }

  /** Puts a blow on the agenda, before all else of its instant. */
  strike(atUs: number, order: number, blow: Blow): void {
    const core = this.#core;
    if (blow.kind === "resume" && blow.node === core.name) {
      if ((blow.sinceUs ?? atUs) < core.options.life.startUs) return;
      this.#resumesAt.push(atUs);
      this.#resumesAt.sort((a, b) => a - b);
      return;
    }
    const entry = new Entry(atUs, order - BLOWS_FIRST, () => {
      this.#note(blow);
      this.#undergo(blow, atUs);
    });
    core.agenda.push(entry);
    this.#toCome.push(entry);
  }

  /** When the pause ends; Infinity when it does not. */
  nextResumeAt(): number {
    return this.#resumesAt[0] ?? Number.POSITIVE_INFINITY;
  }

  /**
   * The node goes on after a pause. First the world is as it has become meanwhile: what the node does
   * now crosses no wire that has fallen silent, and nothing is done when another pause holds it.
   */
  resume(): void {
    const core = this.#core;
    this.#resumesAt.shift();
    core.isPaused = false;
    core.notBefore = core.now;
    core.cores.resume(core.now);
    this.#working.rearmCores();
    core.noteOwn(KIND.fault, 0, 0, "resume");
    this.#toCome = this.#toCome.filter(({ place }) => place >= 0);
    const missed = this.#toCome.filter(({ at }) => at <= core.now);
    for (const entry of missed.sort((a, b) => a.at - b.at || a.order - b.order)) {
      core.agenda.remove(entry);
      entry.due(entry.subject);
    }
  }

  #pause(): void {
    const core = this.#core;
    core.isPaused = true;
    core.cores.pause(core.now);
  }

  #recall(blow: Blow, atUs: number): void {
    const { name } = this.#core;
    if (blow.kind === "crash") this.#distribution.gone(this.#core.indexOf(blow.node));
    // What was done to a process or to this node's going on was done to an earlier life of it.
    else if (!("node" in blow) || blow.node !== name || outlivesNode(blow))
      this.#undergo(blow, atUs);
  }

  #undergo(blow: Blow, atUs: number): void {
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
        this.#border.nodeIsBack(core.indexOf(blow.node), atUs);
        return;
      case "crash":
        return;
      case "flush":
        if (blow.node === core.name) core.disk.syncAll();
        return;
      case "cut":
      case "heal":
      case "hold":
      case "disturb":
      case "calm": {
        const other = this.#otherEnd(blow.between);
        if (other === undefined) return;
        if (blow.kind === "hold") distribution.hold(other, blow.untilUs);
        else if (blow.kind === "disturb") core.options.wires.get(other)?.disturb(blow.disturbance);
        else if (blow.kind === "calm") core.options.wires.get(other)?.calm(blow.disturbance);
        else this.#cut(other, blow.kind === "cut");
        return;
      }
      case "impose":
      case "lift":
        if (blow.node === core.name) this.#change(blow);
        return;
      case "kill":
      case "hang":
        if (blow.node === core.name) this.#strikeProcess(blow);
        return;
      case "skew":
        if (blow.node === core.name) core.wallClock.jump(blow.byUs);
        return;
      case "silence":
      case "speak": {
        const isSilent = blow.kind === "silence";
        if (blow.from === core.name) this.#silence(core.indexOf(blow.to), isSilent);
        if (blow.to === core.name) distribution.silenceFrom(core.indexOf(blow.from), isSilent);
      }
    }
  }

  #cut(node: number, isCut: boolean): void {
    this.#distribution.cut(node, isCut);
    if (isCut) this.#border.sockets.reset(node);
  }

  #silence(node: number, isSilent: boolean): void {
    this.#distribution.silenceTo(node, isSilent);
    if (!isSilent) this.#border.sockets.speak(node);
  }

  /** A condition of this node begins or ends. */
  #change({ kind, condition }: Extract<Blow, { kind: "impose" | "lift" }>): void {
    const core = this.#core;
    const { conditions, cores, disk, now } = core;
    if (kind === "impose") conditions.impose(condition);
    else conditions.lift(condition);
    disk.isFull = conditions.isDiskFull;
    disk.slowness = conditions.factorOf("slowDisk");
    if (condition.kind !== "slow") return;
    cores.slow(now, conditions.factorOf("slow"));
    if (!core.isPaused) this.#working.rearmCores();
  }

  #strikeProcess(blow: Extract<Blow, { kind: "kill" | "hang" }>): void {
    const process = this.#find(blow.process);
    if (process === undefined) return;
    if (blow.kind === "kill") process.node.crash(process, new Exit(copy(blow.reason).value));
    else process.blockedUntil = Math.max(process.blockedUntil, blow.untilUs);
  }

  #find(name: string): Resident | undefined {
    const { names, processes } = this.#core;
    return names.get(name) ?? processes.get(name as Pid);
  }

  /** Each node writes what was done to it or to its end of a wire. */
  #note(blow: Blow): void {
    const core = this.#core;
    if ("between" in blow) {
      const other = this.#otherEnd(blow.between);
      if (other !== undefined) this.#write(blow, traceId(other, 0));
    } else if ("from" in blow) {
      if (blow.from === core.name) this.#write(blow, traceId(core.indexOf(blow.to), 0));
    } else if (blow.node === core.name && blow.kind !== "crash" && blow.kind !== "restart") {
      this.#write(blow, 0);
    }
  }

  #write(blow: Blow, peer: number): void {
    const own = traceId(this.#core.index, 0);
    this.#core.write(KIND.fault, own, peer, 0, SIGNAL.none, 0, copy(inWords(blow)), 0);
  }

  #otherEnd([a, b]: readonly [string, string]): number | undefined {
    const { name } = this.#core;
    if (a !== name && b !== name) return undefined;
    return this.#core.indexOf(a === name ? b : a);
  }
}

/** True for what holds for a node in all its lives: its machine is slow, its disk full. */
function outlivesNode({ kind }: Blow): boolean {
  return kind === "impose" || kind === "lift" || kind === "skew";
}

/** A blow as the trace has it, for people to read; what it says in figures stands in the scenario. */
function inWords(blow: Blow): string {
  switch (blow.kind) {
    case "kill":
    case "hang":
      return `${blow.kind} ${blow.process}`;
    case "skew":
      return `skew ${blow.byUs / 1000} ms`;
    case "impose":
      return conditionInWords(blow.condition);
    case "lift":
      return `end of ${conditionInWords(blow.condition)}`;
    default:
      return blow.kind;
  }
}

function conditionInWords(condition: Condition): string {
  switch (condition.kind) {
    case "slow":
      return `slow ×${condition.factor}`;
    case "slowDisk":
      return `slow disk ×${condition.factor}`;
    case "diskFull":
      return "disk full";
    case "bug":
      return `bug in ${condition.process} at ${brief(condition.on)}`;
    case "outage":
      return `outage of ${condition.process}: ${condition.mode}`;
  }
}
