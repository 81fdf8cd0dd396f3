/** The drawn worlds of delivery.test.ts with every node by itself: sockets, disks, restarts and all faults. */
import { expect, it } from "vitest";
import { digestOf } from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { accountOf } from "../engine/delivery-account.ts";
import { bundleThread, runApart, runInThreads } from "../engine/placements.ts";
import { CHATTER, drawWorld } from "../engine/random-worlds.ts";
import { compileFiles, compileScript } from "../engine/room.ts";

const FILES = { "main.ts": CHATTER };
const PROGRAM = compileFiles(FILES);
const SEEDS = [2, 7, 11, 27, 34, 119, 318, 367, 449, 459];
const THREADED = [27, 367];

it.each(SEEDS)(
  "Rules T4 and G3: world %i is the same with its nodes apart",
  async (seed) => {
    const scenario = drawWorld(seed);
    const together = simulate({ program: PROGRAM, scenario, seed });
    const apart = await runApart(PROGRAM, scenario, seed);
    expect(apart.trace.rowCount).toBe(together.rowCount);
    expect(apart.digest).toBe(digestOf(together));
    expect(accountOf(apart.trace, scenario)).toEqual(accountOf(together, scenario));
  },
  60_000,
);

it("Rule T4: and in threads of their own", async () => {
  const bundle = await bundleThread();
  for (const seed of THREADED) {
    const scenario = drawWorld(seed);
    const together = simulate({ program: PROGRAM, scenario, seed });
    const threads = await runInThreads(bundle, compileScript(FILES), scenario, seed);
    expect(threads.digest, `world ${seed}`).toBe(digestOf(together));
  }
}, 60_000);

it("has faults of every kind in these worlds", () => {
  const kinds = SEEDS.flatMap((seed) => drawWorld(seed).faults.map(({ kind }) => kind));
  expect(new Set(kinds).size).toBe(16);
});
