import { describe, expect, it } from "vitest";
import {
  conclude,
  type Exercise,
  judgeRun,
  type RunFindings,
  Story,
  seedOf,
  stays,
} from "../../workers/check/index.ts";
import { BOUNDS, type Scenario } from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { compileFiles, scenarioOf } from "../engine/room.ts";

/** A server of `serviceMs` each, exponential or fixed, and Poisson customers who call it. */
function queue(
  perSecond: number,
  work: string,
  seconds: number,
): { scenario: Scenario; program: ReturnType<typeof compileFiles> } {
  const program = compileFiles({
    "main.ts": `
      import { call, genServer, random, work } from "otp";
      export const server = genServer<null>({
        init: () => ["ok", null],
        async handleCall(_request, _from, state) { await work(${work}); return ["reply", "done", state]; },
      });
      export async function customer() { await call("server", "serve", { timeout: Infinity }); }
    `,
  });
  const scenario = scenarioOf({
    horizonUs: seconds * 1_000_000,
    starts: [{ atUs: 0, node: "n1", file: "main.ts", run: "server", args: [], name: "server" }],
    loads: [
      {
        name: "customer",
        node: "n1",
        file: "main.ts",
        run: "customer",
        args: [],
        phases: [{ untilUs: seconds * 1_000_000, perSecond }],
      },
    ],
  });
  return { scenario, program };
}

function measured(perSecond: number, work: string, seeds: number) {
  const { scenario, program } = queue(perSecond, work, 150);
  const what = { role: "server", fromUs: 30_000_000, untilUs: 140_000_000 };
  const all = Array.from({ length: seeds }, (_, i) =>
    stays(new Story(simulate({ program, scenario, seed: i + 1 }), scenario, i + 1), what),
  );
  const mean = (of: (one: (typeof all)[number]) => number) =>
    all.reduce((sum, one) => sum + of(one), 0) / all.length;
  return {
    timeUs: mean((one) => one.meanTimeUs),
    number: mean((one) => one.meanNumber),
    ratePerUs: mean((one) => one.ratePerUs),
    all,
  };
}

const bounded: Exercise = {
  id: "T-E1",
  title: "test",
  version: 1,
  kind: "code",
  speed: 1,
  run: scenarioOf(),
  tiers: {},
  checks: [
    { check: "mailboxMax", tier: "P", role: "till", bound: 25 },
    { check: "noLeak", tier: "S" },
  ],
  mainFile: "main.ts",
  explain: ({ pattern }) => (pattern === "overflow" ? "Too long a line." : undefined),
};

function finding(tier: "S" | "P", seed: number, fails: boolean, value = 30): RunFindings {
  const check = tier === "P" ? 0 : 1;
  const pattern = tier === "P" ? "overflow" : "timer";
  const evidence = {
    check: tier === "P" ? "mailboxMax" : "noLeak",
    pattern,
    seed,
    atUs: 5,
    values: { count: 1 },
  } as const;
  return {
    tier,
    seed,
    digest: "",
    findings: {
      [check]: {
        ...(tier === "P" ? { measured: { value } } : undefined),
        ...(fails ? { evidence } : undefined),
      },
    },
  };
}

describe("verdicts", () => {
  it("Rule K1: the same trace gives the same findings, whoever reads it", () => {
    const { scenario, program } = queue(60, "10", 20);
    const trace = simulate({ program, scenario, seed: 3 });
    const checks = [
      { check: "noLeak", tier: "S" },
      { check: "mailboxMax", tier: "S", role: "server", bound: 1 },
    ] as const;
    expect(judgeRun(checks, "S", scenario, 3, trace)).toEqual(
      judgeRun(checks, "S", scenario, 3, trace),
    );
    expect(judgeRun(checks, "S", scenario, 3, trace).findings[1]?.evidence?.pattern).toBe(
      "overflow",
    );
  });

  it("Rule K2: in tier S one failing seed fails; in tier P one of twenty does not, two do", () => {
    const runs = (tier: "S" | "P", failing: number) =>
      Array.from({ length: 20 }, (_, i) => finding(tier, i, i < failing));
    const verdict = (failingP: number, failingS: number) =>
      conclude(bounded, [...runs("P", failingP), ...runs("S", failingS)], {
        engine: "test",
      }).checks.map(({ passed }) => passed);
    expect(verdict(0, 0)).toEqual([true, true]);
    expect(verdict(1, 1)).toEqual([true, false]);
    expect(verdict(2, 0)).toEqual([false, true]);
    const failed = conclude(bounded, [...runs("P", 2), ...runs("S", 1)], { engine: "test" });
    expect(failed.outcome).toBe("failed");
    expect(failed.checks.map(({ failure }) => failure?.sentence)).toEqual([
      "Too long a line.",
      "1 timer(s) were still armed at the end.",
    ]);
    expect(failed.checks[0]?.actual).toBe("median over seeds 30; 18 of 20 seeds");
  });

  it("Rule K2: no runs at all pass nothing", () => {
    expect(conclude(bounded, [], { engine: "test" }).outcome).toBe("failed");
  });

  it("Rule K3: a run that was cut fails with the bound as the reason", () => {
    const program = compileFiles({
      "main.ts": `import { self, send } from "otp"; export function main() { for (let i = 0; i < 100; i++) send(self(), i); }`,
    });
    const trace = simulate({
      program,
      scenario: scenarioOf(),
      seed: 1,
      bounds: { ...BOUNDS, mailboxLengthMax: 10 },
    });
    const run = judgeRun(bounded.checks, "S", scenarioOf(), 1, trace);
    expect(run.cut).toBe("the mailbox of main reached 10 messages");
    expect(conclude(bounded, [run], { engine: "test" }).checks[1]?.failure?.sentence).toBe(
      "The run was stopped: the mailbox of main reached 10 messages.",
    );
  });

  it("Rule K4: seeds are fixed, and differ between exercises, tiers and places", () => {
    const seeds = ["L01-E1", "L01-E2"].flatMap((id) =>
      (["S", "P"] as const).flatMap((tier) =>
        Array.from({ length: 200 }, (_, i) => seedOf(id, tier, i)),
      ),
    );
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(seedOf("L01-E1", "S", 0)).toBe(seeds[0]);
  });

  it("Rule K5: in every run the number in the system is rate times time (Little's law)", () => {
    for (const one of measured(60, "10", 6).all) {
      expect(Math.abs(one.meanNumber / (one.ratePerUs * one.meanTimeUs) - 1)).toBeLessThan(0.01);
    }
  });

  it("a queue of fixed service agrees with Pollaczek and Khinchine: M/D/1 at 0.6 takes 17.5 ms", () => {
    const { timeUs, number } = measured(60, "10", 10);
    expect(Math.abs(timeUs / 17_500 - 1)).toBeLessThan(0.03);
    expect(Math.abs(number / 1.05 - 1)).toBeLessThan(0.04);
  });

  it("a queue of exponential service agrees with Erlang: M/M/1 at 0.6 takes 25 ms", () => {
    const { timeUs } = measured(60, "-Math.log(1 - random()) * 10", 10);
    expect(Math.abs(timeUs / 25_000 - 1)).toBeLessThan(0.04);
  });
});
