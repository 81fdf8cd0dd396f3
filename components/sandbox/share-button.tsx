"use client";

import { Share2, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { secondsText } from "../playback/time-text.ts";
import { Button } from "../ui/button.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import styles from "./share-button.module.css";
import { encodeShare, type SharedRun } from "./share-link.ts";

interface ShareButtonProps {
  /** What is on the bench; with the moment at which the play-head stands when a run is shown. */
  what(): SharedRun;
  /** Names the finished run, and so what an opener can compare. */
  readonly runName: string | undefined;
}

/** What came of the last try to make a link. */
interface Made {
  readonly run: SharedRun;
  readonly withMoment: boolean;
  readonly address: string;
  readonly status: string;
}

/** Copies a link to what is on the bench, and shows it, for where the clipboard is refused. */
export function ShareButton({ what, runName }: ShareButtonProps) {
  const [made, setMade] = useState<Made>();
  const turn = useRef(0);
  const button = useRef<HTMLSpanElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const isOpen = made !== undefined;

  async function make(run: SharedRun, withMoment: boolean) {
    const mine = ++turn.current;
    const { momentUs: _, ...without } = run;
    const encoded = await encodeShare(withMoment ? run : without);
    if (mine !== turn.current) return;
    if (!encoded.ok) return setMade({ run, withMoment, address: "", status: encoded.message });
    const { origin, pathname } = window.location;
    const address = origin + pathname + encoded.fragment;
    const isCopied = await copy(address);
    if (mine !== turn.current) return;
    const length = `${address.length.toLocaleString("en-US")} characters.`;
    const status = isCopied
      ? `Copied: ${length}`
      : `Not copied, the browser refuses. Copy it from the field: ${length}`;
    setMade({ run, withMoment, address, status });
  }

  function close() {
    turn.current++;
    setMade(undefined);
    button.current?.querySelector("button")?.focus();
  }

  useEffect(() => {
    if (isOpen) field.current?.select();
  }, [isOpen]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    close();
  }

  return (
    <span className={styles["share"]} onKeyDown={onKeyDown} role="none" ref={button}>
      <Button
        className={styles["button"] ?? ""}
        icon={<Share2 aria-hidden />}
        aria-label="Share"
        title="Share: copy a link to this run"
        aria-expanded={isOpen}
        onClick={() => {
          if (isOpen) return close();
          const run = what();
          void make(run, run.momentUs !== undefined);
        }}
      >
        <span className={styles["word"]}>Share</span>
      </Button>
      {made && (
        <section className={styles["panel"]} aria-labelledby={`${id}-title`}>
          <div className={styles["head"]}>
            <h2 className={styles["title"]} id={`${id}-title`}>
              A link to this run
            </h2>
            <IconButton label="Close" onClick={close}>
              <X aria-hidden />
            </IconButton>
          </div>
          {made.address !== "" && (
            <input
              ref={field}
              className={styles["field"]}
              aria-label="The link"
              readOnly
              value={made.address}
              onFocus={({ currentTarget }) => currentTarget.select()}
            />
          )}
          <p className={styles["status"]} role="status">
            {made.status}
          </p>
          {made.run.momentUs !== undefined && (
            <label className={styles["moment"]}>
              <input
                type="checkbox"
                checked={made.withMoment}
                onChange={({ target }) => void make(made.run, target.checked)}
              />
              With this moment, {secondsText(made.run.momentUs)}
            </label>
          )}
          <p className={styles["note"]}>
            Code, scenario, seed and faults are in the link itself; no server is told.
            {runName !== undefined && <span className={styles["run-name"]}>{runName}</span>}
          </p>
        </section>
      )}
    </span>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
