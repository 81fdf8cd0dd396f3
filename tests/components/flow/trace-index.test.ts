import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClusterState } from "../../../components/flow/cluster-state.ts";
import { expectedChips, layoutStage } from "../../../components/flow/layout.ts";
import { PLACE, sceneAt, viewAt } from "../../../components/flow/scene.ts";
import { TraceIndex } from "../../../components/flow/trace-index.ts";
import { KIND, Trace } from "../../../workers/kernel/trace.ts";
import { L01, SMALL, shopScenario, shopTrace, TILL_ID } from "./shop-trace.ts";

const small = shopTrace(SMALL);

function indexOf(trace: Trace): TraceIndex {
  const index = new TraceIndex(trace, ["customer"]);
  index.extend();
  return index;
}

/** Everything a picture could read of a state, in one comparable value. */
function portrait(state: ClusterState) {
  const alive = [...state.alive.members()];
  return {
    row: state.row,
    alive,
    inFlight: [...state.inFlight.members()],
    totals: { ...state.totals },
    slots: [...state.slots],
    cpu: [...state.cpu.slice(0, 4)],
    each: alive.map((p) => [
      state.mailbox(p, 1e6),
      state.stale[p],
      state.waitingFor[p],
      state.workKind[p],
      state.workKind[p] ? [state.workAt[p], state.workUs[p], state.handling[p]] : 0,
    ]),
  };
}

const moment = fc.integer({ min: 0, max: SMALL.horizonUs });

describe("state at a moment", () => {
  const index = indexOf(small);

  test("is the same by seeking, by playing to it and by playing past it and back", () => {
    expect(small.rowCount).toBeGreaterThan(4096);
    fc.assert(
      fc.property(moment, moment, (t, other) => {
        const played = new ClusterState(index);
        played.advance(small.upperBound(t));
        index.stateAt(other);
        const there = portrait(index.stateAt(t));
        index.stateAt(SMALL.horizonUs);
        const back = portrait(index.stateAt(t));
        expect(there).toEqual(portrait(played));
        expect(back).toEqual(there);
      }),
      { numRuns: 120, seed: 1 },
    );
  });

  test("does not depend on the size of the chunks the trace came in", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), moment, (size, t) => {
        const growing = new Trace();
        const grown = new TraceIndex(growing, ["customer"]);
        const tables = indexOf(small);
        for (let row = 0; row < small.rowCount; row += size) {
          const end = Math.min(small.rowCount, row + size);
          for (let r = row; r < end; r++) copyRow(small, growing, r);
          grown.extend();
          grown.stateAt(small.atOf(row));
        }
        expect(portrait(grown.stateAt(t))).toEqual(portrait(tables.stateAt(t)));
      }),
      { numRuns: 12, seed: 2 },
    );
  });

  test("counts every message once: sent = delivered + lost + in flight", () => {
    const layout = layoutStage(shopScenario(SMALL), expectedChips(shopScenario(SMALL)), 720);
    fc.assert(
      fc.property(moment, (t) => {
        const scene = sceneAt(index, layout, t, viewAt(1));
        expect(scene.sent).toBe(scene.delivered + scene.lost + scene.inFlight);
        let naive = 0;
        for (let row = 0; row < small.upperBound(t); row++) {
          if (small.kindOf(row) === KIND.send) naive++;
        }
        expect(scene.sent).toBe(naive);
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  test("holds the till's mailbox as a naive count of rows does", () => {
    fc.assert(
      fc.property(moment, (t) => {
        let depth = 0;
        for (let row = 0; row < small.upperBound(t); row++) {
          if (small.processOf(row) !== TILL_ID) continue;
          if (small.kindOf(row) === KIND.arrive) depth++;
          if (small.kindOf(row) === KIND.receive) depth--;
        }
        const state = index.stateAt(t);
        const p = index.processes.find(TILL_ID);
        expect(state.depth[p]).toBe(depth);
        expect(state.mailbox(p, 1e6)).toHaveLength(depth);
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});

describe("dots", () => {
  const index = indexOf(small);
  const layout = layoutStage(shopScenario(SMALL), expectedChips(shopScenario(SMALL)), 720);

  test("are on a wire only from send to arrival, at the share of the way that has passed", () => {
    const { messages } = index;
    fc.assert(
      fc.property(moment, (t) => {
        const { dots } = sceneAt(index, layout, t, viewAt(0.1));
        for (let i = 0; i < dots.count; i++) {
          if (dots.place[i] !== PLACE.wire) continue;
          const m = dots.message[i] as number;
          const [sendAt, arriveAt] = [messages.sendAt[m] as number, messages.arriveAt[m] as number];
          expect(t).toBeGreaterThanOrEqual(sendAt);
          expect(t).toBeLessThanOrEqual(arriveAt);
          const lane = layout.lanes.find((l) => l.from === messages.fromNode[m]);
          const [a, b] = [lane?.points[0], lane?.points[1]];
          const share = (t - sendAt) / (arriveAt - sendAt);
          expect(dots.x[i]).toBeCloseTo((a?.x ?? 0) + ((b?.x ?? 0) - (a?.x ?? 0)) * share, 2);
        }
      }),
      { numRuns: 80, seed: 5 },
    );
  });

  test("of one lane keep the order in which they were sent", () => {
    const { dots } = sceneAt(index, layout, 1_000_000, viewAt(0.1));
    const calls = Array.from({ length: dots.count }, (_, i) => i).filter(
      (i) =>
        dots.place[i] === PLACE.wire && index.messages.fromNode[dots.message[i] as number] === 1,
    );
    expect(calls.length).toBeGreaterThan(3);
    const xs = calls.map((i) => dots.x[i] as number);
    expect(xs).toEqual([...xs].sort((a, b) => b - a));
  });
});

test("L01 as the lesson tells it: about 800 wait at 40 s, hollow ones among them, none at 75 s", () => {
  const index = indexOf(shopTrace(L01));
  const p = index.processes.find(TILL_ID);
  const full = index.stateAt(40_000_000);
  expect(full.depth[p]).toBeGreaterThan(600);
  expect(full.depth[p]).toBeLessThan(1000);
  expect(full.stale[p]).toBeGreaterThan(100);
  expect(index.stateAt(75_000_000).depth[p]).toBeLessThan(10);
});

function copyRow(from: Trace, to: Trace, row: number): void {
  const payload = !from.hasPayload(row) ? 0 : to.keep(from.payloadOf(row), 0);
  to.write(
    from.atOf(row),
    from.kindOf(row) as 1,
    from.processOf(row),
    from.peerOf(row),
    from.messageOf(row),
    from.signalOf(row) as 1,
    from.valueIn(row),
    payload,
    from.causeOf(row),
  );
}
