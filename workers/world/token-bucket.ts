/**
 * Two counters of permission: tokenBucket, refilled by time, for what may pass a limit; retryBudget,
 * refilled by success, for what may be tried again. Rules in SPEC.md, RE.
 *
 * Each is an object in the state of one process, which is what an algorithm is; to share a limit, put
 * it into a server. No timer runs: how many tokens there are is worked out when somebody asks, from
 * the moment at which some were taken last, so that `waitMs` and a later `take` reckon alike.
 */
import { ErlangError, type Process, US_PER_MS } from "../kernel/index.ts";
import { here } from "../otp/here.ts";

const US_PER_SECOND = 1000 * US_PER_MS;

/** How fast a bucket fills, and how much it holds. */
export interface TokenBucketOptions {
  /** Tokens that come in a second, evenly; above 0, fractions allowed. */
  readonly perSecond: number;
  /** Tokens it holds at most, and at first; at least 1, default 1. */
  readonly burst?: number;
}

/** A bucket of tokens; made by `tokenBucket`. Only the process that made it can use it. */
export interface TokenBucket {
  /** Takes `count` tokens (default 1, fractions allowed) and says true; or takes none and says false when there are fewer. */
  take(count?: number): boolean;
  /** Milliseconds until `take(count)` would say true if nobody takes meanwhile: 0 for now, Infinity for more than the burst. */
  waitMs(count?: number): number;
  /** How many there are now. */
  tokens(): number;
}

/**
 * A bucket that lets at most `burst + perSecond × s` through in any s seconds. It belongs to the process
 * that makes it. As `rate_limiting` of Broadway, `ex_rated` and `hammer`.
 */
export function tokenBucket({ perSecond, burst = 1 }: TokenBucketOptions): TokenBucket {
  if (!(perSecond > 0) || !Number.isFinite(perSecond))
    throw refusal("tokenBucket's perSecond is a number above 0", perSecond);
  if (!(burst >= 1) || !Number.isFinite(burst))
    throw refusal("tokenBucket's burst is a number from 1 on", burst);
  return new Bucket(here(), perSecond, burst);
}

/**
 * Counted in millionths of a token: with a whole rate every sum is of whole numbers, and exact. The
 * level is that at the last take, not at the last look: sums are not made of sums without need.
 */
class Bucket implements TokenBucket {
  // A program holds its instances, and by them this: what it changed here the next run would find.
  static {
    Object.freeze(this.prototype);
    Object.freeze(this);
  }

  readonly #owner: Process;
  readonly #perSecond: number;
  readonly #full: number;
  #level: number;
  #atUs: number;

  constructor(owner: Process, perSecond: number, burst: number) {
    this.#owner = owner;
    this.#perSecond = perSecond;
    this.#full = burst * US_PER_SECOND;
    this.#level = this.#full;
    this.#atUs = owner.node.now;
  }

  take(count = 1): boolean {
    const wanted = wantedOf(count, "take");
    const now = this.#now();
    const level = this.#levelAt(now);
    if (level < wanted) return false;
    this.#level = level - wanted;
    this.#atUs = now;
    return true;
  }

  waitMs(count = 1): number {
    const wanted = wantedOf(count, "waitMs");
    const now = this.#now();
    if (wanted > this.#full) return Number.POSITIVE_INFINITY;
    const missing = wanted - this.#levelAt(now);
    if (missing <= 0) return 0;
    // The quotient is rounded, this way or that: from below it, to the first µs that is enough.
    let waitUs = Math.max(0, Math.floor(missing / this.#perSecond) - 1);
    while (this.#levelAt(now + waitUs) < wanted) waitUs++;
    return waitUs / US_PER_MS;
  }

  tokens(): number {
    return this.#levelAt(this.#now()) / US_PER_SECOND;
  }

  #now(): number {
    checkOwner(this.#owner, "tokenBucket");
    return this.#owner.node.now;
  }

  #levelAt(us: number): number {
    return Math.min(this.#full, this.#level + (us - this.#atUs) * this.#perSecond);
  }
}

/** What a success earns, and how much can be saved up. */
export interface RetryBudgetOptions {
  /** Tokens for each deposit; a retry costs 1. From 0 on, default 0.1: one retry for ten successes. */
  readonly perRequest?: number;
  /** Tokens it holds at most; at least 1, default 10. */
  readonly burst?: number;
  /** Tokens it holds at first; default `burst`. */
  readonly initial?: number;
}

/** A budget for retries; made by `retryBudget`. Only the process that made it can use it. */
export interface RetryBudget {
  /** Earns `perRequest`. Call it for each success (Brooker), or for each first try (Finagle). */
  deposit(): void;
  /** Spends 1 and says true: try again; or says false: do not, there is less than 1. `RetryBudget.tryWithdraw`. */
  tryWithdraw(): boolean;
  /** How much there is. */
  balance(): number;
}

/** Whole numbers are exact, tenths are not: counted in millionths. */
const PARTS = 1_000_000;

/**
 * A budget that lets about `perRequest` retries through for each deposit: load grows to 1.1 times at
 * most, however much fails. Savings are bounded by `burst`; they do not age as Finagle's do. It
 * belongs to the process that makes it. Finagle's `RetryBudget`.
 */
export function retryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  const { perRequest = 0.1, burst = 10, initial = burst } = options;
  if (!(perRequest >= 0) || !Number.isFinite(perRequest))
    throw refusal("retryBudget's perRequest is a number from 0 on", perRequest);
  if (!(burst >= 1) || !Number.isFinite(burst))
    throw refusal("retryBudget's burst is a number from 1 on", burst);
  if (!(initial >= 0 && initial <= burst))
    throw refusal("retryBudget's initial is a number from 0 to its burst", initial);
  return new Budget(here(), perRequest, burst, initial);
}

class Budget implements RetryBudget {
  // A program holds its instances, and by them this: what it changed here the next run would find.
  static {
    Object.freeze(this.prototype);
    Object.freeze(this);
  }

  readonly #owner: Process;
  readonly #earned: number;
  readonly #full: number;
  #parts: number;

  constructor(owner: Process, perRequest: number, burst: number, initial: number) {
    this.#owner = owner;
    this.#earned = Math.round(perRequest * PARTS);
    this.#full = Math.round(burst * PARTS);
    this.#parts = Math.round(initial * PARTS);
  }

  deposit(): void {
    checkOwner(this.#owner, "retryBudget");
    this.#parts = Math.min(this.#full, this.#parts + this.#earned);
  }

  tryWithdraw(): boolean {
    checkOwner(this.#owner, "retryBudget");
    if (this.#parts < PARTS) return false;
    this.#parts -= PARTS;
    return true;
  }

  balance(): number {
    checkOwner(this.#owner, "retryBudget");
    return this.#parts / PARTS;
  }
}

/** Processes share no memory: what one has in its hands no other can use. */
function checkOwner(owner: Process, what: string): void {
  if (here() === owner) return;
  throw new ErlangError(
    "badarg",
    `this ${what} belongs to ${owner.pid}, which made it; to share it, put it into a server and ask that`,
  );
}

function wantedOf(count: number, of: string): number {
  if (!(count > 0)) throw refusal(`${of} takes a number of tokens above 0`, count);
  return count * US_PER_SECOND;
}

function refusal(expected: string, seen: unknown): ErlangError {
  return new ErlangError("badarg", `${expected}, not ${String(seen)}`);
}
