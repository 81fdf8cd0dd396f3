import { describe, expect, it } from "vitest";
import { RandomStream } from "../../workers/kernel/index.ts";
import { Codel } from "../../workers/world/jobs-queue-codel.ts";
import { Line } from "../../workers/world/jobs-queue-line.ts";
import { play, scenarioOf } from "../engine/room.ts";

const IMPORT = `import { ask, done, jobsQueue, queueInfo, runJob } from "world";
  import { isProcessAlive } from "otp";
  const show = (value) => log(JSON.stringify(value));
  const begin = async (options) => (await startLink(jobsQueue(options)))[1];
  const stand = async (q) => { const s = await queueInfo(q); show([s.length, s.running, s.approved, s.rejected, s.timedOut]); };
  const later = (body, ...args) => spawn(body, args);
`;

const SEEDS = Array.from({ length: 50 }, (_, i) => i + 1);

const atOf = (lines: readonly string[]) => lines.map((line) => Number(line.split(" ")[0]));

describe("jobsQueue", () => {
  it.each([3, 30, 700])(
    "Rule RE30: gives leave evenly, %i times a second, exactly",
    (perSecond) => {
      const { lines } = play(`${IMPORT}
      export async function main() {
        const q = await begin({ perSecond: ${perSecond} });
        for (let i = 0; i < 50; i++) later(async () => { log((await ask(q))[0]); });
      }
    `);
      // The i-th at i gaps, at the first whole µs from there on: nothing adds up.
      const expected = Array.from(
        { length: 50 },
        (_, i) => Math.ceil((i * 1e6) / perSecond) / 1000,
      );
      expect(atOf(lines)).toEqual(expected);
    },
  );

  it("Rule RE30: what was not used is not made up for", () => {
    const { lines } = play(`${IMPORT}
      export async function main() {
        const q = await begin({ perSecond: 10 });
        await sleep(1234.5);
        for (let i = 0; i < 3; i++) later(async () => { log((await ask(q))[0]); });
        await sleep(1000);
        log((await ask(q))[0]);
      }
    `);
    expect(atOf(lines)).toEqual([1234.5, 1334.5, 1434.5, 2234.5]);
  });

  it("Rule RE31: lets no more than the limit run, in order; a dead holder frees its place, and done counts once", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const q = await begin({ limit: 2 });
        const main = self();
        const [, a] = await ask(q);
        const holder = later(async () => { await ask(q); await receive(); });
        for (const name of ["c", "d", "e"]) later(async () => { const [, job] = await ask(q); log(name); await receive(); });
        await sleep(1);
        await stand(q);
        done(q, a); done(q, a);
        await sleep(1);
        await stand(q);
        exit(holder, "kill");
        await sleep(1);
        await stand(q);
      }
    `);
    expect(said).toEqual(["[3,2,2,0,0]", "c", "[2,2,3,0,0]", "d", "[1,2,4,0,0]"]);
  });

  it.each([
    ["fifo", "abcde"],
    ["lifo", "edcba"],
  ])("Rule RE32: %s gives leave in its order", (type, order) => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const q = await begin({ limit: 1, type: "${type}" });
        const [, job] = await ask(q);
        for (const name of "abcde") later(async () => { const [, mine] = await ask(q); log(name); await sleep(1); done(q, mine); });
        await sleep(1);
        done(q, job);
      }
    `);
    expect(said.join("")).toBe(order);
  });

  it("Rule RE32: adaptive takes the oldest, but the newest once the queue has not been empty for the interval", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const q = await begin({ limit: 1, type: "adaptive", interval: 20 });
        const [, job] = await ask(q);
        for (const name of "abcdefgh") { later(async () => { const [, mine] = await ask(q); log(name); await sleep(4); done(q, mine); }); await sleep(1); }
        // At 8 ms; the queue has not been empty since 0, so from 20 on the newest goes first.
        done(q, job);
        await sleep(200);
        // It has been empty: from the beginning.
        const [, other] = await ask(q);
        for (const name of "xyz") { later(async () => { const [, mine] = await ask(q); log(name); await sleep(4); done(q, mine); }); await sleep(1); }
        done(q, other);
      }
    `);
    expect(said.join("")).toBe("abchgfedxyz");
  });

  it("Rule RE33: a full queue rejects at once; who waits for maxTime is turned away then", () => {
    const { lines } = play(`${IMPORT}
      export async function main() {
        const q = await begin({ limit: 1, maxSize: 2, maxTime: 50 });
        const [, job] = await ask(q);
        for (const name of ["a", "b", "c"]) {
          later(async () => { const [word, why] = await ask(q); log(name + " " + word + (word === "error" ? " " + why : "")); });
          await sleep(10);
        }
        await sleep(5);
        await stand(q);
        await sleep(100);
        await stand(q);
        done(q, job);
        show((await ask(q))[0]);
        const none = await begin({ limit: 1, maxSize: 0 });
        show([(await ask(none))[0], await ask(none)]);
      }
    `);
    expect(lines).toEqual([
      expect.stringMatching(/^20 .*: c error rejected$/),
      "35 main: [2,1,1,1,0]",
      expect.stringMatching(/^50 .*: a error timeout$/),
      expect.stringMatching(/^60 .*: b error timeout$/),
      "135 main: [0,1,1,1,2]",
      '135 main: "ok"',
      '135 main: ["ok",["error","rejected"]]',
    ]);
  });

  it("Rule RE34: who gives up loses its place, and leave that came too late is taken back", () => {
    const { lines } = play(`${IMPORT}
      export async function main() {
        const q = await begin({ limit: 1 });
        const [, job] = await ask(q);
        show(await ask(q, { timeout: 20 }));
        await stand(q);
        // Given up in the very instant in which the place becomes free.
        later(async () => { const [word, mine] = await ask(q, { timeout: 30 }); log("it got " + word); if (word === "ok") done(q, mine); });
        await sleep(30);
        done(q, job);
        await sleep(1);
        await stand(q);
        show((await ask(q, { timeout: 5 }))[0]);
        const dead = later(() => ask(q));
        await sleep(1);
        exit(dead, "kill");
        await sleep(1);
        await stand(q);
        try { await ask("nobody"); } catch (thrown) { show(thrown.reason[0]); }
      }
    `);
    expect(lines[0]).toBe('20 main: ["error","timeout"]');
    expect(lines[1]).toBe("20 main: [0,1,1,0,0]");
    expect(lines[2]).toMatch(/^50 .*: it got (ok|error)$/);
    expect(lines[3]).toMatch(/^51 main: \[0,0,[12],0,0\]$/);
    expect(lines.slice(4).map((line) => line.split(": ")[1])).toEqual([
      '"ok"',
      expect.stringMatching(/^\[0,1,[23],0,0\]$/),
      '"noproc"',
    ]);
  });

  it("Rule RE35: runJob runs with leave and gives it back whatever came of it; without leave it raises why", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const q = await begin({ limit: 1, maxSize: 0 });
        show(await runJob(q, async () => { await sleep(3); return 42; }));
        try { await runJob(q, () => { throw new Error("mine"); }); } catch (thrown) { log(thrown.message); }
        await stand(q);
        const [, job] = await ask(q);
        try { await runJob(q, () => log("not called")); } catch (thrown) { show([thrown.name, thrown.reason]); }
      }
    `);
    expect(said).toEqual(["42", "mine", "[0,0,2,0,0]", '["ErlangError","rejected"]']);
  });

  it("Rule RE36: refuses options that regulate nothing or make no sense", () => {
    const { said } = play(`${IMPORT}
      export function main() {
        for (const options of [
          undefined, {}, { perSecond: 0 }, { limit: 0 }, { limit: 1.5 }, { limit: 1, type: "best" },
          { limit: 1, maxSize: -1 }, { limit: 1, maxTime: "long" }, { perSecond: 2e6 },
        ]) try { jobsQueue(options); log("let through"); } catch (thrown) { log(thrown.reason); }
        jobsQueue({ limit: Infinity, perSecond: 0.5, maxTime: Infinity });
      }
    `);
    expect(said).toEqual(Array(9).fill("badarg"));
  });

  it.each(SEEDS)(
    "Rules RE30, RE32 and RE33: with a rate it does what a naive queue does, seed %i",
    (seed) => {
      const random = new RandomStream(seed, 55, 0);
      const type = seed % 2 === 0 ? "fifo" : "lifo";
      const gapMs = 5 + random.below(10);
      const maxSize = 2 + random.below(8);
      const maxTimeMs = 20 + random.below(100);
      let at = 0.5;
      const asks = Array.from({ length: 150 }, () => {
        at += random.below(random.below(10) === 0 ? 12 * gapMs : gapMs);
        return at;
      });
      const { said } = play(
        `${IMPORT}
      const AT = ${JSON.stringify(asks)};
      export async function main() {
        const q = await begin({ perSecond: ${1000 / gapMs}, type: "${type}", maxSize: ${maxSize}, maxTime: ${maxTimeMs} });
        for (const [i, at] of AT.entries()) {
          await sleep(at - monotonic());
          later(async () => { const [word, why] = await ask(q); log([i, word === "ok" ? "ok" : why, Math.round(monotonic() * 10) / 10].join(" ")); });
        }
      }`,
        scenarioOf(),
        { seed },
      );
      const byNumber = (a: string, b: string) => Number.parseInt(a, 10) - Number.parseInt(b, 10);
      const expected = naive(asks, { type, gapMs, maxSize, maxTimeMs });
      expect([...said].sort(byNumber)).toEqual(expected);
      expect(new Set(said.map((line) => line.split(" ")[1])).size).toBeGreaterThan(1);
    },
  );

  it.each(SEEDS)(
    "Rules RE31 and RE34: never runs more than the limit, and loses no place, seed %i",
    (seed) => {
      const { said, exits } = play(
        `${IMPORT}
      const held = new Map();
      const isHeld = ([, by]) => isProcessAlive(by);
      let most = 0, oks = 0, rejections = 0;
      const got = (job) => {
        for (const entry of [...held]) if (!isHeld(entry)) held.delete(entry[0]);
        held.set(job, self());
        oks++;
        most = Math.max(most, held.size);
      };
      const asker = async (q) => {
        for (let i = 0; i < 12; i++) {
          await sleep(random() * 5);
          const [word, job] = await ask(q, random() < 0.5 ? { timeout: random() * 10 } : {});
          if (word === "error") { if (job === "rejected") rejections++; continue; }
          got(job);
          if (random() < 0.1) exit("gone");
          await sleep(random() * 6);
          if (random() < 0.1) done(q, job);
          held.delete(job);
          done(q, job);
        }
      };
      export async function main() {
        const type = ["fifo", "lifo", "codel", "adaptive"][${seed} % 4];
        const q = await begin({ limit: ${1 + (seed % 3)}, type, maxSize: 3, maxTime: 20, target: 2, interval: 10, ...(random() < 0.3 ? { perSecond: 300 } : {}) });
        const askers = Array.from({ length: 9 }, () => spawn(asker, [q]));
        for (let i = 0; i < 6; i++) { await sleep(random() * 12); exit(askers[i], "kill"); }
        await sleep(500);
        const info = await queueInfo(q);
        show([info.length, info.running, most, info.approved >= oks, info.rejected, rejections, processInfo(q).monitors.length]);
      }`,
        scenarioOf(),
        { seed },
      );
      const [length, running, most, isCounted, rejected, rejections, monitors] = JSON.parse(
        said[0] as string,
      );
      expect([length, running, isCounted, monitors]).toEqual([0, 0, true, 0]);
      expect(most).toBeLessThanOrEqual(1 + (seed % 3));
      if (most === 1 + (seed % 3)) limitsReached++;
      // Who was killed while the word was on its way could not count it.
      expect(rejected - rejections).toBeGreaterThanOrEqual(0);
      expect(rejected - rejections).toBeLessThanOrEqual(6);
      expect(exits.filter(([label]) => label === "main").map(([, reason]) => reason)).toEqual([
        "normal",
      ]);
    },
  );

  it("Rule RE31: in most of these worlds as many ran as may", () => {
    expect(limitsReached).toBeGreaterThan(SEEDS.length * 0.8);
  });
});

