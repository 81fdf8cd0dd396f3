/**
 * Conducts batches: orders trials from the makers, which are workers of their own, and tells what
 * they come to so far. It sits in a worker too, since concluding from thousands of trials takes
 * longer than a frame, and the engine then never gets onto the page's thread.
 */
import type { BatchOptions, Channel, Report } from "../../workers/reproduce/batch.ts";
import type { Reproduction } from "../../workers/reproduce/reproduction.ts";
import type { FromDesk, ToDesk } from "./desk-words.ts";

/** A reader sees no more than five changes a second; concluding is the dear part of one. */
const TELL_MS = 200;

interface DeskWorld {
  readonly startBatch: (options: BatchOptions) => unknown;
  readonly find: (id: string) => Reproduction | undefined;
  readonly say: (words: FromDesk) => void;
  readonly nowMs: () => number;
}

/** A desk. Gives where to put what the page says to it. */
export function createDesk({ startBatch, find, say, nowMs }: DeskWorld): (words: ToDesk) => void {
  let hears: ((report: Report) => void)[] = [];

  function begin(id: string, makerCount: number): void {
    hears = [];
    const reproduction = find(id);
    if (reproduction === undefined)
      return say({ kind: "failed", reason: `there is no result ${id}` });
    let toldMs = Number.NEGATIVE_INFINITY;
    startBatch({
      reproduction,
      channels: Array.from({ length: makerCount }, (_, maker) => channelTo(maker)),
      onProgress: ({ madeCount, rows }) => {
        if (nowMs() - toldMs < TELL_MS) return;
        say({ kind: "progress", madeCount, rows: rows() });
        toldMs = nowMs();
      },
      onEnd: (outcome) =>
        say(
          outcome.ok
            ? { kind: "end", rows: outcome.rows }
            : { kind: "failed", reason: outcome.reason },
        ),
    });
  }

  /** The makers outlive a batch: whoever has begun them ends them. */
  function channelTo(maker: number): Channel {
    return {
      post: (order) => say({ kind: "order", maker, order }),
      listen: (hear) => {
        hears[maker] = hear;
      },
      close: () => {},
    };
  }

  return (words) => {
    if (words.kind === "begin") begin(words.id, words.makerCount);
    else hears[words.maker]?.(words.report);
  };
}
