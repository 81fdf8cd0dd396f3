/** R11: the universal scalability law, fitted to a ray tracer's published throughput. */
import { near, type Reproduction, row, within } from "./reproduction.ts";
import { mean } from "./statistics.ts";

/** Processors and rays per second, as Gunther printed them. */
const RAY_TRACER: readonly Point[] = [
  [1, 20],
  [4, 78],
  [8, 130],
  [12, 170],
  [16, 190],
  [20, 200],
  [24, 210],
  [28, 230],
  [32, 260],
  [48, 280],
  [64, 310],
];

type Point = readonly [processors: number, throughput: number];

/** C(N) = N ÷ (1 + σ (N − 1) + κ N (N − 1)). */
interface Scalability {
  /** σ, contention: the share of work that one must wait for another to finish. */
  readonly contention: number;
  /** κ, coherency: what each pair costs that has to agree. */
  readonly coherency: number;
}

/**
 * Gunther's own method: with x = N − 1 and y = N ÷ C − 1 the law is y = κ x² + (σ + κ) x, a parabola
 * through the origin, fitted by least squares. The first point is the one that others are measured by.
 */
export function fitTransformed(points: readonly Point[]): Scalability {
  const one = points[0]?.[1] ?? Number.NaN;
  let [s2, s3, s4, t1, t2] = [0, 0, 0, 0, 0];
  for (const [processors, throughput] of points) {
    const x = processors - 1;
    const y = (processors * one) / throughput - 1;
    s2 += x * x;
    s3 += x * x * x;
    s4 += x * x * x * x;
    t1 += x * y;
    t2 += x * x * y;
  }
  const coherency = (t2 * s2 - t1 * s3) / (s4 * s2 - s3 * s3);
  const slope = (t1 - coherency * s3) / s2;
  return { contention: slope - coherency, coherency };
}

/**
 * The second method: least squares of the throughputs themselves, by Gauss and Newton, with the first
 * point as the measure. Fifty steps are more than it needs from where the first method left off.
 */
export function fitThroughput(points: readonly Point[]): Scalability {
  const one = points[0]?.[1] ?? Number.NaN;
  let { contention, coherency } = fitTransformed(points);
  for (let step = 0; step < 50; step++) {
    let [aa, ab, bb, ar, br] = [0, 0, 0, 0, 0];
    for (const [n, throughput] of points) {
      const below = 1 + contention * (n - 1) + coherency * n * (n - 1);
      const rest = throughput - (one * n) / below;
      const a = (-one * n * (n - 1)) / (below * below);
      const b = a * n;
      aa += a * a;
      ab += a * b;
      bb += b * b;
      ar += a * rest;
      br += b * rest;
    }
    const determinant = aa * bb - ab * ab;
    contention += (bb * ar - ab * br) / determinant;
    coherency += (aa * br - ab * ar) / determinant;
  }
  return { contention, coherency };
}

/**
 * The third: (N ÷ C − 1) ÷ (N − 1) = σ + κ N is a straight line, fitted by least squares without the
 * first point, where it is 0 ÷ 0. It gives the few small N as much to say as the many large.
 */
export function fitLine(points: readonly Point[]): Scalability {
  const one = points[0]?.[1] ?? Number.NaN;
  const line = points
    .slice(1)
    .map(([n, throughput]) => [n, ((n * one) / throughput - 1) / (n - 1)] as const);
  const middleX = mean(line.map(([x]) => x));
  const middleY = mean(line.map(([, y]) => y));
  const coherency =
    mean(line.map(([x, y]) => (x - middleX) * (y - middleY))) /
    mean(line.map(([x]) => (x - middleX) * (x - middleX)));
  return { contention: middleY - coherency * middleX, coherency };
}

/** The number of processors beyond which more of them do less. */
export function peakOf({ contention, coherency }: Scalability): number {
  return Math.sqrt((1 - contention) / coherency);
}

/** How many times one processor's work so many do. */
export function capacityOf({ contention, coherency }: Scalability, processors: number): number {
  return processors / (1 + (processors - 1) * (contention + coherency * processors));
}

export const scalability: Reproduction = {
  id: "R11",
  title: "The universal scalability law on a ray tracer",
  sources: [
    { title: "Gunther, Guerrilla Capacity Planning 2007, the data", confidence: "M" },
    { title: "R package usl, its documentation and output", confidence: "S" },
  ],
  conditions:
    "11 published points, 1 to 64 processors; transformed to a parabola through the origin and fitted by least squares. Nothing is drawn.",
  assumptions: [
    "Throughput is taken relative to the first point, which is thereby exact.",
    "The peak lies seven times beyond the last point, and hangs on how the law is fitted: three honest ways give 449, 288 and 46 processors.",
  ],
  lessons: ["L20"],
  trialCount: 1,
  trial() {
    const fitted = fitTransformed(RAY_TRACER);
    const peak = peakOf(fitted);
    const others = [fitThroughput, fitLine].map((method) => peakOf(method(RAY_TRACER)));
    return [fitted.contention, fitted.coherency, peak, capacityOf(fitted, peak), ...others];
  },
  conclude([sample = []]) {
    const [contention, coherency, peak, capacity, otherPeak, linePeak] = sample as number[] as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return [
      row({
        what: "σ, contention",
        unit: "",
        published: 0.05,
        ours: contention,
        band: near(0.05, 0.002, "published"),
      }),
      row({
        what: "κ, coherency",
        unit: "",
        published: "about 5e-6",
        ours: coherency,
        band: within(4.7e-6, 0.05, "pre-check"),
      }),
      row({
        what: "N*, processors at the peak",
        unit: "processors",
        published: 449.19,
        ours: peak,
        band: near(449.19, 3, "published"),
      }),
      row({
        what: "C(N*), capacity at the peak",
        unit: "processors' work",
        published: 18.43,
        ours: capacity,
        band: near(18.43, 0.005, "published"),
      }),
      row({
        what: "N* when the throughputs themselves are fitted",
        unit: "processors",
        published: undefined,
        ours: otherPeak,
        band: near(288, 3, "pre-check"),
      }),
      row({
        what: "N* when a straight line is fitted to (N ÷ C − 1) ÷ (N − 1)",
        unit: "processors",
        published: undefined,
        ours: linePeak,
        band: near(46.41, 0.01, "NumPy's polyfit"),
      }),
    ];
  },
};
