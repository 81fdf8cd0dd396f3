/**
 * provider: somebody else's service, as it is met: a bank, a mail house, a warehouse. It runs on a
 * node of its own and can be slow, full, out, or silent after it has done what it was asked.
 *
 *     export const bank = provider({ effect: "charge", latency: [20, 80], idempotencyKey: true });
 *     const answer = await provider.request({ name: "bank", node: "bank" }, { key: "order-17", amount: 12 });
 *
 * What it does is done in one instant, when it begins with a request: then `handle` is asked, the
 * effect goes into the ledger and the idempotency key is remembered, all at once. Only the answer
 * comes later, or never; so whoever hears nothing cannot know. Every request takes the same number
 * of draws from the provider's own stream, so that no option shifts what another one draws.
 * Rules PR1 to PR7.
 */
import { copy, microseconds, type Process, US_PER_MS } from "../kernel/index.ts";
import { call, type From } from "../otp/call.ts";
import { genServer, type NoReplyResult } from "../otp/gen-server.ts";
import { here } from "../otp/here.ts";
import type { ServerRef } from "../otp/naming.ts";
import { effect } from "../otp/probe.ts";
import { respond } from "../otp/raw-call.ts";
import type { Definition } from "../otp/start.ts";
import type { Term } from "../otp/term.ts";
import { ProviderLedger } from "./provider-ledger.ts";
import {
  checkOptions,
  drawFortune,
  type Fortune,
  type ProviderOptions,
  type ProviderOutage,
  type ProviderRequest,
  plannedOutage,
} from "./provider-options.ts";

/** What a provider's refusals look like: `["error", problem]`. Statuses are those of HTTP. */
export interface ProviderProblem {
  /** 429 too many requests, 500 failed, 503 out or overloaded, 409 key used for something else, 404 unknown, 400 not understood; or what `handle` says. */
  readonly status: number;
  /** With 429: when there may be room again, in ms. */
  readonly retryAfterMs?: number;
}

/** A third party's service, made by `provider`; started under a name as a server is. */
export interface ProviderService extends Definition {
  readonly kind: "provider";
}

/** `provider(…)` makes a service; what is asked of one is under `provider`, as in `provider.request`. */
export interface ProviderApi {
  /** Makes a service, to be started by the scenario on a node of its own. `cowboy`. */
  (options?: ProviderOptions): ProviderService;
  /**
   * Asks for something to be done: what the service answers, `["error", { status, … }]` when it
   * refuses. When no answer comes in `timeout` ms (default 5,000) the caller exits, and the request
   * may have been carried out. A plain `call`. `hackney:request/5`.
   */
  request<Answer = Term>(
    service: ServerRef,
    request: ProviderRequest,
    options?: { readonly timeout?: number },
  ): Promise<Answer>;
  /**
   * Asks what was done about `key`: the answer to the last request that had an effect, whether it
   * arrived or not; `["error", { status: 404 }]` when there was none. Takes as long as a request and
   * can fail like one. A plain `call` with `{ query: key }`. `hackney:request/5`.
   */
  query<Answer = Term>(
    service: ServerRef,
    key: string | number,
    options?: { readonly timeout?: number },
  ): Promise<Answer>;
}

/** Somebody else's service, which throttles, fails, hangs and forgets. A stub of an HTTP API, as `bypass` makes them. */
export const provider: ProviderApi = Object.freeze(
  Object.assign((options: ProviderOptions = {}) => createProvider(checkOptions(options)), {
    request: <Answer = Term>(
      service: ServerRef,
      request: ProviderRequest,
      options?: { readonly timeout?: number },
    ) => call<Answer>(service, request, options),
    query: <Answer = Term>(
      service: ServerRef,
      key: string | number,
      options?: { readonly timeout?: number },
    ) => call<Answer>(service, { query: key }, options),
  }),
);

/** What comes as a call. */
type Asked = ProviderRequest | Query;

/** A question what was done about something. */
interface Query {
  readonly query: string | number;
}

/** Requests that wait for others to be done, at most. */
const WAITING_MAX = 1_000;

function createProvider(options: ProviderOptions): ProviderService {
  const { begin } = genServer<Service, Asked, never, unknown>({
    init: () => ["ok", new Service(here(), options)],
    handleCall(asked, from, service): NoReplyResult<Service> {
      service.receive(asked, from);
      return ["noreply", service];
    },
    handleInfo: (_message, service) => ["noreply", service],
  });
  return { kind: "provider", begin };
}

/** A request that was let in. */
interface Visit {
  readonly asked: Asked;
  readonly from: From;
  readonly fortune: Fortune;
  readonly latencyUs: number;
}

class Service {
  readonly #process: Process;
  readonly #options: ProviderOptions;
  readonly #ledger: ProviderLedger;
  /** Requests it works on, and those that wait for it to. */
  #working = 0;
  #waiting: Visit[] = [];
  /** The token bucket: how full it was when it was last looked at. */
  #tokens: number;
  #countedAtUs = 0;

