"use client";

import { RotateCcw, Undo2 } from "lucide-react";
import {
  type ReactNode,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { LessonMeta, LessonWorkbench } from "../../lessons/schema.ts";
import type { FaultSpec, Scenario } from "../../workers/kernel/scenario.ts";
import { measureRun } from "../../workers/sandbox/client.ts";
import { CodeEditor } from "../editor/code-editor.tsx";
import type { ExerciseFile } from "../editor/exercise-file.ts";
import { type Drafts, useDrafts } from "../editor/use-drafts.ts";
import type { FlowLayout } from "../flow/layout.ts";
import { ExerciseChoiceContext } from "../lesson/exercise-choice.tsx";
import { ExerciseStatus } from "../lesson/exercise-status.tsx";
import { LessonShell, type LessonView } from "../lesson/lesson-shell.tsx";
import { reportOutcome } from "../lesson/outcomes.ts";
import { recordProgress, useProgress } from "../lesson/progress.ts";
import { isSame } from "../playback/same-faults.ts";
import { Button } from "../ui/button.tsx";
import { TabList } from "../ui/tabs.tsx";
import { VerdictPanel } from "../verdict/verdict-panel.tsx";
import { bandsOf, type ExerciseView, shortId } from "./exercise-view.ts";
import { createLab, type Lab, type LabState } from "./lab.ts";
import { Notices } from "./notices.tsx";
import { PredictionForm } from "./prediction-form.tsx";
import { RunBar } from "./run-bar.tsx";
import { ShareBanner } from "./share-banner.tsx";
import { ShareButton } from "./share-button.tsx";
import { changedFiles, sharedFiles } from "./share-files.ts";
import type { SharedRun } from "./share-link.ts";
import { cautionFor, type Fitting, strangeNode, useSharedLink } from "./share-opening.ts";
import { StagePane } from "./stage-pane.tsx";
import styles from "./workbench.module.css";

interface WorkbenchProps {
  readonly lesson: LessonMeta;
  readonly title: string;
  readonly part: string;
  /** The lesson's world first, then its exercises. */
  readonly exercises: readonly ExerciseView[];
  readonly pinned: readonly string[];
  readonly layout: FlowLayout;
  /** The lesson's sentences, loaded when a run or a verdict needs them. */
  readonly loadWorkbench: () => Promise<LessonWorkbench>;
  readonly prose: ReactNode;
  readonly footer: ReactNode;
}

/** A lesson with everything in it: its text, the stage, the editor, and what becomes of a run. */
export function Workbench({
  lesson,
  title,
  part,
  exercises,
  pinned,
  layout,
  loadWorkbench,
  prose,
  footer,
}: WorkbenchProps) {
  const [chosenId, setChosenId] = useState(exercises[0]?.data.id ?? "");
  const [view, setView] = useState<LessonView>("read");
  const host = useRef<HTMLDivElement>(null);
  const labs = useRef(new Map<string, Lab>());
  const exercise =
    exercises.find(({ data }) => data.id === chosenId) ?? (exercises[0] as ExerciseView);
  const { data, starter } = exercise;
  const desk = useSharedLink(
    (run) => fitting(run, exercises),
    // Where a narrow screen has the banner.
    () => setView("code"),
  );
  const link = "run" in desk.opening ? desk.opening : undefined;
  const linked = exercises.find((one) => one.data.id === link?.run.id);
  // Somebody else's run is on the bench: with files, a lab and settings of its own.
  const theirs = link?.phase === "open" && link.run.id === data.id ? link : undefined;
  const benchId = theirs?.draftId ?? data.id;
  const lab = labOf(exercise, theirs !== undefined);
  const state = useSyncExternalStore(lab.subscribe, lab.state, lab.state);
  const own = useDrafts(data.id, data.version, starter);
  const foreign = useDrafts(link?.draftId ?? "SHARED-", 1, link?.files ?? NO_FILES);
  const drafts = theirs === undefined ? own : foreign;
  const putAside = useRef<readonly ExerciseFile[]>([]);
  const [isRunDue, setIsRunDue] = useState(false);
  const [settings, setSettings] = useState<Readonly<Record<string, RunSettings>>>({});
  const { seed, faults } = settings[benchId] ??
    theirs?.run ?? { seed: FIRST_SEED, faults: data.run.faults };
  const bands = useMemo(() => bandsOf(data), [data]);

  function labOf({ data: of }: ExerciseView, isForeign: boolean): Lab {
    const id = isForeign ? benchId : of.id;
    const known = labs.current.get(id);
    if (known !== undefined) return known;
    const made = createLab({
      exercise: of,
      host: () => host.current as HTMLElement,
      loadExercise: async () => {
        const found = (await loadWorkbench()).exercises.find(
          ({ exercise: whole }) => whole.id === of.id,
        );
        if (found === undefined) throw new Error(`the lesson has no exercise ${of.id}`);
        return found.exercise;
      },
      onRun: async (trace, scenario) => {
        // What somebody else wrote is no answer of the reader's.
        if (isForeign || !isSame(scenario.faults, of.run.faults)) return;
        for (const { prediction, measure, sentence } of (await loadWorkbench()).outcomes) {
          const measured = measureRun(trace, scenario, measure);
          if (of.kind !== "code" && Number.isFinite(measured))
            reportOutcome(lesson.id, prediction, sentence(measured));
        }
      },
      onVerdict: ({ outcome }) => {
        if (isForeign || outcome === "not judged") return;
        recordProgress(lesson.id, shortId(of), outcome === "passed" ? "passed" : "tried");
      },
    });
    labs.current.set(id, made);
    return made;
  }

  const change = (next: Partial<RunSettings>) =>
    setSettings({ ...settings, [benchId]: { seed, faults, ...next } });

  const run = () => {
    setView("watch");
    void lab.run(drafts.files, { seed, faults });
  };

  const breakWith = (next: readonly FaultSpec[]) => {
    change({ faults: next });
    const fromUs = state.staging.playhead.snapshot().atUs;
    void lab.run(drafts.files, { seed, faults: next, fromUs });
  };

  /** Runs what the link holds, in the world in which it was seen, and goes to its moment. */
  const runShared = useEffectEvent(({ run: shared }: { readonly run: SharedRun }) => {
    const world = shared.tier === undefined ? undefined : data.tiers[shared.tier]?.scenario;
    setView("watch");
    void lab.run(foreign.files, {
      seed: shared.seed,
      faults: world?.faults ?? shared.faults,
      ...(world !== undefined && { scenario: world }),
      ...(shared.momentUs !== undefined && { fromUs: shared.momentUs }),
    });
  });

  useEffect(() => {
    if (!isRunDue || theirs === undefined || !foreign.isLoaded) return;
    setIsRunDue(false);
    runShared(theirs);
  }, [isRunDue, theirs, foreign.isLoaded]);

  /** The old text goes into the history first: that is what a reset does. */
  const write = (files: readonly ExerciseFile[]) => {
    own.reset();
    for (const { path, text } of files) own.setText(path, text);
  };

  const share = (): SharedRun => {
    const { staging } = state;
    const isRun = staging.source.trace.rowCount > 0;
    const tier = (["S", "P"] as const).find((one) => {
      const world = data.tiers[one]?.scenario;
      return world !== undefined && isSameWorld(world, staging.scenario, data.run);
    });
    const isTier = isRun && tier !== undefined;
    return {
      kind: "exercise",
      id: data.id,
      version: data.version,
      files: changedFiles(drafts.files, starter),
      seed: isRun ? staging.seed : seed,
      faults: isTier ? [] : faults,
      ...(isTier && { tier }),
      ...(isRun && { momentUs: Math.round(staging.playhead.snapshot().atUs) }),
    };
  };

  const choice = useMemo(
    () => ({
      chosen: shortId(data),
      choose: (id: string) => {
        setChosenId(`${lesson.id}-${id}`);
        setView("code");
      },
    }),
    [data, lesson.id],
  );

  return (
    <ExerciseChoiceContext value={choice}>
      <LessonShell
        title={title}
        part={part}
        view={view}
        onViewChange={setView}
        prose={prose}
        footer={footer}
        stage={
          <StagePane
            key={`${benchId}-${String(state.staging.id)}`}
            staging={state.staging}
            bands={bands}
            pinned={pinned}
            layout={layout}
            faults={faults}
            runName={state.runName}
            onFaults={breakWith}
          />
        }
        runBar={
          <RunBar
            state={state}
            hasChecks={data.checks.length > 0}
            seed={seed}
            onSeed={(next) => change({ seed: next })}
            onRun={run}
            onCheck={() => {
              setView("watch");
              void lab.check(drafts.files);
            }}
            onStop={() => lab.stop()}
          >
            <ShareButton key={benchId} what={share} runName={state.runName} />
          </RunBar>
        }
        editor={
          <div className={styles["editor"]}>
            <ShareBanner
              desk={desk}
              title={linked?.data.title ?? ""}
              canTake={own.isLoaded}
              onRun={() => {
                setChosenId(link?.run.id ?? chosenId);
                desk.open();
                setIsRunDue(true);
              }}
              onOpen={() => {
                setChosenId(link?.run.id ?? chosenId);
                desk.open();
              }}
              onTake={() => {
                putAside.current = own.files;
                write(foreign.files);
                desk.take();
              }}
              onPutBack={() => {
                write(putAside.current);
                desk.leave();
              }}
            />
            <ExerciseRow
              exercises={exercises}
              lesson={lesson}
              chosenId={data.id}
              onChoose={setChosenId}
            />
            <Notices state={state} drafts={drafts} />
            <div
              className={styles["code"]}
              id={`exercise-panel-${data.id}`}
              role="tabpanel"
              aria-labelledby={`exercise-tab-${data.id}`}
            >
              <Answer
                key={benchId}
                id={benchId}
                exercise={exercise}
                drafts={drafts}
                state={state}
                onRun={run}
                onCheck={() => void lab.check(drafts.files)}
              />
            </div>
          </div>
        }
        verdict={
          state.verdict && (
            <VerdictPanel
              verdict={state.verdict}
              onShow={(failure, tier) => {
                setView("watch");
                void lab.showFailure(drafts.files, tier, failure.seed, failure.atUs);
              }}
              onClose={() => lab.closeVerdict()}
            />
          )
        }
      />
      <div ref={host} aria-hidden />
    </ExerciseChoiceContext>
  );
}

/** What a run is started with besides the code. */
interface RunSettings {
  readonly seed: number;
  readonly faults: readonly FaultSpec[];
}

const FIRST_SEED = 1;

const NO_FILES: readonly ExerciseFile[] = [];

/** Whether a run was one of a check's, and not of the exercise's own world. */
function isSameWorld(world: Scenario, shown: Scenario, own: Scenario): boolean {
  return world === shown || (world.name === shown.name && world.name !== own.name);
}

/** Whether a link's run is one of this lesson, and the files that it comes to. */
function fitting(run: SharedRun, exercises: readonly ExerciseView[]): Fitting {
  const found = exercises.find(({ data }) => run.kind === "exercise" && data.id === run.id);
  if (found === undefined)
    return { ok: false, message: "It belongs to another page: this lesson has no such exercise." };
  const { data, starter } = found;
  const files = sharedFiles(run, starter);
  const nodes = data.run.nodes.map(({ name }) => name);
  const hasWorld = run.tier === undefined || data.tiers[run.tier] !== undefined;
  if (files === undefined || !hasWorld || strangeNode(run.faults, nodes) !== undefined)
    return { ok: false, message: "What it holds does not fit this exercise." };
  return { ok: true, files, caution: cautionFor(run, data.version, "exercise") };
}

interface ExerciseRowProps {
  readonly exercises: readonly ExerciseView[];
  readonly lesson: LessonMeta;
  readonly chosenId: string;
  onChoose(id: string): void;
}

/** The lesson's world and its exercises, each with how it went. */
function ExerciseRow({ exercises, lesson, chosenId, onChoose }: ExerciseRowProps) {
  const done = useProgress()[lesson.id];
  return (
    <div className={styles["exercises"]}>
      <TabList
        label="On the workbench"
        idPrefix="exercise"
        selected={chosenId}
        onSelect={onChoose}
        tabs={exercises.map(({ data }) => ({
          id: data.id,
          label:
            data.kind === "world" ? (
              data.title
            ) : (
              <span className={styles["exercise"]}>
                <ExerciseStatus progress={done?.[shortId(data)]} />
                <span className={styles["short"]}>{shortId(data)}</span>
                <span className={styles["name"]}>{data.title}</span>
              </span>
            ),
        }))}
      />
    </div>
  );
}

interface AnswerProps {
  /** Whose work it is: the exercise's id, or that of a link. */
  readonly id: string;
  readonly exercise: ExerciseView;
  readonly drafts: Drafts;
  readonly state: LabState;
  onRun(): void;
  onCheck(): void;
}

/** Where the reader answers: in code, or in figures. */
function Answer({ id, exercise: { data, starter }, drafts, state, onRun, onCheck }: AnswerProps) {
  const [active, setActive] = useState(data.mainFile);
  const shown = drafts.files.some(({ path }) => path === active) ? active : data.mainFile;
  const isChanged = drafts.files.some(
    ({ path, text }) => starter.find((file) => file.path === path)?.text !== text,
  );
  const actions = (
    <span className={styles["actions"]}>
      <span className={styles["saved"]}>{isChanged ? drafts.statusText : ""}</span>
      {drafts.canUndoReset ? (
        <Button
          variant="plain"
          icon={<Undo2 size={15} aria-hidden />}
          onClick={() => drafts.undoReset()}
        >
          Undo reset
        </Button>
      ) : (
        <Button
          variant="plain"
          icon={<RotateCcw size={15} aria-hidden />}
          onClick={() => drafts.reset()}
          disabled={!isChanged}
        >
          Reset
        </Button>
      )}
    </span>
  );
  if (data.kind === "prediction") {
    const text = drafts.files.find(({ path }) => path === data.mainFile)?.text ?? "";
    return (
      <div className={styles["figures"]}>
        <div className={styles["figures-head"]}>{actions}</div>
        <PredictionForm
          questions={data.questions ?? []}
          text={text}
          onChange={(next) => drafts.setText(data.mainFile, next)}
          onSubmit={onCheck}
        />
      </div>
    );
  }
  return (
    <CodeEditor
      id={id}
      label={`Code of ${data.title}`}
      files={drafts.files}
      active={shown}
      onActive={setActive}
      onChange={drafts.setText}
      onRun={onRun}
      problems={state.problems}
      actions={actions}
    />
  );
}
