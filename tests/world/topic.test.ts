import { describe, expect, it } from "vitest";
import { KIND, type Scenario, SIGNAL, type Trace } from "../../workers/kernel/index.ts";
import { play, scenarioOf, type Told } from "../engine/room.ts";

const PREAMBLE = `
  import { topic } from "world";
  const news = topic("news");
  async function reader(forMs = 10_000) {
    await news.subscribe();
    for (;;) {
      const message = await receive([when(() => true, (m) => m)], { after: forMs, otherwise: () => "quiet" });
      if (message === "quiet") return;
      log(message.text);
    }
  }
`;

/** Three nodes, each a millisecond from the others; every node runs what its name exports. */
function threeNodes(changes: Partial<Scenario> = {}): Scenario {
  const names = ["n1", "n2", "n3"];
  return scenarioOf({
    nodes: names.map((name) => ({ name, cores: 1 })),
    wires: [
      ["n1", "n2"],
      ["n1", "n3"],
      ["n2", "n3"],
    ].map(([a, b]) => ({
      between: [a as string, b as string] as const,
      latency: { kind: "det", us: 1000 } as const,
      loss: 0,
    })),
    starts: names.map((node) => ({ atUs: 0, node, file: "main.ts", run: node, args: [] })),
    ...changes,
  });
}

const here = (text: string): Told => play(PREAMBLE + text);
const spread = (text: string, changes: Partial<Scenario> = {}): Told =>
  play(PREAMBLE + text, threeNodes(changes));

/** Messages that carry a text of the topic. */
function sendsOf(trace: Trace, text: string): number {
  let count = 0;
  for (let row = 0; row < trace.rowCount; row++) {
    const payload = trace.payloadOf(row) as { readonly text?: string } | undefined;
    const isSend = trace.kindOf(row) === KIND.send && trace.signalOf(row) === SIGNAL.info;
    if (isSend && payload?.text === text) count++;
  }
  return count;
}

describe("Rule ST1: what is published is sent to each subscriber, on whatever node", () => {
  it("reaches subscribers of all nodes, one message each, as it is", () => {
    const { lines, trace } = spread(`
      export async function n1() { await sleep(100); log("first " + news.publish({ text: "hello" })); }
      export const n2 = () => reader();
      export async function n3() { spawn(reader, []); await reader(); }
    `);
    // By the wire's millisecond; the publisher itself has not subscribed.
    expect(lines).toEqual([
      "100 n1: first ok",
      "101 n2: hello",
      "101 n3: hello",
      "101 reader: hello",
    ]);
    expect(sendsOf(trace, "hello")).toBe(3);
  });

  it("tells apart topics, and publisher from subscribers", () => {
    const { said } = here(`
      export async function main() {
        const other = topic("other");
        spawn(reader, []);
        await news.subscribe();
        await sleep(10);
        other.publish({ text: "not for them" });
        news.publish({ text: "all" });
        news.publishFrom({ text: "the others" });
        log("own " + (await receive()).text);
        log("own " + ((await receive([when(() => true, (m) => m)], { after: 10 })) ?? "nothing"));
      }
    `);
    expect(said).toEqual(["own all", "all", "the others", "own nothing"]);
  });

  it("comes as often as one has subscribed, and no more after unsubscribing", () => {
    const { said } = here(`
      export async function main() {
        await news.subscribe();
        await news.subscribe();
        news.publish({ text: "twice" });
        log((await receive()).text + " " + (await receive()).text);
        log(await news.unsubscribe());
        log(await news.unsubscribe());
        news.publish({ text: "gone" });
        log((await receive([when(() => true, (m) => m.text)], { after: 100 })) ?? "nothing");
      }
    `);
    expect(said).toEqual(["twice twice", "ok", "ok", "nothing"]);
  });

  it("refuses a topic without a name", () => {
    const { exits } = here(`export function main() { topic(""); }`);
    expect(exits).toContainEqual(["main", ["badarg", ["stack"]]]);
  });
});

describe("Rule ST2: at most once, and only to those who are there", () => {
  it("has nothing for a late joiner, and nobody in the place of a dead one", () => {
    const { said, trace } = here(`
      export async function main() {
        const dead = spawn(reader, []);
        await sleep(10);
        exit(dead, "kill");
        await sleep(10);
        news.publish({ text: "early" });
        spawn(reader, []);
        await sleep(10);
        news.publish({ text: "late" });
      }
    `);
    expect(said).toEqual(["late"]);
    expect(sendsOf(trace, "early")).toBe(0);
  });

  it("does not cross a partition, then or later; and what is lost on the wire is lost", () => {
    const { lines } = spread(
      `
      export async function n1() {
        for (const text of ["before", "during", "after"]) { await sleep(1000); news.publish({ text }); }
      }
      export const n2 = () => reader();
      export const n3 = () => reader();
    `,
      {
        faults: [
          {
            kind: "partition",
            groups: [["n1", "n2"], ["n3"]],
            atUs: 1_500_000,
            untilUs: 2_500_000,
          },
        ],
      },
    );
    expect(lines).toEqual([
      "1001 n2: before",
      "1001 n3: before",
      "2001 n2: during",
      "3001 n2: after",
      "3001 n3: after",
    ]);
  });

  it("finds the subscribers of a node that has come back and connected again", () => {
    const { lines } = spread(
      `
      import { connect } from "otp";
      export async function n1() {
        for (const text of ["a", "b", "c", "d"]) { await sleep(1000); news.publish({ text }); }
      }
      export async function n2() { if (monotonic() > 3000) await connect("n1"); await reader(); }
      export function n3() {}
    `,
      {
        faults: [
          { kind: "crash", node: "n2", atUs: 1_500_000 },
          { kind: "restart", node: "n2", atUs: 3_500_000 },
        ],
      },
    );
    expect(lines).toEqual(["1001 n2: a", "4001 n2: d"]);
  });
});
