/** Expected values are those that OTP 25 gave for the same calls, but for what the titles call ours. */
import { describe, expect, it } from "vitest";
import { RandomStream } from "../../workers/kernel/index.ts";
import { compareTerms } from "../../workers/otp/ets-order.ts";
import { EtsTable } from "../../workers/otp/ets-table.ts";
import { keyOf } from "../../workers/otp/term-key.ts";
import { play } from "../engine/room.ts";

const IMPORT = `import { ets } from "otp";
  const show = (value) => log(JSON.stringify(value));
  const tried = (body) => { try { return body(); } catch (thrown) { return thrown.reason ?? String(thrown); } };
  /** What another process gets from \`body\`. */
  const elsewhere = (body) => { const [pid, ref] = spawnMonitor(() => exit(tried(body)), []); return receive([when({ ref }, (down) => down.reason)]); };
`;

const said = (text: string) =>
  play(`${IMPORT} export async function main() { ${text} }`).said.map((line) => JSON.parse(line));

describe("tables", () => {
  it("Rule ET1: a set keeps one object a key; a bag different ones, a duplicateBag equal ones too", () => {
    expect(
      said(`
        for (const type of ["set", "orderedSet", "bag", "duplicateBag"]) {
          const tab = ets.new("t", { type });
          show(ets.insert(tab, ["k", 1]));
          for (const value of [2, 1, 3]) ets.insert(tab, ["k", value]);
          show(ets.lookup(tab, "k").map(([, value]) => value));
          ets.deleteObject(tab, ["k", 1]);
          show([ets.info(tab).size, ets.member(tab, "k"), ets.lookup(tab, "other")]);
        }
      `),
    ).toEqual(
      [
        [[3], [1, true, []]],
        [[3], [1, true, []]],
        [
          [1, 2, 3],
          [2, true, []],
        ],
        [
          [1, 2, 1, 3],
          [2, true, []],
        ],
      ].flatMap(([values, after]) => [true, values, after]),
    );
  });

  it("Rule ET2: keys are equal when their values are, whatever object they are", () => {
    expect(
      said(`
        const tab = ets.new("t");
        ets.insert(tab, [[{ shop: 1, cart: [2] }, 5]]);
        show(ets.lookup(tab, { cart: [2], shop: 1 })[0][1]);
        show([ets.lookup(tab, 1), ets.member(tab, "1")]);
        ets.insert(tab, [1, "number"]);
        ets.insert(tab, ["1", "text"]);
        show([ets.lookup(tab, 1)[0][1], ets.lookup(tab, "1")[0][1]]);
        const second = ets.new("t", { keypos: 2 });
        ets.insert(second, ["x", "key"]);
        show([ets.lookup(second, "key"), tried(() => ets.insert(second, ["x"]))]);
      `),
    ).toEqual([5, [[], false], ["number", "text"], [[["x", "key"]], "badarg"]]);
  });

  it("Rule ET3: an orderedSet goes in the order of terms, which is ours where Erlang's types are not", () => {
    expect(
      said(`
        const tab = ets.new("t", { type: "orderedSet" });
        const keys = [{ a: 1 }, [1], "b", [3], "a", 2, -1, {}, { b: 0 }, [0, 0, 0], [1, 2], true, null, { a: 1, b: 1 }];
        for (const key of keys) ets.insert(tab, [key, 0]);
        show(ets.tab2list(tab).map(([key]) => key));
        ets.deleteAllObjects(tab);
        ets.insert(tab, [[1, 0], [3, 0], [5, 0]]);
        show([ets.next(tab, 2), ets.prev(tab, 4), ets.next(tab, 3), ets.next(tab, 5), ets.prev(tab, 1), ets.first(tab), ets.last(tab)]);
      `),
    ).toEqual([
      // As OTP's order of tuples (by size, then part by part) and of maps (size, keys, values).
      [
        -1,
        2,
        null,
        true,
        "a",
        "b",
        [1],
        [3],
        [1, 2],
        [0, 0, 0],
        {},
        { a: 1 },
        { b: 0 },
        { a: 1, b: 1 },
      ],
      [3, 3, 5, "$end_of_table", "$end_of_table", 1, 5],
    ]);
  });

  it("Rule ET4: first, next and their kind go over the keys; in a set prev is next, and a lost key is an error", () => {
    expect(
      said(`
        const tab = ets.new("t");
        show([ets.first(tab), ets.last(tab)]);
        ets.insert(tab, [["a", 1], ["b", 2], ["c", 3]]);
        const keys = [];
        for (let key = ets.first(tab); key !== "$end_of_table"; key = ets.next(tab, key)) keys.push(key);
        show(keys.sort());
        show([ets.last(tab) === ets.first(tab), ets.prev(tab, ets.first(tab)) === ets.next(tab, ets.first(tab))]);
        ets.delete(tab, "b");
        show([tried(() => ets.next(tab, "b")), tried(() => ets.prev(tab, "never"))]);
        show(ets.foldl(([, value], sum) => sum + value, 0, tab));
      `),
    ).toEqual([
      ["$end_of_table", "$end_of_table"],
      ["a", "b", "c"],
      [true, true],
      ["badarg", "badarg"],
      4,
    ]);
  });

  it("Rule ET5: insert puts in all of a list or nothing; insertNew only when no key is there", () => {
    expect(
      said(`
        const tab = ets.new("t", { keypos: 2 });
        show(tried(() => ets.insert(tab, [["x", 1], ["short"]])));
        show([ets.info(tab).size, ets.insert(tab, []), tried(() => ets.insert(tab, "text"))]);
        show([ets.insertNew(tab, [["a", "z"], ["b", "z"]]), ets.lookup(tab, "z")]);
        show([ets.insertNew(tab, [["c", "y"], ["d", "z"]]), ets.lookup(tab, "y")]);
        const bag = ets.new("t", { type: "bag" });
        show([ets.insertNew(bag, ["z", 1]), ets.insertNew(bag, ["z", 3]), ets.lookup(bag, "z")]);
        show([ets.take(bag, "z"), ets.take(bag, "z"), ets.delete(bag, "z")]);
      `),
    ).toEqual([
      "badarg",
      [0, true, "badarg"],
      [true, [["b", "z"]]],
      [false, []],
      [true, false, [["z", 1]]],
      [[["z", 1]], [], true],
    ]);
  });

  it("Rule ET6: counters and elements change in place, all together or not at all", () => {
    expect(
      said(`
        const tab = ets.new("t");
        ets.insert(tab, ["a", 1]);
        show([ets.updateCounter(tab, "a", 5), ets.updateCounter(tab, "a", [2, -2]), ets.updateCounter(tab, "a", [[2, 1], [2, 1]]), ets.updateCounter(tab, "a", [])]);
        show(tried(() => ets.updateCounter(tab, "none", 1)));
        show([ets.updateCounter(tab, "none", 3, ["other", 10]), ets.lookup(tab, "none"), ets.lookup(tab, "other")]);
        show(tried(() => ets.updateCounter(tab, "short", 3, ["x"])));
        show([ets.updateCounter(tab, "a", [2, 100, 50, 0]), ets.updateCounter(tab, "a", [2, -10, -5, 7]), ets.updateCounter(tab, "a", [2, 0, 3, 9])]);
        ets.insert(tab, ["p", 1, "x"]);
        show([tried(() => ets.updateCounter(tab, "p", [[2, 5], [3, 1]])), ets.lookup(tab, "p")]);
        ets.insert(tab, [5, 5]);
        ets.insert(tab, ["f", 1.5]);
        show([tried(() => ets.updateCounter(tab, 5, [1, 1])), tried(() => ets.updateCounter(tab, "f", 1))]);
        show([ets.updateElement(tab, "a", [2, "x"]), ets.updateElement(tab, "gone", [9, "x"]), ets.updateElement(tab, "a", [[2, "y"]]), ets.lookup(tab, "a")]);
        show([tried(() => ets.updateElement(tab, "a", [1, "x"])), tried(() => ets.updateElement(tab, "a", [9, "x"])), ets.updateElement(tab, "a", [])]);
        const bag = ets.new("t", { type: "bag" });
        ets.insert(bag, [["k", 3], ["k", 1]]);
        show([tried(() => ets.updateCounter(bag, "k", 1)), tried(() => ets.updateElement(bag, "k", [2, 1]))]);
        show([ets.lookupElement(tab, "a", 2), ets.lookupElement(bag, "k", 2)]);
        show([tried(() => ets.lookupElement(tab, "gone", 2)), tried(() => ets.lookupElement(tab, "a", 3)), tried(() => ets.lookupElement(tab, "a", 0))]);
      `),
    ).toEqual([
      [6, 4, [5, 6], []],
      "badarg",
      [13, [["none", 13]], []],
      "badarg",
      [0, 7, 9],
      ["badarg", [["p", 1, "x"]]],
      ["badarg", "badarg"],
      [true, false, true, [["a", "y"]]],
      ["badarg", "badarg", true],
      ["badarg", "badarg"],
      ["y", [3, 1]],
      ["badarg", "badarg", "badarg"],
    ]);
  });

  it("Rule ET7: patterns and functions find objects; what is gone over is what was there at the start", () => {
    expect(
      said(`
        const tab = ets.new("t", { type: "orderedSet" });
        ets.insert(tab, [[1, "open", { q: 1, r: 2 }]]);
        ets.insert(tab, [2, "closed", { q: 2 }]);
        ets.insert(tab, [3, "open", { q: 1 }]);
        show([ets.match(tab, ["$1", "open", "_"]), ets.match(tab, ["$2", "$1", "_"]), ets.match(tab, ["$1", "$1", "_"]), ets.match(tab, ["_"]), ets.match(tab, [1, "_", "_"])]);
        show(ets.matchObject(tab, ["_", "_", { q: 1 }]).map(([key]) => key));
        show([ets.selectCount(tab, ([key]) => key > 1), ets.select(tab, ([, state]) => state === "closed")]);
        show(tried(() => ets.select(tab, () => undefined)));
        show(ets.foldl(([key], seen) => { ets.delete(tab, key + 1); return [...seen, key]; }, [], tab));
        show(ets.tab2list(tab).map(([key]) => key));
        show([ets.selectDelete(tab, ([key]) => key === 1), ets.matchDelete(tab, "_"), ets.info(tab).size]);
      `),
    ).toEqual([
      [
        [[1], [3]],
        [
          ["open", 1],
          ["closed", 2],
          ["open", 3],
        ],
        [],
        [],
        [[]],
      ],
      [1, 3],
      [2, [[2, "closed", { q: 2 }]]],
      "badarg",
      [1, 2, 3],
      [1],
      [1, true, 0],
    ]);
  });

  it("Rule ET8: what goes in is a copy that nobody can change", () => {
    expect(
      said(`
        const cart = { items: [1] };
        const tab = ets.new("t");
        ets.insert(tab, ["cart", cart]);
        cart.items.push(2);
        const [[, found]] = ets.lookup(tab, "cart");
        show([found, tried(() => { found.items.push(3); }).includes("TypeError")]);
        show(tried(() => ets.insert(tab, ["f", () => 1])).includes("function"));
      `),
    ).toEqual([[{ items: [1] }, true], true]);
  });
});

