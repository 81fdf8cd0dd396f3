import { describe, expect, it } from "vitest";
import { type FaultSpec, KIND, type Trace } from "../../workers/kernel/index.ts";
import { play, scenarioOf, type Told } from "../engine/room.ts";

/** A bank in the outside world, and `main` in the shop, half a millisecond away. */
function visit(
  options: string,
  text: string,
  more: { readonly faults?: readonly FaultSpec[]; readonly seed?: number } = {},
): Told {
  return play(
    `import { provider } from "world";
    export const bank = provider(${options});
    const ref = { name: "bank", node: "bank" };
    const short = (answer) => JSON.stringify(answer?.[0] === "ok" ? "ok" : answer);
    /** Asks, and says what it heard and when. */
    async function ask(request, timeout = 5000) {
      try { log(request.key + " " + short(await provider.request(ref, request, { timeout }))); }
      catch (thrown) { log(request.key + " " + thrown.reason[0]); }
    }
    ${text}`,
    scenarioOf({
      nodes: [
        { name: "shop", cores: 1 },
        { name: "bank", cores: 1 },
      ],
      wires: [{ between: ["shop", "bank"], latency: { kind: "det", us: 500 }, loss: 0 }],
      starts: [
        { atUs: 0, node: "bank", file: "main.ts", run: "bank", args: [], name: "bank" },
        { atUs: 0, node: "shop", file: "main.ts", run: "main", args: [] },
      ],
      faults: more.faults ?? [],
    }),
    { seed: more.seed ?? 1 },
  );
}

/** The ledger: when, which effect, of what. */
function effectsOf(trace: Trace): string[] {
  const effects: string[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kindOf(row) !== KIND.effect) continue;
    const { effect, key } = trace.payloadOf(row) as {
      readonly effect: string;
      readonly key: unknown;
    };
    effects.push(`${trace.atOf(row) / 1000} ${effect} ${key}`);
  }
  return effects;
}

const at = (lines: readonly string[]) => lines.map((line) => line.replace(/ \w+:/, ""));

describe("Rule PR1: it does what it is asked at once, and answers when its time has passed", () => {
  it("echoes by default, after its latency", () => {
    const { said, trace, lines } = visit(
      `{ effect: "charge", latency: 30 }`,
      `export async function main() { log(JSON.stringify(await provider.request(ref, { key: "o1", amount: 12 }))); }`,
    );
    expect(said).toEqual(['["ok",{"key":"o1","amount":12}]']);
    expect(effectsOf(trace)).toEqual(["0.5 charge o1"]);
    expect(lines[0]).toMatch(/^31 /);
  });

  it.each([
    ["[10, 30]", 10, 30, 20],
    ["{ mean: 20 }", 0, 200, 20],
  ])("draws its time: %s", (latency, least, most, mean) => {
    const { lines } = visit(
      `{ latency: ${latency} }`,
      `async function one(key) { await ask({ key }); }
      export async function main() { for (let i = 0; i < 400; i++) spawn(one, [i]); }`,
    );
    const times = lines.map((line) => Number(line.split(" ")[0]) - 1);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...times)).toBeLessThanOrEqual(most);
    // Five standard errors: at most 20 / √400 = 1 each.
    expect(Math.abs(times.reduce((sum, ms) => sum + ms, 0) / 400 - mean)).toBeLessThan(5);
  });

  it("asks handle, which may refuse without an effect, and says by the request what the effect is", () => {
    const { lines, trace } = visit(
      `{ latency: 0, effect: ({ op = "charge" }) => op,
         handle: (request) => request.amount > 100 ? ["error", { status: 402 }] : ["ok", "receipt " + request.key] }`,
      `export async function main() {
        for (const request of [{ key: "a", amount: 5 }, { key: "b", amount: 500 }, { key: "a", op: "refund", amount: 5 }])
          log(JSON.stringify(await provider.request(ref, request)));
        for (const key of ["a", "b"]) log(JSON.stringify(await provider.query(ref, key)));
      }`,
    );
    expect(at(lines)).toEqual([
      '1 ["ok","receipt a"]',
      '2 ["error",{"status":402}]',
      '3 ["ok","receipt a"]',
      '4 ["ok","receipt a"]',
      '5 ["error",{"status":404}]',
    ]);
    expect(effectsOf(trace)).toEqual(["0.5 charge a", "2.5 refund a"]);
  });

  it("works on so many at once; the others wait, and up to a thousand of them", () => {
    const { lines, trace } = visit(
      "{ latency: 10, concurrency: 2 }",
      `async function one(key) { await ask({ key }, 60_000); }
      export async function main() { for (let i = 0; i < 1005; i++) spawn(one, [i]); }`,
    );
    const ms = lines.map((line) => Number(line.split(" ")[0]));
    expect(ms.slice(0, 7)).toEqual([1, 1, 1, 11, 11, 21, 21]);
    expect(lines.filter((line) => line.endsWith('["error",{"status":503}]'))).toHaveLength(3);
    expect(effectsOf(trace).slice(0, 4)).toEqual([
      "0.5 request 0",
      "0.5 request 1",
      "10.5 request 2",
      "10.5 request 3",
    ]);
  });
});

