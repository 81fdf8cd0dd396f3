"use client";

import { useEffectEvent, useLayoutEffect, useRef } from "react";
import type { EditorProblem, ExerciseFile } from "./exercise-file.ts";
import styles from "./monaco-pane.module.css";
import { createMonacoSession, type Entry, type MonacoSession } from "./monaco-session.ts";
import type { monaco as monacoModule } from "./monaco-setup.ts";

interface MonacoPaneProps {
  readonly monaco: typeof monacoModule;
  readonly id: string;
  readonly label: string;
  readonly files: readonly ExerciseFile[];
  readonly active: string;
  readonly problems: readonly EditorProblem[];
  onChange(path: string, text: string): void;
  /** Asked once, when the editor stands: how the reader came. */
  onEnter(): Entry;
}

/** The frame of a session of Monaco; what is in it is Monaco's. */
export function MonacoPane({
  monaco,
  id,
  label,
  files,
  active,
  problems,
  onChange,
  onEnter,
}: MonacoPaneProps) {
  const host = useRef<HTMLDivElement>(null);
  const session = useRef<MonacoSession | undefined>(undefined);
  const change = useEffectEvent(onChange);
  const begin = useEffectEvent((made: MonacoSession) => {
    made.showFiles(files);
    made.open(active, label);
    // React's strict mode mounts twice in one go; only who is left after that takes over.
    queueMicrotask(() => {
      if (session.current === made) made.enter(onEnter());
    });
  });

  useLayoutEffect(() => {
    if (host.current === null) return;
    const made = createMonacoSession(monaco, {
      host: host.current,
      id,
      onChange: (path, text) => change(path, text),
    });
    session.current = made;
    begin(made);
    return () => {
      session.current = undefined;
      made.dispose();
    };
  }, [monaco, id]);

  // Files come before the choice among them, and both before what is marked in them.
  useLayoutEffect(() => session.current?.showFiles(files), [files]);
  useLayoutEffect(() => session.current?.open(active, label), [active, label]);
  useLayoutEffect(() => session.current?.mark(problems), [problems]);

  return <div ref={host} className={styles["pane"]} />;
}
