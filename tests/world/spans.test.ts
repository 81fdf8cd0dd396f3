import { describe, expect, it } from "vitest";
import { KIND, type Trace } from "../../workers/kernel/index.ts";
import { play, twoNodes } from "../engine/room.ts";

const IMPORT = `import { context, logger, span, withContext } from "world";
  const show = (value) => log(JSON.stringify(value));
`;

interface Start {
  readonly name: string;
  readonly trace: number;
  readonly parent: number;
}

/** The spans of a run: "name < parent's name", from and to (ms), and how each ended. */
function spans(trace: Trace): (readonly [string, number, number | undefined, unknown])[] {
  const starts = new Map<number, Start & { readonly atMs: number }>();
  const ends = new Map<number, readonly [number, unknown]>();
  for (let row = 0; row < trace.rowCount; row++) {
    const [id, atMs] = [trace.messageOf(row), trace.atOf(row) / 1000];
    if (trace.kindOf(row) === KIND.spanStart)
      starts.set(id, { ...(trace.payloadOf(row) as Start), atMs });
    if (trace.kindOf(row) === KIND.spanEnd) ends.set(id, [atMs, trace.payloadOf(row)]);
  }
  const nameOf = (id: number) => starts.get(id)?.name ?? String(id);
  return [...starts].map(([id, { name, parent, trace: whole, atMs }]) => {
    const root = nameOf(whole);
    const text = parent === 0 ? name : `${name} < ${nameOf(parent)} (${root})`;
    return [text, atMs, ends.get(id)?.[0], ends.get(id)?.[1]];
  });
}

