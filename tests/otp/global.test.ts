import { describe, expect, it } from "vitest";
import { play } from "../engine/room.ts";

const IMPORT = `import { global } from "otp";
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
