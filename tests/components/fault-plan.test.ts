/** The plan of faults without its picture: what is offered, what becomes of a choice, and what moving keeps. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  aimedAt,
  choicesFor,
  faultFor,
  figuresOf,
  type Ground,
  targetOf,
  targetsFor,
  targetsLike,
  targetText,
  withFigure,
} from "../../components/sandbox/fault-choices.ts";
import {
  changed,
  hasBefore,
  takenBack,
  UNDO_COUNT_MAX,
} from "../../components/sandbox/fault-history.ts";
import {
  endUs,
  grainUs,
  isInstant,
  lengthUs,
  movedTo,
  type Plan,
  refusalOf,
  resized,
  stepUs,
  untilOf,
} from "../../components/sandbox/fault-plan.ts";
import { ROW_COUNT_MAX, roomOf, rowsOf } from "../../components/sandbox/fault-rows.ts";
import {
  faultLabel,
  faultSpoken,
  faultTimes,
  faultTimesBrief,
} from "../../components/sandbox/fault-text.ts";
import type { FaultSpec, Scenario } from "../../workers/kernel/scenario.ts";

const SECOND = 1_000_000;

function world(nodes: readonly string[], wires: readonly (readonly [string, string])[]): Scenario {
  return {
    name: "shop",
    horizonUs: 80 * SECOND,
    nodes: nodes.map((name) => ({ name, cores: 1 })),
    wires: wires.map((between) => ({ between, latency: { kind: "det", us: 1000 }, loss: 0 })),
    starts: [],
    loads: [],
    faults: [],
  };
}

const TWO: Ground = {
  scenario: world(["n1", "web"], [["n1", "web"]]),
  plan: [],
  processes: [
    { node: "n1", process: "till" },
    { node: "n1", process: "log" },
  ],
};
const { scenario } = TWO;
const { horizonUs } = scenario;

const THREE: Ground = {
  scenario: world(
    ["a", "b", "c"],
    [
      ["a", "b"],
      ["b", "c"],
    ],
  ),
  plan: [],
  processes: [],
};

type Id = Parameters<typeof targetsFor>[0];
const idsOf = (ground: Ground): Id[] =>
  choicesFor(ground).flatMap(({ choices }) => choices.map(({ id }) => id));
const killed: FaultSpec = { kind: "crash", node: "n1", atUs: 10 * SECOND };
const paused: FaultSpec = { kind: "pause", node: "n1", atUs: 10 * SECOND, untilUs: 18 * SECOND };
const openPause: FaultSpec = { kind: "pause", node: "n1", atUs: 10 * SECOND };

/** Every fault that the menu can make, from `atUs` on. */
function everyFault(ground: Ground, atUs: number): FaultSpec[] {
  return idsOf(ground).flatMap((id) =>
    targetsFor(id, ground).map((target) => faultFor(id, target, atUs, ground)),
  );
}

describe("what can be broken", () => {
  test("two nodes, a wire and named processes: everything but beginning anew", () => {
    expect(choicesFor(TWO).map(({ title }) => title)).toEqual([
      "Node",
      "Process",
      "Wire",
      "Disk and clock",
    ]);
    expect(idsOf(TWO)).toHaveLength(15);
    expect(idsOf(TWO)).not.toContain("restart");
  });

  test("a node begins anew when the plan kills it, or when it stands by", () => {
    expect(targetsFor("restart", { ...TWO, plan: [killed] }).map(targetText)).toEqual(["n1"]);
    const standby: Scenario = {
      ...scenario,
      nodes: [...scenario.nodes, { name: "spare", cores: 1, standby: true }],
    };
    expect(targetsFor("restart", { ...TWO, scenario: standby }).map(targetText)).toEqual(["spare"]);
  });

  test("without wires nothing of wires, without names nothing of processes", () => {
    const lonely = { ...TWO, scenario: world(["n1"], []), processes: [] };
    expect(choicesFor(lonely).map(({ title }) => title)).toEqual(["Node", "Disk and clock"]);
  });

  test("of three nodes each can be parted from the others, or from a neighbour", () => {
    expect(targetsFor("partition", THREE).map(targetText)).toEqual([
      "a from b, c",
      "b from a, c",
      "c from a, b",
      "a from b",
      "b from c",
    ]);
    expect(targetsFor("oneWay", TWO).map(targetText)).toEqual(["from n1 to web", "from web to n1"]);
  });

  test("what is picked in the picture is asked about first", () => {
    const first = (id: Id, picked: { node?: string; process?: string }) => {
      const [target] = targetsFor(id, TWO, picked);
      return target && targetText(target);
    };
    expect(first("pause", {})).toBe("n1");
    expect(first("pause", { node: "web" })).toBe("web");
    expect(first("hang", { node: "n1", process: "log" })).toBe("log on n1");
    expect(first("oneWay", { node: "web" })).toBe("from web to n1");
  });
});

