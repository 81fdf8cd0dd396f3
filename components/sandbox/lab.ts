/**
 * What happens when somebody presses Run or Check: compile, hand the program to the sandbox, take
 * in what comes, and say in words what went wrong. A store outside React, one for each exercise,
 * so that a run goes on while the reader looks at something else.
 */
import type { Exercise, RunFindings, Verdict } from "../../workers/check/index.ts";
import type { Program, SourceFile } from "../../workers/compile/index.ts";
import type { FaultSpec, Scenario } from "../../workers/kernel/scenario.ts";
import { KIND, type Trace } from "../../workers/kernel/trace.ts";
import {
  type Crash,
  conclude,
  type Ending,
  engineName,
  placementFor,
  placeOfCrash,
  type RunningJob,
  startJudgement,
  startWatch,
} from "../../workers/sandbox/client.ts";
import type { EditorProblem, ExerciseFile } from "../editor/exercise-file.ts";
import { compileInPage } from "../editor/page-compiler.ts";
import { createPlayhead, type Playhead } from "../playback/playhead.ts";
import { secondsText } from "../playback/time-text.ts";
import { createTraceSource, type GrowingTraceSource } from "../playback/trace-source.ts";
import type { ExerciseData } from "./exercise-view.ts";

/** Something to tell the reader, once; `look` when it wants attention. */
export interface Notice {
  readonly tone: "plain" | "look";
  readonly text: string;
}

/** A run on the stage. A new one has a source and a play-head of its own. */
export interface Staging {
  readonly id: number;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly source: GrowingTraceSource;
  readonly playhead: Playhead;
}

export interface LabState {
  readonly phase: "idle" | "compiling" | "running" | "checking";
  readonly staging: Staging;
  readonly notices: readonly Notice[];
  readonly problems: readonly EditorProblem[];
  /** Name of the finished run: program, scenario, seed, engine, and the digest of its trace. */
  readonly runName: string | undefined;
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  /** The first seed that failed, while the others are still being judged. */
  readonly firstFailure: string | undefined;
  readonly verdict: Verdict | undefined;
}

/** What is asked of a run besides the files. */
export interface RunOptions {
  readonly seed: number;
  readonly faults: readonly FaultSpec[];
  /** The world to run in, its faults aside; default the exercise's own. */
  readonly scenario?: Scenario;
  /** Where the play-head goes, and waits; without it the run is played from its beginning. */
  readonly fromUs?: number;
}

export interface Lab {
  state(): LabState;
  subscribe(listener: () => void): () => void;
  run(files: readonly ExerciseFile[], options: RunOptions): Promise<void>;
  check(files: readonly ExerciseFile[]): Promise<void>;
  /** Ends what is under way, at once. What has been recorded stays. */
  stop(): void;
  closeVerdict(): void;
  /** Shows the run of a failing seed at the moment of its failure. */
  showFailure(
    files: readonly ExerciseFile[],
    tier: "S" | "P",
    seed: number,
    atUs: number,
  ): Promise<void>;
}

export interface LabOptions {
  readonly exercise: ExerciseData;
  /** The exercise with its sentences, loaded when a verdict is due. */
  readonly loadExercise: () => Promise<Exercise>;
  /** Where the sandbox's frames are put. */
  readonly host: () => HTMLElement;
  /** Told of every run that came to its end. */
  readonly onRun: (trace: Trace, scenario: Scenario) => void;
  /** Told of every verdict. */
  readonly onVerdict: (verdict: Verdict) => void;
}

/** How long before the moment of a failure its replay begins. */
const LEAD_IN_US = 250_000;
/** More crashes than these are counted, not told one by one. */
const CRASHES_TOLD_MAX = 3;

