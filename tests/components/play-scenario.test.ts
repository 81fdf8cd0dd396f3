/** A scenario as text: what is right comes through as it is, what is wrong is said with its place. */
import { describe, expect, it } from "vitest";
import { parseJsonText } from "../../components/play/json-text.ts";
import {
  markedProblems,
  parseFaults,
  parseScenario,
  SCENARIO_BOUNDS,
  withFaults,
} from "../../components/play/scenario-text.ts";
import type { FaultSpec, LoadSpec, Scenario } from "../../workers/kernel/scenario.ts";

const det = { kind: "det", us: 1_000 } as const;
const who = { name: "customer", node: "n1", file: "main.ts", run: "customer", args: [1, { a: 2 }] };

/** One of everything that a scenario can have. */
const WHOLE: Scenario = {
  name: "whole",
  horizonUs: 60_000_000,
  nodes: [
    { name: "n1", cores: 2, hidden: false, role: "web", standby: false, version: "2" },
    {
      name: "n2",
      cores: 1,
      disk: { appendUs: 1, syncUs: 2, readUs: 3, bytes: 4 },
      clock: { skewUs: -5_000_000, driftPpm: -20.5 },
    },
  ],
  wires: [
    {
      between: ["n1", "n2"],
      latency: {
        kind: "mix",
        parts: [
          { share: 0.5, of: { kind: "uniform", fromUs: 1, toUs: 2 } },
          { share: 0.1, of: { kind: "exponential", meanUs: 3 } },
          { share: 0.1, of: { kind: "normal", meanUs: 4, sdUs: 5 } },
          { share: 0.2, of: { kind: "lognormal", medianUs: 6, sigma: 0.7 } },
          { share: 0.1, of: { kind: "pareto", leastUs: 8, alpha: 1.5 } },
        ],
      },
      loss: 0.1,
      dup: 0.2,
      reorder: { share: 0.3, extra: det },
      bytesPerSecond: 1000,
      bufferBytes: 2000,
    },
  ],
  starts: [
    { atUs: 5, node: "n1", file: "main.ts", run: "main", args: [null], name: "main", version: "2" },
  ],
  loads: [
    {
      ...who,
      kind: "open",
      phases: [{ untilUs: 9, perSecond: 2.5 }],
      bursts: [{ atUs: 1, count: 3 }],
    },
    { ...who, kind: "closed", users: 3, think: det, everyUs: 10, fromUs: 1, untilUs: 100 },
    { ...who, kind: "recorded", atUs: [1, 1, 2] },
  ],
  faults: [
    { kind: "crash", node: "n1", atUs: 1 },
    { kind: "restart", node: "n1", atUs: 2 },
    { kind: "pause", node: "n1", atUs: 1, untilUs: 2 },
    { kind: "cut", between: ["n1", "n2"], atUs: 1 },
    { kind: "partition", groups: [["n1"], ["n2"]], atUs: 1, untilUs: 2 },
    { kind: "oneWay", from: "n1", to: "n2", atUs: 1 },
    { kind: "hold", between: ["n1", "n2"], atUs: 1, untilUs: 2 },
    {
      kind: "disturb",
      between: ["n1", "n2"],
      loss: 1,
      dup: 0,
      reorder: { share: 1, extra: det },
      atUs: 1,
    },
    { kind: "kill", node: "n1", process: "main", reason: { a: [1] }, atUs: 1 },
    { kind: "hang", node: "n1", process: "main", atUs: 1, untilUs: 2 },
    { kind: "bug", node: "n1", process: "main", on: "stone", atUs: 1, untilUs: 2 },
    { kind: "slow", node: "n1", factor: 2, atUs: 1 },
    { kind: "diskFull", node: "n1", atUs: 1 },
    { kind: "slowDisk", node: "n1", factor: 10, atUs: 1 },
    { kind: "skew", node: "n1", byUs: -7, atUs: 1 },
    { kind: "outage", node: "n1", process: "bank", mode: "hang", atUs: 1 },
  ],
  schedule: "shuffled",
  distribution: {
    connected: false,
    connectAll: true,
    preventOverlappingPartitions: false,
    tickTimeUs: 1_000_000,
    groups: { all: ["n1", "n2"] },
  },
  operations: { beginUs: det, endUs: det, failShare: 0.5 },
};

const SMALL = { horizonUs: "2 s", nodes: [{ name: "n1" }] };

function problemsOf(changes: Readonly<Record<string, unknown>>): string[] {
  const parsed = parseScenario(JSON.stringify({ ...SMALL, ...changes }), ["main.ts"]);
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
}