describe("what a choice becomes", () => {
  test("it begins at the moment asked for and lasts a tenth of the run", () => {
    const [target] = targetsFor("slow", TWO);
    if (target === undefined) throw new Error("nobody to slow");
    expect(faultFor("slow", target, 12_345_678, TWO)).toEqual({
      kind: "slow",
      node: "n1",
      factor: 4,
      atUs: 12_350_000,
      untilUs: 20_350_000,
    });
  });

  test.each([0, 12 * SECOND, 79_999_999, 80 * SECOND])(
    "the engine takes every one of them, begun at %d µs",
    (atUs) => {
      for (const ground of [TWO, THREE, { ...TWO, plan: [killed] }]) {
        const faults = everyFault(ground, atUs);
        expect(faults.length).toBeGreaterThan(10);
        for (const fault of faults)
          expect([fault, refusalOf(fault, ground.scenario)]).toEqual([fault, undefined]);
      }
    },
  );

  test("a node that dies only later begins anew after that", () => {
    const ground = { ...TWO, plan: [killed] };
    const again = (atUs: number) => faultFor("restart", { kind: "node", node: "n1" }, atUs, ground);
    expect(again(30 * SECOND).atUs).toBe(30 * SECOND);
    expect(again(10 * SECOND).atUs).toBe(18 * SECOND);
    expect(again(0).atUs).toBe(18 * SECOND);
  });

  test("it can be aimed at anybody else of its sort, and at nobody of another", () => {
    for (const fault of everyFault(TWO, 0)) {
      for (const target of targetsLike(fault, TWO)) {
        expect(targetOf(aimedAt(fault, target))).toEqual(target);
      }
      const other = targetOf(fault).kind === "node" ? "wire" : "node";
      const stranger = { kind: other, node: "web", between: ["n1", "web"] } as const;
      expect(aimedAt(fault, stranger as never)).toBe(fault);
    }
  });

  test("its figures are read and written in people's units", () => {
    const figures = (fault: FaultSpec) =>
      figuresOf(fault).map(({ label, value, unit }) => `${label} ${value} ${unit}`);
    const skew: FaultSpec = { kind: "skew", node: "n1", byUs: -5 * SECOND, atUs: 0 };
    expect(figures(skew)).toEqual(["Clock jumps by -5 s"]);
    expect(withFigure(skew, "byUs", 0.25)).toEqual({ ...skew, byUs: 250_000 });
    const storm: FaultSpec = {
      kind: "disturb",
      between: ["n1", "web"],
      loss: 0.5,
      dup: 0.125,
      atUs: 0,
    };
    expect(figures(storm)).toEqual(["Lost 50 %", "Doubled 12.5 %"]);
    expect(withFigure(storm, "loss", 20)).toEqual({ ...storm, loss: 0.2 });
    expect(withFigure(storm, "reorder", 20)).toBe(storm);
    expect(withFigure(paused, "factor", 2)).toBe(paused);
    for (const fault of everyFault(TWO, 0)) {
      for (const { id, value } of figuresOf(fault))
        expect(withFigure(fault, id, value)).toEqual(fault);
    }
  });
});

