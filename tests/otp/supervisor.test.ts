/** Supervisors: how they start, whom they start again, and when they give up. */
import { describe, expect, it } from "vitest";
import { RandomStream, STREAM } from "../../workers/kernel/index.ts";
import { addRestart, type Restarts } from "../../workers/otp/restart-window.ts";
import { playShop, told } from "./supervisor-shop.ts";

describe("starting", () => {
  it("starts the children in order, one after the other. Rule U1", () => {
    const said = told(`
      const slow = genServer({ async init() { await sleep(100); log("+slow"); return ["ok", 0]; } });
      await up(supervise({}, child("a"), { id: "slow", start: () => startLink(slow, []) }, child("c")));
      log("up at " + monotonic());`);
    expect(said).toEqual(["+a", "+slow", "+c", "up at 100"]);
  });

  it("takes its children from its definition as well as from init, with the arguments of startLink. Rule U1", () => {
    const { said } = playShop(`
      export const plain = supervisor({ strategy: "one_for_one", children: [{ id: "a", start: [worker, ["a"]] }] });
      export const asked = supervisor({ init(...ids) { return ["ok", [{}, ids.map((id) => child(id))]]; } });
      export async function main() {
        await startLink(plain);
        await startLink(asked, ["b", "c"], { name: "top" });
        say(await rows("top"));
      }`);
    expect(said.slice(0, 4)).toEqual(["+a", "+b", "+c", "c:c b:b"]);
  });

  it("gives up when a child does not start, after stopping those before it in reverse order. Rule U2", () => {
    const said = told(`
      const bad = { id: "bad", start: () => ["error", "no"] };
      trapExit(true);
      say(await startLink(supervise({}, child("a"), child("b"), bad, child("c"))));
      say(processInfo(self()).messageQueueLen);`);
    expect(said).toEqual([
      "+a",
      "+b",
      "-b shutdown",
      "-a shutdown",
      '["error",["shutdown",["failed_to_start_child","bad","no"]]]',
      "0",
    ]);
  });

  it.each([
    ["an error", "() => { throw new ErlangError('boom'); }", '["EXIT",["boom",["stack"]]]'],
    ["an exit", "() => exit('bye')", '["EXIT","bye"]'],
    ["a JavaScript error", "async () => null.x", '["EXIT",{"error":"TypeError"}]'],
    ["a thrown value", "() => { throw ['error', 'thrown']; }", '"thrown"'],
    ["nonsense", "() => 'what'", '"what"'],
    ["a pid alone", "() => ['ok']", '["ok"]'],
    ["an init that stops", "() => startLink(genServer({ init: () => ['stop', 'no'] }))", '"no"'],
  ])("says why a child did not start: %s. Rule U2", (_what, start, reason) => {
    const said = told(`
      trapExit(true);
      say(await startLink(supervise({}, { id: 1, start: ${start} })));`);
    expect(said).toEqual([`["error",["shutdown",["failed_to_start_child",1,${reason}]]]`]);
  });

  it("keeps the specification of a child that says ignore, unless it is temporary. Rule U3", () => {
    const said = told(`
      const ignoring = (id, restart) => ({ id, restart, start: () => "ignore" });
      const top = await up(supervise({}, ignoring("i"), child("a"), ignoring("t", "temporary")));
      say(await rows(top));
      say(await restartChild(top, "i"));`);
    expect(said.slice(1, 3)).toEqual(["a:a i:undefined", '["ok","undefined"]']);
  });

  it.each([
    ['"ignore"', '"ignore"'],
    ['"what"', '["error",["bad_return",["supervisor","init","what"]]]'],
    ['["ok", [{}]]', '["error",["bad_return",["supervisor","init",["ok",[{}]]]]]'],
    ['["ok", ["x", []]]', '["error",["supervisor_data",["invalid_type","x"]]]'],
    [
      '["ok", [{ strategy: "all" }, []]]',
      '["error",["supervisor_data",["invalid_strategy","all"]]]',
    ],
    ['["ok", [{ intensity: -1 }, []]]', '["error",["supervisor_data",["invalid_intensity",-1]]]'],
    ['["ok", [{ period: 0 }, []]]', '["error",["supervisor_data",["invalid_period",0]]]'],
    ['["ok", [{ period: 1.5 }, []]]', '["error",["supervisor_data",["invalid_period",1.5]]]'],
    [
      '["ok", [{ autoShutdown: true }, []]]',
      '["error",["supervisor_data",["invalid_auto_shutdown",true]]]',
    ],
    ['["ok", [["one_for_all", 1, 5], []]]', '["ok"]'],
    [
      '["ok", [{}, [child("a"), child("a")]]]',
      '["error",["start_spec",["duplicate_child_name","a"]]]',
    ],
    ['["ok", [{ strategy: "simple_one_for_one" }, []]]', '["error",["bad_start_spec",[]]]'],
  ])("an init that returns %s makes startLink give %s. Rule U4", (returned, given) => {
    const said = told(`
      trapExit(true);
      const result = await startLink(supervisor({ init: () => (${returned}) }));
      log(JSON.stringify(result[0] === "ok" ? ["ok"] : result));`);
    expect(said).toEqual([given]);
  });

  it("waits for an async init. Rule U4", () => {
    const said = told(`
      await up(supervisor({ async init() { await sleep(5); return ["ok", [{}, [child("a")]]]; } }));
      log(monotonic());`);
    expect(said.slice(0, 2)).toEqual(["+a", "5"]);
  });
});

