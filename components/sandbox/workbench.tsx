"use client";

import { RotateCcw, Undo2 } from "lucide-react";
import { type ReactNode, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { LessonMeta, LessonWorkbench } from "../../lessons/schema.ts";
import type { FaultSpec } from "../../workers/kernel/scenario.ts";
import { measureRun } from "../../workers/sandbox/client.ts";
import { CodeEditor } from "../editor/code-editor.tsx";
import { type Drafts, useDrafts } from "../editor/use-drafts.ts";
import type { FlowLayout } from "../flow/layout.ts";
import { ExerciseChoiceContext } from "../lesson/exercise-choice.tsx";
import { ExerciseStatus } from "../lesson/exercise-status.tsx";
import { LessonShell, type LessonView } from "../lesson/lesson-shell.tsx";
import { reportOutcome } from "../lesson/outcomes.ts";
import { recordProgress, useProgress } from "../lesson/progress.ts";
import { Button } from "../ui/button.tsx";
import { TabList } from "../ui/tabs.tsx";
import { VerdictPanel } from "../verdict/verdict-panel.tsx";
import { bandsOf, type ExerciseView, shortId } from "./exercise-view.ts";
import { createLab, type Lab, type LabState } from "./lab.ts";
import { PredictionForm } from "./prediction-form.tsx";
import { RunBar } from "./run-bar.tsx";
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
  const lab = labOf(exercise);
  const state = useSyncExternalStore(lab.subscribe, lab.state, lab.state);
  const { data, starter } = exercise;
  const drafts = useDrafts(data.id, data.version, starter);
  const [settings, setSettings] = useState<Readonly<Record<string, RunSettings>>>({});
  const { seed, faults } = settings[data.id] ?? FIRST_SETTINGS;
  const bands = useMemo(() => bandsOf(data), [data]);

  function labOf({ data: of }: ExerciseView): Lab {
    const known = labs.current.get(of.id);
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
        if (scenario.faults.length > 0) return;
        for (const { prediction, measure, sentence } of (await loadWorkbench()).outcomes) {
          const measured = measureRun(trace, scenario, measure);
          if (of.kind !== "code" && Number.isFinite(measured))
            reportOutcome(lesson.id, prediction, sentence(measured));
        }
      },
      onVerdict: ({ outcome }) => {
        if (outcome === "not judged") return;
        recordProgress(lesson.id, shortId(of), outcome === "passed" ? "passed" : "tried");
      },
    });
    labs.current.set(of.id, made);
    return made;
  }

  const change = (next: Partial<RunSettings>) =>
    setSettings({ ...settings, [data.id]: { seed, faults, ...next } });

  const run = () => {
    setView("watch");
    void lab.run(drafts.files, { seed, faults });
  };

  const breakWith = (next: readonly FaultSpec[]) => {
    change({ faults: next });
    const fromUs = state.staging.playhead.snapshot().atUs;
    void lab.run(drafts.files, { seed, faults: next, fromUs });
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
            key={`${data.id}-${String(state.staging.id)}`}
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
          />
        }
        editor={
          <div className={styles["editor"]}>
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
                key={data.id}
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

const FIRST_SETTINGS: RunSettings = { seed: 1, faults: [] };

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

/** What the last run or check has to say, what is not saved, and what another tab did. */
function Notices({ state, drafts }: { readonly state: LabState; readonly drafts: Drafts }) {
  const { notices, runName, firstFailure } = state;
  const { otherTab } = drafts;
  return (
    <div className={styles["notices"]} aria-live="polite">
      {notices.map(({ tone, text }) => (
        <p key={text} className={styles["notice"]} data-tone={tone}>
          {text}
          {tone === "look" && runName !== undefined && (
            <span className={styles["run-name"]}>{runName}</span>
          )}
        </p>
      ))}
      {firstFailure !== undefined && (
        <p className={styles["notice"]} data-tone="look">
          {firstFailure}
        </p>
      )}
      {drafts.status === "not saved" && (
        <p className={styles["notice"]} data-tone="look">
          {drafts.statusText}
        </p>
      )}
      {otherTab !== undefined && (
        <p className={styles["notice"]} data-tone="look">
          Another tab has changed this exercise.
          <Button onClick={otherTab.takeTheirs}>Take theirs</Button>
          <Button onClick={otherTab.keepMine}>Keep mine</Button>
        </p>
      )}
    </div>
  );
}

interface AnswerProps {
  readonly exercise: ExerciseView;
  readonly drafts: Drafts;
  readonly state: LabState;
  onRun(): void;
  onCheck(): void;
}

/** Where the reader answers: in code, or in figures. */
function Answer({ exercise: { data, starter }, drafts, state, onRun, onCheck }: AnswerProps) {
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
      id={data.id}
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
