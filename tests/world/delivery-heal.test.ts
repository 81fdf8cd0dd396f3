/**
 * What the drawn worlds of delivery.test.ts found wrong, each in a world of two nodes: connections
 * with one end, a pause that knows nothing of what was done meanwhile, and sockets left alone.
 */
import { describe, expect, it } from "vitest";
import { type FaultSpec, KIND, type Scenario } from "../../workers/kernel/index.ts";
import { play, type Told, twoNodes } from "../engine/room.ts";

const MS = 1_000;

/** n2 echoes; n1 says a number every 100 ms and logs what it hears. */
const ECHO = `
export async function main() {
  spawn(watch, []);
  for (let i = 0; i < 200; i++) { send({ name: "echo", node: "n2" }, { i, from: self() }); await sleep(100); }
}
async function watch() {
  await sleep(150);
  const ref = monitor({ name: "echo", node: "n2" });
  log((await receive()).reason + " at " + monotonic());
}
export async function other() {
  register("echo");
  for (;;) log("got " + (await receive()).i);
}`;
const world = (faults: readonly FaultSpec[], changes: Partial<Scenario> = {}): Scenario =>
  twoNodes({
    faults,
    horizonUs: 20_000 * MS,
    distribution: { tickTimeUs: 1_000 * MS },
    ...changes,
  });
const got = ({ said }: Told) =>
  said.filter((line) => line.startsWith("got")).map((line) => Number(line.slice(4)));

describe("connections with one end", () => {
  const silence = { kind: "oneWay", from: "n1", to: "n2" } as const;

  it("Rule DE3: who was let go during a silence hears of it when the silence is over", () => {
    // n2 hears nothing from n1 for longer than its tick and cannot say so either: n1 waits longer.
    for (let seed = 1; seed <= 10; seed++) {
      const told = play(
        ECHO,
        world([
          { kind: "partition", groups: [["n1"], ["n2"]], atUs: 1_050 * MS, untilUs: 2_050 * MS },
        ]),
        { seed },
      );
      // Each side waits 0.75 to 1.25 s; when one has let go, both have soon after the silence.
      const rows = Array.from({ length: told.trace.rowCount }, (_none, row) => row);
      const of = (kind: number) => rows.filter((row) => told.trace.kindOf(row) === kind).length;
      expect([0, 2]).toContain(of(KIND.disconnect));
      expect(of(KIND.connect)).toBe(of(KIND.disconnect));
      // A connection that was asked for in the silence is given up after 7 s; from then on all arrives.
      const late = Array.from({ length: 105 }, (_none, i) => i + 95);
      expect(got(told).filter((i) => i >= 95)).toEqual(late);
      if (of(KIND.disconnect) > 0) expect(told.said.join()).toContain("noconnection at");
    }
  });

  it("Rule DE3: an answer that cannot get there makes no connection", () => {
    const { trace } = play(
      `export async function main() {
         register("main");
         await sleep(30_000);
       }
       export async function other() {
         await sleep(100);
         send({ name: "main", node: "n1" }, "hello");
         await sleep(10_000);
         log(JSON.stringify(processInfo(self()).links));
       }`,
      world([{ ...silence, atUs: 50 * MS, untilUs: 5_000 * MS }], {
        distribution: { connected: false },
      }),
    );
    let connects = 0;
    for (let row = 0; row < trace.rowCount; row++)
      if (trace.kindOf(row) === KIND.connect) connects++;
    expect(connects).toBe(0);
  });

  it("Rule DE3: an answer that comes too late ends what it has made", () => {
    // The question takes 8 s, the answer finds nobody who waits: both sides say and mean the same.
    const { trace, said } = play(
      `export async function main() { register("main"); monitorNodes(true); for (;;) { const { tag } = await receive(); log(String(tag)); } }
       export async function other() { await sleep(100); send({ name: "main", node: "n1" }, { tag: "hello" }); await sleep(30_000); }
       import { monitorNodes } from "otp";`,
      world([{ kind: "hold", between: ["n1", "n2"], atUs: 50 * MS, untilUs: 8_000 * MS }], {
        distribution: { connected: false },
      }),
    );
    expect(trace.rowCount).toBeGreaterThan(0);
    expect(said).toEqual(["nodeup", "nodedown"]);
  });

  it("Rule B6: a node that is silent already when it connects is taken for down as well", () => {
    // n2's question is on its way when n2 falls silent.
    const { lines } = play(
      `import { monitorNodes } from "otp";
       export async function main() { monitorNodes(true); for (;;) { const { tag } = await receive(); log(tag); } }
       export async function other() { await sleep(99.5); send({ name: "nobody", node: "n1" }, 1); await sleep(30_000); }`,
      world([{ kind: "oneWay", from: "n2", to: "n1", atUs: 100 * MS }], {
        distribution: { connected: false, tickTimeUs: 1_000 * MS },
      }),
    );
    expect(lines.map((line) => line.split(" ").at(-1))).toEqual(["nodeup", "nodedown"]);
  });
});

