/**
 * The programs that are measured, in the ordinary `async` style of the lessons. Each is made for a
 * number of events; one event is one process taking one message. `beam/steady.erl` has the same
 * programs for the BEAM, under the names of `erlang`.
 */
export interface Program {
  readonly name: string;
  /** The program's name in steady.erl. */
  readonly erlang: string;
  /** The text of main.ts for a run of about `eventCount` events. */
  text(eventCount: number): string;
}

export const PROGRAMS: readonly Program[] = [
  {
    name: "ping-pong",
    erlang: "ping_pong",
    text: (eventCount) => `
      import { receive, self, send, spawn } from "otp";
      export async function main() {
        const partner = spawn(pong, [self()]);
        for (let i = 0; i < ${eventCount / 2}; i++) { send(partner, i); await receive(); }
      }
      async function pong(to: any) { for (;;) send(to, await receive()); }
    `,
  },
  {
    name: "ring of 1,000",
    erlang: "ring",
    text: (eventCount) => `
      import { receive, self, send, spawn } from "otp";
      export async function main() {
        let next = self();
        for (let i = 0; i < 999; i++) next = spawn(member, [next]);
        for (let round = 0; round < ${eventCount / 1000}; round++) { send(next, round); await receive(); }
      }
      async function member(next: any) { for (;;) send(next, await receive()); }
    `,
  },
  {
    name: "fan-out to 1,000, acks back",
    erlang: "fan_out",
    text: (eventCount) => `
      import { receive, self, send, spawn } from "otp";
      export async function main() {
        const workers = Array.from({ length: 1000 }, () => spawn(worker, [self()]));
        for (let round = 0; round < ${eventCount / 2000}; round++) {
          for (const pid of workers) send(pid, round);
          for (let i = 0; i < 1000; i++) await receive();
        }
      }
      async function worker(boss: any) { for (;;) send(boss, await receive()); }
    `,
  },
  {
    name: "gen_server calls",
    erlang: "calls",
    text: (eventCount) => `
      import { call, genServer, start } from "otp";
      const counter = genServer<number>({
        init: () => ["ok", 0],
        handleCall: (by, _from, total) => ["reply", total, total + by],
      });
      export async function main() {
        const [, pid] = (await start(counter)) as ["ok", any];
        for (let i = 0; i < ${eventCount / 2}; i++) await call(pid, 1);
      }
    `,
  },
  {
    name: "gen_server calls, async callback",
    erlang: "calls",
    text: (eventCount) => `
      import { call, genServer, start } from "otp";
      const counter = genServer<number>({
        init: () => ["ok", 0],
        async handleCall(by, _from, total) { await null; return ["reply", total, total + by]; },
      });
      export async function main() {
        const [, pid] = (await start(counter)) as ["ok", any];
        for (let i = 0; i < ${eventCount / 2}; i++) await call(pid, 1);
      }
    `,
  },
];
