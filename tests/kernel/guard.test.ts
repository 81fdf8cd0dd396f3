import { describe, expect, it } from "vitest";
import { KIND } from "../../workers/kernel/index.ts";
import { play, scenarioOf } from "../engine/room.ts";

const TOO_MUCH = {
  error: "TooMuchWork",
  message: "more than 50,000 loop turns and calls in one step",
};
const bounds = { stepTurnsMax: 50_000 };

describe("the guard", () => {
  const endless: readonly (readonly [string, string])[] = [
    ["a while", "while (true) {}"],
    ["a for that catches", "for (;;) { try { for (;;) {} } catch {} }"],
    ["a finally that goes on", "for (;;) { try { while (true) {} } finally { continue; } }"],
    ["recursion", "const f = (n) => n > 0 ? f(n - 1) + f(n - 1) : 0; f(40);"],
    [
      "promise jobs",
      "const again = () => Promise.resolve().then(again); again(); await new Promise(() => {});",
    ],
    ["awaits of nothing", "for (;;) await null;"],
  ];
  it.each(endless)("Rule G1: %s without end ends its process, and nobody else", (_, body) => {
    const { exits, said } = play(
      `
      export async function main() { spawn(runaway, []); spawn(fine, []); }
      async function runaway() { ${body} }
      async function fine() { await sleep(10); log("fine"); }
    `,
      scenarioOf(),
      { bounds },
    );
    expect(exits).toContainEqual(["runaway", TOO_MUCH]);
    expect(said).toEqual(["fine"]);
  });

  it("Rule G1: what stands at the top of a file may call functions and turn loops too", () => {
    const { said } = play(`
      const prices = [];
      function fill(n) { for (let i = 0; i < n; i++) prices.push(i); return prices.length; }
      const filled = fill(1000);
      export function main() { log(String(filled)); }
    `);
    expect(said).toEqual(["1000"]);
  });

  it("recursion too deep for the stack ends its process with a reason without an engine's text", () => {
    const { exits } = play(`
      export function main() { spawn(deep, []); }
      function deep() { return 1 + deep(); }
    `);
    expect(exits[1]?.[0]).toBe("deep");
    expect(JSON.stringify(exits[1]?.[1])).toMatch(/RangeError|TooMuchWork/);
  });

  it("Rule G2: a flood of a million messages cuts the run at the mailbox's bound and says so", () => {
    const { trace } = play(`
      export async function main() { const pid = spawn(idle, []); for (let i = 0; i < 1_000_000; i++) send(pid, i); }
      async function idle() { await sleep(1e6); }
    `);
    const last = trace.rowCount - 1;
    expect(trace.kindOf(last)).toBe(KIND.cut);
    expect(trace.payloadOf(last)).toBe("the mailbox of idle reached 100,000 messages");
  });

  it("Rule G2: processes without end cut the run", () => {
    const { trace } = play(
      `export function main() { for (;;) spawn(idle, []); } async function idle() { await receive(); }`,
    );
    expect(trace.payloadOf(trace.rowCount - 1)).toBe("node n1 has 50,000 living processes");
  });

  it("Rule G2: many processes that each work without end cut the run at the node's bound", () => {
    const { trace } = play(
      `
      export async function main() { for (;;) { spawn(runaway, []); await sleep(1); } }
      function runaway() { for (;;) {} }
    `,
      scenarioOf(),
      { bounds: { stepTurnsMax: 50_000, nodeTurnsMax: 1_000_000 } },
    );
    expect(trace.payloadOf(trace.rowCount - 1)).toBe(
      "node n1 did more than 1,000,000 loop turns and calls",
    );
  });

  it("Rule G2: the trace is cut at its bound, with a mark", () => {
    const { trace } = play(
      `export async function main() { for (;;) { send(self(), 1); await receive(); } }`,
      scenarioOf(),
      {
        bounds: { rowCountMax: 10_000 },
      },
    );
    expect(trace.rowCount).toBe(10_001);
    expect(trace.payloadOf(10_000)).toBe("the trace reached its bound of 10000 rows");
  });
});
