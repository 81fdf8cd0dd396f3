import { describe, expect, it } from "vitest";
import {
  BOUNDS,
  digestOf,
  type FaultSpec,
  KIND,
  type NodeSpec,
  RandomStream,
  type Scenario,
  type Trace,
} from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { runApart } from "../engine/placements.ts";
import { compileFiles, play, scenarioOf } from "../engine/room.ts";

const IMPORT = `import { disk } from "world";
  const show = (value) => log(JSON.stringify(value));
  const tried = (body) => { try { return body(); } catch (thrown) { return thrown.reason ?? thrown.name; } };
`;

/** One node that is killed at each time of `deaths` and begins anew 100 ms later. Times in ms. */
function mortal(deaths: readonly number[], changes: Partial<Scenario> = {}): Scenario {
  const faults = deaths.flatMap((ms): FaultSpec[] => [
    { kind: "crash", node: "n1", atUs: ms * 1000 },
    { kind: "restart", node: "n1", atUs: ms * 1000 + 100_000 },
  ]);
  return scenarioOf({
    horizonUs: 2_000_000,
    ...changes,
    faults: [...faults, ...(changes.faults ?? [])],
  });
}

const nodeWith = (disk: NonNullable<NodeSpec["disk"]>): Partial<Scenario> => ({
  nodes: [{ name: "n1", cores: 1, disk }],
});

const parsed = (said: readonly string[]) => said.map((line) => JSON.parse(line));

/** `"append orders.log 1"` for each row of the disk, with its ms before it. */
function diskRows(trace: Trace): string[] {
  const rows: string[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kindOf(row) !== KIND.disk) continue;
    const { op, file } = trace.payloadOf(row) as { readonly op: string; readonly file: string };
    rows.push(`${trace.atOf(row) / 1000} ${op} ${file} ${trace.valueIn(row)}`);
  }
  return rows;
}