describe("names and rights", () => {
  it("Rule ET9: a named table is found by name, any other by its reference alone", () => {
    expect(
      said(`
        const tab = ets.new("carts");
        show([ets.whereis("carts") ?? "nobody", tried(() => ets.insert("carts", ["a"])), ets.info(tab).name]);
        show([ets.new("stock", { named: true }), tried(() => ets.new("stock", { named: true })), ets.whereis("stock") === ets.info("stock").id]);
        show([ets.rename("stock", "shelf"), ets.whereis("stock") ?? "nobody", ets.rename(tab, "other") === tab, ets.info(tab).name, tried(() => ets.rename("shelf", "shelf"))]);
        show([ets.all().length, ets.insert(ets.whereis("shelf"), ["a", 1]), ets.lookup("shelf", "a")]);
        show([ets.delete(tab), ets.info(tab) ?? "gone", tried(() => ets.delete(tab)), tried(() => ets.lookup("#n1.99", 1))]);
        const { memory, owner, size, ...info } = ets.info("shelf");
        show([owner === self(), size, { ...info, id: 0 }, memory > 0]);
        show([tried(() => ets.new("x", { type: "heap" })), tried(() => ets.new("x", { access: "all" })), tried(() => ets.new("x", { keypos: 0 })), tried(() => ets.new(7))]);
      `),
    ).toEqual([
      ["nobody", "badarg", "carts"],
      ["stock", "badarg", true],
      ["shelf", "nobody", true, "other", "badarg"],
      [2, true, [["a", 1]]],
      [true, "gone", "badarg", "badarg"],
      [
        true,
        1,
        {
          id: 0,
          name: "shelf",
          type: "set",
          protection: "protected",
          keypos: 1,
          named: true,
          heir: "none",
          node: "n1",
        },
        true,
      ],
      ["badarg", "badarg", "badarg", "badarg"],
    ]);
  });

  it("Rule ET10: others may read a protected table, nothing of a private one, all of a public one; info tells anyone", () => {
    expect(
      said(`
        for (const access of ["protected", "private", "public"]) {
          const tab = ets.new("t", { access });
          ets.insert(tab, ["a", 1]);
          show(await elsewhere(() => [
            tried(() => ets.lookup(tab, "a").length), tried(() => ets.member(tab, "a")), tried(() => ets.tab2list(tab).length), tried(() => ets.first(tab)),
            tried(() => ets.insert(tab, ["b", 1])), tried(() => ets.updateCounter(tab, "a", 1)), tried(() => ets.rename(tab, "x")) === tab,
            tried(() => ets.giveAway(tab, self(), 0)), tried(() => ets.setopts(tab, { heir: "none" })), ets.info(tab).protection, tried(() => ets.delete(tab))]));
        }
      `),
    ).toEqual([
      [1, true, 1, "a", "badarg", "badarg", false, "badarg", "badarg", "protected", "badarg"],
      [
        "badarg",
        "badarg",
        "badarg",
        "badarg",
        "badarg",
        "badarg",
        false,
        "badarg",
        "badarg",
        "private",
        "badarg",
      ],
      [1, true, 1, "a", true, 2, true, "badarg", "badarg", "public", true],
    ]);
  });

  it("Rule ET11: a table is of one node only", () => {
    const told = play(
      `${IMPORT}
        export async function main() { ets.new("stock", { named: true }); await receive(); }
        export async function other() { await sleep(5); show([ets.whereis("stock") ?? "nobody", ets.all()]); }
      `,
      {
        name: "two",
        horizonUs: 1_000_000,
        nodes: [
          { name: "n1", cores: 1 },
          { name: "n2", cores: 1 },
        ],
        wires: [{ between: ["n1", "n2"], latency: { kind: "det", us: 1000 }, loss: 0 }],
        starts: [
          { atUs: 0, node: "n1", file: "main.ts", run: "main", args: [] },
          { atUs: 0, node: "n2", file: "main.ts", run: "other", args: [] },
        ],
        loads: [],
        faults: [],
      },
    );
    expect(told.said).toEqual(['["nobody",[]]']);
  });
});

