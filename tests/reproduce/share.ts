/**
 * A share of a result's trials, made by the very worker that a page has, in a thread: what a test
 * can afford, with bands as much wider as it says.
 */
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import {
  type Channel,
  type Outcome,
  type Report,
  startBatch,
} from "../../workers/reproduce/batch.ts";
import type { Reproduction, Row } from "../../workers/reproduce/reproduction.ts";

let script: Promise<string> | undefined;

/** The Web Worker's file for a thread, which is given what a Web Worker has. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ["workers/reproduce/reproduce.worker.ts"],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
  });
  return `
    const { parentPort } = require("node:worker_threads");
    globalThis.postMessage = (message) => parentPort.postMessage(message);
    parentPort.on("message", (data) => globalThis.onmessage({ data }));
    ${outputFiles[0]?.text}`;
}

/** A channel to the page's worker, in a thread of its own. */
export async function openThread(): Promise<Channel> {
  script ??= bundle();
  const thread = new Worker(await script, { eval: true });
  return {
    post: (order) => thread.postMessage(order),
    listen(hear) {
      thread.on("message", (report: Report) => hear(report));
      thread.on("error", ({ message }) => hear({ kind: "failed", from: 0, reason: message }));
    },
    close: () => void thread.terminate(),
  };
}

/** Rows from the first `trialCount` trials, made in a thread; all by default. */
export async function rowsOf(
  reproduction: Reproduction,
  trialCount = reproduction.trialCount,
): Promise<readonly Row[]> {
  const channels = [await openThread()];
  const outcome = await new Promise<Outcome>((onEnd) => {
    startBatch({ reproduction, channels, trialCount, onEnd });
  });
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.rows;
}

/** What lies outside of its band, each end of which is moved away from the middle `factor` times as far. */
export function outside(rows: readonly Row[], factor = 1): string[] {
  return rows
    .filter(({ ours, band: { low, high } }) => {
      const isOpen = !Number.isFinite(low) || !Number.isFinite(high);
      const margin = isOpen ? 0 : ((high - low) / 2) * (factor - 1);
      return !(ours >= low - margin && ours <= high + margin);
    })
    .map(({ what, ours, band }) => `${what}: ${ours} is not in ${band.low} to ${band.high}`);
}
