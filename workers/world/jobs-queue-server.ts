/**
 * The server of a jobsQueue: who has leave, who waits, and when the next may go. Rules in SPEC.md, RE.
 *
 * Everything that can change that (somebody asks, is done, has died, or time has come) ends in one
 * check: first who has waited too long is turned away, then leave is given while the regulators allow
 * it, and then a timer is set for when time alone will allow or forbid more. As in jobs'
 * perform_queue_check.
 */
import { microseconds, type Ref, US_PER_MS } from "../kernel/index.ts";
import { type From, reply } from "../otp/call.ts";
import { type CallResult, genServer, type NoReplyResult } from "../otp/gen-server.ts";
import { here } from "../otp/here.ts";
import { cancelTimer, demonitor, monitor, sendAfter } from "../otp/processes.ts";
import type { Definition } from "../otp/start.ts";
import { Codel, type Taken } from "./jobs-queue-codel.ts";
import { Line, type Waiter } from "./jobs-queue-line.ts";

/** How a queue regulates. */
export interface JobsQueueOptions {
  /** Leaves given in a second at most, evenly: one every 1/perSecond s and no burst. Above 0, up to 1,000,000; default no such limit. */
  readonly perSecond?: number | undefined;
  /** Jobs that may run at the same time, from 1 on; default any number. A job runs until `done`, or its asker's end. */
  readonly limit?: number;
  /**
   * Who goes next. `"fifo"` (default): who came first. `"lifo"`: who came last. `"codel"`: who came first, but
   * some are turned away when waits stay above `target` for `interval` (RFC 8289). `"adaptive"`: who came
   * first, but who came last while the queue has not been empty for `interval` (Maurer 2015).
   */
  readonly type?: "fifo" | "lifo" | "codel" | "adaptive";
  /** Askers that may wait, 0 to 1,000,000; one more is `"rejected"`. Default 10,000; jobs has none. */
  readonly maxSize?: number;
  /** Milliseconds after which who waits is turned away with `"timeout"`. Default Infinity. */
  readonly maxTime?: number;
  /** codel: milliseconds that waits should be below. Default 5. */
  readonly target?: number;
  /** codel and adaptive: milliseconds for which it has to be bad. Default 100. */
  readonly interval?: number;
}

/** How a queue stands, and its counts since it began. */
export interface JobsQueueInfo {
  /** Askers that wait. */
  readonly length: number;
  /** Jobs that run; 0 when there is no `limit`, since nobody counts them. */
  readonly running: number;
  /** Leaves given. */
  readonly approved: number;
  /** Turned away because the queue was full. */
  readonly rejected: number;
  /** Turned away because of their wait: by `maxTime` or codel. */
  readonly timedOut: number;
}

type Options = Readonly<Required<JobsQueueOptions>>;

type Request = readonly ["ask", Ref] | readonly ["queue_info"];

type Info = { readonly tag: "DOWN"; readonly ref: Ref } | "check_queue";

/** Who asked, and the watch over it. */
interface Asker {
  readonly from: From;
  readonly watch: Ref;
}

const US_PER_SECOND = 1000 * US_PER_MS;

/** The server of a queue with these options, which were checked. */
export function jobsQueueServer(options: Options): Definition {
  return genServer<Regulator, Request, readonly ["done", Ref], Info>({
    init: () => ["ok", new Regulator(options)],

    handleCall(request, from, regulator): CallResult<Regulator> {
      if (request[0] === "queue_info") return ["reply", regulator.info(), regulator];
      regulator.asked(request[1], from);
      return ["noreply", regulator];
    },

    handleCast([, job], regulator): NoReplyResult<Regulator> {
      regulator.done(job);
      return ["noreply", regulator];
    },

    handleInfo(message, regulator): NoReplyResult<Regulator> {
      if (message === "check_queue") regulator.timerFired();
      else if (message?.tag === "DOWN") regulator.ended(message.ref);
      return ["noreply", regulator];
    },
  });
}

/** The state of one queue. It belongs to the queue's process. */
class Regulator {
  readonly #options: Options;
  readonly #codel: Codel;
  readonly #line = new Line<Asker>();
  /** Watches over those who have leave, by job; at most `limit`, and none without a limit. */
  readonly #running = new Map<Ref, Ref>();
  /** Whose end each watch tells. */
  readonly #jobOf = new Map<Ref, Ref>();
  readonly #perSecond: number;
  readonly #maxTimeUs: number;
  /** When the spell began in which leave has been given without a pause, and how often since. */
  #spellUs = 0;
  #spellCount = 0;
  /** Since when the queue has not been empty. */
  #busySinceUs = 0;
  #timer: { readonly ref: Ref; readonly dueUs: number } | undefined;
  #approved = 0;
  #rejected = 0;
  #timedOut = 0;

