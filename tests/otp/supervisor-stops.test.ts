/** Supervisors: how they stop children, and themselves. */
import { describe, expect, it } from "vitest";
import { playShop, told } from "./supervisor-shop.ts";

/** A process that traps exits and goes on; one that does not trap. */
const PROCESSES = `
  const stubborn = { id: "s", start: () => ["ok", spawnLink(async () => { trapExit(true); for (;;) await receive(); }, [])] };
  const meek = { id: "m", start: () => ["ok", spawnLink(async () => { await receive(); }, [])] };`;

describe("stopping children", () => {
  it("stops one after the other in reverse start order, each in its own time. Rule U11", () => {
    const said = told(`
      const top = await up(supervise({}, slowChild("a", 100), slowChild("b", 200), child("c")));
      await stop(top, "shutdown");
      log(monotonic());`);
    expect(said.slice(3)).toEqual(["-c shutdown", "-b shutdown", "-a shutdown", "300"]);
  });

  it.each([
    ["200", "slowChild('x', 100, { shutdown: 200 })", 100, "shutdown", true],
    ["50", "slowChild('x', 100, { shutdown: 50 })", 50, "killed", false],
    ["infinity", "slowChild('x', 9000, { shutdown: 'infinity' })", 9000, "shutdown", true],
    ["Infinity", "slowChild('x', 9000, { shutdown: Infinity })", 9000, "shutdown", true],
    ["the default of workers", "slowChild('x', 9000)", 5000, "killed", false],
    [
      "the default of supervisors",
      "slowChild('x', 9000, { type: 'supervisor' })",
      9000,
      "shutdown",
      true,
    ],
    ["brutal_kill", "slowChild('x', 100, { shutdown: 'brutal_kill' })", 0, "killed", false],
    ["0", "slowChild('x', 100, { shutdown: 0 })", 0, "killed", false],
  ])("shutdown %s. Rule U11", (_what, spec, ms, reason, isToldWhy) => {
    const said = told(`
      const top = await up(supervise({}, ${spec}));
      const ref = monitor("x");
      await terminateChild(top, "x");
      log(monotonic());
      await receive([when({ tag: "DOWN", ref }, ({ reason }) => log(reason))]);`);
    expect(said).toEqual(["+x", ...(isToldWhy ? ["-x shutdown"] : []), String(ms), reason]);
  });

  it("kills whoever ignores shutdown; whoever does not trap ends at once. Rule U11", () => {
    const said = told(`${PROCESSES}
      const top = await up(supervise({}, { ...stubborn, shutdown: 70 }, meek));
      await terminateChild(top, "m");
      log(monotonic());
      await terminateChild(top, "s");
      log(monotonic());`);
    expect(said).toEqual(["0", "70"]);
  });

  it("waits for nobody who is gone: a child may have unlinked itself and ended. Rule U12", () => {
    const said = told(`
      const quiet = { id: "q", start: async () => {
        const pid = spawnLink(async () => { const { parent } = await receive(); unlink(parent); }, []);
        send(pid, { parent: self() });
        return ["ok", pid];
      } };
      const top = await up(supervise({}, quiet, child("a")));
      await sleep(1);
      say(await rows(top));
      say(await countChildren(top));
      say(await terminateChild(top, "q"));
      say(await rows(top));`);
    expect(said.slice(1)).toEqual([
      "a:a q:pid",
      '{"specs":2,"active":1,"supervisors":0,"workers":2}',
      "ok",
      "a:a q:undefined",
    ]);
  });

  it("starts nobody again who ends while the supervisor is stopping. Rule U12", () => {
    const said = told(`
      const top = await up(supervise({ intensity: 9 }, child("a"), child("b"), slowChild("c", 50)));
      sendAfter(10, "x", "a");
      const stopping = stop(top, "shutdown");
      spawn(async () => { await sleep(10); cast("a", "boom"); cast("b", "boom"); }, []);
      await stopping;`);
    expect(said.slice(3)).toEqual(["-a boom", "-b boom", "-c shutdown"]);
  });

  it("one that ends between two stops of a group restart comes back with the group. Rule U12", () => {
    const said = told(`
      await up(supervise({ strategy: "one_for_all", intensity: 1 }, child("a"), slowChild("b", 50), child("c")));
      cast("c", "boom");
      await sleep(10);
      cast("a", "boom");
      await sleep(100);
      log("later");`);
    expect(said.slice(3, said.indexOf("later"))).toEqual([
      "-c boom",
      "-a boom",
      "-b shutdown",
      "+a",
      "+b",
      "+c",
    ]);
  });

  it("answers nobody while it starts or stops a child. Rule U20", () => {
    const said = told(`
      const slow = { id: "s", start: async () => { await sleep(100); return startLink(worker, ["s"], { name: "s" }); } };
      const top = await up(supervise({}, slow, slowChild("a", 50)));
      const asked = monotonic();
      cast("s", "boom");
      await sleep(1);
      await countChildren(top);
      log(monotonic() - asked);
      spawn(async () => { await terminateChild(top, "a"); }, []);
      await sleep(1);
      await countChildren(top);
      log(monotonic() - asked);`);
    expect(said.filter((line) => /^\d/.test(line))).toEqual(["100", "150"]);
  });
});