describe("pauses", () => {
  const LATE = `
    export async function main() {
      await sleep(10);
      send({ name: "echo", node: "n2" }, self());
      log("main got " + (await receive([when(() => true, (one) => one)], { after: 900 })));
    }
    export async function other() { register("echo"); for (;;) send(await receive(), "answer"); }`;

  it("Rule B10: who goes on sends nothing over a wire that has fallen silent meanwhile", () => {
    const faults: FaultSpec[] = [
      { kind: "pause", node: "n2", atUs: 5 * MS, untilUs: 100 * MS },
      { kind: "oneWay", from: "n2", to: "n1", atUs: 50 * MS, untilUs: 500 * MS },
    ];
    expect(play(LATE, world(faults)).said).toEqual(["main got undefined"]);
    expect(play(LATE, world(faults.slice(0, 1))).said).toEqual(["main got answer"]);
  });

  it("Rule B10: pauses that meet hold the node until the last has ended", () => {
    const pause = (atMs: number, untilMs: number): FaultSpec => {
      return { kind: "pause", node: "n2", atUs: atMs * MS, untilUs: untilMs * MS };
    };
    for (const faults of [
      [pause(5, 50), pause(30, 200)],
      [pause(5, 200), pause(30, 50)],
      [pause(5, 100), pause(5, 200), pause(100, 200)],
    ])
      expect(play(LATE, world(faults)).lines, JSON.stringify(faults)).toEqual([
        "201 main: main got answer",
      ]);
  });

  it("Rule B10: who goes on knows that a node is dead that was to begin while it lived", () => {
    const { lines } = play(
      `export async function main() { await sleep(500); send({ name: "echo", node: "n2" }, 1); const ref = monitor({ name: "echo", node: "n2" }); log((await receive()).reason); }
       export async function other() { register("echo"); await sleep(30_000); }`,
      world([
        { kind: "pause", node: "n1", atUs: 50 * MS, untilUs: 100 * MS },
        { kind: "restart", node: "n2", atUs: 60 * MS },
        { kind: "crash", node: "n2", atUs: 70 * MS },
      ]),
    );
    // Refused after the way there and back, and not given up after 7 s.
    expect(lines).toEqual(["502 main: noconnection"]);
  });

  it("Rules B9 and B10: a pause ends with the life that it was put on, and time goes on", () => {
    const { trace, said } = play(
      `export async function main() {}
       export async function other() { for (;;) { log(String(monotonic())); await sleep(10); } }`,
      world(
        [
          { kind: "pause", node: "n2", atUs: 15 * MS, untilUs: 62 * MS },
          { kind: "crash", node: "n2", atUs: 20 * MS },
          { kind: "restart", node: "n2", atUs: 30 * MS },
          { kind: "pause", node: "n2", atUs: 65 * MS, untilUs: 95 * MS },
        ],
        { horizonUs: 120 * MS },
      ),
    );
    expect(said.map(Number)).toEqual([0, 10, 30, 40, 50, 60, 95, 105, 115]);
    let last = 0;
    for (let row = 0; row < trace.rowCount; row++) {
      expect(trace.atOf(row)).toBeGreaterThanOrEqual(last);
      last = trace.atOf(row);
    }
  });

  it("Rule DE2: a life's first row is that it begins, shuffled or not, whatever is done at that instant", () => {
    for (const schedule of ["fifo", "shuffled"] as const)
      for (let seed = 1; seed <= 5; seed++) {
        const { trace } = play(
          `export async function main() {} export async function other() {}`,
          world(
            [
              { kind: "slow", node: "n2", factor: 2, atUs: 30 * MS },
              { kind: "crash", node: "n2", atUs: 20 * MS },
              { kind: "restart", node: "n2", atUs: 30 * MS },
              { kind: "slow", node: "n1", factor: 2, atUs: 0 },
            ],
            { schedule, starts: twoNodes().starts.map((start) => ({ ...start, name: start.run })) },
          ),
          { seed },
        );
        for (const [node, lives] of [
          [1, 1],
          [2, 2],
        ] as const) {
          const own = Array.from({ length: trace.rowCount }, (_none, row) => row).filter(
            (row) => Math.floor(trace.processOf(row) / 2 ** 22) === node,
          );
          const begins = own.filter((row) => trace.kindOf(row) === KIND.nodeUp);
          expect(begins).toHaveLength(lives);
          expect(own[0]).toBe(begins[0]);
          const down = own.findIndex((row) => trace.kindOf(row) === KIND.nodeDown);
          if (lives === 2) expect(own[down + 1]).toBe(begins[1]);
        }
      }
  });
});

