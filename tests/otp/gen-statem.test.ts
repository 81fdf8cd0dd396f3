/**
 * State machines. What is expected was observed on OTP 25 with the same callbacks, unless a test
 * says otherwise: the lines are those that the machine and its callers wrote there, with the time
 * in ms rounded to 50.
 */
import { describe, expect, it } from "vitest";
import { play } from "../engine/room.ts";

const PRELUDE = `
  import { ErlangError, genStatem, startMonitor, sys } from "otp";
  const show = (value) => JSON.stringify(value);
  const told = (type) => (type[0] === "call" ? "call" : typeof type === "string" ? type : show(type));
  /** Tells every event: type content state. */
  const machine = (first, handle, mode = "handleEventFunction", last = () => {}) => genStatem({
    callbackMode: mode,
    init: () => { const value = typeof first === "function" ? first() : first; return value; },
    handleEvent(type, content, state, data) {
      log(told(type) + " " + show(content) + " " + state);
      return handle(type, content, state, data);
    },
    terminate(reason, state, data) { log("terminate " + show(reason) + " " + state + " " + data); return last(); },
  });
  const keep = () => "keepStateAndData";
  const ENTER = ["handleEventFunction", "stateEnter"];
  async function run(definition, script = () => {}) {
    const [word, [pid, ref]] = await startMonitor(definition);
    await script(pid);
    if (!(await receive([when({ tag: "DOWN" }, ({ reason }) => { log("down " + show(reason)); return true; })], { after: 1000 }))) await stop(pid);
  }
`;

function playMachine(text: string) {
  return play(PRELUDE + text);
}

/** The lines of a run that is over, with the virtual time in front: "100 stateTimeout …". */
function timed(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/ \w+: /, " "));
}

