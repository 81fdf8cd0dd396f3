import { describe, expect, it } from "vitest";
import { play, scenarioOf, twoNodes } from "../engine/room.ts";

describe("exits, links and monitors", () => {
  it("Rule X1: links get an exit signal and watchers one DOWN, with the reason", () => {
    const { said, exits } = play(`
      export async function main() {
        const victim = spawn(async () => { await sleep(10); exit("boom"); }, []);
        spawn(async (v) => { link(v); await receive(); }, [victim]);
        spawn(async (v) => { monitor(v); log((await receive()).reason); log(String(await receive([], { after: 100, otherwise: () => "no second" }))); }, [victim]);
      }
    `);
    expect(said).toEqual(["boom", "no second"]);
    expect(exits.filter(([, reason]) => reason === "boom")).toHaveLength(2);
  });

  it("Rule X5: all that belonged to the dead hear of it before what follows from it", () => {
    const { said } = play(`
      export async function main() {
        trapExit(true);
        const root = spawn(async () => {
          spawnLink(async () => { spawnLink(async () => { await receive(); }, [], { name: "grandchild" }); await receive(); }, [], { name: "child" });
          await receive();
          exit("boom");
        }, [], { name: "root" });
        await sleep(1);
        for (const name of ["root", "child", "grandchild"]) monitor(name);
        send(root, "now");
        for (let i = 0; i < 3; i++) log((await receive()).object.name);
      }
    `);
    expect(said).toEqual(["root", "child", "grandchild"]);
  });

  it("Rule X2: kill ends a process that traps exits, and its links see killed", () => {
    const { said } = play(`
      export async function main() {
        trapExit(true);
        const pid = spawnLink(stubborn, []);
        await sleep(1);
        exit(pid, "kill");
        log((await receive()).reason);
      }
      async function stubborn() { trapExit(true); await receive(); log("received something"); }
    `);
    expect(said).toEqual(["killed"]);
  });

  const table: readonly (readonly [string, boolean, string])[] = [
    ["normal", false, "lives"],
    ["normal", true, "EXIT normal"],
    ["shutdown", false, "dies shutdown"],
    ["shutdown", true, "EXIT shutdown"],
    ["boom", false, "dies boom"],
    ["boom", true, "EXIT boom"],
  ];
  it.each(table)(
    "Rule X3: an exit signal %s to a process that traps=%s: %s",
    (reason, traps, outcome) => {
      const { said } = play(`
      export async function main() {
        const [pid] = spawnMonitor(target, []);
        await sleep(1);
        exit(pid, ${JSON.stringify(reason)});
        log(await receive([when({ tag: "DOWN" }, (m) => "dies " + m.reason)], { after: 10, otherwise: () => "lives" }));
      }
      async function target() {
        trapExit(${traps});
        const m = await receive();
        log(m.tag + " " + m.reason);
        await sleep(1000);
      }
    `);
      expect(said[0]).toBe(outcome);
    },
  );

  it("Rule X4: reasons of what is not caught", () => {
    const { exits } = play(`
      export function main() { for (const body of [a, b, c, d]) spawn(body, []); }
      function a() { throw new Error("text"); }
      function b() { throw 17; }
      function c() { exit(["because", 1]); }
      function d() { null.x; }
    `);
    expect(exits.slice(1).map(([, reason]) => reason)).toEqual([
      { error: "Error", message: "text" },
      [["nocatch", 17], ["stack"]],
      ["because", 1],
      { error: "TypeError" },
    ]);
  });

  it("Rule L1: a link joins both ways; a link to the dead gives noproc", () => {
    const { said, exits } = play(`
      export async function main() {
        trapExit(true);
        const pid = spawn(async () => { await sleep(5); exit("tired"); }, []);
        link(pid);
        log((await receive()).reason);
        link(pid);
        log((await receive()).reason);
        spawnLink(async () => { await receive(); }, []);
        exit("leaving");
      }
    `);
    expect(said).toEqual(["tired", "noproc"]);
    expect(exits.map(([, reason]) => reason)).toEqual(["tired", "leaving", "leaving"]);
  });

  it("Rule L2: after unlink no exit signal of that link arrives", () => {
    const { said } = play(`
      export async function main() {
        const pid = spawnLink(async () => { await sleep(5); exit("boom"); }, []);
        unlink(pid);
        await sleep(10);
        log("lives");
      }
    `);
    expect(said).toEqual(["lives"]);
  });

  it("Rule L3: a monitor of nobody gives noproc; a demonitor takes it back", () => {
    const { said } = play(`
      export async function main() {
        monitor("nobody");
        log((await receive()).reason);
        const [pid, ref] = spawnMonitor(async () => { await sleep(5); }, []);
        demonitor(ref);
        log(String(await receive([], { after: 10, otherwise: () => "nothing" })));
      }
    `);
    expect(said).toEqual(["noproc", "nothing"]);
  });

  it("Rule L3: each of two monitors gives one DOWN", () => {
    const { said } = play(`
      export async function main() {
        const pid = spawn(async () => { await sleep(5); }, []);
        const refs = [monitor(pid), monitor(pid)];
        const got = [(await receive()).ref, (await receive()).ref];
        log(String(got.every((ref) => refs.includes(ref)) && got[0] !== got[1]));
      }
    `);
    expect(said).toEqual(["true"]);
  });

  it("Rule L4: when a node is lost, watchers and links get noconnection", () => {
    const { lines } = play(
      `
      export async function main() {
        trapExit(true);
        await sleep(5);
        monitor({ name: "other", node: "n2" });
        send({ name: "other", node: "n2" }, self());
        link(await receive());
        const got = [await receive(), await receive()];
        log(got.map((m) => m.tag + " " + m.reason).join(", "));
      }
      export async function other() { register("other"); send(await receive(), self()); await receive(); }
    `,
      twoNodes({ faults: [{ kind: "crash", node: "n2", atUs: 100_000 }] }),
    );
    expect(lines).toEqual(["101 main: EXIT noconnection, DOWN noconnection"]);
  });

  it("a chain of ten thousand linked processes ends without overflowing the stack", () => {
    const { exits } = play(
      `
      export async function main() { spawn(chain, [10_000]); }
      async function chain(left) { if (left > 0) { spawnLink(chain, [left - 1]); await receive(); } else { await sleep(5); exit("boom"); } }
    `,
      scenarioOf(),
    );
    expect(exits.filter(([, reason]) => reason === "boom")).toHaveLength(10_001);
  });
});
