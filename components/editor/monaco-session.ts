/**
 * Monaco for one exercise: one editor, and a model for each file, which keeps its own undo, caret
 * and scroll. React gives it the files and asks for nothing back but the changes.
 */
import type { editor, IDisposable } from "monaco-editor/editor";
import { createEchoes, type Echoes } from "./echoes.ts";
import {
  type EditorProblem,
  type ExerciseFile,
  languageOfFile,
  problemsOf,
} from "./exercise-file.ts";
import type { monaco as monacoModule } from "./monaco-setup.ts";

type Monaco = typeof monacoModule;

export interface MonacoSession {
  /** Makes, updates and drops models, so that they are these files. */
  showFiles(files: readonly ExerciseFile[]): void;
  /** Shows a file, where the reader left it. `label` is for ears. */
  open(path: string, label: string): void;
  mark(problems: readonly EditorProblem[]): void;
  /** Takes over from the poster. */
  enter(entry: Entry): void;
  dispose(): void;
}

/** How the reader came to the editor: where the poster stood, where they pointed, what they typed. */
export interface Entry {
  readonly scrollTop: number;
  readonly scrollLeft: number;
  readonly point?: { readonly x: number; readonly y: number } | undefined;
  readonly typed: string;
  readonly hasFocus: boolean;
}

interface SessionOptions {
  readonly host: HTMLElement;
  /** Names the exercise, so that files of two exercises of a page keep apart. */
  readonly id: string;
  onChange(path: string, text: string): void;
}

interface Open {
  readonly model: editor.ITextModel;
  readonly echoes: Echoes;
  readonly listener: IDisposable;
  isReadOnly: boolean;
  view: editor.ICodeEditorViewState | null;
}

/** Owner of the markers that are not TypeScript's. */
const OWNER = "steady";

/** Narrower than this, lines are wrapped; poster.module.css has the same. */
const WRAP_WIDTH = 560;

/** Calm: code, numbers, and nothing that the course does not speak of. */
const OPTIONS = {
  automaticLayout: true,
  minimap: { enabled: false },
  glyphMargin: false,
  folding: false,
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 16,
  padding: { top: 12, bottom: 12 },
  scrollBeyondLastLine: false,
  scrollBeyondLastColumn: 2,
  overviewRulerLanes: 0,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  renderLineHighlightOnlyWhenFocus: true,
  guides: { indentation: false, bracketPairs: false },
  bracketPairColorization: { enabled: false },
  stickyScroll: { enabled: false },
  fixedOverflowWidgets: true,
  wordBasedSuggestions: "off",
  inlayHints: { enabled: "off" },
  codeLens: false,
  links: false,
  lightbulb: { enabled: "off" as editor.ShowLightbulbIconMode },
  unicodeHighlight: { ambiguousCharacters: false },
  dropIntoEditor: { enabled: false },
  fontLigatures: false,
  wrappingIndent: "none",
  tabSize: 2,
  insertSpaces: true,
  detectIndentation: false,
  suggest: { showWords: false, preview: false },
  // At its end the editor lets the page scroll on.
  scrollbar: {
    alwaysConsumeMouseWheel: false,
    useShadows: false,
    verticalScrollbarSize: 10,
    horizontalScrollbarSize: 10,
  },
} satisfies editor.IStandaloneEditorConstructionOptions;

