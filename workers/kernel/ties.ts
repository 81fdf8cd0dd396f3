/**
 * What ties a process to others: links, monitors, aliases, and requests whose answers are waited
 * for later. Each is kept by the process itself and told to the other side by a signal; what that
 * side does is in reception.ts. Rules L1 to L3 and L5, M7, X2.
 */
import { copyOrText } from "./lives.ts";
import {
  type Destination,
  makeRef,
  type NameOnNode,
  nodeOfAddress,
  type Pid,
  type Ref,
  refSerial,
} from "./names.ts";
import type { Neighbours } from "./neighbours.ts";
import type { NodeCore, Resident } from "./node-core.ts";
import type { AliasMode } from "./process.ts";
import { ErlangError } from "./reason.ts";
import type { Signalling } from "./signalling.ts";
import type { ExitReason } from "./signals.ts";
import { KIND, SIGNAL, traceId } from "./trace.ts";

export class Ties {
  readonly #core: NodeCore;
  readonly #neighbours: Neighbours;
  readonly #signalling: Signalling;

  constructor(core: NodeCore, neighbours: Neighbours, signalling: Signalling) {
    this.#core = core;
    this.#neighbours = neighbours;
    this.#signalling = signalling;
  }

  // Links and exit signals.

  /**
   * Links two processes, as erlang:link/1. To a dead one of this node: raises `noproc`, or an exit
   * signal when the caller traps; of another node: always a signal. Rule L1.
   */
  link(process: Resident, to: Pid): void {
    const core = this.#core;
    if (to === process.pid || process.links?.has(to)) return;
    if (core.nodeIndexOf(to) === core.index && !core.processes.has(to) && !process.trapsExits)
      throw new ErlangError("noproc", `${to} has ended: there is nobody to link with`);
    linksOf(process).add(to);
    core.record(process, KIND.link, { peer: core.idOf(to) });
    this.#signalling.emit({ kind: "link", from: process.pid, to });
  }

  /** Takes a link away; afterwards no exit signal of it arrives. Rule L2. */
  unlink(process: Resident, from: Pid): void {
    if (!process.links?.delete(from)) return;
    this.#core.record(process, KIND.unlink, { peer: this.#core.idOf(from) });
    this.#signalling.emit({ kind: "unlink", from: process.pid, to: from });
  }

