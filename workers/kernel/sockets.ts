/**
 * Sockets: channels between a process here and one elsewhere that make no connection between the
 * nodes: no links, no monitors, no names, nothing that global or a mesh would hear of. What TCP
 * gives: bytes in order, none lost while the channel stands; an end that closes, crashes or loses its
 * node is told to the other; a silence is waited out, a cut resets. Rules SO1 to SO5.
 *
 * The side that opens gives its end a number; the other end has the same below 0. Frames pass the wire as the runtime's own signals do, so a
 * wire's loss delays nothing and takes nothing: TCP hides it.
 */
import { type CoPromise, fulfil, pending } from "./coroutine.ts";
import type { Inbox } from "./inbox.ts";
import type { Pid } from "./names.ts";
import type { NodeCore, Resident } from "./node-core.ts";
import { copyAfresh, copyValue, measured } from "./payload.ts";
import { ErlangError } from "./reason.ts";
import { ENVELOPE_BYTES, Envelope, type Frame, type Outbound } from "./signals.ts";
import { KIND, SERIAL_SPAN, SIGNAL, traceId } from "./trace.ts";
import type { Wire } from "./wire.ts";

/** What opening a socket gives. */
export type Opened = readonly ["ok", number] | readonly ["error", string];

/** A channel that is being opened: its number, and what comes of it. */
export interface Opening {
  readonly socket: number;
  readonly opened: CoPromise<Opened>;
}

/** One end of a channel. */
interface End {
  /** Number; that of the other end is −1 times it. */
  readonly socket: number;
  readonly node: number;
  owner: Resident;
  /** Waits for the other side's word. */
  opening: CoPromise<Opened> | undefined;
  /** What could not go out while the wire was silent. */
  readonly waiting: { readonly frame: Frame; readonly bytes: number }[];
}

/** What is left of an end that has something still to go out. */
type Left = Pick<End, "node" | "waiting">;

/** A port and who takes what is opened to it. */
interface Port {
  readonly owner: Resident;
  readonly protocol: string;
}

export class Sockets {
  readonly #core: NodeCore;
  readonly #inbox: Inbox;
  readonly #emit: (outbound: Outbound) => void;
  readonly #ports = new Map<string, Port>();
  readonly #ends = new Map<number, End>();
  /** Ends that were left with something still to go out. */
  readonly #lingering = new Set<Left>();
  /** Processes whose end closes what they have open. */
  readonly #owners = new WeakSet<Resident>();
  #count = 0;
  /** When the last frame from this node to itself arrives. */
  #loopAt = 0;

  constructor(core: NodeCore, inbox: Inbox, emit: (outbound: Outbound) => void) {
    this.#core = core;
    this.#inbox = inbox;
    this.#emit = emit;
  }

  // What processes ask for.

