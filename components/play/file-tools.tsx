"use client";

import { Check, FilePlus2, PencilLine, Trash2, X } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import type { ExerciseFile } from "../editor/exercise-file.ts";
import { IconButton } from "../ui/icon-button.tsx";
import styles from "./file-tools.module.css";
import {
  CODE_FILES_MAX,
  codeOf,
  SCENARIO_FILE,
  whyNotNamed,
  withFile,
  withName,
  withoutFile,
} from "./project.ts";

interface FileToolsProps {
  readonly files: readonly ExerciseFile[];
  readonly active: string;
  /** The files after what was done, and the one to show. */
  onChange(files: readonly ExerciseFile[], active: string): void;
}

/** Adds, renames and deletes files. A name is asked for in place, and refused with the reason. */
export function FileTools({ files, active, onChange }: FileToolsProps) {
  const [asking, setAsking] = useState<"add" | "rename">();
  const [name, setName] = useState("");
  const [isTried, setIsTried] = useState(false);
  const tools = useRef<HTMLSpanElement>(null);
  const id = useId();
  const count = codeOf(files).length;
  const isCode = active !== SCENARIO_FILE;
  const why = whyNotNamed(name, files, asking === "rename" ? active : undefined);

  function ask(what: "add" | "rename") {
    setAsking(what);
    setName(what === "rename" ? active : "");
    setIsTried(false);
  }

  function close() {
    setAsking(undefined);
    tools.current?.querySelector("button")?.focus();
  }

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    setIsTried(true);
    if (why !== undefined) return;
    onChange(asking === "add" ? withFile(files, name) : withName(files, active, name), name);
    close();
  }

  if (asking !== undefined) {
    return (
      <form className={styles["form"]} onSubmit={onSubmit}>
        <input
          // biome-ignore lint/a11y/noAutofocus: the reader has just asked to name a file.
          autoFocus
          className={styles["name"]}
          aria-label={asking === "add" ? "Name of the new file" : `New name of ${active}`}
          aria-invalid={isTried && why !== undefined}
          aria-describedby={isTried && why !== undefined ? `${id}-why` : undefined}
          placeholder="shop.ts"
          value={name}
          maxLength={43}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => setName(target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") close();
          }}
        />
        <IconButton type="submit" label={asking === "add" ? "Add the file" : "Rename the file"}>
          <Check aria-hidden />
        </IconButton>
        <IconButton label="Leave it" onClick={close}>
          <X aria-hidden />
        </IconButton>
        {isTried && why !== undefined && (
          <p className={styles["why"]} id={`${id}-why`} role="alert">
            {why}
          </p>
        )}
      </form>
    );
  }
  return (
    <span className={styles["tools"]} ref={tools}>
      <IconButton
        label={count < CODE_FILES_MAX ? "Add a file" : `There are ${CODE_FILES_MAX} files, no more`}
        needsScript
        disabled={count >= CODE_FILES_MAX}
        onClick={() => ask("add")}
      >
        <FilePlus2 aria-hidden />
      </IconButton>
      <IconButton
        label={isCode ? `Rename ${active}` : "The scenario keeps its name"}
        needsScript
        disabled={!isCode}
        onClick={() => ask("rename")}
      >
        <PencilLine aria-hidden />
      </IconButton>
      <IconButton
        label={isCode ? `Delete ${active}` : "The scenario stays"}
        needsScript
        disabled={!isCode || count <= 1}
        onClick={() => {
          const rest = withoutFile(files, active);
          onChange(rest, rest[0]?.path ?? SCENARIO_FILE);
        }}
      >
        <Trash2 aria-hidden />
      </IconButton>
    </span>
  );
}
