/**
 * Makes published results again and prints them beside ours: see bin/reproduce.mjs. Threads share
 * the trials; this same file is what they run. Fails when a result lies outside of its band.
 */
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import {
  type Channel,
  type Outcome,
  ownChannel,
  perform,
  type Report,
  startBatch,
} from "../workers/reproduce/batch.ts";
import { REPRODUCTIONS, reproductionOf } from "../workers/reproduce/catalog.ts";
import { NOT_REPRODUCED } from "../workers/reproduce/not-reproduced.ts";
import type { Band, Reproduction, Row } from "../workers/reproduce/reproduction.ts";

const WORKERS_FLAG = "--workers=";

if (isMainThread) process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
else parentPort?.on("message", (order) => parentPort?.postMessage(perform(order, reproductionOf)));

/** Runs what is asked for. Returns whether every number lies in its band. */
async function main(words: readonly string[]): Promise<boolean> {
  const ids = words.filter((word) => !word.startsWith("--"));
  const unknown = ids.filter((id) => reproductionOf(id) === undefined);
  const known = REPRODUCTIONS.map(({ id }) => id).join(" ");
  if (unknown.length > 0) {
    console.error(`There is no result ${unknown.join(", ")}; there are: ${known}`);
    return false;
  }
  const asked =
    ids.length === 0 ? REPRODUCTIONS : REPRODUCTIONS.filter(({ id }) => ids.includes(id));
  const workerCount = workerCountOf(words);
  const outside: string[] = [];
  for (const reproduction of asked) {
    printConditions(reproduction);
    const startMs = performance.now();
    const outcome = await runAll(reproduction, workerCount);
    if (!outcome.ok) {
      console.log(`  failed: ${outcome.reason}\n`);
      outside.push(reproduction.id);
      continue;
    }
    printRows(outcome.rows);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    console.log(`  ${reproduction.trialCount} trials in ${seconds} s\n`);
    if (outcome.rows.some(({ inside }) => !inside)) outside.push(reproduction.id);
  }
  printNotReproduced();
  console.log(
    outside.length === 0
      ? `All ${asked.length} results lie in their bands.`
      : `Outside of its band: ${outside.join(", ")}.`,
  );
  return outside.length === 0;
}

function workerCountOf(words: readonly string[]): number {
  const flag = words.find((word) => word.startsWith(WORKERS_FLAG));
  const count = Number(flag?.slice(WORKERS_FLAG.length));
  return Number.isInteger(count) && count > 0 ? count : availableParallelism();
}

function runAll(reproduction: Reproduction, workerCount: number): Promise<Outcome> {
  const channels =
    workerCount === 1
      ? [ownChannel(reproductionOf)]
      : Array.from({ length: workerCount }, () => threadChannel());
  return new Promise((resolve) => {
    startBatch({ reproduction, channels, onEnd: resolve });
  });
}

/** A channel to a thread of its own, which runs this file. */
function threadChannel(): Channel {
  const thread = new Worker(new URL(import.meta.url));
  return {
    post: (order) => thread.postMessage(order),
    listen(hear) {
      thread.on("message", (report: Report) => hear(report));
      thread.on("error", ({ message }) => hear({ kind: "failed", from: 0, reason: message }));
    },
    close: () => void thread.terminate(),
  };
}

function printConditions({ id, title, lessons, sources, conditions, assumptions }: Reproduction) {
  console.log(`${id}  ${title}  (${lessons.join(", ")})`);
  for (const { title: source, confidence } of sources)
    console.log(`  source  ${source} [${confidence}]`);
  console.log(`  set-up  ${conditions}`);
  for (const assumption of assumptions) console.log(`  assumed ${assumption}`);
}

function printRows(rows: readonly Row[]): void {
  const cells = rows.map((row) => [
    row.inside ? "OK " : "OUT",
    row.what,
    typeof row.published === "string" ? row.published : inUnits(row.published, row.unit),
    inUnits(row.ours, row.unit),
    bandText(row.band),
  ]);
  const lines = [["", "", "published", "ours", "band"], ...cells];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...lines.map((line) => (line[i] ?? "").length)));
  for (const line of lines)
    console.log(
      `  ${line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd()}`,
    );
}

function bandText({ low, high, around }: Band): string {
  if (low === high) return around;
  if (low === Number.NEGATIVE_INFINITY || high === Number.POSITIVE_INFINITY) return around;
  return `${numberText(low)} to ${numberText(high)} (${around})`;
}

function inUnits(value: number | undefined, unit: string): string {
  if (value === undefined) return "–";
  return unit === "" ? numberText(value) : `${numberText(value)} ${unit}`;
}

/** Four digits that count; whole numbers above. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}

function printNotReproduced(): void {
  console.log("Not reproduced:");
  for (const { what, source, why } of NOT_REPRODUCED) console.log(`  ${what} (${source}). ${why}`);
  console.log();
}
