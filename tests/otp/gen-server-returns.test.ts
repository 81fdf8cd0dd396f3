/** What a server's callbacks return and throw, and what becomes of the server. */
import { describe, expect, it } from "vitest";
import { play } from "../engine/room.ts";

const SERVER = `
  import { ErlangError } from "otp";
  const show = (value) => JSON.stringify(value, (key, part) => (typeof part === "string" && part.startsWith("<") ? "pid" : part));
  const server = genServer({
    init: (traps = false) => { trapExit(traps); return ["ok", 0]; },
    handleCall(request, from, state) {
      if (request === "get") return ["reply", state, state];
      if (request === "throws") throw ["reply", "thrown", 5];
      if (request === "late") { reply(from, "at once"); return sleep(50).then(() => ["noreply", 7]); }
      if (request === "unsendable") return ["reply", () => 1, state];
      return does(request, state);
    },
    handleCast: (what, state) => does(what, state),
    handleInfo(message, state) { log("info " + show(message)); return ["noreply", state]; },
    terminate(reason, state) { log("terminate " + show(reason) + " " + state); },
  });
  function does([what, value], state) {
    if (what === "return") return value;
    if (what === "throw") throw value;
    if (what === "exit") throw new Exit(value);
    if (what === "error") throw new ErlangError(value);
    exit(self(), value);
    return ["noreply", state];
  }
  async function watch(what, ...args) {
    const [, pid] = await start(server, args);
    const ref = monitor(pid);
    await what(pid);
    log("down " + show((await receive()).reason));
  }
  const asked = async (pid, request) => { try { log("got " + show(await call(pid, request))); } catch (exit) { log("exit " + show(exit.reason[0])); } };
`;

