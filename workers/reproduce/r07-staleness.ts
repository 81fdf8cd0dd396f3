/** R7: how often, and for how long, a partial quorum reads what was there before the last write. */
import { type Process, RandomStream, US_PER_MS } from "../kernel/index.ts";
import { draw, type Law } from "./draws.ts";
import { type Band, near, type Reproduction, row, type Sample, within } from "./reproduction.ts";
import { post, run, serve } from "./stand.ts";
import { mean, quantile } from "./statistics.ts";

const REPLICA_COUNT = 3;
/** Writes, each followed by a read, in one trial. */
const OPERATION_COUNT = 1000;
const TAIL = 0.999;

/** One-way delays in ms of a write to a replica, and of its acknowledgement, a read and its answer. */
interface Delays {
  readonly write: Law;
  readonly other: Law;
}

type Model = "ssd" | "disk" | "yammer" | "slow" | "quick";

const exponential = (rate: number): Law => ({ kind: "exponential", mean: 1 / rate });
const pareto = (least: number, shape: number): Law => ({ kind: "pareto", least, shape });
const mix = (share: number, one: Law, other: Law): Law => ({ kind: "mix", share, one, other });

const SSD = mix(0.9122, pareto(0.235, 10), exponential(1.66));
const MODELS: Readonly<Record<Model, Delays>> = {
  ssd: { write: SSD, other: SSD },
  disk: { write: mix(0.38, pareto(1.05, 1.51), exponential(0.183)), other: SSD },
  yammer: {
    write: mix(0.939, pareto(3, 3.35), exponential(0.0028)),
    other: mix(0.982, pareto(1.5, 3.8), exponential(0.0217)),
  },
  slow: { write: exponential(0.1), other: exponential(1) },
  quick: { write: exponential(4), other: exponential(1) },
};

/** What is run in turn. The first three are rounded fits of what was measured in production. */
const SLOTS: readonly Model[] = ["ssd", "disk", "yammer", "slow", "ssd", "disk", "yammer", "quick"];
const ROUND_COUNT = 30;

/** What is measured of one operation, ms; the staleness is how much later the read had to begin to be fresh. */
const MEASURES = ["write", "read1", "read2", "stale1", "stale2"] as const;
type Measure = (typeof MEASURES)[number];

type Message =
  | { readonly kind: "begin"; readonly key: number }
  | { readonly kind: "write" | "read"; readonly key: number }
  | { readonly kind: "written" | "value"; readonly key: number; readonly replica: number };

/** What the bench sees of one operation, µs: the processes themselves know none of it. */
class Observed {
  beganUs = 0;
  committedUs = 0;
  readonly writtenUs = new Float64Array(REPLICA_COUNT).fill(Number.POSITIVE_INFINITY);
  readonly readUs = new Float64Array(REPLICA_COUNT);
  /** Replicas in the order in which their answers came, with the time. */
  readonly answers: { readonly replica: number; readonly atUs: number }[] = [];

  /** How much later the read had to begin so that one of its first `quorum` answers is fresh. */
  staleUs(quorum: number): number {
    const late = this.answers
      .slice(0, quorum)
      .map(({ replica: i }) => (this.writtenUs[i] as number) - (this.readUs[i] as number));
    return Math.max(0, Math.min(...late));
  }

  measure(what: Measure): number {
    switch (what) {
      case "write":
        return this.committedUs - this.beganUs;
      case "read1":
        return (this.answers[0]?.atUs ?? 0) - this.committedUs;
      case "read2":
        return (this.answers[1]?.atUs ?? 0) - this.committedUs;
      case "stale1":
        return this.staleUs(1);
      case "stale2":
        return this.staleUs(2);
    }
  }
}

/** Writes to three replicas, waits for one acknowledgement, and reads at once from all three. */
export function writeAndRead(delays: Delays, operationCount: number, seed: number): Sample {
  const seen = Array.from({ length: operationCount }, () => new Observed());
  run({ horizonUs: 1e12 }, seed, (node) => {
    const replicas = Array.from({ length: REPLICA_COUNT }, (_, replica) =>
      serve<Message>(node, `replica-${replica + 1}`, (self) => {
        const random = new RandomStream(seed, 1, replica);
        return ({ kind, key }) => {
          const { writtenUs, readUs } = seen[key] as Observed;
          (kind === "write" ? writtenUs : readUs)[replica] = node.now;
          const answer: Message = { kind: kind === "write" ? "written" : "value", key, replica };
          post(self, coordinator, answer, draw(random, delays.other) * US_PER_MS);
        };
      }),
    );
    const coordinator: Process = serve<Message>(node, "coordinator", (self) => {
      const random = new RandomStream(seed, 0);
      const toAll = (body: Message, law: Law) => {
        for (const replica of replicas) post(self, replica, body, draw(random, law) * US_PER_MS);
      };
      for (let key = 0; key < operationCount; key++) post(self, self, { kind: "begin", key }, key);
      return (message) => {
        const { kind, key } = message;
        const one = seen[key] as Observed;
        if (kind === "begin") {
          one.beganUs = node.now;
          toAll({ kind: "write", key }, delays.write);
        } else if (kind === "written" && one.committedUs === 0) {
          one.committedUs = node.now;
          toAll({ kind: "read", key }, delays.other);
        } else if (kind === "value") one.answers.push({ replica: message.replica, atUs: node.now });
      };
    });
  });
  return seen.flatMap((one) => MEASURES.map((what) => one.measure(what) / US_PER_MS));
}

