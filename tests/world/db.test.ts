/** The outcomes of what is thrown inside are those that mnesia:transaction/1 of OTP 25 gave. */
import { describe, expect, it } from "vitest";
import { type FaultSpec, KIND, RandomStream, type Scenario } from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { compileFiles, play, scenarioOf } from "../engine/room.ts";

const IMPORT = `import { error } from "otp";
  import { db, disk } from "world";
  const shop = db("shop");
  const show = (value) => log(JSON.stringify(value));
  const tried = (body) => { try { return body(); } catch (thrown) { return thrown.reason ?? thrown.name; } };
`;

function mortal(deaths: readonly number[], changes: Partial<Scenario> = {}): Scenario {
  const faults = deaths.flatMap((ms): FaultSpec[] => [
    { kind: "crash", node: "n1", atUs: ms * 1000 },
    { kind: "restart", node: "n1", atUs: ms * 1000 + 100_000 },
  ]);
  return scenarioOf({ horizonUs: 3_000_000, faults, ...changes });
}

const parsed = (said: readonly string[]) => said.map((line) => JSON.parse(line));

describe("a transaction", () => {
  it("Rule TX1: gives its function's result, and all that it changed is seen at once, when it is done", () => {
    const { said, lines } = play(`${IMPORT}
      export async function main() {
        const looks = async () => { for (const ms of [1, 1, 2]) { await sleep(ms); show([shop.dirtyRead("stock", "milk"), shop.dirtyAllKeys("orders")]); } };
        spawn(looks, []);
        show(await shop.tx(async (t) => {
          t.write("stock", "milk", 3);
          await sleep(1.5);
          t.write("orders", [1, "x"], { milk: 1 });
          return "sold";
        }));
        log("");
        show(await shop.tx((t) => [t.read("stock", "milk"), t.read("orders", [1, "x"]), t.read("orders", "none") ?? "none"]));
        log("");
      }
    `);
    expect(parsed(said.filter((text) => text !== ""))).toEqual([
      [null, []],
      [null, []],
      ["atomic", "sold"],
      ["atomic", [3, { milk: 1 }, "none"]],
      [3, [[1, "x"]]],
    ]);
    // 1.5 ms inside, and a commit of 2.2; who only reads commits nothing.
    expect(lines.filter((line) => line.endsWith(": "))).toEqual(["3.7 main: ", "3.7 main: "]);
  });

  it("Rule TX2: is aborted by whatever is thrown in it, and has then changed nothing", () => {
    const { said } = play(`${IMPORT}
      const inside = (body) => shop.tx(async (t) => { t.write("stock", "milk", 0); await sleep(0); return body(t); });
      export async function main() {
        await shop.tx((t) => t.write("stock", "milk", 7));
        show(await inside((t) => t.abort({ no: "money" })));
        show(await inside(() => exit("why")));
        show(await inside(() => exit("normal")));
        show(await inside(() => error("boom")));
        show(await inside(() => { throw "val"; }));
        show(await inside(() => exit(["aborted", "x"])));
        show(await shop.tx((t) => t.abort("at once")));
        show(await inside(() => { throw new Error("spilled"); }));
        show(await inside((t) => { t.write("stock", "f", () => 1); }));
        show(await inside((t) => { try { t.abort("swallowed"); } catch {} t.write("other", 1, 1); return "fine"; }));
        show([shop.dirtyRead("stock", "milk"), shop.dirtyRead("other", 1)]);
      }
    `);
    const [spilled, unsendable, ...rest] = parsed(said).slice(7);
    expect(parsed(said).slice(0, 7)).toEqual([
      ["aborted", { no: "money" }],
      ["aborted", "why"],
      ["aborted", "normal"],
      ["aborted", ["boom", ["stack"]]],
      ["aborted", ["throw", "val"]],
      ["aborted", "x"],
      ["aborted", "at once"],
    ]);
    expect(spilled).toEqual(["aborted", { error: "Error", message: "spilled" }]);
    expect(unsendable).toMatchObject(["aborted", { error: "NotSendable" }]);
    expect(rest).toEqual([
      ["atomic", "fine"],
      [0, 1],
    ]);
  });

  it("Rule TX3: one at a time, in the order in which they came, whatever they wait for inside", () => {
    const { said } = play(`${IMPORT}
      async function buyer(n) {
        await shop.tx(async (t) => {
          log("begins " + n);
          const before = t.read("count", "all") ?? 0;
          await sleep(random() * 5);
          t.write("count", "all", before + 1);
          t.write("who", before, n);
        });
        log("ended " + n);
      }
      export async function main() {
        for (let n = 0; n < 20; n++) spawn(buyer, [n]);
        await sleep(1000);
        show([shop.dirtyRead("count", "all"), shop.dirtyAllKeys("who").map((i) => shop.dirtyRead("who", i))]);
      }
    `);
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    expect(said.slice(0, -1).filter((line) => line.startsWith("begins"))).toEqual(
      numbers.map((n) => `begins ${n}`),
    );
    expect(parsed(said.slice(-1))).toEqual([[20, numbers]]);
  });

  it("Rule TX4: a process that ends inside, or while it waits, leaves nothing behind, and the next goes on", () => {
    const { said, lines } = play(`${IMPORT}
      async function buyer(name, ms) {
        await shop.tx(async (t) => { t.write("last", "buyer", name); await sleep(ms); });
        log("done " + name);
      }
      export async function main() {
        const inside = spawn(buyer, ["inside", 1000]);
        await sleep(0);
        const waits = spawn(buyer, ["waits", 1]);
        spawn(buyer, ["next", 1]);
        await sleep(5);
        exit(waits, "kill");
        exit(inside, "kill");
        show(shop.dirtyRead("last", "buyer") ?? "nobody");
        await sleep(10);
        const commits = spawn(buyer, ["commits", 0]);
        await sleep(1);
        spawn(buyer, ["after", 0]);
        exit(commits, "kill");
        await sleep(10);
        show([shop.dirtyRead("last", "buyer"), shop.dirtyAllKeys("last")]);
      }
    `);
    expect(said).toEqual(['"nobody"', "done next", "done after", '["after",["buyer"]]']);
    // The next one begins the moment the other is dead: 5 + 1 + 2.2.
    expect(lines[1]).toMatch(/^8\.2 /);
  });

  it("Rule TX5: sees what it has changed itself, in the order in which it will be", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        await shop.tx((t) => { for (const key of ["a", "b", "c"]) t.write("t", key, 1); });
        show(await shop.tx((t) => {
          t.delete("t", "b"); t.write("t", "d", 4); t.write("t", "a", 2); t.delete("t", "none"); t.write("u", "x", 0); t.delete("u", "x");
          return [t.read("t", "a"), t.read("t", "b") ?? "gone", t.keys("t"), t.all("t"), t.keys("u"), t.keys("none")];
        }));
        show([shop.dirtyAllKeys("t"), shop.dirtyAllKeys("u")]);
        const cart = { items: [1] };
        await shop.tx((t) => { t.write("t", "cart", cart); cart.items.push(2); });
        show([shop.dirtyRead("t", "cart"), tried(() => shop.dirtyRead("t", "cart").items.push(3))]);
      }
    `);
    expect(parsed(said)).toEqual([
      [
        "atomic",
        [
          2,
          "gone",
          ["a", "c", "d"],
          [
            ["a", 2],
            ["c", 1],
            ["d", 4],
          ],
          [],
          [],
        ],
      ],
      [["a", "c", "d"], []],
      [{ items: [1] }, "TypeError"],
    ]);
  });

  it("Rule TX6: outlives the node from the moment that tx returns, and is never there by half", () => {
    const program = `${IMPORT}
      export async function main() {
        show([shop.dirtyRead("a", 1) ?? 0, shop.dirtyRead("b", 1) ?? 0]);
        for (let i = (shop.dirtyRead("a", 1) ?? 0) + 1; ; i++) {
          await shop.tx(async (t) => { t.write("a", 1, i); await sleep(0.3); t.write("b", 1, -i); });
          log("done " + i);
        }
      }
    `;
    for (let i = 0; i < 12; i++) {
      const deathMs = 20.1 + i * 0.25;
      const { lines } = play(program, mortal([deathMs], { horizonUs: 121_100 + i * 250 }));
      const done = lines.filter((line) => line.includes("done")).length;
      // Each takes 2.5 ms; the one that was under way is not there.
      expect(done).toBe(Math.floor(deathMs / 2.5));
      expect(lines.at(-1)?.split(": ")[1]).toBe(JSON.stringify([done, -done]));
    }
  });

  it("Rule TX6: the file of a database that is changed often stays small, and says the same after a restart", () => {
    const { said, trace } = play(
      `${IMPORT}
        export async function main() {
          show(shop.dirtyAllKeys("n").map((key) => [key, shop.dirtyRead("n", key)]));
          if (shop.dirtyRead("n", 0) !== undefined) return;
          for (let i = 0; i < 150; i++) await shop.tx((t) => { t.write("n", i % 3, i); t.write("last", 0, i); });
          await receive();
        }
      `,
      mortal([500]),
    );
    expect(parsed(said)).toEqual([
      [],
      [
        [0, 147],
        [1, 148],
        [2, 149],
      ],
    ]);
    let compactions = 0;
    for (let row = 0; row < trace.rowCount; row++) {
      if (trace.kindOf(row) !== KIND.disk) continue;
      const { op, file } = trace.payloadOf(row) as { readonly op: string; readonly file: string };
      expect(file).toBe("shop.db");
      if (op === "compact") compactions++;
    }
    // 300 changes; one compaction for every 108 or so.
    expect(compactions).toBe(2);
  });

  it("Rule TX7: cannot begin in another of the same database, nor be used outside of its own", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        let kept;
        show(await shop.tx(async (t) => {
          kept = t;
          t.write("t", 1, 1);
          const inner = tried(() => shop.tx(() => 0));
          const other = await db("other").tx((u) => { u.write("t", 1, t.read("t", 1) + 1); return "other"; });
          const elsewhere = spawn(() => show(tried(() => t.read("t", 1))), []);
          await sleep(1);
          return [inner, other];
        }));
        show([tried(() => kept.read("t", 1)), tried(() => kept.write("t", 1, 2)), tried(() => kept.abort("x"))]);
        const first = shop.tx((t) => t.write("t", 1, 3));
        show([tried(() => shop.tx((t) => t.write("t", 1, 4))), await first, shop.dirtyRead("t", 1), db("other").dirtyRead("t", 1)]);
        show([(await shop.tx((t) => t.read("t", 1))), tried(() => db(""))]);
      }
    `);
    const none = ["aborted", "no_transaction"];
    expect(parsed(said)).toEqual([
      none,
      ["atomic", ["badarg", ["atomic", "other"]]],
      [none, none, none],
      ["badarg", ["atomic", "ok"], 3, 2],
      [["atomic", 3], "badarg"],
    ]);
  });

  it("Rule TX8: a full disk aborts what changes something, and past 10,000 that wait one is aborted at once", () => {
    const full: FaultSpec = { kind: "diskFull", node: "n1", atUs: 10_000, untilUs: 20_000 };
    const { said } = play(
      `${IMPORT}
        export async function main() {
          const put = (value) => shop.tx((t) => { t.write("t", 1, value); return value; });
          show(await put(1));
          await sleep(10);
          show([await put(2), await shop.tx((t) => t.read("t", 1)), shop.dirtyRead("t", 1)]);
          await sleep(10);
          show([await put(3), shop.dirtyRead("t", 1)]);
          for (let i = 0; i < 10001; i++) spawn(async () => { const [outcome] = await shop.tx(async () => { await receive(); }); }, []);
          await sleep(1);
          show(await shop.tx(() => "never"));
        }
      `,
      scenarioOf({ faults: [full] }),
    );
    expect(parsed(said)).toEqual([
      ["atomic", 1],
      [["aborted", "enospc"], ["atomic", 1], 1],
      [["atomic", 3], 3],
      ["aborted", "system_limit"],
    ]);
  });
});

