/**
 * What a signal does where it arrives, one case for each kind: the receiving side of mail, ties and
 * spawning, for signals of this node and of others alike. Rules X3, L1, L3 and L5.
 */
import type { Inbox } from "./inbox.ts";
import type { Lives } from "./lives.ts";
import type { NameOnNode, Pid } from "./names.ts";
import type { Neighbours } from "./neighbours.ts";
import type { NodeCore, Resident } from "./node-core.ts";
import { copyAfresh, copyValue, findExports } from "./payload.ts";
import type { Signalling } from "./signalling.ts";
import { Envelope, type Signal } from "./signals.ts";
import type { Spawning } from "./spawning.ts";
import { linksOf, type Ties } from "./ties.ts";
import { KIND, SIGNAL } from "./trace.ts";

export class Reception {
  readonly #core: NodeCore;
  readonly #neighbours: Neighbours;
  readonly #inbox: Inbox;
  readonly #lives: Lives;
  readonly #ties: Ties;
  readonly #spawning: Spawning;
  readonly #signalling: Signalling;

  constructor(
    core: NodeCore,
    neighbours: Neighbours,
    inbox: Inbox,
    lives: Lives,
    ties: Ties,
    spawning: Spawning,
    signalling: Signalling,
  ) {
    this.#core = core;
    this.#neighbours = neighbours;
    this.#inbox = inbox;
    this.#lives = lives;
    this.#ties = ties;
    this.#spawning = spawning;
    this.#signalling = signalling;
  }

  /** Applies one signal. Signals that it causes are applied after it. */
  apply(signal: Signal): void {
    const target = this.#neighbours.at(signal.to);
    switch (signal.kind) {
      case "message":
        this.#applyMessage(signal, target);
        return;
      case "link":
        this.#applyLink(signal, target);
        return;
      case "unlink":
        target?.links?.delete(signal.from);
        return;
      case "monitor":
        this.#ties.watch(target, signal.ref, signal.from, signal.to);
        return;
      case "demonitor":
        target?.monitoredBy?.delete(signal.ref);
        return;
      case "down":
        if (target !== undefined) this.#applyDown(target, signal);
        return;
      case "exit":
        if (target !== undefined) this.#applyExit(target, signal);
        return;
      case "spawn":
        this.#spawning.spawnFor(signal);
        return;
    }
  }

  #applyMessage(signal: Extract<Signal, { kind: "message" }>, target: Resident | undefined): void {
    const core = this.#core;
    const { to, envelope: sent } = signal;
    const found = signal.hasExports ? findExports(sent.body, core.exports) : sent.body;
    const body = this.#ownBody(found, signal.isShared);
    const { ref, caller } = sent;
    const envelope = new Envelope(sent.id, sent.signal, sent.from, body, ref, caller);
    if (target !== undefined) this.#inbox.deliver(target, envelope);
    else core.writeEnvelope(KIND.discard, core.idOf(to), envelope);
    // A call's monitor travels with its request. Nobody is watched by an alias: it is a pid or a name.
    if (sent.signal !== SIGNAL.reply && caller !== undefined && ref !== undefined)
      this.#ties.watch(target, ref, caller, to as Pid | NameOnNode);
  }

  /** After a thread boundary a body is a fresh copy that is not frozen; without one it may be shared. */
  #ownBody(found: unknown, isShared: boolean): unknown {
    if (isShared) return copyAfresh(found);
    return Object.isFrozen(found) ? found : copyValue(found);
  }

  #applyLink({ from, to }: Extract<Signal, { kind: "link" }>, target: Resident | undefined): void {
    if (target !== undefined) linksOf(target).add(from);
    else
      this.#signalling.emit({ kind: "exit", from: to, to: from, reason: "noproc", byLink: true });
  }

  /** What an exit signal does to its receiver: the table of the BEAM. Rule X3. */
  #applyExit(target: Resident, signal: Extract<Signal, { kind: "exit" }>): void {
    const { from, reason, byLink } = signal;
    if (byLink && !target.links?.delete(from)) return;
    if (reason === "kill" && !byLink) {
      this.#lives.exit(target, "killed");
      return;
    }
    if (target.trapsExits) {
      this.#inbox.deliverOwn(target, SIGNAL.exit, { tag: "EXIT", from, reason }, undefined);
      return;
    }
    if (reason !== "normal" || (from === target.pid && !byLink)) this.#lives.exit(target, reason);
  }

  #applyDown(target: Resident, signal: Extract<Signal, { kind: "down" }>): void {
    const { ref, object, reason } = signal;
    if (target.calling?.ref !== ref && !target.monitors?.delete(ref)) return;
    const mode = target.aliases?.get(ref);
    if (mode !== undefined && mode !== "explicitUnalias") this.#neighbours.endAlias(target, ref);
    const body = { tag: "DOWN", ref, type: "process", object, reason };
    this.#inbox.deliverOwn(target, SIGNAL.down, body, ref);
  }
}