describe("a log", () => {
  it("Rules DK1 and DK5: entries are numbered from 0, and can be read by every process once they are appended", () => {
    const { said } = play(`${IMPORT}
      const orders = disk.log("orders");
      export async function main() {
        show([orders.length, orders.first, orders.end]);
        const writer = spawn(async () => { for (let i = 0; i < 3; i++) await orders.append({ order: i }); exit("done"); }, []);
        await sleep(0.5);
        show([orders.length, await orders.read()]);
        await sleep(1);
        show([await orders.read(1), await orders.read(0, 1), await orders.read(7), await disk.log("other").read()]);
        show(await disk.log("orders").append("after its writer's end"));
        show([orders.length, orders.first, orders.end]);
      }
    `);
    expect(parsed(said)).toEqual([
      [0, 0, 0],
      // The read stood in line behind the writer's third append.
      [2, [0, 1, 2].map((order) => [order, { order }])],
      [[1, 2].map((order) => [order, { order }]), [[0, { order: 0 }]], [], []],
      ["ok", 3],
      [4, 0, 4],
    ]);
  });

  it("Rules DK3 and DK13: the disk does one operation after the other; each has its time and its row", () => {
    const { lines, trace } = play(`${IMPORT}
      const a = disk.log("a");
      async function writer(name) { await disk.log(name).append(1); log("appended"); await disk.log(name).fsync(); log("synced"); }
      export async function main() {
        spawn(writer, ["a"], { name: "first" });
        spawn(writer, ["b"], { name: "second" });
        await sleep(10);
        await a.read(); log("read");
        await a.truncate(1); log("truncated");
        await Promise.all([a.append(2), a.append(3)]); log("two");
      }
    `);
    expect(lines).toEqual([
      "0.2 first: appended",
      "0.4 second: appended",
      "2.4 first: synced",
      "4.4 second: synced",
      "10.1 main: read",
      "12.1 main: truncated",
      "12.5 main: two",
    ]);
    expect(diskRows(trace)).toEqual([
      "0.2 append a.log 1",
      "0.4 append b.log 1",
      "2.4 fsync a.log 1",
      "4.4 fsync b.log 1",
      "10.1 read a.log 1",
      "12.1 truncate a.log 1",
      "12.3 append a.log 1",
      "12.5 append a.log 1",
    ]);
  });

  it("Rule DK3: a node's disk is as fast as the scenario says, and slower while a fault slows it", () => {
    const program = `${IMPORT}
      export async function main() {
        const a = disk.log("a");
        await a.append(1); log("appended");
        await a.fsync(); log("synced");
        await a.read(); log("read");
        await sleep(100);
        await a.append(1); log("appended");
      }
    `;
    const spec = nodeWith({ appendUs: 1000, syncUs: 5000, readUs: 0 });
    const slow: FaultSpec = {
      kind: "slowDisk",
      node: "n1",
      factor: 10,
      atUs: 50_000,
      untilUs: 150_000,
    };
    expect(play(program, scenarioOf({ ...spec, faults: [slow] })).lines).toEqual([
      "1 main: appended",
      "6 main: synced",
      "6 main: read",
      "116 main: appended",
    ]);
  });

  it("Rules DK2 and DK6: of a killed node's log there is what an fsync has covered that began later and was completed", () => {
    const { said } = play(
      `${IMPORT}
        const orders = disk.log("orders");
        export async function main() {
          show(await orders.read());
          if (orders.end > 0) return;
          await orders.append("before");
          orders.append("under way");
          const synced = orders.fsync();
          await orders.append("meanwhile");
          await synced;
          show(orders.length);
          await orders.append("after");
          await sleep(1);
          await orders.fsync();
          log("too late");
        }
      `,
      mortal([5]),
    );
    expect(parsed(said)).toEqual([[], 3, [[0, "before"]]]);
  });

  it("Rule DK6: an fsync covers what every process has appended; a crash of processes alone takes nothing", () => {
    const { said } = play(
      `${IMPORT}
        const orders = disk.log("orders");
        export async function main() {
          show((await orders.read()).map(([, who]) => who));
          if (orders.end > 0) return;
          const dying = spawn(async () => { await orders.append("the dead"); await receive(); }, []);
          spawn(async () => { await orders.append("another"); }, []);
          await sleep(1);
          exit(dying, "kill");
          show((await orders.read()).map(([, who]) => who));
          await orders.fsync();
        }
      `,
      mortal([10, 300]),
    );
    expect(parsed(said)).toEqual([
      [],
      ["the dead", "another"],
      ["the dead", "another"],
      ["the dead", "another"],
    ]);
  });

  it("Rule DK7: an operation whose process ends in the middle of it is not done, though the disk was busy", () => {
    const { said, lines } = play(
      `${IMPORT}
        const orders = disk.log("orders");
        export async function main() {
          if (orders.end > 0) { show(await orders.read()); return; }
          await orders.append(1);
          const syncing = spawn(async () => { await orders.fsync(); log("synced"); }, []);
          const appending = spawn(async () => { await orders.append("never"); log("appended"); }, []);
          await sleep(1);
          exit(syncing, "kill");
          exit(appending, "kill");
          await orders.append(2);
          log("2");
          show(await orders.read());
          await orders.fsync();
          await orders.append("lost");
        }
      `,
      mortal([8]),
    );
    expect(said).toEqual(["2", "[[0,1],[1,2]]", "[[0,1],[1,2]]"]);
    // 0.2 for the first, 2.2 until the fsync would have been done, 0.2 for an append, 0.2 for ours.
    expect(lines[0]).toBe("2.6 main: 2");
  });

  it("Rules DK4 and DK8: a full disk refuses every append, and takes them again when there is room", () => {
    const full: FaultSpec = { kind: "diskFull", node: "n1", atUs: 10_000, untilUs: 20_000 };
    const byFault = play(
      `${IMPORT}
        export async function main() {
          const orders = disk.log("orders"), carts = disk.kv("carts");
          show([await orders.append(1), await carts.put("a", 1)]);
          await sleep(12);
          show([await orders.append(2), await carts.put("a", 2), await carts.delete("a"), await orders.fsync()]);
          await sleep(10);
          show([await carts.get("a"), await orders.append(3), await orders.read(), await carts.put("a", 2)]);
        }
      `,
      scenarioOf({ faults: [full] }),
    );
    const enospc = ["error", "enospc"];
    expect(parsed(byFault.said)).toEqual([
      [["ok", 0], "ok"],
      [enospc, enospc, enospc, "ok"],
      [
        ["ok", 1],
        ["ok", 1],
        [
          [0, 1],
          [1, 3],
        ],
        "ok",
      ],
    ]);
    expect(diskRows(byFault.trace).filter((row) => row.includes("full"))).toHaveLength(3);

    const bySize = play(
      `${IMPORT}
        export async function main() {
          const orders = disk.log("orders");
          let count = 0;
          while ((await orders.append("x".repeat(92)))[0] === "ok") count++;
          show([count, await orders.append("x".repeat(92)), orders.end]);
          await orders.truncate(3);
          show([await orders.append("x".repeat(92)), orders.first]);
        }
      `,
      // 92 characters take 200 bytes, and an entry 16 besides.
      scenarioOf(nodeWith({ bytes: 10 * 216 + 100 })),
    );
    expect(parsed(bySize.said)).toEqual([
      [10, enospc, 10],
      [["ok", 10], 3],
    ]);
  });

  it("Rule DK9: truncate forgets a prefix for good; the numbers of the others stay", () => {
    const { said } = play(
      `${IMPORT}
        const orders = disk.log("orders");
        export async function main() {
          show([orders.first, orders.end, await orders.read()]);
          if (orders.end > 0) return;
          for (let i = 0; i < 6; i++) await orders.append(i * 10);
          await orders.truncate(2);
          show([orders.first, orders.length, await orders.read(0, 2)]);
          await orders.truncate(1);
          await orders.truncate(4);
          await orders.append(60);
          show([orders.first, orders.end]);
        }
      `,
      mortal([20]),
    );
    expect(parsed(said)).toEqual([
      [0, 0, []],
      [
        2,
        4,
        [
          [2, 20],
          [3, 30],
        ],
      ],
      [4, 7],
      // Truncating makes lasting what goes before; what was never synced (40, 50, 60) went with the node.
      [4, 4, []],
    ]);
  });

  it("Rule DK9: a truncation past the end empties the log, which goes on counting after a crash", () => {
    const { said } = play(
      `${IMPORT}
        const orders = disk.log("orders");
        export async function main() {
          show([orders.first, orders.end]);
          for (let i = 0; i < 3; i++) await orders.append(i);
          await orders.truncate(99);
          show([orders.first, orders.length, await orders.append("next")]);
        }
      `,
      mortal([20]),
    );
    expect(parsed(said)).toEqual([
      [0, 0],
      [3, 0, ["ok", 3]],
      [3, 3],
      [6, 0, ["ok", 6]],
    ]);
  });

  it("Rule DK10: any plain data can be stored, as a copy that cannot be changed; functions cannot", () => {
    const { said } = play(
      `${IMPORT}
        const orders = disk.log("orders");
        export function exported() {}
        export async function main() {
          if (orders.end === 0) {
            const cart = { items: new Map([[{ id: 1 }, new Set([2, 3])]]), big: "x".repeat(3000), none: undefined, huge: 12n };
            await orders.append(cart);
            cart.items.clear();
            await orders.fsync();
            show([tried(() => orders.append(() => 1)), tried(() => orders.append([new Map([["f", exported]])]))]);
          }
          const [[, found]] = await orders.read();
          show([[...found.items].map(([key, set]) => [key, [...set]]), found.big.length, found.huge === 12n, Object.keys(found)]);
          show([tried(() => found.items.set(1, 2)), tried(() => { found.big = ""; }), (await orders.read())[0][1] === found]);
          show([tried(() => orders.read(-1)), tried(() => orders.truncate(0.5)), tried(() => disk.log("")), tried(() => disk.kv(7))]);
        }
      `,
      mortal([20]),
    );
    const [refused, ...rest] = parsed(said);
    expect(refused).toEqual(["NotSendable", "badarg"]);
    const found = [[[{ id: 1 }, [2, 3]]], 3000, true, ["items", "big", "none", "huge"]];
    const bad = ["badarg", "badarg", "badarg", "badarg"];
    expect(rest).toEqual(
      [
        found,
        ["TypeError", "TypeError", true],
        bad,
        found,
        ["TypeError", "TypeError", true],
        bad,
      ].map((line) => line),
    );
  });
});

