/**
 * Delivery is what it says, in worlds that nobody chose (engine/random-worlds.ts): every run's trace
 * is read by an account of its own (engine/delivery-account.ts), which knows nothing of the engine
 * but what the rows and the plan of the faults say. 200 worlds take half a minute and are worth it:
 * the first hundreds found what delivery-heal.test.ts keeps. A number that fails is a world:
 * `drawWorld(number)`.
 */
import { describe, expect, it } from "vitest";
import { KIND } from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import {
  type Account,
  accountOf,
  brokenBlocks,
  brokenBooks,
  brokenBooksOnDisk,
  brokenOrder,
  brokenProbes,
  brokenTies,
} from "../engine/delivery-account.ts";
import { CHATTER, drawWorld } from "../engine/random-worlds.ts";
import { compileFiles } from "../engine/room.ts";

const PROGRAM = compileFiles({ "main.ts": CHATTER });
const WORLDS = 200;
const GENTLE_WORLDS = 20;
const PER_TEST = 10;

/** What the worlds put to the test, over all of them. */
const seen = new Map<string, number>();
const count = (what: string, by: number) => seen.set(what, (seen.get(what) ?? 0) + by);

const batches = (worlds: number) =>
  Array.from({ length: worlds / PER_TEST }, (_none, i) => i * PER_TEST + 1);

describe("Rules DE1, DE2, DE3, S1, W2, W4, W5, B1, B5, B6, B9, L1, L3, L4, DK2, DK6 and SO1 in drawn worlds", () => {
  it.each(batches(WORLDS))(
    "the ten worlds from seed %i on",
    (first) => {
      for (let seed = first; seed < first + PER_TEST; seed++) holds(seed, false);
    },
    60_000,
  );

  it.each(batches(GENTLE_WORLDS))(
    "Rule B6: the ten worlds from seed %i on, with silences that nobody is told of",
    (first) => {
      for (let seed = first; seed < first + PER_TEST; seed++) {
        const { trace, account } = holds(seed, true);
        let losses = 0;
        for (let row = 0; row < trace.rowCount; row++)
          if (trace.kindOf(row) === KIND.disconnect) losses++;
        expect(losses, `world ${seed}`).toBe(0);
        for (const { watcher, target, heard } of account.watches)
          for (const { reason } of heard)
            expect(isApart(account, watcher, target) || reason !== "noconnection").toBe(true);
      }
    },
    60_000,
  );

  it("was put to the test by all that can become of a message, and of who watches", () => {
    const least: readonly (readonly [string, number])[] = [
      ["arrived", 100_000],
      ["lost", 10_000],
      ["discarded", 3_000],
      ["doubled", 2_000],
      ["gone with a node", 150],
      ["late by a pause", 200],
      ["lost on arrival", 30],
      ["held up by a silence", 30],
      ["over a channel", 3_000],
      ["told noconnection", 300],
      ["told noproc", 100],
      ["told another reason", 300],
      ["probes", 3_000],
      ["books found again", 20],
    ];
    for (const [what, times] of least) expect(seen.get(what) ?? 0, what).toBeGreaterThan(times);
  });
});

function holds(seed: number, gentle: boolean) {
  const scenario = drawWorld(seed, { gentle });
  const trace = simulate({ program: PROGRAM, scenario, seed });
  const account = accountOf(trace, scenario);
  const probes = brokenProbes(account);
  const broken = {
    rows: account.broken,
    books: brokenBooks(account),
    order: brokenOrder(account),
    blocks: brokenBlocks(account),
    ties: brokenTies(account),
    disks: brokenBooksOnDisk(account),
    probes: probes.broken,
  };
  const first = Object.entries(broken).map(([what, all]) => [what, all.slice(0, 3)]);
  expect(
    first.filter(([, all]) => all?.length),
    `world ${seed}`,
  ).toEqual([]);
  take(account, probes.count);
  return { trace, account };
}

function take(account: Account, probes: number): void {
  for (const { fate, at, due, fateAt, doubles, said } of account.sends.values()) {
    count(fate ?? "gone with a node", 1);
    if (doubles !== undefined) count("doubled", 1);
    if (fate === "arrived" && due > at && fateAt > due) count("late by a pause", 1);
    if (fate === "lost" && fateAt === due && due > at) count("lost on arrival", 1);
    if (fate !== "lost" && said.channel !== undefined && due === at)
      count("held up by a silence", 1);
    if (said.channel !== undefined) count("over a channel", 1);
  }
  for (const { heard } of account.watches)
    for (const { reason } of heard) {
      const isKnown = reason === "noconnection" || reason === "noproc";
      count(`told ${isKnown ? reason : "another reason"}`, 1);
    }
  count("probes", probes);
  count(
    "books found again",
    account.books.filter(({ what, count: pages }) => what === "found" && pages > 0).length,
  );
}

/** Two nodes without a wire have no connection to lose. */
function isApart({ connections }: Account, watcher: number, target: number): boolean {
  const node = (id: number) => Math.floor(id / 2 ** 22) - 1;
  return !connections.has(`${node(watcher)}-${node(target)}`);
}