  constructor(process: Process, options: ProviderOptions) {
    this.#process = process;
    this.#options = options;
    this.#ledger = new ProviderLedger(options.forget);
    this.#tokens = options.limit?.burst ?? 1;
  }

  receive(asked: Asked, from: From): void {
    const { node } = this.#process;
    const random = node.randomOf(this.#process);
    const fortune = drawFortune(this.#options, () => random.uniform());
    const outage = this.#outage();
    if (outage?.mode === "hang" || fortune.isHanging) return;
    if (outage?.mode === "down") return this.#refuse(from, { status: 503 });
    if (!isAsked(asked)) return this.#refuse(from, { status: 400 });
    if (outage?.mode === "throttle") {
      const leftMs = outage.untilMs - node.now / US_PER_MS;
      return this.#refuse(from, { status: 429, retryAfterMs: Math.round(leftMs) }, this.#refusalUs);
    }
    const retryAfterMs = this.#takeToken();
    if (retryAfterMs > 0) return this.#refuse(from, { status: 429, retryAfterMs }, this.#refusalUs);
    const latencyUs = fortune.latencyUs * (outage?.mode === "slow" ? (outage.factor ?? 10) : 1);
    if (outage?.mode === "errors" || fortune.isError)
      return this.#refuse(from, { status: 500 }, latencyUs);
    this.#admit({ asked, from, fortune, latencyUs });
  }

  /** How it is out now: by its own schedule, or by a fault of the scenario, which names it as it is registered. */
  #outage(): ProviderOutage | undefined {
    const { node, name } = this.#process;
    const mode = name === undefined ? undefined : node.outageOf(name);
    if (mode !== undefined) return { mode, fromMs: 0, untilMs: Number.POSITIVE_INFINITY };
    return plannedOutage(this.#options.schedule, node.now);
  }

  get #refusalUs(): number {
    return microseconds(this.#options.limit?.refusalMs ?? 0);
  }

  /** Takes a token, and returns 0; or the ms until there is one. */
  #takeToken(): number {
    const { limit } = this.#options;
    if (limit === undefined) return 0;
    const { now } = this.#process.node;
    const { perSecond, burst = 1 } = limit;
    const gained = ((now - this.#countedAtUs) * perSecond) / 1_000_000;
    this.#tokens = Math.min(burst, this.#tokens + gained);
    this.#countedAtUs = now;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) * 1_000) / perSecond);
    this.#tokens--;
    return 0;
  }

  #admit(visit: Visit): void {
    const { concurrency = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#working < concurrency) this.#carryOut(visit);
    else if (this.#waiting.length < WAITING_MAX) this.#waiting.push(visit);
    else this.#refuse(visit.from, { status: 503 });
  }

  /** Does what is asked, now; the answer takes its time. */
  #carryOut({ asked, from, fortune, latencyUs }: Visit): void {
    const answer = isQuery(asked) ? this.#ledger.find(asked.query) : this.#perform(asked);
    this.#working++;
    this.#in(latencyUs, () => {
      this.#working--;
      const next = this.#waiting.shift();
      if (next !== undefined) this.#carryOut(next);
      if (fortune.isReplyLost) return;
      this.#in(fortune.lateUs, () => respond(this.#process, from, answer));
    });
  }

  /** The one instant in which something is done: answer, effect and memory of it, or none of them. */
  #perform(request: ProviderRequest): unknown {
    const { handle, effect: name = "request", idempotencyKey: isKeyed = false } = this.#options;
    const { now } = this.#process.node;
    const known = isKeyed ? this.#ledger.recall(request, now) : undefined;
    if (known !== undefined) return known;
    const answer = copy(handle === undefined ? ["ok", request] : handle(request)).value;
    if (isKeyed) this.#ledger.remember(request, answer, now);
    if (Array.isArray(answer) && answer[0] === "error") return answer;
    this.#ledger.enter(request.key, answer);
    effect(typeof name === "function" ? name(request) : name, request.key, request);
    return answer;
  }

  #refuse(to: From, problem: ProviderProblem, afterUs = 0): void {
    this.#in(afterUs, () => respond(this.#process, to, ["error", problem]));
  }

  /** At once or later, as a step of the process; an error of `handle` ends the process as one of its own would. */
  #in(us: number, body: () => void): void {
    const process = this.#process;
    const { node } = process;
    if (us <= 0) return body();
    node.arm(process, node.now + Math.round(us), () =>
      node.wake(process, () => {
        try {
          body();
        } catch (thrown) {
          node.crash(process, thrown);
        }
      }),
    );
  }
}

/** True for what a request or a query looks like; a call by hand may bring anything. */
function isAsked(value: unknown): value is Asked {
  if (typeof value !== "object" || value === null) return false;
  const { key, query } = value as { readonly key?: unknown; readonly query?: unknown };
  return [key, query].some((name) => typeof name === "string" || typeof name === "number");
}

/** A request may have a field of that name, too; then it has a key. */
function isQuery(asked: Asked): asked is Query {
  return (asked as Partial<ProviderRequest>).key === undefined;
}