describe("ends of supervisors", () => {
  it.each(["normal", "shutdown", "boom"])(
    "an exit signal %s from its parent stops the children and then itself. Rule U13",
    (reason) => {
      const said = told(`
        const top = await up(supervise({}, child("a"), child("b")));
        exit(top, "${reason}");
        say(await endOf(top));`);
      expect(said.slice(2)).toEqual(["-b shutdown", "-a shutdown", reason]);
    },
  );

  it("ends with its parent, even when that ends normally. Rule U13", () => {
    const { said, exits } = playShop(`
      export async function main() { await startLink(supervise({}, child("a")), [], { name: "top" }); }`);
    expect(said).toEqual(["+a", "-a shutdown"]);
    expect(exits).toContainEqual(["top", "normal"]);
  });

  it("ignores exit signals and messages from strangers. Rule U13", () => {
    const said = told(`
      const top = await up(supervise({}, child("a")));
      spawn(async (pid) => { exit(pid, "shutdown"); exit(pid, "boom"); send(pid, "hello"); send(pid, { tag: "EXIT" }); }, [top]);
      await sleep(1);
      say(await rows(top));`);
    expect(said).toEqual(["+a", "a:a"]);
  });

  it("killed, it stops nobody: children that trap see their parent's exit, others die of the link. Rule U13", () => {
    const said = told(`${PROCESSES}
      const top = await up(supervise({}, child("a"), meek));
      const [[, pid]] = await whichChildren(top);
      const ref = monitor(pid);
      exit(top, "kill");
      say(await endOf(top));
      await receive([when({ tag: "DOWN", ref }, ({ reason }) => log("meek " + reason))]);`);
    expect([...said].sort()).toEqual(["+a", "-a killed", "killed", "meek killed"]);
  });

  it("a tree stops depth first, and starts so. Rules U1 and U11", () => {
    const said = told(`
      const sub = supervise({}, child("b"), child("c"));
      const top = await up(supervise({}, child("a"), { id: "sub", type: "supervisor", start: () => startLink(sub) }, child("d")));
      await stop(top);`);
    expect(said.map((line) => line.slice(0, 2)).join(" ")).toBe("+a +b +c +d -d -c -b -a");
  });

  it.each([
    ["permanent", "+b", true],
    ["transient", undefined, false],
    ["temporary", undefined, false],
  ])(
    "a %s supervisor below that gives up ends with shutdown, and comes back accordingly. Rules U6 and U9",
    (restart, last, isBack) => {
      const said = told(`
        const sub = () => startLink(supervise({ intensity: 0 }, child("b")));
        const top = await up(supervise({}, child("a"), { id: "sub", type: "supervisor", restart: "${restart}", start: sub }));
        cast("b", "boom");
        await sleep(1);
        log(whereis("b") === undefined ? "down" : "up");
        log(whereis("a") === undefined ? "down" : "up");`);
      expect(said.slice(2)).toEqual([
        "-b boom",
        ...(last ? [last] : []),
        isBack ? "up" : "down",
        "up",
      ]);
    },
  );

  it.each([
    ["cast(top, 'hello')", "a cast"],
    ["spawn(async () => { await call(top, 'hello'); }, [])", "a request"],
    ["spawn(async () => { await call(top, ['hello', 1]); }, [])", "a request of two parts"],
  ])("%s, which it does not know, ends it with function_clause. Rule U19", (act) => {
    const said = told(`
      const top = await up(supervise({}, child("a")));
      ${act};
      say(await endOf(top));`);
    expect(said).toEqual(["+a", "-a shutdown", '["function_clause",["stack"]]']);
  });
});