/** One number of every operation of a model, from the samples that are there. */
function valuesOf(samples: readonly Sample[], model: Model, what: Measure): number[] {
  const place = MEASURES.indexOf(what);
  return samples
    .filter((_, index) => SLOTS[index % SLOTS.length] === model)
    .flatMap((sample) => sample.filter((_, i) => i % MEASURES.length === place));
}

interface Point {
  readonly model: Model;
  readonly what: string;
  readonly unit: string;
  readonly published: number | string | undefined;
  readonly band: Band;
  readonly ours: (values: (what: Measure) => readonly number[]) => number;
}

const freshPercent = (stale: readonly number[]) => 100 * mean(stale.map((ms) => (ms > 0 ? 0 : 1)));
const tail = (values: readonly number[]) => quantile(values, TAIL);

function fresh(model: Model, name: string, published: number | undefined, around: number): Point {
  return {
    model,
    what: `${name}, R=W=1: reads that are fresh at once`,
    unit: "%",
    published,
    band: near(around, 1.5, published === undefined ? "pre-check" : "published"),
    ours: (values) => freshPercent(values("stale1")),
  };
}

function window(model: Model, name: string, quorum: 1 | 2, published: number): Point {
  return {
    model,
    what: `${name}, R=${quorum}, W=1: 99.9 % fresh after`,
    unit: "ms",
    published,
    band: within(published, 0.15, "published"),
    ours: (values) => tail(values(quorum === 1 ? "stale1" : "stale2")),
  };
}

const POINTS: readonly Point[] = [
  fresh("ssd", "LinkedIn SSD", undefined, 97.4),
  window("ssd", "LinkedIn SSD", 1, 1.85),
  fresh("disk", "LinkedIn disk", 43.9, 43.9),
  window("disk", "LinkedIn disk", 1, 45.5),
  {
    model: "disk",
    what: "LinkedIn disk, W=1: 99.9 % of writes within",
    unit: "ms",
    published: 10.9,
    band: within(10.9, 0.05, "published"),
    ours: (values) => tail(values("write")),
  },
  {
    model: "yammer",
    what: "Yammer, R=W=1: 99.9 % of reads plus 99.9 % of writes within",
    unit: "ms",
    published: 16.4,
    band: within(16.4, 0.05, "published"),
    ours: (values) => tail(values("read1")) + tail(values("write")),
  },
  window("yammer", "Yammer", 1, 1364),
  window("yammer", "Yammer", 2, 202),
  fresh("slow", "writes Exp(0.1/ms), the rest Exp(1/ms)", 41, 41),
  window("slow", "writes Exp(0.1/ms), the rest Exp(1/ms)", 1, 65),
  fresh("quick", "writes Exp(4/ms), the rest Exp(1/ms)", 94, 94),
  window("quick", "writes Exp(4/ms), the rest Exp(1/ms)", 1, 1),
];

export const staleness: Reproduction = {
  id: "R7",
  title: "How stale partial quorums read",
  sources: [
    { title: "Bailis et al., VLDB 2012 (PBS), its printed values", confidence: "S" },
    { title: "the same, fitted delays as in the authors' script", confidence: "P" },
  ],
  conditions:
    "Three replicas. A write is acknowledged after the first answer; a read then begins and takes its first R answers. Each write, acknowledgement, read and answer has a delay of its own (WARS): Pareto and exponential mixtures fitted to LinkedIn and Yammer.",
  assumptions: [
    "The fits are rounded in the paper; its own values, computed from the unrounded ones, differ from these by 7 to 13 % in the tail, so the band for it is wide.",
    "How long a read is stale is found as the paper's authors do: by how much later it had to begin, delays being equal.",
    "Where no number is published the band lies around our pre-check in another language.",
  ],
  lessons: ["L09"],
  trialCount: SLOTS.length * ROUND_COUNT,
  trial(index, seed) {
    return writeAndRead(MODELS[SLOTS[index % SLOTS.length] as Model], OPERATION_COUNT, seed);
  },
  conclude(samples) {
    const isThere = (model: Model) => SLOTS.slice(0, samples.length).includes(model);
    return POINTS.filter(({ model }) => isThere(model)).map(
      ({ model, what, unit, published, band, ours }) =>
        row({
          what,
          unit,
          published,
          band,
          ours: ours((measure) => valuesOf(samples, model, measure)),
        }),
    );
  },
};
