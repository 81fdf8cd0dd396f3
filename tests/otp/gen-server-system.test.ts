/** What is done to a server from outside: stopping it, asking without waiting, looking into it, holding it. */
import { describe, expect, it } from "vitest";
import { play, twoNodes } from "../engine/room.ts";

const SERVER = `
  import { abcast, ErlangError, multiCall, receiveResponse, sendRequest, sys, waitResponse } from "otp";
  const show = (value) => JSON.stringify(value, (key, part) => (typeof part === "string" && part.startsWith("<") ? "pid" : part === Infinity ? "infinity" : part));
  const server = genServer({
    init: (state = 0, traps = false) => { trapExit(traps); return ["ok", state]; },
    async handleCall(request, from, state) {
      if (request === "slow") { await sleep(200); return ["reply", "slow_done", state + 1]; }
      if (request === "crash") throw new ErlangError("boom");
      return ["reply", state, state];
    },
    handleCast: (by, state) => ["noreply", state + by],
    async terminate(reason, state) { if (state === "slow") await sleep(200); if (state === "bad") throw new Exit("other"); log("terminate " + show(reason)); },
  });
  const caught = async (what) => { try { return show(await what()); } catch (thrown) { return thrown.name + " " + show(thrown.reason); } };
`;

function playServer(text: string) {
  return play(SERVER + text);
}

describe("stop", () => {
  it("Rule V33: ok, noproc, another reason, or itself", () => {
    const { said } = playServer(`
      const selfish = genServer({ init: () => ["ok", 0], handleCall: async (_, from, state) => ["reply", await caught(() => stop("selfish")), state] });
      export async function main() {
        const [, pid] = await start(server);
        log(await caught(() => stop(pid, ["shutdown", { why: 1 }])));
        for (const dest of [pid, "nobody", { name: "nobody", node: node() }, { global: "nobody" }]) log(await caught(() => stop(dest)));
        const [, bad] = await start(server, ["bad"]);
        log(await caught(() => stop(bad)));
        await start(selfish, [], { name: "selfish" });
        log(await call("selfish", "go"));
        log(String(processInfo(self()).messageQueueLen));
      }
    `);
    expect(said).toEqual([
      'terminate ["shutdown",{"why":1}]',
      '"ok"',
      'Exit "noproc"',
      'Exit "noproc"',
      'Exit "noproc"',
      'Exit "noproc"',
      'Exit "other"',
      'Exit ["calling_self",["sys","terminate",["pid","normal","infinity"]]]',
      "0",
    ]);
  });

  it("Rule V33: a server that ends before it heard of the stop names it, unless the reason is the same", () => {
    const { said } = playServer(`
      const dying = genServer({
        init: () => ["ok", 0],
        handleCast: async (reason, state) => { await sleep(50); return ["stop", reason, state]; },
      });
      export async function main() {
        for (const reason of ["crash", "normal", "noproc"]) {
          const [, pid] = await start(dying);
          cast(pid, reason);
          log(await caught(() => stop(pid)));
        }
        log(String(processInfo(self()).messageQueueLen));
      }
    `);
    expect(said).toEqual([
      'Exit ["crash",["sys","terminate",["pid","normal","infinity"]]]',
      '"ok"',
      'Exit "noproc"',
      "0",
    ]);
  });

  it("Rule V34: a terminate that is slower than the time-out", () => {
    const { lines } = playServer(`
      export async function main() {
        const [, pid] = await start(server, ["slow"]);
        log(await caught(() => stop(pid, "normal", 100)));
        log(String(processInfo(pid) !== undefined));
        await sleep(200);
        log(processInfo(pid) + " " + processInfo(self()).messageQueueLen);
      }
    `);
    expect(lines).toEqual([
      '100 main: Exit "timeout"',
      "100 main: true",
      '200 server: terminate "normal"',
      "300 main: undefined 0",
    ]);
  });
});

