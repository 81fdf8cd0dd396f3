/** Against happens-before worked out by brute force: the closure of what each process did in turn, of messages, and of spawns. */
import { describe, expect, it } from "vitest";
import { KIND, serialOf, type Trace } from "../../workers/kernel/index.ts";
import { exportShiviz, SHIVIZ_PARSER } from "../../workers/trace/index.ts";
import { beginningOf, worldTrace } from "./runs.ts";

interface Event {
  readonly host: string;
  readonly clock: Readonly<Record<string, number>>;
  readonly event: string;
}

/** Reads a log as ShiViz does: by the expression in its first line. */
function parse(text: string): Event[] {
  const end = text.indexOf("\n");
  const log = text.slice(text.indexOf("\n", end + 1) + 1);
  return [...log.matchAll(new RegExp(text.slice(0, end), "g"))].map(({ groups }) => ({
    host: groups?.["host"] ?? "",
    clock: JSON.parse(groups?.["clock"] ?? ""),
    event: groups?.["event"] ?? "",
  }));
}

/** Rows in which a process does something, and whether one happens before another. */
function happensBefore(trace: Trace): {
  doings: number[];
  before: (a: number, b: number) => boolean;
} {
  const doings: number[] = [];
  const predecessors = new Map<number, number[]>();
  const lastOf = new Map<number, number>();
  const sentIn = new Map<number, number>();
  for (let row = 0; row < trace.rowCount; row++) {
    const kind = trace.kindOf(row);
    const passive = [KIND.arrive, KIND.discard, KIND.lose, KIND.timerFire] as readonly number[];
    if (passive.includes(kind)) continue;
    const doer = kind === KIND.spawn ? trace.peerOf(row) : trace.processOf(row);
    if (doer === 0 || serialOf(doer) === 0) continue;
    const known: number[] = [];
    const last = lastOf.get(doer);
    if (last !== undefined) known.push(last);
    const sent = sentIn.get(trace.messageOf(row));
    if (kind === KIND.receive && sent !== undefined) known.push(sent);
    if (kind === KIND.send || kind === KIND.timerSet) sentIn.set(trace.messageOf(row), row);
    if (kind === KIND.spawn) lastOf.set(trace.processOf(row), row);
    lastOf.set(doer, row);
    predecessors.set(row, known);
    doings.push(row);
  }
  const pasts = new Map<number, Set<number>>();
  for (const row of doings) {
    const past = new Set<number>();
    for (const one of predecessors.get(row) ?? []) {
      past.add(one);
      for (const earlier of pasts.get(one) ?? []) past.add(earlier);
    }
    pasts.set(row, past);
  }
  return { doings, before: (a, b) => pasts.get(b)?.has(a) ?? false };
}

function isBefore(a: Event, b: Event): boolean {
  const hosts = new Set([...Object.keys(a.clock), ...Object.keys(b.clock)]);
  const pairs = [...hosts].map((host) => [a.clock[host] ?? 0, b.clock[host] ?? 0] as const);
  return pairs.every(([x, y]) => x <= y) && pairs.some(([x, y]) => x < y);
}

describe("Rule R10: a trace as ShiViz's log", () => {
  it.each([6, 7])("has the clocks that happens-before gives, in the world of seed %i", (seed) => {
    const trace = beginningOf(worldTrace(seed), 1200);
    const events = parse([...exportShiviz(trace)].join(""));
    const { doings, before } = happensBefore(trace);
    expect(events).toHaveLength(doings.length);
    expect(events.length).toBeGreaterThan(300);
    let ordered = 0;
    for (const [i, a] of doings.entries()) {
      for (const [j, b] of doings.entries()) {
        const really = before(a, b);
        if (really) ordered++;
        if (isBefore(events[i] as Event, events[j] as Event) !== really)
          expect.fail(`rows ${a} and ${b}: ${JSON.stringify([events[i], events[j]])}`);
      }
    }
    expect(ordered).toBeGreaterThan(1000);
  });

  it("counts each host's own events one by one, and knows of no host without any", () => {
    const events = parse([...exportShiviz(worldTrace(6))].join(""));
    const counts = new Map<string, number>();
    for (const { host, clock } of events) {
      expect(clock[host]).toBe((counts.get(host) ?? 0) + 1);
      counts.set(host, clock[host] as number);
      for (const [other, count] of Object.entries(clock))
        expect(count).toBeLessThanOrEqual(counts.get(other) ?? 0);
    }
  });

  it("begins with the expression that parses it, and an empty line: one execution", () => {
    const [first] = exportShiviz(worldTrace(6));
    expect(first).toBe(`${SHIVIZ_PARSER}\n\n`);
  });

  it("is cut at its bound with an event that says so", () => {
    const trace = worldTrace(6);
    const text = [...exportShiviz(trace, 20_000)].join("");
    expect(text.length).toBeLessThan(21_000);
    const last = parse(text).at(-1);
    expect(last?.host).toBe("export");
    expect(last?.event).toMatch(/^the log was cut here, after \d+ of \d+ rows$/);
  });
});