describe("Rule PR2: who hears nothing, or hears it late, cannot tell whether it was done", () => {
  it.each([
    ["loseReply: 1", "a timeout", ["0.5 charge a"]],
    ["late: { share: 1, ms: 2000 }", "a timeout", ["0.5 charge a"]],
    ["hang: 1", "a timeout", []],
  ])("%s", (option, heard, effects) => {
    const { said, trace } = visit(
      `{ effect: "charge", ${option} }`,
      `export async function main() { await ask({ key: "a" }, 1000); }`,
    );
    expect([said, effectsOf(trace)]).toEqual([[heard], effects]);
  });

  it("can be asked what was done, when it answers", () => {
    const { said } = visit(
      `{ loseReply: 0.5, effect: "charge" }`,
      `export async function main() {
        const heard = [], found = [];
        for (let i = 0; i < 20; i++) {
          try { await provider.request(ref, { key: i }, { timeout: 100 }); heard.push(i); } catch {}
        }
        for (let i = 0; i < 20; i++) {
          for (let known; known === undefined; )
            try { known = await provider.query(ref, i, { timeout: 100 }); found.push(known[0]); } catch {}
        }
        log(heard.length < 20 && heard.length > 0 ? "some lost" : "none or all");
        log(String(found.every((word) => word === "ok")));
      }`,
    );
    expect(said).toEqual(["some lost", "true"]);
  });
});

describe("Rule PR3: past its limit it answers 429 and says when there is room, by a token bucket", () => {
  it("lets a burst through and then so many a second", () => {
    const { lines, trace } = visit(
      "{ latency: 0, limit: { perSecond: 10, burst: 3 } }",
      `async function one(key) { await ask({ key }); }
      export async function main() {
        for (let i = 0; i < 5; i++) spawn(one, [i]);
        await sleep(100);
        for (let i = 5; i < 7; i++) spawn(one, [i]);
        await sleep(1000);
        for (let i = 7; i < 11; i++) spawn(one, [i]);
      }`,
    );
    expect(at(lines).slice(0, 7)).toEqual([
      '1 0 "ok"',
      '1 1 "ok"',
      '1 2 "ok"',
      '1 3 ["error",{"status":429,"retryAfterMs":100}]',
      '1 4 ["error",{"status":429,"retryAfterMs":100}]',
      '101 5 "ok"',
      '101 6 ["error",{"status":429,"retryAfterMs":100}]',
    ]);
    expect(effectsOf(trace)).toHaveLength(7);
  });

  it("takes its time to refuse, if it is told so, and keeps retryAfterMs", () => {
    const { lines } = visit(
      "{ latency: 0, limit: { perSecond: 4, refusalMs: 20 } }",
      `export async function main() {
        await ask({ key: 1 });
        const [, problem] = await provider.request(ref, { key: 2 });
        log(problem.status + " " + problem.retryAfterMs);
        await sleep(problem.retryAfterMs);
        await ask({ key: 3 });
      }`,
    );
    expect(at(lines)).toEqual(['1 1 "ok"', "22 429 249", '272 3 "ok"']);
  });
});