describe("keys and values", () => {
  it("Rule DK11: a key has the value that it was given last; keys are equal by value", () => {
    const { said, lines } = play(`${IMPORT}
      export async function main() {
        const carts = disk.kv("carts");
        show([await carts.get("a"), await carts.delete("a"), carts.size]);
        await carts.put({ shop: 1, cart: 2 }, ["milk"]);
        await carts.put("a", 1);
        await carts.put({ cart: 2, shop: 1 }, ["milk", "eggs"]);
        await carts.put("gone", 1);
        await carts.delete("gone");
        show([await carts.get({ shop: 1, cart: 2 }), await carts.get("a"), await carts.get("gone"), carts.size]);
        show([await carts.keys(), await carts.entries(), await disk.log("carts").read()]);
        log("");
        await carts.fsync();
        log("");
      }
    `);
    expect(parsed(said.slice(0, 3))).toEqual([
      ["not_found", "ok", 0],
      [["ok", ["milk", "eggs"]], ["ok", 1], "not_found", 2],
      [
        [{ cart: 2, shop: 1 }, "a"],
        [
          [{ cart: 2, shop: 1 }, ["milk", "eggs"]],
          ["a", 1],
        ],
        [],
      ],
    ]);
    // Six changes at 0.2 ms, seven reads at 0.1 ms.
    expect(lines.slice(3)).toEqual(["1.9 main: ", "3.9 main: "]);
  });

  it("Rule DK11: a node that begins anew has the keys as the last fsync left them, and reads its file first", () => {
    const { said, lines } = play(
      `${IMPORT}
        const carts = disk.kv("carts");
        export async function main() {
          const entries = await carts.entries();
          log(JSON.stringify(entries));
          if (entries.length === 0) { await carts.put("a", 1); await carts.put("b", 1); await carts.delete("b"); }
          else await carts.put("c", monotonic());
          await carts.fsync();
          await carts.put("a", 2);
          await carts.delete("a");
        }
      `,
      mortal([20, 200]),
    );
    expect(parsed(said)).toEqual([
      [],
      [["a", 1]],
      [
        ["a", 1],
        ["c", 120.2],
      ],
    ]);
    expect(lines[1]?.split(" ")[0]).toBe("120.2");
  });

  it("Rule DK12: a file has about 100 more outdated changes than keys at most, and no key is lost on the way", () => {
    const { trace, said } = play(
      `${IMPORT}
        const counts = disk.kv("counts");
        async function writer(of) { for (let i = 1; i <= 200; i++) await counts.put(of, i); }
        export async function main() {
          show(await counts.entries());
          if (counts.size > 0) return;
          for (let i = 0; i < 4; i++) spawn(writer, ["w" + i]);
          await sleep(300);
          show(await counts.entries());
          await counts.fsync();
        }
      `,
      mortal([400]),
    );
    const all = [0, 1, 2, 3].map((i) => [`w${i}`, 200]);
    expect(parsed(said)).toEqual([[], all, all]);
    const rows = diskRows(trace);
    const compactions = rows.filter((row) => row.includes("compact counts.kv 4"));
    // 800 changes; each compaction is due after 108 outdated ones and leaves 4.
    expect(compactions.length).toBe(7);
    const ops = rows.map((row) => row.split(" ")[1]);
    let inFile = 0;
    for (const op of ops) {
      if (op === "append") inFile++;
      if (op === "compact") inFile = 4;
      // Those who were in line before the compaction may add one each.
      expect(inFile).toBeLessThanOrEqual(2 * 4 + 100 + 1 + 4);
    }
  });

  it("Rule DK12: a node that is killed while it compacts its file finds the old one", () => {
    const { said, trace } = play(
      `${IMPORT}
        const counts = disk.kv("counts");
        export async function main() {
          const found = await counts.get("n");
          show(found);
          if (found !== "not_found") return;
          for (let i = 1; i <= 102; i++) await counts.put("n", i);
          await counts.fsync();
          await counts.put("n", 103);
          await receive();
        }
      `,
      // The 103rd change, at 0.1 + 102 · 0.2 + 2 + 0.2 = 22.7 ms, begins a compaction of 2.3 ms.
      mortal([24]),
    );
    expect(diskRows(trace).filter((row) => row.includes("compact"))).toEqual([]);
    expect(parsed(said)).toEqual(["not_found", ["ok", 102]]);
  });
});

