import { describe, expect, it } from "vitest";
import { KIND, type Trace } from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { runApart } from "../engine/placements.ts";
import { compileFiles, play, scenarioOf, twoNodes } from "../engine/room.ts";

const IMPORT = `import { alarm, notify } from "world";
  const show = (value) => log(JSON.stringify(value));
  const attempt = (body) => { try { return body(); } catch (thrown) { return thrown.name + ": " + thrown.message; } };
  const brief = ({ event, alarm }) => [event, alarm.id, alarm.severity, alarm.info ?? null, alarm.node, alarm.sinceMs, alarm.raisedCount].join(" ");
  const listen = async () => { for (;;) log(brief(await receive())); };
`;

/** The alarms of a run as its trace tells them. */
function alarms(trace: Trace): string[] {
  const told: string[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kindOf(row) !== KIND.alarm) continue;
    const { id, state, severity, info } = trace.payloadOf(row) as Record<string, unknown>;
    told.push([trace.atOf(row) / 1000, state, JSON.stringify(id), severity, info].join(" "));
  }
  return told;
}

describe("alarm", () => {
  it("Rule AL1: an alarm is a state: what is set twice is set once, and only what changes counts", () => {
    const { said, trace } = play(`${IMPORT}
      export async function main() {
        show([alarm.set("disk", "major", "91 %"), alarm.set("disk", "major", "91 %")]);
        alarm.set({ till: 3 }, "warning");
        alarm.clear("nothing");
        await sleep(10);
        alarm.set("disk", "critical", "97 %");
        show((await alarm.list()).map(({ id, severity, info, sinceMs }) => [id, severity, info, sinceMs]));
        alarm.clear("disk");
        alarm.clear("disk");
        alarm.set({ till: 3 }, "cleared");
        show(await alarm.list());
      }
    `);
    expect(said).toEqual([
      '["ok","ok"]',
      '[["disk","critical","97 %",0],[{"till":3},"warning",null,0]]',
      "[]",
    ]);
    expect(alarms(trace)).toEqual([
      '0 set "disk" major 91 %',
      '0 set {"till":3} warning ',
      '10 changed "disk" critical 97 %',
      '10 cleared "disk" critical 97 %',
      '10 cleared {"till":3} warning ',
    ]);
  });

  it("Rule AL2: subscribers get what is on, then each change, once; a flapping alarm shows in its count", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        alarm.set("queue", "minor");
        show((await alarm.subscribe()).map(({ id }) => id));
        show((await alarm.subscribe()).length);
        spawn(async () => {
          for (let i = 0; i < 3; i++) { alarm.clear("queue"); alarm.set("queue", "minor", i); alarm.set("queue", "minor", i); await sleep(1); }
          alarm.set("queue", "major", 2);
        }, []);
        for (let i = 0; i < 7; i++) log(brief(await receive()));
        show(await alarm.unsubscribe());
        alarm.clear("queue");
        show(await receive([when({}, (message) => message)], { after: 100, otherwise: () => "silence" }));
      }
    `);
    expect(said).toEqual([
      '["queue"]',
      "1",
      "cleared queue minor  n1 0 1",
      "set queue minor 0 n1 0 2",
      "cleared queue minor 0 n1 0 2",
      "set queue minor 1 n1 1 3",
      "cleared queue minor 1 n1 1 3",
      "set queue minor 2 n1 2 4",
      "changed queue major 2 n1 2 4",
      '"ok"',
      '"silence"',
    ]);
  });

  it("Rule AL3: alarms of another node, or of all, can be listed and subscribed to", () => {
    const { said } = play(
      `${IMPORT}
      export async function main() {
        await sleep(5);
        alarm.set("near", "minor");
        show((await alarm.subscribe({ node: "all" })).map(({ id, node }) => id + " on " + node));
        show((await alarm.list()).map(({ id }) => id));
        show((await alarm.list({ node: "n2" })).map(({ id }) => id));
        alarm.clear("near");
        for (let i = 0; i < 3; i++) { const message = await receive(); log(monotonic() + " " + brief(message)); }
      }
      export async function other() {
        send({ name: "nobody", node: "n1" }, "connect");
        alarm.set("far", "major");
        await sleep(50);
        alarm.clear("far");
        alarm.set("far", "critical");
      }
    `,
      twoNodes(),
    );
    expect(said).toEqual([
      '["near on n1","far on n2"]',
      '["near"]',
      '["far"]',
      "9 cleared near minor  n1 5 1",
      "51 cleared far major  n2 0 1",
      "51 set far critical  n2 50 2",
    ]);
  });

  it("Rule AL4: the handler forgets subscribers that end; when it ends itself, its alarms are gone", () => {
    const { said, trace } = play(`${IMPORT}
      export async function main() {
        const gone = spawn(async () => { await alarm.subscribe(); await sleep(5); }, []);
        await sleep(10);
        alarm.set("disk", "major");
        await sleep(1);
        exit(whereis("alarm_handler"), "kill");
        await sleep(1);
        show(await alarm.list());
        alarm.set("disk", "major");
        show((await alarm.list()).map(({ sinceMs }) => sinceMs));
      }
    `);
    expect(said).toEqual(["[]", "[12]"]);
    const discarded = [];
    for (let row = 0; row < trace.rowCount; row++)
      if (trace.kindOf(row) === KIND.discard) discarded.push(trace.payloadOf(row));
    expect(discarded).toEqual([]);
  });

  it("Rule AL5: a watched figure sets the alarm after lasting so long, and clears it below the other bound", () => {
    const { trace, said } = play(
      `${IMPORT}
      const FIGURES = [10, 45, 30, 45, 45, 45, 41, 25, 39, 20, 41, 15, 50];
      export async function main() {
        let i = 0;
        alarm.watch("mailbox", { severity: "major", look: () => FIGURES[i++] ?? 0, setAt: 40, clearAt: 20, everyMs: 1000, forMs: 1000 });
        log(attempt(() => alarm.watch("x", { severity: "major", look: () => 1, setAt: 1, clearAt: 2 })));
        log(attempt(() => alarm.set("x", "bad")));
        await sleep(20_000);
      }
    `,
      scenarioOf({ horizonUs: 30_000_000 }),
    );
    // 45 at 1 s does not last; 45 at 3 s does; 25 and 39 are between the bounds; 41 at 10 s does not last.
    expect(alarms(trace)).toEqual([
      '4000 set "mailbox" major 45',
      '9000 cleared "mailbox" major 45',
    ]);
    expect(said).toEqual([
      "ErlangError: alarm.watch takes a function look, numbers clearAt ≤ setAt, and everyMs from 1 on",
      "ErlangError: bad is no severity: critical, major, minor, warning, indeterminate, cleared",
    ]);
  });

  it("Rule AL5: without a gap between the bounds the same figure flaps", () => {
    const raised = (clearAt: number) => {
      const { trace } = play(
        `${IMPORT}
        export async function main() {
          let i = 0;
          alarm.watch("mailbox", { severity: "major", look: () => (i++ % 2 === 0 ? 41 : 39), setAt: 40, clearAt: ${clearAt}, everyMs: 500 });
          await sleep(8_900);
          exit("over");
        }
      `,
      );
      return alarms(trace).filter((text) => text.includes("set")).length;
    };
    // 18 looks in 8.9 s, every other one at 41.
    expect(raised(40)).toBe(9);
    expect(raised(20)).toBe(1);
  });
});

describe("what is seen", () => {
  it.each([1, 2])(
    "Rules ME1, LO1, SP3 and AL3: is the same whether nodes share a thread or not (seed %i)",
    async (seed) => {
      const program = compileFiles({
        "main.ts": `
        import { cast, genServer, log, monotonic, node, random, receive, self, send, sleep, spawn, startLink, work } from "otp";
        import { alarm, context, logger, metrics, notify, span, telemetry, withContext } from "world";
        const till = genServer<number, never, any>({
          init: () => ["ok", 0],
          handleCast: ([ctx, ms]: any, sold: number) => withContext(ctx, () => span("sell", async () => {
            await work(ms);
            metrics.histogram("ms").observe(ms);
            metrics.meter("sold").mark();
            telemetry.execute("sold", { ms });
            if (ms > 4) { log("warning", { slow: ms }); alarm.set("slow", "minor", node()); } else alarm.clear("slow");
            return ["noreply", sold + 1] as const;
          })),
        });
        export async function main() {
          telemetry.attach("count", "sold", () => metrics.counter("sales", { node: node() }).inc());
          logger.configure({ lineMs: 1, syncModeQlen: 2, dropModeQlen: 5, flushQlen: 20 });
          await startLink(till, [], { name: "till" });
          spawn(async () => { await sleep(20); await alarm.subscribe({ node: "all" }); for (;;) { const { event, alarm: { raisedCount } } = await receive(); notify("page", event + raisedCount); } }, []);
          while (monotonic() < 350) {
            await sleep(random() * 10);
            span("order", () => { for (const name of ["n1", "n2"]) cast({ name: "till", node: name }, [context(), random() * 6]); });
            if (random() < 0.1) for (let i = 0; i < 8; i++) log("error", "storm");
          }
          log(JSON.stringify([metrics.all(), logger.info()]));
        }
      `,
      });
      const world = twoNodes({
        horizonUs: 1_000_000,
        starts: ["n1", "n2"].map((node) => ({
          atUs: 0,
          node,
          file: "main.ts",
          run: "main",
          args: [],
        })),
        faults: [
          { kind: "crash", node: "n2", atUs: 150_000 },
          { kind: "restart", node: "n2", atUs: 200_000 },
        ],
      });
      const together = simulate({ program, scenario: world, seed });
      const apart = await runApart(program, world, seed);
      expect(together.rowCount).toBeGreaterThan(500);
      expect(apart.digest).toBe(together.digest());
    },
  );
});

describe("notify", () => {
  it("Rule AL6: a channel takes 20 messages in 60 s; the next one says how many it did not", () => {
    const { said, trace } = play(
      `${IMPORT}
      export async function main() {
        const told = [];
        for (let i = 0; i < 25; i++) { told.push(notify("page", "shop " + i)); await sleep(1000); }
        show(told.filter((word) => word === "sent").length);
        show(notify("ticket", "look at it tomorrow"));
        await sleep(35_000 - 1);
        show([notify("page", "too early"), monotonic()]);
        await sleep(1);
        show([notify("page", "again"), monotonic()]);
      }
    `,
      scenarioOf({ horizonUs: 100_000_000 }),
    );
    expect(said).toEqual(["20", '"sent"', '["suppressed",59999]', '["sent",60000]']);
    const rows: unknown[] = [];
    for (let row = 0; row < trace.rowCount; row++)
      if (trace.kindOf(row) === KIND.operate) rows.push(trace.payloadOf(row));
    expect(rows.length).toBe(22);
    expect(rows.slice(19)).toEqual([
      { op: "notify", channel: "page", text: "shop 19" },
      { op: "notify", channel: "ticket", text: "look at it tomorrow" },
      { op: "notify", channel: "page", text: "again", suppressed: 6 },
    ]);
  });
});
