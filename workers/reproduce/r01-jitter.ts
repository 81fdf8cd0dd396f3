/** R1: back-off with and without jitter when many clients write one versioned record. */
import { type Process, power, RandomStream, US_PER_MS } from "../kernel/index.ts";
import { draw, type Law } from "./draws.ts";
import { atMost, type Reproduction, type Row, row, type Sample, within } from "./reproduction.ts";
import { post, run, serve } from "./stand.ts";
import { column, mean } from "./statistics.ts";

const HOP_MS: Law = { kind: "normal", mean: 10, deviation: 2 };
const BASE_MS = 5;
const CAP_MS = 2000;
/** Runs with 190 clients; five times as many with fewer, which is the authors' 100. */
const RUN_COUNT_OF_MANY = 20;
const MANY = 190;

/** How long a client waits after its n-th failure, n from 1. */
type Policy = "none" | "exponential" | "equal jitter" | "full jitter" | "decorrelated jitter";

/** What the authors' program gives: writes and milliseconds until all are done. Means of 300 runs of it. */
const PUBLISHED: readonly (readonly [Policy, number, number, number])[] = [
  ["exponential", 10, 50.7, 3435],
  ["decorrelated jitter", 10, 37.7, 440],
  ["equal jitter", 10, 42.5, 727],
  ["full jitter", 10, 39.0, 467],
  ["none", 10, 50.6, 378],
  ["exponential", 50, 623, 36614],
  ["decorrelated jitter", 50, 374, 2245],
  ["equal jitter", 50, 347, 4262],
  ["full jitter", 50, 333, 2895],
  ["none", 50, 688, 1138],
  ["exponential", 100, 1856, 63535],
  ["decorrelated jitter", 100, 1002, 4604],
  ["equal jitter", 100, 812, 6616],
  ["full jitter", 100, 796, 4867],
  ["none", 100, 2423, 2027],
  ["exponential", 190, 5164, 101316],
  ["decorrelated jitter", 190, 2433, 7886],
  ["equal jitter", 190, 1761, 9430],
  ["full jitter", 190, 1771, 7473],
  ["none", 190, 8002, 3536],
];

/** What is run in turn: a round of all, with 190 clients in each fifth round only. */
const KINDS = PUBLISHED.map((_, kind) => kind);
const FEW = KINDS.filter((kind) => PUBLISHED[kind]?.[1] !== MANY);
const SLOTS = [...KINDS, ...FEW, ...FEW, ...FEW, ...FEW];

type Message =
  | { readonly kind: "read"; readonly client: number }
  | { readonly kind: "write"; readonly client: number; readonly version: number }
  | { readonly kind: "value"; readonly version: number }
  | { readonly kind: "written"; readonly isDone: boolean };

/** One run: every client updates the record once. Gives the writes that were tried, and the time it took. */
export function contend(clientCount: number, policy: Policy, seed: number): Sample {
  let callCount = 0;
  let endedUs = 0;
  run({ horizonUs: 1e13 }, seed, (node) => {
    const clients: Process[] = [];
    const record = serve<Message>(node, "record", (self) => {
      const random = new RandomStream(seed, 0);
      let current = 0;
      const answer = (client: number, body: Message) =>
        post(self, clients[client] as Process, body, draw(random, HOP_MS) * US_PER_MS);
      return (message) => {
        if (message.kind === "read") answer(message.client, { kind: "value", version: current });
        if (message.kind !== "write") return;
        callCount++;
        const isDone = message.version === current;
        if (isDone) current++;
        answer(message.client, { kind: "written", isDone });
      };
    });
    for (let client = 0; client < clientCount; client++) {
      clients.push(
        serve<Message>(node, "client", (self) => {
          const random = new RandomStream(seed, 1, client);
          const pauseMs = pauses(policy, random);
          const ask = (body: Message, afterMs = 0) =>
            post(self, record, body, (draw(random, HOP_MS) + afterMs) * US_PER_MS);
          let failureCount = 0;
          ask({ kind: "read", client });
          return (message) => {
            if (message.kind === "value") ask({ kind: "write", client, version: message.version });
            if (message.kind !== "written") return;
            if (message.isDone) endedUs = node.now;
            else ask({ kind: "read", client }, pauseMs(++failureCount));
          };
        }),
      );
    }
  });
  return [callCount, endedUs / US_PER_MS];
}

