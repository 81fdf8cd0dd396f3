/**
 * Events of a producer that nobody has asked for yet, in the order in which they were emitted.
 *
 * Between them stand infos: messages to the stage itself that are due when the events before them
 * have left. They are never dropped: an info leaves with the event before it, however that leaves.
 */
import { ErlangError } from "../kernel/index.ts";

/** What leaves a buffer. */
export interface Taken {
  readonly events: readonly unknown[];
  /** Infos that were due before or right after the last of these events. */
  readonly infos: readonly unknown[];
}

/** An event with the infos behind it, or in a buffer without bound an info in a place of its own. */
interface Place {
  readonly isEvent: boolean;
  readonly content: unknown;
  infosBehind?: readonly unknown[];
}

/** Holds at most `size` events. Infinity for no bound; infos then count as places too. As in GenStage, 0 is refused. */
export class EventBuffer {
  readonly #size: number;
  #places: Place[] = [];

  constructor(size: number) {
    if (size === 0) {
      throw new ErlangError("function_clause", "a buffer has room for one event at least");
    }
    this.#size = size;
  }

  /** How many events wait; an estimate, since without a bound infos are counted. */
  get length(): number {
    return this.#places.length;
  }

  /**
   * Puts events behind the others. What does not fit is dropped: the oldest when the `last` are
   * kept, the newest when the `first` are. Gives their count, and infos that are due because the
   * event before them was dropped.
   */
  store(
    events: readonly unknown[],
    keep: "first" | "last",
  ): { readonly dropped: number; readonly infos: readonly unknown[] } {
    const excess = Math.max(0, this.#places.length + events.length - this.#size);
    const stored = keep === "first" ? events.slice(0, events.length - excess) : events;
    for (const content of stored) this.#places.push({ isEvent: true, content });
    const dropped = keep === "first" ? [] : this.#places.splice(0, excess);
    return { dropped: excess, infos: dropped.flatMap(({ infosBehind = [] }) => infosBehind) };
  }

  /** Puts an info behind the events. Gives false when there are none: then it is due now. */
  storeInfo(info: unknown): boolean {
    const last = this.#places.at(-1);
    if (last === undefined) return false;
    if (this.#size === Number.POSITIVE_INFINITY)
      this.#places.push({ isEvent: false, content: info });
    else last.infosBehind = [...(last.infosBehind ?? []), info];
    return true;
  }

  /** Takes up to `count` events, fewer when infos are due before. Undefined when there is nothing to take. */
  take(count: number): Taken | undefined {
    if (count === 0 || this.#places.length === 0) return undefined;
    let length = 0;
    let infos: readonly unknown[] = [];
    while (length < count && length < this.#places.length && infos.length === 0) {
      const place = this.#places[length] as Place;
      infos = place.isEvent ? (place.infosBehind ?? []) : [place.content];
      length++;
    }
    const taken = this.#places.splice(0, length);
    return { events: taken.filter(({ isEvent }) => isEvent).map(({ content }) => content), infos };
  }
}
