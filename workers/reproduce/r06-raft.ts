/** R6: how long a Raft cluster is without a leader, by the spread of its election time-outs. */
import { type Process, RandomStream, US_PER_MS } from "../kernel/index.ts";
import {
  atLeast,
  atMost,
  type Reproduction,
  type Row,
  row,
  type Sample,
  within,
} from "./reproduction.ts";
import { later, run, serve } from "./stand.ts";
import { column, mean, quantile } from "./statistics.ts";

const SERVERS = ["s1", "s2", "s3", "s4", "s5"] as const;
const LEADER = "s1";
const MAJORITY = 3;
/** Entries in their logs: a voter refuses whoever has fewer, so only s2 and s3 can win. */
const LOG_LENGTHS = [10, 10, 10, 9, 8];
const ONE_WAY_US = { kind: "uniform", fromUs: 2000, toUs: 3000 } as const;
const PERSIST_US = { kind: "uniform", fromUs: 8000, toUs: 11_000 } as const;
/** A trial without a leader until then is over: the paper's line is at 10 s. */
const HORIZON_MS = 10_250;

type Message =
  | {
      readonly kind: "vote?";
      readonly term: number;
      readonly from: string;
      readonly logLength: number;
    }
  | {
      readonly kind: "vote";
      readonly term: number;
      readonly from: string;
      readonly isGranted: boolean;
    };

/** Where the time-outs are drawn from, ms. */
const RANGES = [
  [150, 150],
  [150, 155],
  [150, 200],
  [12, 24],
] as const;

/** What is run in turn; the first range, without randomness, in one of twenty rounds. */
const ROUND_COUNT = 50;
const SLOTS = [0, ...Array.from({ length: 20 }, () => [1, 2, 3]).flat()];
const kindOf = (index: number) => SLOTS[index % SLOTS.length] as number;

/** One crash of a leader. Gives the milliseconds until there is another, or until it was given up. */
export function elect(leastMs: number, mostMs: number, seed: number): Sample {
  const random = new RandomStream(seed, 0);
  const crashUs = Math.max(1, Math.round((random.uniform() * leastMs * US_PER_MS) / 2));
  const horizonUs = HORIZON_MS * US_PER_MS;
  let electedUs = horizonUs;
  run(
    {
      horizonUs,
      isOver: () => electedUs < horizonUs,
      nodes: SERVERS.map((name) => ({ name, cores: 1 })),
      wires: SERVERS.flatMap((a, i) =>
        SERVERS.slice(i + 1).map(
          (b) => ({ between: [a, b], latency: ONE_WAY_US, loss: 0 }) as const,
        ),
      ),
      faults: [{ kind: "crash", node: LEADER, atUs: crashUs }],
    },
    seed,
    (node) => {
      if (node.name === LEADER) return;
      const elected = () => {
        electedUs = Math.min(electedUs, node.now);
      };
      const draws = new RandomStream(seed, 1, node.index);
      const waitMs = () => leastMs + draws.uniform() * (mostMs - leastMs);
      serve<Message>(
        node,
        node.name,
        (self) => {
          const follower = new Follower(self, draws, waitMs, elected);
          return (message) => follower.take(message);
        },
        "raft",
      );
    },
  );
  return [(electedUs - crashUs) / US_PER_MS];
}

/**
 * A server that has just heard the last heartbeat, as the paper's Figure 2 has it: terms and votes
 * are on disk before an answer goes out. Its own vote is written while it asks for the others',
 * and is down (11 ms at most) before the first answer can be there (12 ms at least).
 */
class Follower {
  readonly #self: Process;
  readonly #draws: RandomStream;
  readonly #waitMs: () => number;
  readonly #elected: () => void;
  readonly #logLength: number;
  #term = 1;
  #votedFor: string | undefined = undefined;
  readonly #votes = new Set<string>();
  #isCandidate = false;
  #stopTimer = () => {};

  constructor(self: Process, draws: RandomStream, waitMs: () => number, elected: () => void) {
    this.#self = self;
    this.#draws = draws;
    this.#waitMs = waitMs;
    this.#elected = elected;
    this.#logLength = LOG_LENGTHS[self.node.index] ?? 0;
    this.#setTimer();
  }

  take(message: Message): void {
    const isNewTerm = message.term > this.#term;
    if (isNewTerm) {
      this.#term = message.term;
      this.#votedFor = undefined;
      this.#isCandidate = false;
    }
    if (message.kind === "vote") this.#count(message);
    else this.#vote(message, isNewTerm);
  }

