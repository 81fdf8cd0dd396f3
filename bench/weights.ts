/** Sizes that must not creep up: the worker's script, a row of trace, a lesson's run. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { ROW_WORDS } from "../workers/kernel/index.ts";
import type { Figure } from "./figure.ts";

export function measureWeights(): Figure[] {
  const runtime = readFileSync("public/sandbox/runtime.js");
  return [
    {
      name: "trace, bytes a row without payloads",
      value: ROW_WORDS * Uint32Array.BYTES_PER_ELEMENT,
      unit: "B",
    },
    { name: "worker script", value: Math.round(runtime.length / 1000), unit: "kB" },
    { name: "worker script, gzip", value: Math.round(gzipSync(runtime).length / 1000), unit: "kB" },
  ];
}
