/**
 * The page's door to the sandbox: starts a job in an isolated frame of its own, hands over its
 * news, and stops it for certain.
 *
 * A frame per job, because removing the frame is the only stop that always works at once: a worker
 * that spins may go on for two seconds after terminate(), a removed frame is gone in milliseconds
 * with all its workers. Nothing that comes from the frame is believed before it is parsed.
 */
import {
  type CheckSpec,
  conclude,
  type Measure,
  measure,
  type RunFindings,
  Story,
  type Tier,
  type TierName,
} from "../check/index.ts";
import { originalPosition, type Place, type Program } from "../compile/index.ts";
import { BOUNDS, type Crash, type Scenario, type Trace, type TraceChunk } from "../kernel/index.ts";
import { type Begin, type Job, type News, type Placement, parseFromFrame } from "./protocol.ts";

export type { Crash } from "../kernel/index.ts";
export type { Placement } from "./protocol.ts";
/** Verdicts are concluded in the page, from findings that the sandbox made. */
export { conclude };

/** What a job tells while it goes on. */
export interface Listener {
  readonly rows?: (chunk: TraceChunk, recordedUs: number) => void;
  readonly crash?: (crash: Crash) => void;
  readonly findings?: (findings: RunFindings) => void;
}

/** How a job ended. */
export type Ending =
  | { readonly kind: "done"; readonly digest: string; readonly workers: number }
  | { readonly kind: "judged" }
  | { readonly kind: "stopped" }
  /** The sandbox says, or its silence says, that it cannot go on. No judgement of the program. */
  | { readonly kind: "failed"; readonly what: string };

export interface RunningJob {
  readonly ending: Promise<Ending>;
  /** Ends the job now; `ending` becomes "stopped". */
  stop(): void;
}

/** Real milliseconds without news after which the sandbox counts as hung. The guard's bounds are reached far earlier. */
const SILENCE_MS_MAX = 10_000;

let jobCount = 0;

/** A run to be watched. */
export interface Watch {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly placement: Placement;
}

/** An exercise's seeds, to be judged. */
export interface Judgement {
  readonly exercise: string;
  readonly tiers: Readonly<Partial<Record<TierName, Tier>>>;
  readonly checks: readonly CheckSpec[];
}

/** Runs one seed with its whole trace. The frame is put into `host`, a part of the page that is never seen. */
export function startWatch(
  host: HTMLElement,
  program: Program,
  watch: Watch,
  listener: Listener,
): RunningJob {
  return startJob(host, program, { kind: "watch", bounds: BOUNDS, ...watch }, listener);
}

/** Judges all seeds of an exercise, on as many workers as there are processors, at most 8. */
export function startJudgement(
  host: HTMLElement,
  program: Program,
  judgement: Judgement,
  listener: Listener,
): RunningJob {
  const workerCount = Math.min(8, Math.max(1, navigator.hardwareConcurrency ?? 1));
  const { exercise, tiers, checks } = judgement;
  return startJob(
    host,
    program,
    { kind: "judge", exercise, tiers, checks, bounds: BOUNDS, workerCount },
    listener,
  );
}

/** Each node in a worker of its own, unless the machine is too small for that. */
export function placementFor(nodeCount: number): Placement {
  const cores = navigator.hardwareConcurrency ?? 1;
  return cores >= 2 && nodeCount <= 8 ? "each" : "one";
}

/** The place in the learner's files where a process crashed; undefined when it was not in them. */
export async function placeOfCrash(program: Program, crash: Crash): Promise<Place | undefined> {
  // In the worker's script the program stands on the lines after the runtime.
  const before = (await runtimeText()).split("\n").length;
  for (const [, line, column] of crash.stack.matchAll(/:(\d+):(\d+)\)?$/gm)) {
    // Frames above the program are the runtime's own.
    const lineInProgram = Number(line) - before;
    if (lineInProgram < 1) continue;
    const place = originalPosition(program, lineInProgram, Number(column));
    if (place !== undefined) return place;
  }
  return undefined;
}

/** One figure of a run, as a prediction is compared with. */
export function measureRun(trace: Trace, scenario: Scenario, what: Measure): number {
  return measure(new Story(trace, scenario, 0), what);
}

function startJob(host: HTMLElement, program: Program, what: Job, listener: Listener): RunningJob {
  const job = jobCount++;
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.setAttribute("aria-hidden", "true");
  frame.tabIndex = -1;
  frame.title = "Sandbox";
  frame.style.cssText = "position:absolute;width:0;height:0;border:0;visibility:hidden";
  frame.src = "/sandbox/frame.html";

  let end: (ending: Ending) => void = () => undefined;
  let isOver = false;
  let judged = 0;
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const ending = new Promise<Ending>((resolve) => {
    end = (how) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(watchdog);
      window.removeEventListener("message", onMessage);
      frame.remove();
      resolve(how);
    };
  });
  const heard = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => end({ kind: "failed", what: SILENT }), SILENCE_MS_MAX);
  };

  function onMessage(event: MessageEvent<unknown>): void {
    // A frame without an origin has none that could be compared; its window can.
    if (event.source !== frame.contentWindow) return;
    const message = parseFromFrame(event.data);
    if (message === undefined) return;
    if (message.news.kind === "ready") {
      void begin();
      return;
    }
    if (message.job !== job) return;
    heard();
    receive(message.news);
  }

  function receive(news: News): void {
    switch (news.kind) {
      case "rows":
        listener.rows?.(news.chunk, news.recordedUs);
        return;
      case "crash":
        listener.crash?.(news.crash);
        return;
      case "findings":
        listener.findings?.(news.findings);
        return;
      case "judged":
        judged++;
        if (what.kind === "judge" && judged === what.workerCount) end({ kind: "judged" });
        return;
      case "end":
        end({ kind: "done", digest: news.digest, workers: news.workers });
        return;
      case "failed":
        end({ kind: "failed", what: news.what });
        return;
      case "terminate":
        return;
    }
  }

  async function begin(): Promise<void> {
    try {
      const message: Begin = {
        kind: "begin",
        job,
        runtime: await runtimeText(),
        program: program.script,
        what,
      };
      frame.contentWindow?.postMessage(message, "*");
    } catch (thrown) {
      end({ kind: "failed", what: `The sandbox could not be loaded: ${String(thrown)}` });
    }
  }

  window.addEventListener("message", onMessage);
  heard();
  host.append(frame);
  return { ending, stop: () => end({ kind: "stopped" }) };
}

const SILENT =
  "The sandbox has not answered for ten seconds and was stopped. Something in the program takes very long without a loop or a call, such as a regular expression or a huge text.";

let about: Promise<{ readonly engine: string }> | undefined;

/** Names the engine: the same for the same runtime text. Part of every run's name and every verdict. */
export async function engineName(): Promise<string> {
  about ??= fetch("/sandbox/about.json").then((response) => response.json());
  about.catch(() => {
    about = undefined;
  });
  return (await about).engine;
}

let runtime: Promise<string> | undefined;

/** The runtime's text, fetched once; a failed attempt is not kept. */
function runtimeText(): Promise<string> {
  runtime ??= fetch("/sandbox/runtime.js").then((response) => {
    if (!response.ok) throw new Error(`runtime.js: ${response.status}`);
    return response.text();
  });
  runtime.catch(() => {
    runtime = undefined;
  });
  return runtime;
}
