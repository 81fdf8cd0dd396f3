"use client";

import { RotateCcw, Undo2 } from "lucide-react";
import { useEffect, useEffectEvent, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { FaultSpec, Scenario } from "../../workers/kernel/scenario.ts";
import { CodeEditor } from "../editor/code-editor.tsx";
import type { ExerciseFile } from "../editor/exercise-file.ts";
import { isSame } from "../playback/same-faults.ts";
import { bandsOf } from "../sandbox/exercise-view.ts";
import { createLab, type Lab, type RunOptions } from "../sandbox/lab.ts";
import { Notices } from "../sandbox/notices.tsx";
import { RunBar } from "../sandbox/run-bar.tsx";
import { ShareBanner } from "../sandbox/share-banner.tsx";
import { ShareButton } from "../sandbox/share-button.tsx";
import { changedFiles, sharedFiles } from "../sandbox/share-files.ts";
import type { SharedRun } from "../sandbox/share-link.ts";
import { cautionFor, type Fitting, useSharedLink } from "../sandbox/share-opening.ts";
import { StagePane } from "../sandbox/stage-pane.tsx";
import { Button } from "../ui/button.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { FileTools } from "./file-tools.tsx";
import { PlayShell, type PlayView } from "./play-shell.tsx";
import styles from "./playground.module.css";
import { CODE_FILES_MAX, codeOf, SCENARIO_FILE, withFileText } from "./project.ts";
import { markedProblems, parseScenario, type ScenarioText, withFaults } from "./scenario-text.ts";
import { TemplateList } from "./template-list.tsx";
import type { TemplateView } from "./template-view.ts";
import { useProject } from "./use-project.ts";

interface PlaygroundProps {
  readonly templates: readonly TemplateView[];
}

/** What is set for a bench besides its files. */
interface BenchSettings {
  readonly seed: number;
  /** The faults that were last made by hand, which are in the scenario now; kept to be taken back. */
  readonly plan: readonly FaultSpec[];
  /** Path of the file that is shown. */
  readonly active: string;
}

const NO_FAULTS: readonly FaultSpec[] = [];
const FIRST_SETTINGS: BenchSettings = { seed: 1, plan: NO_FAULTS, active: "main.ts" };
const NO_FILES: readonly ExerciseFile[] = [];
/** Processes that stand on the stage before anything runs. */
const PINNED_MAX = 8;
/** Nothing is arranged by hand here. */
const LAYOUT = {};

/** The workbench without a lesson: a template, its files, its scenario, and what becomes of them. */
export function Playground({ templates }: PlaygroundProps) {
  const [chosenId, setChosenId] = useState(templates[0]?.id ?? "");
  const [view, setView] = useState<PlayView>("choose");
  const [settings, setSettings] = useState<Readonly<Record<string, BenchSettings>>>({});
  const [isRunDue, setIsRunDue] = useState(false);
  const [deleted, setDeleted] = useState<{
    bench: string;
    path: string;
    files: readonly ExerciseFile[];
  }>();
  const host = useRef<HTMLDivElement>(null);
  const putAside = useRef<readonly ExerciseFile[]>([]);
  const desk = useSharedLink(
    (run) => fitting(run, templates),
    // Where a narrow screen has the banner.
    () => setView("code"),
  );
  const link = "run" in desk.opening ? desk.opening : undefined;
  const theirs = link?.phase === "open" && link.run.id === chosenId ? link : undefined;
  const template = templates.find(({ id }) => id === chosenId) ?? (templates[0] as TemplateView);
  const benchId = theirs?.draftId ?? `PLAY-${template.id}`;

  const own = useProject(`PLAY-${template.id}`, template.version, template.files);
  const foreign = useProject(link?.draftId ?? "SHARED-", 1, link?.files ?? NO_FILES);
  const project = theirs === undefined ? own : foreign;
  const { files, drafts } = project;
  const text = files.find(({ path }) => path === SCENARIO_FILE)?.text ?? "";
  const paths = codeOf(files)
    .map(({ path }) => path)
    .join(" ");
  const parsed = useMemo(() => parseScenario(text, paths.split(" ")), [text, paths]);
  const lab = useLab(benchId, template, parsed.ok ? parsed.scenario : undefined, host);
  const state = useSyncExternalStore(lab.subscribe, lab.state, lab.state);
  const { seed, plan, active } = settings[benchId] ?? {
    ...FIRST_SETTINGS,
    ...(theirs && { seed: theirs.run.seed }),
  };
  // The same list as long as it says the same: what was done by hand can be taken back by that.
  const written = parsed.ok ? parsed.scenario.faults : NO_FAULTS;
  const faults = isSame(plan, written) ? plan : written;
  const { scenario } = state.staging;
  const bands = useMemo(() => bandsOf({ run: scenario }), [scenario]);
  const pinned = useMemo(() => namesOf(scenario), [scenario]);
  const scenarioProblems = useMemo(
    () => (parsed.ok ? [] : markedProblems(parsed.problems, text, SCENARIO_FILE)),
    [parsed, text],
  );
  const problems = useMemo(
    () => [...state.problems, ...scenarioProblems],
    [state.problems, scenarioProblems],
  );

  // A template can be linked to: /play?template=rush.
  useEffect(() => {
    const wanted = new URLSearchParams(window.location.search).get("template");
    if (templates.some(({ id }) => id === wanted)) setChosenId(wanted as string);
  }, [templates]);

  const change = (next: Partial<BenchSettings>) =>
    setSettings((all) => ({ ...all, [benchId]: { seed, plan, active, ...next } }));

  function choose(id: string) {
    lab.stop();
    setChosenId(id);
    const address = new URL(window.location.href);
    address.searchParams.set("template", id);
    window.history.replaceState(window.history.state, "", address);
  }

  function run(world: ScenarioText = parsed, code = files, options: Partial<RunOptions> = {}) {
    if (!world.ok) {
      change({ active: SCENARIO_FILE });
      setView("code");
      return;
    }
    setView("watch");
    const { scenario: wanted } = world;
    void lab.run(code, { seed, faults: wanted.faults, scenario: wanted, ...options });
  }

  /** A fault by hand is written into scenario.json, and the run is made again. */
  function breakWith(next: readonly FaultSpec[]) {
    const words = withFaults(text, next);
    if (words === undefined) return run();
    const after = withFileText(files, SCENARIO_FILE, words);
    const world = parseScenario(words, paths.split(" "));
    project.change(after);
    change({ plan: world.ok && isSame(world.scenario.faults, next) ? next : NO_FAULTS });
    run(world, after, { fromUs: state.staging.playhead.snapshot().atUs });
  }

  const runShared = useEffectEvent(({ seed: theirSeed, momentUs }: SharedRun) =>
    run(parsed, files, {
      seed: theirSeed,
      ...(momentUs !== undefined && { fromUs: momentUs }),
    }),
  );

  useEffect(() => {
    if (!isRunDue || theirs === undefined || !drafts.isLoaded) return;
    setIsRunDue(false);
    runShared(theirs.run);
  }, [isRunDue, theirs, drafts.isLoaded]);

  function open() {
    setChosenId(link?.run.id ?? chosenId);
    setView("code");
    desk.open();
  }

  const share = (): SharedRun => ({
    kind: "play",
    id: template.id,
    version: template.version,
    files: changedFiles(files, template.files),
    seed,
    // They stand in scenario.json.
    faults: NO_FAULTS,
    ...(state.staging.source.trace.rowCount > 0 && {
      momentUs: Math.round(state.staging.playhead.snapshot().atUs),
    }),
  });

  return (
    <>
      <PlayShell
        view={view}
        onView={setView}
        templates={
          <>
            <TemplateList templates={templates} chosenId={template.id} onChoose={choose} />
            <p className={styles["note"]}>
              Whatever you change is kept in this browser, a set for each template. Learner code
              runs in a frame of its own, without a network.
            </p>
            <noscript>
              <p className={styles["note"]}>
                The playground runs its programs in your browser, for which it needs JavaScript.
                Without it the first template can be read.
              </p>
            </noscript>
          </>
        }
        stage={
          <StagePane
            key={`${benchId}-${String(state.staging.id)}-${labNumber(lab)}`}
            staging={state.staging}
            bands={bands}
            pinned={pinned}
            layout={LAYOUT}
            faults={faults}
            runName={state.runName}
            onFaults={breakWith}
          />
        }
        runBar={
          <RunBar
            state={state}
            hasChecks={false}
            seed={seed}
            onSeed={(next) => change({ seed: next })}
            onRun={() => run()}
            onCheck={() => undefined}
            onStop={() => lab.stop()}
          >
            <ShareButton key={benchId} what={share} runName={state.runName} />
          </RunBar>
        }
        editor={
          <div className={styles["editor"]}>
            <ShareBanner
              desk={desk}
              title={templates.find(({ id }) => id === link?.run.id)?.title ?? ""}
              canTake={own.drafts.isLoaded}
              onRun={() => {
                open();
                setIsRunDue(true);
              }}
              onOpen={open}
              onTake={() => {
                putAside.current = own.files;
                own.replace(foreign.files);
                desk.take();
              }}
              onPutBack={() => {
                own.replace(putAside.current);
                desk.leave();
              }}
            />
            <Notices state={state} drafts={drafts} />
            {scenarioProblems[0] && (
              <p className={styles["wrong"]} role="status">
                <span>
                  {SCENARIO_FILE}, line {scenarioProblems[0].line}: {scenarioProblems[0].message}
                  {scenarioProblems.length > 1 && ` (and ${scenarioProblems.length - 1} more)`}
                </span>
                {active !== SCENARIO_FILE && (
                  <Button onClick={() => change({ active: SCENARIO_FILE })}>Show it</Button>
                )}
              </p>
            )}
            {deleted?.bench === benchId && (
              <p className={styles["wrong"]} role="status">
                <span>{deleted.path} is deleted.</span>
                <Button
                  onClick={() => {
                    project.change(deleted.files);
                    change({ active: deleted.path });
                    setDeleted(undefined);
                  }}
                >
                  Bring it back
                </Button>
                <Button variant="plain" onClick={() => setDeleted(undefined)}>
                  Close
                </Button>
              </p>
            )}
            <div className={styles["code"]}>
              <CodeEditor
                key={benchId}
                id={benchId}
                label={`Code of ${template.title}`}
                files={files}
                active={files.some(({ path }) => path === active) ? active : "main.ts"}
                onActive={(path) => change({ active: path })}
                onChange={(path, words) => project.change(withFileText(files, path, words))}
                onRun={() => run()}
                problems={problems}
                actions={
                  <span className={styles["actions"]}>
                    <span className={styles["saved"]}>
                      {project.isChanged ? drafts.statusText : ""}
                    </span>
                    <FileTools
                      key={active}
                      files={files}
                      active={active}
                      onChange={(next, shown) => {
                        if (next.length < files.length)
                          setDeleted({ bench: benchId, path: active, files });
                        project.change(next);
                        change({ active: shown });
                      }}
                    />
                    {drafts.canUndoReset ? (
                      <IconButton label="Undo reset" onClick={() => drafts.undoReset()}>
                        <Undo2 aria-hidden />
                      </IconButton>
                    ) : (
                      <IconButton
                        label="Reset: the template as it was"
                        needsScript
                        disabled={!project.isChanged}
                        onClick={() => drafts.reset()}
                      >
                        <RotateCcw aria-hidden />
                      </IconButton>
                    )}
                  </span>
                }
              />
            </div>
          </div>
        }
      />
      <div ref={host} aria-hidden />
    </>
  );
}

/** Whether a link's run is one of the playground, and the files that it comes to. */
function fitting(run: SharedRun, templates: readonly TemplateView[]): Fitting {
  const template = templates.find(({ id }) => run.kind === "play" && id === run.id);
  if (template === undefined)
    return { ok: false, message: "It belongs to another page: there is no such template here." };
  const files = sharedFiles(run, template.files);
  const count = files === undefined ? 0 : codeOf(files).length;
  if (files === undefined || count === 0 || count > CODE_FILES_MAX || run.faults.length > 0)
    return { ok: false, message: "What it holds does not fit this template." };
  return { ok: true, files, caution: cautionFor(run, template.version, "template") };
}

function namesOf({ starts }: Scenario): string[] {
  return starts.flatMap(({ name }) => (name === undefined ? [] : [name])).slice(0, PINNED_MAX);
}

interface Bench {
  readonly lab: Lab;
  readonly scenario: Scenario | undefined;
}

const labNumbers = new WeakMap<Lab, number>();
let labCount = 0;

/** Labs number their stagings from 0 each; this tells the labs themselves apart. */
function labNumber(lab: Lab): number {
  return labNumbers.get(lab) ?? 0;
}

/** The lab of a bench. Until something has run in it, the stage shows the scenario as it is written. */
function useLab(
  benchId: string,
  template: TemplateView,
  scenario: Scenario | undefined,
  host: React.RefObject<HTMLDivElement | null>,
): Lab {
  const benches = useRef(new Map<string, Bench>());
  const known = benches.current.get(benchId);
  const isFresh =
    known?.lab.state().phase === "idle" && known.lab.state().staging.source.trace.rowCount === 0;
  const isBehind = isFresh && scenario !== undefined && known?.scenario !== scenario;
  if (known !== undefined && !isBehind) return known.lab;
  const { id, title, version, speed } = template;
  const lab = createLab({
    exercise: {
      id,
      title,
      version,
      kind: "world",
      speed,
      run: scenario ?? EMPTY,
      tiers: {},
      checks: [],
      mainFile: "main.ts",
    },
    host: () => host.current as HTMLElement,
    loadExercise: () => Promise.reject(new Error("nothing is checked in the playground")),
    onRun: () => undefined,
    onVerdict: () => undefined,
  });
  labNumbers.set(lab, labCount++);
  benches.current.set(benchId, { lab, scenario });
  return lab;
}

/** For a scenario that cannot be read: one node, where nothing happens. */
const EMPTY: Scenario = {
  name: "empty",
  horizonUs: 1_000_000,
  nodes: [{ name: "n1", cores: 1 }],
  wires: [],
  starts: [],
  loads: [],
  faults: [],
};
