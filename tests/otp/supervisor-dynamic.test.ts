/** Dynamic and partitioned supervisors, as in Elixir. */
import { describe, expect, it } from "vitest";
import { playShop, told } from "./supervisor-shop.ts";

/** Begins a dynamic supervisor, with what is needed to start workers under it. */
const begin = (options = "") => `
  const top = await up(dynamicSupervisor({ ${options} }));
  const add = async (id, more = {}) => (await startChild(top, { id: "any", start: [worker, [id]], ...more }))[1];
  const count = async () => say(Object.values(await countChildren(top)));`;

describe("dynamicSupervisor", () => {
  it("begins without children; each is started with a specification of its own, ids do not count. Rule U21", () => {
    const said = told(`${begin()}
      await count();
      const a = await add("a");
      await add("b", { restart: "temporary" });
      await count();
      say((await whichChildren(top)).map(([id, pid, type]) => [id, pid === a, type]));`);
    expect(said).toEqual([
      "[0,0,0,0]",
      "+a",
      "+b",
      "[2,2,0,2]",
      '[["undefined",true,"worker"],["undefined",false,"worker"]]',
    ]);
  });

  it.each([
    ["permanent", "normal", true],
    ["permanent", "boom", true],
    ["transient", "boom", true],
    ["transient", "shutdown", false],
    ["temporary", "boom", false],
  ])("a %s child that ends with %s comes back alone: %s. Rule U21", (restart, reason, isBack) => {
    const said = told(`${begin()}
      await add("other");
      cast(await add("a", { restart: "${restart}" }), "${reason}");
      await sleep(1);
      await count();`);
    const after = isBack ? ["+a", "[2,2,0,2]"] : ["[1,1,0,1]"];
    expect(said).toEqual(["+other", "+a", `-a ${reason}`, ...after]);
  });

  it("gives up at the fourth restart within 5 s. Rule U21", () => {
    const said = told(`${begin()}
      await add("other");
      await add("a");
      for (let i = 0; i < 4; i++) { cast((await whichChildren(top)).at(-1)[1], "boom"); await sleep(1); }
      say(await endOf(top));`);
    expect(said.filter((line) => line === "+a")).toHaveLength(4);
    expect(said.slice(-2)).toEqual(["-other shutdown", "shutdown"]);
  });

  it("tries a failed restart again, as restarting meanwhile. Rule U21", () => {
    const { said } = playShop(`
      let tries = 0;
      export async function moody(id) {
        tries++;
        if (tries === 2) { await sleep(10); return ["error", "not_yet"]; }
        return startLink(worker, [id], { name: id });
      }
      export async function main() {
        const top = await up(dynamicSupervisor());
        await startChild(top, { id: 1, start: [moody, ["a"]] });
        cast("a", "boom");
        await sleep(5);
        say(await rows(top));
        await sleep(20);
        say(await rows(top));
      }`);
    expect(said.slice(0, 5)).toEqual([
      "+a",
      "-a boom",
      "undefined:restarting",
      "+a",
      "undefined:a",
    ]);
  });

  it("stops children by their pids, and all of them at the same time, each in its own time. Rule U22", () => {
    const said = told(`${begin()}
      const a = await add("a");
      say(await terminateChild(top, a));
      say(await terminateChild(top, a));
      for (const id of ["b", "c"]) await startChild(top, { id, start: [worker, [id, 60]] });
      await startChild(top, { id: 1, start: [worker, ["d", 60]], shutdown: 30 });
      await startChild(top, { id: 1, start: [worker, ["e", 60]], shutdown: "brutal_kill" });
      await stop(top);
      log(monotonic());`);
    expect(said).toEqual([
      "+a",
      "-a shutdown",
      "ok",
      '["error","not_found"]',
      "+b",
      "+c",
      "+d",
      "+e",
      "-b shutdown",
      "-c shutdown",
      "60",
    ]);
  });

  it("maxChildren bounds it, extraArguments come first. Rule U22", () => {
    const said = told(`
      const top = await up(dynamicSupervisor({ maxChildren: 1, extraArguments: ["a"] }));
      const spec = { id: 1, start: [worker, [0]] };
      await startChild(top, spec);
      say(await startChild(top, spec));`);
    expect(said).toEqual(["+a", '["error","max_children"]']);
  });

  it("says what a start gave, and keeps nothing of one that failed or said ignore. Rule U22", () => {
    const said = told(`${begin()}
      say(await startChild(top, { id: 1, start: [failing, ["no"]] }));
      say(await startChild(top, { id: 1, start: [ignoring, []] }));
      say((await startChild(top, { id: 1, start: [informing, []] }))[2]);
      await count();`);
    expect(said).toEqual(['["error","no"]', "ignore", "+i", '{"kept":1}', "[1,1,0,1]"]);
  });

  it.each([
    ["{ id: 1 }", '["invalid_child_spec",{"id":1}]'],
    ["{ id: 1, start: [ignoring], shutdown: 0 }", '["invalid_shutdown",0]'],
    ["{ id: 1, start: [ignoring], restart: 'x' }", '["invalid_restart_type","x"]'],
  ])("refuses the specification %s. Rule U22", (spec, reason) => {
    const said = told(`${begin()} say(await startChild(top, ${spec}));`);
    expect(said).toEqual([`["error",${reason}]`]);
  });

  it.each([
    ["{ strategy: 'one_for_all' }", '["invalid_strategy","one_for_all"]'],
    ["{ maxChildren: -1 }", '["invalid_max_children",-1]'],
    ["{ extraArguments: 1 }", '["invalid_extra_arguments",1]'],
    ["{ intensity: -1 }", '["invalid_intensity",-1]'],
  ])("does not start with %s. Rule U22", (options, reason) => {
    const said = told(`
      trapExit(true);
      say(await startLink(dynamicSupervisor(${options})));
      say(await startLink(dynamicSupervisor({ init: () => ["ok", ${options}] })));`);
    expect(said).toEqual(Array(2).fill(`["error",["supervisor_data",${reason}]]`));
  });

  it("survives casts that it does not know, unlike a supervisor. Rule U22", () => {
    const said = told(`${begin()}
      cast(top, "hello");
      send(top, "hello");
      await count();`);
    expect(said).toEqual(["[0,0,0,0]"]);
  });
});

