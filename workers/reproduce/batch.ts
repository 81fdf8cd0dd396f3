/**
 * Many trials at once: shares them among workers, merges what comes back, and can be stopped.
 *
 * A batch knows no threads. It gets channels, each to one worker that makes the trials of an order
 * and reports their samples; a page's channel is a Web Worker, Node's a worker thread, a test's a
 * fake. Orders are short runs of consecutive trials, given to whoever is free. Reports come in any
 * order; only the trials from 0 on without a gap are concluded from, so what is said of the first
 * n trials is the same for any number of workers. Rules RP5 to RP8.
 *
 * Refused: a share for each worker fixed beforehand (the last one decides, and no prefix grows).
 */
import { type Reproduction, type Row, type Sample, trialsOf } from "./reproduction.ts";

/** The trials `from` up to `to`, the latter not included, of one result. */
export interface Order {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** What a worker says of an order. */
export type Report =
  | { readonly kind: "made"; readonly from: number; readonly samples: readonly Sample[] }
  | { readonly kind: "failed"; readonly from: number; readonly reason: string };

/** The way to one worker. It answers every order with one report, in the order of the orders. */
export interface Channel {
  post(order: Order): void;
  /** Called once, before the first order. */
  listen(hear: (report: Report) => void): void;
  /** Ends the worker, whatever it is at. */
  close(): void;
}

export interface Progress {
  /** Trials that have been made. */
  readonly madeCount: number;
  /** Trials from 0 on without a gap, which `rows` concludes from. */
  readonly mergedCount: number;
  readonly trialCount: number;
  /** What the merged trials come to; empty while there is none. Costs more the more there are. */
  rows(): readonly Row[];
}

export type Outcome =
  | { readonly ok: true; readonly rows: readonly Row[]; readonly samples: readonly Sample[] }
  | { readonly ok: false; readonly reason: string };

export interface BatchOptions {
  readonly reproduction: Reproduction;
  readonly channels: readonly Channel[];
  /** Trials to make; default all. */
  readonly trialCount?: number;
  /** Trials of one order; default a hundredth of all, at least 1. */
  readonly orderSize?: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Called once, unless the batch is cancelled before. */
  readonly onEnd: (outcome: Outcome) => void;
}

/** Begins a batch. Gives how to cancel it: afterwards nothing more is said, and the channels are closed. */
export function startBatch(options: BatchOptions): { cancel(): void } {
  const batch = new Batch(options);
  batch.start();
  return { cancel: () => batch.close() };
}

class Batch {
  readonly #options: BatchOptions;
  readonly #trialCount: number;
  readonly #orderSize: number;
  /** Samples from 0 on without a gap. */
  readonly #merged: Sample[] = [];
  /** Made, but with a gap before: by the number of the first trial. */
  readonly #early = new Map<number, readonly Sample[]>();
  #orderedCount = 0;
  #madeCount = 0;
  #isOver = false;

  constructor(options: BatchOptions) {
    this.#options = options;
    this.#trialCount = Math.min(
      options.trialCount ?? options.reproduction.trialCount,
      options.reproduction.trialCount,
    );
    this.#orderSize = options.orderSize ?? Math.max(1, Math.ceil(this.#trialCount / 100));
  }

  start(): void {
    if (this.#trialCount === 0) return this.#end({ ok: true, rows: [], samples: [] });
    for (const channel of this.#options.channels) {
      channel.listen((report) => this.#hear(channel, report));
      this.#order(channel);
    }
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const channel of this.#options.channels) channel.close();
  }

  #order(channel: Channel): void {
    const from = this.#orderedCount;
    const to = Math.min(this.#trialCount, from + this.#orderSize);
    if (from >= to || this.#isOver) return;
    this.#orderedCount = to;
    channel.post({ id: this.#options.reproduction.id, from, to });
  }

  #hear(channel: Channel, report: Report): void {
    if (this.#isOver) return;
    if (report.kind === "failed") {
      const { id } = this.#options.reproduction;
      return this.#end({
        ok: false,
        reason: `${id}, trials from ${report.from} on: ${report.reason}`,
      });
    }
    this.#madeCount += report.samples.length;
    this.#early.set(report.from, report.samples);
    this.#merge();
    this.#order(channel);
    this.#options.onProgress?.(this.#progress());
    if (this.#merged.length === this.#trialCount)
      this.#end({ ok: true, rows: this.#conclude(), samples: this.#merged });
  }

  #merge(): void {
    for (;;) {
      const from = this.#merged.length;
      const samples = this.#early.get(from);
      if (samples === undefined) return;
      this.#early.delete(from);
      for (const sample of samples) this.#merged.push(sample);
    }
  }

  #progress(): Progress {
    return {
      madeCount: this.#madeCount,
      mergedCount: this.#merged.length,
      trialCount: this.#trialCount,
      rows: () => this.#conclude(),
    };
  }

  #conclude(): readonly Row[] {
    return this.#merged.length === 0 ? [] : this.#options.reproduction.conclude(this.#merged);
  }

  #end(outcome: Outcome): void {
    if (this.#isOver) return;
    this.close();
    this.#options.onEnd(outcome);
  }
}

/** A worker's side: makes the trials of an order. What is thrown, and an unknown result, is reported. */
export function perform(order: unknown, find: (id: string) => Reproduction | undefined): Report {
  if (!isOrder(order)) return { kind: "failed", from: 0, reason: "this is no order" };
  const { id, from, to } = order;
  const reproduction = find(id);
  if (reproduction === undefined)
    return { kind: "failed", from, reason: `there is no result ${id}` };
  try {
    return { kind: "made", from, samples: [...trialsOf(reproduction, from, to)] };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return { kind: "failed", from, reason };
  }
}

function isOrder(value: unknown): value is Order {
  if (typeof value !== "object" || value === null) return false;
  const { id, from, to } = value as Record<string, unknown>;
  return typeof id === "string" && Number.isInteger(from) && Number.isInteger(to);
}

/** A channel to this very thread: makes each order when it is posted. For tests, and one worker without threads. */
export function ownChannel(find: (id: string) => Reproduction | undefined): Channel {
  let hear: (report: Report) => void = () => {};
  const orders: Order[] = [];
  let isBusy = false;
  let isClosed = false;
  return {
    listen(next) {
      hear = next;
    },
    close() {
      isClosed = true;
    },
    // A report makes the batch post the next order: a loop, lest ten thousand orders nest.
    post(order) {
      orders.push(order);
      if (isBusy) return;
      isBusy = true;
      for (let next = orders.shift(); next !== undefined && !isClosed; next = orders.shift())
        hear(perform(next, find));
      isBusy = false;
    },
  };
}
