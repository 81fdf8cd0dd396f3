import { describe, expect, it } from "vitest";
import { play, twoNodes } from "../engine/room.ts";

describe("processes", () => {
  it("Rule P1: a spawned process takes its first step after its spawner's step", () => {
    const { said } = play(`
      export function main() {
        spawn(child, []);
        log("parent goes on");
      }
      function child() { log("child begins"); }
    `);
    expect(said).toEqual(["parent goes on", "child begins"]);
  });

  it("Rule P2: a process whose function returns ends normally, one that throws with what it threw", () => {
    const { exits } = play(`
      export function main() { spawn(fine, []); spawn(broken, []); spawn(later, []); }
      function fine() {}
      function broken() { throw new Error("no flour"); }
      async function later() { await sleep(5); throw new Error("no eggs"); }
    `);
    expect(exits).toEqual([
      ["main", "normal"],
      ["fine", "normal"],
      ["broken", { error: "Error", message: "no flour" }],
      ["later", { error: "Error", message: "no eggs" }],
    ]);
  });

  it("Rule P3: a dead process does nothing more, not even its finally", () => {
    const { said } = play(`
      export async function main() {
        const victim = spawn(victimBody, []);
        await sleep(1);
        exit(victim, "kill");
        await sleep(100);
        log("over");
      }
      async function victimBody() {
        try { await sleep(50); log("woke"); } finally { log("finally"); }
      }
    `);
    expect(said).toEqual(["over"]);
  });

  it("Rule P3: what a process does after it has killed itself does not happen", () => {
    const { said, exits } = play(`
      export async function main() {
        const pid = self();
        exit(pid, "kill");
        log("still here");
      }
    `);
    expect(said).toEqual([]);
    expect(exits).toEqual([["main", "killed"]]);
  });

  it("Rule P4: a name belongs to one living process and is free again when it ends", () => {
    const { said } = play(`
      export async function main() {
        const first = spawn(idle, [], { name: "till" });
        log(String(whereis("till") === first));
        try { spawn(idle, [], { name: "till" }); } catch (error) { log("taken"); }
        exit(first, "kill");
        await sleep(1);
        log(String(whereis("till")));
        register("till");
        log(String(whereis("till") === self()));
      }
      async function idle() { await receive(); }
    `);
    expect(said).toEqual(["true", "taken", "undefined", "true"]);
  });

  it("tells apart the processes of two nodes", () => {
    const { said } = play(
      `
      export function main() { log(self() + " on " + node()); }
      export function other() { log(self() + " on " + node()); }
    `,
      twoNodes(),
    );
    expect(said).toEqual(["<n1.1> on n1", "<n2.1> on n2"]);
  });
});
