/** R23: what nines are worth, and how parts that fail and are repaired make up a whole. */
import { type Node, type Pid, type Process, power } from "../kernel/index.ts";
import { near, type Reproduction, type Row, row } from "./reproduction.ts";
import { later, run, serve } from "./stand.ts";
import { column, mean } from "./statistics.ts";

const US_PER_S = 1_000_000;
/** Virtual time of a trial: 12 days. */
const SPAN_S = 1_000_000;

/** Mean seconds between failures, and of a repair; both exponential. */
interface Part {
  readonly upS: number;
  readonly repairS: number;
}

/** The computers of the lesson. */
const COMPUTER: Part = { upS: 1000, repairS: 60 };
/** A part that is there 99.99 % of the time. */
const SERVICE: Part = { upS: 99_990, repairS: 10 };
/** What a standby takes to notice and to take over. */
const SWITCH_S = 6;

/** Decides whether the whole is up, whenever a part fails or is back. */
type Whole = (isUp: readonly boolean[]) => boolean;

/** Keeps how long something was up. */
class Meter {
  #isUp = true;
  #sinceUs = 0;
  #upUs = 0;

  set(isUp: boolean, nowUs: number): void {
    if (this.#isUp) this.#upUs += nowUs - this.#sinceUs;
    this.#sinceUs = nowUs;
    this.#isUp = isUp;
  }

  share(endUs: number): number {
    this.set(this.#isUp, endUs);
    return this.#upUs / endUs;
  }
}

/** A part is a process that crashes by chance; the mechanic watches it and begins it anew after a repair. */
function beginParts(
  node: Node,
  { upS, repairS }: Part,
  count: number,
  tell: (part: number, isUp: boolean, mechanic: Process) => void,
): void {
  serve<{ readonly object: Pid }>(node, "mechanic", (self) => {
    const random = node.randomOf(self);
    const partOf = new Map<Pid, number>();
    const begin = (part: number) => {
      const process = serve(node, "part", (own) => {
        const untilUs = node.randomOf(own).exponential(upS * US_PER_S);
        later(own, untilUs, () => node.exitSignal(own, own.pid, "broken"));
        return () => {};
      });
      partOf.set(process.pid, part);
      node.monitor(self, process.pid);
    };
    for (let part = 0; part < count; part++) begin(part);
    return ({ object }) => {
      const part = partOf.get(object) as number;
      partOf.delete(object);
      tell(part, false, self);
      later(self, random.exponential(repairS * US_PER_S), () => {
        begin(part);
        tell(part, true, self);
      });
    };
  });
}

/** Parts of which the whole needs some. Gives the share of time that it is up. */
export function shareUp(part: Part, count: number, whole: Whole, seed: number): number {
  const meter = new Meter();
  const endUs = SPAN_S * US_PER_S;
  run({ horizonUs: endUs }, seed, (node) => {
    const isUp = new Array<boolean>(count).fill(true);
    beginParts(node, part, count, (changed, isNowUp) => {
      isUp[changed] = isNowUp;
      meter.set(whole(isUp), node.now);
    });
  });
  return meter.share(endUs);
}

/**
 * Two computers of which one is active. When it breaks, the other takes over some seconds later, if
 * it is up then; when both are down, the first that is back takes over in the same time.
 */
export function shareUpWithStandby(part: Part, switchS: number, seed: number): number {
  const meter = new Meter();
  const endUs = SPAN_S * US_PER_S;
  run({ horizonUs: endUs }, seed, (node) => {
    const isUp = [true, true];
    let active: number | undefined = 0;
    let isSwitching = false;
    const takeOver = (self: Process) => {
      if (active !== undefined || isSwitching || !isUp.includes(true)) return;
      isSwitching = true;
      later(self, switchS * US_PER_S, () => {
        isSwitching = false;
        const other = isUp.indexOf(true);
        if (other < 0) return;
        active = other;
        meter.set(true, node.now);
      });
    };
    beginParts(node, part, 2, (changed, isNowUp, self) => {
      isUp[changed] = isNowUp;
      if (!isNowUp && changed === active) {
        active = undefined;
        meter.set(false, node.now);
      }
      takeOver(self);
    });
  });
  return meter.share(endUs);
}

const all: Whole = (isUp) => !isUp.includes(false);
const any: Whole = (isUp) => isUp.includes(true);
const twoOfThem: Whole = (isUp) => isUp.filter((up) => up).length >= 2;

/** What is measured: its name, the published percentage, the band in points, and how a trial measures it. */
const WHOLES: readonly (readonly [
  what: string,
  published: number,
  points: number,
  measure: (seed: number) => number,
])[] = [
  ["one computer", 94.34, 0.3, (seed) => shareUp(COMPUTER, 1, all, seed)],
  ["two peers, one is enough", 99.68, 0.1, (seed) => shareUp(COMPUTER, 2, any, seed)],
  ["three, of which two are needed", 99.07, 0.3, (seed) => shareUp(COMPUTER, 3, twoOfThem, seed)],
  ["a standby that takes 6 s", 99.1, 0.1, (seed) => shareUpWithStandby(COMPUTER, SWITCH_S, seed)],
  ["five services of 99.99 % in a row", 99.95, 0.01, (seed) => shareUp(SERVICE, 5, all, seed)],
];

export const availability: Reproduction = {
  id: "R23",
  title: "Nines, and what they add up to",
  sources: [{ title: "availability arithmetic", confidence: "F" }],
  conditions:
    "Computers fail every 1,000 s and take 60 s to repair, services every 99,990 s and 10 s; all exponential and independent. Parts are processes that crash; a mechanic that monitors them begins them anew. 20 trials of 1,000,000 s.",
  assumptions: [
    "A year has 365.25 days.",
    "A standby breaks as often as the active computer. It takes 6 s to take over whether it was ready or has just been repaired; the 99.1 % is a rough sum of both causes.",
    "2 of 3 computers come to 99.075 %, which the course prints as 99.07.",
    "Parts fail independently. One cause for both, as a release, makes two peers no better than one.",
  ],
  lessons: ["L13", "L27"],
  trialCount: 20,
  trial: (_index, seed) => WHOLES.map(([, , , measure], i) => measure(seed + i * 2 ** 20)),
  conclude: (samples) => [
    ...arithmetic(),
    ...WHOLES.map(([what, published, points], i) =>
      row({
        what: `measured: ${what}`,
        unit: "%",
        published,
        ours: 100 * mean(column(samples, i)),
        band: near(published, points, "published"),
      }),
    ),
  ],
};

/** The sums of the source. */
function arithmetic(): Row[] {
  const up = COMPUTER.upS / (COMPUTER.upS + COMPUTER.repairS);
  const down = 1 - up;
  const sum = (what: string, unit: string, published: number, ours: number, rounded: number) =>
    row({ what, unit, published, ours, band: near(published, rounded, "published, as rounded") });
  return [
    sum("99.999 %: down in a year", "min", 5.26, 365.25 * 24 * 60 * 1e-5, 0.005),
    sum("five of 99.99 % in a row", "%", 99.95, 100 * power(0.9999, 5), 0.005),
    sum("two of 99 % side by side", "%", 99.99, 100 * (1 - power(0.01, 2)), 1e-9),
    sum("1,000 s up, 60 s down", "%", 94.34, 100 * up, 0.005),
    sum("two such side by side", "%", 99.68, 100 * (1 - down * down), 0.005),
    sum("two of three such", "%", 99.07, 100 * (up * up * up + 3 * up * up * down), 0.01),
  ];
}