describe("moving and resizing", () => {
  test.each([
    [80 * SECOND, 10_000, 800_000, 8 * SECOND],
    [15 * SECOND, 10_000, 150_000, 2 * SECOND],
    [1 * SECOND, 10_000, 10_000, 100_000],
    [50_000, 100, 500, 5_000],
    [300_000 * SECOND, 10_000, 3_000 * SECOND, 30_000 * SECOND],
    [7, 1, 1, 1],
  ])(
    "in a run of %d µs times snap to %d, keys move by %d, faults last %d",
    (run, grain, step, length) => {
      expect([grainUs(run), stepUs(run), lengthUs(run)]).toEqual([grain, step, length]);
    },
  );

  test("a band keeps its length, also where the run ends", () => {
    expect(movedTo(paused, 20_004_999, horizonUs)).toMatchObject({
      atUs: 20 * SECOND,
      untilUs: 28 * SECOND,
    });
    expect(movedTo(paused, 79 * SECOND, horizonUs)).toMatchObject({
      atUs: 72 * SECOND,
      untilUs: 80 * SECOND,
    });
    expect(movedTo(paused, -5, horizonUs)).toMatchObject({ atUs: 0, untilUs: 8 * SECOND });
  });

  test("an open end stays open until it is taken hold of", () => {
    const moved = movedTo(openPause, 20 * SECOND, horizonUs);
    expect(moved).toEqual({ ...openPause, atUs: 20 * SECOND });
    expect(endUs(moved, horizonUs)).toBe(horizonUs);
    expect(resized(openPause, "until", 30 * SECOND, horizonUs)).toEqual({
      ...openPause,
      untilUs: 30 * SECOND,
    });
  });

  test("an end stops before the other one, and at the ends of the run", () => {
    expect(resized(paused, "from", 60 * SECOND, horizonUs).atUs).toBe(17_990_000);
    expect(resized(paused, "until", 0, horizonUs)).toMatchObject({ untilUs: 10_010_000 });
    expect(resized(paused, "until", 99 * SECOND, horizonUs)).toMatchObject({ untilUs: horizonUs });
    expect(resized(killed, "until", 99 * SECOND, horizonUs)).toBe(killed);
  });

  const anyFault = fc
    .tuple(
      fc.integer({ min: 1, max: 10 ** 12 }),
      fc.nat(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
    )
    .map(([run, pick, at, length, isOpen]) => {
      const atUs = Math.min(run - 1, Math.floor(at * run));
      const untilUs = Math.min(run, atUs + 1 + Math.floor(length * (run - atUs)));
      const faults = everyFault({ ...TWO, plan: [killed] }, 0);
      const fault = faults[pick % faults.length] as FaultSpec;
      const placed = isInstant(fault) ? { ...fault, atUs } : { ...fault, atUs, untilUs };
      if (isOpen && placed.kind === "pause")
        return { run, fault: { ...openPause, atUs } as FaultSpec };
      return { run, fault: placed };
    });
  const anyUs = fc.oneof(
    fc.double({ min: -1e13, max: 1e13, noNaN: true }),
    fc.integer({ min: -100_000, max: 10 ** 7 }),
  );
  const valid = (fault: FaultSpec, run: number) =>
    refusalOf(fault, { ...scenario, horizonUs: run });

  test("whatever is moved or resized stays a fault that the engine takes", () => {
    fc.assert(
      fc.property(
        anyFault,
        anyUs,
        fc.constantFrom("move", "from", "until"),
        ({ run, fault }, us, how) => {
          expect(valid(fault, run)).toBeUndefined();
          const next =
            how === "move" ? movedTo(fault, us, run) : resized(fault, how as "from", us, run);
          expect(valid(next, run)).toBeUndefined();
          expect(next.kind).toBe(fault.kind);
          expect(targetOf(next)).toEqual(targetOf(fault));
          if (how === "move" && untilOf(fault) !== undefined)
            expect(endUs(next, run) - next.atUs).toBe(endUs(fault, run) - fault.atUs);
          if (how === "until") expect(next.atUs).toBe(fault.atUs);
          if (how === "from")
            expect(endUs(next, run)).toBe(isInstant(fault) ? fault.atUs : endUs(fault, run));
        },
      ),
      { seed: 20261122 },
    );
  });
});

describe("what is refused, and in which words", () => {
  test.each<[string, FaultSpec]>([
    [
      "It begins at 90.000 s, and the run ends at 80.000 s. Let it begin earlier.",
      { ...killed, atUs: 90 * SECOND },
    ],
    [
      "The beginning is not a time of the run. Give it in seconds from 0.",
      { ...killed, atUs: Number.NaN },
    ],
    ["The beginning is not a time of the run. Give it in seconds from 0.", { ...killed, atUs: -1 }],
    ["The end is not a time of the run. Give it in seconds.", { ...paused, untilUs: Number.NaN }],
    [
      "It ends at 10.000 s and begins at 10.000 s. Let it end later.",
      { ...paused, untilUs: 10 * SECOND },
    ],
    [
      "It ends at 81.000 s, and the run at 80.000 s. Let it end with the run.",
      { ...paused, untilUs: 81 * SECOND },
    ],
    ['This scenario has no node "n9". It has n1, web.', { ...killed, node: "n9" }],
    [
      "There is no wire between n1 and n1. Choose two nodes that have one.",
      { kind: "cut", between: ["n1", "n1"], atUs: 0 },
    ],
    ["Both ends are web. Choose two nodes.", { kind: "oneWay", from: "web", to: "web", atUs: 0 }],
    [
      "n1 is on both sides. Leave it on one.",
      { kind: "partition", groups: [["n1"], ["web", "n1"]], atUs: 0 },
    ],
    [
      "One side is empty. Put a node on each.",
      { kind: "partition", groups: [["n1"], []], atUs: 0 },
    ],
    ["No process is named. Choose one.", { kind: "kill", node: "n1", process: "", atUs: 0 }],
    [
      "It cannot be 0.5 times as slow. Choose from 1 to 1000.",
      { kind: "slow", node: "n1", factor: 0.5, atUs: 0 },
    ],
    [
      "It cannot be NaN times as slow. Choose from 1 to 1000.",
      { kind: "slowDisk", node: "n1", factor: Number.NaN, atUs: 0 },
    ],
    [
      "A share is outside of 0 to 100 %. Choose one within.",
      { kind: "disturb", between: ["n1", "web"], loss: 1.5, atUs: 0 },
    ],
    [
      "The clock cannot be set so far. Choose a day (86400 s) at most.",
      { kind: "skew", node: "n1", byUs: 10 ** 12, atUs: 0 },
    ],
  ])("%s", (words, fault) => {
    expect(refusalOf(fault, scenario)).toBe(words);
  });

  test("nodes that are not neighbours have no wire to cut", () => {
    const fault: FaultSpec = { kind: "cut", between: ["a", "c"], atUs: 0 };
    expect(refusalOf(fault, THREE.scenario)).toContain("no wire between a and c");
    expect(refusalOf({ ...fault, between: ["c", "b"] }, THREE.scenario)).toBeUndefined();
  });
});

describe("in words", () => {
  test("each fault has a label of its own", () => {
    const faults: FaultSpec[] = [
      ...everyFault({ ...TWO, plan: [killed] }, 0),
      { kind: "bug", node: "n1", process: "till", on: { sell: 1 }, atUs: 0 },
      { kind: "outage", node: "n1", process: "bank", mode: "hang", atUs: 0 },
    ];
    const labels = faults.map(faultLabel);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels).toEqual(
      expect.arrayContaining([
        "n1 killed",
        "n1 begins anew",
        "n1 ↮ web cut",
        "n1 ↮ web silent",
        "web ↛ n1 silent",
        "n1 – web holds",
        "n1 – web loses 50 %",
        "till hangs",
        "n1 slow ×4",
        "n1 clock −5 s",
        "bank never answers",
      ]),
    );
    for (const fault of faults) expect(faultSpoken(fault)).not.toMatch(/[↮↛×−–]/);
  });

  test("times with milliseconds, and an open end as the end", () => {
    expect(faultTimes(killed, horizonUs)).toBe("at 10.000 s");
    expect(faultTimes(paused, horizonUs)).toBe("from 10.000 s to 18.000 s");
    expect(faultTimes(openPause, horizonUs)).toBe("from 10.000 s to the end");
    expect(faultTimesBrief(paused, horizonUs)).toBe("10.000–18.000 s");
  });
});