  /** Sends an exit signal, as erlang:exit/2. Rule X2. */
  exitSignal(from: Resident, to: Pid, reason: ExitReason): void {
    this.#signalling.emit({
      kind: "exit",
      from: from.pid,
      to,
      reason: copyOrText(reason).value,
      byLink: false,
    });
  }

  // Monitors.

  /**
   * Watches a process: exactly one DOWN comes when it ends; `noproc` when it has. Watching oneself
   * gives a reference and nothing else, as on the BEAM. Rule L3.
   */
  monitor(process: Resident, to: Destination, alias: AliasMode | undefined): Ref {
    const core = this.#core;
    const id = core.nextId();
    const ref = makeRef(core.name, id);
    const target = core.targetOf(to) as Pid | NameOnNode;
    if (isOwn(process, target)) return ref;
    mapOf(process, "monitors").set(ref, target);
    if (alias !== undefined) this.#neighbours.addAlias(process, ref, alias);
    core.record(process, KIND.monitor, {
      peer: core.idOf(target),
      message: traceId(core.index, id),
    });
    this.#signalling.emit({ kind: "monitor", ref, from: process.pid, to: target });
    return ref;
  }

  /**
   * Stops watching. `flush` removes a DOWN that is already in the mailbox. Returns false when the
   * monitor was no more: fired, taken away, or another's.
   */
  demonitor(process: Resident, ref: Ref, flush: boolean): boolean {
    const core = this.#core;
    const target = process.monitors?.get(ref);
    if (flush) core.dropMessages(process, (envelope) => envelope.ref === ref);
    if (process.aliases?.get(ref) !== "explicitUnalias") this.#neighbours.endAlias(process, ref);
    if (target === undefined) return false;
    process.monitors?.delete(ref);
    const peer = core.idOf(target);
    core.record(process, KIND.demonitor, { peer, message: traceId(core.index, refSerial(ref)) });
    this.#signalling.stopWatching(ref, target);
    return true;
  }

  /** The watched side of a monitor; its watcher gets `noproc` when there is nobody. */
  watch(target: Resident | undefined, ref: Ref, watcher: Pid, object: Pid | NameOnNode): void {
    if (target !== undefined) mapOf(target, "monitoredBy").set(ref, { watcher, object });
    else this.#signalling.emit({ kind: "down", ref, to: watcher, object, reason: "noproc" });
  }

  // Aliases.

  /** A reference that messages to this process can be sent to, until it is taken back. */
  alias(process: Resident, isForOne: boolean): Ref {
    const ref = this.makeRef();
    this.#neighbours.addAlias(process, ref, isForOne ? "replyDemonitor" : "explicitUnalias");
    return ref;
  }

  /** Takes an alias back: what is sent to it from now on is dropped. Returns false when it was none of this process. */
  unalias(process: Resident, ref: Ref): boolean {
    if (process.aliases?.has(ref) !== true) return false;
    this.#neighbours.removeAlias(process, ref);
    return true;
  }

  /** A reference that nothing else bears. */
  makeRef(): Ref {
    return makeRef(this.#core.name, this.#core.nextId());
  }

  // Requests that are not waited for at once.

  /**
   * A request begins: the reference under which its reply comes, and which its receiver's end ends.
   * The monitor travels with the request itself, whose number is `id`.
   */
  beginCall(process: Resident, to: Destination): { ref: Ref; id: number } {
    const core = this.#core;
    const id = core.nextId();
    const ref = makeRef(core.name, id);
    process.awaited ??= new Set();
    process.awaited.add(ref);
    mapOf(process, "monitors").set(ref, core.targetOf(to) as Pid | NameOnNode);
    return { ref, id };
  }

  /**
   * Watches a process of this node without a row in the trace, as a caller watches its server: for
   * a start, whose outcome comes by `answered` or by the DOWN of the reference.
   */
  expect(process: Resident, of: Resident): Ref {
    const { ref } = this.beginCall(process, of.pid);
    mapOf(of, "monitoredBy").set(ref, { watcher: process.pid, object: of.pid });
    return ref;
  }

  /** A request is over. `gaveUp`: without an answer; it may still be handled. */
  endCall(process: Resident, ref: Ref, gaveUp: boolean): void {
    const core = this.#core;
    process.awaited?.delete(ref);
    const target = process.monitors?.get(ref);
    process.monitors?.delete(ref);
    if (target === undefined) return;
    if (gaveUp) {
      core.dropMessages(process, (envelope) => envelope.ref === ref);
      const message = traceId(core.index, refSerial(ref));
      const peer = core.idOf(target);
      core.record(process, KIND.giveUp, { peer, message, signal: SIGNAL.call });
    }
    this.#signalling.stopWatching(ref, target);
  }
}

/** True when a process means itself. */
function isOwn(process: Resident, target: Pid | NameOnNode): boolean {
  if (typeof target === "string") return target === process.pid;
  return target.name === process.name && target.node === nodeOfAddress(process.pid);
}

/** The links of a process, to be added to. */
export function linksOf(process: Resident): Set<Pid> {
  process.links ??= new Set();
  return process.links;
}

/** What a process watches, or who watches it, to be added to. */
export function mapOf<Key extends "monitors" | "monitoredBy">(
  process: Resident,
  key: Key,
): NonNullable<Resident[Key]> {
  process[key] ??= new Map() as NonNullable<Resident[Key]>;
  return process[key] as NonNullable<Resident[Key]>;
}
