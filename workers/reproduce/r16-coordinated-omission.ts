/** R16: a load that waits for answers meets a stall once; one that keeps to its plan meets all of it. */
import type { FaultSpec, Node, Pid, Process } from "../kernel/index.ts";
import { type Reproduction, type Row, row, within } from "./reproduction.ts";
import { later, run, serve } from "./stand.ts";
import { mean, quantile } from "./statistics.ts";

const SECOND_US = 1_000_000;
const GAP_US = SECOND_US / 100;
const SERVICE_US = SECOND_US / 1000;
const STALL_FROM_US = 100 * SECOND_US;
const STALL_UNTIL_US = 200 * SECOND_US;

/** With the usual 60 s the nodes would take each other for dead in the midst of the stall. */
const TICK_TIME_US = 600 * SECOND_US;

/** The node stands still: what comes for it waits, and is seen when it goes on. */
const STALL: FaultSpec = {
  kind: "pause",
  node: "service",
  atUs: STALL_FROM_US,
  untilUs: STALL_UNTIL_US,
};

type Request = { readonly number: number; readonly from: Pid };
type Finished = { readonly number: number };

/** How a generator goes on: by its plan, or by the answers. */
type Generator = "open" | "closed";

/** Requests as they were meant, made and answered. Times in µs. */
interface Measured {
  readonly meantAt: number;
  readonly madeAt: number;
  readonly doneAt: number;
}

/** Runs a generator against the service that stalls, and gives every answered request. */
export function measureStall(generator: Generator, seed: number): Measured[] {
  const answered: Measured[] = [];
  const world = {
    horizonUs: STALL_UNTIL_US + SECOND_US,
    nodes: [
      { name: "load", cores: 1 },
      { name: "service", cores: 1 },
    ],
    wires: [
      {
        between: ["load", "service"] as const,
        latency: { kind: "det", us: 1 } as const,
        loss: 0,
      },
    ],
    faults: [STALL],
    distribution: { tickTimeUs: TICK_TIME_US },
  };
  run(world, seed, (node) => {
    if (node.name === "service") beginService(node);
    else if (generator === "open") beginOpen(node, answered);
    else beginClosed(node, answered);
  });
  return answered;
}

/** Each request takes 1 ms, and no request waits for another. */
function beginService(node: Node): void {
  const service = serve<Request>(node, "service", (self) => ({ number, from }) => {
    later(self, SERVICE_US, () => node.send(self, from, { number }));
  });
  node.register("service", service);
}

/** A request every 10 ms, whatever becomes of those before it. */
function beginOpen(node: Node, answered: Measured[]): void {
  serve<Finished>(node, "load", (self) => {
    const madeAt: number[] = [];
    const makeNext = () => {
      const number = madeAt.length;
      if (GAP_US * number >= STALL_UNTIL_US) return;
      madeAt.push(node.now);
      ask(self, number);
      later(self, GAP_US, makeNext);
    };
    makeNext();
    return ({ number }) => {
      answered.push({
        meantAt: GAP_US * number,
        madeAt: madeAt[number] as number,
        doneAt: node.now,
      });
    };
  });
}

/** The next request when the last was answered, and not before 10 ms after it was made. */
function beginClosed(node: Node, answered: Measured[]): void {
  serve<Finished>(node, "user", (self) => {
    let madeAt = 0;
    ask(self, 0);
    return ({ number }) => {
      answered.push({ meantAt: madeAt, madeAt, doneAt: node.now });
      if (node.now >= STALL_UNTIL_US) return;
      later(self, madeAt + GAP_US - node.now, () => {
        madeAt = node.now;
        ask(self, number + 1);
      });
    };
  });
}

function ask(self: Process, number: number): void {
  self.node.send(self, { name: "service", node: "service" }, { number, from: self.pid });
}

/** Mean, three quarters and p99.99 of some times, ms. */
function summaryOf(times: readonly number[]): number[] {
  return [mean(times), quantile(times, 0.75), quantile(times, 0.9999)].map((us) => us / 1000);
}

export const coordinatedOmission: Reproduction = {
  id: "R16",
  title: "Coordinated omission",
  sources: [
    { title: "Tene, “How NOT to measure latency”, talk", confidence: "M" },
    { title: "the arithmetic", confidence: "F" },
  ],
  conditions:
    "A service that takes 1 ms; 100 requests a second for 100 s, then it stands still for 100 s. Once with one user who waits for each answer, once by a plan, measured from when each request was meant to be made. Nothing is drawn.",
  assumptions: [
    "Requests do not wait for one another in the service, so all that came in the stall are answered 1 ms after it. A service that does one at a time would need another 10 s.",
    "The run ends with the stall. A wire takes 1 µs each way.",
    "The nodes' tick time is 600 s. With the default of 60 s the load would lose its connection 45 to 75 s into the stall.",
  ],
  lessons: ["L21", "L26"],
  trialCount: 1,
  trial(_index, seed) {
    const closed = measureStall("closed", seed).map(({ madeAt, doneAt }) => doneAt - madeAt);
    const open = measureStall("open", seed).map(({ meantAt, doneAt }) => doneAt - meantAt);
    return [closed.length, ...summaryOf(closed), open.length, ...summaryOf(open)];
  },
  conclude([sample = []]) {
    const numbers = sample as readonly number[] as readonly [
      count: number,
      mean: number,
      quarters: number,
      tail: number,
      openCount: number,
      openMean: number,
      openQuarters: number,
      openTail: number,
    ];
    const [count, naiveMean, , naiveTail, openCount, openMean, quarters, openTail] = numbers;
    const near = (what: string, unit: string, published: number, ours: number): Row =>
      row({ what, unit, published, ours, band: within(published, 0.01, "published") });
    return [
      near("waiting user: answers", "answers", 10_001, count),
      near("waiting user: mean", "ms", 11, naiveMean),
      near("waiting user: p99.99", "ms", 1, naiveTail),
      near("planned requests: answers", "answers", 20_000, openCount),
      near("planned requests: mean", "s", 25, openMean / 1000),
      near("planned requests: p75", "s", 50, quarters / 1000),
      near("planned requests: p99.99", "s", 100, openTail / 1000),
    ];
  },
};