/** Worlds in which as many ran at one time as may. */
let limitsReached = 0;

interface NaiveOptions {
  readonly type: string;
  readonly gapMs: number;
  readonly maxSize: number;
  readonly maxTimeMs: number;
}

/** The same in steps of half a millisecond: what comes falls on the halves or wholes, and each step is looked at. */
function naive(
  asks: readonly number[],
  { type, gapMs, maxSize, maxTimeMs }: NaiveOptions,
): string[] {
  const outcome = new Map<number, string>();
  let waiting: number[] = [];
  let nextAt = 0;
  let next = 0;
  const end = (asks.at(-1) as number) + maxTimeMs + 1;
  const step = (at: number) => {
    for (const i of waiting)
      if (at - (asks[i] as number) >= maxTimeMs) outcome.set(i, `${i} timeout ${at}`);
    waiting = waiting.filter((i) => !outcome.has(i));
    while (waiting.length > 0 && at >= nextAt) {
      const i = (type === "fifo" ? waiting.shift() : waiting.pop()) as number;
      outcome.set(i, `${i} ok ${at}`);
      nextAt = at + gapMs;
    }
  };
  for (let at = 0; at <= end; at += 0.5) {
    step(at);
    while (asks[next] === at) {
      if (waiting.length >= maxSize) outcome.set(next, `${next} rejected ${at}`);
      else waiting.push(next);
      next++;
      step(at);
    }
  }
  return asks.map((_, i) => outcome.get(i) as string);
}

