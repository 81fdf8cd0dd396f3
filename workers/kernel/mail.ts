/**
 * Sending messages. The body is copied and hashed in one walk, its row is written, and it is
 * delivered at once within the node; to another it takes the connection, which decides when and
 * whether it arrives. Sending never waits and never fails: what is sent to nobody is gone.
 * Rules M1, M2 and S1.
 */
import type { CoPromise } from "./coroutine.ts";
import type { Distribution } from "./distribution.ts";
import type { Inbox } from "./inbox.ts";
import { type Destination, makeRef, type NameOnNode, type Pid, type Ref } from "./names.ts";
import type { Neighbours } from "./neighbours.ts";
import type { NodeCore, Resident } from "./node-core.ts";
import { copyValue, isRemembered, measured, nameExports, shownOf } from "./payload.ts";
import type { CallUnderWay } from "./process.ts";
import { ENVELOPE_BYTES, Envelope, type Signal } from "./signals.ts";
import type { Ties } from "./ties.ts";
import { KIND, SIGNAL, type Signal as SignalNumber, traceId } from "./trace.ts";
import type { Waits } from "./waits.ts";

/** How a message is sent. */
export interface SendOptions {
  readonly signal?: SignalNumber;
  readonly ref?: Ref;
  readonly caller?: Pid;
  /** Number for the message, when the sender has taken one before (`beginCall`). */
  readonly id?: number;
}

export class Mail {
  readonly #core: NodeCore;
  readonly #distribution: Distribution;
  readonly #inbox: Inbox;
  readonly #neighbours: Neighbours;
  readonly #ties: Ties;
  readonly #waits: Waits;

  constructor(
    core: NodeCore,
    distribution: Distribution,
    inbox: Inbox,
    neighbours: Neighbours,
    ties: Ties,
    waits: Waits,
  ) {
    this.#core = core;
    this.#distribution = distribution;
    this.#inbox = inbox;
    this.#neighbours = neighbours;
    this.#ties = ties;
    this.#waits = waits;
  }

  /** Sends. Returns the message's number. */
  send(from: Resident, to: Destination, body: unknown, options: SendOptions): number {
    const { signal = SIGNAL.info, ref, caller } = options;
    const copied = copyValue(body);
    return this.#dispatch(from, to, signal, copied, ref, caller, options.id ?? this.#core.nextId());
  }

  /** Sends a cast: a server sees `body`, a plain receive `["$gen_cast", body]`. */
  cast(from: Resident, to: Destination, body: unknown): void {
    const copied = copyValue(body);
    const serial = this.#core.nextId();
    this.#dispatch(from, to, SIGNAL.cast, copied, undefined, undefined, serial);
  }

  /** Answers the request `ref` of the process `to`, which drops it when it no longer waits. */
  reply(from: Resident, to: Pid, ref: Ref, value: unknown): void {
    const copied = copyValue(value);
    // Whoever was asked watches no longer; the caller need not tell it so.
    const asked = from.monitoredBy?.delete(ref) === true ? to : undefined;
    this.#dispatch(from, to, SIGNAL.reply, copied, ref, asked, this.#core.nextId());
  }

  /** Asks a server and waits for the answer. The monitor travels with the request, as one signal. */
  call(
    process: Resident,
    to: Destination,
    args: CallUnderWay["args"],
    afterUs: number | undefined,
  ): CoPromise<unknown> {
    const core = this.#core;
    this.#waits.mustNotWait(process);
    const body = copyValue(args[1]);
    const serial = core.nextId();
    const ref = makeRef(core.name, serial);
    const calling = { ref, serial, target: core.targetOf(to), args };
    const promise = this.#waits.awaitAnswer(process, calling, afterUs);
    this.#dispatch(process, to, SIGNAL.call, body, ref, process.pid, serial);
    return promise;
  }

  /** Sends what `copyValue` has just made of a body. */
  #dispatch(
    from: Resident,
    to: Destination,
    signal: SignalNumber,
    body: unknown,
    ref: Ref | undefined,
    caller: Pid | undefined,
    serial: number,
  ): number {
    const core = this.#core;
    const { trace, now } = core;
    const id = traceId(core.index, serial);
    const cause = from.handling;
    const { hash } = measured;
    const shown = shownOf(body);
    const neighbour = this.#neighbours.of(from, to);
    const envelope = new Envelope(id, signal, from.id, body, ref, caller);
    if (neighbour === undefined) {
      this.#dispatchAfar(from, to, envelope, shown, cause);
      return id;
    }
    const kept = body === undefined ? 0 : trace.keep(shown, hash);
    trace.write(now, KIND.send, from.id, neighbour.id, id, signal, now, kept, cause);
    this.#inbox.deliver(neighbour, envelope);
    if (signal !== SIGNAL.reply && caller !== undefined && ref !== undefined)
      this.#ties.watch(neighbour, ref, caller, core.targetOf(to));
    return id;
  }

  /** Sends to another node, or to nobody. */
  #dispatchAfar(
    from: Resident,
    to: Destination,
    envelope: Envelope,
    shown: unknown,
    cause: number,
  ): void {
    const core = this.#core;
    const { id, signal, body, ref, caller } = envelope;
    const { hash, bytes, hasExports } = measured;
    const isShared = isRemembered();
    const target = core.targetOf(to);
    const node = core.nodeIndexOf(target);
    const peer = core.idOf(target);
    const sentBody = hasExports ? nameExports(body) : body;
    // Kept when the row is written: that may be later, and rows are taken away in between.
    const write = (number: number, at: number) => {
      const kept = body === undefined ? 0 : core.trace.keep(shown, hash);
      core.trace.write(core.now, KIND.send, from.id, peer, number, signal, at, kept, cause);
    };
    if (node === core.index) {
      write(id, core.now);
      core.writeEnvelope(KIND.discard, peer, envelope);
      if (signal !== SIGNAL.reply && caller !== undefined && ref !== undefined)
        this.#ties.watch(undefined, ref, caller, target);
      return;
    }
    const messageAs = (number: number): Signal => ({
      kind: "message",
      to: target,
      envelope: new Envelope(number, signal, from.id, sentBody, ref, caller),
      hasExports,
      isShared,
    });
    this.#distribution.send(node, {
      signal: messageAs(id),
      bytes: bytes + ENVELOPE_BYTES,
      canDie: !from.isRuntime && !this.#isOfService(target),
      sent: ({ at, diedAt }) => {
        write(id, at);
        if (diedAt !== undefined)
          core.trace.write(core.now, KIND.lose, from.id, peer, id, signal, diedAt, 0, cause);
      },
      double: (at) => {
        const second = traceId(core.index, core.nextId());
        write(second, at);
        return messageAs(second);
      },
    });
    from.blockedUntil = Math.max(from.blockedUntil, this.#distribution.blockedUntil(node));
  }

  #isOfService(target: Pid | Ref | NameOnNode): boolean {
    return typeof target !== "string" && this.#core.options.services.has(target.name);
  }
}
