/**
 * Two nodes of which one falls silent, or sends beats that may get lost: how long the other believes
 * in it, by ticks, by the suspicion level φ, and by fixed time-outs.
 */
import { type FaultSpec, type Node, RandomStream, type WireSpec } from "../kernel/index.ts";
import { standardNormal } from "./draws.ts";
import { later, run, serve } from "./stand.ts";

const SECOND_US = 1_000_000;
const NODES = [
  { name: "here", cores: 1 },
  { name: "there", cores: 1 },
] as const;

/** The wire of the lesson: about 20 ms, and this share of messages lost. */
function wire(loss: number): WireSpec {
  const latency = { kind: "lognormal", medianUs: 20_000, sigma: 0.3 } as const;
  return { between: ["here", "there"], latency, loss };
}

/** Seconds from the last sign of a node until another calls it down, with this tick time. */
export function secondsUntilDown(tickS: number, seed: number): number {
  const random = new RandomStream(seed, 0);
  const silentAtUs = Math.round((100 + 100 * random.uniform()) * SECOND_US);
  const faults: FaultSpec[] = [{ kind: "oneWay", from: "there", to: "here", atUs: silentAtUs }];
  const distribution = { tickTimeUs: tickS * SECOND_US };
  let downAtUs = 0;
  const world = {
    horizonUs: 1000 * SECOND_US,
    nodes: NODES,
    wires: [wire(0)],
    faults,
    distribution,
  };
  run(world, seed, (node) => {
    if (node.name !== "here") return;
    serve<{ readonly tag: string }>(node, "watcher", (self) => {
      node.distribution.watch(self.pid, "there", true);
      return ({ tag }) => {
        if (tag === "nodedown") downAtUs = node.now;
      };
    });
  });
  return (downAtUs - silentAtUs) / SECOND_US;
}

/** A beat a second, give or take this much, over a wire that loses this share. */
export interface Heart {
  readonly deviationMs: number;
  readonly loss: number;
}

/** Gaps between beats that the detector remembers. */
const WINDOW = 200;
/** Suspicion levels, and how many deviations beyond the mean gap they are reached: the chance of more is 10^−φ. */
export const LEVELS = [1, 2, 3, 8] as const;
const DEVIATIONS = [1.2815515655, 2.3263478741, 3.0902323062, 5.6120012442] as const;
/** Fixed time-outs, judged by the same beats. */
export const TIME_OUTS_S = [1.5, 2.5, 3.5] as const;

/** Shares of beats that came when their sender was no longer believed in: by φ = 1, 2, 3, 8, then by the time-outs. */
export function wrongShares(heart: Heart, beats: number, seed: number): number[] {
  const wrong = new Array<number>(LEVELS.length + TIME_OUTS_S.length).fill(0);
  let judgedCount = 0;
  const judge = (gapUs: number, window: Window) => {
    judgedCount++;
    const patience = [
      ...DEVIATIONS.map((deviations) => window.mean + deviations * window.deviation),
      ...TIME_OUTS_S.map((seconds) => seconds * SECOND_US),
    ];
    patience.forEach((us, i) => {
      if (gapUs > us) wrong[i] = (wrong[i] as number) + 1;
    });
  };
  const world = { horizonUs: 3 * beats * SECOND_US, nodes: NODES, wires: [wire(heart.loss)] };
  run(world, seed, (node) => {
    if (node.name === "there") beginHeart(node, heart, beats);
    else beginDetector(node, judge);
  });
  return wrong.map((count) => count / judgedCount);
}

function beginHeart(node: Node, { deviationMs }: Heart, beats: number): void {
  serve(node, "heart", (self) => {
    const random = node.randomOf(self);
    let left = beats;
    const beat = () => {
      if (left-- === 0) return;
      node.send(self, { name: "detector", node: "here" }, "beat");
      later(self, SECOND_US + standardNormal(random) * deviationMs * 1000, beat);
    };
    beat();
    return () => {};
  });
}

function beginDetector(node: Node, judge: (gapUs: number, window: Window) => void): void {
  const detector = serve(node, "detector", () => {
    const window = new Window();
    let lastUs: number | undefined;
    return () => {
      const gapUs = lastUs === undefined ? undefined : node.now - lastUs;
      lastUs = node.now;
      if (gapUs === undefined) return;
      if (window.isFull) judge(gapUs, window);
      window.add(gapUs);
    };
  });
  node.register("detector", detector);
}

/** The last gaps, µs: their mean and deviation, kept as whole sums that never drift. */
class Window {
  readonly #gaps: number[] = [];
  #next = 0;
  #sum = 0;
  #squares = 0;

  get isFull(): boolean {
    return this.#gaps.length === WINDOW;
  }

  get mean(): number {
    return this.#sum / this.#gaps.length;
  }

  get deviation(): number {
    return Math.sqrt(Math.max(0, this.#squares / this.#gaps.length - this.mean * this.mean));
  }

  add(gap: number): void {
    const old = this.#gaps[this.#next] ?? 0;
    this.#gaps[this.#next] = gap;
    this.#next = (this.#next + 1) % WINDOW;
    this.#sum += gap - old;
    this.#squares += gap * gap - old * old;
  }
}
