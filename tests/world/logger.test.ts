import { describe, expect, it } from "vitest";
import { KIND, nodeOf, SIGNAL, serialOf, type Trace } from "../../workers/kernel/index.ts";
import { play } from "../engine/room.ts";

const IMPORT = `import { logger } from "world";
  const show = (value) => log(JSON.stringify(value));
  const attempt = (body) => { try { return body(); } catch (thrown) { return thrown.name + ": " + thrown.message; } };
  const storm = async (count, gapMs, text = "line") => {
    for (let i = 0; i < count; i++) { log("error", text); if (gapMs > 0) await sleep(gapMs); }
  };
`;

/** Lines that follow each other with the same text, as \`uniq -c\` counts them. */
function counted(said: readonly string[]): string[] {
  const runs: [string, number][] = [];
  for (const text of said) {
    const last = runs.at(-1);
    if (last?.[0] === text) last[1]++;
    else runs.push([text, 1]);
  }
  return runs.map(([text, count]) => `${count} ${text}`);
}

function castCount(trace: Trace): number {
  let count = 0;
  for (let row = 0; row < trace.rowCount; row++)
    if (trace.kindOf(row) === KIND.send && trace.signalOf(row) === SIGNAL.cast) count++;
  return count;
}

describe("lines", () => {
  it("Rule LO1: a line without a level is written at once by whoever writes it; one with a level later, by the logger", () => {
    const { lines, trace } = play(`${IMPORT}
      export async function main() {
        log("error", "first");
        log("error");
        log("second");
        await sleep(1);
        log("critical", { what: "no disk", free: 0, at: { node: "n1" }, ok: false }, { request: 7 });
        await sleep(1);
      }
    `);
    expect(lines).toEqual([
      "0 main: error",
      "0 main: second",
      "0.05 logger: error: first",
      '1.05 logger: critical: what: no disk, free: 0, at: {"node":"n1"}, ok: false {request: 7}',
    ]);
    const levels: (readonly number[])[] = [];
    for (let row = 0; row < trace.rowCount; row++)
      if (trace.kindOf(row) === KIND.log)
        levels.push([trace.valueIn(row), nodeOf(trace.peerOf(row)), serialOf(trace.peerOf(row))]);
    // How loud a line is, and who said it: main is the node's first process.
    expect(levels.map(([loudness]) => loudness)).toEqual([0, 0, 5, 6]);
    expect(levels[2]?.slice(1)).toEqual([nodeOf(trace.processOf(1)), serialOf(trace.processOf(1))]);
  });

  it("Rule LO2: lines below the primary level are not made; it is notice until it is set", () => {
    const { said, trace } = play(`${IMPORT}
      const LEVELS = ["emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"];
      export async function main() {
        for (const level of LEVELS) log(level, "a");
        await sleep(1);
        logger.setLevel("error");
        for (const level of LEVELS) log(level, "b");
        await sleep(1);
        show([logger.allow("error"), logger.allow("warning"), logger.compareLevels("error", "info"), logger.compareLevels("info", "error"), logger.compareLevels("info", "info")]);
        logger.setLevel("none");
        log("emergency", "c");
        logger.setLevel("all");
        log("debug", "d");
        await sleep(1);
        log(attempt(() => log("loud", "e")));
        log(attempt(() => log("error", 5)));
      }
    `);
    expect(said).toEqual([
      ..."emergency alert critical error warning notice".split(" ").map((level) => `${level}: a`),
      ..."emergency alert critical error".split(" ").map((level) => `${level}: b`),
      '[true,false,"gt","lt","eq"]',
      "debug: d",
      "ErlangError: loud is no level: emergency, alert, critical, error, warning, notice, info, debug",
      "ErlangError: a line without text is an object with fields, not 5",
    ]);
    expect(castCount(trace)).toBe(6 + 4 + 1);
  });

  it("Rule LO3: a process's metadata stands on all its later lines, and on nobody else's", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        logger.setMetadata({ request: 17 });
        log("error", "a");
        log("error", "b", { try: 2 });
        spawn(() => log("error", "c"), []);
        show(logger.metadata());
        await sleep(1);
      }
    `);
    expect(said).toEqual([
      '{"request":17}',
      "error: a {request: 17}",
      "error: b {request: 17, try: 2}",
      "error: c",
    ]);
  });

  it("Rule LO4: writing costs the handler CPU, one line after the other; below its bounds the caller nothing", () => {
    const { lines } = play(`${IMPORT}
      export async function main() {
        logger.configure({ lineMs: 2 });
        for (let i = 0; i < 9; i++) log("error", "line " + i);
        show(monotonic());
        await sleep(0);
        show(monotonic());
        await sleep(100);
      }
    `);
    expect(lines).toEqual([
      "0 main: 0",
      "0 main: 0",
      ...Array.from({ length: 9 }, (_none, i) => `${2 * (i + 1)} logger: error: line ${i}`),
    ]);
  });
});

// What OTP 25 wrote in the same situations (logger_std_h, its process suspended while callers logged).
describe("overload", () => {
  it("Rule LO6: 250 waiting lines: drop mode until fewer than 200 wait, as OTP was seen to do", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        await storm(250, 0);
        await sleep(5);
        show([logger.info().mode, processInfo(whereis("logger")).messageQueueLen]);
        await sleep(4);
        log("error", "late");
        await sleep(100);
        show(logger.info());
      }
    `);
    expect(counted(said)).toEqual([
      "1 notice: Handler logger switched from async to drop mode",
      "50 error: line",
      "1 notice: Handler logger switched from drop to sync mode",
      // 100 lines and a half are written in 5 ms.
      "49 error: line",
      '1 ["sync",150]',
      "151 error: line",
      "1 error: late",
      '1 {"mode":"async","written":251,"dropped":0,"flushed":0,"burstDropped":0}',
    ]);
  });

  it("Rule LO6: in drop mode callers send nothing, and what they would have sent is counted", () => {
    const { said, trace } = play(`${IMPORT}
      export async function main() {
        logger.configure({ lineMs: 1 });
        await storm(300, 0);
        await sleep(1);
        await storm(77, 0, "lost");
        await sleep(98.5);
        await storm(1, 0, "still lost");
        await sleep(1);
        await storm(1, 0, "kept");
        await sleep(500);
        show(logger.info());
      }
    `);
    expect(counted(said)).toEqual([
      "1 notice: Handler logger switched from async to drop mode",
      "100 error: line",
      "1 notice: Handler logger switched from drop to sync mode",
      "200 error: line",
      "1 error: kept",
      '1 {"mode":"async","written":301,"dropped":78,"flushed":0,"burstDropped":0}',
    ]);
    expect(castCount(trace)).toBe(301);
  });

  it("Rule LO7: from flushQlen on all is thrown away at once, the line in hand with it, as OTP was seen to do", () => {
    const { said, trace } = play(`${IMPORT}
      export async function main() {
        logger.configure({ flushQlen: 300 });
        await storm(400, 0, "x");
        await sleep(500);
        await storm(2, 0, "y");
        await sleep(500);
        show(logger.info());
      }
    `);
    expect(said).toEqual([
      "notice: Handler logger flushed 399 log events",
      "error: y",
      "error: y",
      '{"mode":"async","written":2,"dropped":0,"flushed":400,"burstDropped":0}',
    ]);
    let thrownAway = 0;
    for (let row = 0; row < trace.rowCount; row++)
      if (trace.kindOf(row) === KIND.drop) thrownAway++;
    expect(thrownAway).toBe(399);
  });

  it("Rule LO8: 500 lines in 1,000 ms, counted from where OTP counts", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        // The window began with the handler.
        await storm(600, 0.1, "a");
        await sleep(1700);
        // Its time is over when the limit is reached, so it begins anew: 500 + 1 + 500.
        await storm(1200, 0.1, "b");
        await sleep(300);
        // 100 ms without a line end a burst.
        await storm(300, 0.1, "c");
        await sleep(300);
        logger.configure({ burstLimitEnable: false });
        await storm(600, 0.1, "d");
        await sleep(300);
        show(logger.info());
      }
    `);
    expect(counted(said)).toEqual([
      "500 error: a",
      "1001 error: b",
      "300 error: c",
      "600 error: d",
      `1 {"mode":"async","written":2401,"dropped":0,"flushed":0,"burstDropped":${100 + 199}}`,
    ]);
  });

  it("Rule LO5: in sync mode a caller waits until the lines before its own are written", () => {
    const pace = (options: string) =>
      play(`${IMPORT}
      export async function main() {
        logger.configure({ lineMs: 2, ${options} });
        let longest = 0;
        for (let i = 0; i < 100; i++) {
          log("error", "line");
          longest = Math.max(longest, processInfo(whereis("logger")).messageQueueLen);
          await sleep(0.1);
        }
        show([longest, Math.round(monotonic())]);
        await sleep(1000);
        show(logger.info().written);
      }
    `).said.filter((text) => !text.startsWith("error"));
    // Without sync mode the caller is through in 100 × 0.1 ms, and 5 lines have been written.
    expect(pace("syncModeQlen: 200")).toEqual(["[95,10]", "100"]);
    // With it a line comes only when there is room: 100 lines take nearly 200 ms, as they take the handler.
    const [first = "", last] = pace("syncModeQlen: 10");
    const [longest, tookMs] = JSON.parse(first) as [number, number];
    // In the first 2 ms 20 lines come, one of which is in hand, before the handler looks again.
    expect(longest).toBe(19);
    expect(tookMs).toBeGreaterThan(150);
    expect(tookMs).toBeLessThanOrEqual(200);
    expect(last).toBe("100");
  });

  it("Rule LO5: bounds that contradict each other are refused, as OTP refuses them", () => {
    const { said } = play(`${IMPORT}
      export function main() {
        show(logger.configure({ dropModeQlen: 5 }));
        show(logger.configure({ flushQlen: 100 }));
        show(logger.configure({ syncModeQlen: 0, dropModeQlen: 1 }));
        show(logger.configure({ syncModeQlen: 20, dropModeQlen: 20, flushQlen: 20 }));
        show(logger.config().syncModeQlen);
      }
    `);
    expect(said).toEqual([
      '["error",["invalid_olp_levels",{"syncModeQlen":10,"dropModeQlen":5,"flushQlen":1000}]]',
      '["error",["invalid_olp_levels",{"syncModeQlen":10,"dropModeQlen":200,"flushQlen":100}]]',
      '["error",["invalid_olp_levels",{"syncModeQlen":0,"dropModeQlen":1,"flushQlen":1000}]]',
      '"ok"',
      "20",
    ]);
  });
});

describe("a handler of one's own", () => {
  it("Rule LO9: lines are casts to the process that setHandler names, which writes what it will; nobody drops for it", () => {
    const { said } = play(`${IMPORT}
      const mine = genServer({
        init: () => ["ok", { lost: 0 }],
        handleCast: async (event, state) => {
          if (processInfo(self()).messageQueueLen >= 20 && logger.compareLevels(event.level, "error") === "lt") {
            return ["noreply", { lost: state.lost + 1 }];
          }
          if (event.msg === "own") log("error", "from within");
          await logger.write(event);
          return ["noreply", state];
        },
        handleCall: (_request, _from, state) => ["reply", state, state],
      });
      export async function main() {
        logger.setHandler("mine");
        log("error", "for nobody");
        await startLink(mine, [], { name: "mine" });
        for (let i = 0; i < 300; i++) log("warning", "w");
        log("error", "grave");
        await sleep(100);
        log("error", "own");
        await sleep(100);
        show([await call("mine", "lost"), logger.info()]);
        show(whereis("logger") === undefined);
      }
    `);
    expect(counted(said)).toEqual([
      // Of 301 lines the 281st is the last that finds 20 behind it.
      "19 warning: w",
      "1 error: grave",
      "1 error: from within",
      "1 error: own",
      '1 [{"lost":281},{"mode":"async","written":21,"dropped":1,"flushed":0,"burstDropped":0}]',
      "1 true",
    ]);
  });
});