describe("Rule PR4: with idempotency keys a repeat has no second effect, until the key is forgotten", () => {
  it("gives a repeat the first answer, and refuses another request under the key", () => {
    const { lines, trace } = visit(
      `{ latency: 0, effect: "charge", idempotencyKey: true, forget: 1000, handle: ({ price }) => ["ok", price] }`,
      `const pay = async (request) => log(JSON.stringify(await provider.request(ref, request)));
      export async function main() {
        await pay({ key: "o1", idempotencyKey: "k", price: 12 });
        await pay({ key: "o1", idempotencyKey: "k", price: 12 });
        await pay({ key: "o1", idempotencyKey: "k", price: 13 });
        await pay({ key: "o1", idempotencyKey: "other", price: 12 });
        await pay({ key: "o1", price: 12 });
        await sleep(1000);
        await pay({ key: "o1", idempotencyKey: "k", price: 12 });
      }`,
    );
    expect(at(lines)).toEqual([
      '1 ["ok",12]',
      '2 ["ok",12]',
      '3 ["error",{"status":409}]',
      '4 ["ok",12]',
      '5 ["ok",12]',
      '1006 ["ok",12]',
    ]);
    // Three by other keys or none, and one after the key was forgotten.
    expect(effectsOf(trace)).toEqual([
      "0.5 charge o1",
      "3.5 charge o1",
      "4.5 charge o1",
      "1005.5 charge o1",
    ]);
  });

  it("knows a repeat of what is not answered yet, of what was declined, and of a lost answer", () => {
    const { lines, trace } = visit(
      `{ latency: 50, effect: "charge", idempotencyKey: true, handle: ({ key }) => key === "poor" ? ["error", { status: 402 }] : ["ok", key] }`,
      `async function one(request) { await ask(request, 60); }
      export async function main() {
        spawn(one, [{ key: "o1", idempotencyKey: "k1" }]);
        await sleep(10);
        spawn(one, [{ key: "o1", idempotencyKey: "k1" }]);
        await sleep(100);
        for (let i = 0; i < 2; i++) await ask({ key: "poor", idempotencyKey: "k2" });
      }`,
    );
    expect(at(lines).slice(0, 2)).toEqual(['51 o1 "ok"', '61 o1 "ok"']);
    expect(lines.filter((line) => line.includes('poor ["error",{"status":402}]'))).toHaveLength(2);
    expect(effectsOf(trace)).toEqual(["0.5 charge o1"]);
  });

  it("does not take a failure for the first answer", () => {
    const { said, trace } = visit(
      `{ latency: 0, errors: 0.7, idempotencyKey: true }`,
      `export async function main() {
        let tries = 0;
        for (let answer = ["error"]; answer[0] === "error"; tries++) {
          answer = await provider.request(ref, { key: "a", idempotencyKey: "k" });
          if (answer[0] === "error") log(String(answer[1].status));
        }
        log(tries > 1 ? "after some" : "at once");
      }`,
      { seed: 3 },
    );
    expect(new Set(said)).toEqual(new Set(["500", "after some"]));
    expect(effectsOf(trace)).toHaveLength(1);
  });
});

describe("Rule PR5: what fails was not done", () => {
  it("fails in its share of requests", () => {
    const { said, trace } = visit(
      "{ latency: 0, errors: 0.25 }",
      `export async function main() { for (let i = 0; i < 1000; i++) await ask({ key: i }); }`,
    );
    const failed = said.filter((line) => line.endsWith('["error",{"status":500}]')).length;
    // Five standard deviations of a binomial count.
    expect(Math.abs(failed - 250)).toBeLessThan(5 * Math.sqrt(1000 * 0.25 * 0.75));
    expect(effectsOf(trace)).toHaveLength(1000 - failed);
  });

  it("answers 400 to what is no request, and refuses options that cannot be meant", () => {
    const { said } = visit(
      "{ latency: 0 }",
      `const trying = (options) => { try { provider(options); log("fine"); } catch (thrown) { log(thrown.reason); } };
      export async function main() {
        for (const odd of ["what?", null, {}]) log(JSON.stringify(await call(ref, odd)));
        for (const options of [{ errors: 2 }, { latency: -1 }, { limit: { perSecond: 0 } }, { concurrency: 0 }, { late: { share: 0.1, ms: NaN } },
          { schedule: [{ fromMs: 5, untilMs: 5, mode: "down" }] }]) trying(options);
      }`,
    );
    expect(said).toEqual([
      ...Array(3).fill('["error",{"status":400}]'),
      ...Array(6).fill("badarg"),
    ]);
  });
});