describe("a scenario's text", () => {
  it("may hold one of everything, and comes through as it is", () => {
    const parsed = parseScenario(JSON.stringify(WHOLE), ["main.ts"]);
    expect(parsed).toEqual({ ok: true, scenario: WHOLE });
  });

  it("knows every kind of fault and load that there is", () => {
    // A new kind fails to compile here until it is in WHOLE.
    const faults: Record<FaultSpec["kind"], true> = Object.fromEntries(
      WHOLE.faults.map(({ kind }) => [kind, true]),
    ) as Record<FaultSpec["kind"], true>;
    const all: Record<FaultSpec["kind"], true> = {
      crash: true,
      restart: true,
      pause: true,
      cut: true,
      partition: true,
      oneWay: true,
      hold: true,
      disturb: true,
      kill: true,
      hang: true,
      bug: true,
      slow: true,
      diskFull: true,
      slowDisk: true,
      skew: true,
      outage: true,
    };
    expect(faults).toEqual(all);
    const loads: Record<NonNullable<LoadSpec["kind"]>, true> = {
      open: true,
      closed: true,
      recorded: true,
    };
    expect(WHOLE.loads.map(({ kind }) => kind)).toEqual(Object.keys(loads));
  });

  it("may leave out what has a default, and write times with their unit", () => {
    const parsed = parseScenario(
      '{"horizonUs": "1.5 s", "nodes": [{"name": "a"}], "starts": [{"node": "a", "file": "main.ts", "run": "x", "atUs": "150 ms"}]}',
    );
    expect(parsed.ok && parsed.scenario).toEqual({
      name: "play",
      horizonUs: 1_500_000,
      nodes: [{ name: "a", cores: 1 }],
      wires: [],
      starts: [{ atUs: 150_000, node: "a", file: "main.ts", run: "x", args: [] }],
      loads: [],
      faults: [],
    });
  });

  it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ["no nodes", { nodes: [] }, /^nodes: 0 entries were seen; allowed: a list of 1 to 20\.$/],
    [
      "21 nodes",
      { nodes: Array.from({ length: 21 }, (_, i) => ({ name: `n${i}` })) },
      /^nodes: 21 entries/,
    ],
    [
      "half a core",
      { nodes: [{ name: "n1", cores: 0.5 }] },
      /^nodes\[0\]\.cores: 0\.5 was seen; allowed: a whole number from 1 to 64\.$/,
    ],
    [
      "a field that is none",
      { nodes: [{ name: "n1", core: 1 }] },
      /^nodes\[0\]\.core: there is no such field here; allowed: name, cores,/,
    ],
    [
      "a name with signs",
      { nodes: [{ name: "<b>" }] },
      /^nodes\[0\]\.name: "<b>" was seen; allowed: lower-case/,
    ],
    [
      "two nodes of a name",
      { nodes: [{ name: "n1" }, { name: "n1" }] },
      /^nodes\[1\]\.name: there are two nodes "n1"\.$/,
    ],
    [
      "11 minutes",
      { horizonUs: "660 s" },
      /^horizonUs: "660 s" was seen; allowed: whole µs from 1 to 600,000,000/,
    ],
    ["a time of words", { horizonUs: "soon" }, /^horizonUs: "soon" was seen/],
    ["half a µs", { horizonUs: "0.5 us" }, /^horizonUs/],
    [
      "a wire to itself",
      { wires: [{ between: ["n1", "n1"], latency: det }] },
      /^wires\[0\]\.between: a wire has two different ends\.$/,
    ],
    [
      "a wire to nobody",
      { wires: [{ between: ["n1", "n9"], latency: det }] },
      /^wires\[0\]\.between\[1\]: "n9" was seen; allowed: "n1"\.$/,
    ],
    [
      "no latency",
      { wires: [{ between: ["n1", "n2"] }] },
      /^wires\[0\]\.latency: it is missing\.$/,
    ],
    [
      "a latency of no kind",
      { wires: [{ between: ["n1", "n2"], latency: { kind: "fast" } }] },
      /^wires\[0\]\.latency\.kind: "fast" was seen; allowed: "det", "uniform", .* or "mix"\.$/,
    ],
    [
      "shares that are not one",
      {
        wires: [
          { between: ["n1", "n2"], latency: { kind: "mix", parts: [{ share: 0.5, of: det }] } },
        ],
      },
      /^wires\[0\]\.latency\.parts: the shares add up to 0\.5, not to 1\.$/,
    ],
    [
      "a share above 1",
      { wires: [{ between: ["n1", "n2"], latency: det, loss: 2 }] },
      /^wires\[0\]\.loss: 2 was seen; allowed: a number from 0 to 1\.$/,
    ],
    [
      "a file that is not there",
      { starts: [{ node: "n1", file: "shop.ts", run: "x" }] },
      /^starts\[0\]\.file: "shop\.ts" was seen; allowed: a file that is there: main\.ts\.$/,
    ],
    [
      "a fault on nobody",
      { faults: [{ kind: "crash", node: "n9", atUs: 1 }] },
      /^faults\[0\]\.node: "n9" was seen/,
    ],
    [
      "a fault that ends before it begins",
      { faults: [{ kind: "pause", node: "n1", atUs: 5, untilUs: 5 }] },
      /^faults\[0\]\.untilUs: must be later than atUs\.$/,
    ],
    [
      "a fault of no kind",
      { faults: [{ kind: "explode" }] },
      /^faults\[0\]\.kind: "explode" was seen; allowed: "crash"/,
    ],
    [
      "phases that go back",
      {
        loads: [
          {
            ...who,
            phases: [
              { untilUs: 2, perSecond: 1 },
              { untilUs: 1, perSecond: 1 },
            ],
          },
        ],
      },
      /^loads\[0\]\.phases: each ends later/,
    ],
    [
      "too many a second",
      { loads: [{ ...who, phases: [{ untilUs: 2, perSecond: 1e6 }] }] },
      /^loads\[0\]\.phases\[0\]\.perSecond: 1000000 was seen/,
    ],
    [
      "a list where an object is wanted",
      { nodes: [[]] },
      /^nodes\[0\]: \[\] was seen; allowed: an object with name/,
    ],
  ])("is refused with %s", (_name, changes, says) => {
    const problems = problemsOf(changes);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(says);
  });

  it("is told all that is wrong at once, each at its place", () => {
    const text = '{\n  "horizonUs": 0,\n  "nodes": [{ "name": "A" }]\n}';
    const parsed = parseScenario(text);
    if (parsed.ok) throw new Error("it is wrong");
    expect(parsed.problems.map(({ path }) => path)).toEqual(["horizonUs", "nodes[0].name"]);
    expect(markedProblems(parsed.problems, text, "scenario.json")).toMatchObject([
      { file: "scenario.json", line: 2, column: 16, endLine: 2, endColumn: 17 },
      { line: 3, column: 23, endColumn: 26 },
    ]);
  });

  it("is bounded as a text", () => {
    const parsed = parseScenario(" ".repeat(SCENARIO_BOUNDS.characters + 1));
    expect(!parsed.ok && parsed.problems[0]?.message).toMatch(/at most 100,000 characters/);
  });
});