/** Money goes from account to account, in lives of a node that end at random, by clerks who do too. */
const BANK = compileFiles({
  "main.ts": `
    import { exit, log, random, sleep, spawn } from "otp";
    import { db } from "world";
    const bank = db("bank");
    async function clerk() {
      for (;;) {
        const from = Math.floor(random() * 5), to = Math.floor(random() * 5), sum = Math.floor(random() * 30);
        const [outcome, number] = await bank.tx(async (t) => {
          t.write("account", from, t.read("account", from) - sum);
          if (random() < 0.5) await sleep(random());
          if (t.read("account", from) < 0) t.abort("no money");
          t.write("account", to, t.read("account", to) + sum);
          const number = t.keys("transfers").length;
          t.write("transfers", number, { from, to, sum });
          return number;
        });
        if (outcome === "atomic") log("done " + number + " " + JSON.stringify({ from, to, sum }));
      }
    }
    export async function main() {
      log("found " + JSON.stringify(bank.dirtyAllKeys("transfers").map((key) => bank.dirtyRead("transfers", key))) + " " + JSON.stringify(bank.dirtyAllKeys("account").map((key) => bank.dirtyRead("account", key))));
      if (bank.dirtyRead("account", 0) === undefined) await bank.tx((t) => { for (let i = 0; i < 5; i++) t.write("account", i, 100); });
      const clerks = [];
      for (let i = 0; i < 4; i++) clerks.push(spawn(clerk, []));
      for (;;) { await sleep(random() * 20); exit(clerks.shift(), "kill"); clerks.push(spawn(clerk, [])); }
    }
  `,
});