  /** Takes a port. Returns false when somebody has it. It is free again when the process ends. */
  listen(process: Resident, port: string, protocol: string): boolean {
    if (this.#ports.has(port)) return false;
    this.#ports.set(port, { owner: process, protocol });
    process.endings ??= new Set();
    process.endings.add(() => this.#ports.delete(port));
    return true;
  }

  /** Opens a channel to a port of another node, or of this one. */
  open(process: Resident, node: number, port: string, protocol: string): Opening {
    const { index, options } = this.#core;
    const opening = pending<Opened>();
    const count = options.life.incarnation * 2 ** 16 + ++this.#count;
    const end = this.#begin((index + 1) * SERIAL_SPAN + count, node, process, opening);
    const isReachable = node === index || this.#wireTo(node)?.cuts === 0;
    if (isReachable)
      this.#transmit(end, { kind: "frame", what: "open", to: -end.socket, port, protocol });
    else this.#settle(end, ["error", "ehostunreach"]);
    return { socket: end.socket, opened: opening };
  }

  /** Gives up what has not been answered. */
  giveUp(socket: number): void {
    const end = this.#ends.get(socket);
    if (end?.opening === undefined) return;
    this.#settle(end, ["error", "etimedout"]);
  }

  /** Sends on a channel of the process. Returns false when it is closed, or another's. */
  send(process: Resident, socket: number, data: unknown): boolean {
    const end = this.#ownEnd(process, socket);
    if (end === undefined || end.opening !== undefined) return false;
    const core = this.#core;
    const body = copyValue(data);
    const { hash, bytes, hasExports } = measured;
    if (hasExports) throw new ErlangError("badarg", "a socket carries data, no functions");
    const id = traceId(core.index, core.nextId());
    const kept = core.trace.keep(body, hash);
    const frame: Frame = { kind: "frame", what: "data", to: -socket, id, from: process.id, body };
    const at = this.#transmit(end, frame, bytes + ENVELOPE_BYTES) ?? core.now;
    const peer = traceId(end.node, 0);
    const { handling } = process;
    core.trace.write(core.now, KIND.send, process.id, peer, id, SIGNAL.info, at, kept, handling);
    const freeAt = this.#wireTo(end.node)?.blockedUntil(core.now) ?? core.now;
    process.blockedUntil = Math.max(process.blockedUntil, freeAt);
    return true;
  }

  /** Closes a channel of the process; the other end is told. Returns false when it was closed. */
  close(process: Resident, socket: number): boolean {
    const end = this.#ownEnd(process, socket);
    if (end === undefined) return false;
    this.#leave(end);
    return true;
  }

  /** Gives a channel to another process of this node: what comes from now on is its. */
  give(process: Resident, socket: number, to: Pid): boolean {
    const end = this.#ownEnd(process, socket);
    const next = this.#core.processes.get(to);
    if (end === undefined || next === undefined) return false;
    end.owner = next;
    this.#closeAtEnd(next);
    return true;
  }

  // What comes over a wire, and what happens to it.

  hear(fromNode: number, frame: Frame): void {
    if (frame.what === "open") {
      this.#accept(fromNode, frame);
      return;
    }
    const end = this.#ends.get(frame.to);
    if (end !== undefined) this.#hearAt(end, frame);
    else if (frame.what === "data") this.#lose(frame);
    // It was given up before the answer came: the other side must not believe in it.
    else if (frame.what === "opened")
      this.#say(fromNode, { kind: "frame", what: "close", to: -frame.to });
  }

  #hearAt(end: End, frame: Exclude<Frame, { what: "open" }>): void {
    if (frame.what === "data") this.#take(end, frame);
    else if (frame.what === "opened") this.#answer(end, ["ok", end.socket]);
    else if (frame.what === "refused") this.#settle(end, ["error", frame.why]);
    else this.#over(end, "closed");
  }

  /** The wire to a node was cut, or the node is gone: channels there are reset. */
  reset(node: number): void {
    for (const end of this.#lingering) {
      if (end.node !== node) continue;
      this.#loseWaiting(end);
      this.#lingering.delete(end);
    }
    for (const end of [...this.#ends.values()]) {
      if (end.node !== node) continue;
      if (end.opening === undefined) this.#over(end, "reset");
      else this.#settle(end, ["error", "ehostunreach"]);
    }
  }

  /** The way to a node is no longer silent: what has waited goes out, in order. */
  speak(node: number): void {
    for (const end of [...this.#lingering, ...this.#ends.values()]) {
      if (end.node !== node) continue;
      for (const { frame, bytes } of end.waiting.splice(0)) this.#transmit(end, frame, bytes);
      if (end.waiting.length === 0) this.#lingering.delete(end);
    }
  }

  /** Makes the second end, unless nobody listens or in another protocol. */
  #accept(node: number, { to, port, protocol }: Extract<Frame, { what: "open" }>): void {
    const taken = this.#ports.get(port);
    if (taken === undefined || taken.protocol !== protocol) {
      const why = taken === undefined ? "econnrefused" : "eproto";
      this.#say(node, { kind: "frame", what: "refused", to: -to, why });
      return;
    }
    const end = this.#begin(to, node, taken.owner, undefined);
    this.#transmit(end, { kind: "frame", what: "opened", to: -to });
    const name = this.#core.options.nodes[node]?.name ?? "";
    this.#tell(end.owner, { tag: "socket_open", socket: to, node: name, protocol });
  }

  #begin(socket: number, node: number, owner: Resident, opening: End["opening"]): End {
    const end: End = { socket, node, owner, opening, waiting: [] };
    this.#ends.set(socket, end);
    this.#closeAtEnd(owner);
    return end;
  }

  #closeAtEnd(owner: Resident): void {
    if (this.#owners.has(owner)) return;
    this.#owners.add(owner);
    owner.endings ??= new Set();
    owner.endings.add(() => {
      for (const end of [...this.#ends.values()]) if (end.owner === owner) this.#leave(end);
    });
  }

  #take(end: End, { id, from, body }: Extract<Frame, { what: "data" }>): void {
    const message = copyValue({ tag: "socket", socket: end.socket, data: copyAfresh(body) });
    const envelope = new Envelope(id, SIGNAL.info, from, message, undefined, undefined);
    this.#inbox.deliver(end.owner, envelope);
  }

  #answer(end: End, result: Opened): void {
    const { opening } = end;
    end.opening = undefined;
    if (opening !== undefined) this.#core.wake(end.owner, () => fulfil(opening, result));
  }

  /** An opening that came to nothing. */
  #settle(end: End, result: Opened): void {
    this.#ends.delete(end.socket);
    this.#answer(end, result);
  }