describe("owners and heirs", () => {
  it("Rule ET12: a table ends with its owner, in the very instant, before anyone hears of it", () => {
    expect(
      said(`
        const owner = spawn(async () => { ets.new("stock", { named: true }); await receive(); }, []);
        const ref = monitor(owner);
        await sleep(1);
        show(ets.whereis("stock") !== undefined);
        exit(owner, "kill");
        show([ets.whereis("stock") ?? "gone", tried(() => ets.lookup("stock", 1))]);
        await receive([when({ ref }, () => show(ets.all().length))]);
        show([ets.new("stock", { named: true }), processInfo(self()).messageQueueLen]);
      `),
    ).toEqual([true, ["gone", "badarg"], 0, ["stock", 0]]);
  });

  it("Rule ET13: the heir has the table, and its message, before it hears of the end", () => {
    expect(
      said(`
        trapExit(true);
        const me = self();
        const pid = spawnLink(async () => {
          ets.new("stock", { named: true, heir: [me, { why: "yours" }] });
          ets.new("carts", { named: true, heir: [me, 2] });
          ets.insert("stock", ["a", 1]);
          await receive();
        }, []);
        await sleep(1);
        exit(pid, "bye");
        show([ets.info("stock").owner === me, ets.insert("stock", ["b", 2]), ets.info("stock").heir === me]);
        const messages = [await receive(), await receive(), await receive()];
        show(messages.map(({ tag, table, data, reason, from }) => [tag, table ?? reason, data, from === pid]));
      `),
    ).toEqual([
      [true, true, true],
      [
        ["ETS-TRANSFER", "stock", { why: "yours" }, true],
        ["ETS-TRANSFER", "carts", 2, true],
        ["EXIT", "bye", null, true],
      ],
    ]);
  });

  it("Rule ET14: an heir that has ended, or owns the table, inherits nothing; setopts names another", () => {
    expect(
      said(`
        const me = self();
        const dead = spawn(() => {}, []);
        await sleep(1);
        show([ets.info(ets.new("x", { heir: [dead, 1] })).heir, tried(() => ets.new("x", { heir: ["me", 1] })), ets.info(ets.new("x", { heir: [me, 1] })).heir === me]);
        const heir = spawn(async () => { await receive(); }, []);
        const owner = spawn(async () => { ets.new("a", { named: true, heir: [heir, 1] }); ets.new("b", { named: true, heir: [self(), 1] }); await receive(); }, []);
        await sleep(1);
        exit(heir, "kill");
        exit(owner, "kill");
        show([ets.whereis("a") ?? "gone", ets.whereis("b") ?? "gone"]);
        const third = spawn(async () => { ets.new("c", { named: true, heir: [me, 1] }); ets.setopts("c", { heir: "none" }); await receive(); }, []);
        const fourth = spawn(async () => { ets.new("d", { named: true }); show(ets.setopts("d", { heir: [me, 4] })); await receive(); }, []);
        await sleep(1);
        exit(third, "kill");
        exit(fourth, "kill");
        show([ets.whereis("c") ?? "gone", (await receive()).data, tried(() => ets.setopts("d", {}))]);
      `),
    ).toEqual([["none", "badarg", true], ["gone", "gone"], true, ["gone", 4, "badarg"]]);
  });

  it("Rule ET15: giveAway makes another living process of the node the owner, and tells it", () => {
    expect(
      said(`
        const me = self();
        const dead = spawn(() => {}, []);
        ets.new("stock", { named: true, heir: [me, "back"] });
        ets.insert("stock", ["a", 1]);
        const worker = spawn(async () => { const message = await receive(); send(me, message); await receive(); }, []);
        await sleep(1);
        show([tried(() => ets.giveAway("stock", dead, 0)), tried(() => ets.giveAway("stock", me, 0)), tried(() => ets.giveAway("stock", "worker", 0))]);
        show(ets.giveAway("stock", worker, "do it"));
        const { tag, table, from, data } = await receive();
        show([tag, table, from === me, data]);
        show([ets.info("stock").owner === worker, tried(() => ets.insert("stock", ["b", 1])), ets.lookup("stock", "a"), ets.info("stock").heir === me]);
        exit(worker, "kill");
        show([ets.info("stock").owner === me, (await receive()).data]);
      `),
    ).toEqual([
      ["badarg", "badarg", "badarg"],
      true,
      ["ETS-TRANSFER", "stock", true, "do it"],
      [true, "badarg", [["a", 1]], true],
      [true, "back"],
    ]);
  });

  it("Rule ET16: a node has 10,000 tables at most, and so many objects; what ended makes room", () => {
    expect(
      said(`
        const pid = spawn(async () => {
          for (let i = 0; i < 10000; i++) ets.new("t");
          show(tried(() => ets.new("t")));
          await receive();
        }, []);
        await sleep(1);
        exit(pid, "kill");
        show(ets.new("t", { named: true }));
        for (let i = 0; i < 1000; i++) ets.insert("t", [i, 0]);
        ets.new("list", { named: true, type: "duplicateBag" });
        const thousand = Array.from({ length: 1000 }, (_, i) => [i]);
        for (let i = 0; i < 999; i++) ets.insert("list", thousand);
        show([tried(() => ets.insert("list", ["more"])), ets.delete("t"), ets.insert("list", ["more"])]);
      `),
    ).toEqual(["system_limit", "t", ["system_limit", true, true]]);
  });
});