describe("JSON with places", () => {
  it("is read as JSON.parse reads it", () => {
    for (const value of [WHOLE, [], {}, 'a"b\\c\n', -1.5e3, null, [true, [false]], { "": 1 }]) {
      for (const space of [0, 2]) {
        const parsed = parseJsonText(JSON.stringify(value, null, space));
        expect(parsed.ok && parsed.value).toEqual(value);
      }
    }
  });

  it.each([
    ["", /A value is expected; the end of the text was seen/],
    ["{", /field in "quotes" is expected; the end/],
    ['{"a" 1}', /":" after "a" is expected; "1" was seen/],
    ['{"a": 1,}', /A field in "quotes" is expected; "}" was seen/],
    ["[1 2]", /"," or "\]" is expected; "2" was seen/],
    ["[1] 2", /"2" was seen after the end/],
    ['{"a": yes}', /yes is no value/],
    ['{"a": "open\n}', /no closing quote/],
    ['{"a": 1, "a": 2}', /"a" is there twice/],
    ['{"__proto__": {}}', /cannot be a field/],
    ["[".repeat(2_000), /More than 24 levels/],
    ['"\\x"', /an escape/],
  ])("says what is wrong with %j", (text, says) => {
    const parsed = parseJsonText(text);
    expect(!parsed.ok && parsed.message).toMatch(says);
  });
});

describe("faults", () => {
  it("on their own are parsed as strictly, against the nodes that there are", () => {
    expect(parseFaults(WHOLE.faults, ["n1", "n2"])).toEqual(WHOLE.faults);
    expect(parseFaults(WHOLE.faults, ["n1"])).toBeUndefined();
    for (const wrong of [null, {}, [{}], [{ kind: "crash", node: "n1" }], "crash"])
      expect(parseFaults(wrong)).toBeUndefined();
  });

  it("made by hand are written into the text, and nothing else of it changes", () => {
    const faults: FaultSpec[] = [{ kind: "crash", node: "n1", atUs: 1_500_000 }];
    const text = '{\n  "horizonUs": "2 s",\n  "faults": [],\n  "nodes": [{ "name": "n1" }]\n}\n';
    const line = '{ "kind": "crash", "node": "n1", "atUs": "1500 ms" }';
    const after = withFaults(text, faults);
    expect(after).toBe(text.replace("[],", `[\n    ${line}\n  ],`));
    expect(withFaults(after ?? "", [])).toBe(text);
    const without = '{\n  "horizonUs": "2 s",\n  "nodes": [{ "name": "n1" }]\n}\n';
    const added = parseScenario(withFaults(without, faults) ?? "");
    expect(added.ok && added.scenario.faults).toEqual(faults);
    const all = parseScenario(withFaults(JSON.stringify(WHOLE), WHOLE.faults) ?? "");
    expect(all).toEqual({ ok: true, scenario: WHOLE });
    expect(withFaults("{", faults)).toBeUndefined();
    expect(withFaults("[]", faults)).toBeUndefined();
  });
});