  /** The other side has ended the channel. */
  #over(end: End, reason: "closed" | "reset"): void {
    this.#loseWaiting(end);
    this.#ends.delete(end.socket);
    this.#tell(end.owner, { tag: "socket_closed", socket: end.socket, reason });
  }

  /** This side ends the channel. */
  #leave(end: End): void {
    this.#transmit(end, { kind: "frame", what: "close", to: -end.socket });
    this.#ends.delete(end.socket);
    if (end.waiting.length > 0) this.#lingering.add(end);
  }

  #tell(process: Resident, body: object): void {
    if (process.alive) this.#inbox.deliverOwn(process, SIGNAL.info, body, undefined);
  }

  #lose({ id, from }: Extract<Frame, { what: "data" }>): void {
    const { trace, now, index } = this.#core;
    trace.write(now, KIND.lose, from, traceId(index, 0), id, SIGNAL.info, now, 0, 0);
  }

  /** What has waited for a silence to end will not go out. */
  #loseWaiting(end: Left): void {
    for (const { frame } of end.waiting.splice(0)) if (frame.what === "data") this.#lose(frame);
  }

  /** Says a word for which there is no end here; like all others it waits while the wire is silent. */
  #say(node: number, frame: Exclude<Frame, { what: "open" | "data" }>): void {
    const end: Left = { node, waiting: [] };
    this.#transmit(end, frame);
    if (end.waiting.length > 0) this.#lingering.add(end);
  }

  /** Sends a frame, or keeps it while the wire is silent. Returns when it arrives. */
  #transmit(end: Left, frame: Frame, bytes = 0): number | undefined {
    if ((this.#wireTo(end.node)?.silences ?? 0) === 0)
      return this.#emitFrame(end.node, frame, bytes);
    end.waiting.push({ frame, bytes });
    return undefined;
  }

  #emitFrame(node: number, frame: Frame, bytes: number): number | undefined {
    const core = this.#core;
    if (node === core.index) {
      this.#loopAt = Math.max(core.now, this.#loopAt) + 1;
      core.schedule(this.#loopAt, () => this.hear(node, frame));
      return this.#loopAt;
    }
    const wire = this.#wireTo(node);
    if (wire === undefined || wire.cuts > 0) return undefined;
    const { at, order } = wire.send(core.now, false, bytes);
    this.#emit({ toNode: node, at, order, via: 0, signal: frame });
    return at;
  }

  #ownEnd(process: Resident, socket: number): End | undefined {
    const end = this.#ends.get(socket);
    return end?.owner === process ? end : undefined;
  }

  #wireTo(node: number): Wire | undefined {
    return this.#core.options.wires.get(node);
  }
}
