/**
 * How a process waits for messages and takes them out of its mailbox: any, by a test, the answer
 * to a reference, or the answer to its call. A process waits in one place at a time, so the wait
 * stands in its own fields and nothing is allocated but the promise. Rules M3, M4 and M6.
 */
import { type CoPromise, fulfil, pending, refuse } from "./coroutine.ts";
import { type NameOnNode, nodeOfAddress, type Pid } from "./names.ts";
import type { NodeCore, Resident } from "./node-core.ts";
import { copy } from "./payload.ts";
import { type CallUnderWay, type Match, WAITS, type Waits as WaitsFor } from "./process.ts";
import { ErlangError, Exit } from "./reason.ts";
import type { Signalling } from "./signalling.ts";
import { bytesOf, type Envelope, type ExitReason, messageOf } from "./signals.ts";
import { KIND, SIGNAL, traceId } from "./trace.ts";
import type { Working } from "./working.ts";

/** µs that it takes to look at a message and leave it: 10,000 of them are felt. Measured on V8. */
const SKIP_US = 0.01;

export class Waits {
  readonly #core: NodeCore;
  readonly #working: Working;
  readonly #signalling: Signalling;

  constructor(core: NodeCore, working: Working, signalling: Signalling) {
    this.#core = core;
    this.#working = working;
    this.#signalling = signalling;
  }

  // Beginning to wait.

  /** Waits for a message; fulfilled with what `messageOf` says of it, or undefined after `afterUs`. */
  receiveMessage(process: Resident, afterUs: number | undefined): CoPromise<unknown> {
    this.mustNotWait(process);
    const promise = this.#wait(process, WAITS.message, afterUs);
    if (process.mailbox.length > 0) this.takeFor(process, undefined);
    return promise;
  }

  /** Waits for a message that fits. Fulfilled with it, or with undefined after `afterUs`. */
  receive(
    process: Resident,
    match: Match,
    afterUs: number | undefined,
  ): CoPromise<Envelope | undefined> {
    this.mustNotWait(process);
    const waits =
      match.kind === "any" ? WAITS.envelope : match.kind === "ref" ? WAITS.ref : WAITS.test;
    const promise = this.#wait(process, waits, afterUs);
    if (match.kind === "ref") process.receivingRef = match.ref;
    if (match.kind === "test") process.receivingTest = match.test;
    try {
      if (process.mailbox.length > 0) this.scan(process);
    } catch (thrown) {
      this.#end(process);
      throw thrown;
    }
    return promise as CoPromise<Envelope | undefined>;
  }

  /** Waits for the answer to a call that goes out after this; rejected with an Exit when none comes in `afterUs`. */
  awaitAnswer(
    process: Resident,
    calling: CallUnderWay,
    afterUs: number | undefined,
  ): CoPromise<unknown> {
    const promise = this.#wait(process, WAITS.answer, afterUs);
    process.receivingRef = calling.ref;
    process.scannedTo = process.mailbox.last;
    process.calling = calling;
    return promise;
  }

  /** Refuses a second wait beside the first. */
  mustNotWait(process: Resident): void {
    if (process.waits === WAITS.nothing) return;
    throw new Error("this process already waits in a receive: await it before you receive again");
  }

