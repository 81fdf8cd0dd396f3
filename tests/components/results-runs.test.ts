/** The queue of the page of results, with a crew that does what the test says. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Crew } from "../../components/results/crew.ts";
import type { Said } from "../../components/results/desk-words.ts";
import { actionText, allText, runText, shortText } from "../../components/results/run-words.ts";
import { createRuns, type Runs, shareMade } from "../../components/results/runs.ts";
import { atMost, row } from "../../workers/reproduce/reproduction.ts";

const ours = (value: number) =>
  row({ what: "calls", unit: "", published: 1, ours: value, band: atMost(10, "at most 10") });
const progress = (madeCount: number, value: number): Said => ({
  kind: "progress",
  madeCount,
  rows: [ours(value)],
});
const end = (value: number): Said => ({ kind: "end", rows: [ours(value)] });

let crews: { asked: string[]; hear: (said: Said) => void; isStopped: boolean }[];
let runs: Runs;
const crewNow = () => crews.at(-1) as (typeof crews)[number];

beforeEach(() => {
  crews = [];
  runs = createRuns((): Crew => {
    const crew = { asked: [] as string[], hear: (_: Said) => {}, isStopped: false };
    crews.push(crew);
    return {
      make(id, hear) {
        crew.asked.push(id);
        crew.hear = hear;
      },
      stop() {
        crew.isStopped = true;
      },
    };
  });
});

describe("a run", () => {
  it("begins nothing before somebody asks", () => {
    expect(runs.runOf("R2")).toEqual({ kind: "idle" });
    expect(crews).toEqual([]);
  });

  it("tells its rows as they come, and the last ones at its end", () => {
    let toldCount = 0;
    runs.subscribe(() => toldCount++);
    runs.run("R2");
    crewNow().hear(progress(3, 4));
    expect(runs.runOf("R2")).toMatchObject({ kind: "running", madeCount: 3 });
    crewNow().hear(end(5));
    expect(runs.runOf("R2")).toEqual({ kind: "done", rows: [ours(5)] });
    expect(crewNow().isStopped).toBe(true);
    expect(toldCount).toBe(3);
  });

  it("keeps its rows when it is cancelled, and hears nothing more", () => {
    runs.run("R10");
    crewNow().hear(progress(3, 4));
    const late = crewNow().hear;
    runs.cancel("R10");
    late(progress(9, 9));
    late(end(9));
    expect(runs.runOf("R10")).toEqual({ kind: "cancelled", madeCount: 3, rows: [ours(4)] });
    expect(crewNow().isStopped).toBe(true);
  });

  it("says why it failed, keeps its rows, and is made anew by new workers", () => {
    runs.run("R10");
    crewNow().hear(progress(3, 4));
    crewNow().hear({ kind: "failed", reason: "out of memory" });
    expect(runs.runOf("R10")).toEqual({
      kind: "failed",
      madeCount: 3,
      rows: [ours(4)],
      reason: "out of memory",
    });
    expect(crewNow().isStopped).toBe(true);
    runs.run("R10");
    expect(crews).toHaveLength(2);
    crewNow().hear(end(5));
    expect(runs.runOf("R10").kind).toBe("done");
  });

  it("fails when no worker can be begun", () => {
    const none = createRuns(() => {
      throw new Error("no workers here");
    });
    none.run("R1");
    expect(none.runOf("R1")).toMatchObject({ kind: "failed", reason: "no workers here" });
  });
});

describe("several runs", () => {
  it("come one after the other, by one crew", () => {
    runs.run("R1");
    runs.run("R2");
    runs.run("R2");
    expect(runs.runOf("R2").kind).toBe("waiting");
    crewNow().hear(end(1));
    crewNow().hear(end(2));
    expect(crews.map(({ asked }) => asked)).toEqual([["R1", "R2"]]);
    expect(crewNow().isStopped).toBe(true);
  });

  it("go on when one is cancelled or fails, and when one that waits is taken out", () => {
    runs.runAll(["R1", "R2", "R3", "R4"]);
    runs.cancel("R3");
    runs.cancel("R1");
    expect(runs.runOf("R2").kind).toBe("running");
    crewNow().hear({ kind: "failed", reason: "gone" });
    crewNow().hear(end(4));
    expect(["R1", "R2", "R3", "R4"].map((id) => runs.runOf(id).kind)).toEqual([
      "cancelled",
      "failed",
      "idle",
      "done",
    ]);
    expect(runs.all()).toBeUndefined();
  });

  it("leave what is done when all are run, and do it anew when all are done", () => {
    runs.run("R1");
    crewNow().hear(end(1));
    runs.runAll(["R1", "R2"]);
    expect(runs.runOf("R1").kind).toBe("done");
    crewNow().hear(end(2));
    runs.runAll(["R1", "R2"]);
    expect(runs.runOf("R1").kind).toBe("running");
  });

  it("are all cancelled at once: what waited is as it was before", () => {
    runs.run("R2");
    crewNow().hear(end(1));
    runs.run("R1");
    runs.run("R2");
    runs.run("R3");
    crewNow().hear(progress(7, 1));
    runs.cancelAll();
    expect(["R1", "R2", "R3"].map((id) => runs.runOf(id).kind)).toEqual([
      "cancelled",
      "done",
      "idle",
    ]);
    expect(crewNow().isStopped).toBe(true);
  });

  it("have one progress, in which each counts the same", () => {
    const results = [
      { id: "R1", trialCount: 1000 },
      { id: "R2", trialCount: 4 },
    ];
    expect(shareMade(results, runs.runOf)).toBe(0);
    runs.runAll(["R1", "R2"]);
    crewNow().hear(progress(500, 1));
    expect(shareMade(results, runs.runOf)).toBe(0.25);
    crewNow().hear(end(1));
    crewNow().hear(progress(1, 1));
    expect(shareMade(results, runs.runOf)).toBe(0.625);
  });
});

describe("the words for a run", () => {
  const rows = [ours(4), { ...ours(40), what: "other" }];
  it.each([
    [
      { kind: "idle" },
      "Not run yet. 1,600 trials; may take a minute or more.",
      "not run yet",
      "Run",
    ],
    [{ kind: "waiting", before: { kind: "idle" } }, "Waits for its turn.", "waits", "Cancel"],
    [{ kind: "running", madeCount: 32, rows }, "32 of 1,600 trials made", "2 %", "Cancel"],
    [
      { kind: "cancelled", madeCount: 32, rows },
      "Cancelled after 32 of 1,600 trials; the numbers are of those.",
      "cancelled",
      "Run again",
    ],
    [
      { kind: "cancelled", madeCount: 0, rows: [] },
      "Cancelled before there was a number.",
      "cancelled",
      "Run again",
    ],
    [
      { kind: "failed", madeCount: 32, rows, reason: "a worker crashed" },
      "It failed: a worker crashed. Retry to begin again.",
      "failed",
      "Retry",
    ],
    [
      { kind: "done", rows },
      "1,600 trials made. 1 of 2 numbers outside the band.",
      "1 of 2 inside",
      "Run again",
    ],
    [
      { kind: "done", rows: [ours(4), ours(5)] },
      "1,600 trials made. All 2 numbers are inside their bands.",
      "2 of 2 inside",
      "Run again",
    ],
  ] as const)("%j", (run, sentence, short, action) => {
    expect(runText(run, "R1", 1600)).toBe(sentence);
    expect(shortText(run, 1600)).toBe(short);
    expect(actionText(run)).toBe(action);
  });

  it("for all of them", () => {
    const done = { kind: "done", rows } as const;
    const idle = { kind: "idle" } as const;
    expect(allText([idle, idle], false)).toBe("2 results, none of them run yet");
    expect(allText([done, idle], true)).toBe("1 of 2 results made");
    expect(allText([done, idle], false)).toBe(
      "1 of 2 results made: 1 of 2 numbers inside their bands",
    );
  });
});
