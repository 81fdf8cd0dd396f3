/** What one frame of the message-flow picture costs: index, scene and raster, without a browser. */

import { layoutStage } from "../components/flow/layout.ts";
import { drawScene, Raster } from "../components/flow/raster.ts";
import { createDots, sceneAt, viewAt } from "../components/flow/scene.ts";
import { TraceIndex } from "../components/flow/trace-index.ts";
import type { Scenario } from "../workers/kernel/scenario.ts";
import { KIND, SIGNAL, Trace, traceId } from "../workers/kernel/trace.ts";

export interface FrameNumber {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** Messages on the wire at once. */
const IN_FLIGHT = 10_000;
const FLIGHT_US = 1_000_000;
const ROW_COUNT = 1_000_000;
const WARM_UP = 100;
const FRAMES = 200;
const SEEKS = 400;
const WIDTH = 1200;
const HEIGHT = 700;

/** Frame cost with 10,000 dots at 1200 × 700, and seek cost in a million rows; milliseconds. */
export function measureFrame(): FrameNumber[] {
  const trace = steadyTrace();
  const startMs = performance.now();
  const index = new TraceIndex(trace, []);
  index.extend();
  const indexMs = performance.now() - startMs;

  const layout = { ...layoutStage(PAIR, [], WIDTH), width: WIDTH, height: HEIGHT };
  const raster = new Raster(WIDTH, HEIGHT, 1);
  const dots = createDots();
  const endUs = trace.atOf(trace.rowCount - 1);
  let dotCount = 0;
  const frame = (i: number) => {
    const scene = sceneAt(index, layout, endUs / 2 + i * 1667, viewAt(0.1), dots);
    drawScene(raster, scene);
    dotCount = Math.max(dotCount, scene.dots.count);
  };
  // Frames until the engine has compiled the loops and the glyphs are cut: a watcher has them behind.
  times(WARM_UP, frame);
  const frames = times(FRAMES, frame);
  // A fixed walk by a prime, so that seeks fall all over the trace and in the same order each time.
  const seeks = times(SEEKS, (i) => void index.stateAt(((i * 7919) % SEEKS) * (endUs / SEEKS)));
  return [
    { name: "frame.dots", value: dotCount, unit: "dots" },
    { name: "frame.p50", value: share(frames, 0.5), unit: "ms" },
    { name: "frame.p95", value: share(frames, 0.95), unit: "ms" },
    { name: "seek.p50", value: share(seeks, 0.5), unit: "ms" },
    { name: "seek.p95", value: share(seeks, 0.95), unit: "ms" },
    { name: "index.million-rows", value: round(indexMs), unit: "ms" },
  ];
}

const PAIR: Scenario = {
  name: "frame",
  horizonUs: 3_600_000_000,
  nodes: [
    { name: "a", cores: 1 },
    { name: "b", cores: 1 },
  ],
  wires: [{ between: ["a", "b"], latency: { kind: "det", us: FLIGHT_US }, loss: 0 }],
  starts: [],
  loads: [],
  faults: [],
};

/** Two processes that send to one another without pause: every message flies for one second. */
function steadyTrace(): Trace {
  const trace = new Trace();
  const ends = [traceId(0, 1), traceId(1, 1)] as const;
  const kinds = [SIGNAL.call, SIGNAL.reply, SIGNAL.cast, SIGNAL.info] as const;
  for (const id of ends) trace.write(0, KIND.spawn, id, 0, 0, 0, 0, trace.keep("end", 0), 0);
  const gapUs = FLIGHT_US / IN_FLIGHT;
  for (let i = 0; trace.rowCount < ROW_COUNT; i++) {
    const at = i * gapUs;
    const from = ends[i % 2 === 0 ? 0 : 1];
    const to = ends[i % 2 === 0 ? 1 : 0];
    const signal = kinds[(i >> 1) % 4] ?? SIGNAL.call;
    trace.write(at, KIND.send, from, to, traceId(i % 2, i + 10), signal, at + FLIGHT_US, 0, 0);
    if (i < IN_FLIGHT) continue;
    const old = i - IN_FLIGHT;
    trace.write(at, KIND.arrive, to, from, traceId(old % 2, old + 10), 0, 0, 0, 0);
    trace.write(at, KIND.receive, to, from, traceId(old % 2, old + 10), 0, 0, 0, 0);
  }
  return trace;
}

function times(count: number, run: (i: number) => void): number[] {
  const taken: number[] = [];
  for (let i = 0; i < count; i++) {
    const startMs = performance.now();
    run(i);
    taken.push(performance.now() - startMs);
  }
  return taken.sort((a, b) => a - b);
}

function share(sorted: readonly number[], part: number): number {
  return round(sorted[Math.floor(sorted.length * part)] ?? 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
