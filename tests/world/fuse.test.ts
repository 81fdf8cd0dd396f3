import { describe, expect, it } from "vitest";
import { KIND, RandomStream } from "../../workers/kernel/index.ts";
import { play, scenarioOf, twoNodes } from "../engine/room.ts";

const IMPORT = `import { fuse } from "world";
  const show = (value) => log(JSON.stringify(value));
  const three = { strategy: ["standard", 2, 1000], refresh: ["reset", 5000] };
`;

const SEEDS = Array.from({ length: 40 }, (_, i) => i + 1);

describe("fuse", () => {
  it("Rule RE10: blows at the melt after maxR within the period, and is whole again after the reset", () => {
    const { lines } = play(`${IMPORT}
      export async function main() {
        show([fuse.ask("db"), await fuse.melt("db"), await fuse.install("db", three), fuse.ask("db")]);
        await fuse.melt("db"); await fuse.melt("db");
        show(fuse.ask("db"));
        await sleep(999.999);
        show([await fuse.melt("db"), fuse.ask("db")]);
        await sleep(4999.999);
        await fuse.melt("db"); await fuse.melt("db"); await fuse.melt("db");
        show(fuse.ask("db"));
        await sleep(0.002);
        // The melts while it was blown are forgotten, and have not put the reset off.
        show(fuse.ask("db"));
        await fuse.melt("db"); await fuse.melt("db");
        show(fuse.ask("db"));
        await sleep(1000);
        await fuse.melt("db");
        show(fuse.ask("db"));
      }
    `);
    expect(lines).toEqual([
      '0 main: [["error","not_found"],"ok","ok","ok"]',
      '0 main: "ok"',
      '999.999 main: ["ok","blown"]',
      '5999.998 main: "blown"',
      '6000 main: "ok"',
      '6000 main: "ok"',
      '7000 main: "ok"',
    ]);
  });

  it("Rule RE10: a fuse belongs to its node", () => {
    const { said } = play(
      `${IMPORT}
      export async function main() { await fuse.install("db", three); show(fuse.ask("db")); }
      export async function other() { await sleep(10); show(fuse.ask("db")); }`,
      twoNodes(),
    );
    expect(said).toEqual(['"ok"', '["error","not_found"]']);
  });

  it("Rule RE11: a disabled circuit is blown whatever happens, until it is enabled", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        await fuse.install("db", three);
        show([await fuse.circuitDisable("db"), fuse.ask("db"), await fuse.circuitDisable("db")]);
        for (let i = 0; i < 5; i++) await fuse.melt("db");
        await sleep(6000);
        show([await fuse.reset("db"), fuse.ask("db")]);
        show([await fuse.install("db", three), fuse.ask("db")]);
        await fuse.melt("db"); await fuse.melt("db");
        show([await fuse.circuitEnable("db"), fuse.ask("db"), await fuse.circuitEnable("db")]);
        // The melts before it was enabled do not count.
        await fuse.melt("db");
        show(fuse.ask("db"));
        await fuse.melt("db"); await fuse.melt("db");
        show([fuse.ask("db"), await fuse.reset("db"), fuse.ask("db")]);
        show([await fuse.remove("db"), fuse.ask("db"), await fuse.remove("db"), await fuse.circuitEnable("db"), await fuse.reset("db")]);
      }
    `);
    const gone = '["error","not_found"]';
    expect(said).toEqual([
      '["ok","blown","ok"]',
      '["ok","blown"]',
      '["ok","blown"]',
      '["ok","ok","ok"]',
      '"ok"',
      '["blown","ok","ok"]',
      `["ok",${gone},${gone},${gone},${gone}]`,
    ]);
  });

  it("Rule RE12: run calls what it is given only when the fuse is whole, and melts it when told to", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        show(await fuse.run("db", () => ["ok", 1]));
        await fuse.install("db", three);
        show(await fuse.run("db", async () => { await sleep(3); return ["ok", "fine"]; }));
        for (let i = 1; i <= 4; i++) show(await fuse.run("db", () => { log("called"); return ["melt", i]; }));
        await fuse.reset("db");
        for (let i = 1; i <= 4; i++)
          try { await fuse.run("db", () => { throw new Error("broken"); }); } catch (thrown) { log(thrown.message); }
        show(fuse.ask("db"));
        try { await fuse.run("db", () => 7); } catch (thrown) { log(thrown.name + " " + thrown.message); }
      }
    `);
    expect(said).toEqual([
      '["error","not_found"]',
      '["ok","fine"]',
      ...["called", '["ok",1]', "called", '["ok",2]', "called", '["ok",3]', '"blown"'],
      ...Array(4).fill("broken"),
      '"ok"',
      'ErlangError what fuse.run runs gives ["ok", result] or ["melt", result], not 7',
    ]);
  });

  it("Rule RE13: fault injection says blown for its share of the times, without a melt", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        await fuse.install("db", { strategy: ["fault_injection", 0.25, 2, 1000], refresh: ["reset", 5000] });
        let blown = 0;
        for (let i = 0; i < 4000; i++) if (fuse.ask("db") === "blown") blown++;
        show(blown);
        await fuse.melt("db"); await fuse.melt("db"); await fuse.melt("db");
        show(Array.from({ length: 20 }, () => fuse.ask("db")).every((word) => word === "blown"));
      }
    `);
    expect(Math.abs(Number(said[0]) - 1000)).toBeLessThan(5 * Math.sqrt(4000 * 0.25 * 0.75));
    expect(said[1]).toBe("true");
  });

  it("Rule RE14: its server owns the fuses: when that ends they are gone, and blows are rows of the trace", () => {
    const { said, trace } = play(`${IMPORT}
      export async function main() {
        await fuse.install("db", three);
        await fuse.melt("db"); await fuse.melt("db"); await fuse.melt("db");
        await sleep(6000);
        exit(whereis("fuse_server"), "kill");
        await sleep(1);
        show(fuse.ask("db"));
        show([await fuse.install("db", three), fuse.ask("db")]);
      }
    `);
    expect(said).toEqual(['["error","not_found"]', '["ok","ok"]']);
    const shown: unknown[] = [];
    for (let row = 0; row < trace.rowCount; row++)
      if (trace.kindOf(row) === KIND.metric)
        shown.push([trace.atOf(row), trace.valueIn(row), trace.payloadOf(row)]);
    const payload = { name: "fuse_blown", type: "gauge", labels: { fuse: "db" } };
    expect(shown).toEqual([
      [0, 1, payload],
      [5_000_000, 0, payload],
    ]);
  });

  it("Rule RE15: refuses options that it does not know", () => {
    const { said } = play(`${IMPORT}
      export function main() {
        for (const [name, options] of [
          [7, three],
          ["db", {}],
          ["db", { ...three, strategy: ["standard", 0, 1000] }],
          ["db", { ...three, strategy: ["standard", 1, -1] }],
          ["db", { ...three, strategy: ["average", 1, 1000] }],
          ["db", { ...three, strategy: ["fault_injection", 2, 1, 1000] }],
          ["db", { ...three, refresh: ["reset", "soon"] }],
          ["db", { ...three, refresh: 5000 }],
        ]) try { fuse.install(name, options); log("let through"); } catch (thrown) { log(thrown.reason); }
      }
    `);
    expect(said).toEqual(Array(8).fill("badarg"));
  });

  it.each(SEEDS)("Rule RE10: does what a naive fuse does, seed %i", (seed) => {
    const random = new RandomStream(seed, 99, 0);
    const maxR = 1 + random.below(4);
    const periodUs = 200_000 + random.below(900_000);
    const healUs = 100_000 + random.below(900_000);
    const words = [
      "melt",
      "melt",
      "melt",
      "melt",
      "melt",
      "melt",
      "ask",
      "ask",
      "reset",
      "circuitDisable",
      "circuitEnable",
      "circuitEnable",
    ];
    let at = 0;
    const log: Entry[] = Array.from({ length: 150 }, () => {
      at += random.below(random.below(3) === 0 ? 400_001 : 60_001);
      return { at, word: words[random.below(words.length)] as string };
    });
    const { said } = play(
      `${IMPORT}
      const LOG = ${JSON.stringify(log)};
      export async function main() {
        await fuse.install("db", { strategy: ["standard", ${maxR}, ${periodUs / 1000}], refresh: ["reset", ${healUs / 1000}] });
        let now = 0;
        for (const { at, word } of LOG) {
          await sleep((at - now) / 1000);
          now = at;
          await fuse[word]("db");
          log(fuse.ask("db"));
        }
      }`,
      scenarioOf({ horizonUs: 600_000_000 }),
    );
    const expected = log.map((_, i) => naive(log.slice(0, i + 1), maxR, periodUs, healUs));
    expect(said).toEqual(expected);
    // Both answers occur, or nothing was tried.
    expect(new Set(said).size).toBe(2);
  });
});

interface Entry {
  readonly at: number;
  readonly word: string;
}

/** What a fuse says after all this: worked out anew from the whole log, by looking at every instant that matters. */
function naive(log: readonly Entry[], maxR: number, periodUs: number, healUs: number): string {
  const end = (log.at(-1) as Entry).at;
  let isEnabled = true;
  let blownAt: number | undefined;
  let melts: number[] = [];
  const healBy = (now: number) => {
    if (blownAt === undefined || now < blownAt + healUs) return;
    blownAt = undefined;
    melts = [];
  };
  for (const { at, word } of log) {
    // A melt after the healing does not see those before it.
    healBy(at);
    if (word === "melt") {
      melts.push(at);
      const near = melts.filter((then) => then > at - periodUs).length;
      if (isEnabled && blownAt === undefined && near > maxR) blownAt = at;
    } else if (word === "reset") {
      melts = [];
      blownAt = undefined;
    } else if (word === "circuitDisable" && isEnabled) {
      isEnabled = false;
      blownAt = undefined;
    } else if (word === "circuitEnable" && !isEnabled) {
      isEnabled = true;
      melts = [];
    }
  }
  healBy(end);
  return isEnabled && blownAt === undefined ? "ok" : "blown";
}
