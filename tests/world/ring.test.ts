import { describe, expect, it } from "vitest";
import { hash } from "../../workers/world/hash.ts";
import { hashRing } from "../../workers/world/hash-ring.ts";
import {
  joinRing,
  leaveRing,
  meetsTargetN,
  moves,
  ownerOf,
  ownersOf,
  partitionIn,
  preflist,
  type Ring,
  ring,
} from "../../workers/world/ring.ts";
import { play, twoNodes } from "../engine/room.ts";

const names = (count: number) => Array.from({ length: count }, (_, i) => `n${i + 1}`);

/** Keys as shops have them; each family would find a hash out that looks at part of a key alone. */
const FAMILIES: readonly (readonly [string, (i: number) => unknown])[] = [
  ["numbers in a row", (i) => i],
  ["multiples of 1,024", (i) => i * 1024],
  ["fractions", (i) => i / 7],
  ["short texts", (i) => `k${i}`],
  ["texts that differ in the middle", (i) => `customer/${i}/cart`],
  ["texts of one letter more each", (i) => "x".repeat(i % 500) + String(i)],
  ["tuples", (i) => ["cart", i]],
  ["objects", (i) => ({ shop: i % 10, order: i })],
  ["pids", (i) => `<n1.${i}>`],
];

/** Sum of (seen − expected)² / expected over the bins. */
function chiSquared(family: (i: number) => unknown, bins: number, count: number): number {
  const seen = new Array<number>(bins).fill(0);
  for (let i = 0; i < count; i++) (seen[hash(family(i), bins)] as number)++;
  const expected = count / bins;
  return seen.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
}

