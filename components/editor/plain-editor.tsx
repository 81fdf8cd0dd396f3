"use client";

import { type KeyboardEvent, useId, useRef, useState } from "react";
import type { EditorProblem, ExerciseFile } from "./exercise-file.ts";
import styles from "./plain-editor.module.css";
import { breakLine, type Edit, indent, offsetOf, outdent } from "./plain-typing.ts";

interface PlainEditorProps {
  readonly label: string;
  readonly file: ExerciseFile;
  /** Those of this file; listed, since a text area can underline nothing. */
  readonly problems: readonly EditorProblem[];
  /** Why this one is shown, when nobody chose it. */
  readonly notice?: string | undefined;
  onChange(text: string): void;
}

/** The editor without Monaco: a text area, with the keys that code needs. Esc, then Tab, leaves it. */
export function PlainEditor({ label, file, problems, notice, onChange }: PlainEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [isLeaving, setIsLeaving] = useState(false);
  const hint = useId();

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key === "Escape") return setIsLeaving(true);
    if (event.key === "Shift") return;
    setIsLeaving(false);
    const { value: text, selectionStart: start, selectionEnd: end } = event.currentTarget;
    const edit = editFor(event, { text, start, end });
    if (edit === undefined || file.isReadOnly || (event.key === "Tab" && isLeaving)) return;
    event.preventDefault();
    apply(event.currentTarget, edit, onChange);
  }

  function goTo({ line, column }: EditorProblem) {
    const at = offsetOf(file.text, line, column);
    area.current?.focus();
    area.current?.setSelectionRange(at, at);
  }

  return (
    <div className={styles["plain"]}>
      {notice !== undefined && (
        <p className={styles["notice"]} role="status">
          {notice}
        </p>
      )}
      <textarea
        ref={area}
        className={styles["area"]}
        aria-label={label}
        aria-describedby={file.isReadOnly ? undefined : hint}
        value={file.text}
        readOnly={file.isReadOnly}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => setIsLeaving(false)}
      />
      {!file.isReadOnly && (
        <p id={hint} className={styles["hint"]}>
          Tab indents; Esc, then Tab, leaves the editor.
        </p>
      )}
      {problems.length > 0 && (
        <ul className={styles["problems"]} aria-label="Problems in this file">
          {problems.map((problem) => (
            <li key={`${problem.line}:${problem.column}:${problem.message}`}>
              <button type="button" className={styles["problem"]} onClick={() => goTo(problem)}>
                <span className={styles["place"]}>Line {problem.line}</span>
                {problem.message}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function editFor(
  event: KeyboardEvent,
  selected: { readonly text: string; readonly start: number; readonly end: number },
): Edit | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
  if (event.key === "Tab") return event.shiftKey ? outdent(selected) : indent(selected);
  if (event.key === "Enter" && !event.shiftKey) return breakLine(selected);
  return undefined;
}

/** As if typed, so that the browser's own undo knows of it; where that is refused, in one piece. */
function apply(area: HTMLTextAreaElement, edit: Edit, onChange: (text: string) => void) {
  const { from, to, insert, select } = edit;
  area.setSelectionRange(from, to);
  // Deprecated without a successor: nothing else writes into a text area's history.
  const isTyped =
    insert === ""
      ? document.execCommand("delete")
      : document.execCommand("insertText", false, insert);
  if (!isTyped) {
    area.setRangeText(insert, from, to, "end");
    onChange(area.value);
  }
  area.setSelectionRange(...select);
}