describe("what callbacks of a gen_server return", () => {
  it("Rule V21: a value that a callback throws is its return value", () => {
    const { said } = play(`${SERVER}
      export async function main() {
        const [, pid] = await start(server);
        await asked(pid, "throws");
        await asked(pid, "get");
      }
    `);
    expect(said).toEqual(['got "thrown"', "got 5"]);
  });

  it.each([
    ["cast", '["return", ["reply", "r", 0]]', ["reply", "r", 0]],
    ["cast", '["return", ["noreply"]]', ["noreply"]],
    ["cast", '["return", ["noreply", 1, -1]]', ["noreply", 1, -1]],
    ["cast", '["return", ["stop", "a", "b", "c"]]', ["stop", "a", "b", "c"]],
    ["cast", '["throw", "ball"]', "ball"],
    ["call", '["throw", "ball"]', "ball"],
    ["call", '["return", ["ok", 1]]', ["ok", 1]],
  ])("Rule V22: %s of %s is a bad return value", (how, request, value) => {
    const reason = JSON.stringify(["bad_return_value", value]);
    const { said } = play(`${SERVER}
      export const main = () => watch(async (pid) => { ${how === "cast" ? `cast(pid, ${request})` : `await asked(pid, ${request})`}; });
    `);
    expect(said.filter((line) => !line.startsWith("exit"))).toEqual([
      `terminate ${reason} 0`,
      `down ${reason}`,
    ]);
    if (how === "call") expect(said[1]).toBe(`exit ${reason}`);
  });

  it("Rule V22: nothing returned is a bad return value too", () => {
    const { said } = play(`${SERVER}
      export const main = () => watch((pid) => cast(pid, ["return", undefined]));
    `);
    expect(said[1]).toBe('down ["bad_return_value",null]');
  });

  it.each([
    ['["error", "boom"]', '["boom",["stack"]]'],
    ['["exit", "bye"]', '"bye"'],
    ['["exit", ["shutdown", "why"]]', '["shutdown","why"]'],
  ])("Rule V23: %s ends the server, terminate is told why", (request, reason) => {
    const { said } = play(`${SERVER}
      export const main = () => watch((pid) => cast(pid, ${request}));
    `);
    expect(said).toEqual([`terminate ${reason} 0`, `down ${reason}`]);
  });

  it("Rule V23: a reply that cannot be sent is an error of the server, not of the run", () => {
    const { said } = play(`${SERVER}
      export const main = () => watch((pid) => asked(pid, "unsendable"));
    `);
    expect(said[0]).toContain("NotSendable");
    expect(said).toHaveLength(3);
  });

  it("Rule V24: a missing callback is undef; a missing handleInfo only drops", () => {
    const { said, exits } = play(`
      const bare = genServer({ init: (then) => (then === undefined ? ["ok", 0] : ["ok", 0, then]) });
      export async function main() {
        const [, pid] = await start(bare);
        send(pid, "hello");
        await sleep(1);
        log(String(processInfo(pid) !== undefined));
        cast(pid, 1);
        const [, other] = await start(bare);
        try { await call(other, 1); } catch (exit) { log(JSON.stringify(exit.reason[0])); }
        await start(bare, [{ continue: 1 }]);
        const [, last] = await start(bare, [10]);
        await sleep(50);
      }
    `);
    expect(said).toEqual([
      "no handleInfo, so this message is dropped: hello",
      "true",
      '["undef",["stack"]]',
      "no handleInfo, so this message is dropped: timeout",
    ]);
    expect(exits.slice(0, 3)).toEqual(Array(3).fill(["server", ["undef", ["stack"]]]));
  });

  it("Rule V25: 0 gives way to messages that wait, any message cancels, a system message begins anew", () => {
    const { lines } = play(`
      import { sys } from "otp";
      const server = genServer({
        init: (ms) => { if (ms === 0) send(self(), "boot"); return ["ok", ms, ms]; },
        handleCast: (ms, state) => ["noreply", state, ms],
        handleInfo(message, state) { log(JSON.stringify(message)); return ["noreply", state]; },
      });
      export async function main() {
        const [, first] = await start(server, [0]);
        await sleep(10);
        cast(first, 0);
        await sleep(10);
        const [, second] = await start(server, [100]);
        await sleep(50);
        await sys.getState(second);
        await sleep(130);
        cast(second, 100);
        await sleep(50);
        send(second, "anything");
        await sleep(100);
      }
    `);
    expect(lines).toEqual([
      '0 server: "boot"',
      '10 server: "timeout"',
      '170 server: "timeout"',
      '250 server: "anything"',
    ]);
  });

  it("Rules V26 and V27: a chain of continues runs after the reply and before any message; hibernate changes nothing", () => {
    const { lines } = play(`
      const server = genServer({
        init: () => ["ok", []],
        handleCall: (request, from, state) => (request === "go" ? ["reply", "replied", state, { continue: 1 }] : ["reply", state.join(), state]),
        handleCast: (message, state) => ["noreply", [...state, message], "hibernate"],
        handleContinue: async (n, state) => { await sleep(20); return n < 3 ? ["noreply", [...state, n], { continue: n + 1 }] : ["noreply", [...state, n]]; },
      });
      export async function main() {
        const [, pid] = await start(server);
        log(await call(pid, "go"));
        cast(pid, "after");
        log(await call(pid, "get"));
      }
    `);
    expect(lines).toEqual(["0 main: replied", "60 main: 1,2,3,after"]);
  });

  it("Rule V26: a hundred thousand continues do not overflow the stack", () => {
    const { said } = play(`
      const server = genServer({
        init: () => ["ok", 0, { continue: "more" }],
        handleContinue: (_, n) => (n < 100000 ? ["noreply", n + 1, { continue: "more" }] : ["noreply", n]),
        handleCall: (_, from, n) => ["reply", n, n],
      });
      export async function main() { const [, pid] = await start(server); log(String(await call(pid, "get"))); }
    `);
    expect(said).toEqual(["100000"]);
  });

  it("Rule V28: terminate runs before the last reply, which is sent although terminate fails", () => {
    const { lines } = play(`
      const server = genServer({
        init: () => ["ok", 0],
        handleCall: (how, from, state) => ["stop", "normal", "bye", how],
        terminate: async (reason, how) => { await sleep(30); if (how === "fails") throw new Exit("other"); },
      });
      export async function main() {
        for (const how of ["works", "fails"]) {
          const [, pid] = await start(server);
          monitor(pid);
          log(await call(pid, how));
          log((await receive()).reason);
        }
      }
    `);
    expect(lines).toEqual(["30 main: bye", "30 main: normal", "60 main: bye", "60 main: other"]);
  });

  it("Rule V29: an untrapped exit signal and kill end a server without terminate", () => {
    const { said } = play(`${SERVER}
      export async function main() {
        await watch((pid) => exit(pid, "shutdown"));
        await watch((pid) => exit(pid, "kill"), true);
      }
    `);
    expect(said).toEqual(['down "shutdown"', 'down "killed"']);
  });

  it("Rule V30: a trapping server's linked starter ends it, anybody else's exit is a message", () => {
    const { said } = play(`${SERVER}
      async function parent(reason) { await startLink(server, [true], { name: "child" }); await sleep(10); exit(reason); }
      export async function main() {
        for (const reason of ["normal", "gone"]) { spawn(parent, [reason]); await sleep(20); log(String(whereis("child"))); }
        const [, pid] = await start(server, [true]);
        exit(pid, "shutdown");
        spawn(() => { link(pid); exit("x_gone"); }, []);
        await sleep(10);
        log(String(await call(pid, "get")));
      }
    `);
    expect(said).toEqual([
      'terminate "normal" 0',
      "undefined",
      'terminate "gone" 0',
      "undefined",
      'info {"tag":"EXIT","from":"pid","reason":"shutdown"}',
      'info {"tag":"EXIT","from":"pid","reason":"x_gone"}',
      "0",
    ]);
  });

  it("Rule V30: the parent is who started it by startMonitor; a server started by start is its own", () => {
    const { said } = play(`${SERVER}
      import { startMonitor } from "otp";
      export async function main() {
        const [, [watched]] = await startMonitor(server, [true]);
        exit(watched, "normal");
        log((await receive()).reason);
        const [, alone] = await start(server, [true]);
        exit(alone, "normal");
        cast(alone, ["exits itself", "over"]);
        await sleep(10);
      }
    `);
    expect(said).toEqual([
      'terminate "normal" 0',
      "normal",
      'info {"tag":"EXIT","from":"pid","reason":"normal"}',
      'terminate "over" 0',
    ]);
  });

  it("Rule V31: what terminate returns or throws is ignored, its error replaces the reason", () => {
    const { exits } = play(`
      import { ErlangError } from "otp";
      const server = genServer({
        init: (last) => ["ok", last],
        handleCast: (reason, last) => ["stop", reason, last],
        terminate(reason, [how, value]) {
          if (how === "throw") throw value;
          if (how === "error") throw new ErlangError(value);
          return value;
        },
      });
      export async function main() {
        for (const last of [["return", ["stop", "other"]], ["throw", "ball"], ["error", "term_boom"]]) cast((await start(server, [last]))[1], "shutdown");
      }
    `);
    expect(exits.filter(([who]) => who === "server").map(([, reason]) => reason)).toEqual([
      "shutdown",
      "shutdown",
      ["term_boom", ["stack"]],
    ]);
  });

  it("Rule V32: a failing inner call is wrapped once more for the outer caller", () => {
    const { said } = play(`
      import { ErlangError } from "otp";
      const back = genServer({ init: () => ["ok", 0], handleCall() { throw new ErlangError("boom"); } });
      const front = genServer({ init: () => ["ok", 0], handleCall: async (_, from, state) => ["reply", await call("back", "crash"), state] });
      export async function main() {
        await start(back, [], { name: "back" });
        await start(front, [], { name: "front" });
        try { await call("front", "q"); } catch (exit) { log(JSON.stringify(exit.reason[0][0]) + " " + exit.reason[0][1][2][0] + " " + exit.reason[1][2][0]); }
      }
    `);
    expect(said).toEqual(['["boom",["stack"]] back front']);
  });

  it("Rule V5: after a reply that went first the server still works; a second reply is dropped", () => {
    const { lines } = play(`${SERVER}
      export async function main() {
        const [, pid] = await start(server);
        log(await call(pid, "late"));
        log(String(await call(pid, "get")));
        log(String(processInfo(self()).messageQueueLen));
      }
    `);
    expect(lines).toEqual(["0 main: at once", "50 main: 7", "50 main: 0"]);
  });

  it("Rule V45: a call or cast made by hand", () => {
    const { said } = play(`${SERVER}
      export async function main() {
        const [, pid] = await start(server);
        const ref = sendAfter(0, "timer");
        await receive();
        send(pid, ["$gen_call", [self(), ref], "get"]);
        const answer = await receive();
        log((answer[0] === ref) + " " + answer[1]);
        send(pid, ["$gen_cast", ["return", ["noreply", 4]]]);
        await asked(pid, "get");
      }
    `);
    expect(said).toEqual(["true 0", "got 4"]);
  });
});
