/**
 * CoDel: who is taken out of a line next, and who is dropped because the line has been slow for long.
 * RFC 8289, Nichols and Jacobson. Rules in SPEC.md, RE.
 *
 * What it looks at is how long the one taken has stood in the line. Above `target` for a whole
 * `interval`, one is dropped, and others at distances of interval / √count, until one stood for less than
 * the target. Drops reduce a TCP sender's rate; they do not reduce that of open load, which is why RFC
 * 8289's law finds the rate of drops only slowly under a lasting overload. A packet is a job here:
 * with one job or none left in the line it is not slow ("bytes() <= maxpacket_").
 */
import type { Line, Waiter } from "./jobs-queue-line.ts";

/** Whom to serve, and whom to turn away. */
export interface Taken<What> {
  readonly next: Waiter<What> | undefined;
  readonly dropped: readonly Waiter<What>[];
}

export class Codel {
  readonly #targetUs: number;
  readonly #intervalUs: number;
  /** When a line that is above the target now will have been so for an interval; 0 when it is below. */
  #firstAboveUs = 0;
  #dropNextUs = 0;
  /** Drops since the state of dropping began, and what that was at its beginning. */
  #count = 0;
  #lastCount = 0;
  #isDropping = false;

  constructor(targetUs: number, intervalUs: number) {
    this.#targetUs = targetUs;
    this.#intervalUs = intervalUs;
  }

  /** Takes the next out of the line. RFC 8289, 5.5, dequeue. */
  take<What>(line: Line<What>, now: number): Taken<What> {
    const dropped: Waiter<What>[] = [];
    let { next, isLate } = this.#look(line, now);
    if (this.#isDropping) {
      if (!isLate) this.#isDropping = false;
      while (this.#isDropping && now >= this.#dropNextUs) {
        if (next !== undefined) dropped.push(next);
        ({ next, isLate } = this.#look(line, now));
        if (!isLate) {
          this.#isDropping = false;
        } else {
          this.#count++;
          this.#dropNextUs = this.#law(this.#dropNextUs);
        }
      }
    } else if (isLate) {
      if (next !== undefined) dropped.push(next);
      ({ next } = this.#look(line, now));
      this.#isDropping = true;
      // Dropping ended not long ago: it goes on at the rate that it had found.
      const found = this.#count - this.#lastCount;
      const isRecent = now - this.#dropNextUs < 16 * this.#intervalUs;
      this.#count = found > 1 && isRecent ? found : 1;
      this.#dropNextUs = this.#law(now);
      this.#lastCount = this.#count;
    }
    return { next, dropped };
  }

  /** Takes one out and says whether it may be dropped. RFC 8289, 5.6, dodequeue. */
  #look<What>(line: Line<What>, now: number): { next: Waiter<What> | undefined; isLate: boolean } {
    const next = line.takeOldest();
    if (next === undefined || now - next.sinceUs < this.#targetUs || line.length <= 1) {
      this.#firstAboveUs = 0;
      return { next, isLate: false };
    }
    if (this.#firstAboveUs !== 0) return { next, isLate: now >= this.#firstAboveUs };
    this.#firstAboveUs = now + this.#intervalUs;
    return { next, isLate: false };
  }

  #law(us: number): number {
    return us + this.#intervalUs / Math.sqrt(this.#count);
  }
}