export function createLab(options: LabOptions): Lab {
  const { exercise } = options;
  const listeners = new Set<() => void>();
  let current: RunningJob | undefined;
  let turn = 0;
  let stagingCount = 0;
  let state: LabState = {
    phase: "idle",
    staging: stage(exercise.run, 1),
    notices: [],
    problems: [],
    runName: undefined,
    progress: undefined,
    firstFailure: undefined,
    verdict: undefined,
  };

  function change(next: Partial<LabState>): void {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  }

  function stage(scenario: Scenario, seed: number): Staging {
    const source = createTraceSource();
    const clock = () => performance.now();
    const playhead = createPlayhead({
      source,
      horizonUs: scenario.horizonUs,
      clock,
      speed: exercise.speed,
    });
    return { id: stagingCount++, scenario, seed, source, playhead };
  }

  /** Begins something new: what was under way ends. The number tells whether it is still wanted. */
  function begin(): number {
    current?.stop();
    current = undefined;
    turn++;
    change({
      phase: "compiling",
      notices: [],
      problems: [],
      runName: undefined,
      firstFailure: undefined,
      progress: undefined,
    });
    return turn;
  }

  async function compile(
    files: readonly ExerciseFile[],
    mine: number,
  ): Promise<Program | undefined> {
    try {
      const result = await compileInPage(files.filter(isCode).map(toSource));
      if (mine !== turn) return undefined;
      if (result.ok) return result.program;
      const [first] = result.refusals;
      const more = result.refusals.length - 1;
      const text = `${first?.file}, line ${first?.line}: ${first?.message}${more > 0 ? ` (and ${more} more)` : ""}`;
      change({ phase: "idle", problems: result.refusals, notices: [{ tone: "look", text }] });
    } catch (thrown) {
      if (mine === turn)
        change({ phase: "idle", notices: [{ tone: "look", text: messageOf(thrown) }] });
    }
    return undefined;
  }

  async function watch(
    program: Program,
    scenario: Scenario,
    seed: number,
    mine: number,
    fromUs?: number,
  ): Promise<void> {
    const staging = stage(scenario, seed);
    const crashes: Crash[] = [];
    change({ phase: "running", staging, runName: undefined });
    if (fromUs === undefined) staging.playhead.play();
    let isSought = fromUs === undefined;
    const placement = placementFor(scenario.nodes.length);
    // What went wrong is said as soon as it is seen; the whole account comes with the end.
    const warn = () => {
      if (mine !== turn || state.notices.length > 0) return;
      const notices = noticesOf(undefined, staging.source.trace, crashes, []);
      if (notices.length > 0) change({ notices });
    };
    current = startWatch(
      options.host(),
      program,
      { scenario, seed, placement },
      {
        rows: (chunk, recordedUs) => {
          staging.source.append(chunk);
          warn();
          if (isSought || recordedUs < (fromUs ?? 0)) return;
          isSought = true;
          staging.playhead.seek(fromUs ?? 0);
        },
        crash: (crash) => {
          crashes.push(crash);
          warn();
        },
      },
    );
    const ending = await current.ending;
    staging.source.finish();
    if (!isSought) staging.playhead.seek(fromUs ?? 0);
    if (mine !== turn) return;
    const problems = await problemsOf(program, crashes);
    if (mine !== turn) return;
    const name = `${program.digest.slice(0, 8)} · ${scenario.name} · seed ${seed} · engine ${await engineName()}`;
    change({
      phase: "idle",
      problems,
      notices: noticesOf(ending, staging.source.trace, crashes, problems),
      runName: ending.kind === "done" ? `${name} · trace ${ending.digest.slice(0, 12)}` : name,
    });
    if (ending.kind === "done") options.onRun(staging.source.trace, scenario);
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async run(files, { seed, faults, scenario = exercise.run, fromUs }) {
      const mine = begin();
      const program = await compile(files, mine);
      if (program !== undefined) await watch(program, { ...scenario, faults }, seed, mine, fromUs);
    },
    async showFailure(files, tier, seed, atUs) {
      const mine = begin();
      const program = await compile(files, mine);
      const scenario = exercise.tiers[tier]?.scenario;
      if (program === undefined || scenario === undefined) return;
      await watch(program, scenario, seed, mine, Math.max(0, atUs - LEAD_IN_US));
    },
    async check(files) {
      const mine = begin();
      const answers = answersIn(files);
      if (exercise.kind === "prediction" && answers === undefined) {
        change({
          phase: "idle",
          notices: [
            { tone: "look", text: "Answer with numbers first: answers.json could not be read." },
          ],
        });
        return;
      }
      const program = await compile(files, mine);
      if (program === undefined) return;
      const whole = await options.loadExercise();
      if (mine !== turn) return;
      const total = Object.values(exercise.tiers).reduce(
        (sum, tier) => sum + (tier?.seedCount ?? 0),
        0,
      );
      const findings: RunFindings[] = [];
      change({ phase: "checking", verdict: undefined, progress: { done: 0, total } });
      current = startJudgement(
        options.host(),
        program,
        { exercise: exercise.id, tiers: exercise.tiers, checks: exercise.checks },
        {
          findings: (found) => {
            findings.push(found);
            change({
              progress: { done: findings.length, total },
              firstFailure: state.firstFailure ?? firstSentence(whole, found),
            });
          },
        },
      );
      const ending = await current.ending;
      if (mine !== turn) return;
      change({ phase: "idle", progress: undefined, firstFailure: undefined });
      if (ending.kind === "stopped") return;
      const engine = await engineName();
      const verdict: Verdict =
        ending.kind === "judged"
          ? conclude(whole, findings, { engine, answers: answers ?? {} })
          : notJudged(
              whole,
              engine,
              ending.kind === "failed" ? ending.what : "the sandbox ended early",
            );
      change({ verdict });
      options.onVerdict(verdict);
    },
    closeVerdict() {
      change({ verdict: undefined });
    },
    stop() {
      const wasBusy = state.phase !== "idle";
      current?.stop();
      current = undefined;
      turn++;
      state.staging.source.finish();
      if (wasBusy)
        change({
          phase: "idle",
          progress: undefined,
          notices: [{ tone: "plain", text: "Stopped. What was recorded can still be watched." }],
        });
    },
  };
}

