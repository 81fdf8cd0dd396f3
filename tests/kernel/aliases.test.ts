import { describe, expect, it } from "vitest";
import { play, scenarioOf } from "../engine/room.ts";

const API = `import { alias, makeRef, readTimer, startTimer, unalias } from "otp";\n`;
const run = (text: string) => play(API + text);

describe("aliases and timers", () => {
  it("Rule M7: an alias is an address until it is taken back", () => {
    const { said } = run(`
      export async function main() {
        const once = alias({ reply: true });
        const lasting = alias();
        spawn((to) => { for (let i = 0; i < 3; i++) for (const ref of to) send(ref, ref === to[0] ? "once" : "lasting"); }, [[once, lasting]]);
        for (let i = 0; i < 4; i++) log(await receive());
        log(String(unalias(lasting)) + unalias(lasting) + unalias(makeRef()));
        send(lasting, "too late");
        log(String(await receive([when(() => true, (m) => m)], { after: 10 })));
      }
    `);
    expect(said).toEqual(["once", "lasting", "lasting", "lasting", "truefalsefalse", "undefined"]);
  });

  it("Rule L5: a monitor's alias ends with the monitor, with the first message, or by unalias", () => {
    const { said } = run(`
      export async function main() {
        for (const mode of ["explicitUnalias", "demonitor", "replyDemonitor"]) {
          const pid = spawn(async () => { await receive(); }, []);
          const ref = monitor(pid, { alias: mode });
          const say = (n) => spawn((to) => send(to, "answer"), [ref]);
          say(); say();
          await sleep(1);
          demonitor(ref);
          say();
          await sleep(1);
          log(mode + " " + processInfo(self()).messageQueueLen);
          send(pid, "end");
          await sleep(1);
          while (processInfo(self()).messageQueueLen > 0) await receive();
          unalias(ref);
        }
      }
    `);
    expect(said).toEqual(["explicitUnalias 3", "demonitor 2", "replyDemonitor 1"]);
  });

  it("Rule L5: with replyDemonitor the answer ends the monitor too", () => {
    const { said } = run(`
      export async function main() {
        const pid = spawn(async () => { const ref = await receive(); send(ref, "answer"); await sleep(5); }, []);
        const ref = monitor(pid, { alias: "replyDemonitor" });
        send(pid, ref);
        log(await receive());
        log(processInfo(self()).monitors.length + " " + (await receive([when(() => true, () => "more")], { after: 20 })));
      }
    `);
    expect(said).toEqual(["answer", "0 undefined"]);
  });

  it("Rule L5: unalias takes the address away and leaves the monitor; watching oneself is nothing", () => {
    const { said } = run(`
      export async function main() {
        const pid = spawn(async () => { await receive(); }, []);
        const ref = monitor(pid, { alias: "replyDemonitor" });
        log(String(unalias(ref)) + demonitor(ref, { info: true }) + demonitor(ref, { info: true }));
        const own = monitor(self(), { alias: "explicitUnalias" });
        send(own, "nobody");
        register("me");
        monitor("me");
        log(processInfo(self()).monitors.length + " " + processInfo(self()).messageQueueLen + " " + demonitor(own, { info: true }));
      }
    `);
    expect(said).toEqual(["truetruefalse", "0 0 false"]);
  });

  it("Rule T5: cancelling in the background tells what was left by a message", () => {
    const { said } = run(`
      export async function main() {
        const ref = sendAfter(20, "tick", self());
        log(String(cancelTimer(ref, { async: true })));
        const told = await receive();
        log(told.tag + " " + told.result + " " + (told.ref === ref));
        log(String(cancelTimer(ref, { async: true, info: false })) + processInfo(self()).messageQueueLen);
      }
    `);
    expect(said).toEqual(["ok", "cancel_timer 20 true", "ok0"]);
  });

  it("Rule T5: a timer for a pid ends with that process, one for a name waits for whoever bears it", () => {
    const { said } = run(`
      export async function main() {
        const short = spawn(async () => { await sleep(5); }, []);
        const one = sendAfter(20, "tick", short);
        const two = startTimer(20, "tock", "later");
        log(readTimer(one) + " " + readTimer(two));
        await sleep(10);
        log(readTimer(one) + " " + readTimer(two) + " " + cancelTimer(one) + " " + cancelTimer(makeRef(), { info: false }));
        register("later");
        const got = await receive();
        log(got.tag + " " + got.message + " " + (got.ref === two));
      }
    `);
    expect(said).toEqual(["20 20", "false 10 false ok", "timeout tock true"]);
  });
});

describe("what looking costs", () => {
  const MANY = `
    export async function main() {
      for (let i = 0; i < 20000; i++) send(self(), i);
      const before = monotonic();
      await receive([when(19999, () => 0)]);
      log("looked for " + (monotonic() - before));
      const asked = monotonic();
      await call(spawn(async () => { const [, from] = await receive(); reply(from, 1); }, []), "now");
      log("asked for " + (monotonic() - asked));
    }
  `;

  it("Rule M6: looking past 19,999 messages takes 0.199 ms; the answer to a call is found at once", () => {
    expect(run(MANY).said).toEqual(["looked for 0.199", "asked for 0"]);
  });

  it("Rule T6: a shuffled schedule draws who goes first, and keeps the order of a pair", () => {
    const text = `
      export async function main() {
        for (const who of ["a", "b", "c"]) spawn((to, name) => { send(to, name + 1); send(to, name + 2); }, [self(), who]);
        let order = "";
        for (let i = 0; i < 6; i++) order += await receive();
        log(order);
      }
    `;
    const orders = new Set<string>();
    const shuffled = scenarioOf({ schedule: "shuffled" });
    for (let seed = 1; seed <= 40; seed++) {
      const { said } = play(text, shuffled, { seed });
      expect(said).toEqual(play(text, shuffled, { seed }).said);
      const order = said[0] as string;
      for (const who of ["a", "b", "c"])
        expect(order.indexOf(`${who}1`)).toBeLessThan(order.indexOf(`${who}2`));
      orders.add(order);
    }
    expect(orders.size).toBeGreaterThan(4);
    expect(play(text).said).toEqual(["a1a2b1b2c1c2"]);
  });
});
