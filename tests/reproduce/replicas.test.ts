import { describe, expect, it } from "vitest";
import { RandomStream } from "../../workers/kernel/index.ts";
import { draw, type Law } from "../../workers/reproduce/draws.ts";
import { elect, raft } from "../../workers/reproduce/r06-raft.ts";
import { staleness, writeAndRead } from "../../workers/reproduce/r07-staleness.ts";
import { mean } from "../../workers/reproduce/statistics.ts";
import { outside, rowsOf } from "./share.ts";

describe("R6, Raft", () => {
  it("Rule RP10: lies in its bands", async () => {
    expect(outside(await rowsOf(raft))).toEqual([]);
  });

  it("elects no sooner than a time-out and a vote allow", () => {
    // Crashed at most 75 ms after the heartbeat; then to a voter's disk and back: 2 + 8 + 2 ms.
    for (let seed = 1; seed <= 100; seed++)
      expect(elect(150, 200, seed)[0]).toBeGreaterThan(150 - 75 + 12);
  });
});

describe("R7, staleness", () => {
  const WRITE: Law = { kind: "exponential", mean: 10 };
  const OTHER: Law = { kind: "exponential", mean: 1 };

  /** The same without processes: delays drawn and sorted. Shares of fresh reads for R = 1 and 2, mean write latency. */
  function byHand(count: number): readonly [fresh1: number, fresh2: number, writeMs: number] {
    const random = new RandomStream(7);
    const fresh = [0, 0];
    let writeMs = 0;
    for (let i = 0; i < count; i++) {
      const replicas = [0, 1, 2].map(() => {
        const [write, acknowledge] = [draw(random, WRITE), draw(random, OTHER)];
        const [read, answer] = [draw(random, OTHER), draw(random, OTHER)];
        return { write, read, doneAt: write + acknowledge, answeredAt: read + answer };
      });
      const committed = Math.min(...replicas.map(({ doneAt }) => doneAt));
      writeMs += committed / count;
      const byAnswer = replicas.toSorted((a, b) => a.answeredAt - b.answeredAt);
      for (const quorum of [1, 2])
        if (byAnswer.slice(0, quorum).some(({ write, read }) => write <= committed + read))
          fresh[quorum - 1] = (fresh[quorum - 1] as number) + 1 / count;
    }
    return [fresh[0] as number, fresh[1] as number, writeMs];
  }

  it("Rule RP10: lies in its bands; with two of thirty rounds in three times as wide ones", async () => {
    expect(outside(await rowsOf(staleness, 16), 3)).toEqual([]);
  });

  it("agrees with delays drawn and sorted without processes", () => {
    const sample = writeAndRead({ write: WRITE, other: OTHER }, 8_000, 1);
    const column = (place: number) => sample.filter((_, i) => i % 5 === place);
    const share = (place: number) => mean(column(place).map((ms) => (ms > 0 ? 0 : 1)));
    const [fresh1, fresh2, writeMs] = byHand(50_000);
    expect(Math.abs(share(3) - fresh1)).toBeLessThan(0.02);
    expect(Math.abs(share(4) - fresh2)).toBeLessThan(0.02);
    expect(Math.abs(mean(column(0)) / writeMs - 1)).toBeLessThan(0.04);
  });
});