describe("over the lives of nodes", () => {
  const PROGRAM = compileFiles({
    "main.ts": `
      import { call, genServer, log, monotonic, node, random, sleep, spawn } from "otp";
      import { db, disk } from "world";
      const orders = disk.log("orders"), carts = disk.kv("carts"), shop = db("shop");
      async function writer(n) {
        for (let i = 0; ; i++) {
          await sleep(random() * 4);
          const term = { n, i, from: node(), lines: new Map([[i, new Set([n])]]), text: "x".repeat(random() < 0.2 ? 5000 : 5) };
          await orders.append(term);
          await carts.put([n, i % 5], term);
          if (random() < 0.3) await orders.fsync();
          if (random() < 0.2) await carts.fsync();
          if (random() < 0.2) await carts.delete([n, i % 3]);
          if (random() < 0.1) await orders.truncate(Math.max(0, orders.end - 10));
          if (random() < 0.3) await shop.tx(async (t) => { t.write("n", n, (t.read("n", n) ?? 0) + 1); await sleep(random()); t.write("last", 0, term); if (random() < 0.2) t.abort("no"); });
        }
      }
      export async function main() {
        const found = await orders.read();
        const sum = (terms) => terms.map((term) => term.text.length + [...term.lines.keys()].length).join();
        log(JSON.stringify([orders.first, orders.end, found.map(([number, { n, i }]) => [number, n, i]), sum(found.map(([, term]) => term))]));
        log(JSON.stringify([(await carts.keys()), sum((await carts.entries()).map(([, term]) => term)), shop.dirtyAllKeys("n").map((n) => [n, shop.dirtyRead("n", n)])]));
        const [a, b] = [(await orders.read())[0], (await orders.read())[0]];
        log(String([a === b, a?.[1] === b?.[1], Object.isFrozen(a?.[1]), Object.isFrozen(a?.[1]?.lines), found.every(([, { from }]) => from === node())]));
        for (let n = 0; n < 4; n++) spawn(writer, [n]);
      }
    `,
  });

  it.each([1, 2, 3, 4])(
    "Rules DK2, DK10 and DK14: disks are the same in every placement, also after two restarts (seed %i)",
    async (seed) => {
      const random = new RandomStream(seed, 5);
      const names = ["n1", "n2"];
      const faults = names.flatMap((node, i): FaultSpec[] => {
        const first = 60_000 + random.below(100_000);
        const second = first + 60_000 + random.below(100_000);
        const restart = (atUs: number): FaultSpec => ({
          kind: "restart",
          node,
          atUs: atUs + 5_000,
        });
        const crash = (atUs: number): FaultSpec => ({ kind: "crash", node, atUs });
        const slow: FaultSpec = {
          kind: "slowDisk",
          node,
          factor: 3,
          atUs: 30_000,
          untilUs: 50_000,
        };
        const lives = [crash(first), restart(first), crash(second), restart(second)];
        return i === 0 ? lives : [...lives, slow];
      });
      const scenario = scenarioOf({
        horizonUs: 450_000,
        nodes: names.map((name) => ({ name, cores: 1 })),
        wires: [{ between: ["n1", "n2"], latency: { kind: "det", us: 500 }, loss: 0 }],
        starts: names.map((node) => ({ atUs: 0, node, file: "main.ts", run: "main", args: [] })),
        faults,
      });
      const together = simulate({ program: PROGRAM, scenario, seed });
      const apart = await runApart(PROGRAM, scenario, seed, BOUNDS);
      expect(apart.trace.rowCount).toBe(together.rowCount);
      expect(apart.digest).toBe(digestOf(together));
      // Each life tells what it found; those of later lives found something.
      const told: string[] = [];
      for (let row = 0; row < together.rowCount; row++)
        if (together.kindOf(row) === KIND.log) told.push(String(together.payloadOf(row)));
      expect(told).toHaveLength(3 * 6);
      expect(told.filter((line) => line === "false,true,true,true,true").length).toBe(4);
    },
  );
});