describe("restarting", () => {
  const REASONS = ["normal", "shutdown", ["shutdown", "x"], "boom", "killed"] as const;
  const COMES_BACK = { permanent: 5, transient: 2, temporary: 0 } as const;
  const table = (["permanent", "transient", "temporary"] as const).flatMap((restart) =>
    REASONS.map((reason, i) => [restart, reason, i >= 5 - COMES_BACK[restart]] as const),
  );

  it.each(table)(
    "a %s child that ends with %j comes back: %s. Rule U6",
    (restart, reason, back) => {
      const said = told(`
      const top = await up(supervise({}, child("a", { restart: "${restart}" })));
      cast("a", ${JSON.stringify(reason)});
      await sleep(1);
      say(await rows(top));`);
      const gone = restart === "temporary" ? "" : "a:undefined";
      expect(said[back ? 3 : 2]).toBe(back ? "a:a" : gone);
    },
  );

  const STRATEGIES = [
    ["one_for_one", "a", "-a +a"],
    ["one_for_one", "b", "-b +b"],
    ["one_for_one", "c", "-c +c"],
    ["one_for_all", "a", "-a -c -b +a +b +c"],
    ["one_for_all", "b", "-b -c -a +a +b +c"],
    ["one_for_all", "c", "-c -b -a +a +b +c"],
    ["rest_for_one", "a", "-a -c -b +a +b +c"],
    ["rest_for_one", "b", "-b -c +b +c"],
    ["rest_for_one", "c", "-c +c"],
  ] as const;

  it.each(STRATEGIES)("%s, when %s of a, b and c crashes: %s. Rule U7", (strategy, id, events) => {
    const said = told(`
      await up(supervise({ strategy: "${strategy}" }, child("a"), child("b"), child("c")));
      cast("${id}", "boom");
      await sleep(1);
      log("later");`);
    const steps = said.slice(3, said.indexOf("later")).map((line) => line.split(" ")[0]);
    expect(steps.join(" ")).toBe(events);
  });

  it.each(["one_for_all", "rest_for_one"])(
    "%s: the siblings are left alone when the child does not come back. Rule U7",
    (strategy) => {
      const said = told(`
        const top = await up(supervise({ strategy: "${strategy}" }, child("a", { restart: "transient" }), child("b")));
        cast("a", ["shutdown", "done"]);
        await sleep(1);
        say(await rows(top));`);
      expect(said.slice(2, 4)).toEqual(['-a ["shutdown","done"]', "b:b a:undefined"]);
    },
  );

  it("starts a group when all of it are down, and forgets temporary siblings. Rule U8", () => {
    const said = told(`
      const top = await up(supervise({ strategy: "one_for_all" },
        slowChild("a", 50), child("b", { restart: "temporary" }), child("c", { restart: "transient" }), child("d")));
      cast("c", "normal");
      await sleep(1);
      cast("d", "boom");
      await sleep(100);
      say(await rows(top));`);
    expect(said.slice(4, 12)).toEqual([
      "-c normal",
      "-d boom",
      "-b shutdown",
      "-a shutdown",
      "+a",
      "+c",
      "+d",
      "d:d c:c a:a",
    ]);
  });

  it("counts all restarts of its children, and ends with shutdown at one too many. Rule U9", () => {
    const said = told(`
      const top = await up(supervise({ intensity: 2, period: 3 }, child("a"), child("b"), child("c")));
      for (const id of ["a", "b", "c"]) { cast(id, "boom"); await sleep(1); }
      say(await endOf(top));`);
    expect(said.slice(3)).toEqual([
      "-a boom",
      "+a",
      "-b boom",
      "+b",
      "-c boom",
      "-b shutdown",
      "-a shutdown",
      "shutdown",
    ]);
  });

  it("gives up at the second crash within 5 s, when nothing else is said. Rule U9", () => {
    const crashAfter = (ms: number) =>
      told(`
        const top = await up(supervise({}, child("a")));
        cast("a", "boom");
        await sleep(${ms});
        cast("a", "boom");
        await sleep(1);
        say(processInfo(top) === undefined ? "gave up" : "goes on");`).filter((line) =>
        / (up|on)$/.test(line),
      );
    expect(crashAfter(4000)).toEqual(["gave up"]);
    expect(crashAfter(7000)).toEqual(["goes on"]);
  });

  it.each([1, 2, 3, 4, 5])(
    "counts what lies in the period, in whole seconds: seed %i. Rule U9",
    (seed) => {
      const random = new RandomStream(seed, STREAM.load, 0);
      const period = 1 + Math.floor(random.uniform() * 5);
      const history: number[] = [];
      let restarts: Restarts = [];
      for (let nowUs = 0; history.length < 50; nowUs += Math.ceil(random.exponential(1_000_000))) {
        history.push(Math.floor(nowUs / 1_000_000));
        restarts = addRestart(restarts, nowUs, period);
        const now = history.at(-1) as number;
        expect(restarts.length).toBe(history.filter((then) => now - then <= period).length);
      }
    },
  );

  it("counts a group once, and neither temporary children nor restarts by hand. Rule U9", () => {
    const said = told(`
      const top = await up(supervise({ strategy: "one_for_all", intensity: 1 }, child("a"), child("b"), child("t", { restart: "temporary" })));
      cast("t", "boom");
      for (let i = 0; i < 5; i++) { await terminateChild(top, "b"); await restartChild(top, "b"); }
      cast("a", "boom");
      await sleep(1);
      say(await rows(top));`);
    expect(said.at(-1)).toBe("b:b a:a");
  });

  it("tries a failed restart again through its mailbox: requests come between, and every try counts. Rule U10", () => {
    const said = told(`
      let tries = 0;
      const start = async () => {
        tries++;
        if (tries > 1 && tries < 4) { await sleep(10); return ["error", "not_yet"]; }
        return startLink(worker, ["a"], { name: "a" });
      };
      const top = await up(supervise({ intensity: 3 }, { id: "x", start }, child("b")));
      cast("a", "boom");
      await sleep(5);
      say(await rows(top));
      log(monotonic());
      for (const ask of [restartChild, deleteChild]) say(await ask(top, "x"));
      await sleep(50);
      say(await rows(top));
      log(tries);`);
    expect(said.slice(2, 9)).toEqual([
      "-a boom",
      "b:b x:restarting",
      "10",
      '["error","restarting"]',
      "+a",
      '["error","running"]',
      "b:b x:a",
    ]);
    expect(said[9]).toBe("4");
  });

  it("gives up when the start keeps failing. Rule U10", () => {
    const said = told(`
      let tries = 0;
      const start = () => tries++ === 0 ? startLink(worker, ["a"], { name: "a" }) : ["error", "never"];
      const top = await up(supervise({ intensity: 4 }, { id: "x", start }));
      cast("a", "boom");
      say(await endOf(top));
      log(tries);`);
    expect(said.slice(2)).toEqual(["shutdown", "5"]);
  });

  it("a child stopped between two tries is not tried again. Rule U10", () => {
    const said = told(`
      let tries = 0;
      const start = async () => {
        if (tries++ === 0) return startLink(worker, ["a"], { name: "a" });
        await sleep(10);
        return ["error", "never"];
      };
      const top = await up(supervise({ intensity: 9 }, { id: "x", start }));
      cast("a", "boom");
      await sleep(5);
      say(await terminateChild(top, "x"));
      await sleep(100);
      say(await rows(top));
      log(tries);`);
    expect(said.slice(2)).toEqual(["ok", "x:undefined", "2"]);
  });

  it("one_for_all: a start that fails in a group stops those started before it, and begins again. Rule U10", () => {
    const said = told(`
      let tries = 0;
      const second = () => tries++ === 1 ? ["error", "not_yet"] : startLink(worker, ["b"], { name: "b" });
      await up(supervise({ strategy: "one_for_all", intensity: 3 }, child("a"), { id: "b", start: second }, child("c")));
      cast("c", "boom");
      await sleep(1);
      log("later");`);
    expect(said.slice(3, said.indexOf("later")).join()).toBe(
      "-c boom,-b shutdown,-a shutdown,+a,-a shutdown,+a,+b,+c",
    );
  });

  it("rest_for_one: a start that fails in a group is tried again from there on. Rule U10", () => {
    const said = told(`
      let tries = 0;
      const second = () => tries++ === 1 ? ["error", "not_yet"] : startLink(worker, ["b"], { name: "b" });
      await up(supervise({ strategy: "rest_for_one", intensity: 3 }, child("a"), { id: "b", start: second }, child("c")));
      cast("a", "boom");
      await sleep(1);
      log("later");`);
    expect(said.slice(3, said.indexOf("later")).join()).toBe(
      "-a boom,-c shutdown,-b shutdown,+a,+b,+c",
    );
  });

  it.each([
    ["any_significant", "transient", "normal", "shutdown"],
    ["any_significant", "transient", "boom", "goes on"],
    ["any_significant", "temporary", "boom", "shutdown"],
    ["all_significant", "transient", "normal", "goes on"],
    ["never", "temporary", "normal", "start_spec"],
  ])(
    "autoShutdown %s, a %s child of two ends with %s: %s. Rule U14",
    (autoShutdown, restart, reason, outcome) => {
      const said = told(`
      trapExit(true);
      const more = { restart: "${restart}", significant: true };
      const [ok, top] = await startLink(supervise({ autoShutdown: "${autoShutdown}" }, child("a", more), child("b", more), child("c")));
      if (ok !== "ok") return log(top[0]);
      cast("a", "${reason}");
      log(await Promise.race([endOf(top), sleep(10).then(() => "goes on")]));`);
      expect(said).toContain(outcome);
    },
  );

  it("autoShutdown all_significant ends with the last of them; terminateChild does not count. Rule U14", () => {
    const said = told(`
      const more = { restart: "transient", significant: true };
      const top = await up(supervise({ autoShutdown: "all_significant" }, child("a", more), child("b", more), child("c", more), child("d")));
      cast("a", "normal");
      await terminateChild(top, "b");
      await sleep(1);
      log("goes on");
      cast("c", ["shutdown", "done"]);
      say(await endOf(top));`);
    expect(said.slice(-4)).toEqual([
      "goes on",
      '-c ["shutdown","done"]',
      "-d shutdown",
      "shutdown",
    ]);
  });
});
