"use client";

import { ChevronLeft, ChevronRight, Pause, Play } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import { IconButton } from "../ui/icon-button.tsx";
import type { Band } from "./band.ts";
import { type Playhead, SPEEDS } from "./playhead.ts";
import { pressKey } from "./playhead-keys.ts";
import { Scrubber } from "./scrubber.tsx";
import { secondsText, speedText } from "./time-text.ts";
import type { TraceSource } from "./trace-source.ts";
import styles from "./transport.module.css";
import { usePlayhead } from "./use-playhead.ts";

interface TransportProps {
  readonly source: TraceSource;
  readonly playhead: Playhead;
  readonly bands?: readonly Band[];
  /** Number in the trace of the process whose events Shift with an arrow steps through. */
  readonly selected?: number | undefined;
  /** Beside the speed: what else is done with the run. */
  readonly tools?: ReactNode;
}

const NO_BANDS: readonly Band[] = [];

/** Play, step, speed, time and scrubber: everything that moves the play-head. */
export function Transport({ source, playhead, bands = NO_BANDS, selected, tools }: TransportProps) {
  const now = usePlayhead(playhead);
  const hasRun = source.trace.rowCount > 0;
  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    // Buttons keep Space for themselves, the select and the slider their arrows.
    if (event.key === " " && target.tagName === "BUTTON") return;
    if (target.tagName === "SELECT" || target.role === "slider") {
      if (event.key !== " " || target.tagName === "SELECT") return;
    }
    if (pressKey(event, playhead, selected)) event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's.
    <div className={styles["transport"]} role="group" aria-label="Play-back" onKeyDown={press}>
      <div className={styles["bar"]}>
        <IconButton
          label={now.playing ? "Pause" : "Play"}
          disabled={!hasRun}
          className={styles["play"] ?? ""}
          onClick={() => playhead.toggle()}
        >
          {now.playing ? (
            <Pause aria-hidden="true" fill="currentColor" />
          ) : (
            <Play aria-hidden="true" fill="currentColor" />
          )}
        </IconButton>
        <IconButton
          label="Step back one event"
          disabled={!hasRun}
          onClick={() => playhead.stepEvent(-1)}
        >
          <ChevronLeft aria-hidden="true" />
        </IconButton>
        <IconButton
          label="Step forward one event"
          disabled={!hasRun}
          onClick={() => playhead.stepEvent(1)}
        >
          <ChevronRight aria-hidden="true" />
        </IconButton>
        <output className={styles["time"]} aria-label="Virtual time" aria-live="off">
          {secondsText(now.atUs)}
          <span className={styles["total"]}> of {now.horizonUs / 1_000_000} s</span>
        </output>
        {now.waiting && <span className={styles["waiting"]}>waiting for the run</span>}
        {tools !== undefined && <div className={styles["tools"]}>{tools}</div>}
        <label className={styles["speed"]}>
          <span className={styles["speedWord"]}>Speed</span>
          <select
            aria-label="Speed"
            value={String(nearest(now.speed))}
            onChange={(event) => playhead.setSpeed(Number(event.target.value))}
          >
            {SPEEDS.map((speed) => (
              <option key={speed} value={String(speed)}>
                {speedText(speed)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Scrubber source={source} playhead={playhead} bands={bands} />
    </div>
  );
}

function nearest(speed: number): number {
  return SPEEDS.reduce(
    (best, s) => (Math.abs(s - speed) < Math.abs(best - speed) ? s : best),
    SPEEDS[0] as number,
  );
}
