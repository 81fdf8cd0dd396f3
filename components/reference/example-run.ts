/**
 * One run of an example: compiled where the editor's programs are, run in a frame of its own.
 * Loaded when somebody wants to run something, since compiler and sandbox are no small thing.
 */
import { Trace } from "../../workers/kernel/trace.ts";
import { placementFor, type RunningJob, startWatch } from "../../workers/sandbox/client.ts";
import { compileInPage } from "../editor/page-compiler.ts";
import { exampleScenario } from "./example-scenario.ts";
import type { ExampleProgram } from "./example-view.ts";
import { type PrintedLine, printedLines } from "./printed-lines.ts";

export { warmCompiler } from "../editor/page-compiler.ts";

/** How a run ended; `what` is for the reader. */
export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly what: string };

export interface ExampleRun {
  readonly outcome: Promise<Outcome>;
  /** Ends it now: the outcome is "stopped". */
  stop(): void;
}

/** Examples always run with this seed: what they print is written beside them. */
const SEED = 1;

/** Compiles and runs an example; `show` gets all its lines so far, whenever there are more. */
export function startExample(
  host: HTMLElement,
  { code, nodes, world }: ExampleProgram,
  show: (lines: readonly PrintedLine[]) => void,
): ExampleRun {
  let job: RunningJob | undefined;
  let isStopped = false;

  async function run(): Promise<Outcome> {
    const result = await compileInPage([{ path: "main.ts", text: code, role: "scaffold" }]);
    if (isStopped) return { kind: "stopped" };
    if (!result.ok) return { kind: "failed", what: result.refusals[0]?.message ?? "refused" };
    const scenario = exampleScenario(nodes, world);
    const trace = new Trace();
    const placement = placementFor(nodes.length);
    job = startWatch(
      host,
      result.program,
      { scenario, seed: SEED, placement },
      {
        rows: (chunk) => {
          trace.append(chunk);
          show(printedLines(trace, nodes));
        },
      },
    );
    const ending = await job.ending;
    if (ending.kind === "done" || ending.kind === "judged") return { kind: "done" };
    return ending;
  }

  return {
    outcome: run().catch((thrown: unknown) => ({
      kind: "failed",
      what: thrown instanceof Error ? thrown.message : String(thrown),
    })),
    stop() {
      isStopped = true;
      job?.stop();
    },
  };
}
