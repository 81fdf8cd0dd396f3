import { describe, expect, it } from "vitest";
import type { Scenario } from "../../workers/kernel/index.ts";
import { play, scenarioOf, twoNodes } from "../engine/room.ts";

const IMPORT = `import { connect, global } from "otp";
  const show = (value) => log(JSON.stringify(value ?? "undefined").replaceAll(/<(n\\d)\\.\\d+>/g, "$1"));
  const worker = () => spawn(async () => { await receive(); }, []);
`;

describe("global on one node", () => {
  it("Rule J10: a name is for one process, and a process has one name", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        show(global.whereis("svc"));
        show(await global.register("svc", self()));
        show([global.whereis("svc") === self(), global.registeredNames()]);
        show(await global.register("svc", worker()));
        show(await global.register("other", self()));
        show(await global.unregister("svc"));
        show([global.whereis("svc") ?? "free", await global.unregister("svc")]);
        show(await global.register(["a", { b: 1 }], self()));
        show(global.whereis(["a", { b: 1 }]));
      }
    `);
    expect(said).toEqual([
      '"undefined"',
      '"yes"',
      '[true,["svc"]]',
      '"no"',
      '"no"',
      '"ok"',
      '["free","ok"]',
      '"yes"',
      '"n1"',
    ]);
  });

  it("Rule J11: a name is free when its process ends; reRegister takes it from who has it", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const a = worker();
        await global.register("svc", a);
        exit(a, "kill");
        show(global.whereis("svc"));
        await sleep(1);
        show(global.registeredNames());
        await global.register("svc", worker());
        show(await global.reRegister("svc", self()));
        show(global.whereis("svc") === self());
      }
    `);
    expect(said).toEqual(['"undefined"', "[]", '"yes"', "true"]);
  });

  it("Rule J12: send exits with badarg when nobody has the name", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        try { global.send("nobody", "hi"); } catch (thrown) { show([thrown.name, thrown.reason]); }
        await global.register("svc", self());
        show(global.send("svc", "hi") === self());
        show(await receive());
      }
    `);
    expect(said).toEqual(['["Exit",["badarg",["nobody","hi"]]]', "true", '"hi"']);
  });

  it("Rule J13: a lock is for one requester; others try again or give up, and it is free when its holder ends", () => {
    const { said, lines } = play(`${IMPORT}
      export async function main() {
        show(await global.setLock(["printer", self()]));
        show(await global.setLock(["printer", self()]));
        const other = spawn(async () => {
          show(await global.setLock(["printer", self()], [node()], 0));
          show(await global.trans(["printer", self()], () => "mine", [node()], 1));
          show(await global.setLock(["printer", self()]));
        }, []);
        await sleep(10000);
        show(await global.delLock(["printer", self()]));
        await sleep(10000);
        show(await global.trans(["printer", self()], async () => { await sleep(10); return "done"; }));
        try { await global.setLock("printer"); } catch (thrown) { show(thrown.reason); }
      }
    `);
    expect(said).toEqual([
      "true",
      "true",
      "false",
      '"aborted"',
      "true",
      "true",
      '"done"',
      '"function_clause"',
    ]);
    expect(lines.filter((line) => line.includes("done"))).toHaveLength(1);
  });

  it("Rule J14: nothing is registered while somebody has the lock of all names", () => {
    const { lines } = play(`${IMPORT}
      export async function main() {
        await global.setLock(["global", self()]);
        spawn(async () => { await global.register("svc", self()); log("registered"); }, []);
        await sleep(50);
        show(global.whereis("svc"));
        await sleep(950);
        await global.delLock(["global", self()]);
        log("free");
        await sleep(10000);
      }
    `);
    expect(lines.map((line) => line.replace(/^[\d.]+ /, ""))).toEqual([
      'main: "undefined"',
      "main: free",
      "process: registered",
    ]);
  });
});

/** The wire between the two nodes is cut from 100 to 600 ms. */
const SPLIT: Partial<Scenario> = {
  faults: [{ kind: "cut", between: ["n1", "n2"], atUs: 100_000, untilUs: 600_000 }],
};

describe("global on several nodes", () => {
  it("Rule J15: a name is known on all nodes when register returns, and is free everywhere when its process ends", () => {
    const { lines } = play(
      `${IMPORT}
      export async function main() {
        await sleep(100);
        show([global.whereis("svc"), global.registeredNames()]);
        global.send("svc", "hello");
        await sleep(100);
        show(global.whereis("svc"));
        show([await global.register("svc", self()), global.whereis("svc")]);
      }
      export async function other() {
        show(await global.register("svc", self()));
        show(await receive());
      }
    `,
      twoNodes(),
    );
    expect(lines).toEqual([
      '6 other: "yes"',
      '100 main: ["n2",["svc"]]',
      '101 other: "hello"',
      '200 main: "undefined"',
      '206 main: ["yes","n1"]',
    ]);
  });

  it("Rule J16: of two that register a name at the same time, one gets it", () => {
    for (const seed of [1, 2, 3]) {
      const { said } = play(
        `${IMPORT}
        export async function main() { show(await global.register("svc", self())); await sleep(9000); }
        export async function other() { await main(); }
      `,
        twoNodes(),
        { seed },
      );
      expect([...said].sort()).toEqual(['"no"', '"yes"']);
    }
  });

  it("Rule J17: a net split leaves each side its names; when it is over they are the same again", () => {
    const { lines } = play(
      `${IMPORT}
      export async function main() {
        await global.register("before", self());
        await sleep(200);
        show(global.registeredNames());
        const a = worker();
        await global.register("a", a);
        await sleep(450);
        await connect("n2");
        await sleep(100);
        show(global.registeredNames());
        await sleep(150);
        show([...global.registeredNames()].sort());
        exit(a, "kill");
        await sleep(100);
      }
      export async function other() {
        await sleep(200);
        show(global.registeredNames());
        await global.register("b", self());
        await sleep(705);
        show([...global.registeredNames()].sort());
        await sleep(5);
        show([...global.registeredNames()].sort());
        await sleep(200);
      }
    `,
      twoNodes(SPLIT),
    );
    expect(lines).toEqual([
      "200 other: []",
      '206 main: ["before"]',
      '758 main: ["before","a"]',
      '905 other: ["a","b","before"]',
      '908 main: ["a","b","before"]',
      '910 other: ["b","before"]',
    ]);
  });

  it.each([
    ['"notifyAll"', ["n1 undefined conflict n2", "n2 undefined conflict n1"]],
    ["second", ["n1 n2", "n2 n2"]],
    ["broken", ["n1 undefined", "n2 undefined"]],
  ])(
    "Rule J18: the resolver given at register decides a clash of two sides: %s",
    (resolve, expected) => {
      expect(clash(resolve).sort()).toEqual(expected);
    },
  );

  it("Rule J19: by default one of the two holders of a name is killed; randomNotify tells it instead", () => {
    const outcomes = [1, 2, 3, 4, 5, 6].map((seed) => clash('"randomExit"', seed).sort().join());
    expect(new Set(outcomes)).toEqual(new Set(["n1 n1", "n2 n2"]));
    const told = [1, 2, 3, 4, 5, 6].map((seed) => clash('"randomNotify"', seed).sort().join());
    expect(new Set(told)).toEqual(
      new Set(["n1 n1,n2 n1 conflict undefined", "n1 n2 conflict undefined,n2 n2"]),
    );
  });

  /** What each side says that lives on, after both have registered one name while they were split. */
  function clash(resolve: string, seed = 1): string[] {
    const { said } = play(
      `${IMPORT}
      export function second(name, pid1, pid2) { return node() === "n1" ? pid1 : pid2; }
      export function broken() { throw new Error("no idea"); }
      export async function main() { await side(); }
      export async function other() { await side(); }
      async function side() {
        await sleep(200);
        await global.register("svc", self(), { resolve: ${resolve} });
        await sleep(500);
        await connect("n2");
        await sleep(1000);
        const holder = (pid) => pid?.slice(1, 3) ?? "undefined";
        const told = processInfo(self()).messageQueueLen > 0 ? await receive() : undefined;
        log(node() + " " + holder(global.whereis("svc")) + (told === undefined ? "" : " conflict " + holder(told.pid)));
        await sleep(1000);
      }
    `,
      twoNodes(SPLIT),
      { seed },
    );
    return [...said];
  }

  it("Rule J20: a lock is taken on all nodes, and free when its holder's node is lost", () => {
    const { lines } = play(
      `${IMPORT}
      export async function main() {
        await sleep(50);
        show(await global.setLock(["printer", self()], ["n1", "n2"], 0));
        show(await global.setLock(["printer", self()], ["n1"], 0));
        await sleep(100);
        show(await global.setLock(["printer", self()], ["n1"], 0));
      }
      export async function other() { await global.setLock(["printer", self()]); await sleep(9000); }
    `,
      twoNodes(SPLIT),
    );
    expect(lines.map((line) => line.replace(/^[\d.]+ /, ""))).toEqual([
      "main: false",
      "main: false",
      "main: true",
    ]);
  });

  it("Rule J21: a gen_server can have a global name; whoever starts a second one is told of the first", () => {
    const { lines } = play(
      `${IMPORT}
      const server = genServer({
        init: () => ["ok", 0],
        handleCall: (_, from, state) => ["reply", node(), state],
        handleCast: (_, state) => { log("cast"); return ["noreply", state]; },
      });
      export async function main() {
        await sleep(100);
        show(await call({ global: "svc" }, "node"));
        cast({ global: "svc" }, "hi");
        show(await start(server, [], { name: { global: "svc" } }));
        const ref = monitor({ global: "svc" });
        await stop({ global: "svc" });
        show((await receive()).reason);
        await sleep(10);
        try { await call({ global: "svc" }, "node"); } catch (thrown) { show(thrown.reason); }
        cast({ global: "svc" }, "hi");
        show((await start(server, [], { name: { global: "svc" } }))[0]);
      }
      export async function other() {
        await start(server, [], { name: { global: "svc" } });
        await sleep(9000);
      }
    `,
      twoNodes(),
    );
    expect(lines.map((line) => line.replace(/^[\d.]+ /, ""))).toEqual([
      'main: "n2"',
      'main: ["error",["already_started","n2"]]',
      "server: cast",
      'main: "normal"',
      'main: ["noproc",["gen_server","call",[{"global":"svc"},"node"]]]',
      'main: "ok"',
    ]);
  });

  it("Rule J22: a node that begins anew, or comes later, gets the names of the others", () => {
    const names = ["n1", "n2", "n3"];
    const wires = [
      ["n1", "n2"],
      ["n1", "n3"],
      ["n2", "n3"],
    ] as const;
    const { lines } = play(
      `${IMPORT}
      export async function main() {
        const name = node();
        await global.register(name, self());
        for (let i = 0; i < 6; i++) {
          await sleep(1000 - monotonic() % 1000);
          if (name === "n3" && monotonic() === 3000) await connect("n1");
          log(name + " knows " + [...global.registeredNames()].sort().join());
        }
        await sleep(9000);
      }
    `,
      scenarioOf({
        nodes: names.map((name) => ({ name, cores: 1 })),
        wires: wires.map((between) => ({ between, latency: { kind: "det", us: 1000 }, loss: 0 })),
        starts: names.map((node) => ({ atUs: 0, node, file: "main.ts", run: "main", args: [] })),
        faults: [
          { kind: "crash", node: "n3", atUs: 1_500_000 },
          { kind: "restart", node: "n3", atUs: 2_000_000 },
        ],
      }),
    );
    const at = (second: number) =>
      lines.filter((line) => line.startsWith(`${second}000 `)).map((line) => line.slice(11));
    const all = ["n1", "n2", "n3"].map((name) => `${name} knows n1,n2,n3`);
    expect(at(1)).toEqual(all);
    expect(at(2)).toEqual(["n1 knows n1,n2", "n2 knows n1,n2"]);
    expect(at(5)).toEqual(all);
  });

  it("Rule J23: what name servers tell each other is never lost or doubled", () => {
    const { said } = play(
      `${IMPORT}
      export async function main() { await side(); }
      export async function other() { await side(); }
      async function side() {
        for (let i = 0; i < 10; i++) {
          await global.register(node() + i, worker());
          await global.trans(["printer", self()], () => undefined);
        }
        await sleep(9000);
        show(global.registeredNames().length);
      }
    `,
      twoNodes({
        horizonUs: 600_000_000,
        wires: [{ between: ["n1", "n2"], latency: { kind: "det", us: 1000 }, loss: 0.5, dup: 0.3 }],
      }),
    );
    expect(said).toEqual(["20", "20"]);
  });

  it.each([1, 2, 3])(
    "Rules J17, J18 and J22: however a cluster breaks and mends, all agree in the end (seed %i)",
    (seed) => {
      const names = ["n1", "n2", "n3", "n4"];
      const wires = names.flatMap((a, at) => names.slice(at + 1).map((b) => [a, b] as const));
      const isSplit = (a: string, b: string) => a < "n3" !== b < "n3";
      const { said, crashes } = play(
        `import { nodes } from "otp"; ${IMPORT}
      export async function main() {
        await sleep(random() * 3000);
        await global.register(node(), self());
        await global.register("shared", worker(), { resolve: "notifyAll" });
        while (monotonic() < 15000) {
          await sleep(500);
          for (const other of ${JSON.stringify(names)}) if (other !== node() && !nodes().includes(other)) await connect(other);
        }
        await sleep(35000 - monotonic());
        log([...global.registeredNames()].filter((name) => name !== "shared").sort().join() + " " + global.whereis("shared"));
        await sleep(9000);
      }
    `,
        scenarioOf({
          nodes: names.map((name) => ({ name, cores: 1 })),
          wires: wires.map((between) => ({
            between,
            latency: { kind: "uniform", fromUs: 200, toUs: 3000 },
            loss: 0.1,
          })),
          starts: names.map((node) => ({ atUs: 0, node, file: "main.ts", run: "main", args: [] })),
          faults: [
            ...wires
              .filter(([a, b]) => isSplit(a, b))
              .map((between) => ({
                kind: "cut" as const,
                between,
                atUs: 1_000_000 + 300_000 * seed,
                untilUs: 5_000_000 + 700_000 * seed,
              })),
            { kind: "crash", node: "n2", atUs: 8_000_000 },
            { kind: "restart", node: "n2", atUs: 8_500_000 },
          ],
        }),
        { seed },
      );
      expect(crashes).toEqual([]);
      expect(said).toHaveLength(4);
      expect(new Set(said).size).toBe(1);
      expect(said[0]).toMatch(/^n1,n2,n3,n4 /);
    },
  );

  it("Rule J24: where nodes do not all connect every node has names of its own", () => {
    const { said } = play(
      `${IMPORT}
      export async function main() { await side(); }
      export async function other() { await side(); }
      async function side() {
        await connect("n2");
        show(await global.register("svc", self()));
        await sleep(5000);
        show([node(), global.whereis("svc")]);
      }
    `,
      twoNodes({ distribution: { connectAll: false } }),
    );
    expect([...said].sort()).toEqual(['"yes"', '"yes"', '["n1","n1"]', '["n2","n2"]']);
  });
});
