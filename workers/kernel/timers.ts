/**
 * Messages for later. A timer outlives the process that armed it, delivers to whoever bears the
 * name when it fires, and ends with the pid that it is for. Rule T5.
 */
import type { Inbox } from "./inbox.ts";
import { makeRef, type Pid, type Ref, refSerial } from "./names.ts";
import type { Neighbours } from "./neighbours.ts";
import type { NodeCore, Resident } from "./node-core.ts";
import { type Copied, copy } from "./payload.ts";
import { Envelope } from "./signals.ts";
import { KIND, SIGNAL, traceId } from "./trace.ts";

export class Timers {
  readonly #core: NodeCore;
  readonly #neighbours: Neighbours;
  readonly #inbox: Inbox;

  constructor(core: NodeCore, neighbours: Neighbours, inbox: Inbox) {
    this.#core = core;
    this.#neighbours = neighbours;
    this.#inbox = inbox;
  }

  /** Delivers `body` to `to` after `delayUs`. `isStart`: as `{ tag: "timeout", ref, message }`. */
  sendAfter(process: Resident, delayUs: number, body: unknown, to: string, isStart: boolean): Ref {
    const core = this.#core;
    const id = core.nextId();
    const ref = makeRef(core.name, id);
    const copied = copy(isStart ? { tag: "timeout", ref, message: body } : body);
    const number = traceId(core.index, id);
    core.record(process, KIND.timerSet, {
      message: number,
      signal: SIGNAL.timer,
      value: core.now + delayUs,
      payload: copied,
    });
    const owner = core.processes.get(to as Pid);
    if (owner !== undefined) {
      owner.timers ??= new Set();
      owner.timers.add(ref);
    }
    const entry = core.schedule(core.now + delayUs, () => {
      core.timers.delete(ref);
      owner?.timers?.delete(ref);
      this.#fire(process, number, copied, to);
    });
    core.timers.set(ref, entry);
    return ref;
  }

  #fire(process: Resident, number: number, { value }: Copied, to: string): void {
    const core = this.#core;
    core.trace.write(core.now, KIND.timerFire, process.id, 0, number, SIGNAL.timer, 0, 0, 0);
    const target = this.#neighbours.at(to);
    const envelope = new Envelope(number, SIGNAL.timer, process.id, value, undefined, undefined);
    if (target === undefined) core.writeEnvelope(KIND.discard, process.id, envelope);
    else this.#inbox.deliver(target, envelope);
  }

  /** Cancels a timer. Returns the µs that were left, or undefined when it has fired or never was. */
  cancelTimer(process: Resident, ref: Ref): number | undefined {
    const core = this.#core;
    const entry = core.timers.get(ref);
    if (entry === undefined) return undefined;
    core.dropTimer(ref);
    const message = traceId(core.index, refSerial(ref));
    core.record(process, KIND.timerCancel, { message, signal: SIGNAL.timer });
    return entry.at - core.now;
  }

  /** The µs until a timer fires, or undefined when it has or never was. */
  readTimer(ref: Ref): number | undefined {
    const entry = this.#core.timers.get(ref);
    return entry === undefined ? undefined : entry.at - this.#core.now;
  }
}