/** Terms of every kind, drawn so that equal ones are frequent. */
function drawTerm(random: RandomStream, depth = 0): unknown {
  const some = (count: number) => Array.from({ length: random.below(count) });
  switch (random.below(depth > 2 ? 5 : 8)) {
    case 0:
      return random.below(4) - 1;
    case 1:
      return ["", "a", "b", "1"][random.below(4)];
    case 2:
      return [undefined, null, true, false][random.below(4)];
    case 3:
      return [BigInt(random.below(3)), Number.NaN, 0.5, -0][random.below(4)];
    case 4:
      return [];
    case 5:
      return some(3).map(() => drawTerm(random, depth + 1));
    case 6:
      return Object.fromEntries(
        some(3).map(() => ["xyz"[random.below(3)] as string, drawTerm(random, depth + 1)]),
      );
    default:
      return random.below(2) === 0
        ? new Set(some(3).map(() => drawTerm(random, depth + 1)))
        : new Map(some(2).map(() => [random.below(2), drawTerm(random, depth + 1)]));
  }
}

it("Rule ET3: the order is total, and two terms are equal in it exactly when they are one key", () => {
  const random = new RandomStream(5, 77);
  const terms = Array.from({ length: 120 }, () => drawTerm(random));
  for (const a of terms) {
    for (const b of terms) {
      const order = Math.sign(compareTerms(a, b));
      expect(order + Math.sign(compareTerms(b, a))).toBe(0);
      expect(order === 0).toBe(keyOf(a) === keyOf(b));
      for (const c of terms.slice(0, 40)) {
        if (order <= 0 && compareTerms(b, c) <= 0 && compareTerms(a, c) > 0)
          throw new Error(`${keyOf(a)} ≤ ${keyOf(b)} ≤ ${keyOf(c)}`);
      }
    }
  }
});

