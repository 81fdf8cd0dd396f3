"use client";

import { Download } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { IconButton } from "../ui/icon-button.tsx";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import { EXPORT_FORMS, type ExportForm, exportedFile, fileNameOf } from "./export-files.ts";
import styles from "./export-menu.module.css";
import type { TraceSource } from "./trace-source.ts";

interface ExportMenuProps {
  readonly source: TraceSource;
  /** Names the files; undefined until the run has one. */
  readonly runName: string | undefined;
  /** Gives the reader a file; by default as a download. */
  readonly save?: (name: string, file: Blob) => void;
}

/** The run's trace to take away: opens to three files for other tools. Off until the run is complete. */
export function ExportMenu({ source, runName, save = download }: ExportMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const [writing, setWriting] = useState<ExportForm>();
  const isThere = useRef(true);
  const box = useRef<HTMLDivElement>(null);
  const list = useId();
  const hasRun = source.complete && source.trace.rowCount > 0;

  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);

  const close = () => {
    setOpen(false);
    box.current?.querySelector("button")?.focus();
  };

  const press = (event: KeyboardEvent) => {
    // The stage and the transport have keys of their own for these.
    if (isOpen) event.stopPropagation();
    if (event.key === "Escape" && isOpen) close();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const choices = [...(box.current?.querySelectorAll<HTMLElement>("li button") ?? [])];
    const here = choices.indexOf(document.activeElement as HTMLElement);
    const step = event.key === "ArrowDown" ? 1 : -1;
    const start = here < 0 && step < 0 ? 0 : here;
    choices[(start + step + choices.length) % choices.length]?.focus();
    if (choices.length > 0) event.preventDefault();
  };

  const write = async (form: ExportForm) => {
    if (writing !== undefined) return;
    const name = runName ?? "run";
    setWriting(form);
    const file = await exportedFile(source.trace, name, form, () => isThere.current);
    if (!isThere.current) return;
    setWriting(undefined);
    if (file === undefined) return;
    save(fileNameOf(name, form), file);
    close();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and focus of the buttons within.
    <div
      ref={box}
      className={styles["export"]}
      onKeyDown={press}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) setOpen(false);
      }}
    >
      <IconButton
        label="Export the trace"
        disabled={!hasRun}
        aria-expanded={isOpen}
        aria-controls={list}
        onClick={() => setOpen(!isOpen)}
      >
        <Download aria-hidden="true" />
      </IconButton>
      <ul id={list} className={styles["list"]} hidden={!isOpen || !hasRun}>
        {EXPORT_FORMS.map((form) => (
          <li key={form.id}>
            <button
              type="button"
              className={styles["choice"]}
              aria-disabled={writing !== undefined}
              onClick={() => void write(form)}
            >
              <span>{form.label}</span>
              <span className={styles["hint"]}>
                {writing === form ? "is being written…" : form.hint}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <VisuallyHidden>
        <span role="status">{writing && `${writing.label} is being written`}</span>
      </VisuallyHidden>
    </div>
  );
}

function download(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken hold of the file by the time the click's own work is done.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
