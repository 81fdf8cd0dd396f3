/** R4: what policies of retrying cost and bring when a share of all calls fails. */
import { power, RandomStream } from "../kernel/index.ts";
import { atMost, type Reproduction, type Row, row, type Sample, within } from "./reproduction.ts";
import { answer, ask, begin, run, serve } from "./stand.ts";
import { column, mean, turnsOf } from "./statistics.ts";

const RETRIES_MAX = 3;
const REQUEST_COUNT = 5000;
const RUN_COUNT = 4;
const DEPOSIT = 0.1;
const TOKENS_MAX = 10;
/** The breaker lets retries pass while fewer than this share of the last calls failed. */
const BREAKER_SHARE = 0.1;
const BREAKER_CALLS = 100;

type Policy = "3 retries" | "token bucket" | "breaker";

const POLICIES: readonly Policy[] = ["3 retries", "token bucket", "breaker"];
const FAILURE_RATES = [0.01, 0.05, 0.2, 0.5, 0.8, 1] as const;
const KINDS = POLICIES.flatMap((policy) => FAILURE_RATES.map((rate) => ({ policy, rate })));

/** A client's view of whether it may retry. */
interface Retrying {
  note(isSuccess: boolean): void;
  /** Asked before each retry; what it costs is paid then. */
  mayRetry(): boolean;
}

/** Requests one after the other against a server that fails by chance. Gives calls and successes for each. */
export function request(policy: Policy, failureRate: number, seed: number): Sample {
  let callCount = 0;
  let successCount = 0;
  run({ horizonUs: 1e12 }, seed, (node) => {
    const random = new RandomStream(seed, 0);
    const server = serve(node, "server", (self) => (_, call) => {
      callCount++;
      answer(self, call, random.uniform() >= failureRate);
    });
    begin(node, "client", function* (self) {
      const retrying = retryingBy(policy);
      for (let i = 0; i < REQUEST_COUNT; i++) {
        for (let retry = 0; retry <= RETRIES_MAX; retry++) {
          if (retry > 0 && !retrying.mayRetry()) break;
          const isSuccess = (yield* ask(self, server.pid, i)) === true;
          retrying.note(isSuccess);
          if (!isSuccess) continue;
          successCount++;
          break;
        }
      }
    });
  });
  return [callCount / REQUEST_COUNT, successCount / REQUEST_COUNT];
}

function retryingBy(policy: Policy): Retrying {
  switch (policy) {
    case "3 retries":
      return { note: () => {}, mayRetry: () => true };
    case "token bucket":
      return tokenBucket();
    case "breaker":
      return breaker();
  }
}

function tokenBucket(): Retrying {
  let tokens = TOKENS_MAX;
  return {
    note(isSuccess) {
      if (isSuccess) tokens = Math.min(TOKENS_MAX, tokens + DEPOSIT);
    },
    mayRetry() {
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
  };
}

function breaker(): Retrying {
  const last: boolean[] = [];
  let failureCount = 0;
  return {
    note(isSuccess) {
      last.push(isSuccess);
      if (!isSuccess) failureCount++;
      if (last.length > BREAKER_CALLS && last.shift() === false) failureCount--;
    },
    mayRetry: () => failureCount < BREAKER_SHARE * BREAKER_CALLS,
  };
}

/** Calls and successes for each request as computed: 1 + x + x² + x³, or 1 + 0.1 for each success. */
function expected(policy: Policy, x: number): readonly [calls: number, success: number] {
  const retries = (1 - power(x, RETRIES_MAX + 1)) / (1 - x);
  const all = x === 1 ? RETRIES_MAX + 1 : retries;
  if (policy === "3 retries") return [all, 1 - power(x, RETRIES_MAX + 1)];
  if (policy === "breaker") return [x < BREAKER_SHARE ? all : 1, x < BREAKER_SHARE ? 1 : 1 - x];
  const calls = Math.min(all, 1 / (1 - DEPOSIT * (1 - x)));
  return [calls, Math.min(1 - power(x, RETRIES_MAX + 1), (1 - x) * calls)];
}

/** What the source says in words about a policy at a failure rate. */
function published(policy: Policy, x: number): string | number | undefined {
  if (policy === "3 retries" && x === 1) return RETRIES_MAX + 1;
  if (policy === "token bucket" && x < 0.1) return "like 3 retries";
  if (policy === "token bucket") return "like 0.1 retries";
  return undefined;
}

export const policies: Reproduction = {
  id: "R4",
  title: "Retry policies against a rate of failure",
  sources: [
    {
      title: "Brooker, “Fixing retries with token buckets and circuit breakers”, 2022",
      confidence: "P",
    },
  ],
  conditions:
    "Every call fails with chance x, whatever the load. Up to 3 retries; or as long as there is a token, of which every success brings 0.1; or as long as a breaker sees less than 10 % failures.",
  assumptions: [
    "The source gives curves and rules of thumb; the bands are laid around what these rules compute to.",
    "One client, 20,000 requests a point; a bucket of 10 tokens, full at first; the breaker looks at the last 100 calls. The source: few or many clients change the breaker's curve near its threshold, which is left out here.",
  ],
  lessons: ["L15"],
  trialCount: KINDS.length * RUN_COUNT,
  trial(index, seed) {
    const { policy, rate } = KINDS[index % KINDS.length] as (typeof KINDS)[number];
    return request(policy, rate, seed);
  },
  conclude(samples) {
    return KINDS.slice(0, samples.length).flatMap(({ policy, rate }, kind): Row[] => {
      const turns = turnsOf(samples, kind, KINDS.length);
      const [calls, success] = expected(policy, rate);
      const ours = mean(column(turns, 0));
      const what = `${policy}, ${rate * 100} % of calls fail`;
      const rows = [
        row({
          what: `${what}: calls for each request`,
          unit: "calls",
          published: published(policy, rate),
          ours,
          band: within(calls, 0.02, "formula"),
          point: { series: `calls, ${policy}`, x: rate },
        }),
        row({
          what: `${what}: requests that succeed`,
          unit: "",
          published: undefined,
          ours: mean(column(turns, 1)),
          band: within(success, 0.02, "formula"),
          point: { series: `success, ${policy}`, x: rate },
        }),
      ];
      if (policy !== "token bucket") return rows;
      const bound = atMost(1.1, "at most 1.1");
      return [
        ...rows,
        row({ what: `${what}: bound on calls`, unit: "calls", published: 1.1, ours, band: bound }),
      ];
    });
  },
};