/** RFC 8289, sections 5.5 and 5.6, word for word in TypeScript; a packet is its number and its time stamp. */
class RfcQueue {
  readonly TARGET: number;
  readonly INTERVAL: number;
  packets: { n: number; tstamp: number }[] = [];
  dropped: number[] = [];
  first_above_time_ = 0;
  drop_next_ = 0;
  count_ = 0;
  lastcount_ = 0;
  dropping_ = 0;

  constructor(target: number, interval: number) {
    this.TARGET = target;
    this.INTERVAL = interval;
  }

  enqueue(n: number, now: number) {
    this.packets.push({ n, tstamp: now });
  }

  control_law(t: number, count: number) {
    return t + this.INTERVAL / Math.sqrt(count);
  }

  dodequeue(now: number): { p: { n: number; tstamp: number } | undefined; ok_to_drop: number } {
    const r = { p: this.packets.shift(), ok_to_drop: 0 };
    if (r.p === undefined) {
      this.first_above_time_ = 0;
      return r;
    }
    const sojourn_time = now - r.p.tstamp;
    if (sojourn_time < this.TARGET || this.packets.length <= 1) {
      this.first_above_time_ = 0;
    } else {
      if (this.first_above_time_ === 0) {
        this.first_above_time_ = now + this.INTERVAL;
      } else if (now >= this.first_above_time_) {
        r.ok_to_drop = 1;
      }
    }
    return r;
  }