describe("gen_statem", () => {
  it("Rule Y1: events go to the function of the state, or to handleEvent with the state", () => {
    const { said } = playMachine(`
      const door = genStatem({
        init: (code) => ["ok", "locked", { code, opened: 0 }],
        states: {
          locked(type, content, data) {
            if (type[0] === "call" && content === data.code) return ["nextState", "open", { ...data, opened: data.opened + 1 }, [["reply", type[1], "welcome"]]];
            if (type[0] === "call") return ["keepStateAndData", ["reply", type[1], "no"]];
            log("locked " + type + " " + content);
            return "keepStateAndData";
          },
          open(type, content, data) {
            if (content === "close") return ["nextState", "locked", data];
            log("open " + type + " " + content);
            return "keepStateAndData";
          },
        },
      });
      export async function main() {
        const [, pid] = await start(door, [17], { name: "door" });
        log(await call("door", 16) + " " + await call("door", 17));
        cast(pid, "push");
        send("door", "knock");
        cast(pid, "close");
        send("door", "knock");
        log(show(await sys.getState("door")));
      }
    `);
    expect(said).toEqual([
      "no welcome",
      "open cast push",
      "open info knock",
      "locked info knock",
      '["locked",{"code":17,"opened":1}]',
    ]);
  });

  it("Rule Y2: postponed events are tried again in order when the state has changed", () => {
    const { said } = playMachine(`
      const door = machine(["ok", "closed", 0], (type, content, state, data) => {
        if (content === "open") return ["nextState", "open", data];
        if (content === "close") return ["nextState", "closed", data];
        if (type[0] === "call") return ["keepStateAndData", ["reply", type[1], data]];
        return state === "closed" ? ["keepStateAndData", ["postpone"]] : ["keepState", data + 1];
      });
      export async function main() {
        const [, pid] = await start(door);
        for (const message of ["knock1", "knock2", "open", "knock3", "close", "knock4"]) cast(pid, message);
        log(String(await call(pid, "get")));
        cast(pid, "open");
        log(String(await call(pid, "get")));
      }
    `);
    expect(said).toEqual([
      'cast "knock1" closed',
      'cast "knock2" closed',
      'cast "open" closed',
      'cast "knock1" open',
      'cast "knock2" open',
      'cast "knock3" open',
      'cast "close" open',
      'cast "knock4" closed',
      'call "get" closed',
      "3",
      'cast "open" closed',
      'cast "knock4" open',
      'call "get" open',
      "4",
    ]);
  });

  it("Rules Y2 and Y3: events that it made come before postponed ones, which are postponed anew one by one", () => {
    const { said } = playMachine(`
      const definition = machine(["ok", "a", 0], (type, content, state, data) => {
        if (content === "go") return ["nextState", "b", data, [["nextEvent", "internal", "i1"], ["nextEvent", "cast", "c1"]]];
        if (state === "a" && (content === "x" || content === "y")) return ["keepStateAndData", "postpone"];
        if (state === "b" && content === "x") return ["nextState", "a", data];
        return "keepStateAndData";
      });
      export async function main() {
        const [, pid] = await start(definition);
        for (const message of ["x", "y", "go", "z"]) cast(pid, message);
        log(show(await sys.getState(pid)));
      }
    `);
    expect(said).toEqual([
      'cast "x" a',
      'cast "y" a',
      'cast "go" a',
      'internal "i1" b',
      'cast "c1" b',
      'cast "x" b',
      'cast "y" a',
      'cast "z" a',
      '["a",0]',
    ]);
  });

  describe("Rule Y4: which time-outs end with what", () => {
    const TIMEOUTS = `
      const definition = machine(["ok", "s1", 0, [["stateTimeout", 100, "st"], ["timeout", 100, "et"], [["timeout", "g"], 100, "gt"]]],
        (type, content, state, data) => (content === "change" ? ["nextState", "s2", data] : "keepStateAndData"));
    `;

    it("an event ends the event time-out", () => {
      const { lines } = playMachine(`${TIMEOUTS}
        export const main = () => run(definition, async (pid) => { await sleep(50); cast(pid, "touch"); });
      `);
      expect(timed(lines).slice(0, 3)).toEqual([
        '50 cast "touch" s1',
        '100 stateTimeout "st" s1',
        '100 ["timeout","g"] "gt" s1',
      ]);
    });

    it("a change of state ends the state time-out too", () => {
      const { lines } = playMachine(`${TIMEOUTS}
        export const main = () => run(definition, async (pid) => { await sleep(50); cast(pid, "change"); });
      `);
      expect(timed(lines).slice(0, 2)).toEqual([
        '50 cast "change" s1',
        '100 ["timeout","g"] "gt" s2',
      ]);
    });

    it("a state time-out is an event, and ends the event time-out", () => {
      const { lines } = playMachine(`
        export const main = () => run(machine(["ok", "s1", 0, [["stateTimeout", 100, "st"], 150, [["timeout", "g"], 200, "gt"]]], keep));
      `);
      expect(timed(lines).slice(0, 2)).toEqual([
        '100 stateTimeout "st" s1',
        '200 ["timeout","g"] "gt" s1',
      ]);
    });

    it("what the machine made for itself ends the event time-out", () => {
      const { said } = playMachine(`
        const definition = machine(["ok", "s", 0], (type, content) =>
          (content === "go" ? ["keepStateAndData", [["timeout", 50, "et"], ["nextEvent", "internal", "i"]]] : "keepStateAndData"));
        export const main = () => run(definition, (pid) => cast(pid, "go"));
      `);
      expect(said.slice(0, 3)).toEqual(['cast "go" s', 'internal "i" s', 'terminate "normal" s 0']);
    });

    it("to the same state is no change", () => {
      const { lines } = playMachine(`
        const definition = machine(["ok", "s", 0, [["stateTimeout", 100, "st"]]], (type, content, state, data) => {
          if (content === "p" && data < 1) return ["keepState", data + 1, "postpone"];
          return content === "same" ? ["nextState", "s", data] : "keepStateAndData";
        });
        export const main = () => run(definition, (pid) => { cast(pid, "p"); cast(pid, "same"); });
      `);
      expect(timed(lines).slice(0, 3)).toEqual([
        '0 cast "p" s',
        '0 cast "same" s',
        '100 stateTimeout "st" s',
      ]);
    });
  });

  it("Rule Y5: time-outs of 0 come after the machine's own events and before any message", () => {
    const { said } = playMachine(`
      const definition = machine(["ok", "s", 0], (type, content) => (content === "go"
        ? ["keepStateAndData", [["timeout", 0, "e0"], ["stateTimeout", 0, "s0"], [["timeout", "n"], 0, "n0"], ["nextEvent", "internal", "i"]]]
        : "keepStateAndData"));
      export const main = () => run(definition, (pid) => { cast(pid, "go"); cast(pid, "after_go"); });
    `);
    expect(said.slice(0, 5)).toEqual([
      'cast "go" s',
      'internal "i" s',
      'stateTimeout "s0" s',
      '["timeout","n"] "n0" s',
      'cast "after_go" s',
    ]);
  });

  it("Rule Y6: the last of two counts, cancel takes back, update changes the content", () => {
    const { lines } = playMachine(`
      const definition = machine(["ok", "s", 0, [["stateTimeout", 100, "old"], [["timeout", "c"], 50, "never"]]], (type, content) => {
        if (content === "update") return ["keepStateAndData", [["stateTimeout", "update", "new"], [["timeout", "c"], "cancel"], [["timeout", "u"], "update", "fresh"]]];
        if (content === "two") return ["keepStateAndData", [["stateTimeout", 50, "first"], ["stateTimeout", 100, "second"], ["postpone", true], ["postpone", false]]];
        return "keepStateAndData";
      });
      export const main = () => run(definition, async (pid) => { cast(pid, "update"); await sleep(150); cast(pid, "two"); });
    `);
    expect(timed(lines).slice(0, 5)).toEqual([
      '0 cast "update" s',
      '0 ["timeout","u"] "fresh" s',
      '100 stateTimeout "new" s',
      '150 cast "two" s',
      '250 stateTimeout "second" s',
    ]);
  });

  it("a time-out at a given time, as erlang:start_timer/4 (not recorded)", () => {
    const { lines } = playMachine(`
      const definition = machine(["ok", "s", 0, [["stateTimeout", 70, "st", { abs: true }]]], keep);
      export const main = async () => { await sleep(30); await run(definition); };
    `);
    expect(timed(lines)[0]).toBe('70 stateTimeout "st" s');
  });

  describe("Rule Y7: a time-out that ends while the machine is busy", () => {
    it("is taken back when the state changes", () => {
      const { lines } = playMachine(`
        const definition = machine(["ok", "s", 0, [["stateTimeout", 50, "st"]]], async (type, content, state, data) => {
          if (content === "slow") { await sleep(100); return ["nextState", "t", data]; }
          return "keepStateAndData";
        });
        export const main = () => run(definition, (pid) => cast(pid, "slow"));
      `);
      expect(timed(lines)).toEqual(['0 cast "slow" s', '1000 terminate "normal" t 0']);
    });

    it("stands behind the messages that came before", () => {
      const { lines } = playMachine(`
        const definition = machine(["ok", "s", 0, [["stateTimeout", 50, "st"]]], async (type, content) => {
          if (content === "slow") await sleep(100);
          return "keepStateAndData";
        });
        export const main = () => run(definition, async (pid) => { cast(pid, "slow"); await sleep(30); cast(pid, "before"); await sleep(40); cast(pid, "later"); });
      `);
      expect(timed(lines).slice(0, 4)).toEqual([
        '0 cast "slow" s',
        '100 cast "before" s',
        '100 stateTimeout "st" s',
        '100 cast "later" s',
      ]);
    });
  });

  it("Rules Y8 and Y9: the entry into a state is told with the state before, and again by repeatState", () => {
    const { lines } = playMachine(`
      const definition = machine(["ok", "a", 0], (type, content, state, data) => {
        if (type === "enter") return state === "a" ? ["keepState", data + 1, [["stateTimeout", 100, "ta"]]] : "keepStateAndData";
        if (content === "repeat") return "repeatStateAndData";
        if (content.again) return ["repeatState", content.again];
        if (type === "cast") return ["nextState", content, data, [["nextEvent", "internal", "ni"]]];
        return "keepStateAndData";
      }, ENTER);
      export const main = () => run(definition, async (pid) => {
        for (const message of ["b", "b", "repeat", "a", { again: 7 }]) cast(pid, message);
        await sleep(150);
        log(show(await sys.getState(pid)));
      });
    `);
    expect(timed(lines).slice(0, 15)).toEqual([
      '0 enter "a" a',
      '0 cast "b" a',
      '0 enter "a" b',
      '0 internal "ni" b',
      '0 cast "b" b',
      '0 internal "ni" b',
      '0 cast "repeat" b',
      '0 enter "b" b',
      '0 cast "a" b',
      '0 enter "b" a',
      '0 internal "ni" a',
      '0 cast {"again":7} a',
      '0 enter "a" a',
      '100 stateTimeout "ta" a',
      '150 ["a",8]',
    ]);
  });

  it("Rule Y9: repeatState tries no postponed event again", () => {
    const { said } = playMachine(`
      const definition = machine(["ok", "a", 0], (type, content, state, data) => {
        if (content === "x" && data < 2) return ["keepState", data + 1, "postpone"];
        return content === "repeat" ? "repeatStateAndData" : "keepStateAndData";
      }, ENTER);
      export const main = () => run(definition, (pid) => { cast(pid, "x"); cast(pid, "repeat"); });
    `);
    expect(said).toEqual([
      'enter "a" a',
      'cast "x" a',
      'cast "repeat" a',
      'enter "a" a',
      'terminate "normal" a 1',
    ]);
  });

  it.each([
    ["stop", '"stop"', "normal", 0],
    ["stop with a reason", '["stop", "bye"]', "bye", 0],
    ["stop with data", '["stop", "bye", 9]', "bye", 9],
  ])("Rule Y10: %s", (_what, result, reason, data) => {
    const { said } = playMachine(`
      export const main = () => run(machine(["ok", "s", 0], () => (${result})), (pid) => cast(pid, "x"));
    `);
    expect(said).toEqual(['cast "x" s', `terminate "${reason}" s ${data}`, `down "${reason}"`]);
  });

  it("Rule Y10: stopAndReply replies, then ends", () => {
    const { said } = playMachine(`
      const definition = machine(["ok", "s", 0], ([, from]) => ["stopAndReply", "bye", ["reply", from, "done"], 9]);
      export const main = () => run(definition, async (pid) => log(await call(pid, "x")));
    `);
    expect(said).toEqual(['call "x" s', 'terminate "bye" s 9', "done", 'down "bye"']);
  });

  it.each([
    ["an error", '{ throw new ErlangError("boom"); }', '"boom"', '["boom",["stack"]]'],
    ["an exit", '{ throw new Exit("boom"); }', '"boom"', '"boom"'],
    ["a thrown result", '{ throw ["stop", "thrown"]; }', '"thrown"', '"thrown"'],
    [
      "a thrown value",
      '{ throw "ball"; }',
      '["bad_return_from_state_function","ball"]',
      '[["bad_return_from_state_function","ball"],["stack"]]',
    ],
  ])("Rule Y11: %s", (_what, body, told, reason) => {
    const { said } = playMachine(`
      export const main = () => run(machine(["ok", "s", 0], () => ${body}), (pid) => cast(pid, "x"));
    `);
    expect(said).toEqual(['cast "x" s', `terminate ${told} s 0`, `down ${reason}`]);
  });

  it("Rule Y11: an exit in terminate replaces the reason", () => {
    const { said } = playMachine(`
      export const main = () => run(machine(["ok", "s", 0], () => "stop", "handleEventFunction", () => { throw new Exit("other"); }), (pid) => cast(pid, "x"));
    `);
    expect(said).toEqual(['cast "x" s', 'terminate "normal" s 0', 'down "other"']);
  });

  it.each([
    ["a return", "", '"what"', '["bad_return_from_state_function","what"]', "s 0"],
    [
      "an action",
      "",
      '["nextState", "t", 5, ["what"]]',
      '["bad_action_from_state_function","what"]',
      "t 5",
    ],
    [
      "postpone on entry",
      '"keepStateAndData", "postpone"',
      '["nextState", "t", 3]',
      '["bad_state_enter_action_from_state_function","postpone"]',
      "t 3",
    ],
    [
      "a change of state on entry",
      '"nextState", "u", 1',
      '["nextState", "t", 3]',
      '["bad_state_enter_return_from_state_function",["nextState","u",1]]',
      "t 3",
    ],
  ])("Rule Y12: %s that has no meaning is named", (_what, onEntry, result, reason, at) => {
    const { said } = playMachine(`
      const definition = machine(["ok", "s", 0], (type, content, state) => {
        if (type !== "enter") return ${result};
        return state === "s" ? "keepStateAndData" : [${onEntry}];
      }, ENTER);
      export const main = () => run(definition, (pid) => cast(pid, "x"));
    `);
    expect(said.slice(-2)).toEqual([`terminate ${reason} ${at}`, `down [${reason},["stack"]]`]);
  });

  it("Rule Y12: a machine can stop on entry", () => {
    const { said } = playMachine(`
      const definition = machine(["ok", "s", 0], (type, content, state) => {
        if (type !== "enter") return ["nextState", "t", 3];
        return state === "s" ? "keepStateAndData" : ["stop", "nope"];
      }, ENTER);
      export const main = () => run(definition, (pid) => cast(pid, "x"));
    `);
    expect(said.slice(-2)).toEqual(['terminate "nope" t 3', 'down "nope"']);
  });

  it("Rule Y12: a crash on entry finds the state before", () => {
    const { said } = playMachine(`
      const definition = machine(["ok", "s", 0], (type, content, state) => {
        if (type !== "enter") return ["nextState", "t", 3];
        if (state === "t") throw new ErlangError("oops");
        return "keepStateAndData";
      }, ENTER);
      export const main = () => run(definition, (pid) => cast(pid, "x"));
    `);
    expect(said.slice(-2)).toEqual(['terminate "oops" s 0', 'down ["oops",["stack"]]']);
  });

  it("Rule Y13: what a start gives for each end of init", () => {
    const { said } = playMachine(`
      const fails = (thrown) => () => { throw thrown; };
      export async function main() {
        for (const first of [["stop", "no"], "ignore", ["error", "why"], fails(new ErlangError("boom")), fails(new Exit("bye")), fails("ball"), "what"])
          log(show(await start(machine(first, keep))));
      }
    `);
    expect(said).toEqual([
      '["error","no"]',
      '"ignore"',
      '["error","why"]',
      '["error","boom"]',
      '["error","bye"]',
      '["error",["bad_return_from_init","ball"]]',
      '["error",["bad_return_from_init","what"]]',
    ]);
  });

  it("Rules Y14 and Y15: a postponed call waits; sys sees state and data", () => {
    const { lines } = playMachine(`
      const definition = machine(["ok", "busy", 0], (type, content, state, data) => {
        if (content === "free") return ["nextState", "idle", data];
        if (state === "busy") return ["keepStateAndData", "postpone"];
        return ["keepState", data + 1, [["reply", type[1], "ok"]]];
      });
      export const main = () => run(definition, async (pid) => {
        sendAfter(100, "free", pid);
        log(await call(pid, "job"));
        log(show(await sys.getState(pid)));
        log(show(await sys.replaceState(pid, ([, data]) => ["busy", data * 10])));
      });
    `);
    expect(timed(lines)).toEqual([
      '0 call "job" busy',
      '100 info "free" busy',
      '100 call "job" idle',
      "100 ok",
      '100 ["idle",1]',
      '100 ["busy",10]',
      '1100 terminate "normal" busy 10',
    ]);
  });

  it("Rule Y15: the exit of the parent ends a machine that traps exits", () => {
    const { said } = playMachine(`
      const definition = machine(() => { trapExit(true); return ["ok", "s", 0]; }, keep);
      async function parent() { await startLink(definition); await sleep(10); exit("p_gone"); }
      export async function main() { spawn(parent, []); await sleep(20); }
    `);
    expect(said).toEqual(['terminate "p_gone" s 0']);
  });

  it("Rule Y16: while an async callback waits the machine handles nothing else", () => {
    const { lines } = playMachine(`
      const definition = machine(["ok", "s", 0], async (type, content, state, data) => {
        if (type[0] === "call") return ["keepStateAndData", [["reply", type[1], data]]];
        await sleep(50);
        return ["keepState", data + 1, content === "twice" ? [["nextEvent", "internal", "again"]] : []];
      });
      export const main = () => run(definition, async (pid) => { cast(pid, "twice"); log(String(await call(pid, "get"))); });
    `);
    expect(timed(lines).slice(0, 4)).toEqual([
      '0 cast "twice" s',
      '50 internal "again" s',
      '100 call "get" s',
      "100 2",
    ]);
  });
});