describe("rows", () => {
  const band = (from: number, until: number): FaultSpec => ({
    kind: "pause",
    node: "n1",
    atUs: from * SECOND,
    untilUs: until * SECOND,
  });
  const rows = (plan: Plan, labelS = 1) =>
    rowsOf(plan, horizonUs, () => labelS * SECOND)
      .spots.toSorted((a, b) => a.index - b.index)
      .map(({ row }) => row);

  test("what does not overlap shares a row, what does goes below", () => {
    expect(rows([band(0, 10), band(10, 20), band(5, 15), band(15, 30)])).toEqual([0, 0, 1, 1]);
  });

  test("a label beside a short band takes room too, after it or at the run's end before it", () => {
    expect(rows([band(0, 1), band(4, 5)], 3)).toEqual([0, 0]);
    expect(rows([band(0, 1), band(3, 4)], 3)).toEqual([0, 1]);
    expect(roomOf(band(0, 9), 3 * SECOND, horizonUs).label).toBe("inside");
    expect(roomOf(band(0, 1), 3 * SECOND, horizonUs)).toEqual({
      fromUs: 0,
      toUs: 4 * SECOND,
      label: "after",
    });
    expect(roomOf(band(79, 80), 3 * SECOND, horizonUs)).toEqual({
      fromUs: 76 * SECOND,
      toUs: 80 * SECOND,
      label: "before",
    });
  });

  test("past the fourth row faults are counted", () => {
    const plan = Array.from({ length: 7 }, () => band(0, 10));
    expect(rowsOf(plan, horizonUs, () => 0)).toMatchObject({
      rowCount: ROW_COUNT_MAX,
      moreCount: 3,
    });
  });

  test("no two faults of a row ever touch, and none is forgotten", () => {
    const drawn = fc.array(
      fc
        .tuple(fc.nat(79), fc.integer({ min: 1, max: 80 }))
        .map(([from, length]) => band(from, Math.min(80, from + length))),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(drawn, fc.nat(20), (plan, labelS) => {
        const { spots, rowCount, moreCount } = rowsOf(plan, horizonUs, () => labelS * SECOND);
        expect(spots.length + moreCount).toBe(plan.length);
        expect(rowCount).toBeLessThanOrEqual(ROW_COUNT_MAX);
        for (const one of spots) {
          expect(one.fromUs).toBeGreaterThanOrEqual(0);
          expect(one.toUs).toBeLessThanOrEqual(horizonUs);
          for (const other of spots)
            if (one.index < other.index && one.row === other.row)
              expect(one.toUs <= other.fromUs || other.toUs <= one.fromUs).toBe(true);
        }
      }),
      { seed: 20261122 },
    );
  });
});

