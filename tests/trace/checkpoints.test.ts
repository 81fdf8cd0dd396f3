import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KIND, nodeOf, SIGNAL, Trace, traceId } from "../../workers/kernel/index.ts";
import { Checkpoints } from "../../workers/trace/index.ts";
import { L01, shopTrace } from "../components/flow/shop-trace.ts";
import { worldTrace } from "./runs.ts";

/** How it stood, from all rows up to the moment and without any state kept between. */
function naive(trace: Trace, atUs: number) {
  const living = new Map<number, { mailboxLength: number; lastRow: number }>();
  const flying = new Map<number, { row: number; to: number; endsAt: number }>();
  for (let row = 0; row < trace.rowCount && trace.atOf(row) <= atUs; row++) {
    const id = trace.processOf(row);
    const message = trace.messageOf(row);
    const kind = trace.kindOf(row);
    if (kind === KIND.spawn) living.set(id, { mailboxLength: 0, lastRow: row });
    const process = living.get(id);
    if (process !== undefined) {
      process.lastRow = row;
      if (kind === KIND.arrive) process.mailboxLength++;
      if (kind === KIND.receive) process.mailboxLength--;
    }
    if (kind === KIND.exit) living.delete(id);
    if (kind === KIND.send)
      flying.set(message, { row, to: trace.peerOf(row), endsAt: trace.valueIn(row) });
    if (kind === KIND.arrive || kind === KIND.discard) flying.delete(message);
    if (kind === KIND.lose) {
      const sent = flying.get(message);
      if (sent !== undefined) sent.endsAt = trace.valueIn(row);
    }
    if (kind === KIND.nodeDown) {
      for (const one of [...living.keys()]) if (nodeOf(one) === nodeOf(id)) living.delete(one);
      for (const [one, { to }] of [...flying]) if (nodeOf(to) === nodeOf(id)) flying.delete(one);
    }
  }
  return {
    living: [...living].map(([id, state]) => ({ id, ...state })),
    inFlight: [...flying.values()]
      .filter(({ endsAt }) => endsAt > atUs)
      .map(({ row }) => row)
      .sort((a, b) => a - b),
  };
}

function told(checkpoints: Checkpoints, atUs: number) {
  const standing = checkpoints.stateAt(atUs);
  return {
    living: standing.living().map((id) => ({
      id,
      mailboxLength: standing.mailboxLengthOf(id),
      lastRow: standing.lastRowOf(id),
    })),
    inFlight: standing.inFlight(),
  };
}

describe("Rule R7: the state at a moment is that of all rows up to it, wherever one comes from", () => {
  const traces = { "a lossy world": worldTrace(1), "a shop's long run": shopTrace(L01) };
  it.each(Object.entries(traces))("%s", (_, trace) => {
    const checkpoints = new Checkpoints(trace);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: trace.lastAt + 1000 }), (atUs) => {
        expect(told(checkpoints, atUs)).toEqual(naive(trace, atUs));
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it("of a trace that grows meanwhile", () => {
    const whole = worldTrace(2);
    const growing = new Trace();
    const checkpoints = new Checkpoints(growing);
    for (let sent = 0, payloads = 1; sent < whole.rowCount; sent = growing.rowCount) {
      const part = new Trace();
      part.append(whole.chunk(0, 1));
      part.truncate(Math.min(whole.rowCount, sent + 3000));
      growing.append(part.chunk(sent, payloads));
      payloads = growing.payloads.length;
      checkpoints.extend();
      expect(told(checkpoints, growing.lastAt)).toEqual(naive(growing, growing.lastAt));
    }
    expect(checkpoints.stateAfter(0).living()).toEqual([]);
    expect(checkpoints.stateAfter(whole.rowCount).rowCount).toBe(whole.rowCount);
  });

  it("goes on at most 8,191 rows from a checkpoint, in a million rows too", () => {
    const trace = crowdTrace(1_000_000);
    const checkpoints = new Checkpoints(trace);
    const reads = { count: 0 };
    const read = trace.kindOf.bind(trace);
    trace.kindOf = (row) => {
      reads.count++;
      return read(row);
    };
    for (let i = 0; i < 50; i++) {
      reads.count = 0;
      const rowCount = (i * 7_919_317) % trace.rowCount;
      expect(checkpoints.stateAfter(rowCount).rowCount).toBe(rowCount);
      expect(reads.count).toBeLessThan(8192);
    }
  });
});

/** A thousand processes that send to each other over a wire. */
function crowdTrace(rowCount: number): Trace {
  const trace = new Trace();
  const crowd = Array.from({ length: 1000 }, (_, i) => traceId(i % 2, 1 + (i >> 1)));
  for (const id of crowd) trace.write(0, KIND.spawn, id, 0, 0, 0, 0, 0, 0);
  for (let i = 0; trace.rowCount < rowCount; i++) {
    const [from, to] = [crowd[i % 1000] as number, crowd[(i * 7 + 1) % 1000] as number];
    const message = traceId(i % 2, 1 + (i >> 1));
    trace.write(i * 10, KIND.send, from, to, message, SIGNAL.info, i * 10 + 5, 0, 0);
    trace.write(i * 10 + 5, KIND.arrive, to, from, message, SIGNAL.info, 0, 0, 0);
    trace.write(i * 10 + 5, KIND.receive, to, from, message, SIGNAL.info, 0, 0, message);
  }
  return trace;
}
