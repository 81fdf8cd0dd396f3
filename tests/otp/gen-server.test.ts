import { describe, expect, it } from "vitest";
import { KIND } from "../../workers/kernel/index.ts";
import { play } from "../engine/room.ts";

const COUNTER = `
  const counter = genServer({
    init: (from = 0) => ["ok", from],
    handleCall(request, from, state) {
      if (request === "get") return ["reply", state, state];
      if (request === "slow") return slowly(state);
      if (request === "later") { sendAfter(20, { tag: "answer", from }); return ["noreply", state]; }
      if (request === "elsewhere") { spawn((to) => reply(to, "from elsewhere"), [from]); return ["noreply", state]; }
      if (request === "never") return ["noreply", state];
      if (request === "stop") return ["stop", "shutdown", "bye", state];
      if (request === "bad") return "nonsense";
      throw new Error("cannot " + request);
    },
    handleCast: (by, state) => ["noreply", state + by],
    handleInfo(message, state) {
      if (message.tag === "answer") reply(message.from, "later");
      return ["noreply", state];
    },
    terminate(reason, state) { log("terminate " + JSON.stringify(reason) + " " + state); },
  });
  async function slowly(state) { await work(10); return ["reply", "slow", state]; }
`;

describe("gen_server", () => {
  it("Rule V1: one message at a time, in order; none is taken while an async callback waits", () => {
    const { lines } = play(`${COUNTER}
      export async function main() {
        const [, pid] = await startLink(counter, [5], { name: "counter" });
        spawn(async () => { await call("counter", "slow"); log("slow is answered"); }, []);
        spawn(async () => { cast("counter", 1); log(String(await call("counter", "get"))); }, []);
        await sleep(50);
      }
    `);
    expect(lines).toEqual(["10 process: slow is answered", "10 process: 6"]);
  });

  it("Rule V2: a call without a reply in time ends the caller with the time-out, unless caught", () => {
    const { lines, exits } = play(`${COUNTER}
      export async function main() {
        const [, pid] = await start(counter, [], { name: "counter" });
        spawn(asker, []);
        try { await call("counter", "never", { timeout: 30 }); } catch (exit) { log(exit.name + " " + JSON.stringify(exit.reason)); }
        await sleep(6000);
      }
      async function asker() { await call("counter", "never"); log("not reached"); }
    `);
    expect(lines).toEqual([
      '30 main: Exit ["timeout",["gen_server","call",["counter","never",30]]]',
    ]);
    expect(exits[0]).toEqual(["asker", ["timeout", ["gen_server", "call", ["counter", "never"]]]]);
  });

  it("Rule V3: the request of a caller that gave up is carried out, its late reply dropped", () => {
    const { said, trace } = play(`${COUNTER}
      export async function main() {
        await start(counter, [], { name: "counter" });
        try { await call("counter", "slow", { timeout: 5 }); } catch { log("gave up"); }
        await sleep(50);
        log("mailbox " + processInfo(self()).messageQueueLen);
        log(await call("counter", "slow"));
      }
    `);
    expect(said).toEqual(["gave up", "mailbox 0", "slow"]);
    expect(
      Array.from({ length: trace.rowCount }, (_, row) => trace.kindOf(row)).filter(
        (kind) => kind === KIND.discard,
      ),
    ).toHaveLength(1);
  });

  it("Rule V4: a call to nobody, or to a server that ends first, ends the caller with its reason", () => {
    const { said } = play(`${COUNTER}
      export async function main() {
        const ask = async (request) => { try { await call("counter", request); } catch (exit) { log(JSON.stringify(exit.reason[0])); } };
        await ask("get");
        await start(counter, [], { name: "counter" });
        await ask("fly");
        await ask("get");
      }
    `);
    expect(said).toEqual([
      '"noproc"',
      'terminate {"error":"Error","message":"cannot fly"} 0',
      '{"error":"Error","message":"cannot fly"}',
      '"noproc"',
    ]);
  });

  it("Rule V5: a reply may come later, or from another process", () => {
    const { lines } = play(`${COUNTER}
      export async function main() {
        await start(counter, [], { name: "counter" });
        log(await call("counter", "elsewhere"));
        log(await call("counter", "later"));
      }
    `);
    expect(lines).toEqual(["0 main: from elsewhere", "20 main: later"]);
  });

  it("Rule V6: stop calls terminate, replies, and ends with the reason", () => {
    const { said } = play(`${COUNTER}
      export async function main() {
        const [, pid] = await start(counter, [3]);
        monitor(pid);
        log(await call(pid, "stop"));
        log((await receive()).reason);
        const [, other] = await start(counter, [4]);
        log(await stop(other));
      }
    `);
    expect(said).toEqual([
      'terminate "shutdown" 3',
      "bye",
      "shutdown",
      'terminate "normal" 4',
      "ok",
    ]);
  });

  it("Rule V7: a callback that throws, or returns nonsense, ends the server after terminate", () => {
    const { said, exits } = play(`${COUNTER}
      export async function main() {
        const [, pid] = await start(counter, [1]);
        try { await call(pid, "bad"); } catch {}
      }
    `);
    expect(said).toEqual(['terminate ["bad_return_value","nonsense"] 1']);
    expect(exits[0]?.[1]).toEqual(["bad_return_value", "nonsense"]);
  });

  it("Rule V8: a callback's time-out fires as a message when none came first", () => {
    const { lines } = play(`
      const sleepy = genServer({
        init: () => ["ok", null, 50],
        handleCast: (_, state) => ["noreply", state, 50],
        handleInfo(message, state) { log(String(message)); return ["noreply", state]; },
      });
      export async function main() {
        const [, pid] = await start(sleepy);
        await sleep(30);
        cast(pid, "awake");
        await sleep(200);
      }
    `);
    expect(lines).toEqual(["80 server: timeout"]);
  });

  it("Rule V9: a continue runs before any message", () => {
    const { said } = play(`
      const server = genServer({
        init: () => ["ok", [], { continue: "load" }],
        handleContinue: async (what, state) => { await sleep(10); return ["noreply", [...state, what]]; },
        handleCast: (message, state) => ["noreply", [...state, message]],
        handleCall: (_, from, state) => ["reply", state, state],
      });
      export async function main() {
        const [, pid] = await start(server);
        cast(pid, "first");
        log((await call(pid, "state")).join());
      }
    `);
    expect(said).toEqual(["load,first"]);
  });

  it("Rule V10: what startLink gives", () => {
    const { said } = play(`
      const server = genServer({ init: (how) => { if (how === "throw") throw new Error("no"); return how; } });
      export async function main() {
        trapExit(true);
        for (const how of [["ok", 1], ["stop", "tired"], "ignore", "throw", 17]) log(JSON.stringify((await startLink(server, [how], {})).slice(0, 2)).replace(/<.*>/, "pid"));
        await start(server, [["ok", 1]], { name: "only" });
        log((await start(server, [["ok", 1]], { name: "only" }))[1][0]);
        await start(server, [["stop", "no"]], { name: "free" });
        log(String(whereis("free")));
      }
    `);
    expect(said).toEqual([
      '["ok","pid"]',
      '["error","tired"]',
      '"ig"',
      '["error",{"error":"Error","message":"no"}]',
      '["error",["bad_return_value",17]]',
      "already_started",
      "undefined",
    ]);
  });

  it("Rule V11: a call to oneself fails at once", () => {
    const { said } = play(`
      export async function main() {
        register("me");
        for (const dest of [self(), "me"]) try { await call(dest, "x"); } catch (exit) { log(exit.reason[0]); }
      }
    `);
    expect(said).toEqual(["calling_self", "calling_self"]);
  });
});