describe("span", () => {
  it("Rule SP1: spans nest within a process, last as long as what they run, and give what it gives", () => {
    const { said, trace } = play(`${IMPORT}
      export async function main() {
        const total = await span("checkout", async () => {
          const price = span("price", () => 7);
          await span("pay", async () => { await sleep(30); await span("card", () => sleep(5)); });
          await sleep(10);
          return price + 1;
        });
        span("after", () => {});
        show([total, context() ?? null]);
      }
    `);
    expect(said).toEqual(["[8,null]"]);
    expect(spans(trace)).toEqual([
      ["checkout", 0, 45, "ok"],
      ["price < checkout (checkout)", 0, 0, "ok"],
      ["pay < checkout (checkout)", 0, 35, "ok"],
      ["card < pay (checkout)", 30, 35, "ok"],
      ["after", 45, 45, "ok"],
    ]);
  });

  it("Rule SP2: an error is the span's outcome and goes on; the span around it goes on too", () => {
    const { said, trace, exits } = play(`${IMPORT}
      export async function main() {
        await span("order", async () => {
          try { span("stock", () => { throw new Error("none left"); }); } catch (thrown) { log(thrown.message); }
          try { await span("pay", async () => { await sleep(1); exit("refused"); }); } catch (thrown) { show(thrown.reason); }
          span("still inside", () => {});
        });
        await span("last", async () => { await sleep(2); throw "over"; });
      }
    `);
    expect(said).toEqual(["none left", '"refused"']);
    expect(spans(trace)).toEqual([
      ["order", 0, 1, "ok"],
      ["stock < order (order)", 0, 0, ["error", { error: "Error", message: "none left" }]],
      ["pay < order (order)", 0, 1, ["error", "refused"]],
      ["still inside < order (order)", 1, 1, "ok"],
      ["last", 1, 3, ["error", [["nocatch", "over"], ["stack"]]]],
    ]);
    expect(exits).toContainEqual(["main", [["nocatch", "over"], ["stack"]]]);
  });

  it("Rule SP3: nothing carries a span to another process but a context in a message, to other nodes too", () => {
    const { trace } = play(
      `${IMPORT}
      const till = genServer({
        init: () => ["ok", 0],
        handleCall: ([ctx, ms], from, state) => withContext(ctx, () => span("sell", async () => {
          await sleep(ms);
          return ["reply", "sold", state];
        })),
        handleCast: (message, state) => { span("unpropagated", () => {}); return ["noreply", state]; },
      });
      export async function main() {
        await span("order", async () => {
          await call({ name: "till", node: "n2" }, [context(), 4]);
          cast({ name: "till", node: "n2" }, "hello");
          await sleep(10);
          withContext(undefined, () => span("apart", () => {}));
          span("beside", () => {});
        });
      }
      export async function other() { await startLink(till, [], { name: "till" }); await receive(); }
    `,
      twoNodes(),
    );
    expect(spans(trace)).toEqual([
      ["order", 0, 16, "ok"],
      ["sell < order (order)", 1, 5, "ok"],
      ["unpropagated", 7, 7, "ok"],
      ["apart", 16, 16, "ok"],
      ["beside < order (order)", 16, 16, "ok"],
    ]);
  });

  it("Rule SP4: a span whose process ends has no end of its own", () => {
    const { trace } = play(`${IMPORT}
      export async function main() {
        const pid = spawn(() => span("hopeless", () => sleep(1000)), []);
        await sleep(5);
        exit(pid, "kill");
        await sleep(2000);
      }
    `);
    expect(spans(trace)).toEqual([["hopeless", 0, undefined, undefined]]);
  });

  it("Rule SP5: sampling decides at the first span, for all below it, on all nodes", () => {
    const { trace, said } = play(
      `${IMPORT}
      export async function main() {
        for (let i = 0; i < 7; i++) {
          await span("order", async () => {
            send({ name: "till", node: "n2" }, context());
            span("price", () => {});
            await sleep(5);
          }, { sampleEvery: 3, attributes: { order: i } });
        }
      }
      export async function other() {
        register("till");
        for (;;) { const ctx = await receive(); withContext(ctx, () => span("sell", () => {})); }
      }
    `,
      twoNodes(),
    );
    expect(said).toEqual([]);
    const told = spans(trace).map(([text, from]) => `${from} ${text}`);
    expect(told).toEqual(
      [0, 15, 30].flatMap((at) => [
        `${at} order`,
        `${at} price < order (order)`,
        `${at + 1} sell < order (order)`,
      ]),
    );
    const orders: unknown[] = [];
    for (let row = 0; row < trace.rowCount; row++) {
      const payload = trace.payloadOf(row) as { attributes?: { order: number } };
      if (trace.kindOf(row) === KIND.spanStart && payload.attributes)
        orders.push(payload.attributes.order);
    }
    expect(orders).toEqual([0, 3, 6]);
  });

  it("Rule SP1: a span that ends before one begun in it gives the process back to the right one", () => {
    const { trace, said } = play(`${IMPORT}
      export async function main() {
        await Promise.all([span("a", () => sleep(10)), span("b", () => sleep(20))]);
        show(context() ?? null);
      }
    `);
    expect(spans(trace)).toEqual([
      ["a", 0, 10, "ok"],
      ["b < a (a)", 0, 20, "ok"],
    ]);
    expect(said).toEqual(["null"]);
  });

  it("Rule SP6: a line logged within a span bears its ids", () => {
    const { said, trace } = play(`${IMPORT}
      export async function main() {
        span("order", () => { log("error", "no stock"); });
        log("error", "elsewhere");
        await sleep(10);
      }
    `);
    let id = 0;
    const logged: number[] = [];
    for (let row = 0; row < trace.rowCount; row++) {
      if (trace.kindOf(row) === KIND.spanStart) id = trace.messageOf(row);
      if (trace.kindOf(row) === KIND.log) logged.push(trace.messageOf(row));
    }
    expect(id).toBeGreaterThan(0);
    expect(said).toEqual([`error: no stock {trace: ${id}, span: ${id}}`, "error: elsewhere"]);
    expect(logged).toEqual([id, 0]);
  });
});