/** The pauses of one client, by the number of its failure. */
function pauses(policy: Policy, random: RandomStream): (failure: number) => number {
  const exponential = (failure: number) => Math.min(CAP_MS, BASE_MS * power(2, failure));
  let lastMs = BASE_MS;
  return (failure) => {
    switch (policy) {
      case "none":
        return 0;
      case "exponential":
        return exponential(failure);
      case "equal jitter":
        return exponential(failure) * (0.5 + random.uniform() / 2);
      case "full jitter":
        return exponential(failure) * random.uniform();
      case "decorrelated jitter":
        lastMs = Math.min(CAP_MS, BASE_MS + random.uniform() * (lastMs * 3 - BASE_MS));
        return lastMs;
    }
  };
}

export const jitter: Reproduction = {
  id: "R1",
  title: "Back-off and jitter under optimistic contention",
  sources: [
    { title: "AWS Architecture Blog 2015 (Brooker), its simulator's code", confidence: "P" },
    { title: "the same, its text", confidence: "S" },
  ],
  conditions:
    "n clients each update one versioned record once: read, then write if the version is still that. Every hop takes |N(10, 2)| ms; base 5 ms, cap 2,000 ms; calls are writes, time is until the last client is done. 100 runs, with 190 clients 20.",
  assumptions: [
    "The blog shows curves without numbers; “published” is what its authors' program printed when we ran it, mean of 300 runs.",
    "Hops overtake one another, as in that program; a TCP connection would keep their order.",
  ],
  lessons: ["L15"],
  trialCount: SLOTS.length * RUN_COUNT_OF_MANY,
  trial(index, seed) {
    const kind = SLOTS[index % SLOTS.length] as number;
    const [policy, clientCount] = PUBLISHED[kind] as (typeof PUBLISHED)[number];
    return contend(clientCount, policy, seed);
  },
  conclude(samples) {
    const found = PUBLISHED.map(([policy, clientCount, calls, timeMs], kind) => {
      const turns = samples.filter((_, index) => SLOTS[index % SLOTS.length] === kind);
      const [ourCalls, ourMs] = [mean(column(turns, 0)), mean(column(turns, 1))];
      return { policy, clientCount, calls, timeMs, ourCalls, ourMs, isKnown: turns.length > 0 };
    }).filter(({ isKnown }) => isKnown);
    const rows: Row[] = found.flatMap(({ policy, clientCount, calls, timeMs, ourCalls, ourMs }) => [
      row({
        what: `${policy}, ${clientCount} clients: calls`,
        unit: "calls",
        published: calls,
        ours: ourCalls,
        band: within(calls, 0.03, "the authors' program"),
        point: { series: `calls, ${policy}`, x: clientCount },
      }),
      row({
        what: `${policy}, ${clientCount} clients: time`,
        unit: "ms",
        published: timeMs,
        ours: ourMs,
        band: within(timeMs, 0.08, "the authors' program"),
        point: { series: `time, ${policy}`, x: clientCount },
      }),
    ]);
    const at100 = (policy: Policy) =>
      found.find((one) => one.policy === policy && one.clientCount === 100);
    const plain = at100("exponential");
    const full = at100("full jitter");
    if (plain === undefined || full === undefined) return rows;
    const others = found.filter((one) => one.clientCount === 100 && one !== plain);
    return [
      ...rows,
      row({
        what: "calls with full jitter, as a share of those without, 100 clients",
        unit: "",
        published: "cut by more than half",
        ours: full.ourCalls / plain.ourCalls,
        band: atMost(0.45, "at most 0.45"),
      }),
      row({
        what: "slowest other policy's time, as a share of plain exponential's, 100 clients",
        unit: "",
        published: "exponential without jitter is the worst",
        ours: Math.max(...others.map(({ ourMs }) => ourMs)) / plain.ourMs,
        band: atMost(1, "below 1"),
      }),
    ];
  },
};
