import { describe, expect, it } from "vitest";
import { digestOf, type FaultSpec, type Scenario } from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { runApart } from "../engine/placements.ts";
import { compileFiles, play, twoNodes } from "../engine/room.ts";

const MS = 1_000;

/** A server on n2 that says what it gets and answers "re: …"; `main` on n1 is the client. */
const SERVER = `import { socket } from "world"; import { nodes } from "otp";
  const talk = { node: "n2", port: "shop" };
  export async function other() {
    log(String(socket.listen("shop", { protocol: "shop/1" })));
    for (;;) {
      const message = await receive();
      if (message.tag === "socket") {
        log("got " + JSON.stringify(message.data));
        socket.send(message.socket, "re: " + message.data);
      } else log(message.tag + " " + (message.node ?? message.reason));
    }
  }`;
const MAIN = (body: string) =>
  `${SERVER}\nexport async function main() { await sleep(1); ${body} }`;
const world = (faults: readonly FaultSpec[] = []): Scenario =>
  twoNodes({ faults, distribution: { connected: false }, horizonUs: 20_000 * MS });
const OPEN = `const [, end] = await socket.connect(talk, { protocol: "shop/1" });`;

describe("sockets", () => {
  it("Rule SO1: data goes both ways in order, and the nodes are not connected by it", () => {
    const { lines } = play(
      MAIN(`${OPEN} for (const x of [1, 2, 3]) socket.send(end, x);
        for (let i = 0; i < 3; i++) log((await receive()).data);
        log("nodes " + nodes().length);`),
      world(),
    );
    expect(lines).toEqual([
      "0 other: ok",
      "2 other: socket_open n1",
      "4 other: got 1",
      "4 other: got 2",
      "4 other: got 3",
      "5 main: re: 1",
      "5 main: re: 2",
      "5 main: re: 3",
      "5 main: nodes 0",
      "6 other: socket_closed closed",
    ]);
  });

  it("Rule SO1: no loss of the wire takes anything", () => {
    const { said } = play(MAIN(`${OPEN} for (let i = 0; i < 50; i++) socket.send(end, i);`), {
      ...world(),
      wires: world().wires.map((wire) => ({ ...wire, loss: 0.5 })),
    });
    expect(said.filter((line) => line.startsWith("got"))).toEqual(
      Array.from({ length: 50 }, (_, i) => `got ${i}`),
    );
  });

  it.each([
    [`{ node: "n2", port: "none" }, { protocol: "shop/1" }`, "econnrefused"],
    [`talk, { protocol: "shop/2" }`, "eproto"],
    [`{ node: "nowhere", port: "shop" }, {}`, "ehostunreach"],
  ])("Rule SO2: opening %s is refused with %s", (to, why) => {
    const { said } = play(MAIN(`log(JSON.stringify(await socket.connect(${to})));`), world());
    expect(said).toContain(`["error","${why}"]`);
  });

  it("Rule SO2: over a silent wire opening takes until the time is up", () => {
    const { lines } = play(
      MAIN(
        `log(JSON.stringify(await socket.connect(talk, { protocol: "shop/1", timeout: 300 })));`,
      ),
      world([{ kind: "partition", groups: [["n1"], ["n2"]], atUs: 0, untilUs: 900 * MS }]),
    );
    expect(lines).toContain(`301 main: ["error","etimedout"]`);
  });

  it("Rule SO3: the other end is told of a close, of a crash, and after what was sent before", () => {
    const { lines } = play(
      MAIN(`${OPEN} socket.send(end, "last"); socket.close(end); log(JSON.stringify(socket.send(end, "no")));
        spawn(crasher, []);`).concat(
        `async function crasher() { ${OPEN} await sleep(10); exit("oh"); }`,
      ),
      world(),
    );
    expect(lines).toEqual([
      "0 other: ok",
      "2 other: socket_open n1",
      `3 main: ["error","closed"]`,
      `4 other: got "last"`,
      "4 other: socket_closed closed",
      "4 other: socket_open n1",
      "16 other: socket_closed closed",
    ]);
  });

  it("Rule SO4: a cut wire and a killed node reset the channel", () => {
    const cut = play(
      MAIN(`${OPEN} log(JSON.stringify(await receive()));`),
      world([{ kind: "cut", between: ["n1", "n2"], atUs: 50 * MS, untilUs: 60 * MS }]),
    );
    expect(cut.lines.filter((line) => line.includes("reset"))).toEqual([
      expect.stringMatching(/^50 main: .*"reason":"reset"/),
      "50 other: socket_closed reset",
    ]);
    const killed = play(
      MAIN(`${OPEN} log((await receive()).reason);`),
      world([{ kind: "crash", node: "n2", atUs: 50 * MS }]),
    );
    expect(killed.lines).toContain("51 main: reset");
  });

  it("Rule SO4: a silence is waited out, and what was sent in it arrives in order", () => {
    const { lines } = play(
      MAIN(`${OPEN} for (let i = 0; i < 3; i++) { socket.send(end, i); await sleep(100); }`),
      world([{ kind: "partition", groups: [["n1"], ["n2"]], atUs: 50 * MS, untilUs: 900 * MS }]),
    );
    expect(lines.filter((line) => line.includes("got"))).toEqual([
      "4 other: got 0",
      "901 other: got 1",
      "901 other: got 2",
    ]);
  });

  it("Rule SO5: an end can be given away, and a port is free when its process ends", () => {
    const { said } = play(
      `import { socket } from "world";
       export async function main() {
         log(String(socket.listen("p"))); log(JSON.stringify(socket.listen("p")));
         const lender = spawn(lend, []);
         await sleep(10); log(String(socket.listen("q"))); exit(lender, "kill"); await sleep(1);
         log(String(socket.listen("q")));
         spawn(client, []);
         const { socket: end } = await receive();
         const clerk = spawn(serve, []);
         socket.give(end, clerk);
         log(JSON.stringify(socket.send(end, "mine no more")));
         await sleep(100);
       }
       async function lend() { socket.listen("q"); await sleep(1e6); }
       async function serve() { const { data } = await receive(); log("clerk got " + data); }
       async function client() {
         const [, end] = await socket.connect({ node: "n1", port: "p" });
         await sleep(5); socket.send(end, "hello"); log((await receive()).tag);
       }`,
    );
    expect(said).toEqual([
      "ok",
      `["error","eaddrinuse"]`,
      `error,eaddrinuse`,
      "ok",
      `["error","closed"]`,
      "clerk got hello",
      "socket_closed",
    ]);
  });

  it("Rules SO1 and T4: a worker for each node gives the same run", async () => {
    const program = compileFiles({
      "main.ts":
        `import { log, receive, send, sleep, spawn, exit } from "otp";\n` +
        MAIN(`${OPEN} for (let i = 0; i < 30; i++) { socket.send(end, { i }); await sleep(7); }`),
    });
    const scenario = world([
      { kind: "partition", groups: [["n1"], ["n2"]], atUs: 50 * MS, untilUs: 90 * MS },
      { kind: "cut", between: ["n1", "n2"], atUs: 150 * MS, untilUs: 160 * MS },
    ]);
    const apart = await runApart(program, scenario, 3);
    expect(apart.digest).toBe(digestOf(simulate({ program, scenario, seed: 3 })));
  });
});