  #wait(process: Resident, waits: WaitsFor, afterUs: number | undefined): CoPromise<unknown> {
    const promise = pending<unknown>();
    process.waits = waits;
    process.receivingPromise = promise;
    if (afterUs !== undefined && afterUs !== Number.POSITIVE_INFINITY)
      process.receivingTimer = this.#core.enlist(this.#core.now + afterUs, this.#timeIsUp, process);
    return promise;
  }

  // Taking.

  /** Looks for the first message that the waiting receive takes; leaves the others where they are. */
  scan(process: Resident): void {
    const { mailbox } = process;
    let before = process.scannedTo;
    for (
      let envelope = mailbox.after(before);
      envelope !== undefined;
      envelope = envelope.following
    ) {
      if (fits(process, envelope)) {
        this.takeFor(process, before);
        return;
      }
      before = envelope;
      process.scannedTo = envelope;
      process.scannedCount++;
    }
  }

  /** Ends the wait with the message after `before`. */
  takeFor(process: Resident, before: Envelope | undefined): void {
    const { waits, calling } = process;
    const promise = process.receivingPromise as CoPromise<unknown>;
    const skipped = process.scannedCount;
    const envelope = this.take(process, before, skipped);
    this.#end(process);
    const lookedUs = Math.floor(skipped * SKIP_US);
    if (lookedUs > 0) {
      this.#working.workOnCores(process, lookedUs, () =>
        this.#hand(process, promise, waits, envelope, calling),
      );
    } else {
      this.#hand(process, promise, waits, envelope, calling);
    }
  }

  /** Takes out the message after `before`, past `skipped` others. */
  take(process: Resident, before: Envelope | undefined, skipped: number): Envelope {
    const core = this.#core;
    const envelope = process.mailbox.takeAfter(before);
    const { id, signal, from } = envelope;
    process.handling = id;
    core.trace.write(core.now, KIND.receive, process.id, from, id, signal, skipped, 0, id);
    if (process.heapBytesMax !== undefined) process.heapBytes -= bytesOf(envelope);
    if (core.conditions.hasBug) this.#meetBug(process, envelope);
    return envelope;
  }

  /** A bug that the fault plan has planted: the process crashes at a message that it is meant for. Rule F2. */
  #meetBug(process: Resident, envelope: Envelope): void {
    const name = process.name ?? process.pid;
    const { signal, body } = envelope;
    const isMet =
      this.#core.conditions.isBug(name, body) ||
      ((signal === SIGNAL.call || signal === SIGNAL.cast) &&
        this.#core.conditions.isBug(name, messageOf(envelope)));
    if (isMet) process.node.crash(process, new ErlangError("bug", "a bug of the fault plan"));
  }

  /** Gives a message to whoever waited for it. */
  #hand(
    process: Resident,
    promise: CoPromise<unknown>,
    waits: WaitsFor,
    envelope: Envelope,
    calling: CallUnderWay | undefined,
  ): void {
    if (waits === WAITS.message) fulfil(promise, messageOf(envelope));
    else if (waits !== WAITS.answer || calling === undefined) fulfil(promise, envelope);
    else if (envelope.signal === SIGNAL.reply) {
      // Somebody else than the one who was asked may answer; then that one is still watched.
      if (envelope.caller === undefined) this.#signalling.stopWatching(calling.ref, calling.target);
      fulfil(promise, envelope.body);
    } else {
      const { reason } = envelope.body as { readonly reason: unknown };
      if (process.alive)
        refuse(promise, new Exit(copy([whyOf(calling, reason), callOf(calling)]).value));
    }
  }

  // Ending a wait without a message.

  readonly #timeIsUp = (process: Resident): void => {
    process.receivingTimer = undefined;
    const promise = process.receivingPromise;
    this.#core.wake(process, () => {
      if (process.receivingPromise !== promise || promise === undefined) return;
      const { calling } = process;
      this.#end(process);
      if (calling === undefined) fulfil(promise, undefined);
      else this.#giveUpCall(process, calling, promise);
    });
  };

  #giveUpCall(process: Resident, calling: CallUnderWay, promise: CoPromise<unknown>): void {
    const core = this.#core;
    const { ref, serial, target } = calling;
    core.dropMessages(process, (envelope) => envelope.ref === ref);
    const peer = core.idOf(target);
    const message = traceId(core.index, serial);
    core.record(process, KIND.giveUp, { peer, message, signal: SIGNAL.call });
    this.#signalling.stopWatching(ref, target);
    refuse(promise, new Exit(copy(["timeout", callOf(calling)]).value));
  }

  /** Ends a wait that no message has ended; its promise stays as it is. */
  endWait(process: Resident): void {
    this.#end(process);
    if (process.behaviour !== undefined && !process.isBusy) this.#core.ready(process);
  }

  #end(process: Resident): void {
    const { waits } = process;
    process.waits = WAITS.nothing;
    process.receivingPromise = undefined;
    if (waits !== WAITS.message) {
      process.receivingRef = undefined;
      process.receivingTest = undefined;
      process.scannedTo = undefined;
      process.scannedCount = 0;
      process.calling = undefined;
    }
    const timer = process.receivingTimer;
    if (timer !== undefined) {
      this.#core.agenda.remove(timer);
      process.receivingTimer = undefined;
    }
  }
}

function fits(process: Resident, envelope: Envelope): boolean {
  switch (process.waits) {
    case WAITS.nothing:
      return false;
    case WAITS.message:
    case WAITS.envelope:
      return true;
    case WAITS.ref:
    case WAITS.answer:
      return envelope.ref === process.receivingRef;
    case WAITS.test:
      return process.receivingTest?.(messageOf(envelope)) === true;
  }
}

/** Why a call failed: of a lost connection gen_server names the node. */
function whyOf({ target }: CallUnderWay, reason: ExitReason): ExitReason {
  if (reason !== "noconnection") return reason;
  return ["nodedown", nodeNameIn(target)];
}

function nodeNameIn(target: Pid | NameOnNode): string | undefined {
  return typeof target === "string" ? nodeOfAddress(target) : target.node;
}

/** A call as exit reasons name it. */
function callOf({ args }: CallUnderWay): unknown {
  return ["gen_server", "call", args];
}
