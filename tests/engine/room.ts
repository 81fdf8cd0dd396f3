/**
 * A room to try things in: the files are compiled as a learner's are and run on one thread.
 * What the processes say with `log` is what the tests look at, with the virtual ms beside it.
 */
import ts from "typescript";
import { compile, type ScriptFactory } from "../../workers/compile/index.ts";
import {
  BOUNDS,
  type Bounds,
  type Crash,
  KIND,
  type Scenario,
  type Trace,
} from "../../workers/kernel/index.ts";
import type { ProgramFactory } from "../../workers/sandbox/realm.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";

export interface Told {
  readonly trace: Trace;
  /** `"12.5 main: hello"`: ms, label of the process, text. */
  readonly lines: readonly string[];
  /** The texts alone. */
  readonly said: readonly string[];
  /** Label and reason of every process that ended, in order. */
  readonly exits: readonly (readonly [string, unknown])[];
  readonly crashes: readonly Crash[];
}

/** Compiles files as the page does; throws the refusals. All but main.ts count as scaffold. */
export function compileFiles(files: Readonly<Record<string, string>>): ProgramFactory {
  return evaluate(compileScript(files));
}

/** The script alone, for another thread to make the program of. */
export function compileScript(files: Readonly<Record<string, string>>): string {
  const sources = Object.entries(files).map(([path, text]) => ({
    path,
    text,
    role: "scaffold" as const,
  }));
  const result = compile(ts, sources);
  if (!result.ok)
    throw new Error(
      result.refusals.map((r) => `${r.file}:${r.line}:${r.column} ${r.message}`).join("\n"),
    );
  return result.program.script;
}

/** Makes the program out of its text, as a worker's script does. */
export function evaluate(script: string): ProgramFactory {
  // Indirect eval: the expression sees nothing of this module.
  // biome-ignore lint/security/noGlobalEval: a compiled program is evaluated as a worker's script would.
  // biome-ignore lint/complexity/noCommaOperator: the comma makes the eval indirect.
  const factory: ScriptFactory = (0, eval)(script);
  return factory as unknown as ProgramFactory;
}

/** A scenario with one node "n1" that starts `main` of main.ts; `changes` replace parts. */
export function scenarioOf(changes: Partial<Scenario> = {}): Scenario {
  return {
    name: "room",
    horizonUs: 60_000_000,
    nodes: [{ name: "n1", cores: 1 }],
    wires: [],
    starts: [{ atUs: 0, node: "n1", file: "main.ts", run: "main", args: [] }],
    loads: [],
    faults: [],
    ...changes,
  };
}

/** Two nodes and a wire between them; `main` starts on "n1", `other` on "n2". */
export function twoNodes(changes: Partial<Scenario> = {}): Scenario {
  return scenarioOf({
    nodes: [
      { name: "n1", cores: 1 },
      { name: "n2", cores: 1 },
    ],
    wires: [{ between: ["n1", "n2"], latency: { kind: "det", us: 1000 }, loss: 0 }],
    starts: [
      { atUs: 0, node: "n1", file: "main.ts", run: "main", args: [] },
      { atUs: 0, node: "n2", file: "main.ts", run: "other", args: [] },
    ],
    ...changes,
  });
}

const IMPORTS = `import { call, cancelTimer, cast, demonitor, Exit, exit, genServer, link, log, monitor, monotonic, node, processInfo, random, receive, register, reply, self, send, sendAfter, sleep, spawn, spawnLink, spawnMonitor, start, startLink, stop, trapExit, unlink, unregister, when, whereis, work } from "otp";\n`;

/** Runs `text` as main.ts, with the whole API imported. */
export function play(
  text: string,
  scenario: Scenario = scenarioOf(),
  options: { readonly seed?: number; readonly bounds?: Partial<Bounds> } = {},
): Told {
  const crashes: Crash[] = [];
  const trace = simulate({
    program: compileFiles({ "main.ts": IMPORTS + text }),
    scenario,
    seed: options.seed ?? 1,
    bounds: { ...BOUNDS, ...options.bounds },
    onCrash: (crash) => crashes.push(crash),
  });
  return { ...read(trace), crashes };
}

function read(trace: Trace): Omit<Told, "crashes"> {
  const labels = new Map<number, string>();
  const lines: string[] = [];
  const said: string[] = [];
  const exits: [string, unknown][] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    const process = trace.processOf(row);
    const payload = trace.payloadOf(row);
    if (trace.kindOf(row) === KIND.spawn || trace.kindOf(row) === KIND.register)
      labels.set(process, String(payload));
    if (trace.kindOf(row) === KIND.exit) exits.push([labels.get(process) ?? "?", payload]);
    if (trace.kindOf(row) !== KIND.log) continue;
    lines.push(`${trace.atOf(row) / 1000} ${labels.get(process)}: ${payload}`);
    said.push(String(payload));
  }
  return { trace, lines, said, exits };
}
