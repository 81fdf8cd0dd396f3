import { describe, expect, it } from "vitest";
import { Cores } from "../../workers/kernel/cores.ts";
import { RandomStream } from "../../workers/kernel/random.ts";
import { play, scenarioOf } from "../engine/room.ts";

/** Processor sharing the slow way: many tiny slices, each worker getting its share of each. */
function bySlices(
  cores: number,
  works: readonly { readonly at: number; readonly us: number }[],
  sliceUs: number,
): number[] {
  const left = works.map(({ us }) => us);
  const doneAt = new Array<number>(works.length).fill(0);
  for (let now = 0; left.some((us) => us > 0); now += sliceUs) {
    const present = [...works.keys()].filter(
      (i) => (works[i]?.at ?? 0) <= now && (left[i] as number) > 0,
    );
    const share = Math.min(1, cores / Math.max(1, present.length)) * sliceUs;
    for (const i of present) {
      left[i] = (left[i] as number) - share;
      if ((left[i] as number) <= 0) doneAt[i] = now + sliceUs;
    }
  }
  return doneAt;
}

describe("cores", () => {
  it("Rule C1: three works on two cores, by hand", () => {
    const { lines } = play(
      `
      export function main() { for (const ms of [10, 10, 10]) spawn(worker, [ms]); }
      async function worker(ms) { await work(ms); log("done"); }
    `,
      scenarioOf({ nodes: [{ name: "n1", cores: 2 }] }),
    );
    expect(lines).toEqual(["15 worker: done", "15 worker: done", "15 worker: done"]);
  });

  it.each([1, 2, 4])("Rule C1: %i cores agree with sharing in slices of a µs", (count) => {
    const random = new RandomStream(11, count);
    const works = Array.from({ length: 30 }, () => ({
      at: Math.floor(random.uniform() * 2000),
      us: 1 + Math.floor(random.uniform() * 500),
    }));
    const cores = new Cores(count);
    const doneAt = new Array<number>(works.length).fill(0);
    const arrivals = works.map((work, i) => ({ ...work, i })).sort((a, b) => a.at - b.at);
    let now = 0;
    while (arrivals.length > 0 || cores.load > 0) {
      now = Math.min(arrivals[0]?.at ?? Number.POSITIVE_INFINITY, cores.nextDoneAt());
      for (const work of cores.takeDone(now)) work.done();
      while (arrivals[0]?.at === now) {
        const { us, i } = arrivals.shift() as { us: number; i: number };
        cores.begin(now, us, () => {
          doneAt[i] = now;
        });
      }
    }
    const expected = bySlices(count, works, 1);
    doneAt.forEach((at, i) => {
      expect(Math.abs(at - (expected[i] as number)), `work ${i}`).toBeLessThanOrEqual(31);
    });
  });

  it("Rule C2: IO work takes its time whatever others do", () => {
    const { lines } = play(`
      export function main() {
        spawn(printer, []);
        for (let i = 0; i < 5; i++) spawn(cook, []);
      }
      async function printer() { await work(40, { kind: "io" }); log("printed"); }
      async function cook() { await work(20); log("cooked"); }
    `);
    expect(lines[0]).toBe("40 printer: printed");
    expect(lines.slice(1)).toEqual(new Array(5).fill("100 cook: cooked"));
  });

  it("work of a process that is killed leaves the core to the others", () => {
    const { lines } = play(`
      export async function main() {
        const victim = spawn(cook, []);
        spawn(cook, []);
        await sleep(10);
        exit(victim, "kill");
      }
      async function cook() { await work(20); log("cooked"); }
    `);
    expect(lines).toEqual(["25 cook: cooked"]);
  });
});
