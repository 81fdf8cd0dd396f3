/** Supervisors: what they can be asked, and what they refuse. */
import { describe, expect, it } from "vitest";
import { checkSpec } from "../../workers/otp/child-spec.ts";
import { twoNodes } from "../engine/room.ts";
import { playShop, told } from "./supervisor-shop.ts";

const start = () => "ignore";

describe("specifications", () => {
  it("fills in what was left out. Rule U5", () => {
    const worker = checkSpec({ id: "w", start }, "never");
    expect(worker).toMatchObject({
      value: {
        restart: "permanent",
        shutdown: 5000,
        type: "worker",
        significant: false,
        modules: ["start"],
      },
    });
    const supervisor = checkSpec({ id: "s", start, type: "supervisor" }, "never");
    expect(supervisor).toMatchObject({ value: { shutdown: "infinity" } });
    const old = checkSpec(["w", start, "transient", 10, "worker", ["m"]], "never");
    expect(old).toMatchObject({
      value: { id: "w", restart: "transient", shutdown: 10, modules: ["m"] },
    });
  });

  it.each([
    ["text", "text", ["invalid_child_spec", "text"]],
    ["no id", { start }, "missing_id"],
    ["no start", { id: 1 }, "missing_start"],
    ["a start that is none", { id: 1, start: "go" }, ["invalid_mfa", "go"]],
    ["a start of nothing", { id: 1, start: ["go", []] }, ["invalid_mfa", ["go", []]]],
    ["restart", { id: 1, start, restart: "always" }, ["invalid_restart_type", "always"]],
    ["type", { id: 1, start, type: "thing" }, ["invalid_child_type", "thing"]],
    ["shutdown soon", { id: 1, start, shutdown: "soon" }, ["invalid_shutdown", "soon"]],
    ["shutdown -1", { id: 1, start, shutdown: -1 }, ["invalid_shutdown", -1]],
    ["shutdown 0.5", { id: 1, start, shutdown: 0.5 }, ["invalid_shutdown", 0.5]],
    [
      "significant",
      { id: 1, start, restart: "transient", significant: 1 },
      ["invalid_significant", 1],
    ],
    ["modules", { id: 1, start, modules: "m" }, ["invalid_modules", "m"]],
    ["a module", { id: 1, start, modules: [1] }, ["invalid_module", 1]],
    [
      "significant and permanent",
      { id: 1, start, significant: true },
      [
        "bad_combination",
        [
          ["restart", "permanent"],
          ["significant", true],
        ],
      ],
    ],
  ])("refuses the first field that is wrong: %s. Rule U5", (_what, spec, reason) => {
    expect(checkSpec(spec, "any_significant")).toEqual({ ok: false, reason });
  });

  it("checks a list without starting anything. Rule U5", () => {
    const said = told(`
      say(checkChildSpecs([child("a"), child("b")]));
      say(checkChildSpecs([child("a"), child("a")]));
      say(checkChildSpecs([child("a", { restart: "never" })]));
      say(checkChildSpecs([child("a", { restart: "transient", significant: true })]));
      say(checkChildSpecs([child("a", { restart: "transient", significant: true })], "never"));
      say(checkChildSpecs("all"));
      say(checkChildSpecs([], "some"));`);
    expect(said).toEqual([
      "ok",
      '["error",["duplicate_child_name","a"]]',
      '["error",["invalid_restart_type","never"]]',
      "ok",
      '["error",["bad_combination",[["auto_shutdown","never"],["significant",true]]]]',
      '["error",["badarg","all"]]',
      '["error",["badarg","some"]]',
    ]);
  });
});

