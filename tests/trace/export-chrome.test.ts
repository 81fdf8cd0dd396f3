/**
 * Against the Trace Event Format as its document describes it: which fields each phase must have,
 * that begins and ends nest on each thread, that arrows lead from one open span to another.
 */
import { describe, expect, it } from "vitest";
import { KIND, serialOf, Trace } from "../../workers/kernel/index.ts";
import { type ChromeEvent, chromeEvents, exportChrome } from "../../workers/trace/index.ts";
import { SMALL, shopTrace } from "../components/flow/shop-trace.ts";
import { worldTrace } from "./runs.ts";

const traces: Readonly<Record<string, Trace>> = {
  "a lossy world": worldTrace(4),
  "another world": worldTrace(5),
  "a shop's run": shopTrace(SMALL),
  nothing: new Trace(),
};

describe("Rule R9: a trace in Chrome's format", () => {
  describe.each(Object.keys(traces))("%s", (name) => {
    const trace = traces[name] as Trace;
    const text = [...exportChrome(trace, "abc · world")].join("");
    const file = JSON.parse(text) as { readonly traceEvents: readonly ChromeEvent[] };
    const events = file.traceEvents;
    const of = (...phases: ChromeEvent["ph"][]) => events.filter(({ ph }) => phases.includes(ph));

    it("is the JSON object form, with the run's name", () => {
      expect(file).toMatchObject({ displayTimeUnit: "ms", otherData: { run: "abc · world" } });
      expect(events).toEqual(JSON.parse(JSON.stringify([...chromeEvents(trace)])));
    });

    it("gives every event what its phase must have", () => {
      for (const event of events) {
        expect("BEisfCM").toContain(event.ph);
        expect(Number.isSafeInteger(event.pid) && event.pid > 0).toBe(true);
        expect(Number.isSafeInteger(event.tid) && event.tid >= 0).toBe(true);
        if (event.ph === "M") continue;
        expect(Number.isSafeInteger(event.ts) && (event.ts as number) >= 0).toBe(true);
        if (event.ph !== "E") expect(event.name).toBeTypeOf("string");
        if (event.ph === "i") expect(["t", "p", "g"]).toContain(event.s);
        if (event.ph === "s" || event.ph === "f") expect(event.id).toBeTypeOf("number");
        if (event.ph === "C")
          expect(Object.values(event.args ?? {}).every((value) => typeof value === "number")).toBe(
            true,
          );
      }
      const times = events.filter(({ ph }) => ph !== "M").map(({ ts }) => ts as number);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    it("names each node and each process once, and no thread stands in two nodes", () => {
      const named = (what: string) => of("M").filter((event) => event.name === what);
      const pids = named("process_name").map(({ pid }) => pid);
      expect(new Set(pids).size).toBe(pids.length);
      const tids = named("thread_name").map(({ tid }) => tid);
      expect(new Set(tids).size).toBe(tids.length);
      const threads = new Map(named("thread_name").map(({ tid, pid }) => [tid, pid]));
      for (const { ph, tid, pid } of events)
        if (ph !== "M" && tid !== 0) expect(threads.get(tid)).toBe(pid);
    });

    it("ends every span that it begins, on its thread, the last first", () => {
      const open = new Map<number, number>();
      for (const { ph, tid } of of("B", "E")) {
        const depth = (open.get(tid) ?? 0) + (ph === "B" ? 1 : -1);
        expect(depth).toBeGreaterThanOrEqual(0);
        open.set(tid, depth);
      }
      expect([...open.values()].every((depth) => depth === 0)).toBe(true);
    });

    it("draws one arrow for each message that was sent and taken, between open spans", () => {
      const open = new Map<number, number>();
      const begun = new Set<number>();
      const ended = new Set<number>();
      for (const { ph, tid, id } of events) {
        if (ph === "B") open.set(tid, (open.get(tid) ?? 0) + 1);
        if (ph === "E") open.set(tid, (open.get(tid) ?? 0) - 1);
        if (ph !== "s" && ph !== "f") continue;
        expect(open.get(tid)).toBeGreaterThan(0);
        if (ph === "f") expect(begun.has(id as number)).toBe(true);
        const seen = ph === "s" ? begun : ended;
        expect(seen.has(id as number)).toBe(false);
        seen.add(id as number);
      }
      const sent = new Set<number>();
      const arrows = new Set<number>();
      for (let row = 0; row < trace.rowCount; row++) {
        const kind = trace.kindOf(row);
        const message = trace.messageOf(row);
        if ((kind === KIND.send || kind === KIND.timerSet) && serialOf(trace.processOf(row)) !== 0)
          sent.add(message);
        if (kind === KIND.receive && sent.has(message)) arrows.add(message);
      }
      expect(ended).toEqual(arrows);
      expect(begun).toEqual(arrows);
    });

    it("has a span for every message taken and every start, an instant for every exit", () => {
      const count = (kind: number) =>
        Array.from({ length: trace.rowCount }, (_, row) => trace.kindOf(row)).filter(
          (one) => one === kind,
        ).length;
      const spans = of("B").filter(({ cat, args }) => cat === "message" && args !== undefined);
      expect(spans).toHaveLength(count(KIND.receive) + count(KIND.spawn));
      expect(of("i").filter(({ cat }) => cat === "exit")).toHaveLength(count(KIND.exit));
    });

    it("counts a mailbox as its rows do", () => {
      for (const { name: title, ts, args } of of("C").filter((_, i) => i % 17 === 0)) {
        const id = Number(/<.*\.(\d+)>$/.exec(title ?? "")?.[1]);
        expect(Number.isInteger(id)).toBe(true);
        expect(args?.["messages"]).toBeGreaterThanOrEqual(0);
        expect(ts).toBeLessThanOrEqual(trace.lastAt);
      }
      if (trace.rowCount > 0) expect(of("C").length).toBeGreaterThan(0);
    });
  });

  it("work lies within the span of the message that it was for, and takes the time that it took", () => {
    const trace = shopTrace(SMALL);
    const depth = new Map<number, string[]>();
    const begun = new Map<number, number>();
    for (const { ph, tid, cat, ts } of chromeEvents(trace)) {
      const spans = depth.get(tid) ?? [];
      depth.set(tid, spans);
      if (ph === "B") {
        if (cat === "work") {
          expect(spans).toEqual(["message"]);
          begun.set(tid, ts as number);
        }
        spans.push(cat ?? "");
      }
      if (ph === "E" && spans.pop() === "work" && ts !== trace.lastAt)
        expect((ts as number) - (begun.get(tid) as number)).toBe(SMALL.workUs);
    }
  });
});