describe("Rules TX1, TX3, TX4 and TX6: no money is lost or made, drawn", () => {
  it.each(Array.from({ length: 20 }, (_, i) => i + 1))("seed %i", (seed) => {
    const random = new RandomStream(seed, 92);
    const first = 5 + random.uniform() * 100;
    const scenario = mortal([first, first + 105 + random.uniform() * 100], {
      schedule: seed % 2 === 0 ? "shuffled" : "fifo",
      horizonUs: 450_000,
    });
    const trace = simulate({ program: BANK, scenario, seed });
    const done = new Map<number, string>();
    let lives = 0;
    let transfers = 0;
    for (let row = 0; row < trace.rowCount; row++) {
      if (trace.kindOf(row) !== KIND.log) continue;
      const [word, number = "", what = ""] = String(trace.payloadOf(row)).split(" ");
      if (word === "done") done.set(Number(number), what);
      if (word !== "found") continue;
      const found = JSON.parse(number) as { from: number; to: number; sum: number }[];
      // A second computation: the accounts are what the transfers make of them, one after the other.
      const accounts = [100, 100, 100, 100, 100];
      for (const { from, to, sum } of found) {
        accounts[from] = (accounts[from] ?? 0) - sum;
        expect(accounts[from]).toBeGreaterThanOrEqual(0);
        accounts[to] = (accounts[to] ?? 0) + sum;
      }
      if (what !== "[]") expect(JSON.parse(what)).toEqual(accounts);
      for (const [at, transfer] of done) expect(JSON.stringify(found[at])).toBe(transfer);
      lives++;
      transfers = found.length;
    }
    expect(lives).toBe(3);
    expect(transfers).toBeGreaterThan(5);
  });
});
