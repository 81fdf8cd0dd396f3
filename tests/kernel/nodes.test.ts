import { describe, expect, it } from "vitest";
import { KIND, type Scenario, type Trace } from "../../workers/kernel/index.ts";
import { play, scenarioOf } from "../engine/room.ts";

const API = `import { connect, disconnect, erpc, isProcessAlive, monitorNode, monitorNodes, nodes, ping, rpc } from "otp";\n`;

/** Nodes n1…, all wired with 1 ms, where \`main\` runs on n1 and \`other\` on the rest. */
function cluster(count: number, changes: Partial<Scenario> = {}): Scenario {
  const names = Array.from({ length: count }, (_, i) => `n${i + 1}`);
  return scenarioOf({
    nodes: names.map((name) => ({ name, cores: 1 })),
    wires: names.flatMap((a, i) =>
      names.slice(i + 1).map((b) => ({
        between: [a, b] as const,
        latency: { kind: "det", us: 1000 } as const,
        loss: 0,
      })),
    ),
    starts: names.map((node, i) => ({
      atUs: 0,
      node,
      file: "main.ts",
      run: i === 0 ? "main" : "other",
      args: [],
    })),
    ...changes,
  });
}

const run = (text: string, scenario: Scenario, seed = 1) => play(API + text, scenario, { seed });

/** Virtual times of the rows of a kind, µs. */
function timesOf(trace: Trace, kind: number): number[] {
  return Array.from({ length: trace.rowCount }, (_, row) => row)
    .filter((row) => trace.kindOf(row) === kind)
    .map((row) => trace.atOf(row));
}

