/** How a third party behaves: its options, and what they come to for one request. */
import { ErlangError, ln, microseconds, US_PER_MS } from "../kernel/index.ts";
import { checkMs } from "../otp/here.ts";

/** A time in ms: always the same, evenly between two, or exponential with a mean. */
export type ProviderLatency =
  | number
  | readonly [fromMs: number, toMs: number]
  | { readonly mean: number };

/** What a third party does in an outage. */
export type ProviderMode =
  /** Refuses at once, with 503: certainly not done. */
  | "down"
  /** Takes requests, does nothing and never answers. */
  | "hang"
  /** Takes `factor` times as long. */
  | "slow"
  /** Refuses everything with 429. */
  | "throttle"
  /** Fails everything with 500. */
  | "errors";

/** A planned outage; from and until in ms of virtual time. */
export interface ProviderOutage {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly mode: ProviderMode;
  /** With "slow": how many times as long; default 10. */
  readonly factor?: number;
}

/** A request, as its payload. All fields but these are for `handle`. */
export interface ProviderRequest {
  /** What it is about, e.g. an order's number: the key of its effect. */
  readonly key: string | number;
  /** Chosen by whoever asks, the same for each repeat of one request. */
  readonly idempotencyKey?: string;
  readonly [field: string]: unknown;
}

/** How a provider behaves; without options it does all that it is asked in 20 ms. */
export interface ProviderOptions {
  /** From a request to its answer; default 20 ms. */
  readonly latency?: ProviderLatency;
  /**
   * Requests that it takes, as a token bucket; past it `["error", { status: 429, retryAfterMs }]`,
   * after `refusalMs` (default 0). `burst` is a whole number, default 1.
   */
  readonly limit?: {
    readonly perSecond: number;
    readonly burst?: number;
    readonly refusalMs?: number;
  };
  /** Share of requests, 0 to 1, that fail with `["error", { status: 500 }]`: nothing was done. */
  readonly errors?: number;
  /** Requests that it works on at once; default Infinity. Up to 1,000 more wait, then it answers 503. */
  readonly concurrency?: number;
  /**
   * True: a request with the `idempotencyKey` of an earlier one has no second effect and gets the
   * first one's answer, or `["error", { status: 409 }]` when it differs otherwise. What failed
   * with 429, 500 or 503 was none. Default false.
   */
  readonly idempotencyKey?: boolean;
  /** Milliseconds after which an idempotency key is forgotten, so that a repeat is done again; default 86,400,000, a day. */
  readonly forget?: number;
  /** Share of requests that it never answers, nor does. */
  readonly hang?: number;
  /** Share of requests that it does at once and answers `ms` later than otherwise. */
  readonly late?: { readonly share: number; readonly ms: number };
  /** Share of requests that it does without ever answering. */
  readonly loseReply?: number;
  /** When it is out, and how. */
  readonly schedule?: readonly ProviderOutage[];
  /** The effect's name in the ledger, e.g. "charge"; or which, by the request. Default "request". */
  readonly effect?: string | ((request: ProviderRequest) => string);
  /**
   * Answers a request, at the moment when it is done; `["error", …]` says no and has no effect.
   * Must not wait. Default: `["ok", request]`.
   */
  readonly handle?: (request: ProviderRequest) => unknown;
}

/** What is drawn for one request: always all of it, so that no option shifts the draws of another. */
export interface Fortune {
  readonly latencyUs: number;
  readonly isError: boolean;
  readonly isHanging: boolean;
  readonly isReplyLost: boolean;
  readonly lateUs: number;
}

export function drawFortune(options: ProviderOptions, uniform: () => number): Fortune {
  const { latency = 20, errors = 0, hang = 0, loseReply = 0, late } = options;
  const [time, error, hanging, lost, lateness] = [
    uniform(),
    uniform(),
    uniform(),
    uniform(),
    uniform(),
  ];
  return {
    latencyUs: latencyUs(latency, time),
    isError: error < errors,
    isHanging: hanging < hang,
    isReplyLost: lost < loseReply,
    lateUs: late !== undefined && lateness < late.share ? microseconds(late.ms) : 0,
  };
}

function latencyUs(latency: ProviderLatency, uniform: number): number {
  if (typeof latency === "number") return microseconds(latency);
  if ("mean" in latency) return microseconds(-ln(1 - uniform) * latency.mean);
  const [fromMs, toMs] = latency;
  return microseconds(fromMs + uniform * (toMs - fromMs));
}

/** The outage of the plan that holds now; the first, where they overlap. */
export function plannedOutage(
  schedule: readonly ProviderOutage[] | undefined,
  nowUs: number,
): ProviderOutage | undefined {
  return schedule?.find(
    ({ fromMs, untilMs }) => nowUs >= fromMs * US_PER_MS && nowUs < untilMs * US_PER_MS,
  );
}

/** Refuses options that cannot be meant. */
export function checkOptions(options: ProviderOptions): ProviderOptions {
  const { latency = 0, limit, late, concurrency = 1, forget = 0, schedule = [] } = options;
  const times =
    typeof latency === "number" ? [latency] : "mean" in latency ? [latency.mean] : latency;
  for (const ms of [...times, late?.ms ?? 0, forget, limit?.refusalMs ?? 0])
    checkMs(ms, "provider");
  for (const name of ["errors", "hang", "loseReply"] as const) checkShare(options[name], name);
  checkShare(late?.share, "late.share");
  if (limit !== undefined && !(limit.perSecond > 0 && isCount(limit.burst ?? 1)))
    throw bad("limit.perSecond is above 0 and limit.burst a whole number from 1 on", limit);
  if (concurrency !== Number.POSITIVE_INFINITY && !isCount(concurrency))
    throw bad("concurrency is a whole number from 1 on, or Infinity", concurrency);
  for (const outage of schedule) {
    if (!(outage.fromMs < outage.untilMs)) throw bad("an outage has fromMs before untilMs", outage);
  }
  return options;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function checkShare(value: number | undefined, name: string): void {
  if (value !== undefined && !(value >= 0 && value <= 1))
    throw bad(`${name} is a share from 0 to 1`, value);
}

function bad(what: string, seen: unknown): ErlangError {
  return new ErlangError("badarg", `${what}; seen: ${JSON.stringify(seen)}`);
}