it.each(["set", "orderedSet", "bag", "duplicateBag"] as const)(
  "Rule ET1: a %s holds what a plain list of objects would, whatever is done to it",
  (type) => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new RandomStream(seed, 78);
      const table = new EtsTable(type, 1);
      let model: (readonly [number, number])[] = [];
      for (let i = 0; i < 200; i++) {
        const object = [random.below(8), random.below(3)] as const;
        const [key] = object;
        const isSame = (other: readonly [number, number]) =>
          other[0] === key && other[1] === object[1];
        if (random.below(3) > 0) {
          table.insert({ object, bytes: 32 });
          if (table.isSet) model = model.filter((other) => other[0] !== key);
          if (type === "duplicateBag" || !model.some(isSame)) model.push(object);
        } else if (random.below(2) === 0) {
          table.delete(key);
          model = model.filter((other) => other[0] !== key);
        } else {
          table.deleteObject(object);
          model = model.filter((other) => !isSame(other));
        }
        const sorted = (objects: readonly (readonly unknown[])[]) => objects.map(keyOf).sort();
        expect(sorted(table.objects())).toEqual(sorted(model));
        expect(table.lookup(key).map((kept) => kept.object)).toEqual(
          model.filter((other) => other[0] === key),
        );
        expect([table.size, table.bytes]).toEqual([model.length, 32 * model.length]);
        const keys: unknown[] = [];
        for (let slot = table.end(false); slot !== undefined; ) {
          keys.push(slot.key);
          const next = table.beside(slot.key, false);
          slot = next === "missing" ? undefined : next;
        }
        const expected = [...new Set(model.map(([one]) => one))].sort();
        expect(type === "orderedSet" ? keys : [...keys].sort()).toEqual(expected);
      }
    }
  },
);