function isCode({ path }: ExerciseFile): boolean {
  return path.endsWith(".ts");
}

function toSource({ path, text, isReadOnly }: ExerciseFile): SourceFile {
  return { path, text, role: isReadOnly ? "scaffold" : "yours" };
}

/** The figures of a prediction; undefined when there are none, or not only figures. */
function answersIn(files: readonly ExerciseFile[]): Record<string, number> | undefined {
  const file = files.find(({ path }) => path === "answers.json");
  if (file === undefined) return undefined;
  try {
    const answers: unknown = JSON.parse(file.text);
    if (typeof answers !== "object" || answers === null) return undefined;
    return Object.fromEntries(
      Object.entries(answers).filter(([, value]) => typeof value === "number"),
    );
  } catch {
    return undefined;
  }
}

/** Where processes crashed, to be marked in the editor; each place once. */
async function problemsOf(program: Program, crashes: readonly Crash[]): Promise<EditorProblem[]> {
  const problems = new Map<string, EditorProblem>();
  for (const crash of crashes) {
    if (problems.size >= CRASHES_TOLD_MAX) break;
    const place = await placeOfCrash(program, crash);
    if (place === undefined) continue;
    const { file, line, column } = place;
    const message = `${crash.label} ended here at ${secondsText(crash.at)}: ${crash.message}`;
    problems.set(`${file}:${line}:${column}`, {
      file,
      line,
      column,
      endLine: line,
      endColumn: column + 1,
      message,
    });
  }
  return [...problems.values()];
}

/** What there is to say of a run; `ending` is undefined while it goes on. */
function noticesOf(
  ending: Ending | undefined,
  trace: Trace,
  crashes: readonly Crash[],
  problems: readonly EditorProblem[],
): Notice[] {
  const notices: Notice[] = [];
  if (ending?.kind === "failed") notices.push({ tone: "look", text: ending.what });
  const last = trace.rowCount - 1;
  if (last >= 0 && trace.kindOf(last) === KIND.cut) {
    notices.push({
      tone: "look",
      text: `The run was stopped at ${secondsText(trace.atOf(last))}: ${trace.payloadOf(last)}.`,
    });
  }
  const overworked = firstOverwork(trace);
  if (overworked !== undefined) notices.push(overworked);
  const [first] = crashes;
  if (first !== undefined) {
    const place = problems[0] ? ` (${problems[0].file}, line ${problems[0].line})` : "";
    const more = crashes.length > 1 ? ` ${crashes.length - 1} more ended by errors.` : "";
    notices.push({
      tone: "look",
      text: `${first.label} ended at ${secondsText(first.at)} by an error: ${first.message}${place}.${more}`,
    });
  }
  return notices;
}

/** The guard ends a process without an error being thrown, so it is looked for in the trace. */
function firstOverwork(trace: Trace): Notice | undefined {
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kindOf(row) !== KIND.exit) continue;
    const reason = trace.payloadOf(row) as
      | { readonly error?: unknown; readonly message?: unknown }
      | undefined;
    if (typeof reason !== "object" || reason === null || reason.error !== "TooMuchWork") continue;
    const name = labelOf(trace, trace.processOf(row));
    const text = `${name} was ended at ${secondsText(trace.atOf(row))}: ${reason.message}. Is there a loop without end?`;
    return { tone: "look", text };
  }
  return undefined;
}

/** The name of a process by its number in the trace. */
function labelOf(trace: Trace, process: number): string {
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kindOf(row) === KIND.spawn && trace.processOf(row) === process) {
      return String(trace.payloadOf(row));
    }
  }
  return "A process";
}

function firstSentence(exercise: Exercise, { findings }: RunFindings): string | undefined {
  for (const { evidence } of Object.values(findings)) {
    if (evidence !== undefined) return exercise.explain(evidence);
  }
  return undefined;
}

function notJudged({ id, version }: Exercise, engine: string, reason: string): Verdict {
  return { exercise: id, version, engine, outcome: "not judged", reason, checks: [] };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
