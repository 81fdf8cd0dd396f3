/** Sizes that must not creep up: the worker's script, a row of trace, a lesson's run. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { Trace } from "../workers/kernel/index.ts";
import type { Figure } from "./events.ts";

export function measureWeights(): Figure[] {
  const trace = new Trace();
  const columns = [
    trace.at,
    trace.kind,
    trace.signal,
    trace.process,
    trace.peer,
    trace.message,
    trace.value,
    trace.payload,
    trace.cause,
  ];
  const runtime = readFileSync("public/sandbox/runtime.js");
  return [
    {
      name: "trace, bytes a row without payloads",
      value: columns.reduce((sum, column) => sum + column.BYTES_PER_ELEMENT, 0),
      unit: "B",
    },
    { name: "worker script", value: Math.round(runtime.length / 1000), unit: "kB" },
    { name: "worker script, gzip", value: Math.round(gzipSync(runtime).length / 1000), unit: "kB" },
  ];
}
