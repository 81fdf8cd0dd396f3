/** R21: how long a silent node is thought to be there, by ticks and by the suspicion level φ. */
import { type Heart, LEVELS, secondsUntilDown, TIME_OUTS_S, wrongShares } from "./heartbeats.ts";
import {
  atLeast,
  atMost,
  type Reproduction,
  type Row,
  row,
  type Sample,
  within,
} from "./reproduction.ts";
import { column, mean, turnsOf } from "./statistics.ts";

/** Tick times, s: the default, and a short one. */
const TICKS_S = [60, 8] as const;
/** A heart whose gaps are normal, as φ supposes; one whose beats get lost, which it does not suppose. */
const FITTING: Heart = { deviationMs: 100, loss: 0 };
const LOSSY: Heart = { deviationMs: 0, loss: 0.05 };
const BEATS = 10_000;
/** Trials repeat: a silence for each tick time, and each heart. */
const CYCLE = TICKS_S.length + 2;
const CYCLES = 40;
/** Silences of a tick time in one trial. */
const SILENCES = 10;

export const silence: Reproduction = {
  id: "R21",
  title: "Silence: ticks between nodes, and the suspicion level φ",
  sources: [
    { title: "Erlang/OTP, kernel: net_ticktime ± 25 %", confidence: "M" },
    { title: "Hayashibara et al. 2004 (φ accrual)", confidence: "M" },
  ],
  conditions:
    "Two nodes; from a random moment nothing comes from one of them, 400 times for each tick time. φ: a beat a second, normal with 100 ms deviation, the last 200 gaps taken for normal, 400,000 beats; then exact beats of which 5 % are lost, beside fixed time-outs.",
  assumptions: [
    "Our nodes send no ticks: one that falls silent is taken for down after 0.75 to 1.25 tick times, drawn evenly, which is the interval that OTP documents.",
    "A wrong suspicion is counted per beat that arrives. The course's pre-check of the 3.5 s time-out, 0.026 %, saw few such beats; with 5 % loss three in a row are lost before 0.0125 % of those that arrive.",
    "A mean and a deviation out of 200 gaps are not exact, which makes the far tail heavier by an eighth at φ = 3.",
  ],
  lessons: ["L03"],
  trialCount: CYCLE * CYCLES,
  trial(index, seed) {
    const turn = index % CYCLE;
    const tickS = TICKS_S[turn];
    if (tickS !== undefined)
      return Array.from({ length: SILENCES }, (_, i) =>
        secondsUntilDown(tickS, seed + i * 2 ** 20),
      );
    return wrongShares(turn === TICKS_S.length ? FITTING : LOSSY, BEATS, seed);
  },
  conclude: (samples) => [
    ...TICKS_S.flatMap((tickS, i) => tickRows(tickS, turnsOf(samples, i, CYCLE).flat())),
    ...fittingRows(turnsOf(samples, TICKS_S.length, CYCLE)),
    ...lossyRows(turnsOf(samples, TICKS_S.length + 1, CYCLE)),
  ],
};

function tickRows(tickS: number, seconds: readonly number[]): Row[] {
  if (seconds.length === 0) return [];
  const published = `${0.75 * tickS} to ${1.25 * tickS} s`;
  const name = `tick time ${tickS} s: until down,`;
  return [
    row({
      what: `${name} soonest`,
      unit: "s",
      published,
      ours: Math.min(...seconds),
      band: atLeast(0.75 * tickS, "published interval"),
    }),
    row({
      what: `${name} latest`,
      unit: "s",
      published,
      ours: Math.max(...seconds),
      band: atMost(1.25 * tickS, "published interval"),
    }),
    row({
      what: `${name} mean`,
      unit: "s",
      published,
      ours: mean(seconds),
      band: within(tickS, 0.05, "middle of the interval"),
    }),
  ];
}

function fittingRows(samples: readonly Sample[]): Row[] {
  if (samples.length === 0) return [];
  const bands = [0.05, 0.1, 0.3];
  return [10, 1, 0.1].map((published, i) =>
    row({
      what: `φ = ${LEVELS[i]}, gaps normal: beats suspected wrongly`,
      unit: "%",
      published,
      ours: 100 * mean(column(samples, i)),
      band: within(published, bands[i] as number, "published"),
      point: { series: "wrong suspicions", x: LEVELS[i] as number },
    }),
  );
}

function lossyRows(samples: readonly Sample[]): Row[] {
  if (samples.length === 0) return [];
  const formulas = [5, 0.25, 0.0125];
  const bands = [0.05, 0.1, 0.5];
  return [
    ...TIME_OUTS_S.map((seconds, i) =>
      row({
        what: `5 % lost, time-out ${seconds} s: beats suspected wrongly`,
        unit: "%",
        published: undefined,
        ours: 100 * mean(column(samples, LEVELS.length + i)),
        band: within(formulas[i] as number, bands[i] as number, "lost one after another"),
      }),
    ),
    row({
      what: "5 % lost, φ = 8: beats suspected wrongly, where the model says 0.000001",
      unit: "%",
      published: "the model does not fit",
      ours: 100 * mean(column(samples, LEVELS.indexOf(8))),
      band: within(0.75, 0.2, "pre-check"),
    }),
  ];
}