describe("partitionSupervisor", () => {
  const TILLS = `
    const child = { start: [worker, ["till"]] };
    const withArguments = (args, partition) => [args[0] + partition];
    const top = await up(partitionSupervisor({ child, partitions: 3, withArguments }), { name: "tills" });`;

  it("starts the same child once for each partition, and leads a key always to the same. Rule U23", () => {
    const said = told(`${TILLS}
      log(partitionCount("tills"));
      const numbers = new Map((await whichChildren(top)).map(([id, pid]) => [pid, id]));
      say([0, 1, 2, 3, -4].map((key) => numbers.get(partitionOf("tills", key))));
      say(["apple", { id: 7 }].every((key) => partitionOf("tills", key) === partitionOf("tills", structuredClone(key))));`);
    expect(said).toEqual(["+till0", "+till1", "+till2", "3", "[0,1,2,0,1]", "true"]);
  });

  it("finds the new process after a restart. Rule U23", () => {
    const said = told(`${TILLS}
      const before = partitionOf("tills", 1);
      cast(before, "boom");
      await sleep(1);
      say([partitionOf("tills", 1) === before, processInfo(partitionOf("tills", 1)) !== undefined]);`);
    expect(said.slice(3)).toEqual(["-till1 boom", "+till1", "[false,true]"]);
  });

  it("has as many partitions as the node has cores, and a name. Rule U23", () => {
    const said = told(`
      const plain = partitionSupervisor({ child: { start: [worker, ["till"]] } });
      await up(plain, { name: "tills" });
      log(partitionCount("tills"));
      say((await startLink(plain))[1][0]);
      try { partitionOf("nobody", 1); } catch (caught) { log(caught.reason); }`);
    expect(said).toEqual(["+till", "1", "badarg", "badarg"]);
  });
});
