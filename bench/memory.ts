/**
 * What a waiting process holds, and what a row of the trace holds with its payload. Differences of
 * the heap after a collection, so they hold for this version of the engine and of V8.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { clusterOf, programOf, roomOf, run } from "./engine.ts";
import { type Figure, round } from "./figure.ts";
import { PROGRAMS } from "./programs.ts";

const PARKED = 100_000;
const EVENTS = 100_000;

/** Each style in which a process can wait. */
const PARKING: Readonly<Record<string, string>> = {
  "a process in await receive()": `
    import { receive, spawn } from "otp";
    export async function main() { for (let i = 0; i < ${PARKED}; i++) spawn(waits, []); }
    async function waits() { await receive(); }
  `,
  "a waiting gen_server": `
    import { genServer, start } from "otp";
    const idle = genServer<number>({ init: () => ["ok", 0], handleCast: (_, state) => ["noreply", state] });
    export async function main() { for (let i = 0; i < ${PARKED}; i++) await start(idle); }
  `,
};

export function measureMemory(): Figure[] {
  const collect = collector();
  const bytesOf = (build: () => object) => heldBy(build, collect);
  const figures = Object.entries(PARKING).map(([name, text]) => {
    const program = programOf(text);
    const bytes = bytesOf(() => {
      const cluster = clusterOf(program, roomOf(), { keep: "digest" });
      cluster.runToEnd();
      return cluster;
    });
    return { name, value: round(bytes.heap / PARKED), unit: "B" };
  });
  const pingPong = programOf((PROGRAMS[0] as (typeof PROGRAMS)[0]).text(EVENTS));
  let rowCount = 0;
  const bytes = bytesOf(() => {
    const trace = run(pingPong, roomOf());
    rowCount = trace.rowCount;
    return trace;
  });
  const perRow = (bytes.heap + bytes.buffers) / rowCount;
  return [
    ...figures,
    { name: "a row of trace, room to grow included", value: round(perRow), unit: "B" },
  ];
}

/** Bytes that what `build` gives keeps alive. */
function heldBy(build: () => object, collect: () => void): { heap: number; buffers: number } {
  collect();
  const before = process.memoryUsage();
  const held = [build()];
  collect();
  const after = process.memoryUsage();
  // Read once more, so that it is alive until here.
  if (held.length === 0) throw new Error("nothing was built");
  return {
    heap: after.heapUsed - before.heapUsed,
    buffers: after.arrayBuffers - before.arrayBuffers,
  };
}

/** The collector, without a flag on the command line. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
