"use client";

import { Dices, ListChecks, Play, Square } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { Meter } from "../ui/meter.tsx";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import type { LabState } from "./lab.ts";
import styles from "./run-bar.module.css";

/** The largest seed that the field takes: nine digits can be read out in class. */
const SEED_MAX = 999_999_999;

interface RunBarProps {
  readonly state: LabState;
  /** Whether there is anything to check. */
  readonly hasChecks: boolean;
  readonly seed: number;
  onSeed(seed: number): void;
  onRun(): void;
  onCheck(): void;
  onStop(): void;
  /** What else is done with a run: Share. */
  readonly children?: ReactNode;
}

/** Run, Check, Stop, the seed, and what is going on: always at hand. */
export function RunBar({
  state,
  hasChecks,
  seed,
  onSeed,
  onRun,
  onCheck,
  onStop,
  children,
}: RunBarProps) {
  const isBusy = state.phase !== "idle";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's.
    <div className={styles["bar"]} role="group" aria-label="Run">
      {isBusy ? (
        <Button variant="primary" icon={<Square size={14} aria-hidden />} onClick={onStop}>
          Stop
        </Button>
      ) : (
        <Button
          variant="primary"
          icon={<Play size={14} aria-hidden />}
          onClick={onRun}
          title="Control or Command and Enter, from the editor"
        >
          Run
        </Button>
      )}
      {hasChecks && (
        <Button icon={<ListChecks size={15} aria-hidden />} onClick={onCheck} disabled={isBusy}>
          Check
        </Button>
      )}
      <label className={styles["seed"]}>
        <span>Seed</span>
        <input
          className={styles["field"]}
          type="text"
          inputMode="numeric"
          autoComplete="off"
          aria-label="Seed"
          value={seed}
          onChange={({ target }) => {
            const digits = target.value.replace(/\D/g, "").slice(0, 9);
            onSeed(Number(digits === "" ? 0 : digits));
          }}
        />
      </label>
      <IconButton
        label="Another seed"
        onClick={() => onSeed(1 + Math.floor(Math.random() * SEED_MAX))}
      >
        <Dices size={17} aria-hidden />
      </IconButton>
      {children}
      <Doing state={state} />
    </div>
  );
}

/** What is going on, in a few words, and how far a check has got. */
function Doing({ state: { phase, progress } }: { readonly state: LabState }) {
  const words =
    phase === "compiling"
      ? "Compiling"
      : phase === "running"
        ? "Running"
        : phase === "checking"
          ? "Checking"
          : "";
  return (
    <div className={styles["doing"]}>
      <span className={styles["words"]} aria-hidden>
        {progress === undefined ? words : `${progress.done} of ${progress.total} seeds`}
      </span>
      {progress !== undefined && (
        <Meter
          className={styles["progress"]}
          label="Seeds judged"
          value={progress.done}
          max={progress.total}
        />
      )}
      <VisuallyHidden>
        <span role="status">{words}</span>
      </VisuallyHidden>
    </div>
  );
}