describe("sockets", () => {
  const IMPORT = `import { socket } from "world";`;
  const silence = { kind: "oneWay", from: "n2", to: "n1" } as const;

  it("Rule SO4: a refusal waits a silence out, as data does", () => {
    const refused = (faults: readonly FaultSpec[]) =>
      play(
        `${IMPORT} export async function main() {
           await sleep(10);
           const result = await socket.connect({ node: "n2", port: "shop" });
           log(result.join() + " " + monotonic());
         }
         export async function other() {}`,
        world(faults),
      ).said;
    expect(refused([])).toEqual(["error,econnrefused 12"]);
    expect(refused([{ ...silence, atUs: 5 * MS, untilUs: 300 * MS }])).toEqual([
      "error,econnrefused 301",
    ]);
  });

  it("Rule SO2: an end that was given up is closed when the answer comes", () => {
    const { said } = play(
      `${IMPORT} export async function main() {
         await sleep(10);
         log((await socket.connect({ node: "n2", port: "shop" }, { timeout: 50 })).join());
         await sleep(1000);
       }
       export async function other() { socket.listen("shop"); for (;;) log((await receive()).tag); }`,
      world([{ ...silence, atUs: 5 * MS, untilUs: 300 * MS }]),
    );
    expect(said).toEqual(["socket_open", "error,etimedout", "socket_closed"]);
  });

  it.each([
    ["a cut", [{ kind: "cut", between: ["n1", "n2"], atUs: 100 * MS } as const]],
    ["the other end's leaving", []],
  ])(
    "Rule DE1: what waits for a silence to end has a row when %s ends its channel",
    (_what, faults) => {
      const { trace, said } = play(
        `${IMPORT} export async function main() {
         await sleep(1);
         const [, end] = await socket.connect({ node: "n2", port: "shop" });
         for (let i = 0; i < 5; i++) { await sleep(10); socket.send(end, i); }
         await sleep(400);
       }
       export async function other() {
         socket.listen("shop");
         const { socket: end } = await receive();
         ${faults.length === 0 ? "await sleep(100); socket.close(end);" : ""}
         for (;;) { const { data } = await receive(); log(String(data)); }
       }`,
        world([
          { kind: "oneWay", from: "n1", to: "n2", atUs: 25 * MS, untilUs: 300 * MS },
          ...faults,
        ]),
      );
      const numbers = (kind: number) =>
        Array.from({ length: trace.rowCount }, (_none, row) => row)
          .filter((row) => trace.kindOf(row) === kind && trace.messageOf(row) > 0)
          .map((row) => trace.messageOf(row));
      expect(said.filter((line) => line !== "undefined")).toEqual(["0", "1"]);
      expect(numbers(KIND.send)).toHaveLength(5);
      expect(numbers(KIND.lose)).toEqual(numbers(KIND.send).slice(2));
    },
  );
});
