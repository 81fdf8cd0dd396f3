"use client";

import { Lock, TextCursorInput } from "lucide-react";
import {
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { IconButton } from "../ui/icon-button.tsx";
import { TabList } from "../ui/tabs.tsx";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import styles from "./code-editor.module.css";
import { storedChoice, useIsPlainChosen } from "./editor-choice.ts";
import { type EditorProblem, type ExerciseFile, problemsOf } from "./exercise-file.ts";
import { MonacoPane } from "./monaco-pane.tsx";
import type { Entry } from "./monaco-session.ts";
import type { monaco as monacoModule } from "./monaco-setup.ts";
import { warmCompiler } from "./page-compiler.ts";
import { PlainEditor } from "./plain-editor.tsx";
import { Poster } from "./poster.tsx";

interface CodeEditorProps {
  /** The exercise, "L01-E1": unique among the editors of a page. */
  readonly id: string;
  /** What is written here, for ears: "Code of exercise E1, Till". */
  readonly label: string;
  readonly files: readonly ExerciseFile[];
  /** Path of the file that is shown. */
  readonly active: string;
  onActive(path: string): void;
  /** The whole text of a file, after every change by the reader. */
  onChange(path: string, text: string): void;
  /** Control (or Command) and Enter, in whatever form the editor is. */
  onRun(): void;
  readonly problems?: readonly EditorProblem[];
  /** Beside the tabs: what is saved, Reset. */
  readonly actions?: ReactNode;
}

type Monaco = typeof monacoModule;

const NO_PROBLEMS: readonly EditorProblem[] = [];

const NOT_LOADED =
  "The full editor could not be loaded. This one does the same work, without completions.";

/**
 * The code of an exercise. First as text, rendered by the server; then, from the first sign that
 * somebody wants to do something with it, in Monaco. On phones, by choice, and where Monaco cannot
 * be loaded, in a plain text area. As high as what it is in (or `--editor-height`).
 */
export function CodeEditor({
  id,
  label,
  files,
  active,
  onActive,
  onChange,
  onRun,
  problems = NO_PROBLEMS,
  actions,
}: CodeEditorProps) {
  const [monaco, setMonaco] = useState<Monaco>();
  const [isWanted, setIsWanted] = useState(false);
  const [hasFailed, setHasFailed] = useState(false);
  const isPlainChosen = useIsPlainChosen();
  const isPlain = isPlainChosen || hasFailed;
  const idPrefix = useId();
  const poster = usePoster();
  const file = files.find(({ path }) => path === active) ?? files[0];
  const surface = isPlain ? "plain" : monaco ? "full" : "poster";
  // Problems can be marked in Monaco only, so they are a reason to load it.
  const isNeeded = !isPlain && (isWanted || problems.length > 0);

  useEffect(() => {
    if (!isNeeded || monaco) return;
    let isOver = false;
    loadMonaco().then(
      (loaded) => !isOver && setMonaco(loaded),
      () => !isOver && setHasFailed(true),
    );
    return () => {
      isOver = true;
    };
  }, [isNeeded, monaco]);

  if (file === undefined) return null;

  function want() {
    warmCompiler();
    setIsWanted(true);
  }

  function onKeyDownCapture(event: KeyboardEvent) {
    want();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    onRun();
  }

  function choose() {
    setHasFailed(false);
    poster.forget();
    storedChoice.write(isPlain ? "full" : "plain");
    if (isPlain) setIsWanted(true);
  }

  const name = `${label}: ${file.path}${file.isReadOnly ? ", read-only" : ""}`;
  return (
    <section
      className={styles["editor"]}
      aria-label={label}
      onPointerEnter={want}
      onPointerDown={want}
      onFocus={want}
      onKeyDownCapture={onKeyDownCapture}
    >
      <div className={styles["bar"]}>
        <div className={styles["tabs"]}>
          <TabList
            label="Files"
            idPrefix={idPrefix}
            selected={file.path}
            onSelect={onActive}
            tabs={files.map((one) => ({
              id: one.path,
              label: <FileName file={one} problemCount={problemsOf(problems, one.path).length} />,
            }))}
          />
        </div>
        <div className={styles["actions"]}>
          {actions}
          <IconButton
            label={isPlain ? "Use the full editor" : "Use the plain editor"}
            needsScript
            onClick={choose}
          >
            <TextCursorInput aria-hidden />
          </IconButton>
        </div>
      </div>
      <div
        role="tabpanel"
        id={`${idPrefix}-panel-${file.path}`}
        aria-labelledby={`${idPrefix}-tab-${file.path}`}
        className={styles["surface"]}
        aria-busy={surface === "poster" && isNeeded}
      >
        {surface === "poster" && (
          // Scrolls, and is where typing begins: the keyboard must be able to reach it.
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region.
          <section aria-label={name} tabIndex={0} className={styles["poster"]} {...poster.watch}>
            <Poster path={file.path} text={file.text} />
          </section>
        )}
        {surface === "plain" && (
          <PlainEditor
            key={file.path}
            label={name}
            file={file}
            problems={problemsOf(problems, file.path)}
            notice={isPlainChosen ? undefined : NOT_LOADED}
            onChange={(text) => onChange(file.path, text)}
          />
        )}
        {surface === "full" && monaco && (
          <MonacoPane
            monaco={monaco}
            id={id}
            label={`${name}. ${tabAdvice()}`}
            files={files}
            active={file.path}
            problems={problems}
            onChange={onChange}
            onEnter={poster.leave}
          />
        )}
      </div>
    </section>
  );
}

function FileName({ file, problemCount }: { file: ExerciseFile; problemCount: number }) {
  return (
    <>
      {file.isReadOnly && <Lock aria-hidden className={styles["lock"]} />}
      <span className={styles["path"]}>{file.path}</span>
      {file.isReadOnly && <VisuallyHidden>, read-only</VisuallyHidden>}
      {problemCount > 0 && (
        <span className={styles["count"]}>
          {problemCount}
          <VisuallyHidden>{problemCount === 1 ? " problem" : " problems"}</VisuallyHidden>
        </span>
      )}
    </>
  );
}

async function loadMonaco(): Promise<Monaco> {
  const { prepareMonaco } = await import("./monaco-setup.ts");
  return await prepareMonaco();
}

/** Monaco takes Tab for itself until told not to; its key for that is another on a Mac. */
function tabAdvice(): string {
  const keys = /Mac|iP/.test(navigator.platform) ? "Control Shift M" : "Control M";
  return `Press ${keys} to let Tab move on, again to let it indent.`;
}

/** Characters that are kept for Monaco while it loads. */
const TYPED_MAX = 200;

/** What the reader does with the poster while Monaco is on its way, for it to begin there. */
function usePoster() {
  const scroll = useRef({ scrollTop: 0, scrollLeft: 0 });
  const point = useRef<{ x: number; y: number } | undefined>(undefined);
  const typed = useRef("");
  const hasFocus = useRef(false);

  function leave(): Entry {
    const entry: Entry = {
      ...scroll.current,
      point: point.current,
      typed: typed.current,
      hasFocus: hasFocus.current,
    };
    forget();
    return entry;
  }

  function forget() {
    scroll.current = { scrollTop: 0, scrollLeft: 0 };
    point.current = undefined;
    typed.current = "";
    hasFocus.current = false;
  }

  const watch = {
    onScroll({ currentTarget: { scrollTop, scrollLeft } }: { currentTarget: HTMLElement }) {
      scroll.current = { scrollTop, scrollLeft };
    },
    onPointerDown({ clientX, clientY }: PointerEvent) {
      point.current = { x: clientX, y: clientY };
    },
    onFocus() {
      hasFocus.current = true;
    },
    onBlur({ relatedTarget }: FocusEvent) {
      // Losing it to nothing is being replaced by Monaco.
      if (relatedTarget !== null) hasFocus.current = false;
    },
    onKeyDown(event: KeyboardEvent) {
      const { key, ctrlKey, metaKey, altKey } = event;
      if (key.length !== 1 || ctrlKey || metaKey || altKey) return;
      // Else a space would scroll.
      event.preventDefault();
      if (typed.current.length < TYPED_MAX) typed.current += key;
    },
  };
  return { watch, leave, forget };
}
