/** The events of a state machine, and its time-outs. Rules in SPEC.md, letter Y. */
import { microseconds, type Process, type Ref, US_PER_MS } from "../kernel/index.ts";
import { keyOf } from "./term-key.ts";

/** Something to be handled. */
export interface StatemEvent {
  readonly type: unknown;
  readonly content: unknown;
}

/** A time-out as an action asks for it. */
export interface TimeoutRequest {
  readonly type: unknown;
  readonly time: number | "update";
  readonly content: unknown;
  readonly isAbsolute: boolean;
}

/** A time-out under way. Without a reference it is due: its event waits behind those in the machine. */
interface Timeout {
  readonly type: unknown;
  readonly serial: number;
  readonly ref: Ref | undefined;
  content: unknown;
}

/** What comes when time is up: a message, so that it stands behind those that came before. */
interface TimeoutMessage {
  readonly tag: "timeout";
  readonly statem: number;
}

/** The time-outs of one machine: at most one of each type. */
export class Timeouts {
  readonly #process: Process;
  readonly #byKey = new Map<string, Timeout>();
  /** Keys of those that are due at once, in order. */
  #due: string[] = [];
  #serial = 0;

  constructor(process: Process) {
    this.#process = process;
  }

  /** Starts, changes or cancels what the actions ask for; of one type the last one counts. */
  request(requests: readonly TimeoutRequest[]): void {
    const last = new Map<string, TimeoutRequest>();
    for (const request of requests) {
      const key = keyOf(request.type);
      last.delete(key);
      last.set(key, request);
    }
    for (const [key, request] of last) this.#apply(key, request);
  }

  /** Takes a time-out back, also one whose message waits in the mailbox. */
  cancel(type: unknown): void {
    const key = keyOf(type);
    const timeout = this.#byKey.get(key);
    if (timeout === undefined) return;
    this.#byKey.delete(key);
    if (timeout.ref === undefined) {
      this.#due = this.#due.filter((due) => due !== key);
      return;
    }
    const { node } = this.#process;
    if (node.cancelTimer(this.#process, timeout.ref) === undefined) this.#flush(timeout.serial);
  }

  /** The event of the first time-out that is due at once. */
  takeDue(): StatemEvent | undefined {
    const key = this.#due.shift();
    const timeout = key === undefined ? undefined : this.#byKey.get(key);
    if (key === undefined || timeout === undefined) return undefined;
    this.#byKey.delete(key);
    return { type: timeout.type, content: timeout.content };
  }

  /** The event of a time-out whose message has come; undefined when the message is another one. */
  takeFired(body: unknown): StatemEvent | undefined {
    const serial = serialIn(body);
    if (serial === undefined) return undefined;
    for (const [key, timeout] of this.#byKey) {
      if (timeout.serial !== serial) continue;
      this.#byKey.delete(key);
      return { type: timeout.type, content: timeout.content };
    }
    return undefined;
  }

  #apply(key: string, { type, time, content, isAbsolute }: TimeoutRequest): void {
    const before = this.#byKey.get(key);
    if (time === "update" && before !== undefined) {
      before.content = content;
      return;
    }
    this.cancel(type);
    if (time === Number.POSITIVE_INFINITY) return;
    const serial = this.#serial++;
    const isDue = time === "update" || time === 0;
    const ref = isDue ? undefined : this.#start(serial, time, isAbsolute);
    if (isDue) this.#due.push(key);
    this.#byKey.set(key, { type, serial, ref, content });
  }

  #start(serial: number, time: number, isAbsolute: boolean): Ref {
    const { node, pid } = this.#process;
    const ms = isAbsolute ? Math.max(0, time - node.now / US_PER_MS) : time;
    const message: TimeoutMessage = { tag: "timeout", statem: serial };
    return node.sendAfter(this.#process, microseconds(ms), message, pid);
  }

  #flush(serial: number): void {
    const { node } = this.#process;
    node.dropMessages(this.#process, ({ body }) => serialIn(body) === serial);
  }
}

function serialIn(body: unknown): number | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { tag, statem } = body as Partial<TimeoutMessage>;
  return tag === "timeout" ? statem : undefined;
}