describe("Rule PR6: it is out as its schedule says, or as a fault of the scenario does", () => {
  const EVERY_SECOND = `async function one(key) { await ask({ key }, 900); }
    export async function main() { for (let i = 0; i < 4; i++) { spawn(one, [i]); await sleep(1000); } }`;

  it.each([
    ["down", ['1 1001 1 ["error",{"status":503}]', '2 2001 2 ["error",{"status":503}]']],
    ["hang", ["1 1900 1 timeout", "2 2900 2 timeout"]],
    ["errors", ['1 1021 1 ["error",{"status":500}]', '2 2021 2 ["error",{"status":500}]']],
    ["slow", ['1 1201 1 "ok"', '2 2201 2 "ok"']],
  ])("by its schedule: %s", (mode, during) => {
    const { lines, trace } = visit(
      `{ schedule: [{ fromMs: 900, untilMs: 2900, mode: "${mode}" }] }`,
      EVERY_SECOND,
    );
    expect(at(lines)).toEqual(['21 0 "ok"', ...during.map((line) => line.slice(2)), '3021 3 "ok"']);
    expect(effectsOf(trace)).toHaveLength(mode === "slow" ? 4 : 2);
  });

  it("by its schedule: throttled until its end, slow by a factor", () => {
    const { lines } = visit(
      `{ schedule: [{ fromMs: 900, untilMs: 1500, mode: "throttle" }, { fromMs: 1500, untilMs: 2500, mode: "slow", factor: 3 }] }`,
      EVERY_SECOND,
    );
    expect(at(lines).slice(1)).toEqual([
      '1001 1 ["error",{"status":429,"retryAfterMs":500}]',
      '2061 2 "ok"',
      '3021 3 "ok"',
    ]);
  });

  it.each([
    ["down", '1001 1 ["error",{"status":503}]'],
    ["hang", "1900 1 timeout"],
    ["slow", '1201 1 "ok"'],
  ] as const)("by a fault: %s", (mode, during) => {
    const { lines } = visit("{}", EVERY_SECOND, {
      faults: [
        { kind: "outage", node: "bank", process: "bank", mode, atUs: 900_000, untilUs: 1_900_000 },
        {
          kind: "outage",
          node: "bank",
          process: "other",
          mode: "down",
          atUs: 0,
          untilUs: 9_000_000,
        },
      ],
    });
    expect(at(lines)).toEqual(['21 0 "ok"', during, '2021 2 "ok"', '3021 3 "ok"']);
  });
});

describe("Rule PR7: no option shifts what is drawn for another", () => {
  it("has the same latencies whatever else may happen", () => {
    const times = (options: string) => {
      const { lines } = visit(
        `{ latency: [1, 100], ${options} }`,
        `async function one(key) { await ask({ key }, 5000); }
        export async function main() { for (let i = 0; i < 50; i++) spawn(one, [i]); }`,
      );
      const ok = lines.filter((line) => line.endsWith('"ok"'));
      return new Map(ok.map((line) => [line.split(" ")[2], line]));
    };
    const plain = times("");
    expect(plain.size).toBe(50);
    for (const options of [
      "errors: 0.5",
      "hang: 0.5",
      "loseReply: 0.5",
      "limit: { perSecond: 1, burst: 25 }",
    ]) {
      const some = times(options);
      expect(some.size).toBeLessThan(50);
      expect(some.size).toBeGreaterThan(5);
      for (const [key, line] of some) expect(line).toBe(plain.get(key));
    }
  });
});