  #setTimer(): void {
    this.#stopTimer();
    this.#stopTimer = later(this.#self, this.#waitMs() * US_PER_MS, () => this.#stand());
  }

  #stand(): void {
    const me = this.#self.node.name;
    this.#setTimer();
    this.#term++;
    this.#votedFor = me;
    this.#votes.clear();
    this.#votes.add(me);
    this.#isCandidate = true;
    const term = this.#term;
    for (const peer of SERVERS)
      if (peer !== me)
        this.#send(peer, { kind: "vote?", term, from: me, logLength: this.#logLength });
  }

  #vote({ term, from, logLength }: Message & { kind: "vote?" }, isNewTerm: boolean): void {
    const isFree = this.#votedFor === undefined || this.#votedFor === from;
    const isGranted = term === this.#term && isFree && logLength >= this.#logLength;
    if (isGranted) {
      this.#votedFor = from;
      this.#setTimer();
    }
    const me = this.#self.node.name;
    const answer: Message = { kind: "vote", term: this.#term, from: me, isGranted };
    const isToPersist = isGranted || isNewTerm;
    if (isToPersist)
      later(this.#self, this.#draws.durationUs(PERSIST_US), () => this.#send(from, answer));
    else this.#send(from, answer);
  }

  #count({ term, from, isGranted }: Message & { kind: "vote" }): void {
    if (!this.#isCandidate || term !== this.#term || !isGranted) return;
    this.#votes.add(from);
    if (this.#votes.size < MAJORITY) return;
    this.#stopTimer();
    this.#elected();
  }

  #send(to: string, message: Message): void {
    this.#self.node.send(this.#self, { name: "raft", node: to }, message);
  }
}

export const raft: Reproduction = {
  id: "R6",
  title: "Raft: randomness in election time-outs",
  sources: [{ title: "Ongaro and Ousterhout, USENIX ATC 2014, §9.3", confidence: "P" }],
  conditions:
    "Five servers, a broadcast takes about 15 ms. The leader crashes at a random moment of a heartbeat interval of half the least time-out, after a heartbeat that all heard at once; logs are unequal. Time from the crash to the next leader, 1,000 trials.",
  assumptions: [
    "The paper gives the broadcast's sum alone. Here a message takes 2 to 3 ms one way and writing a term or vote 8 to 11 ms; another split gives other numbers.",
    "Two of the four followers have logs that a majority votes for.",
    "Without randomness 50 trials; each is given up at 10.25 s.",
  ],
  lessons: ["L14"],
  trialCount: SLOTS.length * ROUND_COUNT,
  trial(index, seed) {
    const range = RANGES[kindOf(index)] as (typeof RANGES)[number];
    return elect(range[0], range[1], seed);
  },
  conclude(samples) {
    const times = RANGES.map((_, kind) =>
      column(
        samples.filter((_, index) => kindOf(index) === kind),
        0,
      ),
    );
    const [none = [], five = [], fifty = [], short = []] = times;
    const rows: Row[] = [];
    if (five.length > 0)
      rows.push(
        row({
          what: "150–155 ms: median",
          unit: "ms",
          published: 287,
          ours: quantile(five, 0.5),
          band: within(287, 0.2, "published"),
        }),
      );
    if (fifty.length > 0)
      rows.push(
        row({
          what: "150–200 ms: longest",
          unit: "ms",
          published: 513,
          ours: Math.max(...fifty),
          band: atMost(700, "at most 700: the longest of 1,000 varies"),
        }),
      );
    if (short.length > 0)
      rows.push(
        row({
          what: "12–24 ms: mean",
          unit: "ms",
          published: 35,
          ours: mean(short),
          band: atMost(50, "at most 50: depends on the split of delays"),
        }),
        row({
          what: "12–24 ms: longest",
          unit: "ms",
          published: 152,
          ours: Math.max(...short),
          band: within(152, 0.5, "published"),
        }),
      );
    if (none.length > 0)
      rows.push(
        row({
          what: "150–150 ms: shortest, each given up after 10.2 s",
          unit: "ms",
          published: "consistently longer than 10 s",
          ours: Math.min(...none),
          band: atLeast(10_000, "10 s or longer"),
        }),
      );
    return rows;
  },
};