/**
 * Writers append entries with names of their own, sync and are killed at random, in three lives of a
 * node. Each says before and after an operation what it does, so that what must be there can be told
 * from the lines alone, by what the words mean and nothing of the disk's.
 */
const WRITERS = compileFiles({
  "main.ts": `
    import { exit, log, monotonic, random, sleep, spawn } from "otp";
    import { disk } from "world";
    const entries = disk.log("entries");
    async function writer(life, w) {
      for (let i = 0; i < 40; i++) {
        if (random() < 0.5) await sleep(random() * 3);
        const name = life + "/" + w + "/" + i;
        log("appends " + name);
        const [, number] = await entries.append(name);
        log("appended " + name + " " + number);
        if (random() < 0.25) { const id = name + "s"; log("syncs " + id); await entries.fsync(); log("synced " + id); }
      }
    }
    export async function main() {
      const life = String(monotonic());
      log("found " + JSON.stringify(await entries.read()));
      const writers = [];
      for (let w = 0; w < 5; w++) { writers.push(spawn(writer, [life, w])); await sleep(random() * 10); if (random() < 0.4) exit(writers[Math.floor(random() * writers.length)], "kill"); }
    }
  `,
});

describe("Rules DK2, DK5, DK6 and DK7: what is lasting, drawn", () => {
  it.each(Array.from({ length: 60 }, (_, i) => i + 1))("seed %i", (seed) => {
    const random = new RandomStream(seed, 91);
    const first = 3 + random.uniform() * 70;
    const scenario = mortal([first, first + 100 + 3 + random.uniform() * 70], {
      schedule: seed % 2 === 0 ? "shuffled" : "fifo",
      horizonUs: 350_000,
    });
    const trace = simulate({ program: WRITERS, scenario, seed });
    const begun = new Set<string>();
    const numberOf = new Map<string, number>();
    const coveredBy = new Map<string, readonly string[]>();
    let must = new Set<string>();
    let lives = 0;
    for (let row = 0; row < trace.rowCount; row++) {
      if (trace.kindOf(row) !== KIND.log) continue;
      const [word, name = "", number] = String(trace.payloadOf(row)).split(" ");
      if (word === "appends") begun.add(name);
      if (word === "appended") numberOf.set(name, Number(number));
      if (word === "syncs") coveredBy.set(name, [...numberOf.keys()]);
      if (word === "synced") for (const one of coveredBy.get(name) ?? []) must.add(one);
      if (word !== "found") continue;
      lives++;
      const found = JSON.parse(name) as readonly (readonly [number, string])[];
      const names = found.map(([, one]) => one);
      expect([...must].filter((one) => !names.includes(one))).toEqual([]);
      expect(names.filter((one) => !begun.has(one))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
      expect(found.map(([at]) => at)).toEqual(found.map((_, i) => i));
      // Who heard its number finds its entry there, and nowhere else.
      for (const [at, one] of found) expect(numberOf.get(one) ?? at).toBe(at);
      // What was lost may not come again; what was found is lasting, also if nobody heard so.
      for (const one of [...begun]) if (!names.includes(one)) begun.delete(one);
      for (const one of [...numberOf.keys()]) if (!names.includes(one)) numberOf.delete(one);
      for (const [at, one] of found) numberOf.set(one, at);
      coveredBy.clear();
      must = new Set(names);
    }
    expect(lives).toBe(3);
  });
});
