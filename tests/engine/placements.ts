/** One run in every placement that Node can make: together, apart on this thread, in real workers. */
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { BOUNDS, type Bounds, type Scenario, Trace } from "../../workers/kernel/index.ts";
import { conduct, type NodeWorker } from "../../workers/sandbox/coordinator.ts";
import { NodeServer } from "../../workers/sandbox/node-server.ts";
import { workerPlan } from "../../workers/sandbox/placement.ts";
import type { News, NodeReport, WatchJob } from "../../workers/sandbox/protocol.ts";
import type { ProgramFactory } from "../../workers/sandbox/realm.ts";

/** What came of a run whose nodes stood apart. */
export interface Apart {
  readonly digest: string;
  readonly trace: Trace;
}

/** Node workers in this thread, but with everything between them copied as between threads. */
export function runApart(
  program: ProgramFactory,
  scenario: Scenario,
  seed: number,
  bounds: Bounds = BOUNDS,
): Promise<Apart> {
  const job = jobOf(scenario, seed, bounds);
  const workers = workerPlan(scenario).map((index): NodeWorker => {
    const server = new NodeServer(job, index, program);
    return { ask: async (command) => structuredClone(server.answer(structuredClone(command))) };
  });
  return conducted(job, workers);
}

/** A real thread for every node, each with the engine's own bundle and locked down as in the frame. */
export async function runInThreads(
  bundle: string,
  script: string,
  scenario: Scenario,
  seed: number,
): Promise<Apart> {
  const job = jobOf(scenario, seed, BOUNDS);
  const threads = workerPlan(scenario).map((index) => {
    return new Worker(`${bundle}\nsetProgram(${script});`, {
      eval: true,
      workerData: { job, index },
    });
  });
  try {
    return await conducted(job, threads.map(askThrough));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** The text that a thread of `runInThreads` runs; bundled once for many runs. */
export async function bundleThread(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ["tests/engine/node-thread.ts"],
    bundle: true,
    format: "iife",
    platform: "node",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

function jobOf(scenario: Scenario, seed: number, bounds: Bounds): WatchJob {
  return { kind: "watch", placement: "each", scenario, seed, bounds };
}

async function conducted(job: WatchJob, workers: readonly NodeWorker[]): Promise<Apart> {
  const trace = new Trace();
  let digest = "";
  await conduct(job, workers, (news: News) => {
    if (news.kind === "rows") trace.append(structuredClone(news.chunk));
    if (news.kind === "end") digest = news.digest;
  });
  return { digest, trace };
}

function askThrough(thread: Worker): NodeWorker {
  return {
    ask: (command) =>
      new Promise<NodeReport>((resolve, reject) => {
        thread.removeAllListeners();
        thread.once("message", resolve).once("error", reject);
        thread.postMessage(command);
      }),
  };
}
