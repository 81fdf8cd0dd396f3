/**
 * Runs of queueing-run.ts in a thread, from a bundle of their own: there the engine is as fast as it
 * is for a learner, about half as slow again in the test runner's modules.
 */
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import type { Answers, measure, Run } from "./queueing-run.ts";

const THREAD = `
  import { parentPort, workerData } from "node:worker_threads";
  import { measure } from "./tests/engine/queueing-run.ts";
  parentPort.postMessage(measure(workerData));
`;

/** The text that a thread of `measureApart` runs; bundled once for many runs. */
export async function bundleQueueing(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: THREAD, resolveDir: process.cwd() },
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** As `measure`, in a thread of its own. */
export function measureApart(bundle: string, run: Run): Promise<ReturnType<typeof measure>> {
  return new Promise<Answers>((resolve, reject) => {
    const thread = new Worker(bundle, { eval: true, workerData: run });
    thread.once("message", resolve);
    thread.once("error", reject);
  });
}
