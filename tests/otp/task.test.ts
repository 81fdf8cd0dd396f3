import { describe, expect, it } from "vitest";
import { play, twoNodes } from "../engine/room.ts";

const IMPORT = `import { error, task } from "otp";
  const show = (value) => log((JSON.stringify(value) ?? "undefined").replaceAll(/<n1\\.\\d+>/g, "pid").replaceAll(/#n1\\.\\d+/g, "ref"));
  const take = async () => { const found = []; while (processInfo(self()).messageQueueLen > 0) found.push(await receive()); return found; };
  const after = (ms, value) => async () => { await sleep(ms); return value; };
  const attempt = async (action) => { try { show(await action()); } catch (thrown) { show([thrown.name, thrown.reason]); } };
`;

describe("task", () => {
  it("Rule I1: a task does one thing beside its owner, which awaits the result", () => {
    const { lines } = play(`${IMPORT}
      export async function main() {
        const add = (a, b) => a + b;
        const slow = task.async(after(30, "slow"));
        const fast = task.async(async (name) => { await sleep(10); return { name }; }, ["fast"]);
        show(Object.keys(slow));
        show(await task.await(fast));
        show(await task.await(slow));
        show(await task.await(task.async(add, [1, 2])));
        show([await task.await(task.completed(5)), await take()]);
      }
    `);
    expect(lines).toEqual([
      '0 main: ["ref","pid","owner"]',
      '10 main: {"name":"fast"}',
      '30 main: "slow"',
      "30 main: 3",
      "30 main: [5,[]]",
    ]);
  });

  it("Rule I2: a result that does not come in time ends the owner, and comes no more when it is late", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const slow = task.async(after(50, "slow"));
        await attempt(() => task.await(slow, 10));
        await sleep(100);
        show(await take());
      }
    `);
    expect(said).toEqual([
      '["Exit",["timeout",["task","await",[{"ref":"ref","pid":"pid","owner":"pid"},10]]]]',
      "[]",
    ]);
  });

  it("Rule I3: a task is linked with its owner; who traps exits learns at await why it failed", () => {
    const { said, exits } = play(`${IMPORT}
      export async function main() {
        spawn(async function careless() { await task.await(task.async(() => exit("boom"))); }, []);
        await sleep(10);
        trapExit(true);
        for (const fail of [() => exit("boom"), () => exit("normal"), () => error("bad"), () => { throw "ball"; }]) {
          try { await task.await(task.async(fail)); } catch (thrown) { show([thrown.reason[0], thrown.reason[1][1]]); }
        }
        show((await take()).map(({ tag }) => tag));
      }
    `);
    expect(exits.slice(0, 2).map(([, reason]) => reason)).toEqual(["boom", "boom"]);
    expect(said).toEqual([
      '["boom","await"]',
      '["normal","await"]',
      '[["bad",["stack"]],"await"]',
      '[[["nocatch","ball"],["stack"]],"await"]',
      '["EXIT","EXIT","EXIT","EXIT"]',
    ]);
  });

  it("Rule I4: only the owner can ask for a result", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const mine = task.async(after(10, "mine"));
        const [, ref] = spawnMonitor(async () => { await attempt(() => task.await(mine)); }, []);
        await receive([when({ ref }, () => undefined)]);
        show(await task.await(mine));
      }
    `);
    expect(said).toEqual(['["ErlangError","badarg"]', '"mine"']);
  });

  it("Rule I5: yield looks for a result and can be asked again", () => {
    const { lines } = play(`${IMPORT}
      export async function main() {
        trapExit(true);
        const slow = task.async(after(50, "slow"));
        show(await task.yield(slow, 20));
        show(await task.yield(slow));
        show(await task.yield(task.async(() => exit("boom"))));
        const three = [1, 100, 2].map((ms) => task.async(after(ms, ms)));
        show((await task.yieldMany(three, 30)).map(([, outcome]) => outcome ?? "none"));
        show((await task.yieldMany(three.slice(1, 2), { timeout: 0, onTimeout: "kill_task" }))[0][1]);
        await sleep(100);
        show((await take()).map(({ tag, reason }) => [tag, reason]));
      }
    `);
    expect(lines).toEqual([
      "20 main: undefined",
      '50 main: ["ok","slow"]',
      '50 main: ["exit","boom"]',
      '80 main: [["ok",1],"none",["ok",2]]',
      "80 main: undefined",
      '180 main: [["EXIT","normal"],["EXIT","boom"],["EXIT","normal"],["EXIT","normal"]]',
    ]);
  });

  it("Rule I6: awaitMany waits for all within one time-out", () => {
    const { lines } = play(`${IMPORT}
      export async function main() {
        show(await task.awaitMany([10, 30, 20].map((ms) => task.async(after(ms, ms)))));
        const late = [10, 100].map((ms) => task.async(after(ms, ms)));
        try { await task.awaitMany(late, 50); } catch (thrown) { show([thrown.reason[0], thrown.reason[1][1]]); }
        await sleep(100);
        show(await take());
      }
    `);
    expect(lines).toEqual([
      "30 main: [10,30,20]",
      '80 main: ["timeout","awaitMany"]',
      "180 main: []",
    ]);
  });

  it("Rule I7: shutdown ends a task without harm to its owner, and gives a result that came meanwhile", () => {
    const { lines } = play(`${IMPORT}
      const stubborn = async () => { trapExit(true); await sleep(10000); };
      const tidy = async () => { trapExit(true); await receive(); await sleep(5); return "tidy"; };
      export async function main() {
        show(await task.shutdown(task.async(after(1000, "slow"))));
        const done = task.async(() => "done");
        await sleep(10);
        show(await task.shutdown(done));
        const polite = task.async(tidy);
        await sleep(10);
        show(await task.shutdown(polite));
        const deaf = task.async(stubborn);
        await sleep(10);
        show(await task.shutdown(deaf, 25));
        const deafToo = task.async(stubborn);
        await sleep(10);
        show(await task.shutdown(deafToo, "brutal_kill"));
        trapExit(true);
        const failed = task.async(() => exit("boom"));
        await sleep(10);
        show(await task.shutdown(failed));
        show((await take()).map(({ reason }) => reason));
      }
    `);
    expect(lines).toEqual([
      "0 main: undefined",
      '10 main: ["ok","done"]',
      '25 main: ["ok","tidy"]',
      '60 main: ["exit","killed"]',
      "70 main: undefined",
      '80 main: ["exit","boom"]',
      '80 main: ["boom"]',
    ]);
  });

  it("Rule I8: an ignored task goes on, and its result is dropped", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const slow = task.async(async () => { await sleep(20); log("done"); return 1; });
        const fast = task.async(() => 2);
        await sleep(10);
        show([(await task.ignore(slow)) ?? "none", await task.ignore(fast)]);
        await sleep(50);
        show(await take());
        const [word, pid] = task.start(() => log("on its own"));
        await sleep(1);
        show([word, pid]);
        show(task.startLink(() => undefined));
      }
    `);
    expect(said).toEqual([
      '["none",["ok",2]]',
      "done",
      "[]",
      "on its own",
      '["ok","pid"]',
      '["ok","pid"]',
    ]);
  });
});

describe("task under a supervisor", () => {
  it("Rule I10: asyncNolink spares its owner: a server gets the result, or a DOWN, as a message", () => {
    const { said } = play(`${IMPORT}
      const server = genServer({
        init: () => ["ok", {}],
        async handleCall(action, from, state) {
          const { ref } = await task.asyncNolink("tasks", () => action === "fail" ? exit("boom") : action);
          return ["noreply", { ...state, [ref]: from }];
        },
        handleInfo(message, state) {
          if (message.tag === "DOWN") {
            if (state[message.ref] !== undefined) reply(state[message.ref], ["failed", message.reason]);
            return ["noreply", state];
          }
          const [ref, result] = message;
          demonitor(ref, { flush: true });
          reply(state[ref], result);
          return ["noreply", state];
        },
      });
      export async function main() {
        await startLink(task.supervisor(), [], { name: "tasks" });
        await startLink(server, [], { name: "server" });
        show([await call("server", "work"), await call("server", "fail"), await call("server", "work")]);
        await attempt(() => task.asyncNolink("tasks", after(5, "awaited")).then((found) => task.await(found)));
      }
    `);
    expect(said).toEqual(['["work",["failed","boom"],"work"]', '"awaited"']);
  });

  it("Rule I11: a supervisor knows its tasks, allows so many, and stops them when it ends", () => {
    const { lines, exits } = play(`${IMPORT}
      const stubborn = async () => { trapExit(true); await sleep(10000); };
      export async function main() {
        await startLink(task.supervisor({ maxChildren: 2 }), [], { name: "tasks" });
        const [, pid] = await task.startChild("tasks", after(1000));
        const linked = await task.asyncUnder("tasks", after(20, "linked"));
        show([(await task.children("tasks")).length, processInfo(self()).links.length]);
        await attempt(() => task.asyncNolink("tasks", after(1)));
        show(await task.startChild("tasks", after(1)));
        show(await task.await(linked));
        show([await task.terminateChild("tasks", pid), await task.terminateChild("tasks", pid)]);
        show(await task.children("tasks"));
        await task.startChild("tasks", stubborn, [], { shutdown: 30 });
        await task.startChild("tasks", stubborn, [], { shutdown: "brutal_kill" });
        await sleep(10);
        await stop("tasks");
        log("stopped");
      }
    `);
    expect(lines).toEqual([
      "0 main: [2,2]",
      '0 main: ["ErlangError","max_children"]',
      '0 main: ["error","max_children"]',
      '20 main: "linked"',
      '20 main: ["ok",["error","not_found"]]',
      "20 main: []",
      "60 main: stopped",
    ]);
    expect(exits.map(([, reason]) => reason).filter((reason) => reason === "killed")).toHaveLength(
      2,
    );
  });
});

describe("task on another node", () => {
  it("Rule I12: a supervisor of another node runs an exported function there; a lost node ends the wait", () => {
    const { lines } = play(
      `${IMPORT}
      export async function where(greeting) { await sleep(5); return greeting + " from " + node(); }
      export async function idle() { await sleep(500); }
      export async function main() {
        const there = { name: "tasks", node: "n2" };
        await sleep(10);
        show(await task.await(await task.asyncNolink(there, where, ["hello"])));
        await attempt(() => task.asyncNolink(there, () => "closure").then((found) => task.await(found)));
        const lost = await task.asyncNolink(there, idle);
        try { await task.await(lost); } catch (thrown) { show(thrown.reason[0]); }
      }
      export async function other() {
        await startLink(task.supervisor(), [], { name: "tasks" });
        await sleep(9000);
      }
    `,
      twoNodes({ faults: [{ kind: "cut", between: ["n1", "n2"], atUs: 100_000 }] }),
    );
    expect(lines).toEqual([
      '19 main: "hello from n2"',
      '19 main: ["NotSendable",null]',
      '100 main: ["nodedown","n2"]',
    ]);
  });
});

describe("a stream of tasks", () => {
  it("Rule I20: so many run at the same time, and results come in the order of the items", () => {
    const { lines } = play(`${IMPORT}
      const items = [100, 10, 11, 12, 13];
      const begun = [];
      const body = async (ms) => { const at = monotonic(); await sleep(ms); return [ms, at]; };
      export async function main() {
        for (const ordered of [true, false]) {
          const found = [];
          const from = monotonic();
          for await (const [word, [ms, at]] of task.asyncStream(items, body, { maxConcurrency: 2, ordered })) found.push([word, ms, at - from]);
          show(found);
        }
        const none = [];
        for await (const one of task.asyncStream([], body)) none.push(one);
        show([none, await take(), processInfo(self()).links]);
      }
    `);
    expect(lines).toEqual([
      '100 main: [["ok",100,0],["ok",10,0],["ok",11,10],["ok",12,21],["ok",13,33]]',
      '200 main: [["ok",10,0],["ok",11,10],["ok",12,21],["ok",13,33],["ok",100,0]]',
      "200 main: [[],[],[]]",
    ]);
  });

  it("Rule I21: nothing is begun that the loop does not ask for; when it is left, what runs is killed", () => {
    const { lines } = play(`${IMPORT}
      export async function main() {
        const begin = [];
        const body = async (n) => { log("begin " + n); await sleep(10); log("end " + n); return n; };
        for await (const [, n] of task.asyncStream([1, 2, 3, 4], body, { maxConcurrency: 2 })) {
          await sleep(50);
          if (n === 2) break;
        }
        await sleep(100);
        show([await take(), processInfo(self()).links]);
      }
    `);
    expect(lines).toEqual([
      "0 body: begin 1",
      "0 body: begin 2",
      "10 body: end 1",
      "10 body: end 2",
      "60 body: begin 3",
      "70 body: end 3",
      "210 main: [[],[]]",
    ]);
  });

  it("Rule I22: a task that fails ends the owner, unless that traps exits; then it is a result", () => {
    const { said, exits } = play(`${IMPORT}
      const body = (n) => n === 2 ? exit("boom") : n;
      const all = async (options) => { const found = []; for await (const one of task.asyncStream([1, 2, 3], body, options)) found.push(one); return found; };
      export async function main() {
        spawn(async function careless() { await all(); log("not reached"); }, []);
        await sleep(10);
        trapExit(true);
        show(await all());
        show(await all({ zipInputOnExit: true }));
        show(await take());
      }
    `);
    expect(exits.find(([label]) => label === "careless")?.[1]).toBe("boom");
    expect(said).toEqual([
      '[["ok",1],["exit","boom"],["ok",3]]',
      '[["ok",1],["exit",[2,"boom"]],["ok",3]]',
      "[]",
    ]);
  });

  it("Rule I23: each task has its time; past it the owner exits, or the task is killed", () => {
    const { lines } = play(`${IMPORT}
      const body = async (ms) => { await sleep(ms); return ms; };
      const all = async (options) => { const found = []; for await (const one of task.asyncStream([100, 200, 100], body, options)) found.push(one); return found; };
      export async function main() {
        await attempt(() => all({ maxConcurrency: 1, timeout: 150, onTimeout: "kill_task" }));
        await attempt(() => all({ maxConcurrency: 3, timeout: 150 }));
        await sleep(1000);
        show([await take(), processInfo(self()).links]);
      }
    `);
    expect(lines).toEqual([
      '350 main: [["ok",100],["exit","timeout"],["ok",100]]',
      '500 main: ["Exit",["timeout",["task","asyncStream",[150]]]]',
      "1500 main: [[],[]]",
    ]);
  });

  it("Rule I24: under a supervisor a failing task spares the owner; when the owner ends, so do its tasks", () => {
    const { said, exits } = play(`${IMPORT}
      const body = (n) => n === 2 ? exit("boom") : n;
      export async function main() {
        await startLink(task.supervisor(), [], { name: "tasks" });
        const found = [];
        for await (const one of task.asyncStreamNolink("tasks", [1, 2, 3], body)) found.push(one);
        show(found);
        const pid = spawn(async () => {
          for await (const one of task.asyncStreamNolink("tasks", [1, 2], async function long() { await sleep(9000); })) log("not reached");
        }, []);
        await sleep(10);
        exit(pid, "kill");
        await sleep(10);
        show(await task.children("tasks"));
      }
    `);
    expect(said).toEqual(['[["ok",1],["exit","boom"],["ok",3]]', "[]"]);
    expect(exits.filter(([label]) => label === "long").map(([, reason]) => reason)).toEqual([
      "killed",
    ]);
  });
});