describe("children by their ids", () => {
  it("startChild adds a child, last in start order; ids in use are refused. Rule U15", () => {
    const said = told(`
      const top = await up(supervise({}, child("a")));
      const [ok, pid] = await startChild(top, child("b"));
      log(ok + " " + (pid === whereis("b")));
      say(await rows(top));
      say((await startChild(top, child("b")))[1][0]);
      await terminateChild(top, "b");
      say(await startChild(top, child("b")));
      say(await startChild(top, { id: "c" }));
      cast("a", "boom");
      await sleep(1);
      await stop(top);`);
    expect(said.slice(1)).toEqual([
      "+b",
      "ok true",
      "b:b a:a",
      "already_started",
      "-b shutdown",
      '["error","already_present"]',
      '["error","missing_start"]',
      "-a boom",
      "+a",
      "-a shutdown",
    ]);
  });

  it("startChild gives what the start gave, and keeps no specification of one that failed. Rule U15", () => {
    const said = told(`
      const top = await up(supervise({}, child("a")));
      const withName = (name) => ({ id: name, start: [worker, [name], { name: "a" }] });
      const [, [word, pid]] = await startChild(top, withName("b"));
      log(word + " " + (pid === whereis("a")));
      const [, [reason, record]] = await startChild(top, { id: "f", start: [failing, ["no"]], restart: "transient" });
      say([reason, record.slice(0, 3), record.slice(4)]);
      const [ok, , info] = await startChild(top, { id: "i", start: [informing, []] });
      say([ok, info]);
      say(await startChild(top, { id: "n", start: [ignoring, []] }));
      say(await startChild(top, { id: "t", start: [ignoring, []], restart: "temporary" }));
      say(await rows(top));`);
    expect(said.slice(1)).toEqual([
      "already_started true",
      '["no",["child","undefined","f"],["transient",false,5000,"worker",["failing"]]]',
      "+i",
      '["ok",{"kept":1}]',
      '["ok","undefined"]',
      '["ok","undefined"]',
      "n:undefined i:pid a:a",
    ]);
  });

  it("children that were added are restarted, but not when the supervisor itself was. Rule U15", () => {
    const said = told(`
      const sub = () => startLink(supervise({ intensity: 1 }, child("a")), [], { name: "sub" });
      await up(supervise({}, { id: "sub", type: "supervisor", start: sub }));
      await startChild("sub", child("b"));
      cast("b", "boom");
      await sleep(1);
      say(await rows("sub"));
      cast("b", "boom");
      await sleep(1);
      say(await rows("sub"));`);
    expect(said.filter((line) => line.includes(":"))).toEqual(["b:b a:a", "a:a"]);
  });

  it("startChild reaches a supervisor of another node, whose children are started there. Rule U15", () => {
    const { said } = playShop(
      `
      export async function other() { await up(supervise({}), { name: "top" }); await receive([when("the end", () => undefined)]); }
      export async function main() {
        await sleep(10);
        const top = { name: "top", node: "n2" };
        const [ok, pid] = await startChild(top, child("b"));
        log(ok + " " + pid.startsWith("<n2."));
        say((await getChildSpec(top, "b"))[1].start[1]);
      }`,
      twoNodes(),
    );
    expect(said).toEqual(["+b", "ok true", '["b"]']);
  });

  it("terminateChild, restartChild and deleteChild by hand. Rule U16", () => {
    const said = told(`
      const top = await up(supervise({ strategy: "one_for_all" }, child("a"), child("b"), child("t", { restart: "temporary" })));
      for (const id of ["a", "a", "x"]) say(await terminateChild(top, id));
      say(await rows(top));
      const [ok, pid] = await restartChild(top, "a");
      log(ok + " " + (pid === whereis("a")));
      for (const id of ["a", "x"]) say(await restartChild(top, id));
      for (const id of ["a", "x"]) say(await deleteChild(top, id));
      await terminateChild(top, "a");
      say(await deleteChild(top, "a"));
      await terminateChild(top, "t");
      say(await restartChild(top, "t"));
      say(await rows(top));`);
    expect(said.slice(3)).toEqual([
      "-a shutdown",
      "ok",
      "ok",
      '["error","not_found"]',
      "t:pid b:b a:undefined",
      "+a",
      "ok true",
      '["error","running"]',
      '["error","not_found"]',
      '["error","running"]',
      '["error","not_found"]',
      "-a shutdown",
      "ok",
      "-t shutdown",
      '["error","not_found"]',
      "b:b",
    ]);
  });

  it("restartChild gives the error of a start that fails, once, and the child stays stopped. Rule U16", () => {
    const said = told(`
      let tries = 0;
      const start = () => tries++ === 0 ? startLink(worker, ["a"], { name: "a" }) : ["error", "no"];
      const top = await up(supervise({}, { id: "x", start }));
      await terminateChild(top, "x");
      say(await restartChild(top, "x"));
      say(await rows(top));
      log(tries);`);
    expect(said.slice(2)).toEqual(['["error","no"]', "x:undefined", "2"]);
  });

  it("ids are terms: equal ones are the same. Rule U16", () => {
    const said = told(`
      const top = await up(supervise({}, child("a"), { ...child("b"), id: ["till", 1] }, { ...child("c"), id: 1 }, { ...child("d"), id: "1" }));
      say(await rows(top));
      say(await terminateChild(top, ["till", 1]));
      say(await terminateChild(top, 1));
      say(await rows(top));`);
    expect(said.filter((line) => line.includes(":"))).toEqual([
      "1:d 1:c till,1:b a:a",
      "1:d 1:undefined till,1:undefined a:a",
    ]);
  });

  it("whichChildren, countChildren and getChildSpec tell what there is. Rule U17", () => {
    const said = told(`
      const sub = () => startLink(supervise({}));
      const top = await up(supervise({}, child("a", { restart: "transient" }), { id: "sub", type: "supervisor", modules: "dynamic", start: sub }));
      cast("a", "normal");
      await sleep(1);
      say((await whichChildren(top)).map(([id, , type, modules]) => [id, type, modules]));
      say(await countChildren(top));
      const [ok, { start, ...spec }] = await getChildSpec(top, "sub");
      say([ok, spec]);
      say(await getChildSpec(top, "x"));`);
    expect(said.slice(2)).toEqual([
      '[["sub","supervisor","dynamic"],["a","worker",["worker"]]]',
      '{"specs":2,"active":1,"supervisors":1,"workers":1}',
      '["ok",{"id":"sub","restart":"permanent","shutdown":"infinity","type":"supervisor","significant":false,"modules":"dynamic"}]',
      '["error","not_found"]',
    ]);
  });

  it("a supervisor is called as any server: by name, and with noproc when there is none. Rule U17", () => {
    const said = told(`
      await up(supervise({}, child("a")), { name: "top" });
      say(await rows("top"));
      say((await startLink(supervise({}), [], { name: "top" }))[1][0]);
      await stop("top");
      try { await terminateChild("top", "a"); } catch (caught) { say(caught.reason[0]); say(caught.reason[1][2][1]); }`);
    expect(said.slice(1)).toEqual([
      "a:a",
      "already_started",
      "-a shutdown",
      "noproc",
      '["terminate_child","a"]',
    ]);
  });
});

