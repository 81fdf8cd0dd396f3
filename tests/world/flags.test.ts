import { describe, expect, it } from "vitest";
import { KIND, nodeOf, type Scenario, type Trace } from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { runApart } from "../engine/placements.ts";
import { compileFiles, play, scenarioOf, twoNodes } from "../engine/room.ts";

const IMPORT = `import { connect, disconnect, nodes } from "otp";
  import { flags } from "world";
  const show = (value) => log(JSON.stringify(value));
  const attempt = (body) => { try { return body(); } catch (thrown) { return thrown.name + ": " + thrown.message; } };
`;

/** When which node took which write, and how: `"12.5 n1 beta=true set"`. */
function changes(trace: Trace): string[] {
  const told: string[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kindOf(row) !== KIND.operate) continue;
    const { name, value, state } = trace.payloadOf(row) as Record<string, unknown>;
    const node = nodeOf(trace.processOf(row)) + 1;
    told.push(`${trace.atOf(row) / 1000} n${node} ${name}=${JSON.stringify(value)} ${state}`);
  }
  return told;
}

/** Three nodes, 5 ms apart, each starting `main` with its own name. */
function threeNodes(changed: Partial<Scenario> = {}): Scenario {
  const names = ["n1", "n2", "n3"];
  return scenarioOf({
    nodes: names.map((name) => ({ name, cores: 1 })),
    wires: names.flatMap((a, i) =>
      names.slice(i + 1).map((b) => ({
        between: [a, b] as const,
        latency: { kind: "det" as const, us: 5000 },
        loss: 0,
      })),
    ),
    starts: names.map((node) => ({ atUs: 0, node, file: "main.ts", run: "main", args: [] })),
    ...changed,
  });
}

