/** R19: alerts on the rate at which an error budget burns, over a long and a short window at once. */
import { exactly, near, type Reproduction, type Row, row } from "./reproduction.ts";

/** Share of requests that may fail. */
const BUDGET = 0.001;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const PERIOD_S = 30 * DAY;

/** An alert: both windows burn the budget at least so many times as fast as it lasts. */
interface Rule {
  readonly name: string;
  readonly burn: number;
  readonly longS: number;
  readonly shortS: number;
}

/** The workbook's three. */
export const RULES: readonly [Rule, Rule, Rule] = [
  { name: "14.4 × over 1 h and 5 min", burn: 14.4, longS: HOUR, shortS: 5 * MINUTE },
  { name: "6 × over 6 h and 30 min", burn: 6, longS: 6 * HOUR, shortS: 30 * MINUTE },
  { name: "1 × over 3 d and 6 h", burn: 1, longS: 3 * DAY, shortS: 6 * HOUR },
];

/** Requests of each second, always the same number: no noise, so that arithmetic can be exact. */
const PER_SECOND = 100_000;

/** When an alert begins and ends, in seconds from the trouble's beginning; Infinity when it does not. */
interface Alert {
  readonly fromS: number;
  readonly untilS: number;
}

/**
 * Goes through a trace second by second: nothing fails, then a share of requests does for so long,
 * then nothing again. Both windows are kept as sums that the newest second enters and the oldest leaves.
 */
export function alertOf(rule: Rule, failing: number, troubleS: number): Alert {
  const { longS, shortS } = rule;
  const failedIn = (second: number) =>
    second >= 0 && second < troubleS ? Math.round(failing * PER_SECOND) : 0;
  const limit = (seconds: number) => rule.burn * BUDGET * seconds * PER_SECOND;
  let long = 0;
  let short = 0;
  let fromS = Number.POSITIVE_INFINITY;
  for (let second = 0; second < troubleS + longS; second++) {
    long += failedIn(second) - failedIn(second - longS);
    short += failedIn(second) - failedIn(second - shortS);
    // Sums are whole numbers and limits are not always: a millionth of a request decides nothing.
    const isOn = long >= limit(longS) - 1e-6 && short >= limit(shortS) - 1e-6;
    if (isOn && fromS === Number.POSITIVE_INFINITY) fromS = second + 1;
    if (!isOn && fromS < second) return { fromS, untilS: second + 1 };
  }
  return { fromS, untilS: Number.POSITIVE_INFINITY };
}

/** Share of the whole budget that is gone when a window has burned at its rule's rate. */
export function spentBy({ burn, longS }: Rule): number {
  return (burn * longS) / PERIOD_S;
}

export const burnRate: Reproduction = {
  id: "R19",
  title: "Multi-window burn-rate alerts",
  sources: [
    { title: "Google SRE workbook, chapter 5", confidence: "S" },
    { title: "the arithmetic", confidence: "F" },
  ],
  conditions:
    "99.9 % over 30 days. A trace of seconds with equal traffic and no noise; an alert needs both of its windows. Once everything fails from a moment on, once 1 % does.",
  assumptions: [
    "Before the trouble nothing failed. The windows are looked at once a second; the fraction of a second before is not seen.",
    "Traffic is even. With little or uneven traffic the same rules page for single errors.",
  ],
  lessons: ["L27"],
  trialCount: 1,
  trial: () =>
    RULES.flatMap((rule) => [
      alertOf(rule, 1, 4 * DAY).fromS,
      alertOf(rule, 0.01, 4 * DAY).fromS,
      alertOf(rule, 1, 10 * MINUTE).untilS - 10 * MINUTE,
    ]),
  conclude([sample = []]) {
    return RULES.flatMap((rule, i) => {
      const [outage, onePercent, after] = sample.slice(3 * i, 3 * i + 3) as unknown as readonly [
        number,
        number,
        number,
      ];
      return [...rowsOf(rule, i, outage, onePercent), ...(i === 0 ? [clearing(rule, after)] : [])];
    });
  },
};

/** What the source states of its rules: budget spent, and, by the course, seconds until a total outage is seen. */
const STATED = [
  { spent: 2, outage: "52 s", onePercent: "never" },
  { spent: 5, outage: "2.2 min", onePercent: "3.6 h" },
  { spent: 10, outage: "4.3 min", onePercent: "7.2 h" },
] as const;

function rowsOf(rule: Rule, i: number, outage: number, onePercent: number): Row[] {
  const {
    spent,
    outage: outageStated,
    onePercent: onePercentStated,
  } = STATED[i] as (typeof STATED)[number];
  const needed = (failing: number) => {
    const seconds = (rule.burn * BUDGET * rule.longS) / failing;
    // A rate below the rule's never fills its window.
    return rule.burn * BUDGET > failing ? Number.POSITIVE_INFINITY : Math.ceil(seconds - 1e-9);
  };
  return [
    row({
      what: `${rule.name}: budget spent when it fires`,
      unit: "%",
      published: spent,
      ours: 100 * spentBy(rule),
      band: near(spent, 1e-9, "published"),
    }),
    row({
      what: `${rule.name}: total outage seen after`,
      unit: "s",
      published: outageStated,
      ours: outage,
      band: exactly(needed(1), "arithmetic, next whole second"),
    }),
    row({
      what: `${rule.name}: 1 % errors seen after`,
      unit: "s",
      published: onePercentStated,
      ours: onePercent,
      band: exactly(needed(0.01), "arithmetic, next whole second"),
    }),
  ];
}

/** An outage of 10 minutes is over: how long the page stays on, by its short window. */
function clearing(rule: Rule, after: number): Row {
  const seconds = rule.shortS - rule.burn * BUDGET * rule.shortS;
  return row({
    what: `${rule.name}: page ends so long after an outage of 10 min`,
    unit: "s",
    published: "the short window ends it",
    ours: after,
    band: exactly(Math.ceil(seconds), "arithmetic, next whole second"),
  });
}