describe("requests", () => {
  it("Rules V35 and V36: the answer is fetched later; a server that ends is an error, not an exit", () => {
    const { lines } = playServer(`
      export async function main() {
        const [, pid] = await start(server, [], { name: "srv" });
        const id = sendRequest("srv", "slow");
        log("sent");
        log(show(await receiveResponse(id, 1000)));
        log(show(await receiveResponse(sendRequest("srv", "crash"))));
        log(show(await receiveResponse(sendRequest("srv", "get"))));
        log(show(await receiveResponse(sendRequest(pid, "get"))));
        log(show(await receiveResponse(sendRequest({ global: "srv" }, "get"))));
        log(String(processInfo(self()).messageQueueLen));
      }
    `);
    expect(lines.map((line) => line.replace("main: ", ""))).toEqual([
      "0 sent",
      '200 ["reply","slow_done"]',
      '200 server: terminate ["boom",["stack"]]'.replace("server", "srv"),
      '200 ["error",[["boom",["stack"]],"pid"]]',
      '200 ["error",["noproc","srv"]]',
      '200 ["error",["noproc","pid"]]',
      '200 ["error",["noproc",{"global":"srv"}]]',
      "200 0",
    ]);
  });

  it("Rules V37 and V38: a time-out of receiveResponse gives up, one of waitResponse does not", () => {
    const { lines } = playServer(`
      export async function main() {
        const [, pid] = await start(server);
        const id = sendRequest(pid, "slow");
        log(show(await waitResponse(id, 100)));
        log(show(await waitResponse(id, 1000)));
        const other = sendRequest(pid, "slow");
        log(show(await receiveResponse(other, 100)));
        log(show(await receiveResponse(other, 500)));
        log(processInfo(self()).messageQueueLen + " " + (await call(pid, "get")));
      }
    `);
    expect(lines.map((line) => line.replace("main: ", ""))).toEqual([
      '100 "timeout"',
      '200 ["reply","slow_done"]',
      '300 "timeout"',
      '800 "timeout"',
      "800 0 2",
    ]);
  });

  it("many requests at once, answered in any order", () => {
    const { lines } = playServer(`
      export async function main() {
        const ids = [];
        for (let i = 0; i < 3; i++) ids.push(sendRequest((await start(server, [i]))[1], i === 0 ? "slow" : "get"));
        for (const id of ids.reverse()) log(show(await receiveResponse(id)));
      }
    `);
    expect(lines).toEqual([
      '0 main: ["reply",2]',
      '0 main: ["reply",1]',
      '200 main: ["reply","slow_done"]',
    ]);
  });
});

describe("many nodes", () => {
  it("Rule V39: replies with their nodes, and the nodes that gave none in time", () => {
    const { said } = play(
      `${SERVER}
      export async function main() {
        await start(server, [1], { name: "srv" });
        await sleep(10);
        log(show(await multiCall(["n1", "n2", "n9"], "srv", "get", 1000)));
        log(abcast(["n1", "n2"], "srv", 5));
        await sleep(10);
        log(show(await multiCall(["n2", "n1"], "srv", "get")));
        log(show(await multiCall(["n1", "n2"], "srv", "slow", 100)));
        log(show(await multiCall(["n1", "n2"], "nobody", "get")));
        await sleep(300);
        log(String(processInfo(self()).messageQueueLen));
      }
      export async function other() { await start(server, [2], { name: "srv" }); }
    `,
      twoNodes(),
    );
    expect(said).toEqual([
      '[[["n1",1],["n2",2]],["n9"]]',
      "abcast",
      '[[["n2",7],["n1",6]],[]]',
      '[[],["n1","n2"]]',
      '[[],["n1","n2"]]',
      "0",
    ]);
  });
});

describe("sys", () => {
  it("Rules V40 and V41: looking at a state and changing it; a change that fails changes nothing", () => {
    const { said } = playServer(`
      export async function main() {
        const [, pid] = await start(server, [1], { name: "srv" });
        const factor = 10;
        log(show(await sys.getState("srv")) + show(await sys.replaceState(pid, (state) => (state + 1) * factor)));
        log(String(await call(pid, "get")));
        log(await caught(() => sys.replaceState(pid, () => { throw "no"; })));
        log(await caught(() => sys.replaceState(pid, () => { throw new Error("no"); })));
        log(await caught(() => sys.replaceState("srv", () => () => 1)));
        log(String(typeof (await caught(() => sys.getState("srv")))));
        log(String(await call(pid, "get") !== undefined));
      }
    `);
    expect(said.slice(0, 4)).toEqual([
      "120",
      "20",
      'ErlangError ["callback_failed",["gen_server","system_replace_state"],["throw","no"]]',
      'ErlangError ["callback_failed",["gen_server","system_replace_state"],["error",{"error":"Error","message":"no"}]]',
    ]);
    expect(said).toHaveLength(7);
  });

  it("Rule V42: a suspended server leaves its messages where they are until it is resumed", () => {
    const { lines } = playServer(`
      export async function main() {
        const [, pid] = await start(server);
        log(await sys.suspend(pid));
        cast(pid, 1);
        log(await caught(() => call(pid, "get", { timeout: 100 })));
        log(processInfo(pid).messageQueueLen + " " + (await sys.getState(pid)) + " " + (await sys.suspend(pid)));
        log(String(await sys.replaceState(pid, () => 5)));
        log(await sys.resume(pid) + " " + (await sys.resume(pid)));
        log(String(await call(pid, "get")));
      }
    `);
    expect(lines.map((line) => line.replace("main: ", ""))).toEqual([
      "0 ok",
      '100 Exit ["timeout",["gen_server","call",["pid","get",100]]]',
      "100 2 0 ok",
      "100 5",
      "100 ok ok",
      "100 6",
    ]);
  });

  it("Rule V42: a time-out does not fire while suspended, and begins anew with resume", () => {
    const { lines } = playServer(`
      const sleepy = genServer({ init: () => ["ok", 0, 100], handleInfo(message, state) { log(message); return ["noreply", state]; } });
      export async function main() {
        const [, pid] = await start(sleepy);
        await sleep(50);
        await sys.suspend(pid);
        await sleep(200);
        await sys.resume(pid);
        await sleep(200);
      }
    `);
    expect(lines).toEqual(["350 server: timeout"]);
  });

  it("Rule V43: a suspended server ends by stop and by its parent's exit", () => {
    const { said } = playServer(`
      async function parent() { await startLink(server, [0, true], { name: "child" }); await sys.suspend("child"); exit("gone"); }
      export async function main() {
        const [, pid] = await start(server);
        await sys.suspend(pid);
        log(await stop(pid, "enough"));
        spawn(parent, []);
        await sleep(10);
        log(String(whereis("child")));
      }
    `);
    expect(said).toEqual(['terminate "enough"', "ok", 'terminate "gone"', "undefined"]);
  });

  it("Rule V44: nobody, oneself, or no answer in time", () => {
    const { said } = playServer(`
      export async function main() {
        register("me");
        log(await caught(() => sys.getState("nobody")));
        log(await caught(() => sys.getState("me")));
        const [, pid] = await start(server);
        const id = sendRequest(pid, "slow");
        log(await caught(() => sys.suspend(pid, 100)));
        log(await caught(() => sys.resume({ global: "nobody" })));
        exit(pid, "kill");
        log(await caught(() => sys.resume(pid)));
      }
    `);
    expect(said).toEqual([
      'Exit ["noproc",["sys","get_state",["nobody"]]]',
      'Exit ["calling_self",["sys","get_state",["me"]]]',
      'Exit ["timeout",["sys","suspend",["pid",100]]]',
      'Exit ["noproc",["sys","resume",[{"global":"nobody"}]]]',
      'Exit ["noproc",["sys","resume",["pid"]]]',
    ]);
  });
});