describe("simple_one_for_one", () => {
  const begin = (more = "", flags = "") => `
    const top = await up(supervise({ strategy: "simple_one_for_one", ${flags} }, { id: "x", start: [worker, []], ${more} }));
    const [, a] = await startChild(top, ["a"]);
    const [, b] = await startChild(top, ["b", 50]);`;

  it("starts none by itself; children get the arguments they are started with. Rule U18", () => {
    const said = told(`${begin()}
      say((await whichChildren(top)).map(([id, pid, type]) => [id, pid === a || pid === b, type]));
      say(await countChildren(top));`);
    expect(said).toEqual([
      "+a",
      "+b",
      '[["undefined",true,"worker"],["undefined",true,"worker"]]',
      '{"specs":1,"active":2,"supervisors":0,"workers":2}',
    ]);
  });

  it.each([
    ["permanent", "boom", "+a", 2],
    ["permanent", "normal", "+a", 2],
    ["transient", "boom", "+a", 2],
    ["transient", "normal", undefined, 1],
    ["temporary", "boom", undefined, 1],
  ])("a %s child that ends with %s. Rule U18", (restart, reason, event, count) => {
    const said = told(`${begin(`restart: "${restart}"`)}
      cast(a, "${reason}");
      await sleep(1);
      log((await whichChildren(top)).length);`);
    expect(said.slice(2)).toEqual([`-a ${reason}`, ...(event ? [event] : []), String(count)]);
  });

  it("stops all children at the same time. Rule U18", () => {
    const said = told(`${begin()}
      for (const id of ["c", "d"]) await startChild(top, [id, 50]);
      await stop(top);
      log(monotonic());`);
    expect(said.slice(4)).toEqual([
      "-a shutdown",
      "-b shutdown",
      "-c shutdown",
      "-d shutdown",
      "50",
    ]);
  });

  it.each([
    ["30", "30"],
    ["'brutal_kill'", "0"],
  ])("kills those that are not down in time: shutdown %s. Rule U18", (shutdown, at) => {
    const said = told(`${begin(`shutdown: ${shutdown}`)}
      await startChild(top, ["c", 50]);
      await stop(top);
      log(monotonic());`);
    expect(said.at(-1)).toBe(at);
    expect(said).not.toContain("-b shutdown");
  });

  it("knows its children by their pids only. Rule U18", () => {
    const said = told(`${begin()}
      say(await terminateChild(top, a));
      say(await terminateChild(top, a));
      say(await terminateChild(top, self()));
      for (const ask of [terminateChild, restartChild, deleteChild]) say(await ask(top, "x"));
      say((await getChildSpec(top, b))[1].id);
      say((await getChildSpec(top, "x"))[1].id);
      log((await whichChildren(top)).length);`);
    expect(said.slice(2)).toEqual([
      "-a shutdown",
      "ok",
      "ok",
      '["error","not_found"]',
      ...Array(3).fill('["error","simple_one_for_one"]'),
      "x",
      "x",
      "1",
    ]);
  });

  it("keeps nothing of a start that says ignore or fails. Rule U18", () => {
    const said = told(`
      const top = await up(supervise({ strategy: "simple_one_for_one" }, { id: "x", start: (given) => given }));
      say(await startChild(top, ["ignore"]));
      say(await startChild(top, [["error", "no"]]));
      say(await startChild(top, ["what"]));
      say(await whichChildren(top));`);
    expect(said).toEqual(['["ok","undefined"]', '["error","no"]', '["error","what"]', "[]"]);
  });

  it("counts restarts over all children, and tries failed ones again. Rules U9, U10 and U18", () => {
    const said = told(`
      let tries = 0;
      const start = async (id) => {
        tries++;
        if (tries === 2) { await sleep(10); return ["error", "not_yet"]; }
        return startLink(worker, [id], { name: id });
      };
      const top = await up(supervise({ strategy: "simple_one_for_one", intensity: 2 }, { id: "x", start }));
      await startChild(top, ["a"]);
      cast("a", "boom");
      await sleep(5);
      say(await rows(top));
      await sleep(20);
      say(await rows(top));
      cast("a", "boom");
      say(await endOf(top));`);
    expect(said.slice(2)).toEqual([
      "undefined:restarting",
      "+a",
      "undefined:a",
      "-a boom",
      "shutdown",
    ]);
  });

  it("autoShutdown all_significant: ends with its last child. Rules U14 and U18", () => {
    const said =
      told(`${begin("restart: 'transient', significant: true", "autoShutdown: 'all_significant'")}
      cast(a, "normal");
      await sleep(1);
      log("goes on");
      cast(b, "normal");
      say(await endOf(top));`);
    expect(said.slice(2)).toEqual(["-a normal", "goes on", "-b normal", "shutdown"]);
  });
});
