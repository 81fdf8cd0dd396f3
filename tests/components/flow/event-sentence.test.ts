import { expect, test } from "vitest";
import { depthAt, depthPeaks } from "../../../components/flow/depth-path.ts";
import { eventSentence, namesOf, payloadText } from "../../../components/flow/event-sentence.ts";
import { eventWindow, ROWS_EACH_WAY } from "../../../components/flow/event-window.ts";
import { expectedChips, layoutStage } from "../../../components/flow/layout.ts";
import { sceneAt, viewAt } from "../../../components/flow/scene.ts";
import { sceneSummary, sceneText } from "../../../components/flow/scene-text.ts";
import { slotChips } from "../../../components/flow/slot-chips.ts";
import { TraceIndex } from "../../../components/flow/trace-index.ts";
import { density } from "../../../components/playback/density.ts";
import { KIND, kindName, SIGNAL, Trace, traceId } from "../../../workers/kernel/trace.ts";
import { SMALL, shopScenario, shopTrace, TILL_ID } from "./shop-trace.ts";

const trace = shopTrace(SMALL);
const index = new TraceIndex(trace, ["customer"]);
index.extend();
const names = namesOf(index, ["n1", "web"]);

function firstOf(kind: number, signal = -1): string {
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kindOf(row) === kind && (signal < 0 || trace.signalOf(row) === signal)) {
      return eventSentence(trace, row, names);
    }
  }
  return "none";
}

test("events of the shop are sentences about the shop", () => {
  expect(firstOf(KIND.send, SIGNAL.call)).toBe("<web.100001> calls till: { sell: 1, qty: 2 }");
  expect(firstOf(KIND.send, SIGNAL.reply)).toBe("till replies to <web.100001>: { receipt: 1 }");
  expect(firstOf(KIND.send, SIGNAL.cast)).toBe("till casts to log: { print: 1 }");
  expect(firstOf(KIND.workStart)).toBe("till works 10 ms of CPU");
  expect(firstOf(KIND.giveUp)).toMatch(/^<web\.\d+> gives up waiting for till after 300 ms$/);
  expect(firstOf(KIND.discard)).toMatch(/^the reply of till comes too late: <web\.\d+> has ended$/);
  expect(firstOf(KIND.lose)).toMatch(/^the (call|reply) of .+ is lost on the wire$/);
  expect(firstOf(KIND.exit)).toMatch(/ ends: (normal|timeout)$/);
  expect(firstOf(KIND.spawn)).toBe("till starts as till");
});

test("every kind of row has a sentence of its own", () => {
  const all = new Trace();
  const said = Object.values(KIND).map((kind) => {
    const row = all.write(
      5,
      kind,
      traceId(0, 1),
      traceId(0, 2),
      traceId(0, 9),
      1,
      5000,
      all.keep("why", 0),
      0,
    );
    return [kindName(kind), eventSentence(all, row, names)] as const;
  });
  for (const [, sentence] of said) expect(sentence).not.toMatch(/does not know|undefined|NaN/);
  expect(new Set(said.map(([, sentence]) => sentence)).size).toBe(said.length);
});

test("payloads read as a learner writes them, and stay short", () => {
  expect(payloadText({ a: [1, "two", null], b: { c: true } })).toBe(
    '{ a: [1, "two", null], b: { c: true } }',
  );
  expect(payloadText("x".repeat(500)).length).toBeLessThanOrEqual(72);
  expect(payloadText({})).toBe("{}");
});

test("the text of a frame says what the frame shows", () => {
  const scenario = shopScenario(SMALL);
  const layout = layoutStage(scenario, slotChips(index, expectedChips(scenario), ["till"]), 720);
  const scene = sceneAt(index, layout, 1_000_000, viewAt(0.1));
  const text = sceneText(scene, names.node);
  const till = scene.chips.find((chip) => chip.title === "till");
  expect(till?.depth).toBeGreaterThan(50);
  expect(text).toContain(`${till?.depth} in the mailbox, of ${till?.stale} the caller gave up`);
  expect(text).toContain(`in flight ${scene.inFlight}, lost ${scene.lost}`);
  expect(text).toMatch(/customers: \d+ alive, \d+ waiting on a call, \d+ gave up/);
  expect(sceneSummary(scene)).toContain(`${till?.depth} wait at till`);
  const onWires = scene.lanes.reduce((sum, lane) => sum + lane.inFlight, 0);
  expect(onWires).toBe(scene.inFlight);
});

test("the list around a moment is bounded, in order, and of one process when asked", () => {
  const around = eventWindow(trace, 2000, 0);
  expect(around.rows).toHaveLength(ROWS_EACH_WAY * 2 + 1);
  expect(around.rows).toEqual([...around.rows].sort((a, b) => a - b));
  expect(eventWindow(trace, -1, 0).hasEarlier).toBe(false);
  expect(eventWindow(trace, trace.rowCount - 1, 0).hasLater).toBe(false);
  const tills = eventWindow(trace, 2000, TILL_ID).rows;
  expect(tills.every((r) => trace.processOf(r) === TILL_ID || trace.peerOf(r) === TILL_ID)).toBe(
    true,
  );
});

test("the chart's peaks lose no peak, and the scrubber's histogram no row", () => {
  const slot = index.processes.slot[index.processes.find(TILL_ID)] as number;
  const series = index.depths.get(slot);
  const { peaks } = depthPeaks(series, SMALL.horizonUs, 400);
  const most = Math.max(...(series?.size.slice(0, series.count) ?? [0]));
  expect(Math.max(...peaks)).toBe(most);
  expect(depthPeaks(series, SMALL.horizonUs, 5000).peaks).toHaveLength(1000);
  const p = index.processes.find(TILL_ID);
  for (const at of [0, 700_000, 2_222_222]) {
    expect(depthAt(series, at)).toBe(index.stateAt(at).depth[p]);
  }
  const rows = density(trace, SMALL.horizonUs, 100).reduce((sum, count) => sum + count, 0);
  expect(rows).toBe(trace.rowCount);
});