describe("changing code", () => {
  const VERSIONS = `import { genStatem, hotUpgrade, sys } from "otp";
    export const v1 = genServer({ init: () => ["ok", 5], handleCall: (_r, _f, n) => ["reply", "v1 " + n, n], handleCast: (by, n) => ["noreply", n + by] });
    export const v2 = genServer({
      init: () => ["ok", { count: 0 }],
      codeChange: (oldVsn, n, extra) => extra === "bad" ? ["error", "cannot"] : extra === "crash" ? exit("oh") : ["ok", { count: n, from: oldVsn }],
      handleCall: (_r, _f, s) => ["reply", "v2 " + s.count + " from " + s.from, s],
      handleCast: (by, s) => ["noreply", { ...s, count: s.count + 10 * by }],
    });
    export const bare = genServer({ init: () => ["ok", 0], handleCall: (_r, _f, n) => ["reply", "bare " + n, n] });
    export const door = genStatem({ init: () => ["ok", "shut", 0], states: { shut: (type, _c, data) => typeof type === "object" ? ["keepState", data, [["reply", type[1], "old " + data]]] : "keepStateAndData" } });
    export const gate = genStatem({ init: () => ["ok", "closed", {}], codeChange: (v, state, data) => ["ok", "closed", { data, state }],
      states: { closed: (type, _c, data) => typeof type === "object" ? ["keepState", data, [["reply", type[1], "new " + data.state + data.data]]] : "keepStateAndData" } });
  `;

  it("Rule V46: pid and mailbox stay, the state is the new module's, messages go to it in order", () => {
    const { said } = play(`${VERSIONS}
      export async function main() {
        const [, pid] = await start(v1, [], { name: "s" });
        log(await call("s", "what"));
        await sys.suspend("s");
        cast("s", 1); cast("s", 2);
        log(String(await sys.changeCode("s", v2, "1")));
        await sys.resume("s");
        log(await call("s", "what")); log(String(whereis("s") === pid));
        log(String(await hotUpgrade(pid, bare, "2")));
        log(await call("s", "what"));
      }`);
    expect(said).toEqual(["v1 5", "ok", "v2 35 from 1", "true", "ok", "bare [object Object]"]);
  });

  it.each([
    ['hotUpgrade("s", v2, "1", "bad")', '["error",["error","cannot"]]'],
    ['hotUpgrade("s", v2, "1", "crash")', '["error",["EXIT","oh"]]'],
    ['hotUpgrade("s", door)', '["error",["EXIT",["badarg",["stack"]]]]'],
    ['sys.changeCode("s", v2, "1")', '["error",["unknown_system_msg"'],
  ])("Rule V46: after %s that fails it goes on as before", (attempt, result) => {
    const { said } = play(`${VERSIONS}
      export async function main() {
        await start(v1, [], { name: "s" });
        log(JSON.stringify(await ${attempt}));
        cast("s", 1); log(await call("s", "what"));
      }`);
    expect(said[0]?.startsWith(result)).toBe(true);
    expect(said[1]).toBe("v1 6");
  });

  it("Rule V46: a state machine goes on as another, its state and data made anew", () => {
    const { said } = play(`${VERSIONS}
      export async function main() {
        await start(door, [], { name: "d" });
        log(await call("d", "x"));
        log(String(await hotUpgrade("d", gate)));
        log(await call("d", "x"));
      }`);
    expect(said).toEqual(["old 0", "ok", "new shut0"]);
  });
});
