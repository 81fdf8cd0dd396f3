/** How servers begin: what start gives, what becomes of the starter, and what is left behind. */
import { describe, expect, it } from "vitest";
import { play } from "../engine/room.ts";

const SERVER = `
  const show = (value) => JSON.stringify(value, (key, part) => (typeof part === "string" && part.startsWith("<") ? "pid" : part));
  const server = genServer({
    init: async (how, value) => {
      log("init " + how);
      switch (how) {
        case "return": return value;
        case "throw": throw value;
        case "exit": throw new Exit(value);
        case "error": throw new ErlangError(value);
        case "slow": await sleep(300); return ["ok", 0];
      }
    },
    handleCall: (request, from, state) => ["reply", state, state],
    terminate() { log("terminate"); },
  });
`;
const IMPORTS = `import { ErlangError, global, startMonitor } from "otp";\n`;

function playServers(text: string) {
  return play(IMPORTS + SERVER + text);
}

describe("starting a gen_server", () => {
  it("Rules V12 and V14: a failed start leaves no message, no name and no process; terminate is not called", () => {
    const { said } = playServers(`
      export async function main() {
        trapExit(true);
        for (const [how, value] of [["return", ["stop", "no_db"]], ["return", ["stop", "normal"]], ["return", ["error", "no"]],
          ["return", "ignore"], ["exit", ["shutdown", "nope"]], ["error", "boom"]]) {
          log(show(await startLink(server, [how, value], { name: "srv" })));
          log(whereis("srv") + " " + processInfo(self()).messageQueueLen + " " + processInfo(self()).links.length);
        }
      }
    `);
    expect(said.filter((line) => !line.startsWith("init"))).toEqual([
      '["error","no_db"]',
      "undefined 0 0",
      '["error","normal"]',
      "undefined 0 0",
      '["error","no"]',
      "undefined 0 0",
      '"ignore"',
      "undefined 0 0",
      '["error",["shutdown","nope"]]',
      "undefined 0 0",
      '["error",["boom",["stack"]]]',
      "undefined 0 0",
    ]);
  });

  it.each([
    ["return", '["stop", "no_db"]', "no_db"],
    ["return", '["stop", "normal"]', "lives"],
    ["return", '["error", "no"]', "lives"],
    ["return", '"ignore"', "lives"],
    ["return", '["okay", 1]', ["bad_return_value", ["okay", 1]]],
    ["throw", '"ball"', ["bad_return_value", "ball"]],
    ["throw", '["ok", 5]', "lives"],
    ["exit", '"bye"', "bye"],
    ["error", '"boom"', ["boom", ["stack"]]],
  ])(
    "Rules V13 and V15: after the init %s %s, the linked starter that does not trap: %j",
    (how, value, ended) => {
      const { said } = playServers(`
      async function starter() { await startLink(server, ["${how}", ${value}]); await sleep(50); log("lives"); }
      export async function main() {
        monitor(spawn(starter, []));
        log(show((await receive()).reason));
      }
    `);
      expect(said.slice(1)).toEqual(
        ended === "lives" ? ["lives", '"normal"'] : [JSON.stringify(ended)],
      );
    },
  );

  it("Rule V16: an init that takes too long is killed, and its linked starter lives", () => {
    const { lines, exits } = playServers(`
      export async function main() {
        log(show(await startLink(server, ["slow"], { timeout: 100 })));
        await sleep(400);
        log("lives with " + processInfo(self()).messageQueueLen);
      }
    `);
    expect(lines.slice(1)).toEqual(['100 main: ["error","timeout"]', "500 main: lives with 0"]);
    expect(exits).toEqual([
      ["server", "killed"],
      ["main", "normal"],
    ]);
  });

  it("Rule V17: a server killed in its init is an error of the start", () => {
    const { lines } = playServers(`
      export async function main() {
        trapExit(true);
        spawn(async () => { await sleep(100); exit(whereis("slow"), "kill"); }, []);
        log(show(await startLink(server, ["slow"], { name: "slow" })));
        log(processInfo(self()).messageQueueLen + " " + processInfo(self()).links.length);
        spawn(async () => { await sleep(100); exit(whereis("slow"), "stop it"); }, []);
        log(show(await start(server, ["slow"], { name: "slow" })));
      }
    `);
    expect(lines.filter((line) => line.includes("main"))).toEqual([
      '100 main: ["error","killed"]',
      "100 main: 0 0",
      '200 main: ["error","stop it"]',
    ]);
  });

  it("Rule V18: startMonitor watches without a link, and a failed one leaves nothing", () => {
    const { said } = playServers(`
      export async function main() {
        const [word, [pid, ref]] = await startMonitor(server, ["return", ["ok", 7]]);
        log(word + " " + processInfo(self()).links.length + " " + (await call(pid, "get")));
        exit(pid, "boom");
        const down = await receive();
        log((down.ref === ref) + " " + down.reason);
        log(show(await startMonitor(server, ["return", ["stop", "no"]])));
        log(show(await startMonitor(server, ["slow"], { timeout: 10 })));
        log(String(processInfo(self()).messageQueueLen));
      }
    `);
    expect(said.filter((line) => !line.startsWith("init"))).toEqual([
      "ok 0 7",
      "true boom",
      '["error","no"]',
      '["error","timeout"]',
      "0",
    ]);
  });

  it("a server that stops at once has been started", () => {
    const { said } = play(`
      const server = genServer({
        init: () => ["ok", 0, { continue: "c" }],
        handleContinue: (_, state) => ["stop", "nope", state],
      });
      export async function main() {
        trapExit(true);
        log((await startLink(server, [], { name: "srv" }))[0]);
        log((await receive()).reason + " " + whereis("srv"));
      }
    `);
    expect(said).toEqual(["ok", "nope undefined"]);
  });

  it("Rule V19: a server has its global name before its init runs, and a second one runs none", () => {
    const { said } = playServers(`
      export async function main() {
        const named = { name: { global: "g" } };
        const [word, pid] = await start(server, ["return", ["ok", 3]], named);
        log(word + " " + (global.whereis("g") === pid));
        const again = await start(server, ["return", ["ok", 4]], named);
        log(show(again) + " " + (again[1][1] === pid));
        log(await stop({ global: "g" }) + " " + global.whereis("g"));
      }
    `);
    expect(said).toEqual([
      "init return",
      "ok true",
      '["error",["already_started","pid"]] true',
      "terminate",
      "ok undefined",
    ]);
  });

  it("Rule V20: a server does not see what its starter does to the arguments later", () => {
    const { said } = playServers(`
      export async function main() {
        const list = ["ok", [1]];
        const starting = start(server, ["return", list]);
        list[1].push(2);
        const [, pid] = await starting;
        log(show(await call(pid, "get")));
      }
    `);
    expect(said).toEqual(["init return", "[1]"]);
  });
});