describe("nodes", () => {
  const apart = { distribution: { connected: false } } as const;

  it("Rule B1: sending to a node connects with it first, and what was sent meanwhile arrives in order", () => {
    const { lines } = run(
      `
        export async function main() {
          log("at first " + nodes().length);
          for (let i = 1; i <= 3; i++) send({ name: "other", node: "n2" }, i);
          await sleep(10);
          log("then " + nodes());
          log("connect " + await connect("n2") + " " + await connect("nowhere") + " " + await ping("n2"));
        }
        export async function other() {
          register("other");
          for (let i = 1; i <= 3; i++) log("got " + await receive());
        }
      `,
      cluster(2, apart),
    );
    expect(lines).toEqual([
      "0 main: at first 0",
      // The question, the answer, then what waited: three times 1 ms.
      "3 other: got 1",
      "3 other: got 2",
      "3 other: got 3",
      "10 main: then n2",
      "10 main: connect true false pong",
    ]);
  });

  it("Rule B2: two that connect with each other at once have one connection", () => {
    const { trace, said } = run(
      `
        export async function main() { log(String(await connect("n2"))); }
        export async function other() { log(String(await connect("n1"))); }
      `,
      cluster(2, apart),
    );
    expect(said).toEqual(["true", "true"]);
    expect(timesOf(trace, KIND.connect)).toHaveLength(2);
    expect(timesOf(trace, KIND.disconnect)).toHaveLength(0);
  });

  const MEET = `
    export async function main() { await connect("n2"); await sleep(50); log(nodes().join()); }
    export async function other() { if (node() === "n2") await connect("n3"); await sleep(60); log(node() + ": " + nodes().join()); }
  `;

  it("Rule B3: whoever connects to a node connects to all that it knows, unless connectAll is off or it is hidden", () => {
    const met = run(MEET, cluster(3, apart)).said;
    expect([...met].sort()).toEqual(["n2,n3", "n2: n1,n3", "n3: n1,n2"]);
    const alone = { distribution: { connected: false, connectAll: false } };
    const metAlone = run(MEET, cluster(3, alone)).said;
    expect([...metAlone].sort()).toEqual(["n2", "n2: n1,n3", "n3: n2"]);
    const hidden = cluster(3, {
      ...apart,
      nodes: [
        { name: "n1", cores: 1, hidden: true },
        { name: "n2", cores: 1 },
        { name: "n3", cores: 1 },
      ],
    });
    const LOOK = `
      export async function main() { await connect("n2"); await sleep(50); log(nodes().join() + "/" + nodes("hidden").join()); }
      export async function other() { if (node() === "n2") await connect("n3"); await sleep(60); log(node() + ": " + nodes().join() + "/" + nodes("connected").join()); }
    `;
    expect([...run(LOOK, hidden).said].sort()).toEqual(["/n2", "n2: n3/n1,n3", "n3: n2/n2"]);
  });

  it("Rule B4: monitorNode gives one nodedown a call, also when no connection can be made; monitorNodes tells of all", () => {
    const { lines } = run(
      `
        export async function main() {
          monitorNodes(true);
          monitorNode("n2", true); monitorNode("n2", true); monitorNode("n2", true); monitorNode("n2", false);
          for (;;) { const { tag, node } = await receive(); log(tag + " " + node); if (tag === "nodeup") break; }
          monitorNode("nowhere", true);
          log("and " + (await receive()).tag);
        }
        export async function other() { await sleep(20); disconnect("n1"); await sleep(20); await connect("n1"); }
      `,
      cluster(2),
    );
    expect(lines).toEqual([
      "21 main: nodedown n2",
      "21 main: nodedown n2",
      "21 main: nodedown n2",
      "41 main: nodeup n2",
      "41 main: and nodedown",
    ]);
  });

  it("Rule B5: both ends of a cut wire learn of it at once; what is sent meanwhile is lost, and nothing comes back with the connection", () => {
    const { lines } = run(
      `
        export async function main() {
          trapExit(true);
          const pid = spawnLink(far, [], { node: "n2" });
          const ref = monitor(pid);
          await sleep(10);
          for (let i = 0; i < 2; i++) { const m = await receive(); log(m.tag + " " + m.reason); }
          log("ping " + await ping("n2"));
          send(pid, "lost");
          await sleep(100);
          log("ping " + await ping("n2"));
          send(pid, "heard");
          log("links " + processInfo(self()).links.length + " monitors " + processInfo(self()).monitors.length);
        }
        export async function far() {
          trapExit(true);
          for (;;) { const m = await receive(); log(m.tag ? m.tag + " " + m.reason : m); }
        }
        export function other() {}
      `,
      cluster(2, {
        faults: [{ kind: "cut", between: ["n1", "n2"], atUs: 20_000, untilUs: 60_000 }],
      }),
    );
    expect(lines).toEqual([
      "20 main: EXIT noconnection",
      "20 main: DOWN noconnection",
      "20 far: EXIT noconnection",
      "22 main: ping pang",
      "124 main: ping pong",
      "124 main: links 0 monitors 0",
      "125 far: heard",
    ]);
  });

  it("Rule B6: a silent node is taken for down after 0.75 to 1.25 tick times, by each side for itself; a shorter silence only loses messages", () => {
    const WATCH = `
      export async function main() { await watch(); }
      export async function other() { register("other"); await watch(); }
      async function watch() {
        monitorNodes(true);
        const peer = node() === "n1" ? { name: "other", node: "n2" } : undefined;
        if (peer) for (const ms of [15, 10, 30]) { sendAfter(ms, "go"); await receive(); send(peer, ms); }
        for (;;) log(JSON.stringify(await receive()));
      }
    `;
    const silent = (untilUs: number): Partial<Scenario> => ({
      distribution: { tickTimeUs: 100_000 },
      faults: [{ kind: "partition", groups: [["n1"], ["n2"]], atUs: 20_000, untilUs }],
    });
    const brief = run(WATCH, cluster(2, silent(40_000)));
    expect(brief.lines).toEqual(["16 other: 15", "56 other: 30"]);
    const seen = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const { lines } = run(WATCH, cluster(2, silent(500_000)), seed);
      const downs = lines.filter((line) => line.includes("nodedown"));
      expect(downs).toHaveLength(2);
      for (const line of downs) {
        const at = Number.parseFloat(line);
        expect(at).toBeGreaterThanOrEqual(95);
        expect(at).toBeLessThanOrEqual(145);
        seen.add(at);
      }
    }
    expect(seen.size).toBeGreaterThan(20);
  });

  it("Rule B6: with one way silent the deaf side closes the connection, and the other hears of that", () => {
    const { lines } = run(
      `
        export async function main() { monitorNodes(true); log((await receive()).tag); }
        export async function other() { monitorNodes(true); log((await receive()).tag); }
      `,
      cluster(2, {
        distribution: { tickTimeUs: 100_000 },
        faults: [{ kind: "oneWay", from: "n1", to: "n2", atUs: 20_000 }],
      }),
    );
    const [deaf, told] = lines.map((line) => Number.parseFloat(line));
    expect(lines.map((line) => line.split(" ")[1])).toEqual(["other:", "main:"]);
    expect((told as number) - (deaf as number)).toBe(1);
  });

  const VIEW = `
    export async function main() { await sleep(100); log(nodes().join()); }
    export async function other() { await sleep(100); log(nodes().join()); }
  `;

  it("Rule B7: a node that loses another makes the rest let it go too, unless that is switched off", () => {
    const faults = [{ kind: "cut", between: ["n1", "n2"], atUs: 20_000 }] as const;
    expect(run(VIEW, cluster(3, { faults })).said).toEqual(["", "", ""]);
    const distribution = { preventOverlappingPartitions: false };
    expect(run(VIEW, cluster(3, { faults, distribution })).said).toEqual(["n3", "n3", "n1,n2"]);
  });

  it("Rule B8: a function that a file exports can be begun on another node, where it is looked up by name", () => {
    const { said } = run(
      `
        export async function main() {
          const pid = spawn(echo, [self(), echo], { node: "n2" });
          send(pid, "hello");
          log(JSON.stringify(await receive()));
          const [gone, ref] = spawnMonitor(echo, [self(), 1], { node: "n9" });
          const down = await receive();
          log(down.reason + " " + (down.ref === ref) + " " + (down.object === gone));
          try { spawn(() => {}, [], { node: "n2" }); } catch (error) { log(error.message); }
        }
        export async function echo(boss, same) { send(boss, [node(), await receive(), same === echo]); }
        export function other() {}
      `,
      cluster(2),
    );
    expect(said).toEqual([
      '["n2","hello",true]',
      "noconnection true true",
      "a function that runs on another node must be exported by its file: that node looks it up by name",
    ]);
  });

  it("Rule B8: erpc and rpc call a function on a node, and say how it went wrong", () => {
    const { said } = run(
      `
        const attempt = async (f) => { try { log(JSON.stringify(await f())); } catch (e) { log(e.name + " " + JSON.stringify(e.reason ?? e)); } };
        export async function main() {
          for (const at of ["n1", "n2"]) {
            await attempt(() => erpc.call(at, where, [1]));
            await attempt(() => erpc.call(at, exits));
            await attempt(() => erpc.call(at, throws));
          }
          await attempt(() => rpc.call("n2", throws));
          await attempt(() => rpc.call("n2", exits));
          await attempt(() => erpc.call("n2", slow, [], 50));
          await attempt(() => erpc.call("n9", where));
          await attempt(() => rpc.call("n9", where));
        }
        export async function where(n) { await sleep(1); return [node(), n]; }
        export async function exits() { exit("enough"); }
        export async function throws() { throw "this"; }
        export async function slow() { await sleep(100); }
        export function other() {}
      `,
      cluster(2),
    );
    expect(said).toEqual([
      '["n1",1]',
      'Exit "enough"',
      'undefined "this"',
      '["n2",1]',
      'Exit "enough"',
      'undefined "this"',
      '"this"',
      '["badrpc",["EXIT","enough"]]',
      'ErlangError ["erpc","timeout"]',
      'ErlangError ["erpc","noconnection"]',
      '["badrpc","nodedown"]',
    ]);
  });

  it("Rule B9: a killed node begins anew with the scenario's processes, not connected, and its old pids are noproc", () => {
    const { lines, trace } = run(
      `
        export async function main() {
          await sleep(5);
          send({ name: "other", node: "n2" }, self());
          const old = await receive();
          monitor(old);
          log((await receive()).reason);
          await sleep(100);
          log("nodes " + nodes().length);
          monitor(old);
          log((await receive()).reason);
          send({ name: "other", node: "n2" }, self());
          log("another " + (await receive() !== old));
        }
        export async function other() { register("other"); for (;;) send(await receive(), self()); }
      `,
      cluster(2, {
        faults: [
          { kind: "crash", node: "n2", atUs: 20_000 },
          { kind: "restart", node: "n2", atUs: 50_000 },
        ],
      }),
    );
    expect(lines).toEqual([
      "21 main: noconnection",
      "121 main: nodes 0",
      "125 main: noproc",
      "127 main: another true",
    ]);
    const lives = Array.from({ length: trace.rowCount }, (_, row) => row)
      .filter((row) => trace.kindOf(row) === KIND.nodeUp && trace.payloadOf(row) === "n2")
      .map((row) => trace.messageOf(row));
    expect(lives).toEqual([0, 1]);
  });

  it("Rule B9: a node that begins anew before the others have noticed can be connected with at once", () => {
    const { lines } = run(
      `
        export async function main() {
          monitorNodes(true);
          for (let i = 0; i < 2; i++) { const m = await receive(); log(m.tag); if (i === 0) log(String(await connect("n2"))); }
          await sleep(5);
          log(nodes().join());
        }
        export async function other() { await sleep(15); log("here " + nodes().join()); }
      `,
      cluster(2, {
        faults: [
          { kind: "crash", node: "n2", atUs: 10_000 },
          { kind: "restart", node: "n2", atUs: 10_200 },
        ],
      }),
    );
    expect(lines).toEqual([
      "10.2 main: nodedown",
      "12.2 main: true",
      "12.2 main: nodeup",
      "17.2 main: n2",
      "25.2 other: here n1",
    ]);
  });

  it("Rule M2: on another node no two messages are one object, however large", () => {
    const text = `
      export async function main() {
        await sleep(1);
        const big = { text: "x".repeat(5000), parts: [{ text: "y".repeat(5000) }] };
        send(self(), big);
        const got = await receive();
        for (let i = 0; i < 2; i++) send({ name: "other", node: "n2" }, got);
      }
      export async function other() {
        register("other");
        const a = await receive(), b = await receive();
        log(String(a === b) + (a.parts[0] === b.parts[0]) + (a.text === b.text) + Object.isFrozen(a.parts[0]));
      }
    `;
    expect(run(text, cluster(2)).said).toEqual(["falsefalsetruetrue"]);
  });

  it("Rule B10: a paused node does nothing; what comes for it and what is due waits until it goes on", () => {
    const { lines } = run(
      `
        export async function main() {
          for (let i = 1; i <= 3; i++) { await sleep(10); send({ name: "other", node: "n2" }, i); }
        }
        export async function other() {
          register("other");
          spawn(tick, []);
          spawn(job, []);
          for (;;) log("got " + await receive());
        }
        async function tick() { await sleep(15); log("tick"); }
        async function job() { await sleep(8); await work(10); log("worked"); }
      `,
      cluster(2, { faults: [{ kind: "pause", node: "n2", atUs: 12_000, untilUs: 50_000 }] }),
    );
    expect(lines).toEqual([
      "11 other: got 1",
      "50 tick: tick",
      "50 other: got 2",
      "50 other: got 3",
      // 4 ms were done before, 6 were left.
      "56 job: worked",
    ]);
  });
});
