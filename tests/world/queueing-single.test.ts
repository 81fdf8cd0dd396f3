/**
 * One server: the engine against M/M/1, M/D/1, M/G/1 and processor sharing. What "agree" means
 * stands in queueing-row.ts. Slow, some ten seconds of a core a row: fewer customers cannot tell
 * what a queue does at 90 %.
 */
import { describe, it } from "vitest";
import { pollaczekKhinchine } from "../engine/queueing-formulas.ts";
import {
  EXPONENTIAL,
  FIXED,
  ROW_TIMEOUT_MS,
  type Row,
  rowTester,
  UNEVEN,
} from "../engine/queueing-row.ts";

const TILL = { kind: "till" } as const;
const CORE = { kind: "core" } as const;

const ROWS: readonly Row[] = [
  ...[0.5, 0.8, 0.9].map((rho): Row => {
    const sojourn = 1 / (1 - rho);
    return {
      title: `M/M/1 at ${rho}: an exponential time of mean 1/(1 − ρ)`,
      run: { place: TILL, service: EXPONENTIAL, load: rho, waitScale: sojourn },
      expected: [
        { of: "sojourn", value: sojourn },
        { of: "sojourn", q: 0.5, value: sojourn * Math.log(2) },
        { of: "sojourn", q: 0.9, value: sojourn * Math.log(10) },
        { of: "sojourn", q: 0.99, value: sojourn * Math.log(100) },
      ],
    };
  }),
  {
    title: "M/D/1 at 0.9: half the wait of M/M/1",
    run: { place: TILL, service: FIXED, load: 0.9 },
    expected: [{ of: "wait", value: pollaczekKhinchine(0.9, 0) }],
  },
  {
    title: "M/G/1 at 0.8: the wait of Pollaczek and Khinchine",
    run: { place: TILL, service: UNEVEN, load: 0.8 },
    expected: [{ of: "wait", value: pollaczekKhinchine(0.8, squaredVariationOf(UNEVEN)) }],
  },
  {
    title: "sharing a core at 0.8, equal services: 1/(1 − ρ) as in M/M/1",
    run: { place: CORE, service: FIXED, load: 0.8 },
    expected: [{ of: "sojourn", value: 5 }],
  },
  {
    title:
      "sharing a core at 0.8, uneven services: the same, and long ones are slowed as short ones",
    run: { place: CORE, service: UNEVEN, load: 0.8 },
    expected: [
      { of: "sojourn", value: 5 },
      { of: "slowdown", value: 5 },
    ],
  },
];

function squaredVariationOf({ short, long, share }: typeof UNEVEN): number {
  return share * short ** 2 + (1 - share) * long ** 2 - 1;
}

describe("Rule D6: one server agrees with queueing theory", () => {
  it.each(ROWS)("$title", rowTester(), ROW_TIMEOUT_MS);
});