export function createMonacoSession(monaco: Monaco, options: SessionOptions): MonacoSession {
  const { host, id } = options;
  const opened = new Map<string, Open>();
  let active: string | undefined;
  let problems: readonly EditorProblem[] = [];
  let isWriting = false;

  const view = monaco.editor.create(host, {
    ...OPTIONS,
    ...typeOf(host),
    model: null,
    wordWrap: host.clientWidth < WRAP_WIDTH ? "on" : "off",
    cursorBlinking: matchMedia("(prefers-reduced-motion: reduce)").matches ? "solid" : "blink",
    readOnlyMessage: { value: "This file is the lesson's; it can be read, not changed." },
  });
  view.onDidLayoutChange(({ width }) =>
    view.updateOptions({ wordWrap: width < WRAP_WIDTH ? "on" : "off" }),
  );
  // A font that arrives later has other widths than those that were measured.
  document.fonts.ready.then(() => monaco.editor.remeasureFonts());

  function openModel({ path, text, isReadOnly }: ExerciseFile): Open {
    const uri = monaco.Uri.parse(`file:///exercise/${id}/${path}`);
    const model = monaco.editor.createModel(text, languageOfFile(path), uri);
    // The model's own option: the editor's, above, comes too late for a model made by itself.
    model.updateOptions({
      bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
    });
    const echoes = createEchoes();
    const listener = model.onDidChangeContent(() => {
      if (isWriting) return;
      const now = model.getValue();
      echoes.said(now);
      options.onChange(path, now);
    });
    return { model, echoes, listener, isReadOnly, view: null };
  }

  function close(path: string, { model, listener }: Open) {
    listener.dispose();
    model.dispose();
    opened.delete(path);
  }

  /** A text from outside, as one edit that can be undone. It is no news to whoever sent it. */
  function write({ model, echoes }: Open, text: string) {
    if (text === model.getValue() || echoes.isEcho(text)) return;
    isWriting = true;
    model.pushStackElement();
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
    model.pushStackElement();
    isWriting = false;
  }

  /**
   * The place under a point of the window. By arithmetic, since Monaco finds places in what it has
   * drawn, and it has drawn nothing yet.
   */
  function placeAt({ x, y }: { readonly x: number; readonly y: number }) {
    const { left, top } = host.getBoundingClientRect();
    const { contentLeft, wrappingColumn } = view.getLayoutInfo();
    const { lineHeight, typicalHalfwidthCharacterWidth: width } = view.getOption(
      monaco.editor.EditorOption.fontInfo,
    );
    const height = y - top + view.getScrollTop();
    let lineNumber = view.getModel()?.getLineCount() ?? 1;
    while (lineNumber > 1 && view.getTopForLineNumber(lineNumber) > height) lineNumber--;
    const row = Math.floor((height - view.getTopForLineNumber(lineNumber)) / lineHeight);
    const inRow = Math.max(0, Math.round((x - left - contentLeft + view.getScrollLeft()) / width));
    const before = wrappingColumn > 0 ? Math.max(0, row) * wrappingColumn : 0;
    return { lineNumber, column: 1 + before + inRow };
  }

  function markAll() {
    for (const [path, { model }] of opened) {
      monaco.editor.setModelMarkers(
        model,
        OWNER,
        problemsOf(problems, path).map((problem) => ({
          startLineNumber: problem.line,
          startColumn: problem.column,
          endLineNumber: problem.endLine,
          endColumn: problem.endColumn,
          message: problem.message,
          severity: monaco.MarkerSeverity.Error,
        })),
      );
    }
  }

  return {
    showFiles(files) {
      const paths = new Set(files.map(({ path }) => path));
      for (const [path, open] of opened) if (!paths.has(path)) close(path, open);
      for (const file of files) {
        const open = opened.get(file.path);
        if (open === undefined) opened.set(file.path, openModel(file));
        else {
          open.isReadOnly = file.isReadOnly;
          write(open, file.text);
        }
      }
      markAll();
    },
    open(path, label) {
      const before = active === undefined ? undefined : opened.get(active);
      const next = opened.get(path);
      if (next === undefined) return;
      if (path !== active) {
        if (before !== undefined) before.view = view.saveViewState();
        view.setModel(next.model);
        if (next.view !== null) view.restoreViewState(next.view);
        active = path;
      }
      view.updateOptions({
        readOnly: next.isReadOnly,
        domReadOnly: next.isReadOnly,
        renderLineHighlight: next.isReadOnly ? "none" : "line",
        ariaLabel: label,
      });
    },
    mark(next) {
      problems = next;
      markAll();
    },
    enter({ scrollTop, scrollLeft, point, typed, hasFocus }) {
      view.setScrollPosition({ scrollTop, scrollLeft }, monaco.editor.ScrollType.Immediate);
      if (point !== undefined) view.setPosition(placeAt(point));
      if (hasFocus || point !== undefined) view.focus();
      if (typed !== "") view.trigger("keyboard", "type", { text: typed });
    },
    dispose() {
      view.dispose();
      for (const [path, open] of opened) close(path, open);
    },
  };
}

/** The page's code type, in Monaco's terms. */
function typeOf(host: HTMLElement) {
  const { fontFamily, fontSize, lineHeight } = getComputedStyle(host);
  return {
    fontFamily,
    fontSize: Number.parseFloat(fontSize),
    lineHeight: Number.parseFloat(lineHeight),
  };
}
