/**
 * A node's processors: CPU work shared equally by whoever has work to do.
 *
 * With k pieces of work on c cores each runs at rate min(1, c / k), the limit of preemption in
 * ever smaller slices (processor sharing). `served` is the service that a piece present since the
 * start would have had; a piece is done when `served` has grown by what it asked for. So a change
 * of company costs one addition, not a walk over all pieces. Rule C1.
 */
export interface CpuWork {
  /** Value of `served` at which this is done. */
  readonly doneAtServed: number;
  /** Breaks ties between pieces that end together: first come, first done. */
  readonly sequence: number;
  readonly done: () => void;
  cancelled: boolean;
}

/** `served` is a sum of quotients; what is below a thousandth of a µs is rounding. */
const ROUNDING_US = 1e-3;

export class Cores {
  readonly count: number;
  #works: CpuWork[] = [];
  #served = 0;
  #servedAt = 0;
  #sequence = 0;
  /** Work done in a µs by one core: 1, or less while the node is slow. */
  #speed = 1;

  constructor(count: number) {
    this.count = count;
  }

  /** Pieces of work under way. */
  get load(): number {
    return this.#works.length;
  }

  /** Begins a piece of `us` µs of service at `now`. */
  begin(now: number, us: number, done: () => void): CpuWork {
    this.#advance(now);
    const work: CpuWork = {
      doneAtServed: this.#served + us,
      sequence: this.#sequence++,
      done,
      cancelled: false,
    };
    this.#insert(work);
    return work;
  }

  /** Takes a piece away unfinished (its process died). */
  cancel(now: number, work: CpuWork): void {
    this.#advance(now);
    work.cancelled = true;
    this.#works = this.#works.filter((other) => other !== work);
  }

  /** The first whole µs at which a piece is done if nothing changes; Infinity when idle. */
  nextDoneAt(): number {
    const first = this.#works[0];
    if (first === undefined) return Number.POSITIVE_INFINITY;
    const left = Math.max(0, first.doneAtServed - this.#served - ROUNDING_US);
    return this.#servedAt + Math.ceil(left / this.#rate());
  }

  /** From `now` on everything takes `factor` times as long as it would. */
  slow(now: number, factor: number): void {
    this.#advance(now);
    this.#speed = 1 / factor;
  }

  /** The node stands still from `now` on. */
  pause(now: number): void {
    this.#advance(now);
  }

  /** The node goes on at `now`; nothing was served since `pause`. */
  resume(now: number): void {
    this.#servedAt = now;
  }

  /** Takes out the pieces that are done at `now`, in order. */
  takeDone(now: number): CpuWork[] {
    this.#advance(now);
    const isDone = (work: CpuWork) => work.doneAtServed <= this.#served + ROUNDING_US;
    const end = this.#works.findIndex((work) => !isDone(work));
    return this.#works.splice(0, end < 0 ? this.#works.length : end);
  }

  #rate(): number {
    return this.#speed * Math.min(1, this.count / this.#works.length);
  }

  #advance(now: number): void {
    if (this.#works.length > 0) this.#served += (now - this.#servedAt) * this.#rate();
    this.#servedAt = now;
  }

  /** Keeps the works sorted by when they will be done. */
  #insert(work: CpuWork): void {
    let low = 0;
    let high = this.#works.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#works[middle] as CpuWork).doneAtServed <= work.doneAtServed) low = middle + 1;
      else high = middle;
    }
    this.#works.splice(low, 0, work);
  }
}
