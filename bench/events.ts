/**
 * Events per second of the kernel, in each style in which a process can be written. One event is
 * one process taking one message. The anchor is what a browser offers without us: a MessageChannel
 * on one thread, one message a hop, measured in the same run.
 */
import ts from "typescript";
import { compile, type ScriptFactory } from "../workers/compile/index.ts";
import { KIND, type Scenario, type Trace } from "../workers/kernel/index.ts";
import type { ProgramFactory } from "../workers/sandbox/realm.ts";
import { simulate } from "../workers/sandbox/simulate.ts";

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

const REPEATS = 5;
const HOPS = 20_000;
/** Messages of one run: enough to be warm, few enough to stay below the trace's bound. */
const EVENTS = 100_000;

const STYLES: Readonly<Record<string, string>> = {
  "async ping-pong": `
    import { receive, self, send, spawn } from "otp";
    export async function main() {
      const partner = spawn(pong, [self()]);
      for (let i = 0; i < ${EVENTS / 2}; i++) { send(partner, i); await receive(); }
    }
    async function pong(to: any) { for (;;) send(to, await receive()); }
  `,
  "async ring of 100": `
    import { receive, self, send, spawn } from "otp";
    export async function main() {
      let next = self();
      for (let i = 0; i < 99; i++) next = spawn(member, [next]);
      for (let round = 0; round < ${EVENTS / 100}; round++) { send(next, round); await receive(); }
    }
    async function member(next: any) { for (;;) send(next, await receive()); }
  `,
  "fan-out to 100 and back": `
    import { receive, self, send, spawn } from "otp";
    export async function main() {
      const workers = Array.from({ length: 100 }, () => spawn(worker, [self()]));
      for (let round = 0; round < ${EVENTS / 200}; round++) {
        for (const pid of workers) send(pid, round);
        for (let i = 0; i < 100; i++) await receive();
      }
    }
    async function worker(boss: any) { for (;;) send(boss, await receive()); }
  `,
  "gen_server casts (callbacks)": `
    import { cast, genServer, start } from "otp";
    const counter = genServer<number>({ init: () => ["ok", 0], handleCast: (by, total) => ["noreply", total + by] });
    export async function main() {
      const [, pid] = (await start(counter)) as ["ok", any];
      for (let i = 0; i < ${EVENTS / 2}; i++) cast(pid, 1);
    }
  `,
  "gen_server calls": `
    import { call, genServer, start } from "otp";
    const counter = genServer<number>({ init: () => ["ok", 0], handleCall: (by, _from, total) => ["reply", total, total + by] });
    export async function main() {
      const [, pid] = (await start(counter)) as ["ok", any];
      for (let i = 0; i < ${EVENTS / 4}; i++) await call(pid, 1);
    }
  `,
  "gen_server calls, async callback": `
    import { call, genServer, start } from "otp";
    const counter = genServer<number>({ init: () => ["ok", 0], async handleCall(by, _from, total) { await null; return ["reply", total, total + by]; } });
    export async function main() {
      const [, pid] = (await start(counter)) as ["ok", any];
      for (let i = 0; i < ${EVENTS / 4}; i++) await call(pid, 1);
    }
  `,
};

const ROOM: Scenario = {
  name: "bench",
  horizonUs: 1_000_000,
  nodes: [{ name: "n1", cores: 1 }],
  wires: [],
  starts: [{ atUs: 0, node: "n1", file: "main.ts", run: "main", args: [] }],
  loads: [],
  faults: [],
};

/** Thousands of events per second in each style, full trace included, and their ratio to the anchor. */
export async function measureEvents(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const anchor = await channelHops();
  figures.push({
    name: "anchor: MessageChannel, one hop at a time",
    value: round(anchor / 1000),
    unit: "k/s",
  });
  for (const [name, text] of Object.entries(STYLES)) {
    const program = programOf(text);
    const speeds: number[] = [];
    for (let i = 0; i <= REPEATS; i++) {
      const startMs = performance.now();
      const trace = simulate({ program, scenario: ROOM, seed: 1 });
      const seconds = (performance.now() - startMs) / 1000;
      if (i > 0) speeds.push(received(trace) / seconds);
    }
    const speed = median(speeds);
    figures.push({ name, value: round(speed / 1000), unit: "k events/s" });
    figures.push({ name: `${name} ÷ anchor`, value: round(speed / anchor), unit: "ratio" });
  }
  return figures;
}

function programOf(text: string): ProgramFactory {
  const result = compile(ts, [{ path: "main.ts", text, role: "yours" }]);
  if (!result.ok) throw new Error(result.refusals[0]?.message);
  const factory: ScriptFactory = new Function(`return ${result.program.script}`)();
  return factory as unknown as ProgramFactory;
}

function received(trace: Trace): number {
  let count = 0;
  for (let row = 0; row < trace.rowCount; row++) if (trace.kind[row] === KIND.receive) count++;
  return count;
}

async function channelHops(): Promise<number> {
  const speeds: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const { port1, port2 } = new MessageChannel();
    const startMs = performance.now();
    await new Promise<void>((resolve) => {
      let left = HOPS / 2;
      port2.onmessage = ({ data }) => port2.postMessage(data);
      port1.onmessage = () => (--left > 0 ? port1.postMessage(left) : resolve());
      port1.postMessage(left);
    });
    speeds.push(HOPS / ((performance.now() - startMs) / 1000));
    port1.close();
    port2.close();
  }
  return median(speeds);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