describe("flags", () => {
  it("Rules FL1 and FL5: a write is there at once, elsewhere when its message has come", () => {
    const { lines, trace } = play(
      `${IMPORT}
      export async function main() {
        show([flags.get("beta", "none"), flags.get("beta") ?? null, flags.isOn("beta")]);
        await sleep(10);
        flags.set("beta", { share: 0.5 });
        flags.set("color", "red");
        show([flags.get("beta"), flags.all()]);
      }
      export async function other() {
        show(await flags.subscribe());
        await sleep(10.9);
        show(flags.get("color", "none"));
        for (let i = 0; i < 2; i++) { const message = await receive(); log(monotonic() + " " + JSON.stringify(message)); }
        show(flags.all());
        await flags.unsubscribe();
        flags.set("color", "blue");
        show(await receive([when({}, (message) => message)], { after: 100, otherwise: () => "silence" }));
      }
    `,
      twoNodes(),
    );
    expect(lines).toEqual([
      '0 main: ["none",null,false]',
      "0 other: {}",
      '10 main: [{"share":0.5},{"beta":{"share":0.5},"color":"red"}]',
      '10.9 other: "none"',
      '11 other: 11 {"tag":"flag","name":"beta","value":{"share":0.5},"node":"n1"}',
      '11 other: 11 {"tag":"flag","name":"color","value":"red","node":"n1"}',
      '11 other: {"beta":{"share":0.5},"color":"red"}',
      '111 other: "silence"',
    ]);
    expect(changes(trace)).toEqual([
      '10 n1 beta={"share":0.5} set',
      '10 n1 color="red" set',
      '11 n2 beta={"share":0.5} heard',
      '11 n2 color="red" heard',
      '11 n2 color="blue" set',
      '12 n1 color="blue" heard',
    ]);
  });

  it("Rule FL2: a share is sticky by key, about as large as said, and only grows", () => {
    const { said } = play(
      `${IMPORT}
      const KEYS = Array.from({ length: 4000 }, (_, i) => i);
      const on = (name) => KEYS.filter((key) => flags.isOn(name, key));
      export async function main() {
        let before = [];
        const sizes = [];
        let isGrowing = true;
        for (const share of [0, 0.05, 0.2, 0.5, 1]) {
          flags.set("basket", { share });
          const now = on("basket");
          const kept = new Set(now);
          isGrowing = isGrowing && before.every((key) => kept.has(key));
          sizes.push(now.length);
          before = now;
        }
        show([isGrowing, sizes]);
        flags.set("basket", { share: 0.3 });
        flags.set("search", { share: 0.3 });
        const basket = new Set(on("basket"));
        show(on("search").filter((key) => basket.has(key)).length);
        log("sum " + on("basket").reduce((sum, key) => sum + key, 0));
        show([flags.isOn("nothing", 1), flags.isOn("basket"), flags.isOn("basket", { id: 7 }) === flags.isOn("basket", { id: 7 })]);
        flags.set("all", true); flags.set("text", "true");
        show([flags.isOn("all"), flags.isOn("all", 4), flags.isOn("text", 4)]);
      }
      export async function other() { await sleep(50); log("sum " + on("basket").reduce((sum, key) => sum + key, 0)); }
    `,
      twoNodes(),
    );
    const [isGrowing, sizes] = JSON.parse(said[0] as string) as [boolean, number[]];
    expect(isGrowing).toBe(true);
    expect(sizes[0]).toBe(0);
    expect(sizes[4]).toBe(4000);
    // Five standard deviations of a binomial: at most 5 × √(4000 × 0.25) ≈ 158.
    for (const [i, share] of [0.05, 0.2, 0.5].entries())
      expect(Math.abs((sizes[i + 1] as number) - share * 4000)).toBeLessThan(
        5 * Math.sqrt(4000 * share * (1 - share)),
      );
    // Two flags choose independently: 4000 × 0.09, and not the same 1200.
    expect(Math.abs(Number(said[1]) - 360)).toBeLessThan(5 * Math.sqrt(4000 * 0.09 * 0.91));
    expect(said[2]).toMatch(/^sum \d{4,}$/);
    expect(said.slice(3, 5)).toEqual(["[false,false,true]", "[true,true,false]"]);
    expect(said[5]).toBe(said[2]);
  });

  it("Rule FL3: writes that have not heard of each other end alike on all nodes; one that has, wins", () => {
    const { said } = play(
      `${IMPORT}
      export async function main() {
        if (node() === "n3") { flags.set("mode", "three"); }
        if (node() === "n1") { flags.set("mode", "one"); }
        await sleep(20);
        show([node(), flags.get("mode")]);
        await sleep(20);
        if (node() === "n1") { flags.set("mode", "again"); }
        await sleep(20);
        show([node(), flags.get("mode")]);
        if (node() === "n1") { flags.set("mode", "1"); flags.set("mode", "2"); }
        if (node() === "n3") { flags.set("mode", "late"); }
        await sleep(20);
        show([node(), flags.get("mode")]);
      }
    `,
      threeNodes(),
    );
    // Two writes of count 1: n3 is the later name. n1's next has heard it. Then two writes against one.
    for (const [i, value] of ["three", "again", "2"].entries())
      expect(said.slice(i * 3, i * 3 + 3).sort()).toEqual(
        ["n1", "n2", "n3"].map((name) => JSON.stringify([name, value])),
      );
  });

  it("Rule FL4: who was cut off catches up when it is connected again, and the others with it", () => {
    const { said, trace } = play(
      `${IMPORT}
      export async function main() {
        flags.get("warm");
        await sleep(100);
        if (node() === "n1") { flags.set("a", 1); flags.set("both", "one"); }
        if (node() === "n2") { flags.set("b", 2); flags.set("both", "two"); }
        await sleep(50);
        show([node(), flags.all()]);
        await sleep(100);
        show([node(), flags.all()]);
        if (node() === "n1") await connect("n2");
        await sleep(50);
        show([node(), flags.all()]);
      }
    `,
      twoNodes({
        starts: ["n1", "n2"].map((on) => ({
          atUs: 0,
          node: on,
          file: "main.ts",
          run: "main",
          args: [],
        })),
        faults: [{ kind: "cut", between: ["n1", "n2"], atUs: 50_000, untilUs: 200_000 }],
      }),
    );
    const apart = ['["n1",{"a":1,"both":"one"}]', '["n2",{"b":2,"both":"two"}]'];
    const after = '{"a":1,"b":2,"both":"two"}';
    // n1 waited 2 ms for the connection.
    expect(said).toEqual([...apart, ...apart, `["n2",${after}]`, `["n1",${after}]`]);
    // n1 asks at 250 ms; n2 is connected at 251 and n1 at 252, and each tells at once what it has.
    expect(changes(trace).slice(4)).toEqual([
      "252 n1 b=2 heard",
      '252 n1 both="two" heard',
      "253 n2 a=1 heard",
    ]);
  });

  it("Rule FL4: a node that begins anew asks when it first reads, once it is connected", () => {
    const { said } = play(
      `${IMPORT}
      export async function main() { flags.set("beta", true); await sleep(1000); }
      export async function other() {
        if (monotonic() === 0) return;
        show([flags.isOn("beta"), nodes()]);
        await connect("n1");
        show([flags.isOn("beta"), nodes()]);
        await sleep(2);
        show([flags.isOn("beta"), nodes()]);
      }
    `,
      twoNodes({
        faults: [
          { kind: "crash", node: "n2", atUs: 100_000 },
          { kind: "restart", node: "n2", atUs: 200_000 },
        ],
      }),
    );
    expect(said).toEqual(["[false,[]]", '[false,["n1"]]', '[true,["n1"]]']);
  });

  it("Rule FL6: what cannot be meant is refused", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        log(attempt(() => flags.set("", true)));
        log(attempt(() => flags.get(7)));
        log(attempt(() => flags.set("x", { share: 1.5 })));
        log(attempt(() => flags.set("x", undefined)));
        log(attempt(() => flags.set("x", () => 1)).slice(0, 12));
        for (let i = 0; i < 1000; i++) flags.set("f" + i, i);
        log(attempt(() => flags.set("one more", true)));
        show([flags.get("x") ?? null, flags.set("f7", 8), flags.get("f7")]);
      }
    `);
    expect(said).toEqual([
      "ErlangError: a flag's name is a text of 1 to 200 characters, not ",
      "ErlangError: a flag's name is a text of 1 to 200 characters, not 7",
      "ErlangError: a flag's share is from 0 to 1, not 1.5",
      "ErlangError: undefined is no value of a flag",
      "NotSendable:",
      "ErlangError: there are 1000 flags already",
      '[null,"ok",8]',
    ]);
  });

  it.each([1, 2, 3])(
    "Rules FL3 and FL4: all end alike, whether nodes share a thread or not (seed %i)",
    async (seed) => {
      const program = compileFiles({
        "main.ts": `
        import { connect, log, monotonic, node, random, sleep } from "otp";
        import { flags } from "world";
        export async function main() {
          while (monotonic() < 3000) {
            await sleep(random() * 100);
            flags.set("f" + Math.floor(random() * 5), random());
          }
          await sleep(1000);
          for (const other of ["n1", "n2", "n3"]) await connect(other);
          await sleep(1000);
          log(JSON.stringify(flags.all()));
        }`,
      });
      const world = threeNodes({
        horizonUs: 10_000_000,
        faults: [
          { kind: "cut", between: ["n1", "n2"], atUs: 500_000, untilUs: 1_500_000 },
          { kind: "cut", between: ["n1", "n3"], atUs: 500_000, untilUs: 2_500_000 },
          { kind: "crash", node: "n3", atUs: 2_000_000 },
          { kind: "restart", node: "n3", atUs: 2_600_000 },
        ],
      });
      const together = simulate({ program, scenario: world, seed });
      const apart = await runApart(program, world, seed);
      const ends: unknown[] = [];
      for (let row = 0; row < together.rowCount; row++)
        if (together.kindOf(row) === KIND.log) ends.push(together.payloadOf(row));
      expect(ends).toHaveLength(3);
      expect(new Set(ends).size).toBe(1);
      expect(Object.keys(JSON.parse(ends[0] as string))).toHaveLength(5);
      expect(apart.digest).toBe(together.digest());
    },
  );
});
