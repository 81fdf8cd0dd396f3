/**
 * `npm run bench`: prints every figure that we promise something about, beside the one recorded in
 * bench/baseline.json. `-- --only=beam,scale` measures some sections; `-- --record` writes the
 * baseline, of those sections alone when some were chosen. Ratios are against an anchor of the same
 * run, since machines differ and are noisy; bytes and counts are exact.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { measureBeam } from "./beam.ts";
import { measureExercise } from "./exercise.ts";
import type { Figure } from "./figure.ts";
import { measureFrame } from "./frame.ts";
import { measureMemory } from "./memory.ts";
import { measurePage } from "./page.ts";
import { measureScale } from "./scale.ts";
import { measureWeights } from "./weights.ts";
import { measureWorld } from "./world.ts";

const BASELINE = "bench/baseline.json";

interface Section {
  /** What `--only` calls it. */
  readonly key: string;
  readonly title: string;
  readonly measure: () => Promise<readonly Figure[]> | readonly Figure[];
}

const SECTIONS: readonly Section[] = [
  { key: "beam", title: "Engine beside the BEAM, one thread, everything on", measure: measureBeam },
  { key: "exercise", title: "A run of an exercise, clean start", measure: measureExercise },
  { key: "scale", title: "Cost of an event by size", measure: measureScale },
  { key: "world", title: "What the world costs", measure: measureWorld },
  { key: "memory", title: "Memory", measure: measureMemory },
  { key: "weights", title: "Sizes", measure: measureWeights },
  { key: "frame", title: "Picture, in Node", measure: measureFrame },
  { key: "page", title: "Page, in Chromium", measure: measurePage },
];

const only = process.argv.find((word) => word.startsWith("--only="))?.slice("--only=".length);
const chosen = only === undefined ? SECTIONS : only.split(",").map(sectionOf);
const baseline = readBaseline();
const measured: Record<string, number> = only === undefined ? {} : { ...baseline };
for (const { title, measure } of chosen) {
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

function sectionOf(key: string): Section {
  const section = SECTIONS.find((one) => one.key === key);
  if (section !== undefined) return section;
  const keys = SECTIONS.map((one) => one.key).join(", ");
  console.error(`There is no section "${key}". Sections: ${keys}.`);
  process.exit(1);
}

function readBaseline(): Readonly<Record<string, number>> {
  try {
    return JSON.parse(readFileSync(BASELINE, "utf8"));
  } catch {
    return {};
  }
}