  drop(p: { n: number } | undefined) {
    if (p !== undefined) this.dropped.push(p.n);
  }

  dequeue(now: number): number | undefined {
    let r = this.dodequeue(now);
    if (this.dropping_ === 1) {
      if (!r.ok_to_drop) this.dropping_ = 0;
      while (now >= this.drop_next_ && this.dropping_ === 1) {
        this.drop(r.p);
        r = this.dodequeue(now);
        if (!r.ok_to_drop) {
          this.dropping_ = 0;
        } else {
          ++this.count_;
          this.drop_next_ = this.control_law(this.drop_next_, this.count_);
        }
      }
    } else if (r.ok_to_drop) {
      this.drop(r.p);
      r = this.dodequeue(now);
      this.dropping_ = 1;
      const delta = this.count_ - this.lastcount_;
      this.count_ = 1;
      if (delta > 1 && now - this.drop_next_ < 16 * this.INTERVAL) this.count_ = delta;
      this.drop_next_ = this.control_law(now, this.count_);
      this.lastcount_ = this.count_;
    }
    return r.p?.n;
  }
}

describe("codel", () => {
  it.each(SEEDS)(
    "Rule RE37: takes and drops what RFC 8289's own algorithm does, seed %i",
    (seed) => {
      const random = new RandomStream(seed, 66, 0);
      const rfc = new RfcQueue(5000, 100_000);
      const ours = new Codel(5000, 100_000);
      const line = new Line<number>();
      const served: unknown[] = [];
      const expected: unknown[] = [];
      let now = 1;
      let drops = 0;
      for (let n = 0; n < 4000; n++) {
        // Spells of overload and of ease, some 400 steps each.
        const isBusy = Math.floor(n / 400) % 2 === seed % 2;
        now += random.below(4000);
        if (random.below(100) < (isBusy ? 60 : 35)) {
          rfc.enqueue(n, now);
          line.join({ id: String(n), sinceUs: now, what: n });
          continue;
        }
        rfc.dropped = [];
        expected.push([rfc.dequeue(now), rfc.dropped]);
        const { next, dropped } = ours.take(line, now);
        served.push([next?.what, dropped.map(({ what }) => what)]);
        drops += dropped.length;
      }
      expect(served).toEqual(expected);
      expect(line.length).toBe(rfc.packets.length);
      expect(drops).toBeGreaterThan(20);
    },
  );

  it("Rule RE37: in a queue, those it drops are told timeout, and it leaves a short line alone", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const q = await begin({ perSecond: 100, type: "codel" });
        const told = [];
        for (let i = 0; i < 200; i++) { later(async () => { const [word, why] = await ask(q); told.push(word === "ok" ? "ok" : why); }); await sleep(5); }
        await sleep(5000);
        const count = (word) => told.filter((each) => each === word).length;
        show([count("ok") + count("timeout"), count("timeout") > 5]);
        const { approved, timedOut, length } = await queueInfo(q);
        show([approved === count("ok"), timedOut === count("timeout"), length]);
        for (let i = 0; i < 3; i++) later(async () => { log((await ask(q))[0]); });
      }
    `);
    expect(said).toEqual(["[200,true]", "[true,true,0]", "ok", "ok", "ok"]);
  });

  it("Rule RE38: at twice the capacity fifo serves nobody in time; lifo, adaptive, codel and a bound do (R24)", () => {
    const goodput = (options: string) => {
      const { said } = play(
        `${IMPORT}
        let good = 0;
        const exponential = () => { let u = random(); let ln = 0; while (u < 0.5) { u *= 2; ln += 0.6931471805599453; } const x = u - 1; let term = x, sum = 0; for (let k = 1; k < 40; k++) { sum += (k % 2 ? term : -term) / k; term *= x; } return 10 * (ln - sum); };
        export async function customer(n, q) {
          const since = monotonic();
          try { await runJob("gate", () => work(exponential())); } catch (thrown) { return; }
          if (monotonic() > 10000 && monotonic() - since <= 500) good++;
        }
        export async function main() {
          const [, pid] = await startLink(jobsQueue(${options}), [], { name: "gate" });
          await sleep(25000);
          log(String(good / 15));
        }`,
        scenarioOf({
          horizonUs: 26_000_000,
          loads: [
            {
              name: "customer",
              node: "n1",
              file: "main.ts",
              run: "customer",
              args: [],
              phases: [{ untilUs: 25_000_000, perSecond: 200 }],
            },
          ],
        }),
        { seed: 3 },
      );
      return Number(said[0]);
    };
    expect(goodput('{ limit: 1, type: "fifo", maxSize: 1000000 }')).toBeLessThan(5);
    expect(goodput('{ limit: 1, type: "fifo", maxSize: 20 }')).toBeGreaterThan(90);
    expect(goodput('{ limit: 1, type: "lifo", maxSize: 1000000 }')).toBeGreaterThan(90);
    expect(goodput('{ limit: 1, type: "adaptive", maxSize: 1000000 }')).toBeGreaterThan(90);
    expect(goodput('{ limit: 1, type: "codel", maxSize: 1000000 }')).toBeGreaterThan(80);
  }, 60_000);
});
