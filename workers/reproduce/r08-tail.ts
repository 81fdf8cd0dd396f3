/** R8: a page that waits for many servers, and a second request for the late ones. */
import { power, RandomStream, US_PER_MS } from "../kernel/index.ts";
import { draw, type Law } from "./draws.ts";
import { atLeast, atMost, near, type Reproduction, row, type Sample } from "./reproduction.ts";
import { later, post, run, serve } from "./stand.ts";
import { mean, quantile } from "./statistics.ts";

const FAN_OUT = 100;
const HEDGE_MS = 10;
const TRIAL_COUNT = 30;
const PAGE_COUNT = 200;
const RARE_PAGE_COUNT = 80;
/** Pages begin one after the other, so that not all reads of a run are under way at once. */
const PAGE_EVERY_US = 5000;

/** Leaf latency, ms: 2 % of reads are late, by a heavy tail. */
const TAILED: Law = {
  kind: "mix",
  share: 0.98,
  one: { kind: "uniform", from: 2, to: 10 },
  other: { kind: "pareto", least: 10, shape: 1.4637 },
};
/** A leaf as in the paper's first sum: 10 ms, and one answer in 100 takes a second. */
const RARE: Law = {
  kind: "mix",
  share: 0.99,
  one: { kind: "uniform", from: 10, to: 10 },
  other: { kind: "uniform", from: 1000, to: 1000 },
};

type Message =
  | { readonly kind: "page"; readonly page: number }
  | { readonly kind: "read"; readonly page: number; readonly part: number }
  | { readonly kind: "answer"; readonly page: number; readonly part: number };

interface Page {
  readonly beganUs: number;
  readonly hasPart: boolean[];
  missingCount: number;
}

/**
 * Pages of 100 parallel reads. With `hedgeMs` a read without an answer by then is sent to another
 * server too, and the first answer counts. Gives reads sent, then the milliseconds of each page.
 */
export function fanOut(
  pageCount: number,
  leafMs: Law,
  hedgeMs: number | undefined,
  seed: number,
): Sample {
  const pageMs: number[] = [];
  let readCount = 0;
  run({ horizonUs: 1e12 }, seed, (node) => {
    const servers = Array.from({ length: FAN_OUT }, (_, server) =>
      serve<Message & { kind: "read" }>(node, "server", (self) => {
        const random = new RandomStream(seed, 1, server);
        return ({ page, part }) =>
          post(self, front, { kind: "answer", page, part }, draw(random, leafMs) * US_PER_MS);
      }),
    );
    const front = serve<Message>(node, "front", (self) => {
      const pages = new Map<number, Page>();
      const read = (page: number, part: number, server: number) => {
        readCount++;
        const to = servers[server % FAN_OUT] as (typeof servers)[number];
        node.send(self, to.pid, { kind: "read", page, part });
      };
      const begin = (number: number) => {
        const page = { beganUs: node.now, hasPart: [] as boolean[], missingCount: FAN_OUT };
        pages.set(number, page);
        for (let part = 0; part < FAN_OUT; part++) read(number, part, part);
        if (hedgeMs === undefined) return;
        later(self, hedgeMs * US_PER_MS, () => {
          for (let part = 0; part < FAN_OUT; part++)
            if (page.hasPart[part] !== true) read(number, part, part + 1);
        });
      };
      for (let page = 0; page < pageCount; page++)
        post(self, self, { kind: "page", page }, page * PAGE_EVERY_US);
      return (message) => {
        if (message.kind === "page") begin(message.page);
        if (message.kind !== "answer") return;
        const page = pages.get(message.page);
        if (page === undefined || page.hasPart[message.part] === true) return;
        page.hasPart[message.part] = true;
        if (--page.missingCount > 0) return;
        pages.delete(message.page);
        pageMs.push((node.now - page.beganUs) / US_PER_MS);
      };
    });
  });
  return [readCount, ...pageMs];
}

/** A trial's sample: the three runs, one after the other, each of known length. */
function partsOf(samples: readonly Sample[]) {
  const part = (from: number, pageCount: number) => ({
    readCount: samples.reduce((sum, sample) => sum + (sample[from] as number), 0),
    pageMs: samples.flatMap((sample) => sample.slice(from + 1, from + 1 + pageCount)),
  });
  return {
    plain: part(0, PAGE_COUNT),
    hedged: part(PAGE_COUNT + 1, PAGE_COUNT),
    rare: part(2 * (PAGE_COUNT + 1), RARE_PAGE_COUNT),
  };
}

const slowPercent = (share: number, count: number) => 100 * (1 - power(1 - share, count));

export const tail: Reproduction = {
  id: "R8",
  title: "The tail at scale",
  sources: [{ title: "Dean and Barroso, CACM 56(2), 2013", confidence: "P" }],
  conditions:
    "A page waits for 100 servers. One answer in 100 takes a second; or one in 10,000, with 2,000 servers. Then: reads with a heavy tail, sent a second time after 10 ms.",
  assumptions: [
    "The paper's 1,800 → 74 ms is from BigTable, 1,000 keys on 100 servers. Only its shape is matched: our leaves are independent, 98 % U(2, 10) ms and 2 % Pareto(10 ms, 1.4637), made so that the unhedged page is about as slow.",
    "The second request goes to another server; the later answer is dropped and costs nothing.",
  ],
  lessons: ["L25"],
  trialCount: TRIAL_COUNT,
  trial: (_, seed) => [
    ...fanOut(PAGE_COUNT, TAILED, undefined, seed),
    ...fanOut(PAGE_COUNT, TAILED, HEDGE_MS, seed),
    ...fanOut(RARE_PAGE_COUNT, RARE, undefined, seed),
  ],
  conclude(samples) {
    const { plain, hedged, rare } = partsOf(samples);
    const [plainMs, hedgedMs] = [quantile(plain.pageMs, 0.999), quantile(hedged.pageMs, 0.999)];
    return [
      row({
        what: "1 % slow, 100 servers: slow pages, computed",
        unit: "%",
        published: 63,
        ours: slowPercent(0.01, 100),
        band: near(63, 0.5, "published"),
      }),
      row({
        what: "the same, run",
        unit: "%",
        published: 63,
        ours: 100 * mean(rare.pageMs.map((ms) => (ms >= 1000 ? 1 : 0))),
        band: near(63.4, 3, "formula"),
      }),
      row({
        what: "0.01 % slow, 2,000 servers: slow pages, computed",
        unit: "%",
        published: "almost one in five",
        ours: slowPercent(0.0001, 2000),
        band: near(18.1, 0.05, "formula"),
      }),
      row({
        what: "99.9 % of pages within, not hedged",
        unit: "ms",
        published: 1800,
        ours: plainMs,
        band: atLeast(900, "at least half of the published: shape only"),
      }),
      row({
        what: "99.9 % of pages within, hedged after 10 ms",
        unit: "ms",
        published: 74,
        ours: hedgedMs,
        band: atMost(74, "at most the published: shape only"),
      }),
      row({
        what: "hedging makes the slowest pages faster by",
        unit: "×",
        published: 1800 / 74,
        ours: plainMs / hedgedMs,
        band: atLeast(20, "at least 20"),
      }),
      row({
        what: "requests that hedging adds",
        unit: "%",
        published: 2,
        ours: 100 * (hedged.readCount / plain.readCount - 1),
        band: atMost(2.5, "at most 2.5"),
      }),
    ];
  },
};
