import { describe, expect, it } from "vitest";
import { play, scenarioOf } from "../engine/room.ts";

const IMPORT = `import { checkin, checkout, pool, poolStatus, transaction } from "world";
  import { isProcessAlive } from "otp";
  const show = (value) => log(JSON.stringify(value));
  export const worker = genServer({
    init: (name) => ["ok", name ?? "w"],
    handleCall: (by, from, state) => by === "crash" ? (() => { throw new Error("crash"); })() : ["reply", by, state],
    handleCast: (ms, state) => work(ms).then(() => ["noreply", state]),
    terminate: () => undefined,
  });
  const begin = async (options) => (await startLink(pool({ worker, ...options })))[1];
  const stand = async (pool) => { const s = await poolStatus(pool); show([s.state, s.available, s.overflow, s.monitored, s.waiting]); };
  const later = (body, ...args) => spawn(body, args);
`;

/** Worlds in which as many were lent at one time as there can be. */
let boundsReached = 0;

const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);

describe("pool", () => {
  it("Rule RE20: lends each worker to one at a time; who cannot have one waits in order, or is told full", () => {
    const { lines } = play(`${IMPORT}
      export async function main() {
        const p = await begin({ size: 2, maxOverflow: 0 });
        await stand(p);
        const [a, b] = [await checkout(p), await checkout(p)];
        show([a !== b, await checkout(p, { block: false })]);
        for (const name of ["first", "second", "third"])
          later(async () => { const w = await checkout(p); log(name + (w === a ? " a" : w === b ? " b" : " ?")); await sleep(10); checkin(p, w); });
        await sleep(5);
        await stand(p);
        checkin(p, b);
        await sleep(1);
        checkin(p, a);
        await sleep(30);
        await stand(p);
        checkin(p, a);
        await stand(p);
      }
    `);
    expect(lines).toEqual([
      '0 main: ["ready",2,0,0,0]',
      '0 main: [true,"full"]',
      '5 main: ["full",0,0,2,3]',
      expect.stringContaining("first b"),
      expect.stringContaining("second a"),
      expect.stringContaining("third b"),
      '36 main: ["ready",2,0,0,0]',
      '36 main: ["ready",2,0,0,0]',
    ]);
  });

  it.each([
    ["lifo", "c b a"],
    ["fifo", "a b c"],
  ])("Rule RE21: %s lends next who came back last or first", (strategy, order) => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const p = await begin({ size: 3, strategy: "${strategy}" });
        const [a, b, c] = [await checkout(p), await checkout(p), await checkout(p)];
        for (const w of [a, b, c]) checkin(p, w);
        const again = [await checkout(p), await checkout(p), await checkout(p)];
        log(again.map((w) => (w === a ? "a" : w === b ? "b" : "c")).join(" "));
      }
    `);
    expect(said).toEqual([order]);
  });

  it("Rule RE22: begins up to maxOverflow more when all are lent, and ends them when they come back", () => {
    const { said, exits } = play(`${IMPORT}
      export async function main() {
        const p = await begin({ size: 1, maxOverflow: 2 });
        const a = await checkout(p);
        await stand(p);
        const [b, c] = [await checkout(p), await checkout(p)];
        await stand(p);
        later(async () => { const d = await checkout(p); show([d === b]); await sleep(1); checkin(p, d); });
        await sleep(1);
        checkin(p, b);
        await sleep(0.5);
        show([isProcessAlive(b)]);
        await sleep(1);
        show([isProcessAlive(b)]);
        // The one that was there from the beginning stays, though more than the size are there.
        checkin(p, a);
        await sleep(1);
        await stand(p);
        checkin(p, c);
        await sleep(1);
        show([isProcessAlive(a), isProcessAlive(c)]);
        await stand(p);
      }
    `);
    expect(said).toEqual([
      '["overflow",0,0,1,0]',
      '["full",0,2,3,0]',
      "[true]",
      "[true]",
      "[false]",
      '["ready",1,1,1,0]',
      "[true,false]",
      '["ready",1,0,0,0]',
    ]);
    expect(exits.slice(0, 3).map(([, reason]) => reason)).toContain("shutdown");
  });

  it("Rule RE23: a borrower that dies gives its worker back, alive; one that waited leaves the queue", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const p = await begin({ size: 1, maxOverflow: 0 });
        const holder = later(async () => { const w = await checkout(p); send(main, w); await receive(); });
        const main = self();
        const w = await receive();
        const waiting = later(async () => { await checkout(p); log("never"); });
        await sleep(1);
        await stand(p);
        exit(waiting, "kill");
        await sleep(1);
        await stand(p);
        exit(holder, "kill");
        await sleep(1);
        await stand(p);
        show([isProcessAlive(w), (await checkout(p)) === w]);
      }
    `);
    expect(said).toEqual([
      '["full",0,0,1,1]',
      '["full",0,0,1,0]',
      '["ready",1,0,0,0]',
      "[true,true]",
    ]);
  });

  it("Rule RE24: a worker that dies is replaced, lent or not; who waits longest gets the new one", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const p = await begin({ size: 1, maxOverflow: 1 });
        const [a, b] = [await checkout(p), await checkout(p)];
        later(async () => { const w = await checkout(p); show(["got", w !== a && w !== b, await call(w, "hi")]); await sleep(5); checkin(p, w); });
        await sleep(1);
        try { await call(b, "crash"); } catch (thrown) { show(["crashed"]); }
        await sleep(1);
        await stand(p);
        try { await call(a, "crash"); } catch (thrown) { show(["crashed"]); }
        await sleep(1);
        await stand(p);
        await sleep(10);
        await stand(p);
        const c = await checkout(p);
        checkin(p, c);
        await sleep(1);
        exit(c, "kill");
        await sleep(1);
        const d = await checkout(p, { block: false });
        show([c !== d, await call(d, "hi")]);
      }
    `);
    expect(said).toEqual([
      '["crashed"]',
      '["got",true,"hi"]',
      '["full",0,1,2,0]',
      '["crashed"]',
      // The place of the one that was there from the beginning is filled again.
      '["ready",1,1,1,0]',
      '["ready",1,0,0,0]',
      '[true,"hi"]',
    ]);
  });

  it("Rule RE25: past the time-out the caller exits as from call, and what came too late goes back", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const p = await begin({ size: 1, maxOverflow: 0 });
        const w = await checkout(p);
        try { await checkout(p, { timeout: 20 }); } catch (thrown) { show([thrown.name, thrown.reason[0], monotonic()]); }
        await stand(p);
        // It comes back in the very instant in which the next one gives up.
        sendAfter(30, "back");
        later(async () => { try { await checkout(p, { timeout: 30 }); log("lent"); } catch (thrown) { log("gave up"); } });
        await receive();
        checkin(p, w);
        await sleep(1);
        await stand(p);
        try { await checkout("nobody"); } catch (thrown) { show(thrown.reason[0]); }
      }
    `);
    expect(said.slice(0, 2)).toEqual(['["Exit","timeout",20]', '["full",0,0,1,0]']);
    // Whichever was first, the worker is not lost: lent to one that has ended since, or never lent.
    expect(["lent", "gave up"]).toContain(said[2]);
    expect(said.slice(3)).toEqual(['["ready",1,0,0,0]', '"noproc"']);
  });

  it("Rule RE25: a second checkin takes the worker from the next borrower, as poolboy's does", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const p = await begin({ size: 1, maxOverflow: 0 });
        const w = await checkout(p);
        later(async () => { await checkout(p); log("has it"); await sleep(10); });
        await sleep(1);
        checkin(p, w);
        checkin(p, w);
        await sleep(1);
        await stand(p);
        checkin(p, "<n1.999>");
        await sleep(1);
        await stand(p);
      }
    `);
    expect(said).toEqual(["has it", '["ready",1,0,0,0]', '["ready",1,0,0,0]']);
  });

  it("Rule RE26: a transaction gives the worker back whatever came of it", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        const p = await begin({ size: 1, maxOverflow: 0, args: ["x"], maxWaiting: 1 });
        show(await transaction(p, (w) => call(w, 42)));
        try { await transaction(p, async () => { await sleep(1); throw new Error("mine"); }); } catch (thrown) { log(thrown.message); }
        await stand(p);
        const w = await checkout(p);
        later(() => checkout(p));
        await sleep(1);
        show([await checkout(p), await checkout(p, { timeout: 5 })]);
        try { await transaction(p, () => log("not called")); } catch (thrown) { show(thrown.reason); }
      }
    `);
    expect(said).toEqual(["42", "mine", '["ready",1,0,0,0]', '["full","full"]', '"full"']);
  });

  it("Rule RE27: all workers end with the pool, lent ones too; a pool whose worker cannot begin does not", () => {
    const { said } = play(`${IMPORT}
      import { trapExit as trap } from "otp";
      export const never = genServer({ init: () => ["stop", "broken"] });
      export async function main() {
        trap(true);
        const p = await begin({ size: 3 });
        const workers = [await checkout(p), await checkout(p)];
        await stop(p);
        show(workers.map((w) => isProcessAlive(w)));
        show(await start(pool({ worker: never, size: 1 })));
        for (const options of [{}, { worker, size: -1 }, { worker, strategy: "best" }, { worker, maxOverflow: 1.5 }])
          try { pool(options); log("let through"); } catch (thrown) { log(thrown.reason + ": " + thrown.message); }
      }
    `);
    expect(said).toEqual([
      "[false,false]",
      '["error",["badmatch",["error","broken"]]]',
      "badarg: pool's worker is what genServer, genStatem and their kin make",
      "badarg: pool's size is a number from 0 to 10000, not -1",
      'badarg: pool\'s strategy is "lifo" or "fifo", not best',
      "badarg: pool's maxOverflow is a number from 0 to 10000, not 1.5",
    ]);
  });

  it.each(SEEDS)(
    "Rules RE20, RE22, RE23 and RE24: never lends one worker twice nor more than there are, and loses none, seed %i",
    (seed) => {
      const size = seed % 4;
      const maxOverflow = size === 0 ? 2 : (seed >> 2) % 3;
      const { said, exits } = play(
        `${IMPORT}
        // What the borrowers themselves say they hold: kept beside the pool, and without asking it.
        const held = new Map();
        let most = 0, lent = 0, killed = 0;
        const isHeld = ([w, by]) => isProcessAlive(w) && isProcessAlive(by);
        const got = (w) => {
          if (held.has(w) && isHeld([w, held.get(w)])) log("LENT TWICE " + w);
          held.set(w, self());
          lent++;
          for (const entry of [...held]) if (!isHeld(entry)) held.delete(entry[0]);
          most = Math.max(most, held.size);
          if (held.size > ${size + maxOverflow}) log("TOO MANY " + held.size);
        };
        const back = (p, w) => { held.delete(w); checkin(p, w); };
        const borrower = async (p) => {
          for (let i = 0; i < 12; i++) {
            await sleep(random() * 4);
            let w;
            try { w = await checkout(p, { block: random() < 0.7, timeout: 0.5 + random() * 12 }); } catch (thrown) { continue; }
            if (w === "full") continue;
            got(w);
            const what = random();
            if (what < 0.1) { killed++; exit(w, "kill"); continue; }
            if (what < 0.2) { killed++; try { await call(w, "crash"); } catch (thrown) {} continue; }
            if (what < 0.3) return;
            if (what < 0.4) exit("gone");
            await sleep(random() * 5);
            back(p, w);
          }
        };
        export async function main() {
          const p = await begin({ size: ${size}, maxOverflow: ${maxOverflow}, strategy: random() < 0.5 ? "lifo" : "fifo", maxWaiting: 4 });
          const before = new Set(processInfo(p).links);
          const borrowers = Array.from({ length: 9 }, () => spawn(borrower, [p]));
          for (let i = 0; i < 8; i++) {
            await sleep(random() * 8);
            const which = borrowers[Math.floor(random() * borrowers.length)];
            if (isProcessAlive(which)) exit(which, "kill");
          }
          await sleep(300);
          await stand(p);
          show([processInfo(p).links.length - 1, lent > 10, most, killed]);
        }`,
        scenarioOf(),
        { seed },
      );
      const state = size > 0 ? "ready" : "overflow";
      expect(said[0]).toBe(JSON.stringify([state, size, 0, 0, 0]));
      const [workers, isLent, most] = JSON.parse(said[1] as string);
      expect(said).toHaveLength(2);
      expect([workers, isLent]).toEqual([size, true]);
      if (most === size + maxOverflow) boundsReached++;
      expect(exits.filter(([label]) => label === "main").map(([, reason]) => reason)).toEqual([
        "normal",
      ]);
    },
  );

  it("Rule RE20: in most of these worlds as many were lent as can be", () => {
    expect(boundsReached).toBeGreaterThan(SEEDS.length * 0.8);
  });
});
