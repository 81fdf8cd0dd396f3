/**
 * `npm run bench`: prints every figure that we promise something about, beside the one recorded in
 * bench/baseline.json. `npm run bench -- --record` writes the baseline anew. Ratios are against an
 * anchor of the same run, since machines differ and are noisy; bytes and counts are exact.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { type Figure, measureEvents } from "./events.ts";
import { measureFrame } from "./frame.ts";
import { measurePage } from "./page.ts";
import { measureWeights } from "./weights.ts";

const BASELINE = "bench/baseline.json";

const sections: readonly (readonly [
  string,
  () => Promise<readonly Figure[]> | readonly Figure[],
])[] = [
  ["Engine, one thread, full trace", measureEvents],
  ["Sizes", measureWeights],
  ["Picture, in Node", measureFrame],
  ["Page, in Chromium", measurePage],
];

const baseline = readBaseline();
const measured: Record<string, number> = {};
for (const [title, measure] of sections) {
  console.log(`\n${title}`);
  for (const { name, value, unit } of await measure()) {
    measured[name] = value;
    const before = baseline[name];
    const recorded = before === undefined ? "not recorded" : `recorded ${before}`;
    console.log(`  ${name.padEnd(52)} ${String(value).padStart(9)} ${unit.padEnd(11)} ${recorded}`);
  }
}
if (process.argv.includes("--record")) {
  writeFileSync(BASELINE, `${JSON.stringify(measured, null, 2)}\n`);
  console.log(`\nRecorded in ${BASELINE}.`);
}

function readBaseline(): Readonly<Record<string, number>> {
  try {
    return JSON.parse(readFileSync(BASELINE, "utf8"));
  } catch {
    return {};
  }
}
