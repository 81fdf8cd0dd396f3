import { describe, expect, it } from "vitest";
import { play, twoNodes } from "../engine/room.ts";

const IMPORT = `import { connect, pg } from "otp";
  const show = (value) => log(JSON.stringify(value).replaceAll(/<(n\\d)\\.\\d+>/g, "$1").replaceAll(/#n\\d\\.\\d+/g, "ref"));
  const worker = (name) => spawn(async () => { await receive(); }, [], { name });
`;

describe("pg", () => {
  it("Rule J1: members are listed in all groups that they joined, as often as they joined", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        await pg.start("sc");
        show(await pg.join("sc", "g", self()));
        await pg.join("sc", "g", self());
        await pg.join("sc", ["room", { nr: 1 }], [worker("a"), worker("b")]);
        show([pg.getMembers("sc", "g").length, pg.getMembers("sc", ["room", { nr: 1 }]).length, pg.getLocalMembers("sc", "g").length]);
        show(pg.whichGroups("sc"));
        show([await pg.leave("sc", "g", self()), pg.getMembers("sc", "g").length]);
        show([await pg.leave("sc", "g", self()), pg.getMembers("sc", "g").length]);
        show([await pg.leave("sc", "g", self()), pg.whichGroups("sc").length]);
      }
    `);
    expect(said).toEqual([
      '"ok"',
      "[2,2,2]",
      '["g",["room",{"nr":1}]]',
      '["ok",1]',
      '["ok",0]',
      '["not_joined",1]',
    ]);
  });

  it("Rule J2: a process that ends leaves all its groups by itself", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        await pg.start("sc");
        const a = worker("a");
        await pg.join("sc", "g", [a, self()]);
        await pg.join("sc", "g", a);
        await pg.join("sc", "h", a);
        exit(a, "kill");
        await sleep(1);
        show([pg.getMembers("sc", "g").length, pg.getMembers("sc", "h").length, pg.whichGroups("sc")]);
      }
    `);
    expect(said).toEqual(['[1,0,["g"]]']);
  });

  it("Rule J3: a scope is a process of its own; scopes know nothing of each other", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        try { await pg.join("s1", "g", self()); } catch (thrown) { show(thrown.reason[0]); }
        try { pg.whichGroups("s1"); } catch (thrown) { show([thrown.name, thrown.reason]); }
        show(pg.getMembers("s1", "g"));
        show((await pg.start("s1"))[0]);
        show((await pg.start("s1"))[1][0]);
        await pg.startLink("s2");
        await pg.join("s1", "g", self());
        show([pg.getMembers("s1", "g").length, pg.getMembers("s2", "g").length]);
        exit(whereis("s1"), "kill");
        await sleep(1);
        show(pg.getMembers("s1", "g"));
      }
    `);
    expect(said).toEqual([
      '"noproc"',
      '["ErlangError","badarg"]',
      "[]",
      '"ok"',
      '"already_started"',
      "[1,0]",
      "[]",
    ]);
  });

  it("Rule J4: a monitor gives the members and a message for each change, until it is ended", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        await pg.start("sc");
        const a = worker("a");
        await pg.join("sc", "g", a);
        const [ref, members] = await pg.monitor("sc", "g");
        const [all, groups] = await pg.monitorScope("sc");
        show([members.length, groups]);
        await pg.join("sc", "other", a);
        await pg.join("sc", "g", [self(), a]);
        exit(a, "kill");
        await sleep(1);
        const told = [];
        while (processInfo(self()).messageQueueLen > 0) told.push(await receive());
        for (const of of [ref, all]) show(told.filter((one) => one.ref === of).map(({ event, group, pids }) => [event, group, pids.length]));
        show(told[0]);
        await pg.leave("sc", "g", self());
        show([await pg.demonitor("sc", ref), await pg.demonitor("sc", ref), await pg.demonitor("sc", all)]);
        await pg.join("sc", "g", self());
        show(processInfo(self()).messageQueueLen);
      }
    `);
    expect(said).toEqual([
      '[1,[["g",["n1"]]]]',
      '[["join","g",2],["leave","g",1],["leave","g",1]]',
      '[["join","other",1],["join","g",2],["leave","g",1],["leave","other",1],["leave","g",1]]',
      '{"tag":"pg","ref":"ref","event":"join","group":"other","pids":["n1"]}',
      '["ok",false,"ok"]',
      "0",
    ]);
  });

  it("Rule J5: only processes of the own node join and leave", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        await pg.start("sc");
        for (const pids of ["<n2.7>", [self(), "<n2.7>"], "somebody"]) {
          try { await pg.join("sc", "g", pids); } catch (thrown) { show([thrown.name, thrown.reason]); }
        }
        show(pg.getMembers("sc", "g"));
      }
    `);
    expect(said).toEqual([
      '["ErlangError",["nolocal","n2"]]',
      '["ErlangError",["nolocal","n2"]]',
      '["ErlangError","function_clause"]',
      "[]",
    ]);
  });
});

/** The wire between the two nodes is cut from 200 to 500 ms. */
const SPLIT = twoNodes({
  faults: [{ kind: "cut", between: ["n1", "n2"], atUs: 200_000, untilUs: 500_000 }],
});

describe("pg on several nodes", () => {
  it("Rule J6: every node sees all members, and only its own as local ones", () => {
    const { lines } = play(
      `${IMPORT}
      export async function main() { await member(); }
      export async function other() { await member(); }
      async function member() {
        await pg.start("sc");
        await pg.join("sc", "g", self());
        show([...pg.getMembers("sc", "g")]);
        await sleep(100);
        show([[...pg.getMembers("sc", "g")].sort(), pg.getLocalMembers("sc", "g"), pg.whichGroups("sc"), pg.whichLocalGroups("sc")]);
        if (node() === "n2") exit("boom");
        await sleep(100);
        show(pg.getMembers("sc", "g"));
      }
    `,
      twoNodes(),
    );
    expect(lines).toEqual([
      '0 main: ["n1"]',
      '0 other: ["n2"]',
      '100 main: [["n1","n2"],["n1"],["g"],["g"]]',
      '100 other: [["n1","n2"],["n2"],["g"],["g"]]',
      '200 main: ["n1"]',
    ]);
  });

  it("Rule J7: members of a lost node are gone at once; when it is back, both sides have what changed", () => {
    const { lines } = play(
      `${IMPORT}
      export async function main() {
        await pg.start("sc");
        await pg.join("sc", "g", self());
        const [ref] = await pg.monitorScope("sc");
        await sleep(250);
        show(pg.getMembers("sc", "g"));
        await pg.leave("sc", "g", self());
        await pg.join("sc", "h", self());
        await sleep(300);
        await connect("n2");
        await sleep(50);
        show([pg.whichGroups("sc"), pg.getMembers("sc", "g"), pg.getMembers("sc", "h")]);
        const told = [];
        while (processInfo(self()).messageQueueLen > 0) told.push(await receive());
        show(told.map(({ event, group, pids }) => [event, group, ...pids]));
        await sleep(1000);
      }
      export async function other() {
        await pg.start("sc");
        await pg.join("sc", "g", [self(), self()]);
        await sleep(250);
        await pg.join("sc", "k", self());
        await pg.leave("sc", "g", self());
        await sleep(400);
        show([pg.whichGroups("sc"), pg.getMembers("sc", "g"), pg.getMembers("sc", "h")]);
        await sleep(1000);
      }
    `,
      SPLIT,
    );
    expect(lines).toEqual([
      '250 main: ["n1"]',
      '602 main: [["h","g","k"],["n2"],["n1"]]',
      '602 main: [["join","g","n2","n2"],["leave","g","n2","n2"],["leave","g","n1"],["join","h","n1"],["join","g","n2"],["join","k","n2"]]',
      '650 other: [["g","k","h"],["n2"],["n1"]]',
    ]);
  });

  it("Rule J8: a scope that starts later, or again, finds the others", () => {
    const { said } = play(
      `${IMPORT}
      export async function main() {
        await pg.start("sc");
        await pg.join("sc", "g", self());
        await sleep(100);
        show(pg.getMembers("sc", "g"));
        exit(whereis("sc"), "kill");
        await sleep(100);
        await pg.start("sc");
        await sleep(100);
        show(pg.getMembers("sc", "g"));
        await sleep(100);
      }
      export async function other() {
        await sleep(50);
        await pg.start("sc");
        await pg.join("sc", "g", self());
        await sleep(40);
        show(pg.getMembers("sc", "g"));
        await sleep(50);
        show(pg.getMembers("sc", "g"));
        await sleep(1000);
      }
    `,
      twoNodes(),
    );
    expect(said).toEqual(['["n1","n2"]', '["n2","n1"]', '["n2"]', '["n2"]']);
  });

  it("Rule J9: what scopes tell each other is never lost or doubled", () => {
    const { said } = play(
      `${IMPORT}
      export async function main() { await member(); }
      export async function other() { await member(); }
      async function member() {
        await pg.start("sc");
        for (let i = 0; i < 20; i++) { await pg.join("sc", "g", self()); await sleep(5); }
        await sleep(100);
        show(pg.getMembers("sc", "g").length);
        await sleep(100);
      }
    `,
      LOSSY,
    );
    expect(said).toEqual(["40", "40"]);
  });
});

/** A wire that loses every second message and doubles others. */
const LOSSY = twoNodes({
  wires: [{ between: ["n1", "n2"], latency: { kind: "det", us: 1000 }, loss: 0.5, dup: 0.3 }],
});