describe("hash", () => {
  it.each(FAMILIES)("Rule RG1: is uniform over %s", (_name, family) => {
    for (const bins of [7, 64, 100, 1000]) {
      const degrees = bins - 1;
      // Five standard deviations of the chi-squared distribution, on both sides: too even is no chance, either.
      const spread = 5 * Math.sqrt(2 * degrees);
      const found = chiSquared(family, bins, 40 * bins + 2000);
      expect(found, `${bins} bins`).toBeLessThan(degrees + spread);
      expect(found, `${bins} bins`).toBeGreaterThan(degrees - spread);
    }
  });

  it("Rule RG1: each bit of the widest range is set half of the time, and bits agree half of the time", () => {
    const count = 20_000;
    const values = Array.from({ length: count }, (_, i) => hash(`key${i}`, 2 ** 32));
    const five = 5 * Math.sqrt(count / 4);
    for (let bit = 0; bit < 32; bit++) {
      const set = values.filter((value) => (value >>> bit) & 1).length;
      expect(Math.abs(set - count / 2), `bit ${bit}`).toBeLessThan(five);
      const agrees = values.filter(
        (value) => ((value >>> bit) & 1) === ((value >>> ((bit + 1) % 32)) & 1),
      );
      expect(Math.abs(agrees.length - count / 2), `bits ${bit}, ${bit + 1}`).toBeLessThan(five);
    }
  });

  it("Rule RG1: hangs on the content of a term alone, and stays what it is", () => {
    expect(hash({ a: 1, b: [2, "x"] })).toBe(hash({ b: [2, "x"], a: 1 }));
    expect(hash(-0)).toBe(hash(0));
    expect(hash(new Set([1, 2]))).toBe(hash(new Set([2, 1])));
    const different = [1, "1", [1], { 1: 1 }, true, null, undefined, 1n, "true", [], {}, [[]]];
    expect(new Set(different.map((term) => hash(term))).size).toBe(different.length);
    // The numbers themselves: stored places of keys must be found again by a later version.
    expect(["apple", 42, ["cart", 7], { id: 1 }].map((term) => hash(term, 1000))).toEqual(GOLDEN);
    expect(() => hash("x", 0)).toThrow("whole number from 1 to 2 ** 32");
    expect(() => hash("x", 1.5)).toThrow("whole number");
    expect(() => hash(() => 1)).toThrow("cannot be sent");
    expect([0, 1, 2, 3, 4, 5].map((i) => hash(i, 1))).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("Rule RG1: every node says the same, of exported functions too", () => {
    const { said } = play(
      `import { hash } from "world";
       export function price() {}
       const tell = () => log(JSON.stringify([["a", price], self().length > 0, { x: 1 }].map((key) => hash(key))));
       export function main() { tell(); }
       export function other() { tell(); }`,
      twoNodes(),
    );
    expect(said).toHaveLength(2);
    expect(said[0]).toBe(said[1]);
  });
});

/** As first written down; whoever changes the hash changes where everything is. */
const GOLDEN = [236, 349, 947, 275];

/** All windows of n partitions, around the end; how many different nodes each has. */
function windows({ owners, partitions, n }: Ring): number[] {
  return owners.map((_, first) => {
    const nodes = Array.from({ length: n }, (_none, i) => owners[(first + i) % partitions]);
    return new Set(nodes).size;
  });
}

/** Says by trying everything whether partitions can be claimed so that any n in a row are different. */
function canBeClaimed(nodeCount: number, partitions: number, n: number): boolean {
  const owners: number[] = [];
  const fits = (node: number): boolean => {
    const at = owners.length;
    for (let away = 1; away < n && away < partitions; away++) {
      if (at - away >= 0 && owners[at - away] === node) return false;
      if (at + away >= partitions && owners[(at + away) % partitions] === node) return false;
    }
    return true;
  };
  const fill = (used: number): boolean => {
    if (owners.length === partitions) return true;
    // Nodes not used yet are alike: the first of them stands for all.
    for (let node = 0; node < Math.min(nodeCount, used + 1); node++) {
      if (!fits(node)) continue;
      owners.push(node);
      if (fill(Math.max(used, node + 1))) return true;
      owners.pop();
    }
    return false;
  };
  return fill(0);
}

function counts({ nodes, owners }: Ring): number[] {
  return nodes.map((node) => owners.filter((owner) => owner === node).length);
}

const isEven = (ring: Ring) => Math.max(...counts(ring)) - Math.min(...counts(ring)) <= 1;

describe("ring", () => {
  it("Rule RG2: any n partitions in a row lie on n nodes exactly when that can be done, found out by trying", () => {
    let possible = 0;
    let impossible = 0;
    for (let partitions = 1; partitions <= 12; partitions++) {
      for (let n = 1; n <= Math.min(4, partitions); n++) {
        for (let m = 1; m <= 6; m++) {
          const made = ring({ partitions, nodes: names(m), n });
          const can = canBeClaimed(m, partitions, n);
          expect(meetsTargetN(made), `${partitions} partitions, n ${n}, ${m} nodes`).toBe(can);
          expect(windows(made).every((different) => different === n)).toBe(can);
          if (can) possible++;
          else impossible++;
        }
      }
    }
    expect([possible > 80, impossible > 50]).toEqual([true, true]);
  });

  it("Rule RG2: and so for large rings, by the formula; everybody has as many as any other, or one more", () => {
    for (const partitions of [16, 60, 64, 100, 256, 500]) {
      for (const n of [1, 2, 3, 4, 7]) {
        for (const m of [1, 2, 3, 4, 5, 6, 7, 10, 13, 31, 65]) {
          const made = ring({ partitions, nodes: names(m), n });
          const name = `${partitions} partitions, n ${n}, ${m} nodes`;
          const can = m * Math.floor(partitions / n) >= partitions;
          expect(
            windows(made).every((different) => different === n),
            name,
          ).toBe(can);
          expect(isEven(made), name).toBe(true);
        }
      }
    }
  });

  it("Rule RG2: riak_core's own trouble, 64 partitions on 5, 6 or 7 nodes, is none here", () => {
    // Dealt out plainly, the last partitions and the first lie on the same nodes.
    const plain = Array.from({ length: 64 }, (_, i) => `n${(i % 7) + 1}`);
    expect(
      windows({ partitions: 64, n: 4, nodes: names(7), owners: plain }).filter((d) => d < 4),
    ).not.toEqual([]);
    for (const m of [5, 6, 7]) expect(meetsTargetN(ring({ nodes: names(m), n: 4 }))).toBe(true);
  });

  it("Rule RG3: a key's preference list begins with its owner and goes around", () => {
    const made = ring({ partitions: 10, nodes: names(5), n: 3 });
    for (let key = 0; key < 200; key++) {
      const first = hash(key, 10);
      const list = preflist(made, key);
      expect(partitionIn(made, key)).toBe(first);
      expect(list.map(([partition]) => partition)).toEqual([
        first,
        (first + 1) % 10,
        (first + 2) % 10,
      ]);
      expect(list.map(([, node]) => node)).toEqual(
        list.map(([partition]) => made.owners[partition]),
      );
      expect(ownerOf(made, key)).toBe(list[0]?.[1]);
      expect(ownersOf(made, key, 3)).toEqual(list.map(([, node]) => node));
      expect(new Set(ownersOf(made, key, 9))).toEqual(new Set(made.nodes));
    }
  });

  it("Rule RG3: with too few nodes they repeat, and meetsTargetN says so", () => {
    const two = ring({ partitions: 8, nodes: ["a", "b"], n: 3 });
    expect(meetsTargetN(two)).toBe(false);
    expect(
      preflist(two, "key")
        .map(([, node]) => node)
        .sort().length,
    ).toBe(3);
    expect(ownersOf(two, "key", 3).length).toBe(2);
    // Three nodes are not enough for 64 partitions in threes: 64 is no multiple of 3.
    expect(meetsTargetN(ring({ nodes: names(3), n: 3 }))).toBe(false);
    expect(meetsTargetN(ring({ nodes: names(4), n: 3 }))).toBe(true);
  });

  it("Rule RG4: with more nodes than partitions, the rest own nothing", () => {
    const made = ring({ partitions: 64, nodes: names(65) });
    expect(counts(made).filter((count) => count === 0)).toHaveLength(1);
  });

  it("Rule RG5: a newcomer gets its share, nobody else gets anything, and less than 1 in m moves", () => {
    let joins = 0;
    for (const partitions of [8, 30, 64, 100, 128, 256]) {
      for (const n of [1, 2, 3, 4]) {
        let now = ring({ partitions, nodes: ["n1"], n });
        for (let m = 2; m <= Math.min(24, partitions); m++) {
          const before = now;
          const change = joinRing(before, `n${m}`);
          now = change.ring;
          const name = `${partitions} partitions, n ${n}, node ${m}`;
          const can = m * Math.floor(partitions / n) >= partitions;
          expect(isEven(now), name).toBe(true);
          if (can) expect(meetsTargetN(now), name).toBe(true);
          expect(change.moves, name).toEqual(moves(before, now));
          // Where it was spaced before, or could not be, no other partition moves.
          if (can && !meetsTargetN(before)) continue;
          joins++;
          expect(
            change.moves.every(({ to }) => to === `n${m}`),
            name,
          ).toBe(true);
          expect(change.moves.length, name).toBe(Math.floor(partitions / m));
        }
      }
    }
    expect(joins).toBeGreaterThan(400);
  });

  it("Rule RG5: of keys as many move; modulo would move nearly all", () => {
    const six = ring({ partitions: 64, nodes: names(6) });
    const { ring: seven } = joinRing(six, "n7");
    const keys = Array.from({ length: 20_000 }, (_, i) => `cart${i}`);
    const moved = keys.filter((key) => ownerOf(six, key) !== ownerOf(seven, key)).length / 20_000;
    expect(Math.abs(moved - 9 / 64)).toBeLessThan(0.01);
    const byModulo = keys.filter((key) => hash(key, 6) !== hash(key, 7)).length / 20_000;
    expect(byModulo).toBeGreaterThan(0.84);
  });

  it("Rule RG6: of a leaver only what it owned moves, when at least 2n − 1 nodes are left", () => {
    let leaves = 0;
    for (const partitions of [8, 30, 64, 100, 256]) {
      for (const n of [1, 2, 3, 4]) {
        for (const m of [2, 3, 5, 8, 11, 16]) {
          if (m > partitions) continue;
          let now = ring({ partitions, nodes: names(m), n });
          // All leave, one after the other, not in the order in which they came.
          for (let left = m; left > 1; left--) {
            const leaver = now.nodes[hash([partitions, m, left], left)] as string;
            const before = now;
            const wasSpaced = meetsTargetN(before);
            const owned = before.owners.filter((owner) => owner === leaver).length;
            const change = leaveRing(before, leaver);
            now = change.ring;
            const name = `${partitions} partitions, n ${n}, ${left} nodes less ${leaver}`;
            const can = now.nodes.length * Math.floor(partitions / n) >= partitions;
            expect(now.owners.includes(leaver), name).toBe(false);
            if (can) expect(meetsTargetN(now), name).toBe(true);
            expect(change.moves, name).toEqual(moves(before, now));
            expect(change.moves.length, name).toBeGreaterThanOrEqual(owned);
            if (now.nodes.length < 2 * n - 1 || !wasSpaced) continue;
            leaves++;
            expect(
              change.moves.every(({ from }) => from === leaver),
              name,
            ).toBe(true);
            expect(change.moves.length, name).toBe(owned);
          }
        }
      }
    }
    expect(leaves).toBeGreaterThan(300);
  });

  it("Rule RG7: a ring is plain data: it can be sent, and nothing changes it", () => {
    const { said, exits } = play(`
      import { ring, joinRing, preflist, ownerOf, hashRing } from "world";
      export async function main() {
        const six = ring({ partitions: 16, nodes: ["a", "b", "c"], n: 2 });
        const before = JSON.stringify(six);
        const pid = spawn(async () => {
          const { given, circle } = await receive();
          log(JSON.stringify([preflist(given, "key"), ownerOf(circle, "key")]));
        }, []);
        const circle = hashRing({ nodes: Array.from({ length: 30 }, (_, i) => "n" + i), points: 1000 });
        send(pid, { given: six, circle });
        log(JSON.stringify([preflist(six, "key"), ownerOf(circle, "key")]));
        joinRing(six, "d");
        log(before === JSON.stringify(six) ? "as it was" : "changed");
        six.owners[0] = "x";
      }
    `);
    expect(said.filter((line) => line === "as it was")).toHaveLength(1);
    const answers = said.filter((line) => line.startsWith("[["));
    expect(answers).toHaveLength(2);
    expect(answers[0]).toBe(answers[1]);
    expect(
      exits.some(
        ([label, reason]) => label === "main" && JSON.stringify(reason).includes("TypeError"),
      ),
    ).toBe(true);
  });

  it("Rule RG8: refuses what makes no ring", () => {
    const made = ring({ nodes: names(2) });
    expect(() => ring({ nodes: [] })).toThrow("at least one");
    expect(() => ring({ nodes: ["a", "a"] })).toThrow("a node twice");
    expect(() => ring({ nodes: ["a"], partitions: 0 })).toThrow("1 to 4096, not 0");
    expect(() => ring({ nodes: ["a"], partitions: 4, n: 5 })).toThrow("1 to 4, not 5");
    expect(() => joinRing(made, "n1")).toThrow('"n1" is a member');
    expect(() => leaveRing(made, "x")).toThrow('"x" is not a member');
    expect(() => leaveRing(ring({ nodes: ["a"] }), "a")).toThrow("only member");
    expect(() => moves(made, ring({ nodes: ["a"], partitions: 8 }))).toThrow("64 with 8");
    expect(() => hashRing({ nodes: names(100), points: 1000 })).toThrow("30,000");
  });
});

/** Standard deviation of the shares of the circle, in shares; and the least and largest. */
function spread(points: number, members: readonly string[]): { sigma: number; shares: number[] } {
  const made = hashRing({ nodes: members, points });
  const arcs = new Map<string, number>(members.map((node) => [node, 0]));
  made.points.forEach((at, i) => {
    const from =
      i === 0 ? (made.points.at(-1) as number) - 2 ** 32 : (made.points[i - 1] as number);
    const node = made.nodes[made.holders[i] as number] as string;
    arcs.set(node, (arcs.get(node) as number) + (at - from));
  });
  const shares = [...arcs.values()].map((arc) => (arc / 2 ** 32) * members.length);
  const sigma = Math.sqrt(shares.reduce((sum, share) => sum + (share - 1) ** 2, 0) / shares.length);
  return { sigma, shares };
}

describe("hashRing", () => {
  it.each([
    [100, 40, 0.0975, 0.77, 1.26],
    [1000, 40, 0.0308, 0.92, 1.07],
  ])(
    "Rule RG9: %i points a node spread by 1/√points, as published (R12)",
    (points, circles, sigma, low, high) => {
      // Circles of 20 nodes: σ of all their shares, and the interval that holds 99 % of them.
      const all = Array.from(
        { length: circles },
        (_, circle) =>
          spread(
            points,
            Array.from({ length: 20 }, (_none, i) => `c${circle}-n${i}`),
          ).shares,
      ).flat();
      const found = Math.sqrt(all.reduce((sum, share) => sum + (share - 1) ** 2, 0) / all.length);
      expect(Math.abs(found - sigma)).toBeLessThan(0.15 / Math.sqrt(points));
      all.sort((a, b) => a - b);
      expect(Math.abs((all[Math.floor(all.length * 0.005)] as number) - low)).toBeLessThan(
        0.6 / Math.sqrt(points),
      );
      expect(Math.abs((all[Math.floor(all.length * 0.995)] as number) - high)).toBeLessThan(
        0.6 / Math.sqrt(points),
      );
    },
  );

  it("Rule RG9: the owner is whoever has the first point from the key on, found by looking at all", () => {
    const made = hashRing({ nodes: names(7), points: 32 });
    for (let key = 0; key < 2000; key++) {
      const at = hash(`k${key}`, 2 ** 32);
      const around = made.points.map((point, i) => [(point - at + 2 ** 32) % 2 ** 32, i] as const);
      const inOrder = around
        .sort((a, b) => a[0] - b[0])
        .map(([, i]) => made.nodes[made.holders[i] as number]);
      const different = [...new Set(inOrder)];
      expect(ownerOf(made, `k${key}`)).toBe(different[0]);
      expect(ownersOf(made, `k${key}`, 3)).toEqual(different.slice(0, 3));
      expect(ownersOf(made, `k${key}`, 99)).toEqual(different);
    }
  });

  it("Rule RG10: with a node more, keys go to it alone; with a node less, only its own go", () => {
    const ten = hashRing({ nodes: names(10), points: 200 });
    const eleven = hashRing({ nodes: ["n11", ...names(10)], points: 200 });
    let moved = 0;
    for (let key = 0; key < 20_000; key++) {
      const [before, after] = [ownerOf(ten, key), ownerOf(eleven, key)];
      if (before === after) continue;
      moved++;
      expect(after).toBe("n11");
    }
    // 1/11, give or take three of its own standard deviations: (1/11)/√200.
    expect(Math.abs(moved / 20_000 - 1 / 11)).toBeLessThan(3 / 11 / Math.sqrt(200));
  });
});