  constructor(options: Options) {
    const { perSecond, maxTime, target, interval } = options;
    this.#options = options;
    this.#codel = new Codel(microseconds(target), microseconds(interval));
    this.#perSecond = perSecond ?? Number.POSITIVE_INFINITY;
    this.#maxTimeUs = microseconds(maxTime);
  }

  asked(job: Ref, from: From): void {
    const now = here().node.now;
    // What is due at this instant is due to those who wait already, whether or not the timer was first.
    this.#check(now);
    const isFull = this.#line.length >= this.#options.maxSize;
    if (isFull && !(this.#line.length === 0 && this.#mayGo(now))) {
      this.#rejected++;
      reply(from, ["error", "rejected"]);
      return;
    }
    const watch = monitor(from.pid);
    if (this.#line.length === 0) this.#busySinceUs = now;
    this.#jobOf.set(watch, job);
    this.#line.join({ id: job, sinceUs: now, what: { from, watch } });
    this.#check(now);
  }

  /** A job is over, or an asker no longer waits. */
  done(job: Ref): void {
    const watch = this.#running.get(job) ?? this.#line.leave(job)?.what.watch;
    this.#running.delete(job);
    if (watch === undefined) return;
    this.#forget(watch);
    this.#check(here().node.now);
  }

  /** Who asked has ended, before or after it was given leave. */
  ended(watch: Ref): void {
    const job = this.#jobOf.get(watch);
    if (job !== undefined) this.done(job);
  }

  timerFired(): void {
    this.#timer = undefined;
    this.#check(here().node.now);
  }

  info(): JobsQueueInfo {
    return {
      length: this.#line.length,
      running: this.#running.size,
      approved: this.#approved,
      rejected: this.#rejected,
      timedOut: this.#timedOut,
    };
  }

  #check(now: number): void {
    this.#expire(now);
    while (this.#line.length > 0 && this.#mayGo(now)) {
      const { next, dropped } = this.#take(now);
      for (const waiter of dropped) this.#turnAway(waiter);
      if (next !== undefined) this.#approve(next, now);
    }
    this.#setTimer(now);
  }

  /** Whether the regulators allow one more. */
  #mayGo(now: number): boolean {
    return now >= this.#nextAtUs && this.#running.size < this.#options.limit;
  }

  /** Not before this is leave given. One product for each, so that no error of rounding adds up. */
  get #nextAtUs(): number {
    return this.#spellUs + (this.#spellCount * US_PER_SECOND) / this.#perSecond;
  }

  #take(now: number): Taken<Asker> {
    const { type, interval } = this.#options;
    if (type === "codel") return this.#codel.take(this.#line, now);
    const isLong = now - this.#busySinceUs >= microseconds(interval);
    const isLifo = type === "lifo" || (type === "adaptive" && isLong);
    const next = isLifo ? this.#line.takeNewest() : this.#line.takeOldest();
    return { next, dropped: [] };
  }

  #approve({ id, what: { from, watch } }: Waiter<Asker>, now: number): void {
    const job = id as Ref;
    this.#approved++;
    if (this.#options.limit === Number.POSITIVE_INFINITY) this.#forget(watch);
    else this.#running.set(job, watch);
    // Later than when it was due, to the µs: there is nothing to make up for, and a new spell begins.
    if (now - this.#nextAtUs >= 1) {
      this.#spellUs = now;
      this.#spellCount = 0;
    }
    this.#spellCount++;
    reply(from, ["ok", job]);
  }

  /** Turns away who has waited for `maxTime`. */
  #expire(now: number): void {
    for (;;) {
      const { oldest } = this.#line;
      if (oldest === undefined || now - oldest.sinceUs < this.#maxTimeUs) return;
      this.#line.leave(oldest.id);
      this.#turnAway(oldest);
    }
  }

  #turnAway({ what: { from, watch } }: Waiter<Asker>): void {
    this.#timedOut++;
    this.#forget(watch);
    reply(from, ["error", "timeout"]);
  }

  #forget(watch: Ref): void {
    this.#jobOf.delete(watch);
    demonitor(watch, { flush: true });
  }

  /** For the next instant at which time alone changes something. One that is too early does no harm. */
  #setTimer(now: number): void {
    const { oldest } = this.#line;
    if (oldest === undefined) return;
    const isFull = this.#running.size >= this.#options.limit;
    const goUs = isFull ? Number.POSITIVE_INFINITY : Math.ceil(this.#nextAtUs);
    const dueUs = Math.min(goUs, oldest.sinceUs + this.#maxTimeUs);
    if (dueUs > Number.MAX_SAFE_INTEGER || (this.#timer?.dueUs ?? Infinity) <= dueUs) return;
    if (this.#timer !== undefined) cancelTimer(this.#timer.ref);
    this.#timer = { ref: sendAfter((dueUs - now) / US_PER_MS, "check_queue"), dueUs };
  }
}