describe("what was before", () => {
  const first: Plan = [];
  const grown = (count: number) => {
    const plans = [first];
    for (let n = 0; n < count; n++) {
      const plan = plans[n] as Plan;
      plans.push(changed(plan, [...plan, killed]));
    }
    return plans;
  };

  test("changes are taken back one by one", () => {
    const plans = grown(3);
    expect(hasBefore(first)).toBe(false);
    expect(takenBack(first)).toBeUndefined();
    let plan = plans[3] as Plan;
    for (const expected of [plans[2], plans[1], plans[0]]) {
      expect(hasBefore(plan)).toBe(true);
      plan = takenBack(plan) as Plan;
      expect(plan).toBe(expected);
    }
    expect(hasBefore(plan)).toBe(false);
  });

  test("a bounded number of them", () => {
    let plan = grown(UNDO_COUNT_MAX + 5).at(-1) as Plan;
    let count = 0;
    for (; hasBefore(plan); count++) plan = takenBack(plan) as Plan;
    expect(count).toBe(UNDO_COUNT_MAX);
    expect(plan).toHaveLength(5);
  });

  test("after taking back, the next change goes on from there", () => {
    const plans = grown(2);
    const back = takenBack(plans[2] as Plan) as Plan;
    const next = changed(back, []);
    expect(takenBack(next)).toBe(plans[1]);
    expect(takenBack(plans[1] as Plan)).toBe(first);
  });
});
