/**
 * Many servers: the engine against Erlang's formulas and the supermarket model. What "agree" means
 * stands in queueing-row.ts. Slow, some ten seconds of a core a row: fewer customers cannot tell
 * what a queue does at 90 %.
 */
import { describe, expect, it } from "vitest";
import {
  erlangB,
  erlangC,
  sojournPercentile,
  supermarketLimit,
  supermarketOfTwo,
  waitOfWaiting,
  waitPercentile,
} from "../engine/queueing-formulas.ts";
import {
  EXPONENTIAL,
  ROW_TIMEOUT_MS,
  type Row,
  rowTester,
  UNEVEN,
} from "../engine/queueing-row.ts";

const ROWS: readonly Row[] = [
  desk(2, 0.8, [0.9, 0.99]),
  desk(4, 0.8, [0.9, 0.99]),
  // Of the rare long waits at sixteen clerks a million customers do not tell enough.
  desk(16, 0.9, [0.9]),
  exchange("exponential", EXPONENTIAL),
  exchange("uneven, which makes no difference", UNEVEN),
  {
    title: "100 tills at 0.9, one chosen blindly: as M/M/1",
    run: {
      place: { kind: "tills", tills: 100, choices: 1 },
      service: EXPONENTIAL,
      load: 90,
      waitScale: 10,
    },
    expected: [{ of: "sojourn", value: supermarketLimit(0.9, 1) }],
  },
  {
    title: "100 tills at 0.9, the shorter of two: the power of two choices",
    run: {
      place: { kind: "tills", tills: 100, choices: 2 },
      service: EXPONENTIAL,
      load: 90,
    },
    expected: [{ of: "sojourn", value: supermarketOfTwo(0.9, 100) }],
  },
];

function desk(clerks: number, rho: number, waitShares: readonly number[]): Row {
  const load = clerks * rho;
  const waitScale = waitOfWaiting(clerks, load);
  const wait = erlangC(clerks, load) * waitScale;
  return {
    title: `M/M/${clerks} at ${rho}: Erlang C`,
    run: { place: { kind: "desk", clerks }, service: EXPONENTIAL, load, waitScale },
    expected: [
      { of: "wait", value: wait },
      ...waitShares.map((q) => {
        return { of: "wait", q, value: waitPercentile(clerks, load, q) } as const;
      }),
      { of: "sojourn", value: wait + 1 },
      ...[0.5, 0.9, 0.99].map((q) => {
        return { of: "sojourn", q, value: sojournPercentile(clerks, load, q) } as const;
      }),
    ],
  };
}

function exchange(services: string, service: Row["run"]["service"]): Row {
  const refused = erlangB(10, 10);
  return {
    title: `M/G/10/10 at 10 erlangs, services ${services}: Erlang B`,
    run: { place: { kind: "exchange", clerks: 10 }, service, load: 10 },
    expected: [{ of: "refused", value: refused }],
    present: 10 * (1 - refused),
  };
}

describe("Rule D6: many servers agree with queueing theory", () => {
  it.each(ROWS)("$title", rowTester(), ROW_TIMEOUT_MS);
});

describe("the formulas themselves", () => {
  it("agree with printed tables of Erlang's", () => {
    expect(erlangB(10, 4.46)).toBeCloseTo(0.01, 4);
    expect(erlangB(100, 84.06)).toBeCloseTo(0.01, 4);
    expect(erlangC(10, 8)).toBeCloseTo(0.409, 3);
  });

  it("agree with one another where models meet", () => {
    expect(erlangC(1, 0.9)).toBeCloseTo(0.9, 12);
    expect(sojournPercentile(1, 0.9, 0.99)).toBeCloseTo(10 * Math.log(100), 9);
    expect(supermarketLimit(0.9, 1)).toBeCloseTo(10, 9);
  });

  it("agree with the queue lengths that Gast and others print for ten and twenty tills", () => {
    expect(0.9 * supermarketLimit(0.9, 2)).toBeCloseTo(2.3527, 4);
    expect(0.9 * supermarketOfTwo(0.9, 10)).toBeCloseTo(2.7513, 4);
    expect(0.9 * supermarketOfTwo(0.9, 20)).toBeCloseTo(2.552, 4);
    expect(0.95 * supermarketOfTwo(0.95, 10)).toBeCloseTo(4.1017, 4);
  });
});
