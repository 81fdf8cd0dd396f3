import { describe, expect, it } from "vitest";
import { KIND } from "../../workers/kernel/index.ts";
import { play, twoNodes } from "../engine/room.ts";

describe("messages", () => {
  it("Rule M1: sending to the dead or to nobody goes on, and the message is discarded", () => {
    const { said, trace } = play(`
      export async function main() {
        const gone = spawn(() => {}, []);
        await sleep(1);
        send(gone, "hello");
        send({ name: "nobody", node: "n1" }, "hello");
        try { send("nobody", "hello"); } catch (refused) { log(refused.reason); }
        log("went on");
      }
    `);
    expect(said).toEqual(["badarg", "went on"]);
    const discarded = Array.from({ length: trace.rowCount }, (_, row) => trace.kindOf(row)).filter(
      (kind) => kind === KIND.discard,
    );
    expect(discarded).toHaveLength(2);
  });

  it("Rule M2: whoever gets a Map can change neither the sender's nor what the trace keeps", () => {
    const { said, trace } = play(`
      export async function main() {
        const stock = new Map([["bread", 1]]);
        send(self(), { stock });
        const got = await receive();
        try { got.stock.set("milk", 2); } catch (refused) { log(refused.name); }
        log(stock.size + " " + got.stock.size);
        Map.prototype.set.call(got.stock, "milk", 2);
        send(self(), got);
        log(stock.size + " " + (await receive()).stock.size);
      }
    `);
    expect(said).toEqual(["TypeError", "1 1", "1 2"]);
    const kept = Array.from({ length: trace.rowCount }, (_, row) => row)
      .filter((row) => trace.kindOf(row) === KIND.send)
      .map((row) => (trace.payloadOf(row) as { stock: Map<string, number> }).stock.size);
    expect(kept).toEqual([1, 2]);
  });

  it("Rule M8: a message that is flushed has a row that says so", () => {
    const { trace } = play(`
      export async function main() {
        const ref = monitor(spawn(() => {}, []));
        await sleep(1);
        demonitor(ref, { flush: true });
        log(String(processInfo(self()).messageQueueLen));
      }
    `);
    const rows = Array.from({ length: trace.rowCount }, (_, row) => row);
    const arrived = rows.find((row) => trace.kindOf(row) === KIND.arrive) as number;
    const dropped = rows.filter((row) => trace.kindOf(row) === KIND.drop);
    expect(dropped.map((row) => trace.messageOf(row))).toEqual([trace.messageOf(arrived)]);
  });

  it("Rule M2: a message is a frozen copy of what was sent", () => {
    const { said } = play(`
      export async function main() {
        const basket = { items: ["bread"] };
        const pid = self();
        spawn(async (boss) => {
          const got = await receive();
          log(got.items.join());
          try { got.items.push("milk"); } catch { log("cannot be changed"); }
        }, [pid]);
        const child = spawn(reader, []);
        send(child, basket);
        basket.items.push("butter");
      }
      async function reader() {
        const got = await receive();
        log(got.items.join());
        try { got.items.push("milk"); } catch { log("cannot be changed"); }
      }
    `);
    expect(said).toEqual(["bread", "cannot be changed"]);
  });

  it("Rule M3: a selective receive takes the first that fits and leaves the others in order", () => {
    const { said } = play(`
      export async function main() {
        for (const n of [1, 2, 30, 4, 50]) send(self(), n);
        log(await receive([when((n) => n >= 10, (n) => "big " + n)]));
        log(await receive([when((n) => n >= 10, (n) => "big " + n)]));
        for (let i = 0; i < 3; i++) log(String(await receive()));
      }
    `);
    expect(said).toEqual(["big 30", "big 50", "1", "2", "4"]);
  });

  it("Rule M3: a pattern fits when the message has all its fields", () => {
    const { said } = play(`
      export async function main() {
        send(self(), { tag: "order", id: 1, qty: 2 });
        send(self(), { tag: "stop", why: "closing" });
        log(await receive([when({ tag: "stop" }, (m) => m.why), when({ tag: "pause" }, () => "paused")]));
        log(await receive([when({ tag: "order", id: 1 }, (m) => "order of " + m.qty)]));
      }
    `);
    expect(said).toEqual(["closing", "order of 2"]);
  });

  it("Rule M4: a receive gives up when its time is over, and with 0 looks once", () => {
    const { lines } = play(`
      export async function main() {
        log(String(await receive([when("x", () => "x")], { after: 30, otherwise: () => "gave up" })));
        log(String(await receive([when("x", () => "x")], { after: 0, otherwise: () => "none" })));
        send(self(), "x");
        log(String(await receive([when("x", () => "x")], { after: 0, otherwise: () => "none" })));
      }
    `);
    expect(lines).toEqual(["30 main: gave up", "30 main: none", "30 main: x"]);
  });

  it("Rule M5: what is not plain data or is too large is refused in the sender", () => {
    const { said } = play(`
      class Basket {}
      export function main() {
        for (const [name, value] of Object.entries({
          function: () => 1,
          symbol: Symbol("s"),
          instance: new Basket(),
          deep: deep(300),
          large: "x".repeat(50_000_000),
        })) {
          try { send(self(), value); log(name + " sent"); } catch (error) { log(name + ": " + error.name); }
        }
        send(self(), [1, "a", true, null, undefined, 10n, { a: [new Map([[1, new Set([2])]])] }]);
        log("plain sent");
      }
      function deep(n) { let value = {}; for (let i = 0; i < n; i++) value = { value }; return value; }
    `);
    expect(said).toEqual([
      "function: NotSendable",
      "symbol: NotSendable",
      "instance: NotSendable",
      "deep: NotSendable",
      "large: NotSendable",
      "plain sent",
    ]);
  });

  it("Rule S1: signals from one process to another keep their order", () => {
    const { said } = play(
      `
      export function main() {
        const other = { name: "other", node: "n2" };
        for (let i = 0; i < 20; i++) send(other, i);
      }
      export async function other() {
        register("other");
        const got = [];
        for (let i = 0; i < 20; i++) got.push(await receive());
        log(got.join(" "));
      }
    `,
      twoNodes({
        wires: [
          { between: ["n1", "n2"], latency: { kind: "uniform", fromUs: 1, toUs: 50_000 }, loss: 0 },
        ],
      }),
    );
    expect(said).toEqual([Array.from({ length: 20 }, (_, i) => i).join(" ")]);
  });
});
